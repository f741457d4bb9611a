/** One set of promises, kept alike by the client on the emulator, behind MSW, and by the fake. */
import { inspect } from 'node:util';
import { setupServer } from 'msw/node';
import {
  type AnySentianceError,
  type CreateAuthenticationCodeOptions,
  SentianceAbortError,
  SentianceApiError,
  SentianceAuthenticationError,
  SentianceConfigurationError,
  SentianceConnectionError,
  SentianceError,
  type SentianceErrorCode,
  SentianceInvalidExternalIdError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
  SentianceTimeoutError,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
  type UserLinkClient,
} from 'sentiance-user-link';
import { FakeUserLinkClient, SentianceEmulator } from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { deferred } from '../support/deferred.js';
import { startEmulator } from '../support/emulator.js';
import { failureOf } from '../support/refusals.js';

const NOW = Date.parse('2030-01-02T03:04:05.678Z');
const SETTINGS = {
  codeLifetime: 90_000,
  now: () => NOW,
  expiredKeys: ['old-test-key'],
  keysWithoutScope: ['other-test-key'],
};
const EXPIRES_AT = new Date(NOW + 90_000);

/** A call that is going to fail. */
interface Call {
  client: UserLinkClient;
  externalId: string;
  options: CreateAuthenticationCodeOptions;
}

/** One of those that keep the promises. */
interface Subject {
  client: UserLinkClient;
  platformUrl: string;
  /** Gives a call that ends with this error, after which all is well again. */
  failing(code: SentianceErrorCode): Call;
  /** Lets the next call wait for ever; resolves when it does. */
  hangNext(): Promise<void>;
}

type ClientFactory = (options?: SentianceUserLinkClientOptions) => SentianceUserLinkClient;

/** The real client: what goes wrong, goes wrong on the emulator's side, but for what cannot. */
function realSubject(emulator: SentianceEmulator, newClient: ClientFactory): Subject {
  const client = newClient();
  const call = (part: Partial<Call>): Call => ({
    client,
    externalId: 'user-1',
    options: { maxRetries: 0 },
    ...part,
  });
  const faulty = (...[fault]: Parameters<SentianceEmulator['failNext']>): Call => {
    emulator.failNext(fault);
    return call({});
  };
  const hanging = (options: CreateAuthenticationCodeOptions): Call => {
    emulator.failNext({ type: 'hang' });
    return call({ options: { maxRetries: 0, ...options } });
  };
  const noKey = () => Promise.reject(new Error('The vault is closed.'));
  const failures: Record<SentianceErrorCode, () => Call> = {
    invalid_configuration: () => call({ client: newClient({ apiKey: noKey }) }),
    invalid_external_id: () => call({ externalId: ' ' }),
    unauthorized: () => call({ client: newClient({ apiKey: 'old-test-key' }) }),
    forbidden: () => call({ client: newClient({ apiKey: 'other-test-key' }) }),
    rate_limited: () => faulty({ type: 'status', status: 429, retryAfter: 60 }),
    server_error: () => faulty({ type: 'status', status: 503 }),
    rejected: () => faulty({ type: 'status', status: 400 }),
    unexpected_redirect: () => faulty({ type: 'redirect', location: 'https://login.example' }),
    invalid_response: () => faulty({ type: 'malformed_json' }),
    connection_failed: () => faulty({ type: 'disconnect' }),
    timeout: () => hanging({ timeout: 40 }),
    aborted: () => hanging({ signal: AbortSignal.timeout(40) }),
  };
  return {
    client,
    platformUrl: client.platformUrl,
    failing: (code) => failures[code](),
    hangNext: async () => {
      const before = emulator.requests.length;
      emulator.failNext({ type: 'hang' });
      await vi.waitFor(() => expect(emulator.requests).toHaveLength(before + 1));
    },
  };
}

async function clientOnTheEmulator(): Promise<Subject> {
  const emulator = await startEmulator(SETTINGS);
  const { apiKey, url: baseUrl } = emulator;
  return realSubject(
    emulator,
    (options) => new SentianceUserLinkClient({ apiKey, baseUrl, ...options }),
  );
}

