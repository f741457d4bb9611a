/** Ways to the platform other than a direct connection. */
import type { Packages } from '../../shared/npm.js';
import { NODE_20_TYPES, NODE_24, NODE_24_TYPES, TYPESCRIPT } from '../packages.js';
import type { ConsumerRow } from '../row.js';

/** What the network is made of: proxies' clients, and certificates of an authority of its own. */
const NETWORK = { undici: '7.30.2', mkcert: '3.2.0' };
const NODE_22 = { node: '22.23.3' };

/** Linux has its certificates in files. Other systems have stores, which a test must not touch. */
const SYSTEM_CA =
  process.platform === 'linux'
    ? onNewerNodes('system-ca', 'an authority that the system knows, with --use-system-ca')
    : [];

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
  network(
    'private-ca',
    'a certificate of a private authority, with NODE_EXTRA_CA_CERTS and without',
  ),
  network('ipv6', 'a platform that only IPv6 reaches, by its address and by a name'),
  network(
    'two-addresses',
    'a name with two addresses of which one is dead: one attempt reaches it',
  ),
  network(
    'proxy-agents',
    "undici's proxies; those that refuse, are down or silent; no key in clear",
  ),
  ...onNewerNodes('env-proxy', 'NODE_USE_ENV_PROXY=1: the same, with NO_PROXY, by the environment'),
  ...SYSTEM_CA,
];

function network(script: string, what: string, install: Packages = NETWORK): ConsumerRow {
  return { name: script, what, install, project: ['networks'], script };
}

/** What Node 20 does not have yet. */
function onNewerNodes(script: string, what: string): ConsumerRow[] {
  return Object.entries({ 22: NODE_22, 24: NODE_24 }).map(([version, node]) => ({
    ...network(script, what, { ...NETWORK, ...node }),
    name: `${script}-node-${version}`,
  }));
}
