/** The package inside of one file. */
import type { ConsumerRow } from '../row.js';

const BUNDLERS = {
  esbuild: '0.28.2',
  rollup: '4.68.7',
  '@rollup/plugin-node-resolve': '16.0.3',
  webpack: '5.112.2',
  jsdom: '26.1.0',
};

export const BUNDLES: readonly ConsumerRow[] = [
  {
    name: 'esbuild',
    what: 'a serverless function in one minified CommonJS file, alone in a folder, runs; frozen too',
    install: BUNDLERS,
    project: ['serverless'],
    script: 'esbuild',
  },
  {
    name: 'esbuild-esm',
    what: 'the same as an ESM file',
    install: BUNDLERS,
    project: ['serverless'],
    script: 'esbuild-esm',
  },
  {
    name: 'rollup',
    what: 'a serverless function in one ESM file, alone in a folder, runs',
    install: BUNDLERS,
    project: ['serverless'],
    script: 'rollup',
  },
  {
    name: 'webpack-browser',
    what: 'a bundle for the browser builds, and refuses to run there',
    install: BUNDLERS,
    project: ['webpack-browser'],
  },
];
