/** 5: memory that a call in flight and a client that waits hold. */
import { BARE, CONTENDERS, OURS } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { withCallers } from '../support/children.mjs';
import { median, rotated } from '../support/statistics.mjs';
import { compare, list, markdownTable, round, span } from '../support/words.mjs';

const IN_FLIGHT = 400;
const CLIENTS = 400;
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
  return withCallers([contender], { node, execArgv: ['--expose-gc'] }, async (callers, server) => {
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

export const title = 'Memory';

export async function run(nodes) {
  // Bytes do not depend on who else is running.
  const results = await Promise.all(
    nodes.map(async (node) => ({ node, rows: await measureMemory({ node }) })),
  );
  return [INTRODUCTION, table(results), chart(results), reading(results)].join('\n\n');
}

const INTRODUCTION = `KiB of heap and of buffers after a garbage collection: for each of ${IN_FLIGHT} calls that wait for their answer, each on a connection of its own, and for each of ${CLIENTS} clients that are not used.`;

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
    series: results.map(({ node, rows }) => ({
      label: `Node ${node.version}`,
      values: rows.map(({ flight }) => flight / 1024),
    })),
  });
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
  ].join('\n');
}
