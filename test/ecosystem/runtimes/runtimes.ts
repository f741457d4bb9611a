/**
 * What is run, on which versions: the one place to change when a runtime has a new one. Those of
 * Node are in a file of their own, which `npm run test:nodes` reads too.
 */
import NODE_VERSIONS from './node-versions.json';

/**
 * npm serves every runtime as a package of its own for each platform, with the binary in it: those
 * that `node`, `bun` and `deno` depend on or install. All are there for Linux; for macOS, npm lacks
 * some versions of Node.
 */
const { platform, arch } = process;
const NODE = `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${arch}`;
const BUN = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`;
const DENO = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;

/** For the proxy checks; the newest major that runs on every Node here. */
export const UNDICI = '7.30.2';

export interface Runtime {
  /** As in the client's user agent. */
  name: 'node' | 'bun' | 'deno';
  version: string;
  npmPackage: string;
  /** The binary's path in the package. */
  binary: string;
}

/** What of this machine a row's arguments depend on. */
interface Place {
  /** The folder with the checks, the package and its dependencies. */
  project: string;
}

export interface Row {
  name: string;
  runtime: Runtime;
  /** Arguments before the script. */
  args: (place: Place) => string[];
  environment?: Readonly<Record<string, string>>;
  /** The flag that the row is about; see `conformance/flags.mjs`. */
  flag?: 'permission' | 'frozen-intrinsics' | 'no-code-generation';
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
const bun: Runtime = { name: 'bun', version: '1.4.5', npmPackage: BUN, binary: 'bin/bun' };
const deno: Runtime = { name: 'deno', version: '2.9.6', npmPackage: DENO, binary: 'deno' };

const none = () => [];

/** Network and the package: nothing else may be read, written or started. */
const permission =
  (...flags: string[]) =>
  ({ project }: Place) => [...flags, `--allow-fs-read=${project}/*`];

const NO_CODE_GENERATION = { NODE_OPTIONS: '--disallow-code-generation-from-strings' };

export const ROWS: readonly Row[] = [
  { name: 'node-20.19', runtime: node20_19, args: none },
  { name: 'node-20', runtime: node20, args: none },
  { name: 'node-22', runtime: node22, args: none },
  { name: 'node-24', runtime: node24, args: none },
  { name: 'node-26', runtime: node26, args: none },
  { name: 'bun', runtime: bun, args: () => ['--no-install'] },
  {
    name: 'deno',
    runtime: deno,
    // Without the environment: then the client asks for nothing but the network.
    args: ({ project }) => ['run', '--no-prompt', '--allow-net', `--allow-read=${project}`],
  },
  // Networks are free under Node's permission model up to 24.
  {
    name: 'node-20-permission',
    runtime: node20,
    args: permission('--experimental-permission'),
    flag: 'permission',
  },
  {
    name: 'node-24-permission',
    runtime: node24,
    args: permission('--permission'),
    flag: 'permission',
  },
  {
    name: 'node-26-permission',
    runtime: node26,
    args: permission('--permission', '--allow-net'),
    flag: 'permission',
  },
  ...[node20, node24].flatMap((runtime): Row[] => {
    const name = `node-${Number.parseInt(runtime.version, 10)}`;
    return [
      {
        name: `${name}-frozen-intrinsics`,
        runtime,
        args: () => ['--frozen-intrinsics'],
        flag: 'frozen-intrinsics',
      },
      {
        name: `${name}-no-code-generation`,
        runtime,
        args: none,
        environment: NO_CODE_GENERATION,
        flag: 'no-code-generation',
      },
    ];
  }),
];
