/**
 * Plants a canary in every place that a secret can stand in, makes the client fail in every way it
 * can, and looks for the canaries in all that comes out. A new error path is one row of a table.
 */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type AttemptEvent,
  SentianceAuthenticationError,
  SentianceConfigurationError,
  SentianceConnectionError,
  type SentianceErrorCode,
  type SentianceUserLinkClientOptions,
} from '../src/index.js';
import { CANARIES, CHANNELS, expectNoCanary, leaksOf } from './support/canaries.js';
import { type Answer, interceptRequests, platformAnswers } from './support/msw.js';
import { construct, failureOf, requestCode } from './support/refusals.js';

type Fetch = NonNullable<SentianceUserLinkClientOptions['fetch']>;

const EU = 'https://api.sentiance.com/users/auth-code';
const KEY = CANARIES.apiKey;
/** What a careless server, proxy or `fetch` quotes of a request. */
const QUOTE = `Authorization: Bearer ${KEY} {"external_id":"${CANARIES.externalId}"}`;

interceptRequests();

beforeEach(() => {
  // The waits between attempts are 0 ms long.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', undefined);
});

afterEach(() => {
  vi.useRealTimers();
});

/** What goes into a call that fails; what is not given holds a canary wherever it can. */
interface FailingCall {
  answer?: Answer;
  client?: Record<string, unknown>;
  externalId?: unknown;
  options?: unknown;
}

type FailureRow = [
  title: string,
  setUp: () => FailingCall,
  code: SentianceErrorCode,
  message: string,
];

/** Makes the call, and searches whatever it left: the error, its wrappers, the events, the client. */
async function expectSafeFailure([, setUp, code, message]: FailureRow): Promise<void> {
  const { answer, client: settings, externalId = CANARIES.externalId, options } = setUp();
  if (answer) platformAnswers(EU, answer);
  const events: AttemptEvent[] = [];
  const onAttempt = (event: AttemptEvent) => void events.push(event);
  const client = construct({ apiKey: KEY, maxRetries: 1, onAttempt, ...settings });

  const error = await failureOf(() => requestCode(client, externalId, options));

  expectNoCanary(error);
  expectNoCanary(new Error('login failed', { cause: error }));
  expectNoCanary(new AggregateError([error], 'login failed'));
  expectNoCanary(events);
  expectNoCanary(client);
  expect(error).toMatchObject({ code, message });
}

/** An answer that quotes the request and carries secrets of its own wherever an answer can. */
function echo(status: number, body: string | null = ECHOED_BODY): Answer {
  const headers = new Headers({
    location: `https://elsewhere.example/${KEY}?id=${CANARIES.externalId}`,
    'retry-after': CANARIES.header,
    'set-cookie': `session=${CANARIES.cookie}`,
    'www-authenticate': `Bearer realm="${QUOTE}"`,
    'x-request': CANARIES.header,
  });
  return () => new Response(body, { status, statusText: CANARIES.header, headers });
}

const ECHOED_BODY = JSON.stringify({
  message: QUOTE,
  errorCode: CANARIES.externalId,
  code: KEY,
  ref: `ref-${KEY}`,
  authentication_code: CANARIES.authenticationCode,
  [CANARIES.body]: CANARIES.body,
});

const ECHOED_MESSAGE =
  ' The platform says: "Authorization: Bearer [redacted] {"external_id":"[redacted]"}".';

const rejected = (status: number) =>
  `api.sentiance.com did not accept the request (${status}). Check that user linking is set up for the app, and that the region or baseUrl is right.${ECHOED_MESSAGE}`;
const serverProblem = (status: number) =>
  `api.sentiance.com has a problem of its own (${status}). Ask again later.${ECHOED_MESSAGE}`;
const redirected = (status: number) =>
  `api.sentiance.com answered with a redirect (${status}), which is not followed: it could carry the API key to another place. Check the region or baseUrl.`;

const ERROR_ANSWERS: FailureRow[] = [
  ...[400, 404, 409, 413, 422].map(
    (status): FailureRow => [
      `a ${status}`,
      () => ({ answer: echo(status) }),
      'rejected',
      rejected(status),
    ],
  ),
  [
    'a 401',
    () => ({ answer: echo(401) }),
    'unauthorized',
    `api.sentiance.com refused the API key (401). A key expires one year after it was made, needs the user-link scope, and belongs to one region: check all three in the Sentiance console.${ECHOED_MESSAGE}`,
  ],
  [
    'a 403',
    () => ({ answer: echo(403) }),
    'forbidden',
    `api.sentiance.com does not let this API key link users (403). Give it the user-link scope in the Sentiance console, or make a key that has it.${ECHOED_MESSAGE}`,
  ],
  [
    'a 429',
    () => ({ answer: echo(429) }),
    'rate_limited',
    `api.sentiance.com limits the rate of requests (429). It did not say for how long; ask again later.${ECHOED_MESSAGE}`,
  ],
  ...[408, 500, 501, 503, 520].map(
    (status): FailureRow => [
      `a ${status}`,
      () => ({ answer: echo(status) }),
      'server_error',
      serverProblem(status),
    ],
  ),
  ...[301, 302, 307, 308].map(
    (status): FailureRow => [
      `a redirect ${status}`,
      () => ({ answer: echo(status) }),
      'unexpected_redirect',
      redirected(status),
    ],
  ),
  ['a 304', () => ({ answer: echo(304, null) }), 'unexpected_redirect', redirected(304)],
];

