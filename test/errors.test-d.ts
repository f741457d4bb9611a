import { describe, expectTypeOf, test } from 'vitest';
import {
  type AnySentianceError,
  type AttemptEvent,
  type AuthenticationCode,
  type AuthenticationCodeResult,
  type CreateAuthenticationCodeOptions,
  type FetchBody,
  type FetchBodyReader,
  type FetchInit,
  type FetchResponse,
  type SentianceAbortError,
  SentianceApiError,
  type SentianceApiErrorInit,
  type SentianceAuthenticationError,
  type SentianceConfigurationError,
  type SentianceConnectionError,
  SentianceError,
  type SentianceErrorAction,
  type SentianceErrorCode,
  type SentianceErrorInit,
  type SentianceInvalidExternalIdError,
  type SentiancePermissionError,
  SentianceRateLimitError,
  type SentianceRedirectError,
  type SentianceRegion,
  type SentianceRequestError,
  type SentianceResponseError,
  SentianceServerError,
  type SentianceTimeoutError,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
  type UserLinkClient,
} from '../src/index.js';

declare const caught: unknown;
declare const error: AnySentianceError;
declare const result: AuthenticationCodeResult;
declare const client: SentianceUserLinkClient;

describe('AnySentianceError', () => {
  test('has a literal code and action for every row of the error table', () => {
    expectTypeOf<SentianceErrorCode>().toEqualTypeOf<
      | 'invalid_configuration'
      | 'invalid_external_id'
      | 'unauthorized'
      | 'forbidden'
      | 'rate_limited'
      | 'server_error'
      | 'rejected'
      | 'unexpected_redirect'
      | 'invalid_response'
      | 'connection_failed'
      | 'timeout'
      | 'aborted'
    >();
    expectTypeOf<SentianceErrorAction>().toEqualTypeOf<
      'alert' | 'retry_later' | 'fix_input' | 'none'
    >();
    // Literals that stay literals when they are passed on, as in a log entry.
    const entry = { code: error.code, action: error.action };
    expectTypeOf(entry).toEqualTypeOf<{ code: SentianceErrorCode; action: SentianceErrorAction }>();
  });

  test('narrows to the class in a switch on its code, which can be proved complete', () => {
    switch (error.code) {
      case 'invalid_configuration':
        return expectTypeOf(error).toEqualTypeOf<SentianceConfigurationError>();
      case 'invalid_external_id':
        return expectTypeOf(error).toEqualTypeOf<SentianceInvalidExternalIdError>();
      case 'unauthorized':
        return expectTypeOf(error).toEqualTypeOf<SentianceAuthenticationError>();
      case 'forbidden':
        return expectTypeOf(error).toEqualTypeOf<SentiancePermissionError>();
      case 'rate_limited':
        expectTypeOf(error.retryAfter).toEqualTypeOf<number | undefined>();
        return expectTypeOf(error).toEqualTypeOf<SentianceRateLimitError>();
      case 'server_error':
        return expectTypeOf(error).toEqualTypeOf<SentianceServerError>();
      case 'rejected':
        return expectTypeOf(error).toEqualTypeOf<SentianceRequestError>();
      case 'unexpected_redirect':
        return expectTypeOf(error).toEqualTypeOf<SentianceRedirectError>();
      case 'invalid_response':
        expectTypeOf(error.issues).toEqualTypeOf<readonly string[]>();
        return expectTypeOf(error).toEqualTypeOf<SentianceResponseError>();
      case 'connection_failed':
        expectTypeOf(error.reason).toEqualTypeOf<string | undefined>();
        expectTypeOf(error.action).toEqualTypeOf<'retry_later' | 'alert'>();
        return expectTypeOf(error).toEqualTypeOf<SentianceConnectionError>();
      case 'timeout':
        expectTypeOf(error.lastError).toEqualTypeOf<AnySentianceError | undefined>();
        return expectTypeOf(error).toEqualTypeOf<SentianceTimeoutError>();
      case 'aborted':
        return expectTypeOf(error).toEqualTypeOf<SentianceAbortError>();
      default:
        return error satisfies never;
    }
  });

  test('shows a switch that forgets a code', () => {
    switch (error.code) {
      case 'timeout':
      case 'aborted':
        return;
      default:
        // @ts-expect-error ten codes are left
        error satisfies never;
    }
  });

  test('narrows by its action', () => {
    if (error.action === 'fix_input') {
      expectTypeOf(error).toEqualTypeOf<SentianceInvalidExternalIdError>();
    }
    if (error.action === 'none') expectTypeOf(error).toEqualTypeOf<SentianceAbortError>();
    if (error.action === 'retry_later') {
      expectTypeOf(error).toEqualTypeOf<
        | SentianceRateLimitError
        | SentianceServerError
        | SentianceConnectionError
        | SentianceTimeoutError
      >();
    }
  });

  test('has a status only where the platform responded', () => {
    // @ts-expect-error a connection that failed has no status
    error.status;
    if (error instanceof SentianceApiError) expectTypeOf(error).toEqualTypeOf<ApiError>();
  });

  test('refuses a code that does not exist', () => {
    // @ts-expect-error the code is 'unauthorized'
    error.code === 'unauthenticated';
  });

  test('cannot be changed', () => {
    // @ts-expect-error read-only
    error.attempts = 1;
    // @ts-expect-error read-only
    error.action = 'none';
    if (error.code === 'invalid_response') {
      // @ts-expect-error read-only
      error.issues.push('expires_at');
    }
  });
});

