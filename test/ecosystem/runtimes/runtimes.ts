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
  /** For a reader of the table; rows of one place differ in the version. */
  place: string;
  runtime: Runtime;
  /** Of the place, where it is not the runtime's. */
  version?: string;
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

export const RUNTIME_ROWS: readonly Row[] = [
  nodeRow('node-20.19', node20_19),
  nodeRow('node-20', node20),
  nodeRow('node-22', node22),
  nodeRow('node-24', node24),
  nodeRow('node-26', node26),
  {
    name: 'bun',
    place: 'Bun; with a private CA',
    runtime: BUN,
    start: asFile('--no-install'),
    also: ['tls'],
  },
  {
    name: 'deno',
    place: 'Deno with `--allow-net --allow-read`; with a private CA',
    runtime: deno,
    start: inDeno,
    also: ['tls'],
  },
  workerdRow('workerd', '2026-07-01'),
  workerdRow('workerd-nodejs', '2026-11-17', 'nodejs_compat'),
  // Before, ky cannot be loaded for want of a ReadableStream: no retries, no hedges.
  workerdRow('workerd-2022', '2022-11-30'),
  {
    name: 'edge-runtime',
    place: "Vercel's `edge-runtime`",
    runtime: node24,
    version: TOOLS['edge-runtime'],
    start: inEdgeRuntime,
    agent: NO_VERSION,
    // It has no AbortSignal.any, without which ky does not clear the timer of a wait.
    keepsTimers: true,
  },
  {
    name: 'nextjs-16-edge',
    place: "Next.js, a route with `runtime = 'edge'`",
    runtime: node24,
    version: NEXT_16.next,
    start: inNextEdgeRoute(NEXT_16),
    agent: NO_VERSION,
    isServer: true,
    slow: true,
  },
  ...[node20, node24].map((runtime) => ({
    name: `${nameOf(runtime)}-worker-thread`,
    place: 'Node, inside a worker thread',
    runtime,
    start: inWorkerThread,
  })),
  ...[node20, node22, node24, node26].map((runtime): Row => {
    const row = {
      name: `${nameOf(runtime)}-single-executable`,
      place: 'Node as a single executable',
      runtime,
      start: asSingleExecutable(majorOf(runtime)),
    };
    // They are built as Node 20's.
    return runtime === node22 || runtime === node24 ? { ...row, slow: true } : row;
  }),
  // Networks are free under Node's permission model up to 24.
  permissionRow(node20, '--experimental-permission'),
  permissionRow(node24, '--permission'),
  permissionRow(node26, '--permission', '--allow-net'),
  ...[node20, node24].flatMap((runtime): Row[] => [
    {
      name: `${nameOf(runtime)}-frozen-intrinsics`,
      place: 'Node with `--frozen-intrinsics`',
      runtime,
      start: asFile('--frozen-intrinsics'),
      flag: 'frozen-intrinsics',
    },
    {
      name: `${nameOf(runtime)}-no-code-generation`,
      place: 'Node with `--disallow-code-generation-from-strings`',
      runtime,
      start: asFile(),
      environment: NO_CODE_GENERATION,
      flag: 'no-code-generation',
    },
  ]),
];

function majorOf({ version }: Runtime): number {
  return Number.parseInt(version, 10);
}

function nameOf(runtime: Runtime): string {
  return `${runtime.name}-${majorOf(runtime)}`;
}

function nodeRow(name: string, runtime: Runtime): Row {
  const place = 'Node; with a private CA, behind a proxy, beside worker threads';
  return { name, place, runtime, start: asFile(), also: NODE_ALSO };
}

function permissionRow(runtime: Runtime, ...flags: readonly string[]): Row {
  return {
    name: `${nameOf(runtime)}-permission`,
    place: 'Node with `--permission`, network only',
    runtime,
    start: asFileWithPermissions(...flags),
    flag: 'permission',
  };
}

/** What a Worker can do depends on its compatibility date; with Node's modules, it calls itself Node. */
function workerdRow(name: string, date: string, flag?: 'nodejs_compat'): Row {
  return {
    name,
    place: `Cloudflare's workerd ${workerd.version}, at a compatibility date`,
    runtime: workerd,
    version: flag === undefined ? date : `${date} with \`${flag}\``,
    start: inWorkerd(date, ...(flag === undefined ? [] : [flag])),
    agent: flag === undefined ? NO_VERSION : ' node/\\S+',
  };
}
