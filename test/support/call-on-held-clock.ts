/** One call, on a clock that stands still until the test moves it. */
import type { AttemptEvent, SentianceUserLinkClientOptions } from '../../src/index.js';
import { clientOf, UNUSED_URL } from './calls.js';
import { holdTheClock, withoutBackoff } from './clock.js';
import { inMemoryFetch, type Reply } from './in-memory-fetch.js';

/** Its retries follow at once, unless the test mocks `Math.random` after it began. */
export function callOnHeldClock(
  options: SentianceUserLinkClientOptions,
  ...replies: [Reply, ...Reply[]]
) {
  withoutBackoff();
  holdTheClock();
  const begun = performance.now();
  const { fetch, sent } = inMemoryFetch(...replies);
  const events: AttemptEvent[] = [];
  const onAttempt = (event: AttemptEvent) => events.push(event);
  const client = clientOf(UNUSED_URL, { fetch, onAttempt, ...options });
  let hasEnded = false;
  const call = client.tryCreateAuthenticationCode('user-1').finally(() => {
    hasEnded = true;
  });
  return {
    call,
    events,
    hasEnded: () => hasEnded,
    /** Milliseconds. */
    sentAt: () => sent.map(({ sentAt }) => sentAt - begun),
  };
}
