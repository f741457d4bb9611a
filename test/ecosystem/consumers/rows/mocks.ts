/** Tools that stand in for the platform in a customer's tests. */
import { MSW, NODE_24 } from '../packages.js';
import type { ConsumerRow } from '../row.js';
import { JEST, VITEST } from './test-runners.js';

/** The tools that need nothing of each other. */
const TOOLS = { nock: '14.0.17', undici: '7.30.2', 'fetch-mock': '12.6.0', sinon: '22.1.0' };

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
  {
    name: 'nock-14',
    what: 'nock 14: a code, a retry, a deadline, and what it was not told',
    install: TOOLS,
    project: ['mocks'],
    script: 'nock',
  },
  {
    name: 'undici-mock-agent',
    what: "undici 7's MockAgent, for the process and for one client",
    install: TOOLS,
    project: ['mocks'],
    script: 'undici',
  },
  {
    name: 'fetch-mock-12',
    what: 'fetch-mock 12, of the global fetch and for one client',
    install: TOOLS,
    project: ['mocks'],
    script: 'fetch-mock',
  },
  {
    name: 'node-test-mock-method',
    what: "node:test's mock.method of fetch; what it gives in place of a Response is named",
    install: {},
    project: ['mocks'],
    script: 'node-test',
  },
  {
    name: 'vitest-spy-on-fetch',
    what: "Vitest's vi.spyOn of fetch; what it gives in place of a Response is named",
    install: VITEST,
    project: ['mocks'],
    script: 'vitest',
  },
  {
    name: 'fake-timers-sinon',
    what: "sinon's default: the fake does not wait, the client does not hang",
    install: TOOLS,
    project: ['fake-timers'],
    script: 'sinon',
  },
  {
    name: 'fake-timers-node-test',
    what: "node:test's mock.timers: the fake does not wait, the client does not hang",
    install: {},
    project: ['fake-timers'],
    script: 'node-test',
  },
  {
    name: 'fake-timers-vitest',
    what: "Vitest's, its default and all: the fake does not wait, the client does not hang",
    install: VITEST,
    project: ['fake-timers'],
    script: 'vitest',
  },
  {
    name: 'fake-timers-jest',
    what: "Jest's modern ones: the fake does not wait, the client does not hang",
    install: JEST,
    project: ['fake-timers'],
    script: 'jest',
  },
];
