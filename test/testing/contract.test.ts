/** One set of promises, kept alike by the client on the emulator, behind MSW, and by the fake. */
import { inspect } from 'node:util';
import {
  type CreateAuthenticationCodeOptions,
  type SentianceApi,
  SentianceConfigurationError,
  SentianceError,
  type SentianceErrorCode,
  SentianceInvalidExternalIdError,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
  type UserLinkClient,
} from 'sentiance-user-link';
import { FakeUserLinkClient, SentianceEmulator, sentianceError } from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { deferred } from '../support/deferred.js';
import { startEmulator } from '../support/emulator.js';
import { interceptWith } from '../support/msw.js';
import { failureOf } from '../support/refusals.js';

const NOW = Date.parse('2030-01-02T03:04:05.678Z');
const SETTINGS = {
  // GraphQL says nothing of the expiry: the client assumes this.
  codeLifetime: 600_000,
  now: () => NOW,
  expiredKeys: ['old-test-key'],
  keysWithoutScope: ['other-test-key'],
};
const EXPIRES_AT = new Date(NOW + 600_000);

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
  /** What is promised of errors in other words than `FIELDS`. */
  fields?: Partial<Record<SentianceErrorCode, object>>;
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

/** GraphQL refuses a key in a 200. */
const GRAPHQL_FIELDS = {
  unauthorized: { attempts: 1, status: 200, errorCode: 'AUTHENTICATION_FAILURE' },
  forbidden: { attempts: 1, status: 200, errorCode: 'AUTHORIZATION_FAILURE' },
};

/** The client with these settings, and one of the two ways. */
function subjectBy(
  api: SentianceApi,
  emulator: SentianceEmulator,
  settings: SentianceUserLinkClientOptions,
): Subject {
  vi.spyOn(Date, 'now').mockReturnValue(NOW);
  const { apiKey } = emulator;
  const subject = realSubject(
    emulator,
    (options) => new SentianceUserLinkClient({ apiKey, api, ...settings, ...options }),
  );
  return api === 'graphql' ? { ...subject, fields: GRAPHQL_FIELDS } : subject;
}

const clientOnTheEmulator = (api: SentianceApi) => async (): Promise<Subject> => {
  const emulator = await startEmulator(SETTINGS);
  return subjectBy(api, emulator, { baseUrl: emulator.url });
};

const clientBehindMsw = (api: SentianceApi) => async (): Promise<Subject> => {
  const emulator = new SentianceEmulator(SETTINGS);
  interceptWith(...userLinkHandlers({ emulator }));
  return subjectBy(api, emulator, { region: 'in' });
};

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
  ['the client on a listening emulator, by REST', clientOnTheEmulator('rest')],
  ['the client on a listening emulator, by GraphQL', clientOnTheEmulator('graphql')],
  ['the client behind the MSW handlers, by REST', clientBehindMsw('rest')],
  ['the client behind the MSW handlers, by GraphQL', clientBehindMsw('graphql')],
  ['the fake', fake],
] as const;

type Method = keyof UserLinkClient;
const METHODS: readonly Method[] = ['createAuthenticationCode', 'tryCreateAuthenticationCode'];

/** Calls with any arguments at all, and gives the error: thrown by one method, returned by the other. */
async function errorOf(client: UserLinkClient, method: Method, ...args: unknown[]) {
  let error: unknown;
  if (method === 'createAuthenticationCode') {
    error = await failureOf(() => Reflect.apply(client.createAuthenticationCode, client, args));
  } else {
    const result = await Reflect.apply(client.tryCreateAuthenticationCode, client, args);
    expect(Object.keys(result)).toEqual(['ok', 'error']);
    expect(result).toHaveProperty('ok', false);
    error = Reflect.get(result, 'error');
  }
  if (error instanceof SentianceError) return error;
  throw error;
}

