import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type AttemptEvent, SentianceAbortError, SentianceTimeoutError } from '../../src/index.js';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { deferred } from '../support/deferred.js';
import { garbageCollector } from '../support/garbage-collector.js';
import {
  inMemoryFetch,
  issueCodeInMemory,
  later,
  neverRespond,
  type Reply,
  status,
} from '../support/in-memory-fetch.js';
import { hang, hangInBody, issuedBody, startLoopbackServer } from '../support/loopback-server.js';

const ABORTED = {
  code: 'aborted',
  action: 'none',
  message: "The call was ended by the caller's signal.",
};

describe("The caller's signal", () => {
  test('sends nothing and asks for no key when it aborted before the call', async () => {
    const { fetch, sent } = inMemoryFetch(issueCodeInMemory);
    const apiKey = vi.fn(() => 'test-user-link-key');
    const signal = AbortSignal.abort();

    for (const options of [{ fetch, apiKey }, { fetch }]) {
      const client = clientOf(UNUSED_URL, options);
      const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

      expect(error).toBeInstanceOf(SentianceAbortError);
      expect(error).toMatchObject({ ...ABORTED, attempts: 0 });
    }
    expect(apiKey).not.toHaveBeenCalled();
    expect(sent).toHaveLength(0);
  });

  test('ends the call during a request, with the connections of all its attempts', async () => {
    const server = await startLoopbackServer(hang);
    const controller = new AbortController();
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);
    const client = clientOf(server.url, { onAttempt, hedgeAfter: 20, maxRetries: 1 });

    const call = client.tryCreateAuthenticationCode('user-1', { signal: controller.signal });
    await server.received(2);
    controller.abort();

    expect(errorOf(await call)).toMatchObject({ ...ABORTED, attempts: 2 });
    expect(events).toMatchObject([
      { attempt: 1, code: 'aborted' },
      { attempt: 2, code: 'aborted' },
    ]);
    await Promise.all(server.requests.map(({ closed }) => closed));
    expect(server.requests).toHaveLength(2);
  });

  test('ends the call during a body, with its connection', async () => {
    const server = await startLoopbackServer(hangInBody);
    const controller = new AbortController();
    const headArrived = deferred();
    const events: AttemptEvent[] = [];
    const client = clientOf(server.url, {
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        headArrived.resolve();
        return response;
      },
      onAttempt: (event) => events.push(event),
    });

    const call = client.tryCreateAuthenticationCode('user-1', { signal: controller.signal });
    await headArrived.promise;
    await nextTurn();
    controller.abort();

    expect(errorOf(await call)).toMatchObject({ code: 'aborted', attempts: 1 });
    expect(events).toMatchObject([{ attempt: 1, status: 200, code: 'aborted' }]);
    await server.requests[0]?.closed;
  });

  test('ends a wait between attempts at once', async () => {
    holdTheClock();
    const { fetch, sent } = inMemoryFetch(status(429, { 'retry-after': '3' }));
    const controller = new AbortController();

    const { signal } = controller;
    const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1', { signal });
    await vi.advanceTimersByTimeAsync(1_500);
    controller.abort();

    // The clock stands still: a client that waited on would never come back.
    expect(errorOf(await call)).toMatchObject({ ...ABORTED, attempts: 1 });
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
  });

  test('ends a retry, though memory was collected', async () => {
    withoutBackoff();
    const controller = new AbortController();
    const collectGarbage = garbageCollector();
    const { fetch } = inMemoryFetch(status(503), async (init) => {
      await nextTurn();
      collectGarbage();
      setImmediate(() => controller.abort());
      return neverRespond(init);
    });
    const tenMinutes = 600_000;
    const client = clientOf(UNUSED_URL, { fetch, timeout: tenMinutes, hedgeAfter: tenMinutes });

    const { signal } = controller;
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

    expect(error).toMatchObject({ code: 'aborted', attempts: 2 });
  });

  test.each<[string, () => AbortSignal]>([
    ['no reason', () => abortedSoon()],
    ['a string', () => abortedSoon('the user left')],
    ['null', () => abortedSoon(null)],
    ['an Error', () => abortedSoon(new Error('the user left'))],
    ['a TypeError as of fetch', () => abortedSoon(new TypeError('fetch failed'))],
    ['a DOMException', () => abortedSoon(new DOMException('left', 'TimeoutError'))],
    ['an error of this library', () => abortedSoon(new SentianceTimeoutError('mine'))],
    ['AbortSignal.timeout()', () => AbortSignal.timeout(20)],
    ['AbortSignal.any()', () => AbortSignal.any([AbortSignal.timeout(20), abortedSoon()])],
  ])('gives the same error whatever it aborts with: %s', async (_, makeSignal) => {
    const { fetch } = inMemoryFetch(neverRespond);
    const client = clientOf(UNUSED_URL, { fetch });

    const signal = makeSignal();
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

    expect(error).toMatchObject({ ...ABORTED, attempts: 1 });
    expect(error.cause).toBeUndefined();
    expect(Object.keys(error).sort()).toEqual(['action', 'attempts', 'code']);
  });

  test.each<[string, (controller: AbortController) => object]>([
    ['onAttempt', (controller) => ({ onAttempt: () => controller.abort() })],
    [
      'fetch',
      (controller) => ({
        fetch: async () => {
          controller.abort();
          return new Response('{}');
        },
      }),
    ],
  ])('may abort inside %s: each attempt is reported once all the same', async (_, optionsFor) => {
    const controller = new AbortController();
    const { fetch } = inMemoryFetch(issueCodeInMemory);
    const options = optionsFor(controller);
    const events: AttemptEvent[] = [];
    const onAttempt = vi.fn((event: AttemptEvent) => {
      events.push(event);
      controller.abort();
    });
    const client = clientOf(UNUSED_URL, { fetch, ...options, onAttempt });

    const { signal } = controller;
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

    expect(error).toMatchObject({ code: 'aborted', attempts: 1 });
    expect(events).toHaveLength(1);
  });
});

