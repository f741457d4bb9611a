/** 2: from the start of a process to its first code, as in a serverless cold start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CONTENDERS, labelOf, OURS } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { bareEnvironment, processFile, startChild } from '../support/children.mjs';
import { CODE } from '../support/protocol.mjs';
import { median, rotated } from '../support/statistics.mjs';
import { compare, list, markdownTable, round } from '../support/words.mjs';

const TIME_LIMIT = 20_000;
const STARTS = [
  ...CONTENDERS.map(({ id }) => ({ id, format: 'mjs' })),
  { id: 'ours', format: 'cjs' },
  { id: 'fetch', format: 'cjs' },
];
const NOTHING = [
  { id: undefined, format: 'mjs' },
  { id: undefined, format: 'cjs' },
];

/** For each contender, milliseconds above an empty process of the same module format. */
export async function measureStart({ node, rounds = 21, starts = STARTS }) {
  const server = await startChild('server.mjs');
  try {
    const url = `http://127.0.0.1:${server.ready.port}`;
    const samples = [];
    for (let round = -1; round < rounds; round += 1) {
      for (const start of rotated([...starts, ...NOTHING], round + 1)) {
        const time = await timeStart(node, start, url);
        // The first round reads the files from the disk; the others have them in memory.
        if (round >= 0) samples.push({ ...start, time });
      }
    }
    const typical = (id, format) =>
      median(samples.filter((s) => s.id === id && s.format === format).map((s) => s.time));
    return starts.map(({ id, format }) => {
      const time = typical(id, format) - typical(undefined, format);
      return { id, format, time, overFetch: typical(id, format) - typical('fetch', format) };
    });
  } finally {
    await server.stop();
  }
}

async function timeStart(node, { id, format }, url) {
  const file = processFile(id === undefined ? `nothing.${format}` : `first-code.${format}`);
  const started = performance.now();
  const child = spawn(node.path, [file, id, url].filter(Boolean), {
    env: bareEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  });
  let time;
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    time ??= performance.now() - started;
    said += text;
  });
  const [status] = await once(child, 'close');
  if (status !== 0 || (id !== undefined && said !== CODE)) {
    throw new Error(`${file} ${id} ended with status ${status}`);
  }
  return time;
}

export const title = 'Process start to first code';

export async function run(nodes) {
  const results = [];
  for (const node of nodes) results.push({ node, rows: await measureStart({ node }) });
  return [INTRODUCTION, table(results), chart(results), reading(results)].join('\n\n');
}

const INTRODUCTION =
  'Milliseconds from starting a process to the first code in its hands, less what an empty process of the same module format takes: a cold start. Files come from the memory of the operating system, the connection goes to loopback.';

const labelOfStart = ({ id, format }) =>
  format === 'cjs' ? `${labelOf(id)} (CommonJS)` : labelOf(id);

function table(results) {
  const head = ['', ...results.flatMap(({ node }) => [`Node ${node.version}`, 'over fetch'])];
  const cells = STARTS.map((start, index) => [
    labelOfStart(start),
    ...results.flatMap(({ rows }) => [round(rows[index].time, 1), round(rows[index].overFetch, 1)]),
  ]);
  return markdownTable(head, cells);
}

function chart(results) {
  return barChart('start', 'Process start to first code, ms above an empty process', {
    labels: STARTS.map(labelOfStart),
    series: results.map(({ node, rows }) => ({
      label: `Node ${node.version}`,
      values: rows.map(({ time }) => time),
    })),
  });
}

function reading(results) {
  const over = (format) =>
    results.map(({ node, rows }) => {
      const { overFetch } = rows.find((row) => row.id === OURS && row.format === format);
      return `${round(overFetch, 1)} on Node ${node.major}`;
    });
  const { better, worse, others } = compare(
    results.map(
      ({ rows }) =>
        (id) =>
          rows.find((row) => row.id === id).time,
    ),
  );
  return [
    `- Milliseconds that we add to a process that uses a bare \`fetch\`: ${list(over('mjs'))}; as CommonJS ${list(over('cjs'))}. Our target is at most 10. Loading \`fetch\` itself is most of the rest.`,
    `- Slower to start than ours on each Node: ${list(worse)}. Faster on each: ${list(better)}. Depends, or within the noise: ${list(others)}.`,
    '- Why: one bundled file, with no more of zod in it than is used, is read and compiled in one go; zod whole is the larger part of what the stacks with zod pay. Those who are faster check no answer.',
  ].join('\n');
}
