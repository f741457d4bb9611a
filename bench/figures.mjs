/**
 * The figures in README and docs. A page marks each: <!-- bench:name -->…<!-- /bench -->; `npm run
 * bench` fills them in from results.json, and a test says when one of them is another.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);
const MARKED = /<!-- bench:([\w.-]+) -->(.*?)<!-- \/bench -->/gs;

/** The pages that may hold figures, as paths in the repository. */
export function pagesWithFigures() {
  const docs = readdirSync(new URL('docs/', ROOT)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

/** The figures that a page shows: name and text of each. */
export function figuresIn(page) {
  return [...page.matchAll(MARKED)].map(([, name, text]) => ({ name, text }));
}

export function fillIn(results) {
  const figures = figuresOf(results);
  for (const path of pagesWithFigures()) {
    const file = new URL(path, ROOT);
    const page = readFileSync(file, 'utf8');
    const filled = page.replaceAll(MARKED, (_, name) => {
      if (figures[name] === undefined) throw new Error(`${path}: no figure is called ${name}.`);
      return `<!-- bench:${name} -->${figures[name]}<!-- /bench -->`;
    });
    if (filled !== page) writeFileSync(file, filled);
  }
}

const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** `1.10 to 1.25`, or the one value when both print the same. */
function span(values, digits = 0) {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => number(v, digits));
  return low === high ? low : `${low} to ${high}`;
}

const rowOf = (rows, id = 'ours') => rows.find((row) => row.id === id);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const ofKind = ({ fleet }, kind) => fleet.data.rows.filter((row) => row.kind === kind);

/** Every figure by its name. */
export function figuresOf(results) {
  return {
    ...costOf(results),
    ...troubleOf(results),
    ...distanceOf(results),
    ...scaleOf(results),
  };
}

function costOf({ cpu, start, memory, size }) {
  const ratios = cpu.data.flatMap(({ rows }) => rowOf(rows).at.map(({ ratio }) => ratio));
  const starts = start.data.flatMap(({ rows }) => rows.filter(({ id }) => id === 'ours'));
  const added = (bundled) =>
    span(
      starts
        .filter(({ isBundle }) => Boolean(isBundle) === bundled)
        .map(({ overFetch }) => overFetch),
      1,
    );
  const { asIs, minified } = size.data.entry;
  return {
    'cpu.ratio': span(ratios, 2),
    'cpu.micros': number(microsOf(cpu)),
    'start.added': added(false),
    'start.bundled': added(true),
    'memory.flight': span(
      memory.data.map(({ rows }) => rowOf(rows).flight / 1_024),
      1,
    ),
    'memory.burst': span(memory.data.map(({ burst }) => rowOf(burst).p100)),
    'size.entry': number(asIs.bytes / 1_000),
    'size.minified': number(minified.bytes / 1_000),
    'size.installed': number(rowOf(size.data.rows).packed / 1_000),
  };
}

function troubleOf({ tail, outage }) {
  const lost = (id) => sum(tail.data.lost.map(({ rows }) => rowOf(rows, id).failed));
  const slow = (name, mode) => {
    const { logins, failed, p99, requests } = rowOf(tail.data.slow.modes[mode]);
    return {
      [`${name}.served`]: number((1_000 * (logins - failed)) / logins),
      [`${name}.p99`]: number(p99 / 1_000, 2),
      [`${name}.requests`]: number(requests / logins, 2),
    };
  };
  const outages = Object.values(outage.data.kinds).map((rows) => rowOf(rows));
  const breakers = Object.values(outage.data.kinds).map((rows) => rowOf(rows, 'ours-breaker'));
  return {
    'tail.logins': number(sum(tail.data.lost.map(({ rows }) => rowOf(rows).logins))),
    'tail.p999': span(
      tail.data.lost.map(({ rows }) => rowOf(rows).p999 / 1_000),
      2,
    ),
    'tail.lost': lost('ours') === 0 ? 'none is lost' : `${number(lost('ours'))} are lost`,
    'tail.lost-by-fetch': number(lost('fetch')),
    ...slow('slow', 'slow'),
    ...slow('long-tail', 'long tail'),
    'outage.requests': span(
      outages.map(({ perLogin }) => perLogin),
      2,
    ),
    'outage.first-code': span(outages.map(({ firstCode }) => firstCode)),
    'outage.breaker-requests': span(
      breakers.map(({ perLogin }) => perLogin),
      2,
    ),
  };
}

function distanceOf({ distance }) {
  const saved = (trip) =>
    span(
      distance.data.flatMap(({ paces }) => {
        const far = paces.filter(({ roundTrip, gap }) => roundTrip === trip && gap > 4_000);
        const latencies = (wanted) =>
          far.filter(({ kind }) => kind === wanted).map(({ latency }) => latency);
        const kept = latencies('agent');
        return latencies('fetch').map((latency, index) => latency - kept[index]);
      }),
    );
  return { 'distance.saved-50': saved(50), 'distance.saved-150': saved(150) };
}

/** Microseconds of CPU a login, 16 at a time, on the newest Node. */
const microsOf = (cpu) => rowOf(cpu.data.at(-1).rows).at[1].cpu;
/** Seconds that a response takes in the fleet on paper. */
const RESPONSE = 0.08;
/** The share of a core that a process may spend on logins. */
const SHARE = 0.5;
/** Each busy enough for the figures to hold, few enough to be real. */
const PROCESSES = 10;

function scaleOf({ cpu, memory, fleet }) {
  const flight = Math.max(...memory.data.map(({ rows }) => rowOf(rows).flight)) / 2 ** 20;
  const silent = ofKind({ fleet }, 'silent');
  const unavailable = ofKind({ fleet }, 'unavailable');
  const rates = [...new Set(silent.map(({ rate }) => rate))];
  const at = (rows, rate, processes) =>
    rows.find((row) => row.rate === rate && row.processes === processes);
  const cost = rates.map((rate) => {
    const cores = (rate * microsOf(cpu)) / 1e6;
    const { mostOpen } = at(silent, rate, PROCESSES);
    return [
      number(rate),
      number(cores, 2),
      number(Math.ceil(cores / SHARE)),
      number(rate * RESPONSE),
      number(rate * RESPONSE * flight, 1),
      number(mostOpen),
      number(mostOpen * flight),
    ];
  });
  const outage = rates.map((rate) => {
    const [failing, mute] = [unavailable, silent].map((rows) => at(rows, rate, 100));
    return [
      number(rate),
      number(failing.early, 2),
      number(failing.late, 2),
      number(failing.late * rate),
      number(mute.early, 2),
      number(mute.late, 2),
      number(mute.late * rate),
    ];
  });
  return {
    'scale.cost': table(
      [
        'logins a second',
        'cores',
        'processes',
        'connections',
        'MiB',
        'in silence: connections',
        'MiB',
      ],
      cost,
    ),
    'scale.outage': table(
      [
        'logins a second',
        '503: seconds 3 to 10',
        'after 30 s',
        'requests a second',
        'silence: seconds 3 to 10',
        'after 30 s',
        'requests a second',
      ],
      outage,
    ),
  };
}

function table(head, rows) {
  const lines = [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `\n\n${lines.join('\n')}\n\n`;
}
