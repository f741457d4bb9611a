/** 5: latency when the platform is far away and logins are rare. */
import { barChart } from '../support/chart.mjs';
import { startChild } from '../support/children.mjs';
import { nodes } from '../support/nodes.mjs';
import { median } from '../support/statistics.mjs';
import { list, markdownTable, round, span } from '../support/words.mjs';

const ROUND_TRIPS = [50, 150];
const PACES = [
  { gap: 1_000, logins: 10, sites: 1 },
  { gap: 5_000, logins: 7, sites: 1 },
  { gap: 30_000, logins: 2, sites: 4 },
];
const KINDS = ['fetch', 'agent'];
const IDLE_ENDS = [
  { name: 'closes it while it is idle', closeAfter: 500 },
  { name: 'closes it just as the next login uses it', resetReused: true },
  { name: 'forgets it without a word', forgetAfter: 500 },
];

/** For each round trip, pace and kind: handshakes, and the median latency after the first login. */
export async function measureDistance({ node, quick = false }) {
  const far = await startChild('far-server.mjs', { node: nodes().at(-1) });
  // The certificate is nobody's; the servers are this machine.
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const caller = await startChild('far-caller.mjs', { node, env, execArgv: ['--no-warnings'] });
  try {
    const sites = [];
    const paceOf = ({ gap, logins }) => (quick ? { gap: gap / 50, logins: 2 } : { gap, logins });
    for (const site of wantedSites()) sites.push({ ...site, ...(await far.ask({ open: site })) });
    const results = await caller.ask(sites.map((site) => ({ ...site, ...paceOf(site) })));
    for (const [index, result] of results.entries()) {
      const { tls } = await far.ask({ site: sites[index].site });
      // One is the first login's own.
      Object.assign(sites[index], result, { handshakes: tls - 1 });
    }
    return {
      paces: together(sites.filter(({ end }) => end === undefined)),
      ends: together(sites.filter(({ end }) => end !== undefined)),
    };
  } finally {
    await caller.stop();
    await far.stop();
  }
}

function wantedSites() {
  const paces = ROUND_TRIPS.flatMap((roundTrip) =>
    PACES.flatMap(({ sites, ...pace }) =>
      KINDS.flatMap((kind) => Array.from({ length: sites }, () => ({ roundTrip, ...pace, kind }))),
    ),
  );
  const ends = IDLE_ENDS.map(({ name, ...end }) => {
    return { end: name, ...end, roundTrip: 50, gap: 3_000, logins: 10, kind: 'agent' };
  });
  return [...paces, ...ends];
}

/** Sites of one kind as one: what they counted in sum, and their median latency. */
function together(sites) {
  const groups = new Map();
  for (const site of sites) {
    const { roundTrip, gap, kind, end } = site;
    const name = [roundTrip, gap, kind, end].join();
    groups.set(name, [...(groups.get(name) ?? []), site]);
  }
  return [...groups.values()].map((group) => {
    const sum = (what) => group.reduce((total, site) => total + site[what], 0);
    const counts = ['logins', 'handshakes', 'attempts', 'failed'].map((what) => [what, sum(what)]);
    const latency = median(group.flatMap(({ latencies }) => latencies));
    return { ...group[0], ...Object.fromEntries(counts), latency };
  });
}

export const title = 'Latency with distance';
export const packages = ['sentiance-user-link', 'undici'];

export function measure(nodes, quick) {
  return Promise.all(
    nodes.map(async (node) => ({ node, ...(await measureDistance({ node, quick })) })),
  );
}

export function report(results) {
  return [
    INTRODUCTION,
    paceTable(results),
    chart(results),
    '### A connection that the other side gave up',
    endTable(results),
    endChart(results),
    reading(results),
  ].join('\n\n');
}

const INTRODUCTION = `Our client against a TLS server on loopback behind a proxy that holds every byte back for half a round trip. TLS handshakes, each on a new TCP connection, of the logins after a first one, and their median latency in milliseconds: with Node's \`fetch\`, and with an undici \`Agent\` (keepAliveTimeout: 60,000 ms) passed as its \`fetch\` in one line: \`fetch: (url, init) => fetch(url, { ...init, dispatcher })\`. The server keeps connections open and does not say for how long.`;

const cellsOf = ({ roundTrip, gap, logins }) => ({ roundTrip, gap, logins });
const settings = (sites) => sites.filter(({ kind }) => kind === KINDS[0]).map(cellsOf);

