import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { AttemptEvent } from '../../src/index.js';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { withoutBackoff } from '../support/clock.js';
import { deferred } from '../support/deferred.js';
import { inMemoryFetch, issueCodeInMemory } from '../support/in-memory-fetch.js';
import { ISSUED_CODE, issuedBody } from '../support/loopback-server.js';
import { construct } from '../support/refusals.js';

/** What comes of a call whose `fetch` is of JavaScript: it may do anything, whatever its type says. */
async function callWith(fetch: unknown, options = {}) {
  const client = construct({
    apiKey: 'test-user-link-key',
    baseUrl: UNUSED_URL,
    fetch,
    ...options,
  });
  const result = await client.tryCreateAuthenticationCode('user-1');
  return result.ok ? result : { ok: false, ...result.error, message: result.error.message };
}

/** A body that goes on after its text, or ends with it, and says when it is cancelled. */
function watchedBody(text = '') {
  const { promise: cancelled, resolve } = deferred();
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    cancel: () => resolve(),
  });
  return { body, cancelled };
}

function fail(): never {
  throw new Error('user-1');
}

const { headers } = new Response();

describe('A custom fetch', () => {
  test('is given a URL and plain settings, new ones for each attempt', async () => {
    withoutBackoff();
    const seen: unknown[] = [];
    const client = clientOf(`${UNUSED_URL}/prefix/`, {
      async fetch(url, init) {
        seen.push([url, { ...init, headers: { ...init.headers } }]);
        init.headers.Authorization = 'changed';
        return new Response(issuedBody, { status: seen.length === 1 ? 503 : 200 });
      },
    });

    await client.createAuthenticationCode('user-1');

    const call = [
      `${UNUSED_URL}/prefix/users/auth-code`,
      {
        method: 'POST',
        headers: {
          Authorization: 'Bearer test-user-link-key',
          'Content-Type': 'application/json',
          Accept: 'application/json',
          'User-Agent': expect.stringMatching(/^sentiance-user-link\/\S+ node\/\S+$/),
        },
        body: '{"external_id":"user-1"}',
        redirect: 'manual',
        next: { revalidate: 0 },
        signal: expect.any(AbortSignal),
      },
    ];
    expect(seen).toEqual([call, call]);
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

    vi.stubGlobal('fetch', undefined);
    expect(errorOf(await client.tryCreateAuthenticationCode('user-1'))).toMatchObject({
      code: 'invalid_configuration',
      action: 'alert',
      attempts: 0,
      message:
        "This runtime has no fetch. Use Node 20.19 or later, in Jest with the test environment 'node', or pass one as the option fetch.",
    });
  });
});