describe('Once the signal has aborted, at whatever step', () => {
  /** Aborts the call that is under way after so many steps of the microtask queue. */
  async function abortAfter(steps: number, controller: AbortController): Promise<void> {
    for (let step = 0; step < steps; step += 1) await null;
    controller.abort();
  }

  test.each<[string, string | (() => Promise<string>)]>([
    ['a key', 'test-user-link-key'],
    ['a key function', async () => 'test-user-link-key'],
  ])('no request begins: %s', async (_, apiKey) => {
    const requestsSent = new Set<number>();
    for (let steps = 0; steps <= 40; steps += 1) {
      const { fetch, sent } = inMemoryFetch(issueCodeInMemory);
      const controller = new AbortController();
      const client = clientOf(UNUSED_URL, { fetch, apiKey });

      const { signal } = controller;
      const call = client.tryCreateAuthenticationCode('user-1', { signal });
      await abortAfter(steps, controller);
      const result = await call;

      expect(sent.filter(({ alreadyAborted }) => alreadyAborted)).toEqual([]);
      expect(result.ok ? 1 : result.error.attempts).toBe(sent.length);
      if (!result.ok) expect(result.error.code).toBe('aborted');
      requestsSent.add(sent.length);
    }
    expect(requestsSent).toContain(1);
  });

  test.each<[string, number, Reply]>([
    ['retry', 1_000, status(429, { 'retry-after': '1' })],
    ['hedge', 1_000, neverRespond],
  ])('no %s begins, and nothing is left', async (_, dueAt, first) => {
    withoutBackoff();
    holdTheClock();
    const requestsSent = new Set<number>();
    for (let steps = 0; steps <= 60; steps += 1) {
      const { fetch, sent } = inMemoryFetch(first, neverRespond);
      const events: AttemptEvent[] = [];
      const onAttempt = (event: AttemptEvent) => events.push(event);
      const controller = new AbortController();
      const { signal } = controller;
      const client = clientOf(UNUSED_URL, { fetch, onAttempt });

      const call = client.tryCreateAuthenticationCode('user-1', { signal });
      await vi.advanceTimersByTimeAsync(dueAt - 1);
      vi.advanceTimersByTime(1);
      await abortAfter(steps, controller);
      const { attempts, code } = errorOf(await call);
      await nextTurn();

      expect(sent.filter(({ alreadyAborted }) => alreadyAborted)).toEqual([]);
      expect([code, attempts]).toEqual(['aborted', sent.length]);
      expect(events).toHaveLength(sent.length);
      expect(vi.getTimerCount()).toBe(0);
      requestsSent.add(sent.length);
    }
    // Else no step was early enough, or none late enough, to tell anything.
    expect(requestsSent).toEqual(new Set([1, 2]));
  });

  test('no retry begins when a code comes in the step in which its wait ends', async () => {
    const requestsSent = new Set<number>();
    for (let steps = 0; steps <= 60; steps += 1) {
      withoutBackoff();
      holdTheClock();
      const code = deferred<Response>();
      const { fetch, sent } = inMemoryFetch(
        () => code.promise,
        status(429, { 'retry-after': '1' }),
        neverRespond,
      );
      const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1');
      await vi.advanceTimersByTimeAsync(1_010);
      const waited = performance.now() - (sent[1]?.sentAt ?? 0);
      await vi.advanceTimersByTimeAsync(999 - waited);
      code.resolve(new Response(issuedBody));
      for (let step = 0; step < steps; step += 1) await null;
      vi.advanceTimersByTime(1);
      expect((await call).ok).toBe(true);
      await nextTurn();

      expect(sent.filter(({ alreadyAborted }) => alreadyAborted)).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
      requestsSent.add(sent.length);
      vi.useRealTimers();
    }
    expect(requestsSent).toEqual(new Set([2, 3]));
  });
});

