/** How long is waited before a retry. */

const FIRST_BACKOFF = 200;
const MAX_BACKOFF = 1_000;
/** So that clients that were all told the same moment do not all come back in it. */
const MAX_JITTER = 200;

/**
 * Milliseconds: what the platform asks for and up to 200 more, or else, with full jitter, up to 200,
 * 400, 800, then 1000.
 *
 * @param attempts Requests that the call has sent so far.
 * @param retryAfter Milliseconds that the platform asked to wait, if it did.
 */
export function waitBeforeRetry(attempts: number, retryAfter: number | undefined): number {
  if (retryAfter !== undefined) return retryAfter + Math.random() * MAX_JITTER;
  return Math.random() * Math.min(FIRST_BACKOFF * 2 ** (attempts - 1), MAX_BACKOFF);
}
