import { describe, expectTypeOf, test } from 'vitest';
import {
  type AttemptEvent,
  type CreateAuthenticationCodeOptions,
  type FetchBody,
  type FetchBodyReader,
  type FetchInit,
  type FetchResponse,
  type SentianceApi,
  type SentianceErrorCode,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from '../src/index.js';

declare const client: SentianceUserLinkClient;

describe('SentianceUserLinkClientOptions', () => {
  test('are all optional, and take what their docs say', () => {
    expectTypeOf<SentianceApi>().toEqualTypeOf<'rest' | 'graphql'>();
    expectTypeOf(SentianceUserLinkClient).toBeConstructibleWith();
    expectTypeOf<Record<string, never>>().toExtend<SentianceUserLinkClientOptions>();
    const options: SentianceUserLinkClientOptions[] = [
      { apiKey: 'test-user-link-key' },
      { apiKey: () => 'test-user-link-key' },
      { apiKey: async () => 'test-user-link-key' },
      { region: 'in' },
      { api: 'rest' },
      { api: 'graphql' },
      { api: undefined },
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
    // @ts-expect-error not a way to ask
    new SentianceUserLinkClient({ api: 'gql' });
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

describe('The types of fetch that a hover shows', () => {
  test('can be named', () => {
    type Fetch = NonNullable<SentianceUserLinkClientOptions['fetch']>;
    expectTypeOf<Fetch>().toEqualTypeOf<(url: string, init: FetchInit) => Promise<FetchResponse>>();
    expectTypeOf<FetchResponse['body']>().toEqualTypeOf<FetchBody | null>();
    expectTypeOf<FetchBody['getReader']>().returns.toEqualTypeOf<FetchBodyReader>();
    expectTypeOf<Response>().toExtend<FetchResponse>();
    expectTypeOf<FetchInit>().toExtend<RequestInit>();
  });
});
