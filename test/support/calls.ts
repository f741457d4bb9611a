/** The client as these tests use it, and what came of a call. */
import { expect } from 'vitest';
import {
  type AnySentianceError,
  type AuthenticationCodeResult,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from '../../src/index.js';

/** Port 9 is never asked: it stands where the test's own `fetch` opens no socket. */
export const UNUSED_URL = 'http://127.0.0.1:9';

export function clientOf(baseUrl: string, options: SentianceUserLinkClientOptions = {}) {
  return new SentianceUserLinkClient({ apiKey: 'test-user-link-key', baseUrl, ...options });
}

/** The error of a call that must have failed. */
export function errorOf(result: AuthenticationCodeResult): AnySentianceError {
  if (result.ok) throw new Error('The call brought a code, but should have failed.');
  return result.error;
}

/**
 * What a call comes to, which must take `limit` milliseconds: not less, and not much more than a bare
 * timer of that length takes, which is as late as this machine is busy.
 */
export async function endsOnTime<T>(limit: number, call: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const timerFired = new Promise<number>((resolve) => {
    setTimeout(() => resolve(performance.now()), limit);
  });
  const value = await call();
  const ended = performance.now();
  // The clocks of timers and of performance.now() differ by a millisecond.
  expect(ended - started).toBeGreaterThanOrEqual(limit - 2);
  expect(ended - (await timerFired)).toBeLessThanOrEqual(1_000);
  return value;
}
