/** What many calls see and cause: timeout holds for each, and retries are bounded and spread. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { type AttemptEvent, SentianceError } from '../../src/index.js';
import { clientOf, UNUSED_URL } from '../support/calls.js';
import { holdTheClock } from '../support/clock.js';
import { hangInHead } from '../support/faults/servers.js';
import { inMemoryFetch, status } from '../support/in-memory-fetch.js';
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
} from '../support/loopback-server.js';
import { countsOf, timed } from '../support/many-calls.js';
import { RANDOM_CASES, RANDOM_SEED } from '../support/random-cases.js';

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
  const CALLS = RANDOM_CASES;
  const LIMITS = { timeout: 1_000, hedgeAfter: 250, maxRetries: 2 };
  const CONCURRENCY = 25;

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

  test('end within timeout, all of them', { timeout: 120_000 }, async ({ annotate }) => {
    const server = await startLoopbackServer(chosenAtRandom());
    const attempts: number[] = [];
    const endings: string[] = [];
    let latest = 0;

    await inParallel(CALLS, CONCURRENCY, async (index) => {
      const events: AttemptEvent[] = [];
      // Each call has a client of its own, and so a token for each retry and hedge.
      const client = clientOf(server.url, { ...LIMITS, onAttempt: (event) => events.push(event) });
      const {
        value: result,
        duration,
        timerLate,
      } = await timed(LIMITS.timeout, () => client.tryCreateAuthenticationCode(String(index)));
      if (!result.ok) {
        expect(result.error).toBeInstanceOf(SentianceError);
        expect(result.error.attempts).toBe(events.length);
      }
      attempts.push(events.length);
      endings.push(result.ok ? 'ok' : result.error.code);
      // What a bare timer was late beside it is this machine's doing, and more that it does between.
      latest = Math.max(latest, duration - LIMITS.timeout - timerLate);
    });

    await annotate(`seed ${RANDOM_SEED}: ${JSON.stringify(countsOf(endings))}`);
    expect(endings).toHaveLength(CALLS);
    // Which ones depends on how busy this machine is.
    expect(new Set(endings).size).toBeGreaterThanOrEqual(3);
    expect(latest).toBeLessThanOrEqual(1_000);
    expect(Math.max(...attempts)).toBe(1 + LIMITS.maxRetries);
    expect(server.requests.length).toBeLessThanOrEqual(CALLS * (1 + LIMITS.maxRetries));
  });
});

test('Retries after an outage that met many calls at once are spread over the whole wait', async () => {
  const numbers = fc
    .sample(fc.noBias(fc.nat(999_999)), { numRuns: 200, seed: RANDOM_SEED })
    .values();
  vi.spyOn(Math, 'random').mockImplementation(() => (numbers.next().value ?? 0) / 1_000_000);
  holdTheClock();
  const begun = performance.now();
  const { fetch, sent } = inMemoryFetch(status(503));
  const client = clientOf(UNUSED_URL, { fetch, maxRetries: 1 });

  const all = Array.from({ length: 100 }, () => client.tryCreateAuthenticationCode('user-1'));
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all(all);

  const perSlice = countsOf(sent.slice(100).map(({ sentAt }) => Math.floor((sentAt - begun) / 40)));
  // 20 in each slice of 40 ms if all were alike; without jitter, 100 in one.
  expect(Object.keys(perSlice)).toEqual(['0', '1', '2', '3', '4']);
  expect(Math.max(...Object.values(perSlice))).toBeLessThan(35);
  expect(Math.min(...Object.values(perSlice))).toBeGreaterThan(8);
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
