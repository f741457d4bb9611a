/** How long a code lives when the response does not say: "approx 10 mins" in the vendor's pages. */
const ASSUMED_LIFETIME = 600_000;

/**
 * When a code expires that came without an expiry.
 *
 * @param sentAt When its request was sent: the platform issued it later, so it lives at least as long.
 */
export function assumedExpiry(sentAt: number): Date {
  // The clock may have been put back since.
  return new Date(Math.min(sentAt, Date.now()) + ASSUMED_LIFETIME);
}