type ApiError = Extract<AnySentianceError, { status: number }>;

describe('instanceof', () => {
  test('narrows what was caught to the union, which a switch on its code narrows further', () => {
    if (!(caught instanceof SentianceError)) return;
    expectTypeOf(caught).toEqualTypeOf<AnySentianceError>();
    if (caught.code === 'rate_limited') {
      expectTypeOf(caught).toEqualTypeOf<SentianceRateLimitError>();
    }
    if (caught.code === 'timeout') {
      expectTypeOf(caught.lastError).toEqualTypeOf<AnySentianceError | undefined>();
    }
  });

  test('narrows to the errors with a status by the base that they share', () => {
    if (!(caught instanceof SentianceApiError)) return;
    expectTypeOf(caught).toEqualTypeOf<ApiError>();
    expectTypeOf(caught.status).toEqualTypeOf<number>();
    if (caught.code === 'invalid_response') {
      expectTypeOf(caught).toEqualTypeOf<SentianceResponseError>();
    }
  });

  test('narrows to a class by that class', () => {
    if (caught instanceof SentianceRateLimitError) {
      expectTypeOf(caught).toEqualTypeOf<SentianceRateLimitError>();
    }
    if (error instanceof SentianceServerError) {
      expectTypeOf(error).toEqualTypeOf<SentianceServerError>();
    }
  });

  test("narrows to somebody's own class by that class", () => {
    class OwnError extends SentianceServerError {
      readonly tenant = 'a';
    }
    if (caught instanceof OwnError) expectTypeOf(caught).toEqualTypeOf<OwnError>();
  });

  test('is what the base classes are for: they cannot be constructed', () => {
    // @ts-expect-error abstract
    new SentianceError('What went wrong.');
    // @ts-expect-error abstract
    new SentianceApiError('What went wrong.', { status: 500 });
  });
});

