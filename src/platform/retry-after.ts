/** The longest wait a Retry-After can ask for and still be a number that timers can hold. */
const MAX_RETRY_AFTER = 2 ** 31 - 1;

/**
 * Milliseconds that a `Retry-After` header asks to wait: whole seconds, or an HTTP date, which is
 * measured against the clock. `undefined` when there is none or it is neither.
 */
export function readRetryAfter(header: string | null | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const value = header.trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, MAX_RETRY_AFTER);
  // Date.parse also takes "-5" and "1.5"; an HTTP date starts with a day's name and ends in GMT
  // (RFC 9110, 5.6.7), but for the obsolete asctime form, which has no zone and is not taken.
  if (!/^[A-Z][a-z]{2,8}, .+ GMT$/.test(value)) return undefined;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return undefined;
  return Math.min(Math.max(date - Date.now(), 0), MAX_RETRY_AFTER);
}
