import type { RequestHandler } from 'msw';
import type {
  AuthenticationCode,
  CreateAuthenticationCodeOptions,
  SentianceAbortError,
  SentianceAuthenticationError,
  SentianceConfigurationError,
  SentianceConnectionError,
  SentianceError,
  SentianceErrorCode,
  SentianceInvalidExternalIdError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
  SentianceTimeoutError,
  UserLinkClient,
} from 'sentiance-user-link';
import {
  type CreatedUser,
  type CreateUserError,
  type CreateUserFailureReason,
  type EmulatedRequest,
  type EmulatedUser,
  type EmulatorFault,
  type FakeCall,
  type FakeFailure,
  type FakeResponse,
  FakeUserLinkClient,
  SentianceEmulator,
  sentianceError,
} from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';
import { describe, expectTypeOf, test } from 'vitest';

declare const fake: FakeUserLinkClient;
declare const emulator: SentianceEmulator;
declare const code: AuthenticationCode;
declare const someCode: SentianceErrorCode;

describe('FakeUserLinkClient', () => {
  test('goes wherever a client is asked for', () => {
    expectTypeOf(fake).toExtend<UserLinkClient>();
    const handler = (client: UserLinkClient) => client.tryCreateAuthenticationCode('user-1');
    expectTypeOf(handler).toBeCallableWith(fake);
  });

  test('has options that are all optional', () => {
    expectTypeOf(FakeUserLinkClient).toBeConstructibleWith();
    expectTypeOf(FakeUserLinkClient).toBeConstructibleWith({});
    expectTypeOf(FakeUserLinkClient).toBeConstructibleWith({
      platformUrl: undefined,
      codeLifetime: 1_000,
      now: () => 0,
    });
    // @ts-expect-error an option of the client
    new FakeUserLinkClient({ apiKey: 'test-user-link-key' });
    // @ts-expect-error a clock that gives a date
    new FakeUserLinkClient({ now: () => new Date() });
  });

  test('gives its calls to be read', () => {
    expectTypeOf(fake.calls).toEqualTypeOf<readonly FakeCall[]>();
    expectTypeOf<FakeCall>().toEqualTypeOf<{
      readonly externalId: string;
      readonly options?: CreateAuthenticationCodeOptions;
    }>();
    // @ts-expect-error read-only
    fake.calls.push({ externalId: 'user-1' });
    // @ts-expect-error read-only
    fake.calls = [];
  });

  test('is told what to do in a chain', () => {
    expectTypeOf(fake.respondWith(code)).toEqualTypeOf<FakeUserLinkClient>();
    expectTypeOf(fake.failNext('timeout')).toEqualTypeOf<FakeUserLinkClient>();
    expectTypeOf(fake.failWith('timeout')).toEqualTypeOf<FakeUserLinkClient>();
    expectTypeOf(fake.reset()).toBeVoid();
    expectTypeOf(fake.respondWith).toBeCallableWith((externalId) => ({
      ...code,
      authenticationCode: externalId.toUpperCase(),
    }));
    expectTypeOf(fake.respondWith).toBeCallableWith(async () => code);
    expectTypeOf(fake.failNext).toBeCallableWith(sentianceError('timeout'), 2);
    expectTypeOf(fake.respondWith).parameter(0).toEqualTypeOf<FakeResponse>();
    expectTypeOf(fake.failNext).parameter(0).toEqualTypeOf<FakeFailure>();
    expectTypeOf(fake.failWith).parameter(0).toEqualTypeOf<FakeFailure>();
    // @ts-expect-error a code is more than a string
    fake.respondWith('test-authentication-code');
    // @ts-expect-error a field is missing
    fake.respondWith({ authenticationCode: 'test-authentication-code', expiresAt: new Date() });
    // @ts-expect-error no such code
    fake.failNext('unauthenticated');
    // @ts-expect-error not an error of the client
    fake.failWith(new Error('timeout'));
  });
});

