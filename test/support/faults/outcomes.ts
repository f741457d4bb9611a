/** What a call can come to in the table of faults, and when: the words of docs/failures.md with their proof. */
import {
  type AnySentianceError,
  type CreateAuthenticationCodeOptions,
  SentianceAuthenticationError,
  SentianceConnectionError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
  SentianceTimeoutError,
} from '../../../src/index.js';

/** The error that a call ends with. */
export interface Failure {
  readonly error: { readonly prototype: object & { readonly name: string } };
  readonly code: AnySentianceError['code'];
  readonly action: AnySentianceError['action'];
  /** Milliseconds that the platform asked to wait. */
  readonly retryAfter?: unknown;
}

function failure(
  error: Failure['error'],
  code: Failure['code'],
  action: Failure['action'],
): Failure {
  return { error, code, action };
}

export const LOST_CONNECTION = failure(
  SentianceConnectionError,
  'connection_failed',
  'retry_later',
);
export const NO_CONNECTION = failure(SentianceConnectionError, 'connection_failed', 'alert');
export const TIMEOUT = failure(SentianceTimeoutError, 'timeout', 'retry_later');
export const REFUSED_KEY = failure(SentianceAuthenticationError, 'unauthorized', 'alert');
export const NO_PERMISSION = failure(SentiancePermissionError, 'forbidden', 'alert');
export const REJECTED = failure(SentianceRequestError, 'rejected', 'alert');
export const RATE_LIMIT = failure(SentianceRateLimitError, 'rate_limited', 'retry_later');
export const SERVER_PROBLEM = failure(SentianceServerError, 'server_error', 'retry_later');
export const INVALID_RESPONSE = failure(SentianceResponseError, 'invalid_response', 'alert');
export const REDIRECT = failure(SentianceRedirectError, 'unexpected_redirect', 'alert');

/** When a call ends. */
export interface Ending {
  /** As docs/failures.md says it. */
  readonly when: string;
  /** The options of the call; the defaults where the fault takes no time. */
  readonly options?: CreateAuthenticationCodeOptions;
  /** Which part of the longest backoff each wait takes; none where that is not what it is about. */
  readonly jitter?: number;
  /** Milliseconds that the call takes at least. */
  readonly atLeast?: number;
  /** Whether its end is that of `timeout`, to within 50 ms. */
  readonly atDeadline?: boolean;
}

export const AT_ONCE: Ending = { when: 'at once' };
export const AFTER_TWO_WAITS: Ending = { when: 'within 0.6 s' };
export const AFTER_ONE_WAIT: Ending = { when: 'within 0.2 s' };
export const AFTER_JITTER: Ending = { when: 'within 0.4 s' };
export const A_SECOND_A_RETRY: Ending = { when: 'after 2 to 2.4 s', atLeast: 1_998 };
/** The default limits made smaller, with room for a busy machine to send each hedge. */
export const AT_TIMEOUT: Ending = {
  when: '`timeout`',
  options: { timeout: 700, hedgeAfter: 100 },
  atLeast: 698,
  atDeadline: true,
};
export const AFTER_THREE_SECONDS: Ending = {
  when: 'after 3 s',
  options: { hedgeAfter: 100 },
  atLeast: 298,
};
export const AFTER_A_HEDGE: Ending = {
  when: 'after `hedgeAfter`',
  // Long enough that a busy machine sends one hedge and no more.
  options: { hedgeAfter: 300 },
  atLeast: 298,
};
export const AFTER_A_HEDGE_AND_A_WAIT: Ending = {
  ...AFTER_A_HEDGE,
  when: 'up to 0.4 s after `hedgeAfter`',
};
export const WHEN_IT_IS_BACK: Ending = {
  when: 'within 1 s of its return',
  options: { maxRetries: 10 },
  jitter: 0.999,
  atLeast: 2_000,
};