describe('A stub of fetch', () => {
  test('needs little: a status, a get that may give undefined, and a body or none', async () => {
    withoutBackoff();
    const { body } = new Response(issuedBody);
    const get = () => undefined;

    expect(await callWith(async () => ({ status: 200, headers: { get }, body }))).toMatchObject({
      value: { authenticationCode: ISSUED_CODE },
    });
    expect(await callWith(async () => ({ status: 429, headers: { get } }))).toMatchObject({
      code: 'rate_limited',
      attempts: 3,
    });
    expect(await callWith(async () => ({ status: 204, headers: { get } }))).toMatchObject({
      code: 'invalid_response',
      attempts: 1,
    });
  });

  const ADVICE =
    "In a test, let the mock make a new Response for each call, such as Response.json({ authentication_code: 'test' }), or use the fakes of sentiance-user-link/testing.";

  test.each<[string, unknown, string]>([
    ['undefined, as a mock that was not told', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a text', issuedBody, 'a string'],
    ['a list', [new Response()], 'an array'],
    [
      'an object of its own',
      { authentication_code: ISSUED_CODE },
      'an object whose status is undefined',
    ],
    ['a status without headers', { status: 200 }, 'an object whose headers have no get method'],
    [
      'headers that are a plain object',
      { status: 200, headers: {} },
      'an object whose headers have no get method',
    ],
    ['a status that is a text', { status: '200', headers }, 'an object whose status is a string'],
    [
      'a body that is a text',
      { status: 200, headers, body: issuedBody },
      'an object whose body is a string',
    ],
    [
      'a body that is a stream of Node',
      { status: 200, headers, body: Readable.from(['{}']) },
      'an object whose body is no web stream',
    ],
    [
      'json() in place of a body',
      { ok: true, status: 200, headers, json: async () => JSON.parse(issuedBody) },
      'an object whose body is undefined',
    ],
    [
      'text() in place of a body',
      { ok: true, status: 200, headers, text: async () => issuedBody },
      'an object whose body is undefined',
    ],
  ])('is a configuration error, at once, when it gives %s', async (_, value, shown) => {
    const fetch = vi.fn(async () => value);

    expect(await callWith(fetch)).toMatchObject({
      code: 'invalid_configuration',
      action: 'alert',
      attempts: 1,
      message: `fetch must resolve to a Response, but resolved to ${shown}. ${ADVICE}`,
    });
    expect(fetch).toHaveBeenCalledOnce();
  });

  test('is a configuration error when a retry gets the Response of the first attempt', async () => {
    withoutBackoff();
    const fetch = vi.fn().mockResolvedValue(new Response('{}', { status: 503 }));

    expect(await callWith(fetch)).toMatchObject({
      code: 'invalid_configuration',
      attempts: 2,
      message: `fetch must resolve to a new Response at every call, but resolved to one whose body was read already. ${ADVICE}`,
    });
  });

  test.each<[string, (response: Response) => unknown]>([
    ['was read', (response) => response.text()],
    ['is being read', (response) => response.body?.getReader()],
  ])(
    'is a configuration error, at once, when its Response %s by somebody else',
    async (_, read) => {
      const response = new Response(issuedBody);
      await read(response);

      expect(await callWith(async () => response)).toMatchObject({
        code: 'invalid_configuration',
        attempts: 1,
        message: `fetch must resolve to a new Response at every call, but resolved to one whose body was read already. ${ADVICE}`,
      });
    },
  );
});

describe('A fetch that fails', () => {
  test('as that of a runtime does, with a TypeError, is no mock', async () => {
    const { fetch } = inMemoryFetch(() => {
      throw new TypeError('fetch failed');
    });
    const client = clientOf(UNUSED_URL, { fetch, maxRetries: 0 });

    const error = errorOf(await client.tryCreateAuthenticationCode('u-1'));

    expect(error).toMatchObject({ code: 'connection_failed' });
    expect(error.message).toMatch(/ which may want a user and password \(407\)\.$/);
  });

  const circular = new Error('user-1');
  circular.cause = circular;

  test.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['a text', () => 'user-1'],
    ['a symbol', () => Symbol('user-1')],
    ['a function', () => fail],
    ['an Error', () => new Error('Bearer test-user-link-key')],
    ['a frozen Error', () => Object.freeze(new Error('user-1'))],
    ['an Error that is its own cause', () => circular],
    ['an object without a prototype', () => Object.create(null)],
    ['an object whose fields throw', () => Object.defineProperty({}, 'code', { get: fail })],
  ])('is tried again, then reported without what it threw: %s', async (_, thrown) => {
    withoutBackoff();
    const { fetch, sent } = inMemoryFetch(() => {
      throw thrown();
    });

    const error = errorOf(await clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('u-1'));

    expect(error).toMatchObject({ code: 'connection_failed', attempts: 3 });
    expect(error.message).not.toMatch(/user-1|test-user-link-key/);
    expect(error.message).toMatch(/ In a test, look at the mock of fetch: it may have thrown\.$/);
    expect(error).not.toHaveProperty('reason');
    expect(error.cause).toMatchObject({ name: 'Error', message: 'details withheld' });
    expect(sent).toHaveLength(3);
  });

  const refused = Object.assign(new TypeError('user-1'), { code: 'ECONNREFUSED' });
  const broken = () => new Response(new ReadableStream({ pull: () => Promise.reject(refused) }));
  test.each<[string, () => unknown, string?]>([
    [
      'throws instead of rejecting',
      () => {
        throw refused;
      },
      'ECONNREFUSED',
    ],
    ['gives a body that fails', async () => broken(), 'ECONNREFUSED'],
    ['resolves to Response.error()', async () => Response.error()],
  ])('is treated alike when it %s', async (_, fail, reason) => {
    withoutBackoff();
    const fetch = vi.fn(fail);

    expect(await callWith(fetch)).toMatchObject({
      code: 'connection_failed',
      attempts: 3,
      ...(reason && { reason }),
    });
    expect(fetch).toHaveBeenCalledTimes(3);
  });
});

