import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type AttemptEvent, SentianceConnectionError } from '../src/index.js';
import { clientOf, endsOnTime, errorOf, UNUSED_URL } from './support/calls.js';
import { withoutBackoff } from './support/clock.js';
import { deferred } from './support/deferred.js';
import { inMemoryFetch, issueCodeInMemory, status } from './support/in-memory-fetch.js';
import {
  answer,
  ISSUED_CODE,
  issueCode,
  issuedBody,
  startLoopbackServer,
} from './support/loopback-server.js';

const HOST = new URL(UNUSED_URL).host;
const LOST = `${HOST} could not be reached, or the connection was lost. Ask again later; if it stays, check DNS, firewall and proxy.`;
const MIB = 1_048_576;

/** What a `fetch` of JavaScript may resolve to, whatever its type says. */
function unsound(value: unknown): Response {
  return value as Response;
}

/** A body that says when it is cancelled; without a text it never goes on. */
function watchedBody(text?: string): {
  body: ReadableStream<Uint8Array>;
  cancelled: Promise<void>;
} {
  const { promise, resolve } = deferred();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (text !== undefined) controller.enqueue(new TextEncoder().encode(text));
    },
    cancel: () => resolve(),
  });
  return { body, cancelled: promise };
}

describe('A custom fetch', () => {
  test('is given a URL and plain settings, new ones for each attempt', async () => {
    withoutBackoff();
    const seen: [string, Record<string, unknown>][] = [];
    const client = clientOf(`${UNUSED_URL}/prefix/`, {
      async fetch(url, init) {
        seen.push([url, { ...init, headers: { ...(init.headers as Record<string, string>) } }]);
        Object.assign(init.headers ?? {}, { Authorization: 'changed' });
        return new Response(issuedBody, { status: seen.length === 1 ? 503 : 200 });
      },
    });

    await client.createAuthenticationCode('user-1');

    const [url, init] = seen[0] ?? [];
    expect(url).toBe(`${UNUSED_URL}/prefix/users/auth-code`);
    expect(init).toEqual({
      method: 'POST',
      headers: {
        Authorization: 'Bearer test-user-link-key',
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'User-Agent': expect.stringMatching(/^sentiance-user-link\/\S+ node\/\S+$/),
      },
      body: '{"external_id":"user-1"}',
      redirect: 'manual',
      signal: expect.any(AbortSignal),
    });
    expect(seen[1]?.[1].headers).toEqual(init?.headers);
  });

  test('is called on its own, not as a method', async () => {
    const receivers: unknown[] = [];
    const client = clientOf(UNUSED_URL, {
      async fetch(this: unknown) {
        receivers.push(this);
        return new Response(issuedBody);
      },
    });

    await client.createAuthenticationCode('user-1');

    expect(receivers).toEqual([undefined]);
  });

  test('may be left out: the global one is looked up at every call', async () => {
    const client = clientOf(UNUSED_URL);
    const { fetch, sent } = inMemoryFetch(issueCodeInMemory);

    vi.stubGlobal('fetch', fetch);
    await client.createAuthenticationCode('user-1');

    expect(sent).toHaveLength(1);
  });
});

describe('A fetch that does not give a Response', () => {
  const { headers } = new Response();
  test.each<[string, unknown]>([
    ['undefined, as a mock without an answer', undefined],
    ['null', null],
    ['a text', issuedBody],
    ['a number', 200],
    ['an object of its own', { authentication_code: ISSUED_CODE }],
    ['a status without headers', { status: 200 }],
    ['headers that are a plain object', { status: 200, headers: {} }],
    ['a status that is a text', { status: '200', headers }],
    ['a body that is a text', { status: 200, headers, body: issuedBody }],
    [
      'a body that is a stream of Node',
      { status: 200, headers, body: Readable.from([issuedBody]) },
    ],
  ])('is a configuration error, at once: %s', async (_, value) => {
    const { fetch, sent } = inMemoryFetch(() => unsound(value));

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error).toMatchObject({
      code: 'invalid_configuration',
      action: 'alert',
      attempts: 1,
      message:
        'fetch must resolve to a Response, but resolved to something else. In a test, use the fakes of sentiance-user-link/testing.',
    });
    expect(sent).toHaveLength(1);
  });

  test('is a configuration error, at once: the Response of the call before', async () => {
    const response = new Response(issuedBody);
    const { fetch, sent } = inMemoryFetch(() => response);
    const client = clientOf(UNUSED_URL, { fetch });

    await client.createAuthenticationCode('user-1');
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: 'invalid_configuration',
      attempts: 1,
      message:
        'fetch must resolve to a new Response at every call, but resolved to one whose body was read already. In a test, use the fakes of sentiance-user-link/testing.',
    });
    expect(sent).toHaveLength(2);
  });
});

