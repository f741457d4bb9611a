/** A login handler and its tests with the fake and the emulator, in each test runner. */
import { NODE_20_TYPES, TYPESCRIPT } from '../packages.js';
import type { ConsumerRow } from '../row.js';

export const JEST = {
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  '@types/jest': '30.0.0',
  'jest-environment-jsdom': '30.5.2',
  typescript: TYPESCRIPT['5.9'],
  ...NODE_20_TYPES,
};

export const VITEST = { vitest: '4.1.12' };

export const TEST_RUNNERS: readonly ConsumerRow[] = [
  {
    name: 'jest',
    what: 'Jest 30, ts-jest to CommonJS: the fake and the emulator',
    install: JEST,
    project: ['typescript-login', 'jest'],
  },
  {
    name: 'jest-readme',
    what: "Jest 30, CommonJS: README's login and its test, where a module makes the client",
    install: JEST,
    project: ['jest-readme'],
  },
  {
    name: 'jest-jsdom',
    what: 'Jest 30 in jsdom: the client refuses, and says what to do; the fake works',
    install: JEST,
    project: ['jest-jsdom'],
  },
  {
    name: 'jest-msw-2.11',
    what: 'Jest 30, ts-jest to CommonJS: the MSW handlers, on the last MSW that loads there',
    // From 2.11.3 on, MSW depends on an ESM-only package, which Jest cannot load as CommonJS.
    install: { ...JEST, msw: '2.11.2' },
    project: ['typescript-login', 'jest', 'jest-msw'],
  },
  {
    name: 'vitest',
    what: 'Vitest 4, ESM: the fake and the emulator',
    install: VITEST,
    project: ['typescript-login', 'vitest'],
  },
  {
    name: 'node-test',
    what: 'node:test, ESM: the fake and the emulator',
    install: {},
    project: ['javascript-login', 'node-test'],
  },
];
