/** What many calls see and cause: the deadline holds for each, and retries never multiply load. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { SentianceError } from '../src/index.js';
import { clientOf, UNUSED_URL } from './support/calls.js';
import { holdTheClock } from './support/clock.js';
import { hangInHead } from './support/fault-servers.js';
import { inMemoryFetch, status } from './support/in-memory-fetch.js';
import {
  answer,
  type Behaviour,
  bodyBytewise,
  cutOff,
  delayed,
  hang,
  hangInBody,
  hangUp,
  headersBytewise,
  issueCode,
  raw,
  redirect,
  reset,
  startLoopbackServer,
} from './support/loopback-server.js';
import { countsOf, timed } from './support/many-calls.js';
import { RANDOM_CASES, RANDOM_SEED } from './support/random-cases.js';

const RANDOM_BEHAVIOURS: readonly Behaviour[] = [
  issueCode,
  issueCode,
  issueCode,
  delayed(100, issueCode),
  hang,
  hangInHead,
  hangInBody,
  headersBytewise(20),
  bodyBytewise(20),
  bodyBytewise(20, 503),
  reset,
  hangUp,
  cutOff('content-length'),
  cutOff('chunked'),
  raw('220 mail.example ESMTP\r\n'),
  ...[401, 403, 404, 408, 500, 501, 502, 503].map((code) => answer(code)),
  ...['0', '1', '3600', 'soon'].map((wait) => answer(429, { headers: { 'retry-after': wait } })),
  redirect('/elsewhere'),
  answer(200, { body: '<!doctype html>' }),
  answer(200, { body: ' '.repeat(2 ** 20 + 1) }),
  answer(200, { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }),
];

describe('Calls to a server that chooses a fault at random', () => {
  const CALLS = Math.max(1_000, RANDOM_CASES);
  const LIMITS = { timeout: 150, totalTimeout: 500, maxRetries: 2 };
  const CONCURRENCY = 50;

  /** Chooses by the call and its attempt, so that the order of arrival does not matter. */
  function chosenAtRandom(): Behaviour {
    const attemptsOf = new Map<string, number>();
    const perCall = LIMITS.maxRetries + 1;
    const choices = fc.sample(fc.noBias(fc.constantFrom(...RANDOM_BEHAVIOURS)), {
      numRuns: CALLS * perCall,
      seed: RANDOM_SEED,
    });
    return (exchange) => {
      const { external_id: id } = JSON.parse(String(exchange.request.body));
      const attempt = attemptsOf.get(id) ?? 0;
      attemptsOf.set(id, attempt + 1);
      return choices[Number(id) * perCall + attempt]?.(exchange);
    };
  }

  test('end within totalTimeout, all of them', { timeout: 120_000 }, async ({ annotate }) => {
    const server = await startLoopbackServer(chosenAtRandom());
    const client = clientOf(server.url, LIMITS);
    const endings: string[] = [];
    let latest = 0;

    await inParallel(CALLS, CONCURRENCY, async (index) => {
      const {
        value: result,
        duration,
        timerLate,
      } = await timed(LIMITS.totalTimeout, () => client.tryCreateAuthenticationCode(String(index)));
      if (!result.ok) expect(result.error).toBeInstanceOf(SentianceError);
      endings.push(result.ok ? 'ok' : result.error.code);
      // What a bare timer was late beside it is this machine's doing.
      latest = Math.max(latest, duration - LIMITS.totalTimeout - timerLate);
    });

    await annotate(`seed ${RANDOM_SEED}: ${JSON.stringify(countsOf(endings))}`);
    expect(endings).toHaveLength(CALLS);
    expect(endings).toEqual(expect.arrayContaining(['ok', 'timeout', 'unauthorized', 'rejected']));
    expect(endings).toEqual(expect.arrayContaining(['unexpected_redirect', 'invalid_response']));
    expect(latest).toBeLessThanOrEqual(50);
    expect(server.requests.length).toBeLessThanOrEqual(CALLS * (1 + LIMITS.maxRetries));
  });
});

describe('Calls to a server that always answers 503', () => {
  /** When each request was sent, after the calls began all at once. */
  async function requestsOf(calls: number, maxRetries: number): Promise<number[]> {
    const [random, ...more] = fc.sample(fc.noBias(fc.nat(999_999)), {
      numRuns: calls * 3,
      seed: RANDOM_SEED,
    });
    const numbers = [random ?? 0, ...more].values();
    vi.spyOn(Math, 'random').mockImplementation(() => (numbers.next().value ?? 0) / 1_000_000);
    holdTheClock();
    const begun = performance.now();
    const { fetch, sent } = inMemoryFetch(status(503));
    const client = clientOf(UNUSED_URL, { fetch, maxRetries });

    const all = Array.from({ length: calls }, () => client.tryCreateAuthenticationCode('user-1'));
    await vi.advanceTimersByTimeAsync(5_000);

    for (const result of await Promise.all(all)) expect(result).toMatchObject({ ok: false });
    return sent.map(({ sentAt }) => sentAt - begun);
  }

  test('cause one request each with maxRetries 0', async () => {
    expect(await requestsOf(250, 0)).toEqual(Array(250).fill(0));
  });

  test('cause one request more for each retry, and none beyond', async () => {
    for (const maxRetries of [1, 2]) {
      expect(await requestsOf(250, maxRetries)).toHaveLength(250 * (1 + maxRetries));
    }
  });

  test('spread their retries over the whole wait', async () => {
    const retries = (await requestsOf(250, 1)).slice(250);

    const perSlice = countsOf(retries.map((time) => Math.floor(time / 20)));

    // 25 in each slice of 20 ms if all were alike; without jitter, 250 in one.
    expect(Object.keys(perSlice)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(Math.max(...Object.values(perSlice))).toBeLessThan(45);
    expect(Math.min(...Object.values(perSlice))).toBeGreaterThan(10);
  });
});

/** Does the work for 0, 1, 2 …, for so many of them at a time. */
async function inParallel(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const indices = Array(count).keys();
  const worker = async () => {
    for (const index of indices) await work(index);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
