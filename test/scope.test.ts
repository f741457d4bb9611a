import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type AttemptEvent,
  type AuthenticationCodeResult,
  SentianceAbortError,
  SentianceServerError,
  SentianceTimeoutError,
} from '../src/index.js';
import { clientOf, endsOnTime, errorOf, UNUSED_URL } from './support/calls.js';
import { holdTheClock, withoutBackoff } from './support/clock.js';
import { deferred } from './support/deferred.js';
import {
  inMemoryFetch,
  issueCodeInMemory,
  neverAnswer,
  type Reply,
  status,
} from './support/in-memory-fetch.js';
import {
  answer,
  type Behaviour,
  bodyBytewise,
  hang,
  hangInBody,
  headersBytewise,
  ISSUED_CODE,
  issueCode,
  type LoopbackServer,
  startLoopbackServer,
  when,
} from './support/loopback-server.js';

const ABORT_MESSAGE = "The call was ended by the caller's signal.";

function totalMessage(url: string, totalTimeout: number): string {
  return `${new URL(url).host} did not answer within ${totalTimeout} ms (totalTimeout, the limit of the whole call). Ask again later.`;
}

/** `message`, of an answer that had begun. */
function begunWith(status: number | undefined, message: string): string {
  if (status === undefined) return message;
  return message.replace('did not answer', `answered ${status}, but not to the end,`);
}

function attemptMessage(url: string, timeout: number): string {
  return `${new URL(url).host} did not answer within ${timeout} ms (timeout, the limit of one attempt). Ask again later.`;
}

/** An error that must be a timeout, whose `lastError` the tests look at. */
function timeoutOf(result: AuthenticationCodeResult): SentianceTimeoutError {
  const error = errorOf(result);
  if (!(error instanceof SentianceTimeoutError)) throw error;
  return error;
}

