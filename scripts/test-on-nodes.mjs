/**
 * `npm test` on every Node that is supported: `npm run test:nodes`, or on some,
 * `npm run test:nodes -- 22 24.1.0`. When none is named, the Node that runs this is left out: for
 * that one there is `npm test`.
 *
 * npm serves each Node as a version of the package `node`, and keeps it for the next time.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { npmCommand } from './npm-command.mjs';

const ROOT = new URL('../', import.meta.url);
const VERSIONS = JSON.parse(
  readFileSync(new URL('test/ecosystem/runtimes/node-versions.json', ROOT), 'utf8'),
);

const total = { passed: 0, failed: 0 };
// One after another: two at a time are faster, but the tests that measure time then fail.
for (const version of chosenVersions(process.argv.slice(2))) {
  console.log(`\n=== Node ${version}\n`);
  const started = performance.now();
  const { status, output } = await npmTest(version);
  const seconds = Math.round((performance.now() - started) / 1_000);

  const { passed, failed } = countsIn(output);
  const isGood = status === 0 && passed > 0 && failed === 0;
  total.passed += passed;
  // What fails beside the tests, such as the linter, is one more that failed.
  total.failed += isGood ? 0 : Math.max(failed, 1);
  console.log(quoted(isGood ? summaryOf(output) : output));
  console.log(`\n${isGood ? 'passed' : `FAILED (status ${status})`} in ${seconds} s`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

/** Those of the list, unless others are named: as the list calls them, or by a version. */
function chosenVersions(named) {
  if (named.length > 0) return named.map((version) => VERSIONS[version] ?? version);
  return Object.values(VERSIONS)
    .filter((version) => version !== process.versions.node)
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

/** Resolves to how it ended and what it printed, the version of Node first. */
function npmTest(version) {
  const args = ['--yes', '--loglevel=error', '--package', `node@${version}`];
  const call = ['--call', 'node --version && npm test'];
  const child = spawn(...npmCommand('exec', ...args, ...call), {
    cwd: fileURLToPath(ROOT),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: error.message, output }));
    child.on('close', (code, signal) => {
      resolve({ status: code ?? signal, output: stripVTControlCharacters(output).trim() });
    });
  });
}

/** As Vitest's last line on tests says: "Tests  1 failed | 2 passed (3)". */
function countsIn(output) {
  const line = output.match(/^ *Tests +.*$/gm)?.at(-1) ?? '';
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: count('passed'), failed: count('failed') };
}

/** The version of Node, and what Vitest says at its end. */
function summaryOf(output) {
  const [version] = output.split('\n', 1);
  return `${version}\n${output.slice(output.lastIndexOf(' Test Files ')).trimEnd()}`;
}

/** Marked as another's words: whoever adds up counts finds this script's own alone. */
function quoted(text) {
  return text.replaceAll(/^/gm, '| ');
}
