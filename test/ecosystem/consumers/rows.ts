/** The packed package in small projects of its customers' kinds. */
import type { MatrixRow } from '../shared/run-matrix.js';
import type { Site } from '../shared/site.js';
import type { ConsumerRow } from './row.js';
import { BUNDLES } from './rows/bundles.js';
import { FRAMEWORKS } from './rows/frameworks.js';
import { MOCKS } from './rows/mocks.js';
import { MODULES } from './rows/modules.js';
import { NETWORKS } from './rows/networks.js';
import { TEST_RUNNERS } from './rows/test-runners.js';
import { TYPES } from './rows/types.js';
import { WATCHING } from './rows/watching.js';
import { Workshop } from './workshop.js';

const ROWS: readonly ConsumerRow[] = [
  ...MODULES,
  ...TEST_RUNNERS,
  ...MOCKS,
  ...TYPES,
  ...NETWORKS,
  ...WATCHING,
  ...BUNDLES,
  ...FRAMEWORKS,
];

export function consumerRows(site: Site): MatrixRow[] {
  const workshop = new Workshop(site);
  return ROWS.map((row) => ({
    ...row,
    run: async () => {
      await workshop.run(row);
      return undefined;
    },
  }));
}