describe('totalTimeout', () => {
  test.each<[string, Behaviour, status?: number]>([
    ['never answers', hang],
    ['sends a head and half a body', hangInBody, 200],
    ['sends the head a byte at a time', headersBytewise(50)],
    ['sends the body a byte at a time', bodyBytewise(50), 200],
    ['sends a byte a second of the head', headersBytewise(1_000)],
    ['sends a byte a second of the body', bodyBytewise(1_000), 200],
  ])('ends the call on time when the server %s', async (_, behaviour, status) => {
    const server = await startLoopbackServer(behaviour);
    const client = clientOf(server.url, { totalTimeout: 300 });

    const result = await endsOnTime(300, () => client.tryCreateAuthenticationCode('user-1'));

    const error = timeoutOf(result);
    expect(error).toMatchObject({
      code: 'timeout',
      action: 'retry_later',
      attempts: 1,
      message: begunWith(status, totalMessage(server.url, 300)),
    });
    expect(error).not.toHaveProperty('lastError');
    await allClosed(server);
  });

  test('ends the call in the middle of a retry', async () => {
    holdTheClock();
    withoutBackoff();
    const { fetch } = inMemoryFetch(neverAnswer);
    const client = clientOf(UNUSED_URL, { fetch, timeout: 120, maxRetries: 10 });

    const call = client.tryCreateAuthenticationCode('user-1', { totalTimeout: 300 });
    await vi.advanceTimersByTimeAsync(300);

    const error = timeoutOf(await call);
    expect(error).toMatchObject({ attempts: 3, message: totalMessage(UNUSED_URL, 300) });
    expect(error.lastError).toBeInstanceOf(SentianceTimeoutError);
    expect(error.lastError).toMatchObject({ attempts: 2 });
    expect(error.lastError?.message).toBe(attemptMessage(UNUSED_URL, 120));
  });

  // Memory is collected at moments of its own choosing: what ends a call must not be collectable.
  test.each<[string, Reply[]]>([
    ['first', []],
    ['second', [status(503)]],
    ['third', [status(503), status(500)]],
  ])('ends a call in its %s attempt, though memory was collected', async (_, failures) => {
    withoutBackoff();
    const collectGarbage = garbageCollector();
    const [first = neverAnswer, ...others] = failures;
    const { fetch, sent } = inMemoryFetch(first, ...others, async (init) => {
      await nextTurn();
      collectGarbage();
      return neverAnswer(init);
    });
    const client = clientOf(UNUSED_URL, { fetch, timeout: 4_000, totalTimeout: 300 });
    if (failures.length === 0) setImmediate(collectGarbage);

    const result = await endsOnTime(300, () => client.tryCreateAuthenticationCode('user-1'));

    expect(timeoutOf(result).attempts).toBe(failures.length + 1);
    expect(sent.at(-1)?.init.signal?.aborted).toBe(true);
  });

  test('says what the attempt before met', async () => {
    holdTheClock();
    withoutBackoff();
    const { fetch } = inMemoryFetch(status(503), neverAnswer);
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout: 300 });

    const call = client.tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(300);

    const error = timeoutOf(await call);
    expect(error).toMatchObject({ attempts: 2, message: totalMessage(UNUSED_URL, 300) });
    expect(error.lastError).toBeInstanceOf(SentianceServerError);
    expect(error.lastError).toMatchObject({ status: 503, attempts: 1 });
  });

  test('covers the key function, and nothing is sent when its key comes too late', async () => {
    const { fetch, sent } = inMemoryFetch(issueCodeInMemory);
    const key = deferred<string>();
    const client = clientOf(UNUSED_URL, { fetch, apiKey: () => key.promise, totalTimeout: 300 });

    const result = await endsOnTime(300, () => client.tryCreateAuthenticationCode('user-1'));

    expect(errorOf(result)).toMatchObject({
      code: 'timeout',
      attempts: 0,
      message:
        'The apiKey function did not answer within 300 ms (totalTimeout, the limit of the whole call). Ask again later.',
    });
    key.resolve('test-user-link-key');
    await nextTurn();
    expect(sent).toHaveLength(0);
  });

  test('counts, when the caller aborts because of it', async () => {
    const controller = new AbortController();
    const { fetch } = inMemoryFetch((init) => {
      init.signal?.addEventListener('abort', () => controller.abort());
      return neverAnswer(init);
    });
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout: 20 });

    const result = await client.tryCreateAuthenticationCode('user-1', {
      signal: controller.signal,
    });

    expect(errorOf(result).message).toBe(totalMessage(UNUSED_URL, 20));
  });

  test('need not be a whole number', async () => {
    const { fetch } = inMemoryFetch(neverAnswer);
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout: 20.5 });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error.message).toBe(totalMessage(UNUSED_URL, 20.5));
  });
});

