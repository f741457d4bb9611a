/** Real errors for tests: the class that the client would throw, with fields that it could have. */
import {
  type AnySentianceError,
  SentianceAbortError,
  SentianceAuthenticationError,
  SentianceConfigurationError,
  SentianceConnectionError,
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
import { refuseUnknownFields } from './strict-input.js';

type ErrorOf<C extends SentianceErrorCode> = Extract<AnySentianceError, { code: C }>;

/** What a code decides, or what no test sets. */
type Fixed<C> =
  | 'name'
  | 'stack'
  | 'code'
  | 'toJSON'
  | 'cause'
  | (C extends 'connection_failed' ? never : 'action');

/**
 * The fields of the error with this code that a test can set; each has a believable default. An
 * optional field is omitted when it is `undefined`, as the `retryAfter` of a 429 that had none.
 */
export type SentianceErrorOverrides<C extends SentianceErrorCode> = {
  [F in Exclude<keyof ErrorOf<C>, Fixed<C>>]?: undefined extends ErrorOf<C>[F]
    ? ErrorOf<C>[F] | undefined
    : ErrorOf<C>[F];
} & {
  /** What the error is caused by. Default: none. */
  cause?: Error;
};

const REF = '00000000-0000-4000-8000-000000000001';

/** One request was sent. */
const sent = { attempts: 1 };

type Factories = {
  [C in SentianceErrorCode]: (overrides: SentianceErrorOverrides<C>) => ErrorOf<C>;
};

const FACTORIES: Factories = {
  invalid_configuration: ({ message = 'The apiKey function failed.', ...rest }) =>
    new SentianceConfigurationError(message, rest),
  invalid_external_id: ({ message = 'externalId is blank.', ...rest }) =>
    new SentianceInvalidExternalIdError(message, rest),
  unauthorized: ({
    message = 'api.sentiance.com (region eu) refused the API key (401).',
    ...rest
  }) => new SentianceAuthenticationError(message, { status: 401, ref: REF, ...sent, ...rest }),
  forbidden: ({
    message = 'api.sentiance.com does not let this API key link users (403).',
    ...rest
  }) => new SentiancePermissionError(message, { status: 403, ref: REF, ...sent, ...rest }),
  rate_limited: ({ message = 'api.sentiance.com limits the rate of requests (429).', ...rest }) =>
    new SentianceRateLimitError(message, { status: 429, retryAfter: 60_000, ...sent, ...rest }),
  server_error: ({ message = 'api.sentiance.com has a problem of its own (503).', ...rest }) =>
    new SentianceServerError(message, { status: 503, attempts: 3, ...rest }),
  rejected: ({ message = 'api.sentiance.com did not accept the request (400).', ...rest }) =>
    new SentianceRequestError(message, { status: 400, ref: REF, ...sent, ...rest }),
  unexpected_redirect: ({
    message = 'api.sentiance.com responded with a redirect (302), which is not followed.',
    ...rest
  }) => new SentianceRedirectError(message, { status: 302, ...sent, ...rest }),
  invalid_response: ({
    message = 'api.sentiance.com responded 200, but its body is not a JSON object.',
    ...rest
  }) => new SentianceResponseError(message, { status: 200, issues: ['(body)'], ...sent, ...rest }),
  connection_failed: ({
    message = 'api.sentiance.com could not be reached, or the connection was lost (ECONNRESET).',
    ...rest
  }) => new SentianceConnectionError(message, { reason: 'ECONNRESET', attempts: 3, ...rest }),
  timeout: ({
    message = 'api.sentiance.com did not respond within 5000 ms (timeout, the limit of the whole call).',
    ...rest
  }) => new SentianceTimeoutError(message, { attempts: 2, ...rest }),
  aborted: ({ message = "The call was ended by the caller's signal.", ...rest }) =>
    new SentianceAbortError(message, { ...sent, ...rest }),
};

const OF_ALL = ['message', 'attempts', 'cause'] as const;
const OF_RESPONSES = [...OF_ALL, 'status', 'errorCode', 'ref'] as const;

/** What can be set of each. */
const FIELDS: { [C in SentianceErrorCode]: readonly (keyof SentianceErrorOverrides<C>)[] } = {
  invalid_configuration: OF_ALL,
  invalid_external_id: OF_ALL,
  unauthorized: OF_RESPONSES,
  forbidden: OF_RESPONSES,
  rate_limited: [...OF_RESPONSES, 'retryAfter'],
  server_error: OF_RESPONSES,
  rejected: OF_RESPONSES,
  unexpected_redirect: OF_RESPONSES,
  invalid_response: [...OF_RESPONSES, 'issues'],
  connection_failed: [...OF_ALL, 'reason', 'action'],
  timeout: [...OF_ALL, 'lastError'],
  aborted: OF_ALL,
};

/** Every code that an error can have. */
export const ERROR_CODES = Object.keys(FACTORIES);

/**
 * Makes the error that the client throws for a code: the real class, so that `instanceof`, `code`
 * and `action` work in the code under test.
 *
 * @param code Which error.
 * @param overrides Fields to set, such as `retryAfter` for `rate_limited`.
 * @returns A new error each time.
 * @throws `TypeError`: There is no such code, or its error has no such field.
 */
export function sentianceError<C extends SentianceErrorCode>(
  code: C,
  overrides: SentianceErrorOverrides<C> = {},
): ErrorOf<C> {
  if (!ERROR_CODES.includes(code)) {
    throw new TypeError(`sentianceError: code must be one of ${ERROR_CODES.join(', ')}.`);
  }
  refuseUnknownFields(`sentianceError: ${code}`, overrides, FIELDS[code].map(String));
  return FACTORIES[code](overrides);
}
