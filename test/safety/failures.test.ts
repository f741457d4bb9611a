/**
 * Plants a canary in every place that a secret can stand in, makes the client fail in every way it
 * can, and looks for the canaries in all that comes out. A new way to fail is one row of a table.
 */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type AttemptEvent,
  SentianceAuthenticationError,
  SentianceConfigurationError,
  SentianceConnectionError,
  type SentianceErrorCode,
} from '../../src/index.js';
import { CANARIES, expectNoCanary } from '../support/canaries.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { interceptRequests, platformResponds, type Respond } from '../support/msw.js';
import { construct, failureOf, requestCode } from '../support/refusals.js';
import { REST, WAYS } from '../support/ways.js';
import {
  ECHOED_BODY,
  echo,
  echoedErrors,
  type Fetch,
  failing,
  hangingAfter,
  KEY,
  PLATFORM,
  QUOTE,
  withHostileGetter,
} from './echoes.js';

interceptRequests();

beforeEach(() => {
  withoutBackoff();
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', undefined);
});

/** What goes into a call that fails; what is not given holds a canary wherever it can. */
interface FailingCall {
  respond?: Respond;
  client?: Record<string, unknown>;
  externalId?: unknown;
  options?: unknown;
}

type Failure = () => FailingCall;

/** Makes the call, and searches whatever it left: the error, its wrappers, the events, the client. */
async function expectSafeFailure(setUp: Failure, code: SentianceErrorCode): Promise<unknown> {
  const { respond, client: settings, externalId = CANARIES.externalId, options } = setUp();
  if (respond) platformResponds(PLATFORM, respond);
  const events: AttemptEvent[] = [];
  const onAttempt = (event: AttemptEvent) => void events.push(event);
  const client = construct({ apiKey: KEY, maxRetries: 1, onAttempt, ...settings });

  const error = await failureOf(() => requestCode(client, externalId, options));

  const wrapped = new AggregateError([error], 'login failed', { cause: error });
  expectNoCanary([wrapped, events, client]);
  expect(error).toMatchObject({ code });
  return error;
}

// The other failures below are those of the code above the two ways.
describe.each(WAYS)(
  'No secret gets out of a response to $api that echoes the request',
  ({ api }) => {
    const client = { api };

    test.each<[SentianceErrorCode, number[]]>([
      ['rejected', [400, 404, 409, 413, 422]],
      ['unauthorized', [401]],
      ['forbidden', [403]],
      ['rate_limited', [429]],
      ['server_error', [408, 500, 501, 503, 520]],
      ['unexpected_redirect', [301, 302, 307, 308]],
    ])('and is %s: %j', async (code, statuses) => {
      for (const status of statuses) {
        await expectSafeFailure(() => ({ client, respond: echo(status) }), code);
      }
    });

    test('and is a 304', async () => {
      await expectSafeFailure(() => ({ client, respond: echo(304, null) }), 'unexpected_redirect');
    });

    test('and comes as a result', async () => {
      platformResponds(PLATFORM, echo(400));
      const result = await construct({ apiKey: KEY, api }).tryCreateAuthenticationCode(
        CANARIES.externalId,
      );

      expect(result).toMatchObject({ ok: false, error: { code: 'rejected' } });
      expectNoCanary(result);
    });
  },
);

test.each<[string | undefined, SentianceErrorCode]>([
  ['AUTHENTICATION_FAILURE', 'unauthorized'],
  ['AUTHORIZATION_FAILURE', 'forbidden'],
  ['BAD_REQUEST', 'rejected'],
  ['NOT_FOUND', 'rejected'],
  ['INTERNAL', 'server_error'],
  [undefined, 'server_error'],
])('No secret gets out of errors in a 200 whose code is %s', async (errorCode, code) => {
  const respond = echo(200, echoedErrors(errorCode));
  await expectSafeFailure(() => ({ client: { api: 'graphql' }, respond }), code);
});

