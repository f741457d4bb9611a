/** 2: from the start of a process to its first code, as in a serverless cold start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BARE, CONTENDERS, labelOf, OURS, packagesOf } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { bareEnvironment, processFile, startChild } from '../support/children.mjs';
import { CODE } from '../support/protocol.mjs';
import { median, rotated } from '../support/statistics.mjs';
import { compare, list, markdownTable, round, span } from '../support/words.mjs';

const TIME_LIMIT = 20_000;
const STARTS = [
  ...CONTENDERS.map(({ id }) => ({ id, format: 'mjs' })),
  ...[OURS, BARE].map((id) => ({ id, format: 'cjs' })),
  // As a function is deployed: one file, minified.
  ...['mjs', 'cjs'].flatMap((format) => [OURS, BARE].map((id) => ({ id, format, isBundle: true }))),
];
/** The most that ours may add, in milliseconds. */
const TARGET = 6;
const NOTHING = [
  { id: undefined, format: 'mjs' },
  { id: undefined, format: 'cjs' },
];

/** For each contender, milliseconds above an empty process of the same module format. */
export async function measureStart({ node, rounds = 21, starts = STARTS }) {
  const server = await startChild('server.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'sentiance-user-link-bench-'));
  try {
    const url = `http://127.0.0.1:${server.ready.port}`;
    for (const start of starts.filter(({ isBundle }) => isBundle)) await bundle(start, folder);
    const samples = [];
    for (let round = -1; round < rounds; round += 1) {
      for (const start of rotated([...starts, ...NOTHING], round + 1)) {
        const time = await timeStart(node, start, url, folder);
        // The first round reads the files from the disk; the others have them in memory.
        if (round >= 0) samples.push({ ...start, time });
      }
    }
    const typical = (id, format, isBundle) => {
      const own = samples.filter((s) => s.id === id && s.format === format);
      return median(own.filter((s) => s.isBundle === isBundle).map(({ time }) => time));
    };
    return starts.map((start) => {
      const { id, format, isBundle } = start;
      const time = typical(id, format, isBundle);
      const overFetch = time - typical(BARE, format, isBundle);
      return { ...start, time: time - typical(undefined, format), overFetch };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
}

const bundleFile = ({ id, format }, folder) => join(folder, `${id}.${format}`);

function bundle(start, folder) {
  return build({
    stdin: {
      contents: `import { writeSync } from 'node:fs';
import { create } from './contenders/${start.id}.mjs';
create(process.argv[2])('user-1001').then((code) => {
  writeSync(1, code);
  process.exit();
});`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    outfile: bundleFile(start, folder),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: start.format === 'cjs' ? 'cjs' : 'esm',
    logLevel: 'error',
  });
}

async function timeStart(node, start, url, folder) {
  const { id, format, isBundle } = start;
  const file = processFile(id === undefined ? `nothing.${format}` : `first-code.${format}`);
  const args = isBundle ? [bundleFile(start, folder), url] : [file, id, url].filter(Boolean);
  const started = performance.now();
  const child = spawn(node.path, args, {
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
export const packages = [...packagesOf(CONTENDERS), 'esbuild'];

export async function measure(nodes, quick) {
  const results = [];
  const rounds = quick ? 2 : 21;
  for (const node of nodes) results.push({ node, rows: await measureStart({ node, rounds }) });
  return results;
}

export function report(results) {
  return [INTRODUCTION, table(results), chart(results), reading(results)].join('\n\n');
}

const INTRODUCTION =
  'Milliseconds from starting a process to the first code in its hands, less what an empty process of the same module format takes: a cold start. A bundle is one file, made by esbuild and minified, as functions are deployed. Files come from the memory of the operating system, the connection goes to loopback.';

const labelOfStart = ({ id, format, isBundle }) => {
  const kind = [format === 'cjs' ? 'CommonJS' : '', isBundle ? 'bundle' : ''].filter(Boolean);
  return kind.length === 0 ? labelOf(id) : `${labelOf(id)} (${kind.join(' ')})`;
};

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
    meaning: `The first login of a cold process waits ${span(addedBy(results))} ms longer than with a bare \`fetch\`; every later one does not.`,
    series: results.map(({ node, rows }) => ({
      label: `Node ${node.version}`,
      values: rows.map(({ time }) => time),
    })),
  });
}

/** Milliseconds that ours adds to a bare `fetch`, of each start and Node. */
const addedBy = (results) =>
  results.flatMap(({ rows }) => rows.filter(({ id }) => id === OURS).map((row) => row.overFetch));

function reading(results) {
  const over = (format, isBundle) =>
    results.map(({ node, rows }) => {
      const { overFetch } = rows.find(
        (row) => row.id === OURS && row.format === format && row.isBundle === isBundle,
      );
      return `${round(overFetch, 1)} on Node ${node.major}`;
    });
  const added = addedBy(results);
  const missed = added.filter((milliseconds) => milliseconds > TARGET).length;
  const { better, worse, others } = compare(
    results.map(
      ({ rows }) =>
        (id) =>
          rows.find((row) => row.id === id).time,
    ),
  );
  return [
    `- Milliseconds that we add to a process that uses a bare \`fetch\`: ${list(over('mjs'))}; as CommonJS ${list(over('cjs'))}; in a bundle ${list(over('mjs', true))}, as CommonJS ${list(over('cjs', true))}. Our target, at most ${TARGET}, is ${missed === 0 ? 'met' : `missed in ${missed} of ${added.length}`}. Loading \`fetch\` itself is most of the rest.`,
    `- Slower to start than ours on each Node: ${list(worse)}. Faster on each: ${list(better)}. Depends, or within the noise: ${list(others)}.`,
    "- Why: one bundled file, with no more of zod in it than is used, is read and compiled in one go; zod whole is the larger part of what the stacks with zod pay. Those who are faster check no answer. Of our milliseconds, some three are the reading and compiling of one file of 167 kB, one is running it (zod's classes are built, and its patterns compiled), and the rest are options, checks and an abort signal that run for the first time. A third of that file is ky, which is compiled only when a first retry runs it. As a file of its own it would save less than one of those milliseconds, and a retry would depend on reading a file in the middle of an outage: it stays where it is.",
  ].join('\n');
}