describe('timeout', () => {
  test('ends an attempt, and the next one may succeed', async () => {
    withoutBackoff();
    const server = await startLoopbackServer(hang, issueCode);
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);
    const client = clientOf(server.url, { timeout: 400, onAttempt });

    const code = await client.createAuthenticationCode('user-1');

    expect(code.authenticationCode).toBe(ISSUED_CODE);
    const [first, second] = events;
    expect(events).toHaveLength(2);
    expect(first).toMatchObject({ attempt: 1, code: 'timeout', platformUrl: server.url });
    expect(first).not.toHaveProperty('status');
    expect(first?.duration).toBeGreaterThanOrEqual(398);
    expect(second).toMatchObject({ attempt: 2, status: 200 });
    expect(second).not.toHaveProperty('code');
  });

  test.each<[string, Behaviour, status?: number]>([
    ['never answers', hang],
    ['sends the head a byte at a time', headersBytewise(50)],
    ['sends the body a byte at a time', bodyBytewise(50), 200],
  ])('ends the attempt on time when the server %s', async (_, behaviour, status) => {
    const server = await startLoopbackServer(behaviour);
    const client = clientOf(server.url, { timeout: 300, maxRetries: 0 });

    const result = await endsOnTime(300, () => client.tryCreateAuthenticationCode('user-1'));

    const error = timeoutOf(result);
    expect(error).toMatchObject({
      attempts: 1,
      message: begunWith(status, attemptMessage(server.url, 300)),
    });
    expect(error).not.toHaveProperty('lastError');
    await allClosed(server);
  });

  test.each<[string, Reply, object]>([
    ['a timeout', neverAnswer, { code: 'timeout', attempts: 1 }],
    ['an answer', status(429), { code: 'rate_limited', status: 429, attempts: 1 }],
  ])('says what the attempt before met: %s', async (_, before, lastError) => {
    holdTheClock();
    withoutBackoff();
    const { fetch, sent } = inMemoryFetch(before, neverAnswer);
    const client = clientOf(UNUSED_URL, { fetch, timeout: 150, maxRetries: 1 });

    const call = client.tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(500);

    const error = timeoutOf(await call);
    expect(error).toMatchObject({ attempts: 2, message: attemptMessage(UNUSED_URL, 150) });
    expect(error.lastError).toMatchObject(lastError);
    expect(sent).toHaveLength(2);
  });
});

describe('Limits of a single call', () => {
  test('replace those of the client, for that call only', async () => {
    withoutBackoff();
    const server = await startLoopbackServer(hang);
    const client = clientOf(server.url, { timeout: 100, totalTimeout: 5_000, maxRetries: 0 });
    const call = async (options?: Parameters<typeof client.tryCreateAuthenticationCode>[1]) =>
      errorOf(await client.tryCreateAuthenticationCode('user-1', options));

    expect((await call({ timeout: 50 })).message).toBe(attemptMessage(server.url, 50));
    expect((await call({ totalTimeout: 40 })).message).toBe(totalMessage(server.url, 40));
    expect((await call({ maxRetries: 1 })).attempts).toBe(2);
    expect(await call()).toMatchObject({ attempts: 1, message: attemptMessage(server.url, 100) });
    expect(await call({ timeout: undefined, maxRetries: undefined })).toMatchObject({
      attempts: 1,
      message: attemptMessage(server.url, 100),
    });
  });
});

