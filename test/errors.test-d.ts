import { describe, expectTypeOf, test } from 'vitest';
import {
  type AnySentianceError,
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
  type SentianceRequestError,
  type SentianceResponseError,
  SentianceServerError,
  type SentianceTimeoutError,
} from '../src/index.js';

declare const caught: unknown;
declare const error: AnySentianceError;

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

describe('The types of a constructor that a hover shows', () => {
  test('can be named', () => {
    expectTypeOf(SentianceServerError).constructorParameters.toEqualTypeOf<
      [message: string, init: SentianceApiErrorInit]
    >();
    expectTypeOf<SentianceApiErrorInit>().toExtend<SentianceErrorInit>();
  });
});