const notTheContract = (problem: string) =>
  `api.sentiance.com answered 200, but ${problem}. Check that the region or baseUrl is the Sentiance platform's, and that no proxy answers in its place.`;
const NOT_AN_OBJECT = notTheContract('its body is not a JSON object');
const WRONG_CODE = notTheContract('these fields are missing or wrong: authentication_code');
const WRONG_EXPIRY = notTheContract('these fields are missing or wrong: expires_at');
const CODE_IN_JSON = `{"authentication_code":"${CANARIES.authenticationCode}"`;

function invalidAnswer(title: string, body: string, message: string): FailureRow {
  return [title, () => ({ answer: echo(200, body) }), 'invalid_response', message];
}

const INVALID_ANSWERS: FailureRow[] = [
  invalidAnswer('HTML', `<html>${QUOTE}${CANARIES.authenticationCode}</html>`, NOT_AN_OBJECT),
  invalidAnswer('truncated JSON', `${CODE_IN_JSON},"expi`, NOT_AN_OBJECT),
  invalidAnswer('a bare string', JSON.stringify(CANARIES.authenticationCode), NOT_AN_OBJECT),
  invalidAnswer('an array', `[${CODE_IN_JSON}}]`, NOT_AN_OBJECT),
  invalidAnswer(
    'a code that is an array',
    JSON.stringify({ authentication_code: [CANARIES.authenticationCode] }),
    WRONG_CODE,
  ),
  invalidAnswer(
    'a code that is an object',
    JSON.stringify({ authentication_code: { [CANARIES.authenticationCode]: KEY } }),
    WRONG_CODE,
  ),
  invalidAnswer(
    'a code under a name that is secret',
    JSON.stringify({ [CANARIES.authenticationCode]: CANARIES.authenticationCode }),
    WRONG_CODE,
  ),
  invalidAnswer(
    'an expires_at that is a secret',
    `${CODE_IN_JSON},"expires_at":"${CANARIES.body}"}`,
    WRONG_EXPIRY,
  ),
  invalidAnswer(
    'more than 1 MiB',
    `${CODE_IN_JSON},"padding":"${CANARIES.body.repeat(60_000)}"}`,
    notTheContract('its body is larger than 1 MiB'),
  ),
  [
    'bytes that are not UTF-8',
    () => ({
      client: { fetch: async () => new Response(Buffer.from(`${CODE_IN_JSON}\xff"}`, 'latin1')) },
    }),
    'invalid_response',
    notTheContract('its body is not UTF-8'),
  ],
];

const lost = (reason = '') =>
  `api.sentiance.com could not be reached, or the connection was lost${reason}. Ask again later; if it stays, check DNS, firewall and proxy.`;

/** A custom `fetch` that fails with what `make` makes of the request it was given. */
function failing(make: (url: string, init: RequestInit) => unknown): Fetch {
  return async (url, init) => {
    throw make(url, init);
  };
}

function connectionFailure(title: string, make: Parameters<typeof failing>[0]): FailureRow {
  return [title, () => ({ client: { fetch: failing(make) } }), 'connection_failed', lost()];
}

/** Makes the reading of a property throw an error that quotes the request. */
function withHostileGetter<T extends object>(target: T, ...names: string[]): T {
  for (const name of names) {
    const get = () => {
      throw new Error(QUOTE);
    };
    Object.defineProperty(target, name, { get, enumerable: true });
  }
  return target;
}

