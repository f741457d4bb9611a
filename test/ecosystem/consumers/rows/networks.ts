/** Ways to the platform other than a direct connection. */
import { NODE_20_TYPES, NODE_24, NODE_24_TYPES, TYPESCRIPT } from '../packages.js';
import type { ConsumerRow } from '../row.js';

export const NETWORKS: readonly ConsumerRow[] = [
  {
    name: 'undici-6',
    what: "undici's fetch with an Agent or a ProxyAgent: types (TypeScript 5.9) and a call",
    install: { undici: '6.29.1', typescript: TYPESCRIPT['5.9'], ...NODE_20_TYPES },
    project: ['undici'],
  },
  {
    name: 'undici-7',
    what: "undici's fetch with an Agent or a ProxyAgent: types (TypeScript 6) and a call",
    install: { undici: '7.30.2', typescript: TYPESCRIPT['6'], ...NODE_20_TYPES },
    project: ['undici'],
  },
  {
    name: 'undici-8',
    what: "undici's fetch with an Agent or a ProxyAgent: types (TypeScript 7), a call on Node 24",
    // It does not run on Node 20.
    install: { undici: '8.12.4', typescript: TYPESCRIPT['7'], ...NODE_24_TYPES, ...NODE_24 },
    project: ['undici'],
  },
];
