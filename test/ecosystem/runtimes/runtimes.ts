/**
 * What is run, on which versions: the one place to change when a runtime has a new one. Those of
 * Node are in a file of their own, which `npm run test:nodes` reads too.
 */
import NODE_VERSIONS from './node-versions.json';
import {
  asFile,
  asFileWithPermissions,
  asSingleExecutable,
  inDeno,
  inEdgeRuntime,
  inNextEdgeRoute,
  inWorkerd,
  inWorkerThread,
  type Start,
} from './start.js';

/**
 * npm serves every runtime as a package of its own for each platform, with the binary in it: those
 * that `node`, `bun` and `deno` depend on or install. All are there for Linux; for macOS, npm lacks
 * some versions of Node.
 */
const { platform, arch } = process;
const NODE = `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${arch}`;
const BUN_PACKAGE = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`;
const DENO = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;

const WORKERD = `@cloudflare/workerd-${platform === 'win32' ? 'windows' : platform}-${arch === 'x64' ? '64' : arch}`;

/** What the scripts import, and what brings them into a runtime. */
export const TOOLS = {
  // For the proxy checks; the newest major that runs on every Node here.
  undici: '7.30.2',
  esbuild: '0.28.2',
  // Where there is no Node.
  assert: '2.1.0',
  util: '0.12.5',
  'edge-runtime': '4.0.1',
  postject: '1.0.0-alpha.6',
};

export interface Runtime {
  name: 'node' | 'bun' | 'deno' | 'workerd';
  version: string;
  npmPackage: string;
  /** Where it differs from the version. */
  npmVersion?: string;
  /** The binary's path in the package. */
  binary: string;
}

export interface Row {
  name: string;
  runtime: Runtime;
  start: Start;
  environment?: Readonly<Record<string, string>>;
  /** Only run when it is asked for. */
  slow?: true;
  /** The flag that the row is about; see `conformance/flags.mjs`. */
  flag?: 'permission' | 'frozen-intrinsics' | 'no-code-generation';
  /** Beside the checks that every row runs. */
  also?: readonly ('tls' | 'proxy' | 'threads')[];
  /** A server does not end by itself, and hides what a route throws. */
  isServer?: true;
  /** An aborted wait keeps the process until it is over. */
  keepsTimers?: true;
  /** The end of the client's user agent, a regular expression; else the runtime and its version. */
  agent?: string;
}

function node(version: string): Runtime {
  return { name: 'node', version, npmPackage: NODE, binary: 'bin/node' };
}

/** The lowest that is supported. */
const node20_19 = node(NODE_VERSIONS['20.19']);
const node20 = node(NODE_VERSIONS['20']);
const node22 = node(NODE_VERSIONS['22']);
const node24 = node(NODE_VERSIONS['24']);
const node26 = node(NODE_VERSIONS['26']);
export const BUN: Runtime = {
  name: 'bun',
  version: '1.4.5',
  npmPackage: BUN_PACKAGE,
  binary: 'bin/bun',
};
const deno: Runtime = { name: 'deno', version: '2.9.6', npmPackage: DENO, binary: 'deno' };
const workerd: Runtime = {
  name: 'workerd',
  version: '2026-11-17',
  npmPackage: WORKERD,
  npmVersion: '1.20261117.1',
  binary: 'bin/workerd',
};

const NODE_ALSO = ['tls', 'proxy', 'threads'] as const;
const NO_CODE_GENERATION = { NODE_OPTIONS: '--disallow-code-generation-from-strings' };
const NEXT_16 = { next: '16.4.6', react: '19.2.0', 'react-dom': '19.2.0' };
const NO_VERSION = '';

export const ROWS: readonly Row[] = [
  { name: 'node-20.19', runtime: node20_19, start: asFile(), also: NODE_ALSO },
  { name: 'node-20', runtime: node20, start: asFile(), also: NODE_ALSO },
  { name: 'node-22', runtime: node22, start: asFile(), also: NODE_ALSO },
  { name: 'node-24', runtime: node24, start: asFile(), also: NODE_ALSO },
  { name: 'node-26', runtime: node26, start: asFile(), also: NODE_ALSO },
  { name: 'bun', runtime: BUN, start: asFile('--no-install'), also: ['tls'] },
  { name: 'deno', runtime: deno, start: inDeno, also: ['tls'] },
  // The newest behaviour brings Node's modules. Without them, and as old as may be.
  {
    name: 'workerd',
    runtime: workerd,
    start: inWorkerd('2026-07-01'),
    agent: NO_VERSION,
  },
  {
    name: 'workerd-nodejs',
    runtime: workerd,
    start: inWorkerd('2026-11-17', 'nodejs_compat'),
    // It calls itself Node.
    agent: ' node/\\S+',
  },
  {
    name: 'workerd-2022',
    runtime: workerd,
    // Before, ky cannot be loaded for want of a ReadableStream: no retries, no hedges.
    start: inWorkerd('2022-11-30'),
    agent: NO_VERSION,
  },
  {
    name: 'edge-runtime',
    runtime: node24,
    start: inEdgeRuntime,
    agent: NO_VERSION,
    // It has no AbortSignal.any, without which ky does not clear the timer of a wait.
    keepsTimers: true,
  },
  {
    name: 'nextjs-16-edge',
    runtime: node24,
    start: inNextEdgeRoute(NEXT_16),
    agent: NO_VERSION,
    isServer: true,
    slow: true,
  },
  { name: 'node-20-worker-thread', runtime: node20, start: inWorkerThread },
  { name: 'node-24-worker-thread', runtime: node24, start: inWorkerThread },
  ...[node20, node22, node24, node26].map((runtime): Row => {
    const major = Number.parseInt(runtime.version, 10);
    const name = `node-${major}-single-executable`;
    const row = { name, runtime, start: asSingleExecutable(major) };
    // They are built as Node 20's.
    return runtime === node22 || runtime === node24 ? { ...row, slow: true } : row;
  }),
  // Networks are free under Node's permission model up to 24.
  {
    name: 'node-20-permission',
    runtime: node20,
    start: asFileWithPermissions('--experimental-permission'),
    flag: 'permission',
  },
  {
    name: 'node-24-permission',
    runtime: node24,
    start: asFileWithPermissions('--permission'),
    flag: 'permission',
  },
  {
    name: 'node-26-permission',
    runtime: node26,
    start: asFileWithPermissions('--permission', '--allow-net'),
    flag: 'permission',
  },
  ...[node20, node24].flatMap((runtime): Row[] => {
    const name = `node-${Number.parseInt(runtime.version, 10)}`;
    return [
      {
        name: `${name}-frozen-intrinsics`,
        runtime,
        start: asFile('--frozen-intrinsics'),
        flag: 'frozen-intrinsics',
      },
      {
        name: `${name}-no-code-generation`,
        runtime,
        start: asFile(),
        environment: NO_CODE_GENERATION,
        flag: 'no-code-generation',
      },
    ];
  }),
];