const CONNECTION_FAILURES: FailureRow[] = [
  connectionFailure('a message', () => new Error(QUOTE)),
  connectionFailure('a name', () => Object.assign(new Error('failed'), { name: QUOTE })),
  connectionFailure('a stack', () => Object.assign(new Error('failed'), { stack: QUOTE })),
  connectionFailure('a code', () => Object.assign(new Error('failed'), { code: KEY })),
  connectionFailure('the request itself', (url, init) =>
    Object.assign(new TypeError('fetch failed'), { request: new Request(url, init), init }),
  ),
  connectionFailure('a cause, six deep', () =>
    [1, 2, 3, 4, 5, 6].reduce((cause) => new Error(QUOTE, { cause }), new Error(QUOTE)),
  ),
  connectionFailure('the parts of an AggregateError', () => {
    const parts = [new Error(QUOTE), Object.assign(new Error(QUOTE), { code: KEY }), QUOTE];
    return new AggregateError(parts, QUOTE);
  }),
  connectionFailure('hidden fields', () =>
    Object.defineProperty(new Error('failed'), Symbol(QUOTE), { value: QUOTE, enumerable: false }),
  ),
  connectionFailure('a DOMException', () => new DOMException(QUOTE, QUOTE)),
  connectionFailure('no error but a string', () => QUOTE),
  connectionFailure('no error but a plain object', (_, init) => ({ message: QUOTE, ...init })),
  connectionFailure('getters that throw', () =>
    withHostileGetter({}, 'name', 'message', 'code', 'cause', 'stack'),
  ),
  connectionFailure("an error of this library's", () => {
    const cause = new SentianceAuthenticationError(QUOTE, {
      status: 401,
      errorCode: KEY,
      ref: KEY,
    });
    return new SentianceConnectionError(QUOTE, { reason: KEY, cause });
  }),
  [
    'a message beside a known code',
    () => ({
      client: { fetch: failing(() => Object.assign(new Error(QUOTE), { code: 'ECONNRESET' })) },
    }),
    'connection_failed',
    lost(' (ECONNRESET)'),
  ],
  [
    'a message when fetch throws at once',
    () => ({
      client: {
        fetch: () => {
          throw new Error(QUOTE);
        },
      },
    }),
    'connection_failed',
    lost(),
  ],
  [
    'an error in the middle of the body',
    () => {
      const start = (controller: ReadableStreamDefaultController) => {
        controller.enqueue(Buffer.from(CODE_IN_JSON));
        controller.error(new Error(QUOTE + CANARIES.body));
      };
      return { client: { fetch: async () => new Response(new ReadableStream({ start })) } };
    },
    'connection_failed',
    lost(),
  ],
  [
    'a response whose getters throw',
    () => ({ client: { fetch: async () => withHostileGetter(new Response(), 'status') } }),
    'connection_failed',
    lost(),
  ],
];

const UNUSABLE_FETCHES: FailureRow[] = [
  [
    'the request in place of a response',
    () => ({ client: { fetch: async (url: string, init: RequestInit) => ({ url, ...init }) } }),
    'invalid_configuration',
    'fetch must resolve to a Response, but resolved to something else. In a test, use the fakes of sentiance-user-link/testing.',
  ],
  [
    'a response that was read already',
    () => ({
      client: {
        fetch: async () => {
          const response = new Response(ECHOED_BODY);
          await response.text();
          return response;
        },
      },
    }),
    'invalid_configuration',
    'fetch must resolve to a new Response at every call, but resolved to one whose body was read already. In a test, use the fakes of sentiance-user-link/testing.',
  ],
];

/** A `fetch` that gives one answer, and from then on hangs until its signal ends it. */
function hangingAfter(answer?: Answer): Fetch {
  let requests = 0;
  return (_, { signal }) => {
    requests += 1;
    if (requests === 1 && answer) return Promise.resolve(answer(requests));
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Error(QUOTE, { cause: signal.reason })));
    });
  };
}

/** Replaces the clock by one that jumps to the next timer whenever nothing else is left to do. */
function skipTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const jump = () => {
    if (!vi.isFakeTimers()) return;
    vi.advanceTimersToNextTimer();
    setImmediate(jump);
  };
  setImmediate(jump);
}

const attemptTimeout =
  'api.sentiance.com did not answer within 1000 ms (timeout, the limit of one attempt). Ask again later.';
const totalTimeout = (slow: string) =>
  `${slow} did not answer within 2000 ms (totalTimeout, the limit of the whole call). Ask again later.`;

function timeout(title: string, call: () => FailingCall, message: string): FailureRow {
  const setUp = () => {
    skipTime();
    return call();
  };
  return [title, setUp, 'timeout', message];
}

const ONE_SECOND = { timeout: 1_000 };
const TWO_SECONDS = { totalTimeout: 2_000 };

const TIMEOUTS: FailureRow[] = [
  timeout(
    'an attempt',
    () => ({ client: { fetch: hangingAfter() }, options: ONE_SECOND }),
    attemptTimeout,
  ),
  timeout(
    'an attempt, after one that was answered',
    () => ({ client: { fetch: hangingAfter(echo(503)) }, options: ONE_SECOND }),
    attemptTimeout,
  ),
  timeout(
    'the call',
    () => ({ client: { fetch: hangingAfter() }, options: TWO_SECONDS }),
    totalTimeout('api.sentiance.com'),
  ),
  timeout(
    'the call, after an attempt that was answered',
    () => ({ client: { fetch: hangingAfter(echo(503)) }, options: TWO_SECONDS }),
    totalTimeout('api.sentiance.com'),
  ),
  timeout(
    'the key function',
    () => ({ client: { apiKey: () => new Promise(() => {}) }, options: TWO_SECONDS }),
    totalTimeout('The apiKey function'),
  ),
];

