import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CALLS, FAKES } from './scenarios.cjs';

const ALL = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
  'performance',
  'nextTick',
  'queueMicrotask',
];

const inOne = (ms) => vi.advanceTimersByTimeAsync(ms);

/** Each step lets go of the microtasks that are held, of which the body of a Response needs some. */
async function inSteps(ms) {
  for (let passed = 0; passed <= ms; passed += 10) await vi.advanceTimersByTimeAsync(10);
}

describe.each([
  ['as they are by default', undefined, inOne],
  ['of all that can be held', { toFake: ALL }, inSteps],
])('fake timers %s', (_, config, advance) => {
  beforeEach(() => {
    vi.useFakeTimers(config);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(CALLS)('the client, while the clock is advanced: %s', async (_, call, ms, expected) => {
    const outcome = call();
    await advance(ms);

    expect(await outcome).toBe(expected);
  });

  test.each(FAKES)('the fake, while the clock stands still: %s', async (_, call, expected) => {
    expect(await call()).toBe(expected);
    expect(vi.getTimerCount()).toBe(0);
  });
});
