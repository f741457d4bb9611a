/** 4: how long logins take when one request in a hundred is reset and one hangs. */
import { BARE, CONTENDERS, labelOf, OURS } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { withCallers } from '../support/children.mjs';
import { percentile, rotated } from '../support/statistics.mjs';
import { everybodyElse, list, markdownTable, round, span } from '../support/words.mjs';

const ROUNDS = 7;
const ROUND = { count: 1_000, duration: 1_000 };
/** A login that has not ended after so many milliseconds has failed. */
const GIVEN_UP = 10_000;

/** For each contender: p50, p99 and p99.9 of all logins, and how many of them failed. */
export function measureTail({ node, rounds = ROUNDS, contenders = CONTENDERS }) {
  return withCallers(contenders, { node, underTrouble: true }, async (callers) => {
    for (let round = 0; round < rounds; round += 1) {
      // Whose requests hang does not wait for them here: the next contender has its turn.
      for (const { id } of rotated(contenders, round)) {
        await callers.get(id).ask({ task: 'logins', ...ROUND });
      }
    }
    const rows = [];
    for (const { id } of contenders) {
      const logins = await callers.get(id).ask({ task: 'collect', limit: GIVEN_UP });
      const durations = logins.map(({ duration }) => duration);
      rows.push({
        id,
        logins: logins.length,
        failed: logins.filter(({ ok }) => !ok).length,
        p50: percentile(durations, 0.5),
        p99: percentile(durations, 0.99),
        p999: percentile(durations, 0.999),
      });
    }
    return rows;
  });
}

export const title = 'Tail under trouble';

export async function run(nodes) {
  const results = [];
  for (const node of nodes) results.push({ node, rows: await measureTail({ node }) });
  const tables = results.map(({ node, rows }) => nodeReport(node, rows));
  return [INTRODUCTION, ...tables, reading(results)].join('\n\n');
}

const INTRODUCTION = `One request in a hundred is met by a reset, one is never answered. ${ROUND.count} logins a second, for ${ROUNDS} rounds of a second each; milliseconds until a login has ended, well or not. Everybody has their own retries on, two of them, for POST and after a timeout too where that can be said, and 2.5 s for an attempt, but for ours: it has 5 s in all, and hedges after one; the bare \`fetch\` has neither, and what has not ended after ${GIVEN_UP / 1_000} s counts as failed.`;

function nodeReport({ version, major }, rows) {
  const head = ['', 'p50', 'p99', 'p99.9', 'failed', 'of logins'];
  const cells = rows.map(({ id, p50, p99, p999, failed, logins }) => [
    labelOf(id),
    round(p50, 1),
    round(p99),
    round(p999),
    failed,
    logins,
  ]);
  const chart = barChart(`tail-node-${major}`, `Failed logins in 1,000, Node ${version}`, {
    labels: rows.map(({ id }) => labelOf(id)),
    digits: 1,
    series: [
      { label: 'failed', values: rows.map(({ failed, logins }) => (1_000 * failed) / logins) },
    ],
  });
  return [`### Node ${version}`, markdownTable(head, cells), chart].join('\n\n');
}

function reading(results) {
  const rowsOf = (id) => results.map(({ rows }) => rows.find((row) => row.id === id));
  const failed = (id) => rowsOf(id).reduce((sum, row) => sum + row.failed, 0);
  const logins = rowsOf(OURS).reduce((sum, row) => sum + row.logins, 0);
  const slowest = (id) => span(rowsOf(id).map(({ p999 }) => p999));
  const saved = everybodyElse.filter((id) => failed(id) < failed(BARE) / 5).map(labelOf);
  const none = everybodyElse.filter((id) => failed(id) === 0).map(labelOf);
  return [
    `- Of ${logins} logins, ${failed(OURS)} of ours failed, ${failed(BARE)} of the bare \`fetch\`'s. Lost at most a fifth of what \`fetch\` lost: ${list(saved)}. Lost none: ${list(none)}.`,
    `- p99.9: ours ${slowest(OURS)} ms, a bare \`fetch\` ${slowest(BARE)}. One request in a hundred hangs, so p99 lies on the edge between the two kinds of trouble. Ours sends another request beside one that is silent for a second, and takes the first response; the others give it up, most after 2.5 s, and repeat it.`,
    '- A login of ours is lost when three requests in a row meet trouble, or when the retry budget is spent; it ends after at most 5 s. Most of those that lost none have no such limit, and keep the user waiting longer. `hedgeAfter` decides the tail: an app that cannot wait a second sets a shorter one.',
    '- resend and the two on `fetch` alone have no retries, workos only for some of its own paths. Their p99 is low because a login that a reset ends has failed at once.',
  ].join('\n');
}