/** A call whose signal aborts when `abort` is called, for a reason that is secret. */
function aborted(title: string, during: (abort: () => void) => FailingCall): FailureRow {
  const setUp = () => {
    const controller = new AbortController();
    const reason = new Error(CANARIES.abortReason, { cause: QUOTE });
    const call = during(() => controller.abort(reason));
    return { ...call, options: { signal: controller.signal } };
  };
  return [title, setUp, 'aborted', "The call was ended by the caller's signal."];
}

const ABORTS: FailureRow[] = [
  aborted('before it began', (abort) => {
    abort();
    return {};
  }),
  aborted('in the key function', (abort) => ({
    client: {
      apiKey: async () => {
        abort();
        throw new Error(KEY);
      },
    },
  })),
  aborted('in a request', (abort) => ({
    client: {
      fetch: (...request: Parameters<Fetch>) => {
        setImmediate(abort);
        return hangingAfter()(...request);
      },
    },
  })),
  aborted('in a wait', (abort) => ({
    client: {
      fetch: async () => {
        setImmediate(abort);
        return new Response(ECHOED_BODY, { status: 503, headers: { 'retry-after': '1' } });
      },
    },
  })),
  [
    'with the key itself as the reason',
    () => ({ options: { signal: AbortSignal.abort(KEY) } }),
    'aborted',
    "The call was ended by the caller's signal.",
  ],
];

const keyFunctionFailed = (reason = '') =>
  `The apiKey function failed${reason}. What it threw is not shown, since it may hold the key: log it inside the function.`;

function keyFunction(title: string, apiKey: () => unknown, message: string): FailureRow {
  return [title, () => ({ client: { apiKey } }), 'invalid_configuration', message];
}

const KEY_FUNCTIONS: FailureRow[] = [
  keyFunction(
    'throws the key',
    () => {
      throw KEY;
    },
    keyFunctionFailed(),
  ),
  keyFunction(
    'throws an error with the key',
    () => {
      throw new Error(KEY);
    },
    keyFunctionFailed(),
  ),
  keyFunction('rejects with the key', () => Promise.reject(KEY), keyFunctionFailed()),
  keyFunction(
    'rejects with a known code and the key',
    () =>
      Promise.reject(Object.assign(new Error(KEY, { cause: KEY }), { code: 'ECONNREFUSED', KEY })),
    keyFunctionFailed(' (ECONNREFUSED)'),
  ),
  keyFunction(
    "rejects with an error of this library's",
    () => Promise.reject(new SentianceConfigurationError(KEY, { cause: new Error(KEY) })),
    keyFunctionFailed(),
  ),
  keyFunction(
    'gives the key with the prefix',
    () => `Bearer ${KEY}`,
    'The key from the apiKey function starts with "Bearer ". Give the key alone: the client adds the prefix.',
  ),
  keyFunction(
    'gives two keys',
    () => `${KEY}\n${KEY}`,
    'The key from the apiKey function has a line break inside it. Give one key, on one line.',
  ),
  keyFunction(
    'gives a key that cannot stand in a header',
    () => `${KEY}\u2026`,
    'The key from the apiKey function has a character that cannot stand in an HTTP header. Copy the key again from where it is kept: it is plain ASCII.',
  ),
  keyFunction(
    'gives an object with the key',
    () => ({ key: KEY }),
    'The key from the apiKey function must be a string, but it is an object.',
  ),
  keyFunction(
    'gives an array with the key',
    () => [KEY],
    'The key from the apiKey function must be a string, but it is an array.',
  ),
];

const notAString = (kind: string) =>
  `externalId must be a string, but it is ${kind}. Pass your own platform's id of the user.`;

function badId(title: string, externalId: unknown, message: string): FailureRow {
  return [title, () => ({ externalId }), 'invalid_external_id', message];
}

const BAD_IDS: FailureRow[] = [
  badId('an object', { id: CANARIES.externalId, toString: () => KEY }, notAString('an object')),
  badId('an array', [CANARIES.externalId], notAString('an array')),
  badId('a symbol', Symbol(CANARIES.externalId), notAString('a symbol')),
  badId('a function', () => CANARIES.externalId, notAString('a function')),
  badId(
    'a string cut in the middle of a character',
    `${CANARIES.externalId}\ud83d`,
    'externalId is not well-formed Unicode: half of a surrogate pair stands alone in it, as when a string was cut in the middle of a character. Pass the whole id.',
  ),
];