describe('A Response that somebody else is reading', () => {
  test('is a configuration error, at once', async () => {
    const response = new Response(issuedBody);
    response.body?.getReader();
    const client = clientOf(UNUSED_URL, { fetch: async () => response });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'invalid_configuration', attempts: 1 });
    expect(error.message).toMatch(/^fetch must resolve to a new Response at every call, /);
  });
});

describe('A fetch that fails', () => {
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const circular = () => {
    const error: Error & { cause?: unknown } = new Error('user-1');
    error.cause = error;
    return error;
  };

  test.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['a text', () => 'user-1'],
    ['a number', () => 42],
    ['a symbol', () => Symbol('user-1')],
    ['a function', () => fail],
    ['an Error', () => new Error('Bearer test-user-link-key')],
    ['a frozen Error', () => Object.freeze(new Error('user-1'))],
    ['an Error that is its own cause', circular],
    ['an object without a prototype', () => Object.create(null)],
    ['an object whose fields throw', () => Object.defineProperty({}, 'code', { get: fail })],
    ['a revoked proxy', revoked],
  ])('is tried again, then reported without what it threw: %s', async (_, thrown) => {
    withoutBackoff();
    const { fetch, sent } = inMemoryFetch(() => {
      throw thrown();
    });

    const error = errorOf(
      await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1'),
    );

    expect(error).toBeInstanceOf(SentianceConnectionError);
    expect(error).toMatchObject({ code: 'connection_failed', attempts: 3, message: LOST });
    expect(error).not.toHaveProperty('reason');
    expect(error.cause).toMatchObject({ name: 'Error', message: 'details withheld' });
    expect(sent).toHaveLength(3);
  });

  test('is treated alike when it throws instead of rejecting', async () => {
    withoutBackoff();
    const fetch = vi.fn<() => never>(() => {
      throw Object.assign(new TypeError('user-1'), { code: 'ECONNREFUSED' });
    });

    const error = errorOf(
      await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1'),
    );

    expect(error).toMatchObject({
      code: 'connection_failed',
      reason: 'ECONNREFUSED',
      attempts: 3,
      message: LOST.replace('lost.', 'lost (ECONNREFUSED).'),
    });
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  test('is treated alike when it resolves to Response.error()', async () => {
    withoutBackoff();
    const { fetch, sent } = inMemoryFetch(() => Response.error());

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error).toMatchObject({ code: 'connection_failed', attempts: 3, message: LOST });
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'details withheld' });
    expect(sent).toHaveLength(3);
  });

  test('is treated alike when the body fails', async () => {
    withoutBackoff();
    const { fetch } = inMemoryFetch(
      () => new Response(new ReadableStream({ pull: () => Promise.reject('user-1') })),
    );

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error).toMatchObject({ code: 'connection_failed', attempts: 3, message: LOST });
  });
});