describe('AuthenticationCodeResult', () => {
  test('is what the call that never rejects resolves to', () => {
    expectTypeOf(client.tryCreateAuthenticationCode).returns.resolves.toEqualTypeOf<
      typeof result
    >();
    expectTypeOf(
      client.createAuthenticationCode,
    ).returns.resolves.toEqualTypeOf<AuthenticationCode>();
  });

  test('has the code or the error, after ok was looked at', () => {
    if (result.ok) {
      expectTypeOf(result.value).toEqualTypeOf<AuthenticationCode>();
      // @ts-expect-error a code came
      result.error;
    } else {
      expectTypeOf(result.error).toEqualTypeOf<AnySentianceError>();
      // @ts-expect-error no code came
      result.value;
    }
  });

  test('shows neither before', () => {
    // @ts-expect-error perhaps there is no code
    result.value;
    // @ts-expect-error perhaps there is no error
    result.error;
  });
});

describe('AuthenticationCode', () => {
  test('has three fields, which cannot be changed', () => {
    const code: AuthenticationCode = {
      authenticationCode: 'test-authentication-code',
      expiresAt: new Date(),
      platformUrl: 'https://api.sentiance.com',
    };
    expectTypeOf<keyof AuthenticationCode>().toEqualTypeOf<
      'authenticationCode' | 'expiresAt' | 'platformUrl'
    >();
    // @ts-expect-error read-only
    code.platformUrl = 'https://api.p15.sentiance.com';
  });
});

describe('SentianceUserLinkClientOptions', () => {
  test('are all optional, and take what their docs say', () => {
    expectTypeOf<SentianceRegion>().toEqualTypeOf<'eu' | 'us' | 'in'>();
    expectTypeOf(SentianceUserLinkClient).toBeConstructibleWith();
    expectTypeOf<Record<string, never>>().toExtend<SentianceUserLinkClientOptions>();
    const options: SentianceUserLinkClientOptions[] = [
      { apiKey: 'test-user-link-key' },
      { apiKey: () => 'test-user-link-key' },
      { apiKey: async () => 'test-user-link-key' },
      { region: 'in' },
      { baseUrl: 'https://api.example.com' },
      { baseUrl: new URL('https://api.example.com') },
      { timeout: 1, hedgeAfter: 1, maxRetries: 0 },
      { fetch: globalThis.fetch },
      { fetch: async (url, init) => new Response(`${init.method} ${url}`) },
      { onAttempt: ({ attempt, duration }) => console.log(attempt, duration) },
      { onAttempt: async () => {} },
      { dangerouslyAllowBrowser: true, dangerouslyAllowHttp: true },
      { apiKey: undefined, region: undefined, baseUrl: undefined, timeout: undefined },
    ];
    expectTypeOf(options).items.toEqualTypeOf<SentianceUserLinkClientOptions>();
  });

  test('refuse what cannot be right', () => {
    // @ts-expect-error not a region
    new SentianceUserLinkClient({ region: 'uk' });
    // @ts-expect-error a region in capitals
    new SentianceUserLinkClient({ region: 'EU' });
    // @ts-expect-error a platform code
    new SentianceUserLinkClient({ region: 'p15' });
    // @ts-expect-error an unknown option
    new SentianceUserLinkClient({ api_key: 'test-user-link-key' });
    // @ts-expect-error the key itself
    new SentianceUserLinkClient('test-user-link-key');
    // @ts-expect-error not a key
    new SentianceUserLinkClient({ apiKey: 42 });
    // @ts-expect-error a function that gives no key
    new SentianceUserLinkClient({ apiKey: async () => process.env.TEST_KEY });
    // @ts-expect-error not a URL
    new SentianceUserLinkClient({ baseUrl: 443 });
    // @ts-expect-error not a number
    new SentianceUserLinkClient({ timeout: '5s' });
    // @ts-expect-error not a number
    new SentianceUserLinkClient({ hedgeAfter: null });
    // @ts-expect-error timeout is the limit of the whole call
    new SentianceUserLinkClient({ totalTimeout: 1_000 });
    // @ts-expect-error the options in a promise
    new SentianceUserLinkClient(Promise.resolve({ apiKey: 'test-user-link-key' }));
    // @ts-expect-error not a number
    new SentianceUserLinkClient({ maxRetries: true });
    // @ts-expect-error not a Response
    new SentianceUserLinkClient({ fetch: async () => 'test-authentication-code' });
    // @ts-expect-error not a function
    new SentianceUserLinkClient({ onAttempt: 'log' });
    // @ts-expect-error not a boolean
    new SentianceUserLinkClient({ dangerouslyAllowBrowser: 'yes' });
    // @ts-expect-error not a boolean
    new SentianceUserLinkClient({ dangerouslyAllowHttp: 1 });
  });
});

