/** Tools that stand in for the platform in a customer's tests. */
import { MSW, NODE_24 } from '../packages.js';
import type { ConsumerRow } from '../row.js';

export const MOCKS: readonly ConsumerRow[] = [
  {
    name: 'msw-2.11',
    what: 'MSW 2.11 handlers, import and require()',
    install: { msw: MSW['2.11'] },
    project: ['javascript-login', 'msw'],
  },
  {
    name: 'msw-2.15',
    what: 'MSW 2.15 handlers, import and require()',
    install: { msw: MSW['2.15'] },
    project: ['javascript-login', 'msw'],
  },
  {
    name: 'msw-3',
    what: 'MSW 3 handlers on Node 24, import and require()',
    // It does not run on Node 20.
    install: { msw: MSW['3'], ...NODE_24 },
    project: ['javascript-login', 'msw'],
  },
];
