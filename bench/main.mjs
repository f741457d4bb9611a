/** `npm run bench`, or `npm run bench -- <part> …`: measures, and writes RESULTS.md and its charts. */
import { install } from './support/install.mjs';

const PARTS = ['cpu', 'start', 'distance', 'tail', 'memory', 'size', 'hostile'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown part: ${unknown.join(', ')}. Parts: ${PARTS.join(', ')}.`);
  process.exit(2);
}

const started = performance.now();
const say = (text) => {
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${String(seconds).padStart(4)} s  ${text}`);
};

say('install');
install();
// Only now: they import what has just been installed.
const { nodes } = await import('./support/nodes.mjs');
const { writeSection } = await import('./support/results.mjs');
for (const name of PARTS.filter((part) => wanted.length === 0 || wanted.includes(part))) {
  say(name);
  const { run, title, packages } = await import(`./parts/${name}.mjs`);
  writeSection(name, PARTS, { title, packages, text: await run(nodes()) }, nodes());
}
say('done: bench/RESULTS.md');