function badOptions(title: string, options: unknown, message: string): FailureRow {
  return [title, () => ({ options }), 'invalid_configuration', message];
}

const BAD_CALL_OPTIONS: FailureRow[] = [
  badOptions(
    'no object but the id',
    CANARIES.externalId,
    'The options of createAuthenticationCode must be an object, but they are a string. Pass { signal: … }.',
  ),
  badOptions(
    'an option that is named like the id',
    { [CANARIES.externalId]: KEY },
    'The options of createAuthenticationCode have an unknown option with an unusual name. Valid options: signal, timeout, totalTimeout, maxRetries.',
  ),
  badOptions(
    'an unknown option that holds the key',
    { apiKey: KEY },
    "The options of createAuthenticationCode have an unknown option 'apiKey'. Valid options: signal, timeout, totalTimeout, maxRetries.",
  ),
  badOptions(
    'a timeout',
    { timeout: KEY },
    'timeout must be a number of milliseconds from 1 to 2147483647, but it is a string.',
  ),
  badOptions(
    'a totalTimeout',
    { totalTimeout: { KEY } },
    'totalTimeout must be a number of milliseconds from 1 to 2147483647, but it is an object.',
  ),
  badOptions(
    'a maxRetries',
    { maxRetries: KEY },
    'maxRetries must be a whole number from 0 to 10, but it is a string.',
  ),
  badOptions('a signal', { signal: KEY }, 'signal must be an AbortSignal, but it is a string.'),
  badOptions(
    'getters that throw',
    withHostileGetter({}, 'timeout'),
    'The options of createAuthenticationCode could not be read: reading one of them threw an error. Pass a plain object.',
  ),
  badOptions(
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
    'The client could not be used as it was called. Call the method on its client, as client.createAuthenticationCode(…), with a signal that is an AbortSignal.',
  ),
];

describe.each<[string, FailureRow[]]>([
  ['an error answer that echoes the request', ERROR_ANSWERS],
  ['an answer of success that is not the contract', INVALID_ANSWERS],
  ['a lost connection that is told by', CONNECTION_FAILURES],
  ['a custom fetch that gives', UNUSABLE_FETCHES],
  ['a timeout of', TIMEOUTS],
  ['an abort', ABORTS],
  ['a key function that', KEY_FUNCTIONS],
  ['an external id that is', BAD_IDS],
  ['call options that are or have', BAD_CALL_OPTIONS],
])('no secret gets out of %s', (_, rows) => {
  test.each(rows)('%s', async (...row) => {
    await expectSafeFailure(row);
  });
});

test('a result of tryCreateAuthenticationCode holds no secret when there is no code', async () => {
  platformAnswers(EU, echo(400));
  const client = construct({ apiKey: KEY });
  const result = await client.tryCreateAuthenticationCode(CANARIES.externalId);
  expect(result).toMatchObject({ ok: false, error: { code: 'rejected', message: rejected(400) } });
  expectNoCanary(result);
});

test('a method that lost its client fails without a secret', async () => {
  const { createAuthenticationCode } = construct({ apiKey: KEY });
  const error = await failureOf(() => createAuthenticationCode(CANARIES.externalId));
  expect(error).toMatchObject({
    code: 'invalid_configuration',
    message: expect.stringMatching(/^The client could not be used as it was called\. /),
  });
  expectNoCanary(error);
});

test.each([
  ['an attempt', ONE_SECOND],
  ['the call', TWO_SECONDS],
])('the lastError of a timeout of %s holds no secret', async (_, options) => {
  skipTime();
  const client = construct({ apiKey: KEY, fetch: hangingAfter(echo(503)), maxRetries: 1 });
  const error = await failureOf(() => requestCode(client, CANARIES.externalId, options));
  expect(error).toMatchObject({
    code: 'timeout',
    attempts: 2,
    lastError: { code: 'server_error', attempts: 1, message: serverProblem(503) },
  });
  expectNoCanary(error);
});

type ConstructorRow = [title: string, options: () => unknown, message: RegExp];

