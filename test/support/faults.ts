/**
 * Every fault that a platform or the way to it can have, and what a call makes of it: the table that
 * docs/failures.md shows and that `faults.test.ts` holds the client to, over real sockets. A new
 * fault is one more case; one with an outcome of its own is one more row, here and in the page.
 */
import { BODIES } from './faults/bodies.js';
import { BROKEN_HTTP } from './faults/broken-http.js';
import { CONNECTING } from './faults/connecting.js';
import { EARLIER_REQUESTS } from './faults/earlier-requests.js';
import type { Fault } from './faults/fault.js';
import { RATE_LIMITS } from './faults/rate-limits.js';
import { SLOW_RESPONSES } from './faults/slow-responses.js';
import { STATUSES } from './faults/statuses.js';

export const FAULTS: readonly Fault[] = [
  ...CONNECTING,
  ...SLOW_RESPONSES,
  ...BROKEN_HTTP,
  ...BODIES,
  ...STATUSES,
  ...RATE_LIMITS,
  ...EARLIER_REQUESTS,
];