describe('CreateAuthenticationCodeOptions', () => {
  test('are all optional, and take what their docs say', () => {
    expectTypeOf(client.createAuthenticationCode).toBeCallableWith('user-1');
    expectTypeOf(client.createAuthenticationCode).toBeCallableWith('user-1', {});
    const options: CreateAuthenticationCodeOptions[] = [
      { signal: AbortSignal.timeout(1) },
      { timeout: 1, hedgeAfter: 1, maxRetries: 0 },
      { signal: undefined, timeout: undefined, hedgeAfter: undefined, maxRetries: undefined },
    ];
    expectTypeOf(options).items.toEqualTypeOf<CreateAuthenticationCodeOptions>();
  });

  test('refuse what cannot be right', () => {
    // @ts-expect-error the controller, not its signal
    client.createAuthenticationCode('user-1', { signal: new AbortController() });
    // @ts-expect-error the signal itself
    client.createAuthenticationCode('user-1', new AbortController().signal);
    // @ts-expect-error an unknown option
    client.createAuthenticationCode('user-1', { retries: 1 });
    // @ts-expect-error an option of the client
    client.createAuthenticationCode('user-1', { region: 'eu' });
    // @ts-expect-error not a number
    client.createAuthenticationCode('user-1', { timeout: '5s' });
  });
});

describe('externalId', () => {
  test('is a string and cannot be left out', () => {
    // @ts-expect-error missing
    client.createAuthenticationCode();
    // @ts-expect-error a number
    client.createAuthenticationCode(42);
    // @ts-expect-error a bigint
    client.tryCreateAuthenticationCode(42n);
    // @ts-expect-error perhaps missing
    client.tryCreateAuthenticationCode(process.env.TEST_ID);
  });
});

describe('UserLinkClient', () => {
  test('is what the client implements', () => {
    expectTypeOf(client).toExtend<UserLinkClient>();
    expectTypeOf(client.region).toEqualTypeOf<SentianceRegion | undefined>();
    expectTypeOf(client.platformUrl).toEqualTypeOf<string>();
    // @ts-expect-error read-only
    client.platformUrl = 'https://api.example.com';
  });
});

describe('AttemptEvent', () => {
  test('has a status, a code and a reason only when there were any', () => {
    expectTypeOf<AttemptEvent>().toEqualTypeOf<{
      attempt: number;
      duration: number;
      platformUrl: string;
      status?: number;
      code?: SentianceErrorCode;
      reason?: string;
      overtaken?: true;
    }>();
  });
});

describe('The types that a hover shows', () => {
  test('of a fetch can be named', () => {
    type Fetch = NonNullable<SentianceUserLinkClientOptions['fetch']>;
    expectTypeOf<Fetch>().toEqualTypeOf<(url: string, init: FetchInit) => Promise<FetchResponse>>();
    expectTypeOf<FetchResponse['body']>().toEqualTypeOf<FetchBody | null>();
    expectTypeOf<FetchBody['getReader']>().returns.toEqualTypeOf<FetchBodyReader>();
    expectTypeOf<Response>().toExtend<FetchResponse>();
    expectTypeOf<FetchInit>().toExtend<RequestInit>();
  });

  test("of an error's constructor can be named", () => {
    expectTypeOf(SentianceServerError).constructorParameters.toEqualTypeOf<
      [message: string, init: SentianceApiErrorInit]
    >();
    expectTypeOf<SentianceApiErrorInit>().toExtend<SentianceErrorInit>();
  });
});
