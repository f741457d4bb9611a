import { describe, expect, test, vi } from 'vitest';
import type { AttemptEvent } from '../../src/index.js';
import { callOnHeldClock } from '../support/call-on-held-clock.js';
import { clientOf, errorOf } from '../support/calls.js';
import { deferred } from '../support/deferred.js';
import {
  endless,
  issueCodeInMemory,
  later,
  lost,
  neverRespond,
  type Reply,
  status,
} from '../support/in-memory-fetch.js';
import {
  answer,
  type Behaviour,
  hang,
  hangInBody,
  ISSUED_CODE,
  issueCode,
  startLoopbackServer,
  when,
} from '../support/loopback-server.js';

describe('A slow platform, over real sockets', () => {
  test('gives each of 100 logins its code, since no slow attempt is thrown away', async () => {
    const release = deferred();
    const server = await startLoopbackServer(when(release.promise, issueCode));
    const client = clientOf(server.url, { hedgeAfter: 100, timeout: 60_000 });
    const begun = performance.now();

    const calls = Array.from({ length: 100 }, (_, index) =>
      client.tryCreateAuthenticationCode(`user-${index}`),
    );
    await server.received(200);
    expect(server.requests.filter(({ socket }) => socket.destroyed)).toEqual([]);
    release.resolve();
    const results = await Promise.all(calls);

    expect(results.filter(({ ok }) => ok)).toHaveLength(100);
    const flownIn = ((performance.now() - begun) / 1_000) * 10;
    expect(server.requests.length).toBeLessThanOrEqual(100 + 100 + flownIn);
  });

  test.each<[string, Behaviour, status?: number]>([
    ['never responds', hang],
    ['never ends its body', hangInBody, 200],
  ])('costs about hedgeAfter when one connection %s, which is closed', async (_, first, seen) => {
    const server = await startLoopbackServer(first, issueCode);
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);
    const limits = { hedgeAfter: 100, timeout: 60_000, maxRetries: 1 };
    const client = clientOf(server.url, { ...limits, onAttempt });

    const { authenticationCode } = await client.createAuthenticationCode('user-1');

    expect(authenticationCode).toBe(ISSUED_CODE);
    const [slow, hedge] = server.requests;
    await slow?.closed;
    expect(hedge?.socket.destroyed).toBe(false);
    expect(hedge?.body).toEqual(slow?.body);
    expect(server.requests).toHaveLength(2);
    const { url: platformUrl } = server;
    const duration = expect.any(Number);
    expect(events).toEqual([
      { attempt: 2, duration, platformUrl, status: 200 },
      { attempt: 1, duration, platformUrl, overtaken: true, ...(seen && { status: seen }) },
    ]);
    expect(events[1]?.duration).toBeGreaterThanOrEqual(98);
  });

  test('ends with a 401 of one attempt, and the connection of the other with it', async () => {
    const server = await startLoopbackServer(hang, answer(401));
    const client = clientOf(server.url, { hedgeAfter: 50, maxRetries: 1 });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'unauthorized', status: 401, attempts: 2 });
    await server.requests[0]?.closed;
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['hedgeAfter', { hedgeAfter: 300, timeout: 60_000 }],
    ['timeout, when that is sooner', { hedgeAfter: 60_000, timeout: 300 }],
  ])('shows a 401 whose body never ends after %s, with one request', async (_, limits) => {
    const server = await startLoopbackServer(({ response }) => {
      response.writeHead(401, { 'content-length': 9 }).write('{');
    });

    const error = errorOf(await clientOf(server.url, limits).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'unauthorized', status: 401, attempts: 1 });
    expect(server.requests).toHaveLength(1);
    await server.requests[0]?.closed;
  });
});

