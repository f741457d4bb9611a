/**
 * What tools make of the packed package's errors: a search for secrets in what they print and send.
 *
 * `npm run test:secrets-in-tools` runs all rows; `npm run test:secrets-in-tools -- jest` those of a
 * name, or with a word in their names.
 */
import { runMatrix, selectRows } from '../shared/run-matrix.js';
import { temporaryFolder } from '../shared/temporary-folder.js';
import { ROWS } from './rows.js';
import { installTools } from './tools.js';

const selected = selectRows(ROWS, process.argv.slice(2));
const tools = await installTools(temporaryFolder());
const passed = await runMatrix(selected.map((row) => ({ ...row, run: () => row.run(tools) })));
process.exitCode = passed ? 0 : 1;
