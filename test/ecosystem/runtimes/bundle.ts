/** The checks in one file, for runtimes that take no more. */
import { join } from 'node:path';
import { customerEnvironment } from '../shared/environment.js';
import { runCommand } from '../shared/run-command.js';

export interface BundleOptions {
  /** The folder with the checks and esbuild. */
  project: string;
  /** `iife` puts the functions into a global, `bundled`. */
  format: 'esm' | 'cjs' | 'iife';
  /** Without, npm's `assert` and `util` stand in for Node's. */
  hasNode: boolean;
  /** In place of the command line, where there is none. */
  arguments?: readonly string[];
  outfile: string;
}

const WITHOUT_NODE = [
  '--platform=browser',
  '--alias:node:assert/strict=./without-node/assert.mjs',
  '--alias:node:util=./without-node/util.mjs',
  // What these two ask for.
  '--define:process.env.NODE_DEBUG=undefined',
  '--define:process.noDeprecation=true',
  '--define:process.stderr=undefined',
  // They only look whether it is there; Next.js builds no edge route with it.
  '--define:eval=undefined',
];
const WITH_NODE = ['--platform=neutral', '--external:node:*'];

export async function bundle(entry: string, options: BundleOptions): Promise<void> {
  const { project, format, hasNode, outfile } = options;
  const argv = options.arguments && JSON.stringify(['', '', ...options.arguments]);
  const args = [
    join(project, 'node_modules/esbuild/bin/esbuild'),
    entry,
    '--bundle',
    '--log-level=warning',
    `--format=${format}`,
    ...(format === 'iife' ? ['--global-name=bundled'] : []),
    ...(hasNode ? WITH_NODE : WITHOUT_NODE),
    ...(argv === undefined ? [] : [`--define:process.argv=${argv}`]),
    `--outfile=${outfile}`,
  ];
  const env = customerEnvironment();
  await runCommand(process.execPath, args, { cwd: project, env, timeLimit: 60_000 });
}