describe('sentianceError', () => {
  test('gives the class of the code', () => {
    expectTypeOf(
      sentianceError('invalid_configuration'),
    ).toEqualTypeOf<SentianceConfigurationError>();
    expectTypeOf(
      sentianceError('invalid_external_id'),
    ).toEqualTypeOf<SentianceInvalidExternalIdError>();
    expectTypeOf(sentianceError('unauthorized')).toEqualTypeOf<SentianceAuthenticationError>();
    expectTypeOf(sentianceError('forbidden')).toEqualTypeOf<SentiancePermissionError>();
    expectTypeOf(sentianceError('rate_limited')).toEqualTypeOf<SentianceRateLimitError>();
    expectTypeOf(sentianceError('server_error')).toEqualTypeOf<SentianceServerError>();
    expectTypeOf(sentianceError('rejected')).toEqualTypeOf<SentianceRequestError>();
    expectTypeOf(sentianceError('unexpected_redirect')).toEqualTypeOf<SentianceRedirectError>();
    expectTypeOf(sentianceError('invalid_response')).toEqualTypeOf<SentianceResponseError>();
    expectTypeOf(sentianceError('connection_failed')).toEqualTypeOf<SentianceConnectionError>();
    expectTypeOf(sentianceError('timeout')).toEqualTypeOf<SentianceTimeoutError>();
    expectTypeOf(sentianceError('aborted')).toEqualTypeOf<SentianceAbortError>();
  });

  test('takes a code that is not known before it runs', () => {
    expectTypeOf(sentianceError(someCode)).toExtend<SentianceError>();
    expectTypeOf(sentianceError).toBeCallableWith(someCode, { message: 'No.', attempts: 2 });
  });

  test('takes the fields of the code and no others', () => {
    sentianceError('aborted', { message: 'No.', attempts: 0, cause: new Error('ECONNRESET') });
    sentianceError('rate_limited', { retryAfter: 5, status: 429, errorCode: 'A', ref: 'b' });
    sentianceError('rate_limited', { retryAfter: undefined, ref: undefined });
    sentianceError('invalid_response', { issues: ['expires_at'] });
    sentianceError('connection_failed', { reason: 'EPIPE', action: 'alert' });
    // @ts-expect-error an action of another code
    sentianceError('connection_failed', { action: 'none' });
    sentianceError('timeout', { lastError: sentianceError('server_error') });
    // @ts-expect-error a response that never came has no status
    sentianceError('timeout', { status: 504 });
    // @ts-expect-error a field of another code
    sentianceError('server_error', { retryAfter: 5 });
    // @ts-expect-error not a number
    sentianceError('rate_limited', { retryAfter: '5' });
    // @ts-expect-error what the code decides
    sentianceError('rate_limited', { action: 'none' });
    // @ts-expect-error what the code decides
    sentianceError('rate_limited', { code: 'timeout' });
    // @ts-expect-error a response always has a status
    sentianceError('rejected', { status: undefined });
    // @ts-expect-error no such code
    sentianceError('unauthenticated');
  });
});

describe('SentianceEmulator', () => {
  test('has options that are all optional', () => {
    expectTypeOf(SentianceEmulator).toBeConstructibleWith();
    expectTypeOf(SentianceEmulator).toBeConstructibleWith({
      apiKey: 'test-user-link-key',
      keysWithoutScope: ['a'],
      expiredKeys: ['b'] as const,
      codeLifetime: undefined,
      now: () => 0,
      controlRoutes: true,
      onRequest: ({ status, externalId }) => console.log(status, externalId),
    });
    // @ts-expect-error an unknown option
    new SentianceEmulator({ port: 8787 });
    // @ts-expect-error one key
    new SentianceEmulator({ expiredKeys: 'b' });
  });

  test('can be disposed of, and shows what it holds to be read', () => {
    expectTypeOf(emulator).toExtend<AsyncDisposable>();
    expectTypeOf(emulator.apiKey).toEqualTypeOf<string>();
    expectTypeOf(emulator.url).toEqualTypeOf<string>();
    expectTypeOf(emulator.users).toEqualTypeOf<readonly EmulatedUser[]>();
    expectTypeOf(emulator.requests).toEqualTypeOf<readonly EmulatedRequest[]>();
    expectTypeOf<EmulatedUser['activeDevice']>().toEqualTypeOf<
      Readonly<{ id: string; type: 'phone' | 'tablet' }> | undefined
    >();
    // @ts-expect-error read-only
    emulator.apiKey = 'another-test-key';
    // @ts-expect-error read-only
    emulator.url = 'http://127.0.0.1:8787';
    // @ts-expect-error read-only
    emulator.requests.push({ method: 'GET', path: '/', status: 200 });
  });

  test('has methods that take and give what their docs say', () => {
    expectTypeOf(emulator.listen()).resolves.toEqualTypeOf<string>();
    expectTypeOf(emulator.listen).toBeCallableWith({ port: 8787, host: '127.0.0.1' });
    expectTypeOf(emulator.close()).resolves.toBeVoid();
    expectTypeOf(emulator.handle).toEqualTypeOf<(request: Request) => Promise<Response>>();
    expectTypeOf(emulator.createUser('code', { id: 'a' })).toEqualTypeOf<CreatedUser>();
    expectTypeOf<CreatedUser>().toEqualTypeOf<{
      userId: string;
      restored: boolean;
      active: boolean;
    }>();
    expectTypeOf<CreateUserError['reason']>().toEqualTypeOf<CreateUserFailureReason>();
    expectTypeOf<CreateUserFailureReason>().toEqualTypeOf<
      | 'USER_ALREADY_EXISTS'
      | 'SDK_RESET_IN_PROGRESS'
      | 'USER_CREATION_IN_PROGRESS'
      | 'NETWORK_ERROR'
      | 'SERVER_ERROR'
      | 'UNEXPECTED_ERROR'
      | 'APP_SIDE_LINKING_FAILED'
    >();
    expectTypeOf(emulator.createUser).toBeCallableWith('code', { id: 'a' }, { platformUrl: 'b' });
    // @ts-expect-error the code alone
    emulator.createUser(code, { id: 'phone-1' });
    // @ts-expect-error no such device
    emulator.createUser('code', { id: 'watch-1', type: 'watch' });
    // @ts-expect-error no id
    emulator.createUser('code', { type: 'phone' });
  });
});