const REFUSED_OPTIONS: ConstructorRow[] = [
  ['a key with its prefix', () => ({ apiKey: `Bearer ${KEY}` }), /^apiKey starts with "Bearer "\./],
  ['two keys', () => ({ apiKey: `${KEY}\n${KEY}` }), /^apiKey has a line break inside it\./],
  ['a key that is no ASCII', () => ({ apiKey: `${KEY}\u00e9` }), /^apiKey has a character that/],
  ['a key in an object', () => ({ apiKey: { KEY } }), /^apiKey must be .* but it is an object\.$/],
  [
    'a bad key in the environment',
    () => {
      vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', `Bearer ${KEY}`);
      return {};
    },
    /^The environment variable SENTIANCE_USER_LINK_API_KEY starts with "Bearer "\./,
  ],
  [
    'the key as the region in the environment',
    () => {
      vi.stubEnv('SENTIANCE_REGION', KEY);
      return { apiKey: KEY };
    },
    /^The environment variable SENTIANCE_REGION must be 'eu' .* but it is something else\.$/,
  ],
  [
    'the key as region',
    () => ({ apiKey: KEY, region: KEY }),
    /^region must be .* something else\.$/,
  ],
  ['the key as baseUrl', () => ({ apiKey: KEY, baseUrl: KEY }), /^baseUrl must be an absolute URL/],
  [
    'a baseUrl with the key as host',
    () => ({ apiKey: KEY, baseUrl: `http://${KEY}.example` }),
    /^baseUrl must use https,/,
  ],
  [
    'a baseUrl with the key as user name',
    () => ({ apiKey: KEY, baseUrl: `https://${KEY}@platform.example` }),
    /^baseUrl must not have a user name or password in it\./,
  ],
  [
    'a baseUrl with the key as password',
    () => ({ apiKey: KEY, baseUrl: new URL(`https://user:${KEY}@platform.example`) }),
    /^baseUrl must not have a user name or password in it\./,
  ],
  [
    'a baseUrl with the key in its query',
    () => ({ apiKey: KEY, baseUrl: `https://platform.example/?key=${KEY}` }),
    /^baseUrl must not have a query or a fragment\./,
  ],
  [
    'a baseUrl with the key in its fragment',
    () => ({ apiKey: KEY, baseUrl: `https://platform.example/#${KEY}` }),
    /^baseUrl must not have a query or a fragment\./,
  ],
  ['the key as timeout', () => ({ apiKey: KEY, timeout: KEY }), /^timeout must be .* a string\.$/],
  [
    'the key as totalTimeout',
    () => ({ apiKey: KEY, totalTimeout: [KEY] }),
    /^totalTimeout must be .* an array\.$/,
  ],
  [
    'the key as maxRetries',
    () => ({ apiKey: KEY, maxRetries: KEY }),
    /^maxRetries must be .* a string\.$/,
  ],
  ['the key as fetch', () => ({ apiKey: KEY, fetch: KEY }), /^fetch must be .* a string\.$/],
  ['the key as onAttempt', () => ({ apiKey: KEY, onAttempt: KEY }), /^onAttempt must be .*\.$/],
  [
    'the key as dangerouslyAllowBrowser',
    () => ({ apiKey: KEY, dangerouslyAllowBrowser: KEY }),
    /^dangerouslyAllowBrowser must be true or false, but it is a string\.$/,
  ],
  [
    'an option that is named like the key',
    () => ({ [KEY]: KEY }),
    /^The options of SentianceUserLinkClient have an unknown option with an unusual name\./,
  ],
  [
    'a misspelt option',
    () => ({ api_key: KEY }),
    /^The options of SentianceUserLinkClient have an unknown option 'api_key'\./,
  ],
  [
    'no object but the key',
    () => KEY,
    /^The options of SentianceUserLinkClient must be an object, but they are a string\./,
  ],
  [
    'a getter that throws the key',
    () => withHostileGetter({ apiKey: KEY }, 'timeout'),
    /^The options of SentianceUserLinkClient could not be read:/,
  ],
  [
    'a browser around it',
    () => {
      vi.stubGlobal('window', { document: {} });
      return { apiKey: KEY };
    },
    /^SentianceUserLinkClient is for servers only, but this is a browser or React Native:/,
  ],
  [
    'React Native around it',
    () => {
      vi.stubGlobal('navigator', { product: 'ReactNative' });
      return { apiKey: KEY };
    },
    /^SentianceUserLinkClient is for servers only, but this is a browser or React Native:/,
  ],
];

describe('no secret gets out of a constructor that refuses', () => {
  test.each(REFUSED_OPTIONS)('%s', async (_, options, message) => {
    const error = await failureOf(() => construct(options()));
    expect(error).toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringMatching(message),
    });
    expectNoCanary(error);
  });
});

