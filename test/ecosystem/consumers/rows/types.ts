/** The declarations, through the compilers of customers. */
import { MSW, NODE_20_TYPES, NODE_24_TYPES, TYPESCRIPT } from '../packages.js';
import type { ConsumerRow } from '../row.js';

export const TYPES: readonly ConsumerRow[] = [
  ...compilerRows('5.3', ['nodenext']),
  ...compilerRows('5.9', ['nodenext', 'bundler', 'node10']),
  ...compilerRows('6', ['nodenext', 'bundler']),
  ...compilerRows('7', ['nodenext', 'bundler']),
  {
    name: 'typescript-5.9-msw-2.11',
    what: 'types of the MSW entry: nodenext, bundler and node10',
    install: { typescript: TYPESCRIPT['5.9'], msw: MSW['2.11'], ...NODE_20_TYPES },
    project: ['typescript', 'typescript-msw'],
    script: 'test-node10-too',
  },
  {
    name: 'typescript-6-msw-2.15',
    what: 'types of the MSW entry: nodenext and bundler',
    install: { typescript: TYPESCRIPT['6'], msw: MSW['2.15'], ...NODE_20_TYPES },
    project: ['typescript', 'typescript-msw'],
  },
  {
    name: 'typescript-7-msw-3',
    what: 'types of the MSW entry: nodenext and bundler',
    install: { typescript: TYPESCRIPT['7'], msw: MSW['3'], ...NODE_24_TYPES },
    project: ['typescript', 'typescript-msw'],
  },
];

type Compiler = keyof typeof TYPESCRIPT;
type Resolution = 'nodenext' | 'bundler' | 'node10';

function compilerRows(version: Compiler, resolutions: readonly Resolution[]): ConsumerRow[] {
  const types = version === '7' ? NODE_24_TYPES : NODE_20_TYPES;
  return resolutions.map((resolution) => ({
    name: `typescript-${version}-${resolution}`,
    what: 'types: strict, exact optional properties, library checked, .mts and .cts',
    install: { typescript: TYPESCRIPT[version], ...types },
    project: ['typescript'],
    script: resolution,
  }));
}
