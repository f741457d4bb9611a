/** The declarations, through the compilers of customers. */
import { MSW, NODE_20_TYPES, NODE_24_TYPES, TYPESCRIPT } from '../packages.js';
import type { ConsumerRow } from '../row.js';

const PLACES = { ...NODE_20_TYPES, '@cloudflare/workers-types': '5.20261117.1' };
/** The oldest that is supported, the last 5, and the newest. */
const FIRST = { '5.0': '5.0.4', '5.9': '5.9.3', '7': '7.0.2' };
const BETWEEN = { '5.2': '5.2.2', '5.3': '5.3.3', '5.5': '5.5.4', '5.7': '5.7.3', '6': '6.0.3' };

export const TYPES: readonly ConsumerRow[] = [
  ...placesRows(FIRST),
  ...placesRows(BETWEEN).map((row) => ({ ...row, slow: true as const })),
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

/** One installation for all of them: each compiler has a name of its own there. */
function placesRows(versions: Readonly<Record<string, string>>): ConsumerRow[] {
  const compilers = Object.entries(versions).map(([name, version]) => [
    `typescript-${name}`,
    `npm:typescript@${version}`,
  ]);
  return Object.keys(versions).map((name) => ({
    name: `typescript-${name}-places`,
    what: "types with Node's, DOM's and Workers' names, or none; four ways to find modules",
    install: { ...Object.fromEntries(compilers), ...PLACES },
    project: ['typescript-places'],
    script: name,
  }));
}

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