const find = (sites, { roundTrip, gap }, kind) =>
  sites.find((s) => s.roundTrip === roundTrip && s.gap === gap && s.kind === kind);

function paceTable(results) {
  const head = [
    'round trip, logins apart',
    ...results.flatMap(({ node }) => [
      `Node ${node.version}: fetch: handshakes`,
      'ms',
      'Agent: handshakes',
      'ms',
    ]),
  ];
  const rows = settings(results[0].paces).map((setting) => [
    labelOfSetting(setting),
    ...results.flatMap(({ paces }) =>
      KINDS.flatMap((kind) => {
        const { handshakes, logins, latency } = find(paces, setting, kind);
        return [`${handshakes} of ${logins}`, round(latency)];
      }),
    ),
  ]);
  return markdownTable(head, rows);
}

const labelOfSetting = ({ roundTrip, gap }) => `${roundTrip} ms, ${gap / 1_000} s`;

function chart(results) {
  const bars = results.flatMap(({ node, paces }) =>
    settings(paces).map((setting) => ({ node, paces, setting })),
  );
  const labels = { fetch: 'fetch', agent: 'fetch with an Agent' };
  return barChart(
    'distance',
    'Median latency of a login, ms, by round trip and time between logins',
    {
      labels: bars.map(({ node, setting }) => `Node ${node.major}: ${labelOfSetting(setting)}`),
      meaning: `A login that finds no open connection waits for two round trips more: ${savedBy(results)}.`,
      series: KINDS.map((kind) => ({
        label: labels[kind],
        values: bars.map(({ paces, setting }) => find(paces, setting, kind).latency),
      })),
    },
  );
}

function endTable(results) {
  const head = [
    'with the Agent, when the other side …',
    ...results.flatMap(({ node }) => [`Node ${node.version}: logins`, 'requests', 'failed', 'ms']),
  ];
  const rows = IDLE_ENDS.map(({ name }, index) => [
    name,
    ...results.flatMap(({ ends }) => {
      const { logins, attempts, failed, latency } = ends[index];
      return [logins, attempts, failed, round(latency)];
    }),
  ]);
  return markdownTable(head, rows);
}

function endChart(results) {
  return barChart('distance-ends', 'Median latency of a login, ms, when the other side …', {
    labels: IDLE_ENDS.map(({ name }) => name),
    meaning:
      'A login that meets a dead connection still gets its code: later by a short wait when the other side says that it is dead, by `hedgeAfter` when nobody says so.',
    series: results.map(({ node, ends }) => ({
      label: `Node ${node.version}`,
      values: ends.map(({ latency }) => latency),
    })),
  });
}

/** Milliseconds that the Agent saved where it saved any. */
function savedBy(results) {
  const saved = results
    .flatMap(({ paces }) =>
      settings(paces).map(
        (setting) => find(paces, setting, 'fetch').latency - find(paces, setting, 'agent').latency,
      ),
    )
    .filter((milliseconds) => milliseconds > 20);
  return saved.length === 0 ? 'nothing that can be seen' : `${span(saved)} ms each`;
}

function reading(results) {
  const paces = results.flatMap((result) => result.paces);
  const shook = paces.filter(({ kind, handshakes }) => kind === 'fetch' && handshakes > 0);
  const gaps = [...new Set(shook.map(({ gap }) => gap / 1_000))];
  const failed = results.flatMap(({ ends }) => ends).reduce((sum, end) => sum + end.failed, 0);
  const silent = results.map(({ ends }) => ends.at(-1).latency);
  return [
    `- Node's \`fetch\` drops a connection that was idle for 4 s, unless the server says how long it keeps it. Logins ${list(gaps.map((gap) => `${gap} s`))} apart connected anew, which costs two round trips more; the Agent saved them ${savedBy(results)}.`,
    `- ${failed === 0 ? 'No login failed' : `${failed} logins failed`} on a connection that the other side gave up: a closed one is noticed before it is used, and one that closes in that moment costs one retry and the random wait before it.`,
    `- The price: a connection that a firewall forgot without a word costs a \`hedgeAfter\`, after which another request goes out beside the silent one (${span(silent)} ms for such a login). Keep the Agent's limit below that of the load balancers and firewalls on the way; 60 s is below most.`,
  ].join('\n');
}
