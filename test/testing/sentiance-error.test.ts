import {
  type AnySentianceError,
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
} from 'sentiance-user-link';
import { sentianceError } from 'sentiance-user-link/testing';
import { describe, expect, test } from 'vitest';

const REF = '00000000-0000-4000-8000-000000000001';
const HOST = 'api.sentiance.com';

type ErrorClass = abstract new (...args: never[]) => AnySentianceError;

/** For each code its class, and all that the error says without overrides. */
const DEFAULTS: Record<SentianceErrorCode, [ErrorClass, object]> = {
  invalid_configuration: [
    SentianceConfigurationError,
    { message: 'The apiKey function failed.', action: 'alert', attempts: 0 },
  ],
  invalid_external_id: [
    SentianceInvalidExternalIdError,
    { message: 'externalId is blank.', action: 'fix_input', attempts: 0 },
  ],
  unauthorized: [
    SentianceAuthenticationError,
    {
      message: `${HOST} (region eu) refused the API key (401).`,
      action: 'alert',
      attempts: 1,
      status: 401,
      ref: REF,
    },
  ],
  forbidden: [
    SentiancePermissionError,
    {
      message: `${HOST} does not let this API key link users (403).`,
      action: 'alert',
      attempts: 1,
      status: 403,
      ref: REF,
    },
  ],
  rate_limited: [
    SentianceRateLimitError,
    {
      message: `${HOST} limits the rate of requests (429).`,
      action: 'retry_later',
      attempts: 1,
      status: 429,
      retryAfter: 60_000,
    },
  ],
  server_error: [
    SentianceServerError,
    {
      message: `${HOST} has a problem of its own (503).`,
      action: 'retry_later',
      attempts: 3,
      status: 503,
    },
  ],
  rejected: [
    SentianceRequestError,
    {
      message: `${HOST} did not accept the request (400).`,
      action: 'alert',
      attempts: 1,
      status: 400,
      ref: REF,
    },
  ],
  unexpected_redirect: [
    SentianceRedirectError,
    {
      message: `${HOST} responded with a redirect (302), which is not followed.`,
      action: 'alert',
      attempts: 1,
      status: 302,
    },
  ],
  invalid_response: [
    SentianceResponseError,
    {
      message: `${HOST} responded 200, but its body is not a JSON object.`,
      action: 'alert',
      attempts: 1,
      status: 200,
      issues: ['(body)'],
    },
  ],
  connection_failed: [
    SentianceConnectionError,
    {
      message: `${HOST} could not be reached, or the connection was lost (ECONNRESET).`,
      action: 'retry_later',
      attempts: 3,
      reason: 'ECONNRESET',
    },
  ],
  timeout: [
    SentianceTimeoutError,
    {
      message: `${HOST} did not respond within 5000 ms (timeout, the limit of the whole call).`,
      action: 'retry_later',
      attempts: 2,
    },
  ],
  aborted: [
    SentianceAbortError,
    { message: "The call was ended by the caller's signal.", action: 'none', attempts: 1 },
  ],
};

const CODES = Object.keys(DEFAULTS).filter((code): code is SentianceErrorCode => code in DEFAULTS);

describe('sentianceError', () => {
  test.each(CODES)('makes the real class for %s, with fields that it could have', (code) => {
    const [errorClass, fields] = DEFAULTS[code];
    const error = sentianceError(code);

    expect(error).toBeInstanceOf(errorClass);
    expect(error.constructor).toBe(errorClass);
    expect(error).toBeInstanceOf(SentianceError);
    expect(error instanceof SentianceApiError).toBe('status' in fields);
    expect(error.toJSON()).toEqual({ name: errorClass.name, code, ...fields });
    expect(error.cause).toBeUndefined();
    expect(error.stack).toContain('sentiance-error.test.ts');
  });

  test.each(CODES)('takes a message, a count of attempts and a cause for %s', (code) => {
    const cause = new Error('ECONNRESET');
    const error = sentianceError(code, { message: 'As the test wants it.', attempts: 7, cause });

    expect(error).toBeInstanceOf(DEFAULTS[code][0]);
    expect(error).toMatchObject({ code, message: 'As the test wants it.', attempts: 7, cause });
  });

  test('takes the fields of the code that it makes', () => {
    const lastError = sentianceError('server_error');
    const fields = { status: 599, errorCode: 'USERLINKING_NOT_CONFIGURED', ref: 'ref-1' };

    expect(sentianceError('unauthorized', fields)).toMatchObject(fields);
    expect(sentianceError('forbidden', fields)).toMatchObject(fields);
    expect(sentianceError('server_error', fields)).toMatchObject(fields);
    expect(sentianceError('rejected', fields)).toMatchObject(fields);
    expect(sentianceError('unexpected_redirect', fields)).toMatchObject(fields);
    expect(sentianceError('rate_limited', { ...fields, retryAfter: 5 })).toMatchObject({
      ...fields,
      retryAfter: 5,
    });
    expect(sentianceError('invalid_response', { ...fields, issues: ['a'] })).toMatchObject({
      ...fields,
      issues: ['a'],
    });
    const untrusted = { reason: 'CERT_HAS_EXPIRED', action: 'alert' } as const;
    expect(sentianceError('connection_failed', untrusted)).toMatchObject(untrusted);
    expect(sentianceError('timeout', { lastError }).lastError).toBe(lastError);
  });

  test.each(['unauthorized', 'forbidden', 'rejected', 'server_error'] as const)(
    'makes %s as GraphQL gives it, in a 200',
    (code) => {
      const fields = { status: 200, errorCode: 'AUTHENTICATION_FAILURE', ref: undefined };
      const error = sentianceError(code, fields);

      expect(error).toMatchObject({ code, status: 200, errorCode: 'AUTHENTICATION_FAILURE' });
      expect(error).not.toHaveProperty('ref');
    },
  );

  test('omits an optional field that is undefined', () => {
    expect(sentianceError('rate_limited', { retryAfter: undefined })).not.toHaveProperty(
      'retryAfter',
    );
    expect(sentianceError('rejected', { ref: undefined })).not.toHaveProperty('ref');
    expect(sentianceError('connection_failed', { reason: undefined })).not.toHaveProperty('reason');
  });

  test('makes a new error each time', () => {
    const first = sentianceError('timeout');

    expect(sentianceError('timeout')).not.toBe(first);
  });

  test.each([undefined, null, 'server-error', 'SERVER_ERROR', 'toString', '__proto__', 503])(
    'refuses the code %s, with a list of those that there are',
    (code) => {
      expect(() => Reflect.apply(sentianceError, undefined, [code])).toThrow(
        new TypeError(`sentianceError: code must be one of ${CODES.join(', ')}.`),
      );
    },
  );
});