describe.each(WAYS)('No secret gets out of a success of $api that is not the contract', (way) => {
  const { authenticationCode: code, body: detail } = CANARIES;
  const client = { api: way.api };
  const whole = way.success(code);

  test.each([
    ['HTML', `<html>${QUOTE}${code}</html>`],
    ['truncated JSON', whole.slice(0, -1)],
    ['a bare string', JSON.stringify(code)],
    ['an array', `[${whole}]`],
    ['a code that is an array', way.success([code])],
    ['a code that is an object', way.success({ [code]: KEY })],
    ['a code under a name that is secret', whole.replace('authentication_code', code)],
    ['nothing but names that are secret', JSON.stringify({ [code]: { [KEY]: code } })],
    ['more than 1 MiB', way.success(code, { padding: detail.repeat(60_000) })],
  ])('but %s', async (_, body) => {
    await expectSafeFailure(() => ({ client, respond: echo(200, body) }), 'invalid_response');
  });

  test('but bytes that are not UTF-8', async () => {
    const body = Buffer.from(way.success(`${code}\xff`), 'latin1');
    const fetch = async () => new Response(body);
    await expectSafeFailure(() => ({ client: { ...client, fetch } }), 'invalid_response');
  });
});

test('No secret gets out of an expires_at that is one', async () => {
  const body = REST.success(CANARIES.authenticationCode, { expires_at: CANARIES.body });
  await expectSafeFailure(() => ({ respond: echo(200, body) }), 'invalid_response');
});

test('No secret gets out of a list of errors that is none', async () => {
  const body = JSON.stringify({ errors: { [KEY]: QUOTE } });
  const respond = echo(200, body);
  await expectSafeFailure(() => ({ client: { api: 'graphql' }, respond }), 'invalid_response');
});

describe('No secret gets out of a fetch that fails with', () => {
  test.each<[string, Parameters<typeof failing>[0]]>([
    ['a message', () => new Error(QUOTE)],
    ['a message beside a known code', () => Object.assign(new Error(QUOTE), { code: 'EPIPE' })],
    ['a name', () => Object.assign(new Error('failed'), { name: QUOTE })],
    ['a stack', () => Object.assign(new Error('failed'), { stack: QUOTE })],
    ['a code', () => Object.assign(new Error('failed'), { code: KEY })],
    [
      'the request itself',
      (url, init) =>
        Object.assign(new TypeError('fetch failed'), { request: new Request(url, init), init }),
    ],
    [
      'a cause, six deep',
      () => [1, 2, 3, 4, 5, 6].reduce((cause) => new Error(QUOTE, { cause }), new Error(QUOTE)),
    ],
    [
      'the parts of an AggregateError',
      () => new AggregateError([Object.assign(new Error(QUOTE), { code: KEY }), QUOTE], QUOTE),
    ],
    [
      'hidden fields',
      () => Object.defineProperty(new Error('failed'), Symbol(QUOTE), { value: QUOTE }),
    ],
    ['a DOMException', () => new DOMException(QUOTE, QUOTE)],
    ['no error but a string', () => QUOTE],
    ['no error but a plain object', (_, init) => ({ message: QUOTE, ...init })],
    ['getters that throw', () => withHostileGetter({}, 'name', 'message', 'code', 'cause')],
    [
      'an error of this library',
      () => {
        const api = { status: 401, errorCode: KEY, ref: KEY };
        const cause = new SentianceAuthenticationError(QUOTE, api);
        return new SentianceConnectionError(QUOTE, { reason: KEY, cause });
      },
    ],
  ])('%s', async (_, make) => {
    await expectSafeFailure(() => ({ client: { fetch: failing(make) } }), 'connection_failed');
  });

  test.each<[string, (url: string, init: RequestInit) => unknown, SentianceErrorCode]>([
    [
      'thrown at once',
      () => {
        throw new Error(QUOTE);
      },
      'connection_failed',
    ],
    [
      'the body broken off',
      async () => {
        const start = (controller: ReadableStreamDefaultController) => {
          controller.enqueue(Buffer.from(REST.success(CANARIES.authenticationCode).slice(0, -1)));
          controller.error(new Error(QUOTE + CANARIES.body));
        };
        return new Response(new ReadableStream({ start }));
      },
      'connection_failed',
    ],
    [
      'a response whose getters throw',
      async () => withHostileGetter(new Response(), 'status'),
      'connection_failed',
    ],
    [
      'the request in place of a response',
      async (url, init) => ({ url, ...init }),
      'invalid_configuration',
    ],
    [
      'a response that was read already',
      async () => {
        const response = new Response(ECHOED_BODY);
        await response.text();
        return response;
      },
      'invalid_configuration',
    ],
  ])('%s', async (_, fetch, code) => {
    await expectSafeFailure(() => ({ client: { fetch } }), code);
  });
});