describe('A fetch that ignores its signal', () => {
  test('does not keep the call, and its late response is let go', async () => {
    const late = deferred<Response>();
    const { body, cancelled } = watchedBody(issuedBody);

    expect(await callWith(() => late.promise, { timeout: 20 })).toMatchObject({
      code: 'timeout',
      attempts: 1,
    });
    late.resolve(new Response(body));
    await cancelled;
  });

  test('may still win after a hedge was sent, and the hedge is let go', async () => {
    const late = deferred<Response>();
    const { body, cancelled } = watchedBody();
    const { fetch } = inMemoryFetch(
      () => late.promise,
      () => {
        late.resolve(new Response(issuedBody));
        return new Response(body);
      },
    );
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);

    const client = clientOf(UNUSED_URL, { fetch, onAttempt, hedgeAfter: 20 });
    await client.createAuthenticationCode('user-1');

    await cancelled;
    expect(events).toMatchObject([
      { attempt: 1, status: 200 },
      { attempt: 2, overtaken: true },
    ]);
  });

  test.each<[string, (late: Promise<unknown>) => Promise<unknown>]>([
    ['fails after the call', (late) => late.then(fail)],
    ['resolves after the call to what is no Response', (late) => late.then(() => undefined)],
  ])('does no harm when it %s', async (_, settle) => {
    const late = deferred();

    expect(await callWith(() => settle(late.promise), { timeout: 20 })).toMatchObject({
      code: 'timeout',
    });

    // vitest fails on a rejection that nobody handles.
    late.resolve();
    await nextTurn();
  });

  test.each<[string, object]>([
    ['is missing', {}],
    ['throws', { cancel: fail }],
    ['rejects', { cancel: async () => fail() }],
    ['gives no promise', { cancel: () => undefined }],
  ])('does not keep the call with a body whose cancel %s', async (_, methods) => {
    const read = () => new Promise(() => {});
    const body = { getReader: () => ({ read, ...methods }), ...methods };

    expect(
      await callWith(async () => ({ status: 200, headers, body }), { timeout: 20 }),
    ).toMatchObject({ code: 'timeout', attempts: 1 });
    await nextTurn();
  });

  test('does not end the process with a body whose getReader rejects', async () => {
    withoutBackoff();
    const body = { getReader: async () => fail() };

    expect(await callWith(async () => ({ status: 200, headers, body }))).toMatchObject({
      code: 'connection_failed',
      attempts: 3,
    });
    // vitest fails on a rejection that nobody handles.
    await nextTurn();
  });
});

describe('The body of a response is let go', () => {
  test.each<[string, number, object]>([
    ['unread when it is a redirect', 302, { code: 'unexpected_redirect', status: 302 }],
    ['when its attempt is over', 200, { code: 'timeout' }],
    ['when its head decided', 401, { code: 'unauthorized', status: 401 }],
  ])('%s', async (_, status, error) => {
    const { body, cancelled } = watchedBody('{"authentication_code":');
    const fetch = async () => new Response(body, { status });

    expect(await callWith(fetch, { timeout: 20 })).toMatchObject({ ...error, attempts: 1 });
    await cancelled;
  });

  test('when it is a stream of texts', async () => {
    const cancel = vi.fn();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(issuedBody),
      cancel,
    });

    expect(await callWith(async () => new Response(body))).toMatchObject({
      code: 'invalid_response',
      attempts: 1,
      issues: ['(body)'],
    });
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('when it is too large, though it cannot be cancelled', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1_048_577)),
      cancel: fail,
    });

    expect(await callWith(async () => new Response(body))).toMatchObject({
      code: 'invalid_response',
    });
    await nextTurn();
  });
});

test('A redirect that the runtime hides is one all the same', async () => {
  const hidden = { status: 0, type: 'opaqueredirect', headers, body: null };

  expect(await callWith(async () => hidden)).toMatchObject({
    code: 'unexpected_redirect',
    status: 0,
    attempts: 1,
  });
});