describe("The caller's signal", () => {
  test('sends nothing and asks for no key when it aborted before the call', async () => {
    const { fetch, sent } = inMemoryFetch(issueCodeInMemory);
    const apiKey = vi.fn(() => 'test-user-link-key');
    const signal = AbortSignal.abort();

    for (const options of [{ fetch, apiKey }, { fetch }]) {
      const client = clientOf(UNUSED_URL, options);
      const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

      expect(error).toBeInstanceOf(SentianceAbortError);
      expect(error).toMatchObject({
        code: 'aborted',
        action: 'none',
        attempts: 0,
        message: ABORT_MESSAGE,
      });
    }
    expect(apiKey).not.toHaveBeenCalled();
    expect(sent).toHaveLength(0);
  });

  test.each<[string, (controller: AbortController) => string | Promise<string>]>([
    [
      'while the key function is asked',
      (controller) => {
        setImmediate(() => controller.abort());
        return new Promise(() => {});
      },
    ],
    [
      'inside the key function',
      (controller) => {
        controller.abort();
        return 'test-user-link-key';
      },
    ],
    [
      'inside a key function that then never gives one',
      (controller) => {
        controller.abort();
        return new Promise(() => {});
      },
    ],
    [
      'inside a key function that then throws',
      (controller) => {
        controller.abort();
        throw new Error('vault sealed');
      },
    ],
  ])('ends the call %s', async (_, keyFunction) => {
    const { fetch, sent } = inMemoryFetch(issueCodeInMemory);
    const controller = new AbortController();
    const client = clientOf(UNUSED_URL, { fetch, apiKey: () => keyFunction(controller) });

    const { signal } = controller;
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

    expect(error).toMatchObject({ code: 'aborted', attempts: 0, message: ABORT_MESSAGE });
    expect(sent).toHaveLength(0);
  });

  test('ends the call during a request, and its connection with it', async () => {
    const server = await startLoopbackServer(hang);
    const controller = new AbortController();
    const events: AttemptEvent[] = [];
    const client = clientOf(server.url, { onAttempt: (event) => events.push(event) });

    const call = client.tryCreateAuthenticationCode('user-1', { signal: controller.signal });
    await server.received(1);
    controller.abort();

    expect(errorOf(await call)).toMatchObject({
      code: 'aborted',
      attempts: 1,
      message: ABORT_MESSAGE,
    });
    expect(events).toMatchObject([{ attempt: 1, code: 'aborted' }]);
    await allClosed(server);
    expect(server.requests).toHaveLength(1);
  });

  test('ends the call during a body, and its connection with it', async () => {
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
    await allClosed(server);
  });

  test('ends a wait between attempts at once', async () => {
    holdTheClock();
    const attemptEnded = deferred();
    const { fetch, sent } = inMemoryFetch(status(429, { 'retry-after': '3' }));
    const client = clientOf(UNUSED_URL, { fetch, onAttempt: () => attemptEnded.resolve() });
    const controller = new AbortController();

    const call = client.tryCreateAuthenticationCode('user-1', { signal: controller.signal });
    await attemptEnded.promise;
    await vi.advanceTimersByTimeAsync(1_500);
    controller.abort();

    // The clock stands still: a client that waited on would never come back.
    expect(errorOf(await call)).toMatchObject({
      code: 'aborted',
      attempts: 1,
      message: ABORT_MESSAGE,
    });
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
      return neverAnswer(init);
    });
    const tenMinutes = 600_000;
    const limits = { timeout: tenMinutes, totalTimeout: tenMinutes };
    const client = clientOf(UNUSED_URL, { fetch, ...limits });

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
    const server = await startLoopbackServer(hang);
    const signal = makeSignal();

    const error = errorOf(
      await clientOf(server.url).tryCreateAuthenticationCode('user-1', { signal }),
    );

    expect(error).toBeInstanceOf(SentianceAbortError);
    expect(error).toMatchObject({ code: 'aborted', action: 'none', message: ABORT_MESSAGE });
    expect(error.cause).toBeUndefined();
    expect(Object.keys(error).sort()).toEqual(['action', 'attempts', 'code']);
  });

  /** Aborts the call that is under way after so many steps of the microtask queue. */
  async function abortAfter(steps: number, controller: AbortController): Promise<void> {
    for (let step = 0; step < steps; step += 1) await null;
    controller.abort();
  }

  test.each<[string, string | (() => Promise<string>)]>([
    ['a key', 'test-user-link-key'],
    ['a key function', async () => 'test-user-link-key'],
  ])('lets no request begin once it has aborted, at whatever step: %s', async (_, apiKey) => {
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

  test('lets no retry begin once it has aborted, at whatever step after the wait', async () => {
    holdTheClock();
    const requestsSent = new Set<number>();
    for (let steps = 0; steps <= 40; steps += 1) {
      const tooMany = status(429, { 'retry-after': '1' });
      const { fetch, sent } = inMemoryFetch(tooMany, issueCodeInMemory);
      const controller = new AbortController();

      const { signal } = controller;
      const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1', {
        signal,
      });
      await vi.advanceTimersByTimeAsync(999);
      vi.advanceTimersByTime(1);
      await abortAfter(steps, controller);
      const result = await call;

      expect(sent.filter(({ alreadyAborted }) => alreadyAborted)).toEqual([]);
      expect(result.ok ? 2 : result.error.attempts).toBe(sent.length);
      if (!result.ok) expect(result.error.code).toBe('aborted');
      requestsSent.add(sent.length);
    }
    // Else no step was early enough, or none late enough, to tell anything.
    expect(requestsSent).toEqual(new Set([1, 2]));
  });
});