async function clientBehindMsw(): Promise<Subject> {
  const emulator = new SentianceEmulator(SETTINGS);
  const server = setupServer(...userLinkHandlers({ emulator }));
  onTestFinished(() => server.close());
  server.listen({ onUnhandledRequest: 'error' });
  const { apiKey } = emulator;
  return realSubject(
    emulator,
    (options) => new SentianceUserLinkClient({ apiKey, region: 'in', ...options }),
  );
}

async function fake(): Promise<Subject> {
  const { codeLifetime, now } = SETTINGS;
  const platformUrl = 'https://api.p15.sentiance.com';
  const client = new FakeUserLinkClient({ codeLifetime, now, platformUrl });
  return {
    client,
    platformUrl,
    failing: (code) => ({ client: client.failNext(code), externalId: 'user-1', options: {} }),
    hangNext: () => {
      const started = deferred();
      client.respondWith(() => {
        started.resolve();
        return new Promise(() => {});
      });
      return started.promise;
    },
  };
}

const SUBJECTS = [
  ['the client on a listening emulator', clientOnTheEmulator],
  ['the client behind the MSW handlers', clientBehindMsw],
  ['the fake', fake],
] as const;

type Method = keyof UserLinkClient;
const METHODS: readonly Method[] = ['createAuthenticationCode', 'tryCreateAuthenticationCode'];

/** Calls with any arguments at all, and gives the error: thrown by one method, returned by the other. */
async function errorOf(client: UserLinkClient, method: Method, ...args: unknown[]) {
  if (method === 'createAuthenticationCode') {
    return failureOf(() => Reflect.apply(client.createAuthenticationCode, client, args));
  }
  const result = await Reflect.apply(client.tryCreateAuthenticationCode, client, args);
  expect(result).toEqual({ ok: false, error: expect.any(SentianceError) });
  return Reflect.get(result, 'error');
}

interface Promised {
  errorClass: abstract new (...args: never[]) => AnySentianceError;
  action: AnySentianceError['action'];
  message: RegExp;
  fields?: object;
}

