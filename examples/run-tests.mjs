/**
 * Runs the examples against the package as it is published: packs it, installs the examples'
 * frameworks and the packed package, compiles, and tests each example over HTTP.
 * Needs the registry for `npm ci`, the first time; the tests themselves stay on this machine.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('.', import.meta.url));
const root = join(examples, '..');
const modules = join(examples, 'node_modules');

const counts = { passed: 0, failed: 0 };
try {
  installFrameworks();
  installPackage();
  compile();
  await test();
} catch (error) {
  counts.failed += 1;
  console.error(error instanceof Error ? error.message : error);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

/** As the lock file says, unless that is what is installed. */
function installFrameworks() {
  const installed = join(modules, '.installed-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(examples, 'package-lock.json')))
    .digest('hex');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  step('npm ci');
  npm(examples, 'ci', '--ignore-scripts');
  writeFileSync(installed, lock);
}

function installPackage() {
  step('npm pack, and install of what it packed');
  const folder = mkdtempSync(join(tmpdir(), 'sentiance-user-link-'));
  try {
    // What builds the package.
    if (!existsSync(join(root, 'node_modules'))) npm(root, 'ci');
    npm(root, 'pack', '--pack-destination', folder);
    const tarballs = readdirSync(folder).map((name) => join(folder, name));
    npm(examples, 'install', '--no-save', '--offline', '--ignore-scripts', ...tarballs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compile() {
  step('tsc --build');
  command(process.execPath, [join(modules, 'typescript/bin/tsc'), '--build'], examples);
}

async function test() {
  const files = [
    'test/dist/source.test.js',
    'test/dist/login-handlers.test.js',
    'nestjs-11/dist/auth.controller.spec.js',
  ];
  row('\nexample', 'step', 'result');
  const stop = new AbortController();
  // So that the tests end in their own way too, with every process that they have started.
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
  let example = '';
  const tests = run({
    files: files.map((file) => join(examples, file)),
    concurrency: 1,
    signal: stop.signal,
  });
  for await (const { type, data } of tests) {
    if (type === 'test:start' && data.nesting === 0) example = data.name;
    if (type === 'test:pass' && data.details.type !== 'suite') {
      counts.passed += 1;
      row(example, data.name, `passed (${Math.round(data.details.duration_ms)} ms)`);
    }
    // A suite fails with its tests; counted is what failed by itself.
    if (type === 'test:fail' && data.details.error.failureType !== 'subtestsFailed') {
      counts.failed += 1;
      row(example, data.name, 'FAILED');
      console.log(data.details.error.cause ?? data.details.error);
    }
  }
}

function step(name) {
  console.log(`… ${name}`);
}

function row(example, name, result) {
  console.log([example.padEnd(14), name.padEnd(90), result].join('  '));
}

function npm(cwd, ...args) {
  command('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], cwd);
}

/** Shows the output of a command only when it fails. */
function command(file, args, cwd) {
  try {
    execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error([error.message, error.stdout, error.stderr].filter(Boolean).join('\n'));
  }
}