describe('After a call', () => {
  const outcomes: [string, string, Reply[], object][] = [
    ['a code', 'ok', [issueCodeInMemory], {}],
    ['a code after a retry', 'ok', [status(503), issueCodeInMemory], {}],
    ['a code after an attempt that timed out', 'ok', [neverAnswer, issueCodeInMemory], {}],
    ['an error', 'unauthorized', [status(401)], {}],
    ['retries that were of no use', 'server_error', [status(503)], {}],
    ['a wait that did not fit', 'rate_limited', [status(429, { 'retry-after': '9' })], {}],
    ['timeout', 'timeout', [neverAnswer], { maxRetries: 0 }],
    ['totalTimeout', 'timeout', [neverAnswer], { totalTimeout: 20 }],
  ];

  test.each(outcomes)('no timer and no listener is left: %s', async (_, code, replies, limits) => {
    holdTheClock();
    withoutBackoff();
    const [first = issueCodeInMemory, ...others] = replies;
    const { signal } = new AbortController();
    const { fetch } = inMemoryFetch(first, ...others);
    const during: number[][] = [];
    const client = clientOf(UNUSED_URL, {
      timeout: 50,
      fetch: (url, init) => {
        during.push([getEventListeners(signal, 'abort').length, Math.min(vi.getTimerCount(), 1)]);
        return fetch(url, init);
      },
    });

    const call = client.tryCreateAuthenticationCode('user-1', { signal, ...limits });
    const left = call.then(() => [getEventListeners(signal, 'abort').length, vi.getTimerCount()]);
    await vi.advanceTimersByTimeAsync(1_000);

    const result = await call;
    expect(result.ok ? 'ok' : result.error.code).toBe(code);
    expect(during).toEqual(during.map(() => [1, 1]));
    expect(await left).toEqual([0, 0]);
  });

  test.each<[string, Reply]>([
    ['in a request', neverAnswer],
    ['in a wait', status(429, { 'retry-after': '3' })],
  ])('no timer and no listener is left: an abort %s', async (_, reply) => {
    holdTheClock();
    const { fetch } = inMemoryFetch(reply);
    const controller = new AbortController();
    const { signal } = controller;

    const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1', { signal });
    await vi.advanceTimersByTimeAsync(500);
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    controller.abort();

    expect(errorOf(await call).code).toBe('aborted');
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each([
    ['', new Error('sealed')],
    [' (ETIMEDOUT)', Object.assign(new Error('sealed'), { code: 'ETIMEDOUT' })],
  ])('no timer and no listener is left: a key function that failed%s', async (reason, failure) => {
    holdTheClock();
    const { signal } = new AbortController();
    const client = clientOf(UNUSED_URL, { apiKey: () => Promise.reject(failure) });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

    expect(error).toMatchObject({
      code: 'invalid_configuration',
      message: `The apiKey function failed${reason}. What it threw is not shown, since it may hold the key: log it inside the function.`,
    });
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each<[string, object]>([
    ['addEventListener', { addEventListener: fail, removeEventListener() {} }],
    ['removeEventListener', { addEventListener() {}, removeEventListener: fail }],
  ])('no timer is left by a signal that is none: its %s throws', async (_, methods) => {
    holdTheClock();
    const { fetch } = inMemoryFetch(issueCodeInMemory);
    const signal = { aborted: false, ...methods } as unknown as AbortSignal;

    const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1', { signal });

    expect(errorOf(await call)).toMatchObject({
      code: 'invalid_configuration',
      message:
        'The client could not be used as it was called. Call the method on its client, as client.createAuthenticationCode(…), with a signal that is an AbortSignal.',
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a connection is closed when no answer came over it, and kept when one did', async () => {
    withoutBackoff();
    const server = await startLoopbackServer(hang, issueCode);

    await clientOf(server.url, { timeout: 400 }).createAuthenticationCode('user-1');

    const [hung, answered] = server.requests;
    await hung?.closed;
    expect(answered?.socket.destroyed).toBe(false);
  });

  test.each<[string, string, Behaviour, string]>([
    ['a code', 'ok', issueCode, '{}'],
    ['an error', 'server_error', answer(503), '{ maxRetries: 1 }'],
    ['timeout', 'timeout', hang, '{ timeout: 100, maxRetries: 1 }'],
    ['totalTimeout', 'timeout', hangInBody, '{ totalTimeout: 100 }'],
    ['an abort', 'aborted', hang, '{ signal: AbortSignal.timeout(100) }'],
  ])(
    'no timer is left, and the process ends by itself: %s',
    { timeout: 20_000 },
    async (_, code, behaviour, options) => {
      const server = await startLoopbackServer(behaviour);
      const source = new URL('../src/index.ts', import.meta.url).href;
      // What stays behind would hold the process for ten minutes.
      const script = `
      import { SentianceUserLinkClient } from '${source}';
      const client = new SentianceUserLinkClient({
        apiKey: 'test-user-link-key', baseUrl: '${server.url}', timeout: 600_000, totalTimeout: 600_000,
      });
      const result = await client.tryCreateAuthenticationCode('user-1', ${options});
      const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
      console.log(result.ok ? 'ok' : result.error.code, timers.length);`;

      const { exitCode, output } = await runScript(script);

      expect(output).toBe(`${code} 0\n`);
      expect(exitCode).toBe(0);
    },
  );
});

describe('Calls that share a signal', () => {
  /** 64 calls that are under way together when this returns. */
  async function sharedBy64(signal: AbortSignal, behaviour: Behaviour) {
    const server = await startLoopbackServer(behaviour);
    const client = clientOf(server.url);
    const calls = Array.from({ length: 64 }, (_, index) =>
      client.tryCreateAuthenticationCode(`user-${index}`, { signal }),
    );
    await server.received(64);
    return calls;
  }

  test('cause no warning about listeners, and leave none', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const release = deferred();
    const { signal } = new AbortController();

    const calls = await sharedBy64(signal, when(release.promise, issueCode));
    release.resolve();
    const results = await Promise.all(calls);
    await nextTurn();

    expect(results.filter(({ ok }) => ok)).toHaveLength(64);
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('all end with it', async () => {
    const controller = new AbortController();

    const calls = await sharedBy64(controller.signal, hang);
    controller.abort();
    const results = await Promise.all(calls);

    expect(results.map((result) => errorOf(result).code)).toEqual(Array(64).fill('aborted'));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('do not end each other', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { fetch } = inMemoryFetch(status(401), neverAnswer);
    const client = clientOf(UNUSED_URL, { fetch });
    const short = client.tryCreateAuthenticationCode('user-1', { signal });
    const long = client.tryCreateAuthenticationCode('user-2', { signal });

    expect(errorOf(await short).code).toBe('unauthorized');
    controller.abort();

    expect(errorOf(await long)).toMatchObject({ code: 'aborted', attempts: 1 });
  });
});

/** The client lets go of every connection that a request of its went over. */
async function allClosed(server: LoopbackServer): Promise<void> {
  await Promise.all(server.requests.map(({ closed }) => closed));
}

function fail(): never {
  throw new Error('not a signal');
}

/** A signal that aborts in the next turn of the event loop, when the call has begun. */
function abortedSoon(...reason: [unknown?]): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(...reason));
  return controller.signal;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Runs TypeScript in a process of its own. */
async function runScript(script: string): Promise<{ exitCode: unknown; output: string }> {
  const parameters = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, parameters, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const exit = once(child, 'exit');
  const output = Buffer.concat(await child.stdout.toArray()).toString();
  const [exitCode] = await exit;
  return { exitCode, output };
}
