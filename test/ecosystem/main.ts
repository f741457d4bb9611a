/**
 * What the package does in the places where it is used: the packed tarball, one row a place.
 *
 * `npm run test:ecosystem` runs the rows that need less than a minute; `-- all` runs all of them;
 * `-- jest bun` those of a name, or with a word in their names. With `--keep`, the folder with the
 * projects stays, to look into.
 */
import { parseArgs } from 'node:util';
import { allRows } from './rows.js';
import { runMatrix, selectRows } from './shared/run-matrix.js';
import { Site } from './shared/site.js';

async function main(): Promise<boolean> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'boolean', default: false } },
  });
  const site = new Site(values);
  const selected = selectRows(allRows(site), positionals);
  await site.tarball();
  return runMatrix(selected);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
