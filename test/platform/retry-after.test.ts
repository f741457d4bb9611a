import { describe, expect, test } from 'vitest';
import { SentianceRateLimitError } from '../../src/index.js';
import { errorOf } from '../support/calls.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { interceptRequests, platformResponds } from '../support/msw.js';
import { clientWith, EU, errorFrom, respondWith } from './responses.js';

interceptRequests();

/** The error of a call that is not retried, at the first moment of 2026. */
async function limitedWith(header: string, externalId = 'user-1') {
  holdTheClock({ now: new Date('2026-01-01T00:00:00Z'), toFake: ['Date'] });
  const requests = platformResponds(EU, respondWith(429, null, { 'retry-after': header }));
  const client = clientWith({ maxRetries: 0 });
  const error = errorOf(await client.tryCreateAuthenticationCode(externalId));
  expect(error).toBeInstanceOf(SentianceRateLimitError);
  expect(requests).toHaveLength(1);
  return error;
}

describe('Retry-After', () => {
  test.each<[string, string, number]>([
    ['0', '0', 0],
    ['one second', '1', 1_000],
    ['an hour', '3600', 3_600_000],
    ['leading zeros', '007', 7_000],
    ['a date', 'Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['a date in the obsolete long form', 'Thursday, 01-Jan-26 00:01:30 GMT', 90_000],
    ['a date that is past', 'Wed, 31 Dec 2025 23:59:59 GMT', 0],
    ['a number larger than timers hold', '99999999999999999999', 2_147_483_647],
    ['a date further away than timers reach', 'Fri, 31 Dec 9999 23:59:59 GMT', 2_147_483_647],
  ])('of %s is told in milliseconds', async (_, header, retryAfter) => {
    const error = await limitedWith(header);

    expect(error).toMatchObject({ retryAfter, attempts: 1 });
    expect(error.message).toContain(`It asks to wait ${retryAfter} ms;`);
  });

  test.each([
    ['nothing', ''],
    ['rubbish', 'soon'],
    ['a negative number', '-1'],
    ['a fraction', '1.5'],
    ['a number with a unit', '5s'],
    ['hexadecimal digits', '0x10'],
    ['an ISO date', '2026-01-01T00:01:30Z'],
    ['a date without a zone', 'Thu Jan  1 00:01:30 2026'],
    ['a date that is none', 'Thu, 99 Foo 2026 00:01:30 GMT'],
  ])('of %s counts as none, and the usual retries follow', async (_, header) => {
    withoutBackoff();
    const { error, requests } = await errorFrom(respondWith(429, null, { 'retry-after': header }));

    expect(error).toBeInstanceOf(SentianceRateLimitError);
    expect(error).not.toHaveProperty('retryAfter');
    expect(requests).toBe(3);
  });

  test('that is the external id is not told', async () => {
    const error = await limitedWith('4711', '4711');

    expect(error).not.toHaveProperty('retryAfter');
    expect(error.message).not.toContain('4711');
  });
});