describe('EmulatorFault', () => {
  test('shows the fields of each fault', () => {
    type Fault<T extends EmulatorFault['type']> = Extract<EmulatorFault, { type: T }>;
    expectTypeOf<EmulatorFault['type']>().toEqualTypeOf<
      | 'status'
      | 'delay'
      | 'hang'
      | 'disconnect'
      | 'lost_response'
      | 'malformed_json'
      | 'wrong_shape'
      | 'html'
      | 'redirect'
      | 'create_user'
    >();
    expectTypeOf<Fault<'status'>>().toEqualTypeOf<{
      type: 'status';
      status: number;
      errorCode?: string;
      message?: string;
      retryAfter?: number | string;
    }>();
    expectTypeOf<Fault<'delay'>>().toEqualTypeOf<{ type: 'delay'; ms: number }>();
    expectTypeOf<Fault<'disconnect'>>().toEqualTypeOf<{
      type: 'disconnect';
      phase?: 'before_headers' | 'during_body';
    }>();
    expectTypeOf<Fault<'redirect'>>().toEqualTypeOf<{ type: 'redirect'; location: string }>();
    expectTypeOf<Fault<'hang'>>().toEqualTypeOf<{ type: 'hang' }>();
    expectTypeOf<Fault<'create_user'>>().toEqualTypeOf<{
      type: 'create_user';
      reason: CreateUserFailureReason;
    }>();
  });

  test('refuses what is no fault', () => {
    // @ts-expect-error no status
    emulator.failNext({ type: 'status' });
    // @ts-expect-error a field of another fault
    emulator.failNext({ type: 'hang', ms: 10 });
    // @ts-expect-error a field that is written otherwise
    emulator.failNext({ type: 'status', status: 429, retry_after: 1 });
    // @ts-expect-error no such phase
    emulator.failNext({ type: 'disconnect', phase: 'during_headers' });
    // @ts-expect-error no such fault
    emulator.failNext({ type: 'explode' });
    // @ts-expect-error not an object
    emulator.failNext('hang');
  });
});

describe('userLinkHandlers', () => {
  test('gives handlers of MSW, for an emulator and base URLs or for none', () => {
    expectTypeOf(userLinkHandlers()).toEqualTypeOf<RequestHandler[]>();
    expectTypeOf(userLinkHandlers).toBeCallableWith({
      emulator,
      baseUrls: ['https://platform.example'] as const,
    });
    expectTypeOf(userLinkHandlers).toBeCallableWith({ emulator: undefined, baseUrls: undefined });
    // @ts-expect-error one URL
    userLinkHandlers({ baseUrls: 'https://platform.example' });
  });
});
