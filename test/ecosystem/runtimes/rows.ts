/** The same checks in every runtime that the package is made for. */
import type { MatrixRow } from '../shared/run-matrix.js';
import { once, type Site } from '../shared/site.js';
import { installRuntime } from './install-runtime.js';
import { runRow } from './run-row.js';
import { RUNTIME_ROWS, type Runtime } from './runtimes.js';
import { prepareStage } from './stage.js';

export function runtimeRows(site: Site): MatrixRow[] {
  const stage = once(() => prepareStage(site));
  // Rows may share a runtime.
  const binaries = new Map<Runtime, () => Promise<string>>();
  return RUNTIME_ROWS.map((row) => {
    const binary = binaries.get(row.runtime) ?? once(() => installRuntime(row.runtime));
    binaries.set(row.runtime, binary);
    const run = async () => runRow(row, await binary(), await stage());
    const { name, place, runtime, version = runtime.version, slow } = row;
    const what = `every check: ${place}, ${version}`;
    return { name, what, run, ...(slow && { slow }) };
  });
}