/** What is promised of each error, whoever gives it, beside what `sentianceError` says of it. */
const FIELDS: Record<SentianceErrorCode, object> = {
  invalid_configuration: { attempts: 0 },
  invalid_external_id: { attempts: 0 },
  unauthorized: { attempts: 1, status: 401, ref: expect.any(String) },
  forbidden: { attempts: 1, status: 403, ref: expect.any(String) },
  rate_limited: { attempts: 1, status: 429, retryAfter: 60_000 },
  server_error: { status: 503 },
  rejected: { attempts: 1, status: 400, ref: expect.any(String) },
  unexpected_redirect: { attempts: 1, status: 302 },
  invalid_response: { attempts: 1, status: 200, issues: ['(body)'] },
  connection_failed: {},
  timeout: {},
  aborted: {},
};
const CODES = Object.keys(FIELDS).filter((code): code is SentianceErrorCode => code in FIELDS);

/** The words of a message without what differs from platform to platform. */
function gist(message: string): string {
  return message
    .replace(/^(\S+\.com|127\S+)/, 'HOST')
    .replaceAll(/ \([^)]*\)/g, '')
    .replaceAll(/\d+/g, 'N')
    .replace(/\.$/, '');
}

const WRONG_IDS: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['an object', { id: 'user-1' }],
  ['a number', 42],
  ['empty', ''],
  ['blank', ' \t\n'],
  ['half a character', 'user-\ud83d'],
];

const WRONG_OPTIONS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a string', 'abort'],
  ['a signal alone', new AbortController().signal],
  ['an unknown name', { retries: 1 }],
  ['a name that once was one', { totalTimeout: 5_000 }],
  ['timeout', { timeout: 0 }],
  ['hedgeAfter', { hedgeAfter: '1s' }],
  ['maxRetries', { maxRetries: 11 }],
  ['signal', { signal: new AbortController() }],
];

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
      const options = { signal, timeout: 4_000, hedgeAfter: 2_000, maxRetries: 0 };

      await expect(
        subject.client.createAuthenticationCode('user-1', options),
      ).resolves.toMatchObject({ expiresAt: EXPIRES_AT });
    });
  });

  describe.each(METHODS)('%s', (method) => {
    test.each(WRONG_IDS)('refuses an external id that is %s', async (_, externalId) => {
      const error = await errorOf(subject.client, method, externalId);

      expect(error).toBeInstanceOf(SentianceInvalidExternalIdError);
      expect(error).toMatchObject({ action: 'fix_input', attempts: 0 });
    });

    test.each(WRONG_OPTIONS)('refuses wrong options: %s', async (_, options) => {
      const error = await errorOf(subject.client, method, 'user-1', options);

      expect(error).toBeInstanceOf(SentianceConfigurationError);
      expect(error).toMatchObject({ action: 'alert', attempts: 0 });
    });

    test('ends at once when its signal has aborted before', async () => {
      const signal = AbortSignal.abort('log out');

      const error = await errorOf(subject.client, method, 'user-1', { signal });

      expect(error).toMatchObject({ code: 'aborted', attempts: 0 });
    });

    test('ends when its signal aborts while it waits', async () => {
      const controller = new AbortController();
      const waiting = subject.hangNext();
      const error = errorOf(subject.client, method, 'user-1', { signal: controller.signal });
      await waiting;

      controller.abort(new Error('log out'));

      expect(await error).toMatchObject({ code: 'aborted', attempts: 1 });
    });

    test('ends when its time is over', async () => {
      void subject.hangNext();

      const error = await errorOf(subject.client, method, 'user-1', { timeout: 40 });

      expect(error).toMatchObject({ code: 'timeout', attempts: 1 });
    });

    test.each(CODES)('fails with %s as promised, and works again afterwards', async (code) => {
      const { client, externalId, options } = subject.failing(code);
      const model = sentianceError(code);
      const { name, action } = model;

      const error = await errorOf(client, method, externalId, options);

      expect(error).toBeInstanceOf(model.constructor);
      expect(error).toMatchObject({
        name,
        code,
        action,
        ...(subject.fields?.[code] ?? FIELDS[code]),
      });
      expect(gist(error.message).startsWith(gist(model.message)), error.message).toBe(true);
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
