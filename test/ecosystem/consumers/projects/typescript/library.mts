/** What TypeScript users write, and what the compiler must refuse. Never run; `.cts` is a copy. */
import {
  type AnySentianceError,
  type AttemptEvent,
  type AuthenticationCode,
  type AuthenticationCodeResult,
  type CreateAuthenticationCodeOptions,
  type FetchInit,
  type FetchResponse,
  SENTIANCE_REGIONS,
  type SentianceApi,
  SentianceApiError,
  SentianceConnectionError,
  SentianceError,
  type SentianceErrorAction,
  type SentianceErrorCode,
  type SentianceRateLimitError,
  type SentianceRegion,
  SentianceTimeoutError,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
  type UserLinkClient,
} from 'sentiance-user-link';
import {
  CreateUserError,
  type EmulatorFault,
  type FakeFailure,
  type FakeResponse,
  FakeUserLinkClient,
  SentianceEmulator,
  sentianceError,
} from 'sentiance-user-link/testing';

/** `true` when both types are the same one; `any` is the same as nothing else. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<_Proof extends true>(): void {}

// Construction.

export const client = new SentianceUserLinkClient({
  apiKey: process.env.SENTIANCE_USER_LINK_API_KEY,
  region: 'eu',
  timeout: 3_000,
  hedgeAfter: 1_000,
  maxRetries: 1,
  onAttempt: ({ attempt, duration, platformUrl, status, code, reason, overtaken }) => {
    assertType<Same<typeof status, number | undefined>>();
    assertType<Same<typeof code, SentianceErrorCode | undefined>>();
    assertType<Same<typeof reason, string | undefined>>();
    assertType<Same<typeof overtaken, true | undefined>>();
    console.log(attempt, duration, platformUrl);
  },
});
assertType<Same<typeof client.region, SentianceRegion | undefined>>();
assertType<Same<typeof client.platformUrl, string>>();

new SentianceUserLinkClient();
new SentianceUserLinkClient({ apiKey: () => 'test-user-link-key' });
new SentianceUserLinkClient({ apiKey: async () => 'test-user-link-key', region: undefined });
new SentianceUserLinkClient({ baseUrl: new URL('https://platform.example.com') });
new SentianceUserLinkClient({ api: 'graphql' });
assertType<Same<SentianceApi, 'rest' | 'graphql'>>();
new SentianceUserLinkClient({ fetch });
new SentianceUserLinkClient({ fetch: (url, init) => fetch(url, init) });
new SentianceUserLinkClient({ fetch: async () => new Response('{}', { status: 503 }) });
new SentianceUserLinkClient({ baseUrl: 'http://emulator:8787', dangerouslyAllowHttp: true });

// @ts-expect-error: no such region
new SentianceUserLinkClient({ region: 'jp' });
// @ts-expect-error: a platform code is no region
new SentianceUserLinkClient({ region: 'p15' });
// @ts-expect-error: a text that could be anything is no region
new SentianceUserLinkClient({ region: process.env.SENTIANCE_REGION });
// @ts-expect-error: no such way to ask
new SentianceUserLinkClient({ api: 'soap' });
// @ts-expect-error: no such option
new SentianceUserLinkClient({ retries: 3 });
// @ts-expect-error: a key is a text
new SentianceUserLinkClient({ apiKey: 1234 });
// @ts-expect-error: a key function gives a text
new SentianceUserLinkClient({ apiKey: async () => undefined });
// @ts-expect-error: milliseconds, not a text
new SentianceUserLinkClient({ timeout: '5s' });
// @ts-expect-error: timeout is the limit of the whole call
new SentianceUserLinkClient({ totalTimeout: 3_000 });
// @ts-expect-error: fetch gives a Response
new SentianceUserLinkClient({ fetch: async () => 'a text' });
// @ts-expect-error: the platform URL is read only
client.platformUrl = 'https://platform.example.com';

export function ownFetch(url: string, init: FetchInit): Promise<FetchResponse> {
  return fetch(url, init);
}
new SentianceUserLinkClient({ fetch: ownFetch });

const options: SentianceUserLinkClientOptions = { region: 'us' };
options.maxRetries = 0;
assertType<Same<keyof typeof SENTIANCE_REGIONS, SentianceRegion>>();
// @ts-expect-error: the table of regions is read only
SENTIANCE_REGIONS.eu.platformUrl = 'https://platform.example.com';

// Calls.

export async function login(
  sentiance: UserLinkClient,
  userId: string,
  signal?: AbortSignal,
): Promise<AuthenticationCode | undefined> {
  const limits: CreateAuthenticationCodeOptions = { signal, timeout: 1_000, hedgeAfter: 500 };
  const result: AuthenticationCodeResult = await sentiance.tryCreateAuthenticationCode(
    userId,
    limits,
  );
  // @ts-expect-error: there may be no value
  void result.value;
  if (result.ok) {
    assertType<Same<typeof result.value, AuthenticationCode>>();
    return result.value;
  }
  assertType<Same<typeof result.error, AnySentianceError>>();
  return undefined;
}

export async function job(): Promise<string> {
  const { authenticationCode, expiresAt, platformUrl } =
    await client.createAuthenticationCode('user-1');
  assertType<Same<typeof expiresAt, Date>>();
  assertType<Same<typeof platformUrl, string>>();
  return authenticationCode;
}

// @ts-expect-error: an external id is a text
void client.createAuthenticationCode(1001);
// @ts-expect-error: the region belongs to the client
void client.createAuthenticationCode('user-1', { region: 'us' });
// @ts-expect-error: no such option
void client.createAuthenticationCode('user-1', { retries: 3 });
// @ts-expect-error: a signal is no controller
void client.tryCreateAuthenticationCode('user-1', { signal: new AbortController() });

// Errors.

export function whatToDo(error: AnySentianceError): string {
  const attempts: number = error.attempts;
  switch (error.code) {
    case 'invalid_configuration':
    case 'invalid_external_id':
    case 'aborted':
      // @ts-expect-error: the platform did not respond
      void error.status;
      return `${error.message} ${attempts}`;
    case 'unauthorized':
    case 'forbidden':
    case 'server_error':
    case 'rejected':
    case 'unexpected_redirect':
      assertType<Same<typeof error.status, number>>();
      assertType<Same<typeof error.errorCode, string | undefined>>();
      // @ts-expect-error: only of a rate limit
      void error.retryAfter;
      return `${error.status} ${error.ref}`;
    case 'rate_limited':
      assertType<Same<typeof error, SentianceRateLimitError>>();
      assertType<Same<typeof error.action, 'retry_later'>>();
      assertType<Same<typeof error.retryAfter, number | undefined>>();
      return `in ${error.retryAfter} ms`;
    case 'invalid_response':
      assertType<Same<typeof error.issues, readonly string[]>>();
      return error.issues.join();
    case 'connection_failed':
      assertType<Same<typeof error.reason, string | undefined>>();
      assertType<Same<typeof error.action, 'retry_later' | 'alert'>>();
      return error.reason ?? '';
    case 'timeout':
      assertType<Same<typeof error.lastError, AnySentianceError | undefined>>();
      return error.lastError?.message ?? '';
    default:
      return error satisfies never;
  }
}

export function whatToDoWithHoles(error: AnySentianceError): string {
  switch (error.code) {
    case 'rate_limited':
      return 'wait';
    default:
      // @ts-expect-error: eleven codes are left
      return error satisfies never;
  }
}

export function whomToTell(action: SentianceErrorAction): string {
  switch (action) {
    case 'alert':
    case 'retry_later':
    case 'fix_input':
    case 'none':
      return action;
    default:
      return action satisfies never;
  }
}

/** A class that somebody derives from one of ours. */
class OwnError extends SentianceConnectionError {
  readonly tenant = 'a-tenant';
}

