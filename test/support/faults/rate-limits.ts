/** A 429, and what its `Retry-After` says. */
import { expect } from 'vitest';
import { answer as respond, startLoopbackServer } from '../loopback-server.js';
import { type Fault, statuses } from './fault.js';
import {
  A_SECOND_A_RETRY,
  AFTER_JITTER,
  AFTER_TWO_WAITS,
  AT_ONCE,
  RATE_LIMIT,
} from './outcomes.js';

/** A 429 with each of these in its `Retry-After`. */
function tooManyRequests(retryAfter: Readonly<Record<string, () => string>>): Fault['cases'] {
  const cases = Object.entries(retryAfter).map(([name, value]) => {
    const start = () => startLoopbackServer(respond(429, { headers: { 'retry-after': value() } }));
    return [name, start] as const;
  });
  return Object.fromEntries(cases);
}

function httpDate(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toUTCString();
}

export const RATE_LIMITS: readonly Fault[] = [
  {
    name: '429 whose `Retry-After` is missing, rubbish or negative',
    failure: RATE_LIMIT,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    cases: {
      ...statuses(429),
      ...tooManyRequests({ rubbish: () => 'soon', negative: () => '-5', fraction: () => '1.5' }),
    },
  },
  {
    name: '429, `Retry-After: 0` or a date that has passed',
    failure: { ...RATE_LIMIT, retryAfter: 0 },
    attempts: 3,
    requests: 3,
    ending: AFTER_JITTER,
    cases: tooManyRequests({ '0': () => '0', 'a past date': () => httpDate(-3_600) }),
  },
  {
    name: '429, `Retry-After: 1`',
    failure: { ...RATE_LIMIT, retryAfter: 1_000 },
    attempts: 3,
    requests: 3,
    ending: A_SECOND_A_RETRY,
    cases: tooManyRequests({ '1': () => '1' }),
  },
  {
    name: '429, `Retry-After` of an hour, in seconds or as a date',
    failure: { ...RATE_LIMIT, retryAfter: expect.closeTo(3_600_000, -4) },
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: tooManyRequests({ '3600': () => '3600', 'a date': () => httpDate(3_600) }),
  },
];
