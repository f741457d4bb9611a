/** `npm run bench:check`: a short run against budget.json; exits with 1 when a figure got worse. */
import { readFileSync } from 'node:fs';
import { BARE, CONTENDERS, OURS } from './contenders/index.mjs';
import { install } from './support/install.mjs';

const { room, ratios } = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8'));

install();
// Only now: they import what has just been installed.
const { nodes } = await import('./support/nodes.mjs');
const { CONCURRENCIES, measureCpu } = await import('./parts/cpu.mjs');
const { measureStart } = await import('./parts/start.mjs');
const { measureMemory } = await import('./parts/memory.mjs');

const contenders = CONTENDERS.filter(({ id }) => id === OURS || id === BARE);
const starts = contenders.map(({ id }) => ({ id, format: 'mjs' }));

/** Each measurement gives figures of ours as a multiple of a bare `fetch`. */
const measurements = {
  async cpu(node) {
    const rows = await measureCpu({ node, contenders });
    const { at } = rows.find(({ id }) => id === OURS);
    return Object.fromEntries(CONCURRENCIES.map((n, i) => [`${n} at a time`, at[i].ratio]));
  },
  async start(node) {
    const rows = await measureStart({ node, starts, rounds: 15 });
    return { 'to the first code': ratio(rows, 'time') };
  },
  async memory(node) {
    const rows = await measureMemory({ node, contenders, rounds: 3 });
    return { 'in flight': ratio(rows, 'flight') };
  },
};

function ratio(rows, what) {
  const value = (who) => rows.find(({ id }) => id === who)[what];
  return value(OURS) / value(BARE);
}

let worse = 0;
for (const node of nodes()) {
  for (const [name, budget] of Object.entries(ratios[`node-${node.major}`])) {
    // Noise is seldom there twice: what is over is measured once more.
    const isOver = (measured) =>
      Object.entries(budget).some(([what, allowed]) => measured[what] > allowed * room[name]);
    const first = await measurements[name](node);
    const again = isOver(first) ? await measurements[name](node) : first;
    for (const [what, allowed] of Object.entries(budget)) {
      const measured = Math.min(first[what], again[what]);
      const limit = allowed * room[name];
      if (measured > limit) worse += 1;
      const verdict = measured > limit ? 'WORSE' : 'ok';
      console.log(
        `${verdict.padEnd(5)}  Node ${node.major}  ${name} ${what}: ${measured.toFixed(2)} × fetch (budget ${allowed.toFixed(2)}, with room ${limit.toFixed(2)})`,
      );
    }
  }
}
process.exitCode = worse > 0 ? 1 : 0;
