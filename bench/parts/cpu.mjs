/** 1: CPU and throughput a call. */
import { BARE, CONTENDERS, labelOf, OURS, packagesOf } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { withCallers } from '../support/children.mjs';
import { median, rotated } from '../support/statistics.mjs';
import { compare, list, markdownTable, round, span } from '../support/words.mjs';

export const CONCURRENCIES = [1, 16, 64];
/** So many that each sample has several garbage collections: one or two would decide it. */
const CALLS = { 1: 800, 16: 1_200, 64: 1_200 };
/** Until V8 has compiled it all: its compiler's threads count as CPU, too. */
const WARM_UP = 5_000;
/** The most that a call of ours may cost, in calls of a bare `fetch`. */
const TARGET = 1.2;
/** How a process compiles and collects differs from one run of it to the next. */
const PROCESSES = 3;

/** For each contender and concurrency: median microseconds of CPU, calls a second, ratio to `fetch`. */
export async function measureCpu({
  node,
  rounds = 3,
  processes = PROCESSES,
  share = 1,
  contenders = CONTENDERS,
}) {
  const samples = [];
  for (let process = 0; process < processes; process += 1) {
    await withCallers(contenders, { node }, async (callers) => {
      const ask = (id, concurrency, count) =>
        callers.get(id).ask({ task: 'calls', concurrency, count });
      for (const { id } of contenders) await ask(id, 16, WARM_UP * share);

      for (let round = 0; round < rounds; round += 1) {
        for (const concurrency of CONCURRENCIES) {
          for (const { id } of rotated(contenders, process * rounds + round)) {
            // Opens the connections again: the server of a round ago may have been forgotten.
            await ask(id, concurrency, concurrency * 4);
            const sample = await ask(id, concurrency, CALLS[concurrency] * share);
            samples.push({ concurrency, id, ...sample });
          }
        }
      }
    });
  }
  return contenders.map(({ id }) => ({ id, at: summary(samples, id) }));
}

function summary(samples, id) {
  return CONCURRENCIES.map((concurrency) => {
    const of = (who) => samples.filter((s) => s.id === who && s.concurrency === concurrency);
    const [own, bare] = [of(id), of(BARE)];
    return {
      cpu: median(own.map((sample) => sample.cpu)),
      rate: median(own.map((sample) => sample.rate)),
      // Within a round, so that a machine that gets slower slows both.
      ratio: median(own.map((sample, round) => sample.cpu / bare[round].cpu)),
    };
  });
}

export const title = 'CPU and throughput a call';
export const packages = packagesOf(CONTENDERS);

export async function measure(nodes, quick) {
  const results = [];
  const short = quick ? { rounds: 1, processes: 1, share: 0.1 } : {};
  for (const node of nodes) results.push({ node, rows: await measureCpu({ node, ...short }) });
  return results;
}

export function report(results) {
  const tables = results.map(({ node, rows }) => nodeReport(node, rows));
  return [INTRODUCTION, ...tables, reading(results)].join('\n\n');
}

const INTRODUCTION = `Microseconds of CPU (\`process.cpuUsage()\`, user and system) a call in a process that is warm, as a multiple of a bare \`fetch\` in the same round, and calls a second, with 1, 16 and 64 calls at a time: nine rounds, three in each of three processes. Every answer is compared with what the server sent.`;

function nodeReport({ version, major }, rows) {
  const head = ['', ...CONCURRENCIES.flatMap((n) => [`${n}: µs`, '× fetch', 'calls/s'])];
  const cells = rows.map(({ id, at }) => [
    labelOf(id),
    ...at.flatMap(({ cpu, ratio, rate }) => [round(cpu), round(ratio, 2), round(rate)]),
  ]);
  const chart = barChart(`cpu-node-${major}`, `CPU a call, × a bare fetch, Node ${version}`, {
    labels: rows.map(({ id }) => labelOf(id)),
    digits: 2,
    meaning: `A login costs ${span(ratiosOf(rows), 2)} times the CPU of a bare \`fetch\` on Node ${major}, so that one core of this machine serves ${round(loginsOf(rows))} logins a second, 16 at a time.`,
    series: CONCURRENCIES.map((concurrency, index) => ({
      label: `${concurrency} at a time`,
      values: rows.map(({ at }) => at[index].ratio),
    })),
  });
  return [`### Node ${version}`, markdownTable(head, cells), chart].join('\n\n');
}

const ratiosOf = (rows) => rows.find(({ id }) => id === OURS).at.map(({ ratio }) => ratio);

/** Those that a core has time for, by what 16 at a time cost. */
const loginsOf = (rows) =>
  1e6 / rows.find(({ id }) => id === OURS).at[CONCURRENCIES.indexOf(16)].cpu;

function reading(results) {
  const measurements = results.flatMap(({ rows }) =>
    CONCURRENCIES.map((_, index) => (id) => rows.find((row) => row.id === id).at[index].ratio),
  );
  const ours = results.map(({ node, rows }) => {
    return `${span(ratiosOf(rows), 2)} × a bare \`fetch\` on Node ${node.major}`;
  });
  const { better, worse, others } = compare(measurements);
  const missed = measurements.filter((ratioOf) => ratioOf(OURS) > TARGET).length;
  const met = missed === 0 ? 'is met' : `is missed in ${missed} of ${measurements.length} columns`;
  const but = (names) => list(names.filter((name) => name !== labelOf(BARE)));
  return [
    `- With deadline, retries, validation and redaction on, a login costs ${list(ours)}. Our target, at most ${TARGET}, ${met}.`,
    `- Dearer than ours in every column: ${but(worse)}. Cheaper in every column: ${but(better)}. Depends on the column, or within the noise: ${but(others)}.`,
    '- Why: we stand on `fetch` and can only add to it; our own code takes 3 to 6 µs of a call, and the rest of the difference is what `fetch` does for a request that can be aborted; proxies, MSW, OpenTelemetry and other runtimes take hold there. stripe, got and axios use `node:http`, which is spared the web streams of `fetch`: that makes stripe, which adds little to it, by far the cheapest. The clients on `fetch` that cost less than ours read a body of any size, and most check nothing of it.',
  ].join('\n');
}
