/** 3: how long logins take when requests get lost, when some responses take long, and when all do. */
import { BARE, IN_TROUBLE, labelOf, OURS, packagesOf } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { withCallers, withTroubledSites } from '../support/children.mjs';
import { percentile, rotated } from '../support/statistics.mjs';
import { list, markdownTable, round, span } from '../support/words.mjs';

const ROUNDS = 7;
const ROUND = { count: 1_000, duration: 1_000 };
/** These wait for far longer than they compute: so many contenders at a time do not disturb each other. */
const GROUP = 6;
const SLOW_RUN = { count: 1_500, duration: 15_000 };
/** A login that has not ended after so many milliseconds has failed. */
const GIVEN_UP = 10_000;
const SLOW_MODES = {
  'long tail':
    'Half of the responses take up to 80 ms, one in a hundred takes more than 2 s (lognormal, the same numbers for everybody)',
  slow: 'Each response takes 3 s',
};

/** For each contender: p50, p99 and p99.9 of all logins, and how many of them failed. */
export function measureTail({ node, rounds = ROUNDS, contenders = IN_TROUBLE }) {
  return withCallers(contenders, { node, settings: 'underTrouble' }, async (callers) => {
    for (let round = 0; round < rounds; round += 1) {
      // Whose requests hang does not wait for them here: the next contender has its turn.
      for (const { id } of rotated(contenders, round)) {
        await callers.get(id).ask({ task: 'logins', ...ROUND });
      }
    }
    const rows = [];
    for (const { id } of contenders) {
      rows.push(summary(id, await callers.get(id).ask({ task: 'collect', limit: GIVEN_UP })));
    }
    return rows;
  });
}

/** The same, and the requests that were sent, of a platform that is slow in one of the modes. */
async function measureSlow({ node, mode, run }) {
  const rows = [];
  for (let first = 0; first < IN_TROUBLE.length; first += GROUP) {
    const group = IN_TROUBLE.slice(first, first + GROUP);
    rows.push(...(await measureGroup(group, { node, mode, run })));
  }
  return rows;
}

function measureGroup(group, { node, mode, run }) {
  return withTroubledSites(group, { node, mode: 'well' }, async (callers) => {
    for (const { ask } of callers) await ask({ task: 'calls', count: 300, concurrency: 16 });
    // One by one: the platform's answers have no names on them.
    for (const { change } of callers) await change(mode);
    await Promise.all(callers.map((caller) => caller.ask({ task: 'logins', ...run })));
    const rows = [];
    for (const caller of callers) {
      const logins = await caller.ask({ task: 'collect', limit: GIVEN_UP });
      const { arrivals } = await caller.change(mode);
      const requests = arrivals.reduce((sum, n) => sum + n, 0);
      rows.push({ ...summary(caller.id, logins), requests });
    }
    return rows;
  });
}

function summary(id, logins) {
  const durations = logins.map(({ begun, ended }) => ended - begun);
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => percentile(durations, share));
  const failed = logins.filter(({ ok }) => !ok).length;
  return { id, logins: logins.length, failed, p50, p99, p999 };
}

export const title = 'Tail under trouble';
export const packages = packagesOf(IN_TROUBLE);
export const majors = ['20', '24'];

export async function measure(nodes, quick) {
  const lost = [];
  const run = quick ? { count: 200, duration: 2_000 } : SLOW_RUN;
  for (const node of nodes) {
    const rows = await measureTail({ node, rounds: quick ? 1 : ROUNDS });
    lost.push({ node, rows });
  }
  const node = nodes.at(-1);
  const modes = {};
  for (const mode of Object.keys(SLOW_MODES)) modes[mode] = await measureSlow({ node, mode, run });
  return { lost, slow: { node, modes } };
}

export function report({ lost, slow }) {
  return [
    INTRODUCTION,
    '### Requests that get lost',
    LOST,
    ...lost.map(({ node, rows }) => lostReport(node, rows)),
    lostReading(lost),
    ...Object.entries(SLOW_MODES).flatMap(([mode, what]) => [
      `### A platform ${mode === 'slow' ? 'that is slow as a whole' : 'with a long tail'}, Node ${slow.node.version}`,
      `${what}. ${SLOW_RUN.count} logins in ${SLOW_RUN.duration / 1_000} s, ${GROUP} contenders at a time: they wait for far longer than they compute.`,
      slowTable(slow.modes[mode]),
      slowChart(mode, slow.modes[mode]),
    ]),
    slowReading(slow.modes),
  ].join('\n\n');
}

const INTRODUCTION = `Everybody has their own retries on, two of them, for POST and after a timeout too where that can be said, and 2.5 s for an attempt, but for ours: it has 5 s in all, and hedges after one; the bare \`fetch\` has neither, and what has not ended after ${GIVEN_UP / 1_000} s counts as failed. Milliseconds until a login has ended, well or not.`;

const LOST = `One request in a hundred is met by a reset, one is never answered. ${ROUND.count} logins a second, for ${ROUNDS} rounds of a second each.`;

