/** What failed when there is no answer to speak of: an error in words, and whether to try again. */
import {
  type AnySentianceError,
  SentianceAbortError,
  SentianceConfigurationError,
  SentianceConnectionError,
  SentianceTimeoutError,
} from './errors.js';
import { bareCause, isPermanentReason } from './redact.js';
import { hostOf } from './regions.js';
import type { Scope } from './scope.js';
import type { CallLimits } from './settings.js';

export interface Failure {
  ok: false;
  error: AnySentianceError;
  /** Whether sending the same request again may help. */
  retriable: boolean;
  /** Milliseconds that the answer asked to wait before that. */
  retryAfter?: number | undefined;
}

/** What the messages need to know of a call. */
export interface EndableCall {
  scope: Scope;
  limits: CallLimits;
  platformUrl: string;
}

/**
 * The caller aborted, or `totalTimeout` is over.
 *
 * @param status Of an answer that had begun.
 */
export function endOfCall(
  { scope, limits, platformUrl }: EndableCall,
  attempts: number,
  lastError?: AnySentianceError,
  status?: number,
): Failure {
  if (scope.endReason === 'aborted') {
    const error = new SentianceAbortError("The call was ended by the caller's signal.", {
      attempts,
    });
    return { ok: false, error, retriable: false };
  }
  const slow = attempts === 0 ? 'The apiKey function' : hostOf(platformUrl);
  const error = new SentianceTimeoutError(
    `${slow} ${shortcoming(status)} within ${limits.totalTimeout} ms (totalTimeout, the limit of the whole call). Ask again later.`,
    { attempts, lastError },
  );
  return { ok: false, error, retriable: false };
}

/**
 * One attempt took longer than `timeout`.
 *
 * @param status Of an answer that had begun.
 */
export function attemptTimeout(
  { limits, platformUrl }: EndableCall,
  attempts: number,
  lastError?: AnySentianceError,
  status?: number,
): Failure {
  const error = new SentianceTimeoutError(
    `${hostOf(platformUrl)} ${shortcoming(status)} within ${limits.timeout} ms (timeout, the limit of one attempt). Ask again later.`,
    { attempts, lastError },
  );
  return { ok: false, error, retriable: true };
}

function shortcoming(status: number | undefined): string {
  return status === undefined ? 'did not answer' : `answered ${status}, but not to the end,`;
}

/** The platform could not be reached, or the connection was lost before the answer's end. */
export function connectionFailure(
  { platformUrl }: EndableCall,
  attempts: number,
  thrown: unknown,
): Failure {
  const { reason, cause } = bareCause(thrown);
  const permanent = isPermanentReason(reason);
  const because = reason === undefined ? '' : ` (${reason})`;
  const advice = permanent
    ? 'Check the host name, and that this process trusts its certificate.'
    : 'Ask again later; if it stays, check DNS, firewall and proxy.';
  const error = new SentianceConnectionError(
    `${hostOf(platformUrl)} could not be reached, or the connection was lost${because}. ${advice}`,
    { attempts, reason, cause },
  );
  return { ok: false, error, retriable: !permanent };
}

/** A custom `fetch`, or a test's mock of the global one, gave something that is no answer. */
export function unusableFetch(attempts: number, problem: string): Failure {
  const error = new SentianceConfigurationError(
    `fetch ${problem}. In a test, use the fakes of sentiance-user-link/testing.`,
    { attempts },
  );
  return { ok: false, error, retriable: false };
}
