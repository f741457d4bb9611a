/** The same checks in every runtime that the package is made for. */
import type { MatrixRow } from '../shared/run-matrix.js';
import { once, type Site } from '../shared/site.js';
import { installRuntime } from './install-runtime.js';
import { runRow } from './run-row.js';
import { ROWS, type Row, type Runtime } from './runtimes.js';
import { prepareStage } from './stage.js';

export function runtimeRows(site: Site): MatrixRow[] {
  const stage = once(() => prepareStage(site));
  // Rows may share a runtime.
  const binaries = new Map<Runtime, () => Promise<string>>();
  return ROWS.map((row) => {
    const binary = binaries.get(row.runtime) ?? once(() => installRuntime(row.runtime));
    binaries.set(row.runtime, binary);
    const run = async () => runRow(row, await binary(), await stage());
    return { name: row.name, what: describe(row), run };
  });
}

function describe({ runtime, flag }: Row): string {
  return `every check in ${runtime.name} ${runtime.version}${flag ? `, ${flag}` : ''}`;
}
