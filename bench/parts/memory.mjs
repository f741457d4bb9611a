/** 6: memory that a call in flight and a client that waits hold, and many logins at once. */
import { BARE, CONTENDERS, labelOf, OURS, packagesOf } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { withCallers } from '../support/children.mjs';
import { median, percentile, rotated } from '../support/statistics.mjs';
import { compare, list, markdownTable, round, span } from '../support/words.mjs';

const IN_FLIGHT = 400;
const CLIENTS = 400;
const BURST = 2_000;
const TIME_LIMIT = 20_000;

/** For each contender: median bytes a call in flight, and an idle client. */
export async function measureMemory({ node, rounds = 7, contenders = CONTENDERS }) {
  const samples = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of rotated(contenders, round)) {
      samples.push({ id: contender.id, ...(await measureOne(node, contender)) });
    }
  }
  return contenders.map(({ id }) => {
    const own = samples.filter((sample) => sample.id === id);
    return {
      id,
      flight: median(own.map(({ flight }) => flight)),
      client: median(own.map(({ client }) => client)),
    };
  });
}

/** In a process of its own: calls in flight do not end. */
function measureOne(node, contender) {
  const options = { node, settings: 'held', execArgv: ['--expose-gc'] };
  return withCallers([contender], options, async (callers, server) => {
    const caller = callers.get(contender.id);
    await caller.ask({ task: 'calls', count: 200, concurrency: 16 });
    await caller.ask({ task: 'clients', count: 10 });
    const client = await caller.ask({ task: 'clients', count: CLIENTS });
    await caller.ask({ task: 'flight', count: IN_FLIGHT });
    await untilHeld(server, IN_FLIGHT);
    const flight = await caller.ask({ task: 'flight', count: IN_FLIGHT, measure: true });
    return { client, flight };
  });
}

async function untilHeld(server, wanted) {
  const end = performance.now() + TIME_LIMIT;
  for (let held = 0; held < wanted; ) {
    if (performance.now() > end) throw new Error('The calls in flight did not arrive.');
    held += (await server.ask({})).held;
  }
}

/** Logins that begin at once on one client of a new process: medians of their process' figures. */
async function measureBurst({ node, rounds }) {
  const contenders = CONTENDERS.filter(({ id }) => id === OURS || id === BARE);
  const samples = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const { id } of rotated(contenders, round)) {
      const sample = await withCallers([{ id }], { node }, (callers) =>
        callers.get(id).ask({ task: 'burst', count: BURST }),
      );
      samples.push({ id, ...sample });
    }
  }
  return contenders.map(({ id }) => {
    const own = samples.filter((sample) => sample.id === id);
    const typical = (figure) => median(own.map(figure));
    return {
      id,
      failed: own.reduce((sum, { failed }) => sum + failed, 0),
      p50: typical(({ waits }) => percentile(waits, 0.5)),
      p100: typical(({ waits }) => percentile(waits, 1)),
      cpu: typical(({ cpu }) => cpu),
      grown: typical(({ grown }) => grown),
    };
  });
}

export const title = 'Memory, and many logins at once';
export const packages = packagesOf(CONTENDERS);

export async function measure(nodes, quick) {
  // Bytes do not depend on who else is running.
  const memory = await Promise.all(
    nodes.map((node) => measureMemory({ node, rounds: quick ? 1 : 3 })),
  );
  const results = [];
  for (const [index, node] of nodes.entries()) {
    const burst = await measureBurst({ node, rounds: quick ? 1 : 5 });
    results.push({ node, rows: memory[index], burst });
  }
  return results;
}

export function report(results) {
  return [
    INTRODUCTION,
    table(results),
    chart(results),
    BURST_INTRODUCTION,
    burstTable(results),
    reading(results),
  ].join('\n\n');
}

const INTRODUCTION = `KiB of heap and of buffers after a garbage collection: for each of ${IN_FLIGHT} calls that wait for their answer, each on a connection of its own, and for each of ${CLIENTS} clients that are not used; medians of three rounds, which differ by little. Hedges are off: the calls are held for longer than \`hedgeAfter\`.`;

const BURST_INTRODUCTION = `${BURST} logins that begin at once on one client of a process that has no connection yet, as after a push message to everybody: milliseconds until half of them and until all of them have ended, CPU a login, and what the process grew by at most; medians of five processes.`;

function table(results) {
  const head = [
    '',
    ...results.flatMap(({ node }) => [`Node ${node.version}: a call in flight`, 'an idle client']),
  ];
  const cells = CONTENDERS.map(({ label }, index) => [
    label,
    ...results.flatMap(({ rows }) => [
      round(rows[index].flight / 1024, 1),
      round(rows[index].client / 1024, 1),
    ]),
  ]);
  return markdownTable(head, cells);
}

function chart(results) {
  return barChart('memory', 'Memory of a call in flight, KiB', {
    labels: CONTENDERS.map(({ label }) => label),
    digits: 1,
    meaning: `A login that waits for the platform holds ${span(flightsOf(results), 0)} KiB, so that 1,000 of them hold ${round(Math.max(...flightsOf(results)) / 1.024)} MiB.`,
    series: results.map(({ node, rows }) => ({
      label: `Node ${node.version}`,
      values: rows.map(({ flight }) => flight / 1024),
    })),
  });
}

const flightsOf = (results) =>
  results.map(({ rows }) => rows.find(({ id }) => id === OURS).flight / 1024);

function burstTable(results) {
  const head = [
    '',
    ...results.flatMap(({ node }) => [
      `Node ${node.version}: half, ms`,
      'all, ms',
      'failed',
      'µs a login',
      'MiB',
    ]),
  ];
  const cells = results[0].burst.map(({ id }, index) => [
    labelOf(id),
    ...results.flatMap(({ burst }) => {
      const { p50, p100, failed, cpu, grown } = burst[index];
      return [round(p50), round(p100), failed, round(cpu), round(grown / 2 ** 20)];
    }),
  ]);
  return markdownTable(head, cells);
}

function reading(results) {
  const all = (id, what) =>
    results.map(({ rows }) => rows.find((row) => row.id === id)[what] / 1024);
  const added = all(OURS, 'flight').map((own, index) => own - all(BARE, 'flight')[index]);
  const comparison = (what) =>
    compare(
      results.map(
        ({ rows }) =>
          (id) =>
            rows.find((row) => row.id === id)[what],
      ),
    );
  const flight = comparison('flight');
  return [
    `- A login in flight holds ${span(added, 1)} KiB more than a bare \`fetch\` does: its timers, its abort signal and what an error would have to say. Holding more than ours on each Node: ${list(flight.worse)}; less on each: ${list(flight.better)}.`,
    `- An idle client of ours is settings and no connection: ${span(all(OURS, 'client'), 1)} KiB. Smaller on each Node: ${list(comparison('client').better)}.`,
    `- Of ${BURST} logins at once, ${results.reduce((sum, { burst }) => sum + burst[0].failed, 0)} failed; all of them have their codes after ${span(results.map(({ burst }) => burst[0].p100))} ms, with a bare \`fetch\` after ${span(results.map(({ burst }) => burst[1].p100))} ms. What takes more than a second is hedged, within the budget.`,
  ].join('\n');
}
