/**
 * One call's requests. ky owns the repetitions and the waits between them; a closure sends the real
 * request. ky is given no key, header or body, only the URL: then its errors, which print their
 * request, have no secret to print.
 */
import { type OutgoingCall, sendOnce } from './attempt.js';
import type { AuthenticationCode } from './authentication-code.js';
import type { AnySentianceError } from './errors.js';
import { endOfCall, type Failure } from './failures.js';

const FIRST_BACKOFF = 200;
const MAX_BACKOFF = 1_000;

/** Sends the request until a code has come, an error is final, or the call has ended. */
export async function requestCode(call: OutgoingCall): Promise<AuthenticationCode> {
  if (call.scope.endReason !== undefined) throw endOfCall(call, 0).error;
  // Without ky, which makes two Request objects before it sends one: nearly every call ends here,
  // and ky would cost it half a fetch more (ky in bench/RESULTS.md).
  const first = await sendOnce(call, 1);
  if (first.ok) return first.code;
  if (!first.retriable) throw first.error;
  return repeat(call, first);
}

async function repeat(call: OutgoingCall, first: Failure): Promise<AuthenticationCode> {
  const { scope, limits } = call;
  const state: { failure: Failure; code?: AuthenticationCode } = { failure: first };
  let attempts = 1;
  let lastError: AnySentianceError | undefined;
  let wait = 0;

  const attempt = async (): Promise<Response> => {
    // ky's first one has failed already; it only needs to hear of it.
    if (lastError === undefined) throw first.error;
    scope.signal.throwIfAborted();
    attempts += 1;
    const outcome = await sendOnce(call, attempts, lastError);
    if (outcome.ok) {
      state.code = outcome.code;
      // All that ky needs to see of it.
      return new Response();
    }
    state.failure = outcome;
    throw outcome.error;
  };

  const repetitions = async () => {
    // Not at the top: ky cannot be loaded where there is no TextEncoder, as in Jest's jsdom, and
    // the constructor's refusal would not be reached there. The bundle has it in the same file.
    const { default: ky } = await import('ky');
    return ky(call.url, {
      method: 'post',
      fetch: attempt,
      // Ends a wait.
      signal: scope.signal,
      // An attempt ends itself, in time.
      timeout: false,
      retry: {
        limit: limits.maxRetries,
        methods: ['post'],
        delay: () => wait,
        shouldRetry: ({ retryCount }) => {
          const { error, retriable, retryAfter } = state.failure;
          wait = retryAfter ?? backoff(retryCount);
          // Given a wait that does not fit, ky would sleep until the end, and report a timeout.
          if (!retriable || wait >= scope.remaining) return false;
          lastError = error;
          return true;
        },
      },
    });
  };
  const thrown = await repetitions().catch((error: unknown) => error);

  if (state.code !== undefined) return state.code;
  const endedInWait = scope.endReason !== undefined && thrown !== state.failure.error;
  throw endedInWait ? endOfCall(call, attempts, lastError).error : state.failure.error;
}

/** Full jitter: a random wait of up to 200, 400, 800, then 1000 ms. */
function backoff(retryCount: number): number {
  return Math.random() * Math.min(FIRST_BACKOFF * 2 ** (retryCount - 1), MAX_BACKOFF);
}
