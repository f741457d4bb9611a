/** `npm run bench:check`: a short run against budget.json; exits with 1 when a figure got worse. */
import { readFileSync } from 'node:fs';
import { BARE, CONTENDERS, OURS } from './contenders/index.mjs';
import { install } from './support/install.mjs';

const { room, budgets } = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8'));

install();
// Only now: they import what has just been installed.
const { nodes } = await import('./support/nodes.mjs');
const { CONCURRENCIES, measureCpu } = await import('./parts/cpu.mjs');
const { measureStart } = await import('./parts/start.mjs');
const { measureMemory } = await import('./parts/memory.mjs');
const { measureTail } = await import('./parts/tail.mjs');
const { measureOutage } = await import('./parts/outage.mjs');

const both = CONTENDERS.filter(({ id }) => id === OURS || id === BARE);
const ours = both.filter(({ id }) => id === OURS);
const starts = [false, true].flatMap((isBundle) =>
  both.map(({ id }) => ({ id, format: 'mjs', ...(isBundle ? { isBundle } : {}) })),
);

/** Each gives figures by their names in budget.json. */
const measurements = {
  async cpu(node) {
    const rows = await measureCpu({ node, contenders: both });
    const { at } = rows.find(({ id }) => id === OURS);
    return Object.fromEntries(
      CONCURRENCIES.map((n, i) => [`× fetch, ${n} at a time`, at[i].ratio]),
    );
  },
  async start(node) {
    const rows = await measureStart({ node, starts, rounds: 15 });
    const [plain, bundled] = [false, true].map((isBundle) =>
      rows.filter((row) => Boolean(row.isBundle) === isBundle),
    );
    return {
      '× fetch to the first code': ratio(plain, 'time'),
      '× fetch in a bundle': ratio(bundled, 'time'),
    };
  },
  async memory(node) {
    const rows = await measureMemory({ node, contenders: both, rounds: 3 });
    return { '× fetch in flight': ratio(rows, 'flight') };
  },
  async tail(node) {
    const [{ p999, failed, logins }] = await measureTail({ node, contenders: ours });
    return { 'p99.9 in seconds': p999 / 1_000, 'logins lost in 1,000': (1_000 * failed) / logins };
  },
  async outage(node) {
    const [failing] = await measureOutage({ node, kind: 'unavailable', contenders: ours });
    const [silent] = await measureOutage({ node, kind: 'silent', contenders: ours });
    return {
      'requests a login at 503': failing.perLogin,
      'requests a login in silence': silent.perLogin,
      'seconds to the first code': Math.max(failing.firstCode, silent.firstCode) / 1_000,
    };
  },
};

function ratio(rows, what) {
  const value = (who) => rows.find(({ id }) => id === who)[what];
  return value(OURS) / value(BARE);
}

let worse = 0;
for (const node of nodes()) {
  for (const [name, budget] of Object.entries(budgets[`node-${node.major}`])) {
    // Noise is seldom there twice: what is over is measured once more.
    const isOver = (measured) =>
      Object.entries(budget).some(([what, allowed]) => measured[what] > allowed * room[name]);
    const first = await measurements[name](node);
    const again = isOver(first) ? await measurements[name](node) : first;
    for (const [what, allowed] of Object.entries(budget)) {
      const measured = Math.min(first[what], again[what]);
      const limit = allowed * room[name];
      const isWorse = !(measured <= limit);
      if (isWorse) worse += 1;
      const [now, budgeted, withRoom] = [measured, allowed, limit].map((n) => n.toFixed(2));
      console.log(
        `${(isWorse ? 'WORSE' : 'ok').padEnd(5)}  Node ${node.major}  ${name}: ${now} ${what} (budget ${budgeted}, with room ${withRoom})`,
      );
    }
  }
}
process.exitCode = worse > 0 ? 1 : 0;