const rowOf = (rows, id) => rows.find((row) => row.id === id);
const share = ({ failed, logins }) => (1_000 * failed) / logins;
const everybodyElse = IN_TROUBLE.map(({ id }) => id).filter((id) => id !== OURS);

function lostReport({ version, major }, rows) {
  const head = ['', 'p50', 'p99', 'p99.9', 'failed', 'of logins'];
  const cells = rows.map(({ id, p50, p99, p999, failed, logins }) => [
    labelOf(id),
    round(p50, 1),
    round(p99),
    round(p999),
    failed,
    logins,
  ]);
  const ours = rowOf(rows, OURS);
  const chart = barChart(`tail-node-${major}`, `p99.9 of a login, ms, Node ${version}`, {
    labels: rows.map(({ id }) => labelOf(id)),
    meaning: `The slowest login of a thousand waits ${round(ours.p999)} ms, and ${ours.failed} of ${ours.logins} go without a code; with a bare \`fetch\`, ${rowOf(rows, BARE).failed} do.`,
    series: [{ label: 'p99.9', values: rows.map(({ p999 }) => p999) }],
  });
  return [`#### Node ${version}`, markdownTable(head, cells), chart].join('\n\n');
}

function lostReading(results) {
  const rowsOf = (id) => results.map(({ rows }) => rowOf(rows, id));
  const failed = (id) => rowsOf(id).reduce((sum, row) => sum + row.failed, 0);
  const logins = rowsOf(OURS).reduce((sum, row) => sum + row.logins, 0);
  const slowest = (id) => span(rowsOf(id).map(({ p999 }) => p999));
  const saved = everybodyElse.filter((id) => failed(id) < failed(BARE) / 5).map(labelOf);
  const none = everybodyElse.filter((id) => failed(id) === 0);
  const best = Math.min(...none.flatMap(rowsOf).map(({ p999 }) => p999));
  return [
    `- Of ${logins} logins, ${failed(OURS)} of ours failed, ${failed(BARE)} of the bare \`fetch\`'s. Lost at most a fifth of what \`fetch\` lost: ${list(saved)}. Lost none: ${list(none.map(labelOf))}.`,
    `- p99.9: ours ${slowest(OURS)} ms, a bare \`fetch\` ${slowest(BARE)}, the best of those that lost none ${Number.isFinite(best) ? round(best) : 'nobody'}. One request in a hundred hangs, so p99 lies on the edge between the two kinds of trouble. Ours sends another request beside one that is silent for a second, and takes the first response; the others give it up, most after 2.5 s, and repeat it.`,
    '- A login of ours is lost when three requests in a row meet trouble, or when the retry budget is spent; it ends after at most 5 s. Most of those that lost none have no such limit, and keep the user waiting longer. `hedgeAfter` decides the tail: an app that cannot wait a second sets a shorter one.',
    '- resend and the two on `fetch` alone have no retries, workos only for some of its own paths. Their p99 is low because a login that a reset ends has failed at once.',
  ].join('\n');
}

function slowTable(rows) {
  const cells = rows.map(({ id, logins, failed, p50, p99, requests }) => [
    labelOf(id),
    `${logins - failed} of ${logins}`,
    round(p50),
    round(p99),
    round(requests / logins, 2),
  ]);
  return markdownTable(['', 'served', 'p50', 'p99', 'requests a login'], cells);
}

function slowChart(mode, rows) {
  const ours = rowOf(rows, OURS);
  const title = `Logins without a code in 1,000, ${mode === 'slow' ? 'each response after 3 s' : 'a long tail'}`;
  return barChart(`tail-${mode.replace(' ', '-')}`, title, {
    labels: rows.map(({ id }) => labelOf(id)),
    digits: 1,
    meaning: `${round(1_000 - share(ours))} of 1,000 logins get their code, half of them within ${round(ours.p50)} ms and 99 of 100 within ${round(ours.p99)}, for ${round(ours.requests / ours.logins, 2)} requests each.`,
    series: [{ label: 'without a code', values: rows.map(share) }],
  });
}

function slowReading(modes) {
  const those = (mode, test) =>
    list(
      modes[mode]
        .filter((row) => row.id !== OURS && test(row, rowOf(modes[mode], OURS)))
        .map(({ id }) => labelOf(id)),
    );
  const servesAsMany = (row, ours) => row.failed <= ours.failed;
  return [
    `- A limit for an attempt throws away a response that is on its way. With each response after 3 s, more than half of the logins are lost by ${those('slow', ({ failed, logins }) => failed > logins / 2)}; none by ${those('slow', ({ failed }) => failed === 0)}. Ours waits for the first request while it sends others beside it: it pays in requests what the budget allows.`,
    `- With a long tail, a p99 below ours and no more logins lost: ${those('long tail', (row, ours) => servesAsMany(row, ours) && row.p99 < ours.p99 * 0.97)}; below ours, with more logins lost: ${those('long tail', (row, ours) => !servesAsMany(row, ours) && row.p99 < ours.p99 * 0.97)}.`,
  ].join('\n');
}
