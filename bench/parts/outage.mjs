/** 4: ten seconds without the platform, at 503 or in silence, and its return. */
import { IN_OUTAGE, labelOf, OURS, packagesOf } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { withTroubledSites } from '../support/children.mjs';
import { percentile } from '../support/statistics.mjs';
import { list, markdownTable, round, span } from '../support/words.mjs';

const LOGINS_A_SECOND = 500;
/** Seconds before, during and after. */
const PHASES = { before: 1, outage: 10, after: 3 };
/** From the third second on, what clients have in store is spent. */
const SETTLED = 2;
const GIVEN_UP = 10_000;
const KINDS = { unavailable: 'responds 503', silent: 'is silent' };
const TARGETS = { perLogin: 1.25, firstCode: 1_000 };

/** For each contender: what the platform saw, what logins waited for, and how it ended. */
export async function measureOutage({
  node,
  kind,
  rate = LOGINS_A_SECOND,
  phases = PHASES,
  contenders = IN_OUTAGE,
}) {
  const rows = [];
  // One after another: at 1,500 requests a second, two would disturb each other.
  for (const contender of contenders) {
    rows.push(
      await withTroubledSites([contender], { node, mode: 'well' }, ([caller]) =>
        measureOne(caller, { kind, rate, phases }),
      ),
    );
  }
  return rows;
}

async function measureOne(caller, { kind, rate, phases }) {
  const logins = (seconds) =>
    caller.ask({ task: 'logins', count: rate * seconds, duration: seconds * 1_000 });
  await logins(phases.before);
  const { at: began } = await caller.change(kind);
  await logins(phases.outage);
  const { at: returned, arrivals } = await caller.change('well');
  await logins(phases.after);
  const all = await caller.ask({ task: 'collect', limit: GIVEN_UP });

  const seconds = arrivals.slice(0, phases.outage);
  const settled = seconds.slice(SETTLED);
  const during = all.filter(({ begun }) => begun >= began + SETTLED * 1_000 && begun < returned);
  const waits = during.map(({ begun, ended }) => ended - begun);
  const codes = all.filter(({ ok, ended }) => ok && ended >= returned);
  const without = all.filter(({ ok, begun }) => !ok && begun >= returned);
  return {
    id: caller.id,
    arrivals: seconds,
    perLogin: settled.reduce((sum, n) => sum + n, 0) / (settled.length * rate),
    waiting: mostUnderWay(all),
    p50: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
    firstCode: Math.min(...codes.map(({ ended }) => ended - returned)),
    recovered: Math.max(0, ...without.map(({ begun }) => begun - returned)),
    without: without.length,
  };
}

/** How many logins waited at the same time. */
function mostUnderWay(logins) {
  const steps = logins.flatMap(({ begun, ended }) => [
    { at: begun, step: 1 },
    { at: ended, step: -1 },
  ]);
  let most = 0;
  let underWay = 0;
  for (const { step } of steps.sort((a, b) => a.at - b.at)) {
    underWay += step;
    most = Math.max(most, underWay);
  }
  return most;
}

export const title = 'An outage, and its end';
export const packages = packagesOf(IN_OUTAGE);
export const majors = ['24'];

export async function measure([node], quick) {
  const short = quick ? { rate: 100, phases: { before: 0.5, outage: 4, after: 2 } } : {};
  const kinds = {};
  for (const kind of Object.keys(KINDS))
    kinds[kind] = await measureOutage({ node, kind, ...short });
  return { node, kinds };
}

export function report({ node, kinds }) {
  return [
    INTRODUCTION,
    ...Object.entries(kinds).flatMap(([kind, rows]) => [
      `### The platform ${KINDS[kind]}, Node ${node.version}`,
      table(rows),
      chart(kind, rows),
    ]),
    reading(kinds),
  ].join('\n\n');
}

const INTRODUCTION = `${LOGINS_A_SECOND} logins a second, for ${PHASES.before} s before the outage, its ${PHASES.outage} s, and ${PHASES.after} s after the return, whatever becomes of them; one contender at a time, each with their own retries and limits on, as in the tail. Requests that the platform saw in a second and, from the third second on, for each login; the most logins that waited at the same time; milliseconds that a login of these seconds took to end; from the return to the first code, and to the last login that still began without getting one. The AWS SDK's strategy is around a bare \`fetch\` with 2.5 s. The breaker is that of docs/failures.md.`;

function table(rows) {
  const head = [
    '',
    'requests/s: 1st',
    '2nd',
    '3rd',
    'last',
    'a login',
    'most waiting',
    'p50',
    'p99',
    'first code',
    'last without',
  ];
  const cells = rows.map((row) => [
    labelOf(row.id),
    ...[0, 1, 2, row.arrivals.length - 1].map((second) => round(row.arrivals[second] ?? 0)),
    round(row.perLogin, 2),
    row.waiting,
    round(row.p50),
    round(row.p99),
    row.firstCode === null ? 'none' : round(row.firstCode),
    row.without === 0 ? 'none' : round(row.recovered),
  ]);
  return markdownTable(head, cells);
}

function chart(kind, rows) {
  const ours = rows.find(({ id }) => id === OURS);
  const wait =
    kind === 'silent'
      ? `waits ${round(ours.p50 / 1_000, 1)} s and goes on without a code`
      : `goes on without a code after ${round(ours.p50)} ms, at the median`;
  return barChart(
    `outage-${kind}`,
    `Requests a login, from the third second on, when the platform ${KINDS[kind]}`,
    {
      labels: rows.map(({ id }) => labelOf(id)),
      digits: 2,
      meaning: `In such an outage a login ${wait}, the platform sees ${round(ours.perLogin, 2)} requests for it, and the first code is there ${round(ours.firstCode)} ms after the return.`,
      series: [{ label: 'requests a login', values: rows.map(({ perLogin }) => perLogin) }],
    },
  );
}

function reading(kinds) {
  const rows = Object.values(kinds).flat();
  const ours = rows.filter(({ id }) => id === OURS);
  const values = (what) => ours.map((row) => row[what]);
  const met = (what) => (Math.max(...values(what)) <= TARGETS[what] ? 'met' : 'missed');
  const ids = [...new Set(rows.map(({ id }) => id))].filter((id) => id !== OURS);
  const those = (what, test) =>
    list(
      ids
        .filter((id) =>
          Object.values(kinds).every((of) => {
            const value = (who) => of.find((row) => row.id === who)[what];
            return test(value(id), value(OURS));
          }),
        )
        .map(labelOf),
    );
  return [
    `- Ours sends ${span(values('perLogin'), 2)} requests a login from the third second on: our target, at most ${TARGETS.perLogin}, is ${met('perLogin')}. More in both outages: ${those('perLogin', (a, b) => a > b * 1.03)}; fewer in both: ${those('perLogin', (a, b) => a < b * 0.97)}.`,
    `- The first code came ${span(values('firstCode'))} ms after the return: our target, at most ${TARGETS.firstCode / 1_000} s, is ${met('firstCode')}.`,
    "- Where we do not lead: the AWS strategy fills its store by successes alone, so it repeats nothing any more while an outage lasts; ours goes on with ten retries a second and one for five logins, so that a backend with few logins keeps its retries in a platform's bad minute. A breaker spares everybody more, and has to find out that the platform is back: that is the price of its `resetTimeout`. In silence a login of ours waits for its 5 s, where a shorter `timeout`, or the breaker, lets it go.",
  ].join('\n');
}
