/** The table of faults, row by row: each over a real socket, with what the server saw of it. */
import { describe, expect, test, vi } from 'vitest';
import type { AttemptEvent, AuthenticationCodeResult } from '../src/index.js';
import { DEFAULTS } from '../src/options.js';
import { clientOf, endsOnTime, errorOf } from './support/calls.js';
import { CANARIES, expectNoCanary } from './support/canaries.js';
import type { Fault } from './support/faults/fault.js';
import type { Ending } from './support/faults/outcomes.js';
import { FAULTS } from './support/faults.js';
import { ISSUED_CODE } from './support/loopback-server.js';

/**
 * REST meets every fault. GraphQL meets those in which the way matters: responses, and what is wrong
 * in them. How long a call waits, and how it connects, is the same code.
 */
const COLUMNS = FAULTS.flatMap((fault) => {
  const { cases, graphqlCases, requests, ending } = fault;
  const rest = { api: 'rest', fault, cases } as const;
  if (requests === 0 || ending.options || ending.atLeast !== undefined) return [rest];
  return [rest, { api: 'graphql', fault, cases: { ...cases, ...graphqlCases } } as const];
});

describe.each(COLUMNS)('$fault.name, by $api', ({ api, fault, cases }) => {
  test.each(Object.entries(cases))('%s', { timeout: 10_000 }, async (name, start) => {
    vi.spyOn(Math, 'random').mockReturnValue(fault.ending.jitter ?? 0);
    const target = await start();
    const requestsBefore = target.requests.length;
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);
    const { apiKey, externalId } = CANARIES;
    const client = clientOf(target.url, { api, apiKey, ...fault.ending.options, onAttempt });
    const sentAfter = Date.now();

    const result = await endsInTime(fault.ending, () =>
      client.tryCreateAuthenticationCode(externalId),
    );

    expectOutcome(result, fault, target.url, api === 'rest' ? undefined : sentAfter);
    expectNoCanary([result.ok || result.error, events, client]);
    if (fault.reasons && name in fault.reasons) {
      expect(errorOf(result).toJSON().reason).toBe(fault.reasons[name]);
    }
    expect(events).toHaveLength(fault.attempts);
    expect(target.requests.length - requestsBefore).toBe(fault.requests);
  });
});

function expectOutcome(
  result: AuthenticationCodeResult,
  { failure, attempts }: Fault,
  url: string,
  /** When the call began, if its response says nothing of the expiry. */
  began: number | undefined,
): void {
  if (failure === undefined) {
    const expiresAt = began === undefined ? new Date('2030-01-02T03:04:05.678Z') : expect.any(Date);
    const value = { authenticationCode: ISSUED_CODE, expiresAt, platformUrl: url };
    expect(result).toEqual({ ok: true, value });
    if (began !== undefined && result.ok) {
      const lifetime = result.value.expiresAt.getTime() - began;
      expect(lifetime).toBeGreaterThanOrEqual(600_000);
      expect(lifetime).toBeLessThanOrEqual(Date.now() - began + 600_000);
    }
    expect(Object.prototype).not.toHaveProperty('polluted');
    return;
  }
  const error = errorOf(result);
  expect(error).toBeInstanceOf(failure.error);
  const { code, action } = failure;
  expect(error).toMatchObject({ name: failure.error.prototype.name, code, action, attempts });
  expect(error.toJSON().retryAfter).toEqual(failure.retryAfter);
  expect(error.message).toContain(new URL(url).host);
}

/** What the call comes to, which must end when the table says so. */
async function endsInTime<T>(
  { atLeast = 0, atDeadline = false, options }: Ending,
  call: () => Promise<T>,
): Promise<T> {
  if (atDeadline) return endsOnTime(options?.timeout ?? DEFAULTS.timeout, call);
  const started = performance.now();
  const value = await call();
  const duration = performance.now() - started;
  expect(duration).toBeGreaterThanOrEqual(atLeast);
  // A second more than on an idle machine, and still less than a timeout.
  expect(duration).toBeLessThan(atLeast + 1_000);
  return value;
}