/** What is promised of each error, whoever gives it. */
const ERRORS: Record<SentianceErrorCode, Promised> = {
  invalid_configuration: {
    errorClass: SentianceConfigurationError,
    action: 'alert',
    message: /^The apiKey function failed\./,
    fields: { attempts: 0 },
  },
  invalid_external_id: {
    errorClass: SentianceInvalidExternalIdError,
    action: 'fix_input',
    message: /^externalId is blank\./,
    fields: { attempts: 0 },
  },
  unauthorized: {
    errorClass: SentianceAuthenticationError,
    action: 'alert',
    message: /^\S+ refused the API key \(401\)\./,
    fields: { attempts: 1, status: 401, ref: expect.any(String) },
  },
  forbidden: {
    errorClass: SentiancePermissionError,
    action: 'alert',
    message: /^\S+ does not let this API key link users \(403\)\./,
    fields: { attempts: 1, status: 403, ref: expect.any(String) },
  },
  rate_limited: {
    errorClass: SentianceRateLimitError,
    action: 'retry_later',
    message: /^\S+ limits the rate of requests \(429\)\./,
    fields: { attempts: 1, status: 429, retryAfter: 60_000 },
  },
  server_error: {
    errorClass: SentianceServerError,
    action: 'retry_later',
    message: /^\S+ has a problem of its own \(503\)\./,
    fields: { status: 503 },
  },
  rejected: {
    errorClass: SentianceRequestError,
    action: 'alert',
    message: /^\S+ did not accept the request \(400\)\./,
    fields: { attempts: 1, status: 400, ref: expect.any(String) },
  },
  unexpected_redirect: {
    errorClass: SentianceRedirectError,
    action: 'alert',
    message: /^\S+ answered with a redirect \(302\), which is not followed/,
    fields: { attempts: 1, status: 302 },
  },
  invalid_response: {
    errorClass: SentianceResponseError,
    action: 'alert',
    message: /^\S+ answered 200, but its body is not a JSON object\./,
    fields: { attempts: 1, status: 200, issues: ['(body)'] },
  },
  connection_failed: {
    errorClass: SentianceConnectionError,
    action: 'retry_later',
    message: /^\S+ could not be reached, or the connection was lost\b/,
  },
  timeout: {
    errorClass: SentianceTimeoutError,
    action: 'retry_later',
    message: /^\S+ did not answer within \d+ ms \((timeout|totalTimeout), the limit of /,
  },
  aborted: {
    errorClass: SentianceAbortError,
    action: 'none',
    message: /^The call was ended by the caller's signal\.$/,
  },
};

const WRONG_IDS: readonly (readonly [string, unknown, string])[] = [
  [
    'undefined',
    undefined,
    "externalId must be a string, but it is undefined. Pass your own platform's id of the user.",
  ],
  [
    'null',
    null,
    "externalId must be a string, but it is null. Pass your own platform's id of the user.",
  ],
  [
    'an object',
    { id: 'user-1' },
    "externalId must be a string, but it is an object. Pass your own platform's id of the user.",
  ],
  [
    'a number',
    42,
    "externalId must be a string, but it is a number. Convert it where the id is created or read, with String(id): a number above 2^53 has lost digits already, and would link somebody else's user.",
  ],
  ['empty', '', "externalId is blank. Pass your own platform's id of the user."],
  ['blank', ' \t\n', "externalId is blank. Pass your own platform's id of the user."],
  [
    'half a character',
    'user-\ud83d',
    'externalId is not well-formed Unicode: half of a surrogate pair stands alone in it, as when a string was cut in the middle of a character. Pass the whole id.',
  ],
];

const LIMIT = 'must be a number of milliseconds from 1 to 2147483647, but it is';

const WRONG_OPTIONS: readonly (readonly [string, unknown, string])[] = [
  [
    'null',
    null,
    'The options of createAuthenticationCode must be an object, but they are null. Pass { signal: … }.',
  ],
  [
    'a string',
    'abort',
    'The options of createAuthenticationCode must be an object, but they are a string. Pass { signal: … }.',
  ],
  [
    'an unknown name',
    { retries: 1 },
    "The options of createAuthenticationCode have an unknown option 'retries'. Valid options: signal, timeout, totalTimeout, maxRetries.",
  ],
  ['timeout', { timeout: 0 }, `timeout ${LIMIT} out of range.`],
  ['totalTimeout', { totalTimeout: '5s' }, `totalTimeout ${LIMIT} a string.`],
  [
    'maxRetries',
    { maxRetries: 11 },
    'maxRetries must be a whole number from 0 to 10, but it is out of range.',
  ],
  [
    'signal',
    { signal: new AbortController() },
    'signal must be an AbortSignal, but it is an object.',
  ],
];

const CODES = Object.keys(ERRORS).filter((code): code is SentianceErrorCode => code in ERRORS);

describe.each(SUBJECTS)('%s', (_name, start) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await start();
  });

  describe('a code', () => {
    test('has three fields, and is good for its lifetime', async () => {
      const code = await subject.client.createAuthenticationCode('user-1');

      expect(Object.keys(code).sort()).toEqual(['authenticationCode', 'expiresAt', 'platformUrl']);
      expect(code.authenticationCode).toMatch(/^[\w-]+$/);
      expect(code.expiresAt).toBeInstanceOf(Date);
      expect(code.expiresAt).toEqual(EXPIRES_AT);
      expect(code.platformUrl).toBe(subject.platformUrl);
    });

    test('comes in a result from the method that does not throw', async () => {
      expect(await subject.client.tryCreateAuthenticationCode('user-1')).toEqual({
        ok: true,
        value: {
          authenticationCode: expect.stringMatching(/^[\w-]+$/),
          expiresAt: EXPIRES_AT,
          platformUrl: subject.platformUrl,
        },
      });
    });

    test('is JSON as the app needs it', async () => {
      const code = await subject.client.createAuthenticationCode('user-1');

      expect(JSON.parse(JSON.stringify(code))).toEqual({
        authenticationCode: code.authenticationCode,
        expiresAt: EXPIRES_AT.toISOString(),
        platformUrl: subject.platformUrl,
      });
    });

    test('is redacted where it is printed', async () => {
      const code = await subject.client.createAuthenticationCode('user-1');

      for (const shown of [inspect(code), inspect({ code }, { showHidden: true, depth: 20 })]) {
        expect(shown).toContain("authenticationCode: '[redacted]'");
        expect(shown).not.toContain(code.authenticationCode);
      }
    });

    test('is a new one each time, for one user and for many at once', async () => {
      const codes = new Set<string>();
      for (let n = 0; n < 3; n += 1) {
        codes.add((await subject.client.createAuthenticationCode('user-1')).authenticationCode);
      }
      const many = ['user-1', 'user-2', 'user-3'].map((externalId) =>
        subject.client.createAuthenticationCode(externalId),
      );
      for (const { authenticationCode } of await Promise.all(many)) codes.add(authenticationCode);

      expect(codes.size).toBe(6);
    });

    test('may be asked for with every option', async () => {
      const { signal } = new AbortController();
      const options = { signal, timeout: 2_000, totalTimeout: 4_000, maxRetries: 0 };

      await expect(
        subject.client.createAuthenticationCode('user-1', options),
      ).resolves.toMatchObject({ expiresAt: EXPIRES_AT });
    });
  });

  describe.each(METHODS)('%s', (method) => {
    test.each(WRONG_IDS)('refuses an external id that is %s', async (_, externalId, message) => {
      const error = await errorOf(subject.client, method, externalId);

      expect(error).toBeInstanceOf(SentianceInvalidExternalIdError);
      expect(error).toMatchObject({
        code: 'invalid_external_id',
        action: 'fix_input',
        attempts: 0,
        message,
      });
    });

    test.each(WRONG_OPTIONS)('refuses wrong options: %s', async (_, options, message) => {
      const error = await errorOf(subject.client, method, 'user-1', options);

      expect(error).toBeInstanceOf(SentianceConfigurationError);
      expect(error).toMatchObject({
        code: 'invalid_configuration',
        action: 'alert',
        attempts: 0,
        message,
      });
    });

    test('ends at once when its signal has aborted before', async () => {
      const signal = AbortSignal.abort('log out');

      const error = await errorOf(subject.client, method, 'user-1', { signal });

      expect(error).toBeInstanceOf(SentianceAbortError);
      expect(error).toMatchObject({
        code: 'aborted',
        action: 'none',
        attempts: 0,
        message: "The call was ended by the caller's signal.",
      });
    });

    test('ends when its signal aborts while it waits', async () => {
      const controller = new AbortController();
      const waiting = subject.hangNext();
      const error = errorOf(subject.client, method, 'user-1', { signal: controller.signal });
      await waiting;

      controller.abort(new Error('log out'));

      expect(await error).toBeInstanceOf(SentianceAbortError);
      expect(await error).toMatchObject({
        code: 'aborted',
        attempts: 1,
        message: "The call was ended by the caller's signal.",
      });
    });

    test.each([
      [{ totalTimeout: 40 }, '40 ms (totalTimeout, the limit of the whole call)'],
      [{ timeout: 41, maxRetries: 0 }, '41 ms (timeout, the limit of one attempt)'],
    ])('ends when its time is over: %j', async (options, limit) => {
      void subject.hangNext();

      const error = await errorOf(subject.client, method, 'user-1', options);

      const { host } = new URL(subject.platformUrl);
      expect(error).toBeInstanceOf(SentianceTimeoutError);
      expect(error).toMatchObject({
        code: 'timeout',
        action: 'retry_later',
        attempts: 1,
        message: `${host} did not answer within ${limit}. Ask again later.`,
      });
    });

    test.each(CODES)('fails with %s as promised, and works again afterwards', async (code) => {
      const { errorClass, action, message, fields = {} } = ERRORS[code];
      const { client, externalId, options } = subject.failing(code);

      const error = await errorOf(client, method, externalId, options);

      expect(error).toBeInstanceOf(errorClass);
      expect(error).toBeInstanceOf(SentianceError);
      expect(error).toBeInstanceOf(Error);
      expect(error instanceof SentianceApiError).toBe('status' in fields);
      expect(error).toMatchObject({
        name: errorClass.name,
        code,
        action,
        attempts: expect.any(Number),
        message: expect.stringMatching(message),
        ...fields,
      });
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code, action });
      await expect(subject.client.createAuthenticationCode('user-1')).resolves.toMatchObject({
        expiresAt: EXPIRES_AT,
      });
    });

    test('does not use up a failure with a call that sends nothing', async () => {
      const { client, externalId, options } = subject.failing('rejected');

      const signal = AbortSignal.abort();
      for (const args of [[''], ['user-1', { retries: 1 }], ['user-1', { signal }]]) {
        expect(await errorOf(client, method, ...args)).toMatchObject({ attempts: 0 });
      }

      expect(await errorOf(client, method, externalId, options)).toMatchObject({
        code: 'rejected',
      });
    });
  });
});
