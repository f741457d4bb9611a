/** The rows of the consumer matrix: a project of `projects/`, where it is installed, its script. */
import type { INSTALLS } from './packages.js';

export interface ConsumerRow {
  name: string;
  what: string;
  /** What is installed; `two-versions` and `production` are special, see `workshop.ts`. */
  install: keyof typeof INSTALLS | 'two-versions' | 'production';
  /** Folders below `projects`, copied into one; a later one's files replace an earlier one's. */
  project: readonly string[];
  /** The script of the project's package.json; `test` when it is left out. */
  script?: string;
}

export const ROWS: readonly ConsumerRow[] = [
  {
    name: 'commonjs',
    what: 'require() of the library and of its testing entry',
    install: 'alone',
    project: ['commonjs'],
  },
  {
    name: 'esm',
    what: 'import of the library and of its testing entry',
    install: 'alone',
    project: ['esm'],
  },
  {
    name: 'both-copies',
    what: 'import and require() in one process: errors are recognised across the copies',
    install: 'alone',
    project: ['recognition', 'both-copies'],
  },
  {
    name: 'two-versions',
    what: 'two installed versions in one process: errors are recognised across them',
    install: 'two-versions',
    project: ['recognition', 'two-versions'],
  },
  {
    name: 'command-line',
    what: 'npx sentiance-user-link --version',
    install: 'alone',
    project: ['command-line'],
  },
  {
    name: 'production',
    what: 'npm install --omit=dev leaves one package',
    install: 'production',
    project: ['production'],
  },
  {
    name: 'jest',
    what: 'Jest 30, ts-jest to CommonJS: the fake and the emulator',
    install: 'jest',
    project: ['typescript-login', 'jest'],
  },
  {
    name: 'jest-jsdom',
    what: 'Jest 30 in jsdom: the client refuses, and says what to do',
    install: 'jest',
    project: ['jest-jsdom'],
  },
  {
    name: 'jest-msw-2.11',
    what: 'Jest 30, ts-jest to CommonJS: the MSW handlers, on the last MSW that loads there',
    install: 'jest-msw-2.11',
    project: ['typescript-login', 'jest', 'jest-msw'],
  },
  {
    name: 'vitest',
    what: 'Vitest 4, ESM: the fake and the emulator',
    install: 'vitest',
    project: ['typescript-login', 'vitest'],
  },
  {
    name: 'node-test',
    what: 'node:test, ESM: the fake and the emulator',
    install: 'alone',
    project: ['javascript-login', 'node-test'],
  },
  {
    name: 'msw-2.11',
    what: 'MSW 2.11 handlers, import and require()',
    install: 'msw-2.11',
    project: ['javascript-login', 'msw'],
  },
  {
    name: 'msw-2.15',
    what: 'MSW 2.15 handlers, import and require()',
    install: 'msw-2.15',
    project: ['javascript-login', 'msw'],
  },
  {
    name: 'msw-3',
    what: 'MSW 3 handlers on Node 24, import and require()',
    install: 'msw-3',
    project: ['javascript-login', 'msw'],
  },
  ...compilerRows('5.3', ['nodenext']),
  ...compilerRows('5.9', ['nodenext', 'bundler', 'node10']),
  ...compilerRows('6', ['nodenext', 'bundler']),
  ...compilerRows('7', ['nodenext', 'bundler']),
  {
    name: 'typescript-5.9-msw-2.11',
    what: 'types of the MSW entry: nodenext, bundler and node10',
    install: 'typescript-5.9-msw-2.11',
    project: ['typescript', 'typescript-msw'],
    script: 'test-node10-too',
  },
  {
    name: 'typescript-6-msw-2.15',
    what: 'types of the MSW entry: nodenext and bundler',
    install: 'typescript-6-msw-2.15',
    project: ['typescript', 'typescript-msw'],
  },
  {
    name: 'typescript-7-msw-3',
    what: 'types of the MSW entry: nodenext and bundler',
    install: 'typescript-7-msw-3',
    project: ['typescript', 'typescript-msw'],
  },
  {
    name: 'undici-6',
    what: "undici's fetch with an Agent or a ProxyAgent: types (TypeScript 5.9) and a call",
    install: 'undici-6',
    project: ['undici'],
  },
  {
    name: 'undici-7',
    what: "undici's fetch with an Agent or a ProxyAgent: types (TypeScript 6) and a call",
    install: 'undici-7',
    project: ['undici'],
  },
  {
    name: 'undici-8',
    what: "undici's fetch with an Agent or a ProxyAgent: types (TypeScript 7), a call on Node 24",
    install: 'undici-8',
    project: ['undici'],
  },
  {
    name: 'esbuild',
    what: 'a serverless function in one minified CommonJS file, alone in a folder, runs',
    install: 'bundlers',
    project: ['serverless'],
    script: 'esbuild',
  },
  {
    name: 'rollup',
    what: 'a serverless function in one ESM file, alone in a folder, runs',
    install: 'bundlers',
    project: ['serverless'],
    script: 'rollup',
  },
  {
    name: 'webpack-browser',
    what: 'a bundle for the browser builds, and refuses to run there',
    install: 'bundlers',
    project: ['webpack-browser'],
  },
];

type Compiler = '5.3' | '5.9' | '6' | '7';
type Resolution = 'nodenext' | 'bundler' | 'node10';

function compilerRows(version: Compiler, resolutions: readonly Resolution[]): ConsumerRow[] {
  return resolutions.map((resolution) => ({
    name: `typescript-${version}-${resolution}`,
    what: 'types: strict, exact optional properties, library checked, .mts and .cts',
    install: `typescript-${version}`,
    project: ['typescript'],
    script: resolution,
  }));
}
