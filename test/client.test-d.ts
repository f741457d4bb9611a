import { describe, expectTypeOf, test } from 'vitest';
import type {
  AnySentianceError,
  AuthenticationCode,
  AuthenticationCodeResult,
  SentianceRegion,
  SentianceUserLinkClient,
  UserLinkClient,
} from '../src/index.js';

declare const result: AuthenticationCodeResult;
declare const client: SentianceUserLinkClient;

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