describe('a call that succeeds', () => {
  /** What the design allows: the code has to reach the app, as JSON, so its property is a property. */
  const AS_DATA = [
    'JSON.stringify shows authenticationCode',
    'util.format shows authenticationCode',
    'console.dir shows authenticationCode',
    'console.table shows authenticationCode',
    'structuredClone shows authenticationCode',
    'a failed assertion shows authenticationCode',
    'pino shows authenticationCode',
    'pino with errWithCause shows authenticationCode',
    'winston with json shows authenticationCode',
    'winston with prettyPrint shows authenticationCode',
    'winston with errors shows authenticationCode',
    'winston with splat shows authenticationCode',
    'properties shows authenticationCode',
  ];

  const ANSWER = JSON.stringify({
    authentication_code: CANARIES.authenticationCode,
    expires_at: '2021-02-03T14:32:03.076Z',
    echoed: QUOTE,
    [CANARIES.body]: CANARIES.body,
  });

  async function succeed() {
    platformAnswers(EU, echo(200, ANSWER));
    const events: AttemptEvent[] = [];
    const client = construct({
      apiKey: KEY,
      onAttempt: (event: AttemptEvent) => events.push(event),
    });
    const code = await client.createAuthenticationCode(CANARIES.externalId);
    return { client, code, events };
  }

  test('shows the code as data alone, and no other secret', async () => {
    const { code } = await succeed();
    expect(leaksOf(code)).toEqual(AS_DATA);
    expect(leaksOf({ ok: true, value: code })).toEqual(expect.arrayContaining(AS_DATA));
  });

  test.each([
    ['console.log', (value: unknown) => CHANNELS['console.log']?.(value)],
    ['util.inspect', (value: unknown) => inspect(value, { depth: 20, showHidden: true })],
    ['util.inspect of what holds it', (value: unknown) => inspect({ user: [value] })],
  ])('prints as a code that is redacted with %s', async (_, print) => {
    const { code } = await succeed();
    const printed = print(code);
    expect(printed).toContain("authenticationCode: '[redacted]'");
    expect(printed).toContain("platformUrl: 'https://api.sentiance.com'");
    expectNoCanary(printed);
  });

  test('leaves no secret in its events', async () => {
    const { events } = await succeed();
    expect(events).toHaveLength(1);
    expectNoCanary(events);
  });

  test('leaves no secret in the client, which still prints where it asks', async () => {
    const { client } = await succeed();
    expect(inspect(client, { breakLength: Infinity })).toBe(
      "SentianceUserLinkClient { region: 'eu', platformUrl: 'https://api.sentiance.com' }",
    );
    expectNoCanary(client);
  });
});

describe('what is left of an error that is not of this library', () => {
  const named = (name: string, fields: object) =>
    Object.assign(new Error(QUOTE), { name, ...fields });
  /** An error with this code, behind a number of others. */
  const behind = (links: number, code: string) =>
    Array.from({ length: links }).reduce<Error>(
      (cause) => new Error(QUOTE, { cause }),
      named('Error', { code }),
    );
  const circular = new Error(QUOTE);
  circular.cause = circular;

  test.each<[string, unknown, string, string | undefined, number]>([
    [
      'a name and a known code',
      named('SocketError', { code: 'ECONNRESET' }),
      'SocketError',
      'ECONNRESET',
      2,
    ],
    [
      'the innermost name that is known',
      new TypeError(QUOTE, { cause: named('SocketError', {}) }),
      'SocketError',
      undefined,
      2,
    ],
    [
      'the outermost of two known codes',
      named('Error', { code: 'ECONNRESET', cause: behind(1, 'EPIPE') }),
      'Error',
      'ECONNRESET',
      2,
    ],
    [
      'a known code behind one that is not',
      named('Error', { code: KEY, cause: behind(1, 'EPIPE') }),
      'Error',
      'EPIPE',
      2,
    ],
    ['a code that a retry does not cure', behind(1, 'ENOTFOUND'), 'Error', 'ENOTFOUND', 1],
    ['a code behind three errors', behind(3, 'ECONNRESET'), 'Error', 'ECONNRESET', 2],
    ['nothing of a code behind four', behind(4, 'ECONNRESET'), 'Error', undefined, 2],
    [
      'nothing of a name and code that are unknown',
      named(KEY, { code: KEY }),
      'Error',
      undefined,
      2,
    ],
    [
      'nothing of a code that is no string',
      named('Error', { code: { ECONNRESET: 'ECONNRESET' } }),
      'Error',
      undefined,
      2,
    ],
    ['nothing of causes in a circle', circular, 'Error', undefined, 2],
    ['nothing of null as a cause', new Error(QUOTE, { cause: null }), 'Error', undefined, 2],
    ['nothing of a string', 'ECONNRESET', 'Error', undefined, 2],
    ['nothing of undefined', undefined, 'Error', undefined, 2],
  ])('is %s', async (_, thrown, name, reason, attempts) => {
    const client = construct({ apiKey: KEY, fetch: failing(() => thrown), maxRetries: 1 });
    const error = await failureOf(() => requestCode(client, CANARIES.externalId));
    if (!(error instanceof SentianceConnectionError)) throw error;

    expect(error.reason).toBe(reason);
    expect(error.attempts).toBe(attempts);
    const message = reason ?? 'details withheld';
    expect(Object.getPrototypeOf(error.cause)).toBe(Error.prototype);
    expect(error.cause).toMatchObject({ name, message, stack: `${name}: ${message}` });
    expect(Object.entries(Object(error.cause))).toEqual(
      reason === undefined ? [] : [['code', reason]],
    );
    expectNoCanary(error);
  });
});

