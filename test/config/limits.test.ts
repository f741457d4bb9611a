import { setMaxListeners } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { inMemoryFetch, neverRespond } from '../support/in-memory-fetch.js';
import {
  BOOLEAN,
  construct,
  expectRefusal,
  FUNCTION,
  failureOf,
  requestCode,
  startWithoutEnvironment,
  WRONG_KINDS,
} from '../support/refusals.js';

const apiKey = 'test-user-link-key';
const LARGEST = 2_147_483_647;

startWithoutEnvironment();
afterEach(() => {
  vi.useRealTimers();
});

/** Each limit as it can be seen in a call to a platform that never responds. */
async function limitsOf(options: object, callOptions?: object) {
  vi.useFakeTimers();
  const { fetch, sent } = inMemoryFetch((init) => {
    // Eleven attempts listen to it, of which Node warns.
    if (init.signal) setMaxListeners(0, init.signal);
    return neverRespond(init);
  });
  const client = construct({ apiKey, fetch, ...options });
  const started = performance.now();
  const ended = failureOf(() => requestCode(client, 'user-1', callOptions)).then((error) => {
    expect(error).toMatchObject({ code: 'timeout', attempts: sent.length });
    return performance.now() - started;
  });
  await vi.runAllTimersAsync();
  const [first, second] = sent;
  return {
    timeout: await ended,
    hedgeAfter: first && second && second.sentAt - first.sentAt,
    maxRetries: sent.length - 1,
  };
}

test('The limits have defaults', async () => {
  expect(await limitsOf({})).toEqual({ timeout: 5_000, hedgeAfter: 1_000, maxRetries: 2 });
});

describe.each([
  ['timeout', 700, 900],
  ['hedgeAfter', 70, 90],
  ['maxRetries', 4, 3],
] as const)('%s', (name, clients, calls) => {
  test('is what the client was given, unless the call is given another', async () => {
    const options = { hedgeAfter: 20, [name]: clients };

    expect(await limitsOf(options)).toMatchObject({ [name]: clients });
    expect(await limitsOf(options, { [name]: undefined })).toMatchObject({ [name]: clients });
    expect(await limitsOf(options, { [name]: calls })).toMatchObject({ [name]: calls });
  });
});

test.each([
  ['the smallest timeout', { timeout: 1 }, { timeout: 1, maxRetries: 0 }],
  ['the largest timeout', { timeout: LARGEST }, { timeout: LARGEST, maxRetries: 2 }],
  ['the smallest hedgeAfter', { hedgeAfter: 1 }, { hedgeAfter: 1, maxRetries: 2 }],
  ['the largest hedgeAfter, which is never', { hedgeAfter: LARGEST }, { maxRetries: 0 }],
  ['hedgeAfter like timeout, which is never', { hedgeAfter: 5_000 }, { maxRetries: 0 }],
  ['hedgeAfter just below timeout', { hedgeAfter: 4_999 }, { hedgeAfter: 4_999, maxRetries: 1 }],
  ['a fraction of a millisecond', { hedgeAfter: 1.5, timeout: 1_000.5 }, { maxRetries: 2 }],
  ['no retry', { maxRetries: 0 }, { maxRetries: 0, timeout: 5_000 }],
  ['the most retries', { maxRetries: 10, hedgeAfter: 10 }, { maxRetries: 10, timeout: 5_000 }],
])('A client or a call may have %s', async (_, limits, seen) => {
  expect(await limitsOf(limits)).toMatchObject(seen);
  expect(await limitsOf({}, limits)).toMatchObject(seen);
});

/** The client and the call refuse the value alike. */
async function expectLimitRefusal(name: string, value: unknown, message: string): Promise<void> {
  const { fetch, sent } = inMemoryFetch(neverRespond);

  await expectRefusal(() => construct({ apiKey, [name]: value }), message);
  const client = construct({ apiKey, fetch });
  await expectRefusal(() => requestCode(client, 'user-1', { [name]: value }), message);
  expect(sent).toEqual([]);
}

const NO_NUMBERS = [...WRONG_KINDS, BOOLEAN, FUNCTION];

test.each([
  ...NO_NUMBERS,
  ['negative', -1],
  ['NaN', Number.NaN],
  ['infinite', Number.POSITIVE_INFINITY],
  ['infinite', Number.NEGATIVE_INFINITY],
  ['out of range', 0],
  ['out of range', 0.5],
  ['out of range', LARGEST + 1],
])('timeout and hedgeAfter must not be %s: %s', async (shown, value) => {
  for (const name of ['timeout', 'hedgeAfter']) {
    await expectLimitRefusal(
      name,
      value,
      `${name} must be a number of milliseconds from 1 to 2147483647, but it is ${shown}.`,
    );
  }
});

test.each([
  ...NO_NUMBERS,
  ['negative', -1],
  ['NaN', Number.NaN],
  ['infinite', Number.POSITIVE_INFINITY],
  ['not a whole number', 1.5],
  ['not a whole number', 10.5],
  ['out of range', 11],
])('maxRetries must not be %s: %s', async (shown, value) => {
  await expectLimitRefusal(
    'maxRetries',
    value,
    `maxRetries must be a whole number from 0 to 10, but it is ${shown}.`,
  );
});
