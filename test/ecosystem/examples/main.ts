/**
 * The examples against the package as it is packed. Each folder is copied out alone, installed,
 * built, tested by its own test, and then asked over HTTP with the emulator as the platform.
 *
 * `npm run test:examples` runs all; `-- hono express` those with a word in their name. With
 * `--keep`, the folder with the copies stays, to look into.
 */
import { parseArgs } from 'node:util';
import { runMatrix, selectRows } from '../shared/run-matrix.js';
import { Site } from '../shared/site.js';
import { exampleRows } from './rows.js';

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'boolean', default: false } },
  });
  const site = new Site(values);
  const selected = selectRows(exampleRows(site), positionals);
  await site.tarball();
  process.exitCode = (await runMatrix(selected)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
