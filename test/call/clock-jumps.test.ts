/** Clocks that jump during a call: one that is set, and that of a machine that was frozen. */
import { describe, expect, test, vi } from 'vitest';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { withoutBackoff } from '../support/clock.js';
import { inMemoryFetch, status } from '../support/in-memory-fetch.js';
import {
  answer,
  type Behaviour,
  bodyBytewise,
  hang,
  issueCode,
  startLoopbackServer,
} from '../support/loopback-server.js';

const HOUR = 3_600_000;

const JUMPS: readonly [string, () => void][] = [
  ['the clock is put back by an hour', () => jump(Date, -HOUR)],
  ['the clock is put forward by an hour', () => jump(Date, HOUR)],
  ['performance.now() jumps forward by two hours', () => jump(performance, 2 * HOUR)],
  ['performance.now() jumps back by two hours', () => jump(performance, -2 * HOUR)],
];

/** From now on the clock is so many milliseconds off. */
function jump(clock: Pick<DateConstructor, 'now'>, by: number): void {
  vi.restoreAllMocks();
  withoutBackoff();
  const now = clock.now.bind(clock);
  vi.spyOn(clock, 'now').mockImplementation(() => now() + by);
}

describe.each(JUMPS)('When %s during a call', (_, jumpNow) => {
  test.each<[string, Behaviour]>([
    ['is silent', hang],
    ['sends a byte a while', bodyBytewise(30)],
    ['has a problem of its own', answer(503)],
    ['limits the rate', answer(429, { headers: { 'retry-after': new Date().toUTCString() } })],
  ])('it ends by timeout, though the platform %s', async (_, behaviour) => {
    const server = await startLoopbackServer((exchange) => {
      jumpNow();
      return behaviour(exchange);
    });
    const client = clientOf(server.url, { timeout: 500, hedgeAfter: 200 });
    const timerFired = new Promise<bigint>((resolve) => {
      setTimeout(() => resolve(process.hrtime.bigint()), 500);
    });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    const ended = process.hrtime.bigint();
    expect(Number(ended - (await timerFired)) / 1e6).toBeLessThan(300);
    expect(error.action).toBe('retry_later');
    expect(error.attempts).toBeLessThanOrEqual(3);
    const { retryAfter = 0 } = error.toJSON();
    expect(retryAfter).toSatisfy((wait: number) => wait >= 0 && wait <= 2 ** 31 - 1);
  });

  test('a code lives no longer than 10 minutes from now', async () => {
    const server = await startLoopbackServer((exchange) => {
      jumpNow();
      answer(200, { body: '{"authentication_code":"code-1"}' })(exchange);
    });

    const result = await clientOf(server.url).tryCreateAuthenticationCode('user-1');

    // One that comes when its time seems to be over is not waited for.
    if (!result.ok) expect(result.error.code).toBe('timeout');
    else expect(result.value.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
  });

  test('the next call gets a code', async () => {
    const server = await startLoopbackServer((exchange) => {
      jumpNow();
      return answer(401)(exchange);
    }, issueCode);
    const client = clientOf(server.url);
    await client.tryCreateAuthenticationCode('user-1');

    await client.createAuthenticationCode('user-1');
  });

  test('the retry budget neither grows beyond its store nor is lost', async () => {
    withoutBackoff();
    const { fetch, sent } = inMemoryFetch(status(503));
    const client = clientOf(UNUSED_URL, { fetch, maxRetries: 1 });
    const retriesOf = async (calls: number) => {
      const before = sent.length;
      await Promise.all(
        Array.from({ length: calls }, () => client.tryCreateAuthenticationCode('user-1')),
      );
      return sent.length - before - calls;
    };
    await retriesOf(200);

    jumpNow();

    // A full store, what 200 calls deposit, and what ten seconds of a busy machine bring.
    expect(await retriesOf(200)).toBeLessThanOrEqual(100 + 40 + 100);
    expect(await retriesOf(200)).toBeGreaterThanOrEqual(40);
  });
});
