/** 9: what a platform sees of a whole fleet in an outage, on paper. */
import { barChart } from '../support/chart.mjs';
import { startChild } from '../support/children.mjs';
import { markdownTable, round } from '../support/words.mjs';

const RATES = [100, 1_000, 10_000];
const FLEETS = [1, 10, 100];
const KINDS = { unavailable: 'responds 503', silent: 'is silent' };

/** For each fleet: what `simulateFleet` says of it. */
export async function measureFleet({ node, rates = RATES, fleets = FLEETS }) {
  const simulator = await startChild('simulator.mjs', { node, execArgv: ['--no-warnings'] });
  try {
    const rows = [];
    for (const kind of Object.keys(KINDS)) {
      for (const rate of rates) {
        for (const processes of fleets) {
          const fleet = { kind, rate, processes };
          rows.push({ ...fleet, ...(await simulator.ask(fleet)) });
        }
      }
    }
    return rows;
  } finally {
    await simulator.stop();
  }
}

export const title = 'A fleet in an outage, on paper';
export const packages = [];
export const majors = ['24'];

export async function measure([node], quick) {
  const short = quick ? { rates: [100, 1_000] } : {};
  return { rows: await measureFleet({ node, ...short }) };
}

export function report({ rows }) {
  return [
    INTRODUCTION,
    ...Object.entries(KINDS).flatMap(([kind, what]) => [
      `### The platform ${what}`,
      table(rows, kind),
    ]),
    chart(rows),
    READING,
  ].join('\n\n');
}

const INTRODUCTION = `Simulated, always with the same random numbers, with the client's own retry budget, waits and defaults: logins that fall on the processes of a fleet at random, an outage of 40 s, 80 ms for a response otherwise. Requests that the platform sees for each login from the third to the tenth second, in the last ten seconds, and in the first second after the return; the most connections that the fleet had open at a time; logins that wait when the platform returns, and how many of them still get a code; the first code, and the last login without one, in milliseconds after the return.`;

function table(rows, kind) {
  const head = [
    'logins/s, processes',
    'seconds 3 to 10',
    'last 10',
    'after the return',
    'connections',
    'waiting',
    'of them served',
    'first code',
    'last without',
  ];
  const cells = rows
    .filter((row) => row.kind === kind)
    .map((row) => [
      labelOfFleet(row),
      round(row.early, 2),
      round(row.late, 2),
      round(row.afterReturn, 2),
      row.mostOpen,
      row.waiting,
      row.rescued,
      round(row.firstCode),
      row.recovered === 0 ? 'none' : round(row.recovered),
    ]);
  return markdownTable(head, cells);
}

const labelOfFleet = ({ rate, processes }) =>
  `${rate.toLocaleString('en')}, ${processes === 1 ? '1 process' : `${processes} processes`}`;

function chart(rows) {
  const shown = rows.filter(({ kind }) => kind === 'unavailable');
  const most = Math.max(...shown.map(({ late }) => late));
  return barChart('fleet', 'Requests a login of a fleet, the platform responds 503', {
    labels: shown.map(labelOfFleet),
    digits: 2,
    meaning: `The fewer logins a process has, the more of them are retried: an outage that lasts is met with up to ${round(most, 2)} requests a login, but never with more than ten retries a second from each process beyond one for five logins.`,
    series: [
      { label: 'seconds 3 to 10', values: shown.map(({ early }) => early) },
      { label: 'last 10 seconds', values: shown.map(({ late }) => late) },
    ],
  });
}

const READING = `- The budget is a client's, that is, a process's: a fleet of 100 has 100 stores of 100 tokens, 10,000 retries that it may send at first, and 100 times 10 a second afterwards, a floor of 1,000 retries a second. While an outage lasts, the platform sees 1 + 0.2 + 10 × processes ÷ logins a second requests a login, and at most 3, the first attempt and two more.
- So a fleet that is large for its logins (fewer than five a second in a process) retries everything, as a small backend should, and one that is busy is held to a fifth more. Where 100 processes share 1,000 logins a second and the platform must be spared, \`maxRetries: 1\` bounds it at 2 requests a login, and a breaker ends it.`;
