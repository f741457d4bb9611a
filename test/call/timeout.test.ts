import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { AnySentianceError } from '../../src/index.js';
import { callOnHeldClock } from '../support/call-on-held-clock.js';
import { clientOf, endsOnTime, errorOf, UNUSED_URL } from '../support/calls.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { garbageCollector } from '../support/garbage-collector.js';
import {
  inMemoryFetch,
  later,
  neverRespond,
  type Reply,
  status,
} from '../support/in-memory-fetch.js';
import {
  type Behaviour,
  bodyBytewise,
  hang,
  hangInBody,
  headersBytewise,
  startLoopbackServer,
} from '../support/loopback-server.js';

function timeoutMessage(timeout: number, what = 'did not respond'): string {
  return `127.0.0.1:9 ${what} within ${timeout} ms (timeout, the limit of the whole call). Ask again later.`;
}

describe('timeout', () => {
  test.each<[string, Behaviour, string]>([
    ['never responds', hang, 'did not respond'],
    ['sends a head and half a body', hangInBody, 'responded 200, but not to the end,'],
    ['sends the head a byte at a time', headersBytewise(50), 'did not respond'],
    [
      'sends a byte a second of the body',
      bodyBytewise(1_000),
      'responded 200, but not to the end,',
    ],
  ])('ends the call on time when the server %s', async (_, behaviour, what) => {
    const server = await startLoopbackServer(behaviour);
    const client = clientOf(server.url, { timeout: 300 });

    const result = await endsOnTime(300, () => client.tryCreateAuthenticationCode('user-1'));

    const error = errorOf(result);
    expect(error).toMatchObject({ code: 'timeout', action: 'retry_later', attempts: 1 });
    expect(error).not.toHaveProperty('lastError');
    const { host } = new URL(server.url);
    expect(error.message).toBe(timeoutMessage(300, what).replace('127.0.0.1:9', host));
    await server.requests[0]?.closed;
  });

  test('ends the call in the middle of a retry, and says what the attempt before met', async () => {
    const { call, sentAt } = callOnHeldClock({}, status(429), neverRespond);
    await vi.advanceTimersByTimeAsync(5_000);

    const error = errorOf(await call);

    if (error.code !== 'timeout') throw error;
    expect(error).toMatchObject({ attempts: 3, message: timeoutMessage(5_000) });
    expect(error.lastError).toMatchObject({ code: 'rate_limited', status: 429, attempts: 1 });
    expect(sentAt()).toEqual([0, 0, 1_000]);
  });

  test('ends the call before a retry that was put off by a later Retry-After', async () => {
    const { call, sentAt } = callOnHeldClock(
      {},
      later(1_500, status(503, { 'retry-after': '60' })),
      status(503, { 'retry-after': '2' }),
    );
    await vi.advanceTimersByTimeAsync(1_500);

    expect(errorOf(await call)).toMatchObject({ code: 'server_error', attempts: 2 });
    expect(sentAt()).toEqual([0, 1_000]);
  });

  // Memory is collected at moments of its own choosing: what ends a call must not be collectable.
  test.each<[string, Reply[]]>([
    ['first', []],
    ['third', [status(503), status(500)]],
  ])('ends a call in its %s attempt, though memory was collected', async (_, failures) => {
    withoutBackoff();
    const collectGarbage = garbageCollector();
    const hangAfterCollection: Reply = async (init) => {
      await nextTurn();
      collectGarbage();
      return neverRespond(init);
    };
    const [first = hangAfterCollection, ...others] = failures;
    const { fetch, sent } = inMemoryFetch(first, ...others, hangAfterCollection);
    const client = clientOf(UNUSED_URL, { fetch, timeout: 500 });

    const result = await endsOnTime(500, () => client.tryCreateAuthenticationCode('user-1'));

    expect(errorOf(result)).toMatchObject({ code: 'timeout', attempts: failures.length + 1 });
    expect(sent.at(-1)?.init.signal?.aborted).toBe(true);
  });

  test('counts, when the caller aborts because of it', async () => {
    const controller = new AbortController();
    const { fetch } = inMemoryFetch((init) => {
      init.signal?.addEventListener('abort', () => controller.abort());
      return neverRespond(init);
    });
    const client = clientOf(UNUSED_URL, { fetch, timeout: 20 });

    const { signal } = controller;
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

    expect(error.code).toBe('timeout');
  });

  test('need not be a whole number', async () => {
    const { fetch } = inMemoryFetch(neverRespond);
    const client = clientOf(UNUSED_URL, { fetch, timeout: 20.5 });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error.message).toBe(timeoutMessage(20.5));
  });
});

test('The limits of a single call replace those of the client, for that call only', async () => {
  withoutBackoff();
  holdTheClock();
  const { fetch } = inMemoryFetch(neverRespond);
  const client = clientOf(UNUSED_URL, { fetch, timeout: 600, hedgeAfter: 200, maxRetries: 0 });
  const call = async (options?: object): Promise<AnySentianceError> => {
    const result = client.tryCreateAuthenticationCode('user-1', options);
    await vi.advanceTimersByTimeAsync(600);
    return errorOf(await result);
  };
  const ownLimits = { attempts: 1, message: timeoutMessage(600) };

  expect(await call({ timeout: 300 })).toMatchObject({ message: timeoutMessage(300) });
  expect((await call({ maxRetries: 1 })).attempts).toBe(2);
  expect((await call({ maxRetries: 1, hedgeAfter: 600 })).attempts).toBe(1);
  expect(await call()).toMatchObject(ownLimits);
  const none = { timeout: undefined, hedgeAfter: undefined, maxRetries: undefined };
  expect(await call(none)).toMatchObject(ownLimits);
});

test('A body that always has another chunk ready cannot keep the event loop past timeout', async () => {
  for (const value of [new Uint8Array(), new Uint8Array([32])]) {
    const read = async () => ({ done: false, value });
    const reader = { read, cancel: async () => {} };
    const body = { locked: false, getReader: () => reader, cancel: async () => {} };
    const { headers } = new Response();
    const fetch = async () => ({ status: 200, type: 'basic', headers, bodyUsed: false, body });
    // Else a MiB of single bytes might be read before.
    const client = clientOf(UNUSED_URL, { fetch, timeout: 20 });

    const begun = performance.now();
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'timeout', attempts: 1 });
    expect(performance.now() - begun).toBeLessThan(4_000);
  }
});
