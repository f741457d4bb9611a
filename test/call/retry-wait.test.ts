import { describe, expect, test, vi } from 'vitest';
import { callOnHeldClock } from '../support/call-on-held-clock.js';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { holdTheClock } from '../support/clock.js';
import {
  inMemoryFetch,
  issueCodeInMemory,
  later,
  neverRespond,
  type Reply,
  status,
} from '../support/in-memory-fetch.js';
import { answer, issueCode, startLoopbackServer } from '../support/loopback-server.js';

/** `Math.random()` always gives this. */
function chance(random: number): void {
  vi.spyOn(Math, 'random').mockReturnValue(random);
}

/** A 429 that asks to wait so many seconds. */
function tooMany(seconds: number): Reply {
  return status(429, { 'retry-after': String(seconds) });
}

describe('The wait before a retry', () => {
  test.each([
    // The fake clock cuts 199.9998 ms down to 199.
    ['up to 200, 400, 800, then 1000 ms', 0.999_999, [199, 399, 799, 999, 999]],
    ['any part of that', 0.25, [50, 100, 200, 250, 250]],
    ['none at all, by chance', 0, [0, 0, 0]],
  ])('is %s', async (_, random, expected) => {
    chance(random);
    holdTheClock();
    const { fetch, sent } = inMemoryFetch(status(503));
    const maxRetries = expected.length;
    const client = clientOf(UNUSED_URL, { fetch, maxRetries, timeout: 60_000 });

    const call = client.tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(59_000);

    expect(errorOf(await call)).toMatchObject({ code: 'server_error', attempts: maxRetries + 1 });
    const times = sent.map(({ sentAt }) => sentAt);
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(expected);
  });

  test('is at least what Retry-After says, over a real socket', async () => {
    const server = await startLoopbackServer(
      answer(429, { headers: { 'retry-after': '1' } }),
      issueCode,
    );

    await clientOf(server.url).createAuthenticationCode('user-1');

    const [first, second] = server.requests.map(({ receivedAt }) => receivedAt);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(998);
  });

  test.each([
    ['seconds', 429, '2', 0, 2_000],
    ['a date', 429, 'Wed, 02 Jan 2030 03:04:08 GMT', 0, 3_000],
    ['seconds, on a 503 too', 503, '1', 0, 1_000],
    ['and half of 200 ms more, by chance', 429, '1', 0.5, 1_100],
    ['and up to 200 ms more, by chance', 429, '1', 0.995, 1_199],
    ['no wait, and up to 200 ms more all the same', 503, '0', 0.995, 199],
  ])('is what Retry-After says: %s', async (_, code, retryAfter, random, expected) => {
    chance(random);
    holdTheClock({ now: new Date('2030-01-02T03:04:05Z') });
    const { fetch, sent } = inMemoryFetch(
      status(code, { 'retry-after': retryAfter }),
      issueCodeInMemory,
    );

    const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(expected - 1);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);

    expect((await call).ok).toBe(true);
  });

  test.each<[string, number, Reply, object]>([
    ['an hour', 60_000, tooMany(3_600), { code: 'rate_limited', retryAfter: 3_600_000 }],
    ['all that is left', 1_000, tooMany(1), { code: 'rate_limited', retryAfter: 1_000 }],
    ['a backoff longer than what is left', 199, status(503), { code: 'server_error' }],
  ])('is not begun when it does not fit: %s', async (_, timeout, reply, expected) => {
    chance(0.999_999);
    holdTheClock();
    const { fetch, sent } = inMemoryFetch(reply, issueCodeInMemory);

    // The clock stands still: a client that waited would never come back.
    const client = clientOf(UNUSED_URL, { fetch, timeout });
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ ...expected, attempts: 1 });
    expect(sent).toHaveLength(1);
  });

  test('is begun when it fits by a millisecond', async () => {
    const { call } = callOnHeldClock({ timeout: 1_001 }, tooMany(1), issueCodeInMemory);
    await vi.advanceTimersByTimeAsync(1_000);

    expect((await call).ok).toBe(true);
  });
});

describe('A Retry-After while another attempt is under way', () => {
  test.each<[string, Reply[], number[]]>([
    [
      'not shortened by a failure of the other',
      [later(1_500, status(503)), tooMany(2)],
      [0, 1_000, 3_000],
    ],
    ['not shortened by a shorter one', [later(1_500, tooMany(1)), tooMany(2)], [0, 1_000, 3_000]],
    ['lengthened by a longer one', [later(1_500, tooMany(2)), tooMany(1)], [0, 1_000, 3_500]],
  ])('is %s', async (_, replies, times) => {
    const [first = neverRespond, second = neverRespond] = replies;
    const { call, sentAt } = callOnHeldClock({}, first, second, issueCodeInMemory);
    await vi.advanceTimersByTimeAsync(4_999);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual(times);
  });

  test('is lengthened while it is a backoff', async () => {
    const { call, sentAt } = callOnHeldClock(
      {},
      later(1_200, status(503)),
      later(300, tooMany(2)),
      issueCodeInMemory,
    );
    // Up to 400 ms after the second attempt: 200, when the Retry-After comes in the middle.
    chance(0.5);
    await vi.advanceTimersByTimeAsync(4_999);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual([0, 1_000, 3_400]);
  });

  test('ends the call when it does not fit, and no other is under way', async () => {
    const { call, sentAt } = callOnHeldClock({}, later(1_500, tooMany(60)), tooMany(2));
    await vi.advanceTimersByTimeAsync(1_500);

    const error = errorOf(await call);

    expect(error).toMatchObject({ code: 'rate_limited', retryAfter: 60_000, attempts: 2 });
    expect(sentAt()).toEqual([0, 1_000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each<[string, Reply, string]>([
    ['no retry after a failure', status(503), 'server_error'],
    ['no shorter one', tooMany(1), 'rate_limited'],
  ])('holds though it does not fit: %s of the other cuts it short', async (_, reply, code) => {
    const { call, sentAt } = callOnHeldClock({}, later(1_500, tooMany(60)), later(900, reply));
    await vi.advanceTimersByTimeAsync(1_910);

    expect(errorOf(await call)).toMatchObject({ code, attempts: 2 });
    expect(sentAt()).toEqual([0, 1_000]);
  });

  test.each<[string, number, number[]]>([
    ['does not fit', 60, [0, 1_000]],
    ['fits', 2, [0, 1_000, 3_500]],
  ])('holds for hedges too: it %s', async (_, seconds, times) => {
    const slow = later(1_500, tooMany(seconds));
    const { call, sentAt } = callOnHeldClock({ maxRetries: 2 }, slow, neverRespond);
    await vi.advanceTimersByTimeAsync(5_000);

    expect(errorOf(await call)).toMatchObject({ code: 'timeout', attempts: times.length });
    expect(sentAt()).toEqual(times);
  });
});