export function report(error: unknown): void {
  // @ts-expect-error: a misspelt code
  if (error instanceof SentianceError && error.code === 'unauthorised') return;
  if (error instanceof SentianceError) {
    assertType<Same<typeof error, AnySentianceError>>();
    if (error.code === 'rate_limited') assertType<Same<typeof error, SentianceRateLimitError>>();
  }
  if (error instanceof SentianceApiError) assertType<Same<typeof error.status, number>>();
  if (error instanceof SentianceTimeoutError) {
    assertType<Same<typeof error, SentianceTimeoutError>>();
  }
  if (error instanceof OwnError) assertType<Same<typeof error, OwnError>>();
  if (error instanceof SentianceConnectionError) {
    assertType<Same<typeof error.code, 'connection_failed'>>();
  }
}

// Testing.

const failure: FakeFailure = 'timeout';
const ownCode: FakeResponse = (externalId) => ({
  authenticationCode: externalId,
  expiresAt: new Date(),
  platformUrl: 'https://api.sentiance.com',
});
const fake = new FakeUserLinkClient({ codeLifetime: 1_000 })
  .failNext(failure, 2)
  .failWith(sentianceError('rate_limited', { retryAfter: 1_000 }))
  .respondWith(ownCode);
void login(fake, 'user-1');
assertType<Same<ReturnType<typeof sentianceError<'rate_limited'>>, SentianceRateLimitError>>();
// @ts-expect-error: no such code
fake.failNext('teapot');
// @ts-expect-error: not a field of this error
sentianceError('timeout', { retryAfter: 1_000 });

const fault: EmulatorFault = { type: 'status', status: 503, retryAfter: 'soon' };
// @ts-expect-error: a status is missing
const faultWithoutStatus: EmulatorFault = { type: 'status' };

export async function story(): Promise<string> {
  await using emulator = new SentianceEmulator({ keysWithoutScope: ['another-test-key'] });
  const baseUrl: string = await emulator.listen({ port: 0 });
  const emulated: UserLinkClient = new SentianceUserLinkClient({
    apiKey: emulator.apiKey,
    baseUrl,
  });
  emulator.failNext(fault, 2);
  emulator.failNext(faultWithoutStatus);
  // @ts-expect-error: no such device
  emulator.createUser('a code', { id: 'watch-1', type: 'watch' });
  const response: Response = await emulator.handle(new Request(baseUrl));
  const code = await login(emulated, `user-${response.status}`);
  try {
    return emulator.createUser(code?.authenticationCode ?? '', { id: 'phone-1', type: 'phone' })
      .userId;
  } catch (error) {
    if (error instanceof CreateUserError) return error.reason;
    throw error;
  }
}

const event: AttemptEvent = { attempt: 1, duration: 5, platformUrl: 'https://api.sentiance.com' };
// @ts-expect-error: an exact optional property is absent, not undefined
event.status = undefined;
