/**
 * The long runs: `npm run test:soak`, or `npm run test:soak -- [--node 22] [load] [outage] [random]`.
 * Everything stays on loopback. Each part has a time limit, so that the whole ends.
 *
 * `load` runs on Node 20, 22 and 24, the rest on the Node that runs this; with `--node` all on that one.
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPackages } from '../ecosystem/shared/npm.js';
import { temporaryFolder } from '../ecosystem/shared/temporary-folder.js';
import type { Check } from './checks.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

const { values, positionals: wanted } = parseArgs({
  options: {
    node: { type: 'string' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    calls: { type: 'string', default: '200000' },
    cases: { type: 'string', default: '3000' },
  },
  allowPositionals: true,
});
const { seed, calls, cases } = values;
const LOAD_VERSIONS = ['20', '22', '24'];

let passed = 0;
let failed = 0;

function count({ passed: isGood }: Check): void {
  if (isGood) passed += 1;
  else failed += 1;
}

/** This Node, or the one of another version, from the package `node`. */
async function nodeOf(version: string | undefined): Promise<string> {
  if (version === undefined || process.versions.node.startsWith(`${version}.`)) {
    return process.execPath;
  }
  const folder = temporaryFolder();
  await installPackages(folder, { node: version });
  return join(folder, 'node_modules/node/bin/node');
}

/** Runs a script of this folder, which reports its checks. */
async function runScript(
  node: string,
  name: string,
  seconds: number,
  ...args: string[]
): Promise<void> {
  const child = fork(join(HERE, name), args, {
    execPath: node,
    execArgv: ['--import', 'tsx', '--expose-gc'],
    timeout: seconds * 1_000,
  });
  child.on('message', count);
  await ended(name, child);
}

/** Runs the random tests, each of which is one check. */
async function runRandomTests(node: string, seconds: number): Promise<void> {
  const child = spawn(node, [VITEST, 'run', '--config', join(HERE, 'vitest.config.ts')], {
    cwd: ROOT,
    env: { ...process.env, RANDOM_CASES: cases, RANDOM_SEED: seed },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: seconds * 1_000,
  });
  await ended('the random tests', child);
}

async function ended(name: string, child: ReturnType<typeof spawn>): Promise<void> {
  const status = await new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  count({ what: name, passed: status === 0 });
  if (status !== 0) console.log(`FAILED  ${name} ended with ${status}`);
}

type Part = (node: string) => Promise<void>;

const PARTS: Readonly<Record<string, Part>> = {
  load: (node) => runScript(node, 'load.ts', 240, calls, seed),
  outage: (node) => runScript(node, 'outage.ts', 150, seed),
  random: (node) => runRandomTests(node, 300),
};

console.log(`seed ${seed}`);
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const versions = values.node === undefined && name === 'load' ? LOAD_VERSIONS : [values.node];
  for (const version of versions) {
    const node = await nodeOf(version);
    console.log(`\n=== ${name}, Node ${execFileSync(node, ['--version'], { encoding: 'utf8' })}`);
    await run(node);
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
