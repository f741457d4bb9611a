/**
 * The consumer matrix: the packed package in small projects of its customers' kinds.
 *
 * `npm run test:consumers` runs all rows; `npm run test:consumers -- jest` those of a name, or with
 * a word in their names; with `--keep`, the folder with the projects stays, to look into.
 */
import { parseArgs } from 'node:util';
import { runMatrix, selectRows } from '../shared/run-matrix.js';
import { temporaryFolder } from '../shared/temporary-folder.js';
import { ROWS } from './rows.js';
import { Workshop } from './workshop.js';

async function main(): Promise<boolean> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'boolean', default: false } },
  });
  const selected = selectRows(ROWS, positionals);
  const workshop = await Workshop.open(temporaryFolder(values));
  return runMatrix(selected.map((row) => ({ ...row, run: () => workshop.run(row) })));
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