describe('Calls that share a signal', () => {
  test('have one listener between them, cause no warning, and leave none', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const release = deferred();
    const { fetch, sent } = inMemoryFetch(async () => {
      await release.promise;
      return issueCodeInMemory({});
    });
    const client = clientOf(UNUSED_URL, { fetch });
    const { signal } = new AbortController();

    const calls = Array.from({ length: 2_000 }, (_, index) =>
      client.tryCreateAuthenticationCode(`user-${index}`, { signal }),
    );
    expect(sent).toHaveLength(2_000);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    release.resolve();
    const results = await Promise.all(calls);
    await nextTurn();

    expect(results.filter(({ ok }) => ok)).toHaveLength(2_000);
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('all end with it', async () => {
    const { fetch } = inMemoryFetch(neverRespond);
    const client = clientOf(UNUSED_URL, { fetch });
    const controller = new AbortController();
    const { signal } = controller;

    const calls = Array.from({ length: 2_000 }, (_, index) =>
      client.tryCreateAuthenticationCode(`user-${index}`, { signal }),
    );
    controller.abort();
    const results = await Promise.all(calls);

    expect(new Set(results.map((result) => errorOf(result).code))).toEqual(new Set(['aborted']));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('do not end each other', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { fetch } = inMemoryFetch(status(401), later(60_000, issueCodeInMemory));
    const client = clientOf(UNUSED_URL, { fetch });
    const short = client.tryCreateAuthenticationCode('user-1', { signal });
    const long = client.tryCreateAuthenticationCode('user-2', { signal });

    expect(errorOf(await short).code).toBe('unauthorized');
    controller.abort();

    expect(errorOf(await long)).toMatchObject({ code: 'aborted', attempts: 1 });
  });
});

/** A signal that aborts in the next turn of the event loop, when the call has begun. */
function abortedSoon(...reason: [unknown?]): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(...reason));
  return controller.signal;
}
