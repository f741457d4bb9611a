/**
 * One call's requests. ky owns the attempts, their time limit and the waits between them; a closure
 * sends the real request. ky is given no key, header or body, only the URL: then its errors, which
 * print their request, have no secret to print.
 */
import ky, { isTimeoutError } from 'ky';
import { type Outcome, type OutgoingCall, type ReceivedCode, sendOnce } from './attempt.js';
import type { AnySentianceError } from './errors.js';
import { attemptTimeout, connectionFailure, endOfCall, type Failure } from './failures.js';
import { AUTH_CODE_PATH } from './wire.js';

const FIRST_BACKOFF = 200;
const MAX_BACKOFF = 1_000;

/** Sends the request until a code has come, an error is final, or the call has ended. */
export async function requestCode(call: OutgoingCall): Promise<ReceivedCode> {
  const { scope, limits } = call;
  const url = call.platformUrl + AUTH_CODE_PATH;
  let attempts = 0;
  let latest: Outcome | undefined;
  let lastError: AnySentianceError | undefined;
  let wait = 0;
  // Set when ky resolves, which it does only with what `attempt` returned.
  let received!: ReceivedCode;

  const attempt = async (input: string | URL | Request): Promise<Response> => {
    // ky's signal: its time limit for this attempt, and the end of the call.
    const signal = input instanceof Request ? input.signal : scope.signal;
    signal.throwIfAborted();
    attempts += 1;
    latest = await sendOnce(call, url, signal, attempts);
    if (!latest.ok) throw latest.error;
    received = latest.code;
    return latest.response;
  };

  /** What stands behind an error of ky's: an attempt's own failure, or a limit that ran out. */
  const failureBehind = (thrown: unknown, previous?: AnySentianceError): Failure => {
    if (scope.endReason !== undefined) return endOfCall(call, attempts, previous);
    if (latest?.ok === false && latest.error === thrown) return latest;
    if (isTimeoutError(thrown)) return attemptTimeout(call, attempts, previous);
    return connectionFailure(call, attempts, thrown);
  };

  try {
    await ky(url, {
      method: 'post',
      fetch: attempt,
      signal: scope.signal,
      timeout: limits.timeout,
      retry: {
        limit: limits.maxRetries,
        methods: ['post'],
        delay: () => wait,
        shouldRetry: ({ error, retryCount }) => {
          const failure = failureBehind(error);
          wait = failure.retryAfter ?? backoff(retryCount);
          // Given a wait that does not fit, ky would sleep until the end and report a timeout.
          if (!failure.retriable || wait >= scope.remaining) return false;
          lastError = failure.error;
          return true;
        },
      },
    });
  } catch (thrown) {
    throw failureBehind(thrown, lastError).error;
  }
  return received;
}

/** Full jitter: a random wait of up to 200, 400, 800, then 1000 ms. */
function backoff(retryCount: number): number {
  return Math.random() * Math.min(FIRST_BACKOFF * 2 ** (retryCount - 1), MAX_BACKOFF);
}
