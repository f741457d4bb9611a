/** Compiles with one version of TypeScript in all the ways that a project may be set up. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [, , version] = process.argv;
const number = Number(version);
const manifest = createRequire(import.meta.url).resolve(`typescript-${version}/package.json`);
assert.ok(JSON.parse(readFileSync(manifest, 'utf8')).version.startsWith(`${version}.`));
const tsc = join(dirname(manifest), 'bin', 'tsc');

const NODENEXT = { module: 'nodenext' };
const NODE16 = { module: 'node16' };
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' };
const NODE10 = { module: 'commonjs', moduleResolution: 'node10' };

for (const name of ['login', 'testing']) copyFileSync(`${name}.mts`, `${name}.cts`);
const LOGIN = ['login.mts', 'login.cts'];
const TESTING = ['testing.mts', 'testing.cts'];
// Before, the class itself is what is narrowed to.
const NARROWING = number >= 5.3 ? ['narrowing.mts'] : [];

/** What the compiler says. */
function compile(resolution, lib, types, files) {
  const options = {
    ...resolution,
    target: 'es2022',
    lib: ['es2022', ...lib],
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const config = 'tsconfig.json';
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files }));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  console.log(`${JSON.stringify([resolution, lib, types])}: ${status}\n${stdout}`);
  return stdout;
}

const NODE = ['node'];
assert.equal(compile(NODENEXT, [], NODE, [...LOGIN, ...TESTING, ...NARROWING]), '');
assert.equal(compile(NODE16, ['dom'], [], [...LOGIN, ...NARROWING]), '');
assert.equal(compile(BUNDLER, [], ['@cloudflare/workers-types'], [...LOGIN, ...NARROWING]), '');
// 6 calls it deprecated, 7 has it no more.
if (number < 6) assert.equal(compile(NODE10, [], NODE, ['login.cts', 'testing.cts']), '');

// The testing tools in a project without @types/node, which older compilers have no library for.
if (number >= 5.2) assert.equal(compile(NODENEXT, ['dom', 'esnext.disposable'], [], TESTING), '');

// Without anything, two names are missing, and nothing else.
const said = compile(NODENEXT, [], [], ['nothing.mts']);
const missing = [...said.matchAll(/^.*: error (.*)$/gm)].map(([, error]) => error);
assert.deepEqual([...new Set(missing)].sort(), [
  "TS2304: Cannot find name 'AbortSignal'.",
  "TS2304: Cannot find name 'URL'.",
]);