describe('the search for canaries', () => {
  const circle: { of?: unknown } = {};
  circle.of = circle;
  const quiet = { enumerable: false, value: () => 'nothing to see' };
  const nested = (depth: number): object =>
    depth === 0 ? new Error(KEY) : { of: nested(depth - 1) };

  const LEAKS: [channel: string, value: unknown][] = [
    ['message', new Error(KEY)],
    ['stack', Object.assign(new Error('failed'), { stack: `Error: failed\n    at ${KEY}` })],
    ['String', { toString: () => KEY }],
    ['toJSON', Object.defineProperty({}, 'toJSON', { value: () => ({ KEY }) })],
    ['JSON.stringify', { headers: { authorization: `Bearer ${KEY}` } }],
    ['util.inspect', { [inspect.custom]: () => KEY }],
    ['util.inspect of everything', nested(12)],
    ['util.inspect of everything', Object.defineProperty({}, 'hidden', { value: KEY })],
    ['util.inspect of everything', { list: [...Array(200).fill(0), KEY] }],
    ['util.format', { KEY }],
    ['console.log', { KEY }],
    ['console.dir', Object.defineProperty({ KEY }, inspect.custom, quiet)],
    ['console.table', [{ KEY }]],
    [
      'structuredClone',
      Object.defineProperties({ KEY }, { toJSON: quiet, [inspect.custom]: quiet }),
    ],
    ['a failed assertion', { KEY }],
    ['pino', new Error('failed', { cause: new Error(KEY) })],
    ['pino with errWithCause', Object.assign(new Error('failed'), { KEY })],
    ['winston with json', { KEY }],
    ['winston with prettyPrint', Object.defineProperty({ KEY }, inspect.custom, quiet)],
    ['winston with errors', new Error('failed', { cause: new Error(KEY) })],
    ['winston with splat', { KEY }],
    ['properties', { body: Buffer.from(KEY) }],
    ['properties', { body: new TextEncoder().encode(KEY).buffer }],
    ['properties', { [KEY]: 1 }],
    ['properties', { [Symbol(KEY)]: 1 }],
    [
      'properties',
      {
        get key() {
          return KEY;
        },
      },
    ],
    [
      'properties',
      {
        get key(): string {
          throw new Error(KEY);
        },
      },
    ],
  ];

  test.each(LEAKS)('finds what %s shows', (channel, value) => {
    expect(leaksOf(value)).toContain(`${channel} shows apiKey`);
    expect(() => expectNoCanary(value)).toThrow(`${channel} shows apiKey`);
  });

  test('is shown to work for every channel', () => {
    expect(new Set(LEAKS.map(([channel]) => channel))).toEqual(new Set(Object.keys(CHANNELS)));
  });

  test.each<[string, unknown]>([
    ['a cause', new Error('failed', { cause: new Error('failed', { cause: new Error(KEY) }) })],
    ['a lastError', Object.assign(new Error('failed'), { lastError: new Error(KEY) })],
    ['the parts of an AggregateError', new AggregateError([new Error(KEY)], 'failed')],
    ['a list of events', [{ attempt: 1 }, { attempt: 2, platformUrl: KEY }]],
    ['a Map', new Map([['error', { message: KEY }]])],
    ['a Set', new Set([{ message: KEY }])],
    [
      'what an object throws when it is printed',
      {
        toString: () => {
          throw new Error(KEY);
        },
      },
    ],
  ])('goes into %s', (_, value) => {
    expect(leaksOf(value)).not.toEqual([]);
    expect(() => expectNoCanary(value)).toThrow('shows apiKey');
  });

  test.each(Object.entries(CANARIES))('tells the canary %s from the others', (name, canary) => {
    expect(leaksOf(canary)).toContain(`String shows ${name}`);
    expect(leaksOf(canary).filter((leak) => !leak.endsWith(` shows ${name}`))).toEqual([]);
  });

  test.each([
    ['in upper case', KEY.toUpperCase(), 'apiKey'],
    ['of which the end is cut off', KEY.slice(0, -3), 'a part of a canary'],
    ['of which the beginning is cut off', KEY.slice(3), 'a part of a canary'],
  ])('finds a canary %s', (_, text, found) => {
    expect(leaksOf(new Error(text))).toContain(`message shows ${found}`);
  });

  test.each<[string, unknown]>([
    ['an error', new Error('failed', { cause: new TypeError('fetch failed') })],
    ['a circle', circle],
    ['what cannot be cloned', { toString: () => 'nothing' }],
    [
      'what is not shown: a private field',
      new (class {
        readonly #secret = KEY;
        holds() {
          return this.#secret;
        }
      })(),
    ],
    ['nothing', undefined],
  ])('passes %s without a secret', (_, value) => {
    expectNoCanary(value);
  });
});