describe('A fetch that ignores its signal', () => {
  test('does not keep the call, and its late answer is let go of', async () => {
    const late = deferred<Response>();
    const { body, cancelled } = watchedBody(issuedBody);
    const client = clientOf(UNUSED_URL, { fetch: () => late.promise, totalTimeout: 100 });

    const result = await endsOnTime(100, () => client.tryCreateAuthenticationCode('user-1'));

    expect(errorOf(result)).toMatchObject({ code: 'timeout', attempts: 1 });
    late.resolve(new Response(body));
    await cancelled;
  });

  test('does not keep an attempt, and its late answer is not taken for that of the next', async () => {
    withoutBackoff();
    const late = deferred<Response>();
    const { body, cancelled } = watchedBody(issuedBody.replace(ISSUED_CODE, 'late-code'));
    const events: AttemptEvent[] = [];
    const { fetch } = inMemoryFetch(
      () => late.promise,
      async (init) => {
        late.resolve(new Response(body));
        await cancelled;
        return issueCodeInMemory(init);
      },
    );
    const onAttempt = (event: AttemptEvent) => events.push(event);
    const client = clientOf(UNUSED_URL, { fetch, timeout: 400, onAttempt });

    const code = await client.createAuthenticationCode('user-1');

    expect(code.authenticationCode).toBe(ISSUED_CODE);
    expect(events.map(({ attempt, code: failure }) => [attempt, failure])).toEqual([
      [1, 'timeout'],
      [2, undefined],
    ]);
  });

  test('does no harm when it fails after the call', async () => {
    const late = deferred<Response>();
    const fetch = () => late.promise.then(() => Promise.reject(new Error('too late')));
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout: 20 });

    expect(errorOf(await client.tryCreateAuthenticationCode('user-1')).code).toBe('timeout');

    // vitest fails on a rejection that nobody handles.
    late.resolve(new Response());
    await nextTurn();
  });

  test('does no harm when it resolves after the call to what is no Response', async () => {
    const late = deferred<unknown>();
    const fetch = async () => unsound(await late.promise);
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout: 20 });

    expect(errorOf(await client.tryCreateAuthenticationCode('user-1')).code).toBe('timeout');

    late.resolve(undefined);
    await nextTurn();
  });

  test('does not keep the call with a body that never ends, which is let go of', async () => {
    const { body, cancelled } = watchedBody('{"authentication_code":');
    const { fetch } = inMemoryFetch(() => new Response(body));
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout: 100 });

    const result = await endsOnTime(100, () => client.tryCreateAuthenticationCode('user-1'));

    expect(errorOf(result)).toMatchObject({ code: 'timeout', attempts: 1 });
    await cancelled;
  });

  test.each<[string, object]>([
    ['is missing', {}],
    ['throws', { cancel: fail }],
    ['rejects', { cancel: () => Promise.reject(new Error('cannot')) }],
    ['gives no promise', { cancel: () => undefined }],
  ])("does not keep the call when its body's cancel %s", async (_, methods) => {
    const read = () => new Promise(() => {});
    const body = { getReader: () => ({ read, ...methods }), ...methods };
    const response = unsound({ status: 200, ok: true, headers: new Headers(), body });
    const { fetch } = inMemoryFetch(() => response);
    const client = clientOf(UNUSED_URL, { fetch, timeout: 4_000, totalTimeout: 100 });

    const result = await endsOnTime(100, () => client.tryCreateAuthenticationCode('user-1'));

    expect(errorOf(result)).toMatchObject({ code: 'timeout', attempts: 1 });
  });
});