describe('A slow attempt', () => {
  test('gets one more beside it at each hedgeAfter, up to maxRetries', async () => {
    const { call, events, sentAt } = callOnHeldClock({}, neverRespond);
    await vi.advanceTimersByTimeAsync(5_000);

    const error = errorOf(await call);

    expect(sentAt()).toEqual([0, 1_000, 2_000]);
    expect(error).toMatchObject({ code: 'timeout', attempts: 3 });
    expect(error).not.toHaveProperty('lastError');
    expect(events.map(({ attempt, code }) => [attempt, code])).toEqual([
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ]);
  });

  test.each([
    ['hedgeAfter is timeout', { hedgeAfter: 5_000 }],
    ['hedgeAfter is more than timeout', { hedgeAfter: 6_000 }],
    ['maxRetries is 0', { maxRetries: 0 }],
  ])('gets none beside it when %s', async (_, options) => {
    const { call, sentAt } = callOnHeldClock(options, neverRespond);
    await vi.advanceTimersByTimeAsync(5_000);

    expect(errorOf(await call)).toMatchObject({ code: 'timeout', attempts: 1 });
    expect(sentAt()).toEqual([0]);
  });

  test('may still bring the code, after its hedges were sent', async () => {
    const { call, events, sentAt } = callOnHeldClock(
      {},
      later(3_000, issueCodeInMemory),
      neverRespond,
    );
    await vi.advanceTimersByTimeAsync(3_000);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual([0, 1_000, 2_000]);
    expect(events.map(({ attempt, overtaken, code }) => [attempt, overtaken, code])).toEqual([
      [1, undefined, undefined],
      [2, true, undefined],
      [3, true, undefined],
    ]);
  });

  test.each<[string, Reply, number[]]>([
    ['a 503', status(503), [0, 1_000, 1_000]],
    ['a 429', status(429), [0, 1_000, 1_000]],
    ['a lost connection', lost('ECONNRESET'), [0, 1_000, 1_000]],
    ['a host that does not exist', lost('ENOTFOUND'), [0, 1_000]],
    ['a certificate that is not trusted', lost('CERT_HAS_EXPIRED'), [0, 1_000]],
  ])('goes on after another one met %s', async (_, failure, times) => {
    const slow = later(1_500, issueCodeInMemory);
    const { call, sentAt } = callOnHeldClock({}, slow, failure, neverRespond);
    await vi.advanceTimersByTimeAsync(1_500);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual(times);
  });

  test.each<[string, Reply, object]>([
    ['a 503', status(503), { code: 'server_error', status: 503 }],
    ['a lost connection', lost('ECONNRESET'), { code: 'connection_failed', reason: 'ECONNRESET' }],
    ['an unknown host', lost('ENOTFOUND'), { code: 'connection_failed', reason: 'ENOTFOUND' }],
  ])('decides the call when it fails last: %s', async (_, failure, error) => {
    const { call } = callOnHeldClock({ maxRetries: 1 }, later(1_500, failure), status(500));
    await vi.advanceTimersByTimeAsync(1_499);
    await vi.advanceTimersByTimeAsync(1);

    expect(errorOf(await call)).toMatchObject({ ...error, attempts: 2 });
  });

  test('is waited for until timeout, when no further attempt is allowed', async () => {
    const { call, events, hasEnded } = callOnHeldClock(
      { maxRetries: 1 },
      neverRespond,
      status(503),
    );
    await vi.advanceTimersByTimeAsync(4_999);
    expect(hasEnded()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    const error = errorOf(await call);

    if (error.code !== 'timeout') throw error;
    expect(error.attempts).toBe(2);
    expect(error.lastError).toMatchObject({ code: 'server_error', status: 503, attempts: 2 });
    expect(events.map(({ attempt, code }) => [attempt, code])).toEqual([
      [2, 'server_error'],
      [1, 'timeout'],
    ]);
  });

  test('ends a wait for a retry with its code', async () => {
    const tooMany = status(429, { 'retry-after': '3' });
    const { call, hasEnded } = callOnHeldClock({}, later(1_500, issueCodeInMemory), tooMany);
    await vi.advanceTimersByTimeAsync(1_499);
    expect(hasEnded()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect((await call).ok).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gets none beside it while a retry is planned', async () => {
    const tooMany = status(429, { 'retry-after': '2' });
    const { sentAt, call } = callOnHeldClock(
      { maxRetries: 10 },
      later(100, tooMany),
      later(1_500, tooMany),
      issueCodeInMemory,
    );
    await vi.advanceTimersByTimeAsync(5_000);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual([0, 2_100, 3_100]);
  });
});

describe('A response whose body never ends', () => {
  test('is a slow attempt, when it is a success', async () => {
    const { call, sentAt } = callOnHeldClock({}, endless(200), issueCodeInMemory);
    await vi.advanceTimersByTimeAsync(1_010);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual([0, 1_000]);
  });

  test('is judged by its head after hedgeAfter, and sent again if that may help', async () => {
    const { call, events, sentAt } = callOnHeldClock({}, endless(503), issueCodeInMemory);
    await vi.advanceTimersByTimeAsync(1_010);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual([0, 1_000]);
    expect(events).toMatchObject([
      { attempt: 1, status: 503, code: 'server_error' },
      { attempt: 2, status: 200 },
    ]);
  });

  test('has as long again when its head came late', async () => {
    const { call, hasEnded } = callOnHeldClock({}, later(1_500, endless(401)), neverRespond);
    await vi.advanceTimersByTimeAsync(2_499);
    expect(hasEnded()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(errorOf(await call)).toMatchObject({ code: 'unauthorized', attempts: 3 });
  });

  test('counts at timeout by its head, beside an attempt that is silent', async () => {
    const { call, events } = callOnHeldClock(
      { timeout: 1_900, maxRetries: 1 },
      later(1_500, endless(503)),
      later(1_700, endless(401)),
    );
    await vi.advanceTimersByTimeAsync(1_900);

    const error = errorOf(await call);

    if (error.code !== 'timeout') throw error;
    expect(error).toMatchObject({ attempts: 2, lastError: { code: 'server_error' } });
    expect(events).toMatchObject([
      { attempt: 1, status: 503, code: 'server_error' },
      { attempt: 2, code: 'timeout' },
    ]);
  });
});
