/** What the projects install besides this package: every version that a row names is pinned here. */
import type { Packages } from '../shared/npm.js';

const NODE_20_TYPES = { '@types/node': '20.19.43' };
const NODE_24_TYPES = { '@types/node': '24.19.2' };
/** Runs the scripts of the projects that have it; the others run on the Node of this process. */
const NODE_24 = { node: '24.21.0' };

const MSW = { '2.11': '2.11.0', '2.15': '2.15.0', '3': '3.0.5' } as const;
// From 5.3 on, instanceof of an error narrows to the union.
const TYPESCRIPT = { '5.3': '5.3.3', '5.9': '5.9.3', '6': '6.0.3', '7': '7.0.2' } as const;
const UNDICI = { '6': '6.29.1', '7': '7.30.2', '8': '8.12.4' } as const;

const JEST = {
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  '@types/jest': '30.0.0',
  'jest-environment-jsdom': '30.5.2',
  typescript: TYPESCRIPT['5.9'],
  ...NODE_20_TYPES,
};

/** The folders that packages are installed into, each shared by the rows that need no other. */
export const INSTALLS = {
  alone: {},
  jest: JEST,
  // The last one that Jest can load as CommonJS: from 2.11.3 on it depends on an ESM-only package.
  'jest-msw-2.11': { ...JEST, msw: '2.11.2' },
  vitest: { vitest: '4.1.12' },
  'msw-2.11': { msw: MSW['2.11'] },
  'msw-2.15': { msw: MSW['2.15'] },
  // It does not run on Node 20.
  'msw-3': { msw: MSW['3'], ...NODE_24 },
  'typescript-5.3': { typescript: TYPESCRIPT['5.3'], ...NODE_20_TYPES },
  'typescript-5.9': { typescript: TYPESCRIPT['5.9'], ...NODE_20_TYPES },
  'typescript-6': { typescript: TYPESCRIPT['6'], ...NODE_20_TYPES },
  'typescript-7': { typescript: TYPESCRIPT['7'], ...NODE_24_TYPES },
  'typescript-5.9-msw-2.11': {
    typescript: TYPESCRIPT['5.9'],
    msw: MSW['2.11'],
    ...NODE_20_TYPES,
  },
  'typescript-6-msw-2.15': { typescript: TYPESCRIPT['6'], msw: MSW['2.15'], ...NODE_20_TYPES },
  'typescript-7-msw-3': { typescript: TYPESCRIPT['7'], msw: MSW['3'], ...NODE_24_TYPES },
  'undici-6': { undici: UNDICI['6'], typescript: TYPESCRIPT['5.9'], ...NODE_20_TYPES },
  'undici-7': { undici: UNDICI['7'], typescript: TYPESCRIPT['6'], ...NODE_20_TYPES },
  // It does not run on Node 20.
  'undici-8': { undici: UNDICI['8'], typescript: TYPESCRIPT['7'], ...NODE_24_TYPES, ...NODE_24 },
  bundlers: {
    esbuild: '0.28.2',
    rollup: '4.68.7',
    '@rollup/plugin-node-resolve': '16.0.3',
    webpack: '5.112.2',
    jsdom: '26.1.0',
  },
} as const satisfies Record<string, Packages>;