describe('The body of an answer', () => {
  const tooLarge = (url: string) =>
    `${new URL(url).host} answered 200, but its body is larger than 1 MiB. Check that the region or baseUrl is the Sentiance platform's, and that no proxy answers in its place.`;

  test('may have 1 MiB', async () => {
    const server = await startLoopbackServer(answer(200, { body: issuedBody.padEnd(MIB) }));

    const code = await clientOf(server.url).createAuthenticationCode('user-1');

    expect(code.authenticationCode).toBe(ISSUED_CODE);
  });

  test('is no code when it is a stream of texts, which is let go of', async () => {
    const cancelled = deferred();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(issuedBody),
      cancel: () => cancelled.resolve(),
    });
    const { fetch } = inMemoryFetch(() => new Response(body));

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error).toMatchObject({
      code: 'invalid_response',
      attempts: 1,
      issues: ['(body)'],
      message: `${HOST} answered 200, but its body is not a stream of bytes. Check that the region or baseUrl is the Sentiance platform's, and that no proxy answers in its place.`,
    });
    await cancelled.promise;
  });

  test('may not have a byte more', async () => {
    const server = await startLoopbackServer(answer(200, { body: issuedBody.padEnd(MIB + 1) }));

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: 'invalid_response',
      status: 200,
      attempts: 1,
      issues: ['(body)'],
      message: tooLarge(server.url),
    });
  });

  test('is not read on once it is too large', async () => {
    const server = await startLoopbackServer(({ response }) => {
      const chunk = Buffer.alloc(65_536, ' ');
      const write = () => {
        while (response.write(chunk));
      };
      response.on('drain', write);
      write();
    });

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error.message).toBe(tooLarge(server.url));
    await server.requests[0]?.closed;
  });

  test('is let go of when it is too large and cannot be cancelled', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(MIB + 1)),
      cancel: () => Promise.reject(new Error('cannot')),
    });
    const { fetch } = inMemoryFetch(() => new Response(body));

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error.message).toBe(tooLarge(UNUSED_URL));
    await nextTurn();
  });

  test.each([
    ['is missing', 204, undefined, 'its body is not a JSON object'],
    ['is empty', 200, '', 'its body is not a JSON object'],
    [
      'is not UTF-8',
      200,
      Buffer.from('{"authentication_code":"\xff"}', 'latin1'),
      'its body is not UTF-8',
    ],
  ])('is no code when it %s', async (_, code, body, problem) => {
    const server = await startLoopbackServer(answer(code, body === undefined ? {} : { body }));

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: 'invalid_response',
      status: code,
      attempts: 1,
      issues: ['(body)'],
      message: `${new URL(server.url).host} answered ${code}, but ${problem}. Check that the region or baseUrl is the Sentiance platform's, and that no proxy answers in its place.`,
    });
  });

  test('does not hide the status of an error when it is too large', async () => {
    const { fetch } = inMemoryFetch(() => new Response(new Uint8Array(MIB + 1), { status: 403 }));

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error).toMatchObject({ code: 'forbidden', status: 403, attempts: 1 });
  });

  test('is let go of unread when it is that of a redirect', async () => {
    const { body, cancelled } = watchedBody();
    const { fetch } = inMemoryFetch(() => new Response(body, { status: 302 }));

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error).toMatchObject({ code: 'unexpected_redirect', status: 302, attempts: 1 });
    await cancelled;
  });

  test('is not looked for behind a redirect that the runtime hides', async () => {
    const opaque = { status: 0, type: 'opaqueredirect', ok: false, headers: new Headers() };
    const { fetch } = inMemoryFetch(() => unsound({ ...opaque, body: null }));

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u'));

    expect(error).toMatchObject({ code: 'unexpected_redirect', status: 0, attempts: 1 });
  });
});

describe('onAttempt', () => {
  test.each<[string, () => unknown]>([
    ['throws', fail],
    ['rejects', () => Promise.reject(new Error('metric store is down'))],
    // biome-ignore lint/suspicious/noThenProperty: a broken promise is what this is about.
    ['gives a promise that is none', () => ({ then: fail })],
  ])('does no harm when it %s', async (_, listener) => {
    const server = await startLoopbackServer(issueCode);
    const client = clientOf(server.url, { onAttempt: listener });

    expect(await client.tryCreateAuthenticationCode('user-1')).toMatchObject({ ok: true });

    // vitest fails on a rejection that nobody handles.
    await nextTurn();
  });
});

describe('A runtime without Request', () => {
  const { Request } = globalThis;
  test.each<[string, unknown, number, string]>([
    ['has none', undefined, 1, 'server_error'],
    ['throws', fail, 1, 'server_error'],
    ['is a wrapper', (url: string, init: RequestInit) => new Request(url, init), 3, 'ok'],
  ])('still sends, and reports what it met: it %s', async (_, replacement, requests, code) => {
    withoutBackoff();
    const { fetch, sent } = inMemoryFetch(status(503), status(503), issueCodeInMemory);
    const client = clientOf(UNUSED_URL, { fetch });
    vi.stubGlobal('Request', replacement && wrapper(replacement));

    const result = await client.tryCreateAuthenticationCode('user-1');

    expect(result.ok ? 'ok' : result.error.code).toBe(code);
    expect(result.ok ? 3 : result.error.attempts).toBe(requests);
    expect(sent).toHaveLength(requests);
  });

  /** A function that can be called with `new`, which an arrow function cannot. */
  function wrapper(make: unknown) {
    return function Request(...parameters: unknown[]) {
      return typeof make === 'function' ? make(...parameters) : undefined;
    };
  }
});

function fail(): never {
  throw new Error('user-1');
}