/** A clock that jumps to the next timer whenever nothing else is left to do. */
function skipTime(): void {
  holdTheClock({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const jump = () => {
    if (!vi.isFakeTimers()) return;
    vi.advanceTimersToNextTimer();
    setImmediate(jump);
  };
  setImmediate(jump);
}

describe('No secret gets out of a timeout', () => {
  test.each<[string, () => Record<string, unknown>, object]>([
    ['of the first attempt', () => ({ fetch: hangingAfter() }), {}],
    [
      'after a response, which is its lastError',
      () => ({ fetch: hangingAfter(echo(503)) }),
      { attempts: 2, lastError: { code: 'server_error', attempts: 1, status: 503 } },
    ],
    ['of the key function', () => ({ apiKey: () => new Promise(() => {}) }), { attempts: 0 }],
  ])('%s', async (_, client, expected) => {
    skipTime();
    const error = await expectSafeFailure(() => ({ client: client() }), 'timeout');
    expect(error).toMatchObject(expected);
  });
});

describe('No secret gets out of an abort whose reason is one', () => {
  const reason = () => new Error(CANARIES.abortReason, { cause: QUOTE });

  test.each<[string, (abort: () => void) => Record<string, unknown>]>([
    [
      'before the call',
      (abort) => {
        abort();
        return {};
      },
    ],
    [
      'in the key function',
      (abort) => ({
        apiKey: async () => {
          abort();
          throw new Error(KEY);
        },
      }),
    ],
    [
      'in a request',
      (abort) => ({
        fetch: (...request: Parameters<Fetch>) => {
          setImmediate(abort);
          return hangingAfter()(...request);
        },
      }),
    ],
    [
      'in a wait',
      (abort) => ({
        fetch: async () => {
          setImmediate(abort);
          return new Response(ECHOED_BODY, { status: 503, headers: { 'retry-after': '1' } });
        },
      }),
    ],
  ])('%s', async (_, during) => {
    const controller = new AbortController();
    const client = during(() => controller.abort(reason()));
    const options = { signal: controller.signal };
    await expectSafeFailure(() => ({ client, options }), 'aborted');
  });

  test('the key itself', async () => {
    const options = { signal: AbortSignal.abort(KEY) };
    await expectSafeFailure(() => ({ options }), 'aborted');
  });
});

describe('No secret gets out of a key function that', () => {
  test.each<[string, () => unknown]>([
    [
      'throws the key',
      () => {
        throw KEY;
      },
    ],
    ['rejects with the key', () => Promise.reject(KEY)],
    ['rejects with an error of it', () => Promise.reject(new Error(KEY, { cause: KEY }))],
    [
      'rejects with a known code and the key',
      () => Promise.reject(Object.assign(new Error(KEY), { code: 'ECONNREFUSED', KEY })),
    ],
    [
      'rejects with an error of this library',
      () => Promise.reject(new SentianceConfigurationError(KEY, { cause: new Error(KEY) })),
    ],
    ['gives the key with its prefix', () => `Bearer ${KEY}`],
    ['gives the key in quotes', () => `"${KEY}"`],
    ['gives two keys', () => `${KEY}\n${KEY}`],
    ['gives a key that cannot stand in a header', () => `${KEY}\u2026`],
    ['gives an object with the key', () => ({ key: KEY })],
    ['gives an array with the key', () => [KEY]],
  ])('%s', async (_, apiKey) => {
    await expectSafeFailure(() => ({ client: { apiKey } }), 'invalid_configuration');
  });
});

describe('No secret gets out of a call that is refused for', () => {
  test.each<[string, unknown]>([
    ['an object', { id: CANARIES.externalId, toString: () => KEY }],
    ['an array', [CANARIES.externalId]],
    ['a symbol', Symbol(CANARIES.externalId)],
    ['a function', () => CANARIES.externalId],
    ['a string cut in the middle of a character', `${CANARIES.externalId}\ud83d`],
  ])('an external id that is %s', async (_, externalId) => {
    await expectSafeFailure(() => ({ externalId }), 'invalid_external_id');
  });

  test.each<[string, unknown]>([
    ['no object but the id', CANARIES.externalId],
    ['an option that is named like the id', { [CANARIES.externalId]: KEY }],
    ['an unknown option that holds the key', { apiKey: KEY }],
    ['a timeout', { timeout: KEY }],
    ['a totalTimeout', { totalTimeout: { KEY } }],
    ['a hedgeAfter', { hedgeAfter: [KEY] }],
    ['a maxRetries', { maxRetries: KEY }],
    ['a signal', { signal: KEY }],
    ['getters that throw', withHostileGetter({}, 'timeout')],
    [
      'a signal that throws',
      {
        signal: {
          aborted: false,
          addEventListener: () => {
            throw new Error(QUOTE, { cause: QUOTE });
          },
          removeEventListener: () => {},
        },
      },
    ],
  ])('options that are or have %s', async (_, options) => {
    await expectSafeFailure(() => ({ options }), 'invalid_configuration');
  });

  test('a method that lost its client', async () => {
    const { createAuthenticationCode } = construct({ apiKey: KEY });

    const error = await failureOf(() => createAuthenticationCode(CANARIES.externalId));

    expect(error).toMatchObject({ code: 'invalid_configuration' });
    expectNoCanary(error);
  });
});

describe('No secret gets out of a constructor that refuses', () => {
  test.each<[string, unknown]>([
    ['a key with its prefix', { apiKey: `Bearer ${KEY}` }],
    ['a key in quotes', { apiKey: `'${KEY}'` }],
    ['two keys', { apiKey: `${KEY}\n${KEY}` }],
    ['a key that is no ASCII', { apiKey: `${KEY}\u00e9` }],
    ['a key in an object', { apiKey: { KEY } }],
    ['the key as region', { apiKey: KEY, region: KEY }],
    ['the key as api', { apiKey: KEY, api: KEY }],
    ['the key as baseUrl', { apiKey: KEY, baseUrl: KEY }],
    ['a baseUrl with the key as host', { apiKey: KEY, baseUrl: `http://${KEY}.example` }],
    ['a baseUrl with the key as user', { apiKey: KEY, baseUrl: `https://${KEY}@platform.example` }],
    [
      'a baseUrl with the key as password',
      { apiKey: KEY, baseUrl: new URL(`https://user:${KEY}@platform.example`) },
    ],
    ['a baseUrl with it in its query', { apiKey: KEY, baseUrl: `https://p.example/?key=${KEY}` }],
    ['a baseUrl with it in its fragment', { apiKey: KEY, baseUrl: `https://p.example/#${KEY}` }],
    ['the key as timeout', { apiKey: KEY, timeout: KEY }],
    ['the key as totalTimeout', { apiKey: KEY, totalTimeout: [KEY] }],
    ['the key as hedgeAfter', { apiKey: KEY, hedgeAfter: KEY }],
    ['the key as maxRetries', { apiKey: KEY, maxRetries: KEY }],
    ['the key as fetch', { apiKey: KEY, fetch: KEY }],
    ['the key as onAttempt', { apiKey: KEY, onAttempt: KEY }],
    ['the key as dangerouslyAllowBrowser', { apiKey: KEY, dangerouslyAllowBrowser: KEY }],
    ['the key as dangerouslyAllowHttp', { apiKey: KEY, dangerouslyAllowHttp: KEY }],
    ['an option that is named like the key', { [KEY]: KEY }],
    ['a misspelt option', { api_key: KEY }],
    ['no object but the key', KEY],
    ['a getter that throws the key', withHostileGetter({ apiKey: KEY }, 'timeout')],
  ])('%s', async (_, options) => {
    const error = await failureOf(() => construct(options));
    expect(error).toMatchObject({ code: 'invalid_configuration' });
    expectNoCanary(error);
  });

  test.each<[string, string, string]>([
    ['a bad key', 'SENTIANCE_USER_LINK_API_KEY', `Bearer ${KEY}`],
    ['the key as region', 'SENTIANCE_REGION', KEY],
    ['the key as base URL', 'SENTIANCE_BASE_URL', `https://${KEY}@platform.example`],
  ])('%s in the environment', async (_, name, value) => {
    vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', KEY);
    vi.stubEnv(name, value);
    const error = await failureOf(() => construct());
    expect(error).toMatchObject({ code: 'invalid_configuration' });
    expectNoCanary(error);
  });

  test.each<[string, string, object]>([
    ['a browser', 'window', { document: {} }],
    ['React Native', 'navigator', { product: 'ReactNative' }],
  ])('%s around it', async (_, name, value) => {
    vi.stubGlobal(name, value);
    const error = await failureOf(() => construct({ apiKey: KEY }));
    expect(error).toMatchObject({ code: 'invalid_configuration' });
    expectNoCanary(error);
  });
});
