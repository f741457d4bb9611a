/** Outages of many logins a second, simulated on a fake clock. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { AuthenticationCodeResult } from '../../src/index.js';
import { callOnHeldClock } from '../support/call-on-held-clock.js';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import {
  inMemoryFetch,
  issueCodeInMemory,
  later,
  neverRespond,
  type Reply,
  status,
} from '../support/in-memory-fetch.js';

/** A client whose platform is down in one way, on a clock that stands still. */
function duringOutage(reply: Reply, limits = {}) {
  holdTheClock();
  const { fetch, sent } = inMemoryFetch(reply);
  const client = clientOf(UNUSED_URL, { fetch, ...limits });
  const results: Promise<AuthenticationCodeResult>[] = [];
  const login = (ownLimits = {}) => {
    const result = client.tryCreateAuthenticationCode(`user-${results.length}`, ownLimits);
    results.push(result);
    return result;
  };
  return {
    sent,
    results,
    /** So many logins at once every so many milliseconds, for so many seconds. */
    async logins(count: number, interval: number, seconds: number): Promise<void> {
      for (let time = 0; time < seconds * 1_000; time += interval) {
        for (let call = 0; call < count; call += 1) void login();
        await pass(interval);
      }
    },
    /** More failures at once than there are tokens, within a second. */
    async drain(): Promise<void> {
      for (let call = 0; call < 150; call += 1) void login({ maxRetries: 1 });
      await pass(1_000);
    },
  };
}

/** Faster than vitest's asynchronous way, which waits in real time after each timer. */
async function pass(milliseconds: number): Promise<void> {
  const step = Math.min(milliseconds, 50);
  for (let time = 0; time < milliseconds; time += step) {
    vi.advanceTimersByTime(step);
    await nextTurn();
  }
}

describe('The retry budget of a client', { timeout: 20_000 }, () => {
  test.each<[string, Reply, object]>([
    ['server_error', status(503), {}],
    // Short limits: the fake clock gets slow with the number of its timers.
    ['timeout', neverRespond, { timeout: 300, hedgeAfter: 100 }],
  ])('bounds the requests of an outage at 500 logins a second: %s', async (code, reply, limits) => {
    const { sent, results, logins } = duringOutage(reply, limits);
    await logins(10, 20, 1);
    // By now the 100 stored tokens are spent.
    const before = sent.length;

    await logins(10, 20, 3);

    expect(results.length).toBe(2_000);
    const requests = sent.length - before;
    expect(requests).toBeLessThanOrEqual(1.25 * 1_500);
    // What is there is spent: 0.2 a call, and 10 a second.
    expect(requests).toBeGreaterThanOrEqual(1_500 + 0.2 * 1_500 + 3 * 10 - 10);
    await pass(1_000);
    const codes = (await Promise.all(results)).map((result) => errorOf(result).code);
    expect(new Set(codes)).toEqual(new Set([code]));
  });

  test('leaves a quiet backend all its retries, though its store is drained', async () => {
    withoutBackoff();
    const { sent, logins, drain } = duringOutage(status(503));
    await drain();
    const before = sent.length;

    await logins(1, 1_000, 60);

    expect(sent.length - before).toBe(60 * 3);
  });

  test('starts with 100 tokens, and fills to as many again after an outage', async () => {
    withoutBackoff();
    const { sent, drain } = duringOutage(status(503));
    const retriesOfDrain = async () => {
      const before = sent.length + 150;
      await drain();
      return sent.length - before;
    };

    expect(await retriesOfDrain()).toBe(100);
    // Ten have flown in within a second, and each call brought a fifth of one.
    expect(Math.abs((await retriesOfDrain()) - (10 + 30))).toBeLessThanOrEqual(1);
    await pass(60_000);
    expect(await retriesOfDrain()).toBe(100);
  });

  test('is one for each client', async () => {
    withoutBackoff();
    const { drain } = duringOutage(status(503));
    await drain();
    const { call } = callOnHeldClock({}, status(503), issueCodeInMemory);
    await vi.advanceTimersByTimeAsync(10);

    expect((await call).ok).toBe(true);
  });
});

describe('A call without a token', () => {
  const NOTE =
    " No further attempt was sent: this client's retry budget is spent, as in an outage.";

  /** A client that has spent its budget on calls before, and what meets its next ones. */
  async function withoutToken(...replies: [Reply, ...Reply[]]) {
    withoutBackoff();
    holdTheClock();
    const client = clientOf(UNUSED_URL, { fetch: (...request) => fetch(...request) });
    let { fetch } = inMemoryFetch(status(503));
    const calls = Array.from({ length: 20 }, () =>
      client.tryCreateAuthenticationCode('user-0', { maxRetries: 10 }),
    );
    await vi.advanceTimersByTimeAsync(20);
    await Promise.all(calls);
    const next = inMemoryFetch(...replies);
    fetch = next.fetch;
    return { client, sent: next.sent };
  }

  test('shows a failure at once, and says why it was not sent again', async () => {
    const { client, sent } = await withoutToken(status(503));

    // The clock stands still: a client that waited would never come back.
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'server_error', attempts: 1 });
    expect(error.message.endsWith(NOTE)).toBe(true);
    expect(sent).toHaveLength(1);
  });

  test('waits for a slow attempt, and does not ask for a token again', async () => {
    const { client, sent } = await withoutToken(later(4_000, issueCodeInMemory));

    const call = client.tryCreateAuthenticationCode('user-1', { hedgeAfter: 50 });
    await vi.advanceTimersByTimeAsync(4_000);

    expect((await call).ok).toBe(true);
    expect(sent).toHaveLength(1);
  });

  test('says so when it timed out', async () => {
    const { client } = await withoutToken(neverRespond);

    const call = client.tryCreateAuthenticationCode('user-1', { hedgeAfter: 50, timeout: 60 });
    await vi.advanceTimersByTimeAsync(60);

    const error = errorOf(await call);
    expect(error).toMatchObject({ code: 'timeout', attempts: 1 });
    expect(error.message.endsWith(NOTE)).toBe(true);
  });

  test('says nothing of it when no retry would have helped, or none was left', async () => {
    const { client } = await withoutToken(status(401), status(503));

    for (const options of [{}, { maxRetries: 0 }]) {
      const error = errorOf(await client.tryCreateAuthenticationCode('user-1', options));
      expect(error.message).not.toContain('budget');
    }
  });
});
