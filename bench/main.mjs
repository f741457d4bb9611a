/**
 * `npm run bench`, or `npm run bench -- [--quick] <part> …`: measures, and writes results.json,
 * RESULTS.md with its charts, and the figures in the pages of docs. `--quick` is a rehearsal: far
 * too short for its figures to mean anything, and written elsewhere. `--report` measures nothing,
 * and writes the pages again from results.json.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { install } from './support/install.mjs';

/** Minutes that each takes on two cores, of which one is busy with the contender. */
const PARTS = {
  cpu: 6.5,
  start: 2,
  tail: 4.7,
  outage: 4.1,
  distance: 1.1,
  memory: 2.2,
  size: 0.1,
  hostile: 0.2,
  fleet: 0.5,
};

const { values, positionals: wanted } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const { quick, report: onlyReport } = values;
const names = Object.keys(PARTS);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown part: ${unknown.join(', ')}. Parts: ${names.join(', ')}.`);
  process.exit(2);
}
const chosen = onlyReport
  ? []
  : names.filter((name) => wanted.length === 0 || wanted.includes(name));

const started = performance.now();
const say = (text) => {
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${String(seconds).padStart(4)} s  ${text}`);
};

const minutes = chosen.reduce((sum, name) => sum + PARTS[name], 1);
say(quick || onlyReport ? 'install' : `install; about ${Math.ceil(minutes)} minutes in all`);
// Charts are drawn by what it installs, too.
install();
// Only now: they import what has just been installed.
const { nodes } = await import('./support/nodes.mjs');
const { drawInto } = await import('./support/chart.mjs');
const { conditionsOf, readResults, writeReport, writeResults } = await import(
  './support/results.mjs'
);
const { fillIn } = await import('./figures.mjs');

const here = new URL('./', import.meta.url);
const folder = quick ? new URL('node_modules/quick/', here) : here;
mkdirSync(folder, { recursive: true });
const results = readResults(folder);
const parts = new Map();
for (const name of names) parts.set(name, await import(`./parts/${name}.mjs`));

for (const name of chosen) {
  say(name);
  const part = parts.get(name);
  const on = nodes().filter(({ major }) => part.majors?.includes(major) ?? true);
  const data = await part.measure(on, quick);
  results[name] = { conditions: conditionsOf(on, part.packages), data };
  writeResults(folder, results);
}

drawInto(folder);
// As they are read again: a report depends on nothing else.
const kept = readResults(folder);
const sections = names
  .filter((name) => kept[name])
  .map((name) => {
    const { title, report } = parts.get(name);
    const { conditions, data } = kept[name];
    return { title, text: report(data), conditions };
  });
writeReport(folder, sections);
if (!quick) fillIn(kept);
say(`done: ${new URL('RESULTS.md', folder).pathname}`);
