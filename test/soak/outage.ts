/**
 * What 500 logins a second see of an outage of ten seconds, and what they cause, with the client
 * alone and with the circuit breaker of docs/failures.md around it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as library from 'sentiance-user-link';
import { run as runBlock } from '../support/code-blocks.js';
import { countsOf, timed } from '../support/many-calls.js';
import { codeBlockOf } from '../support/pages.js';
import { check, figure, quantile } from './checks.js';
import { type Mode, Platform } from './platform.js';

const KEY = 'test-user-link-key';
const LOGINS_A_SECOND = 500;
const OUTAGE = 10_000;
const BEFORE = 2_000;
const AFTER = 8_000;
/** The client's default. */
const TIMEOUT = 5_000;
/** When the client's store of tokens is spent, also if hedges spend it, which begin after a second. */
const STORE_IS_SPENT = 2;

interface Login {
  begun: number;
  latency: number;
  /** Milliseconds after the timeout, less those that a bare timer beside it was late. */
  late: number;
  /** `code`, the error's code, or `not asked` when the breaker was open. */
  outcome: string;
}

type Ask = (userId: string) => Promise<string>;

const seed = Number(process.argv[2]);
const platform = await Platform.start(seed);
await platform.tell({ keys: [KEY] });

class LoopbackClient extends library.SentianceUserLinkClient {
  constructor() {
    super({ apiKey: KEY, baseUrl: platform.url });
  }
}

function clientAlone(): Ask {
  const client = new LoopbackClient();
  return async (userId) => {
    const result = await client.tryCreateAuthenticationCode(userId);
    return result.ok ? 'code' : result.error.code;
  };
}

/** The recipe as docs/failures.md prints it, but for where its client goes. */
async function clientWithBreaker(): Promise<Ask> {
  const block = codeBlockOf('docs/failures.md', 'A long outage');
  const { codeFor } = await runBlock(block, {
    'sentiance-user-link': { ...library, SentianceUserLinkClient: LoopbackClient },
  });
  return async (userId) => ((await codeFor?.(userId)) ? 'code' : 'no code');
}

/** Logins at a steady rate, whatever becomes of them, with the outage in their middle. */
async function measure(outage: Mode, ask: Ask) {
  const logins: Promise<Login>[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const loopDelay = monitorEventLoopDelay();
  loopDelay.enable();
  const started = performance.now();
  const login = async (begun: number): Promise<Login> => {
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    const { value, duration, timerLate } = await timed(TIMEOUT, () => ask(`user-${begun}`));
    underWay -= 1;
    const late = duration - TIMEOUT - timerLate;
    return { begun, latency: duration, late, outcome: value };
  };
  const loginsUntil = async (end: number) => {
    for (;;) {
      const now = performance.now() - started;
      while (logins.length < (Math.min(now, end) / 1_000) * LOGINS_A_SECOND) {
        logins.push(login(now));
      }
      if (now >= end) return;
      await sleep(10);
    }
  };

  await loginsUntil(BEFORE);
  await platform.tell({ mode: outage });
  await loginsUntil(BEFORE + OUTAGE);
  const { arrivals } = await platform.tell({});
  await platform.tell({ mode: 'well' });
  await loginsUntil(BEFORE + OUTAGE + AFTER);
  const ended = await Promise.all(logins);
  return { logins: ended, mostUnderWay, arrivals, longestTurn: loopDelay.max / 1e6 };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const perSecond = (arrivals: readonly (number | null)[]) =>
  Array.from({ length: OUTAGE / 1_000 }, (_, second) =>
    sum(arrivals.slice(second * 20, second * 20 + 20).map((n) => n ?? 0)),
  );

async function report(title: string, outage: Mode, ask: Ask, isGuarded: boolean): Promise<void> {
  console.log(`\n${title}`);
  const { logins, mostUnderWay, arrivals, longestTurn } = await measure(outage, ask);
  const end = BEFORE + OUTAGE;
  const during = logins.filter(({ begun }) => begun >= BEFORE && begun < end);
  const latencies = during.map(({ latency }) => latency);
  const late = during.filter(({ begun }) => begun >= end - 3_000).map(({ latency }) => latency);
  const requests = perSecond(arrivals);
  const without = logins.filter(({ begun, outcome }) => begun >= end && outcome !== 'code');
  const recoveredAfter = Math.max(0, ...without.map(({ begun }) => begun - end));

  figure('logins', JSON.stringify(countsOf(during.map(({ outcome }) => outcome))));
  const [p50, p99, max] = [0.5, 0.99, 1].map((p) => quantile(latencies, p).toFixed(0));
  figure('a login takes', `${p50} ms (p50), ${p99} ms (p99), ${max} ms (max)`);
  figure('in the last 3 s', `${quantile(late, 0.5).toFixed(1)} ms (p50)`);
  figure('logins under way', mostUnderWay);
  figure('requests in each second', requests.join(' '));
  figure('all logins get codes', `${recoveredAfter.toFixed(0)} ms after the outage`);

  const bounded = requests.slice(STORE_IS_SPENT);
  const perLogin = sum(bounded) / (bounded.length * LOGINS_A_SECOND);
  figure('requests a login, from the third second on', perLogin.toFixed(3));
  const latest = Math.max(...logins.map((login) => login.late));
  figure('the last one ends after its timeout', `${latest.toFixed(0)} ms`);
  figure('the longest turn of the event loop', `${longestTurn.toFixed(0)} ms`);
  // A turn may lie between the bare timer and the client's, which begins a moment later.
  check('every login ends by its timeout', latest <= 50 + longestTurn);
  check('requests are at most 1.25 a login, from the third second on', perLogin <= 1.25);
  check('logins get codes again', recoveredAfter < AFTER - 500);
  if (isGuarded) {
    check('with the breaker, logins wait for nothing in the end', quantile(late, 0.5) < 20);
    check('with the breaker, the platform is left alone in the end', (requests.at(-1) ?? 0) < 20);
  }
}

// The recipe's own log, a line for each login.
console.error = () => {};

for (const [kind, mode] of [
  ['responds 503', 'unavailable'],
  ['is silent', 'silent'],
] as const) {
  await report(`The platform ${kind}: the client alone`, mode, clientAlone(), false);
  await report(`The platform ${kind}: with the breaker`, mode, await clientWithBreaker(), true);
}
platform.stop();
