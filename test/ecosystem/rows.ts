/** The rows of all kinds, in the order of the tables. */
import { consumerRows } from './consumers/rows.js';
import { packageManagerRows } from './package-managers/rows.js';
import { runtimeRows } from './runtimes/rows.js';
import { secretsRows } from './secrets/rows.js';
import type { MatrixRow } from './shared/run-matrix.js';
import type { Site } from './shared/site.js';

export function allRows(site: Site): MatrixRow[] {
  return [
    ...runtimeRows(site),
    ...packageManagerRows(site),
    ...consumerRows(site),
    ...secretsRows(site),
  ];
}
