import { expect, test, vi } from 'vitest';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { interceptRequests } from '../support/msw.js';
import { CODE, codeFrom, errorFrom, respondWith } from './responses.js';

interceptRequests();

const expiringAt = (expires_at: unknown) =>
  respondWith(200, JSON.stringify({ ...CODE, expires_at }));

test.each([
  ['2021-02-03T14:32:03Z', '2021-02-03T14:32:03.000Z'],
  ['2021-02-03T14:32:03.0761234Z', '2021-02-03T14:32:03.076Z'],
  ['2021-02-03T16:32:03.076+02:00', '2021-02-03T14:32:03.076Z'],
  ['2021-02-03T20:02:03.076+05:30', '2021-02-03T14:32:03.076Z'],
  ['2021-02-03T06:32:03.076-08:00', '2021-02-03T14:32:03.076Z'],
  ['2024-02-29T23:59:59.999-00:01', '2024-03-01T00:00:59.999Z'],
])('A code with expires_at %s expires at %s', async (expires_at, iso) => {
  const { expiresAt } = await codeFrom(expiringAt(expires_at));

  expect(expiresAt.toISOString()).toBe(iso);
});

test('A code without expires_at expires 10 minutes after its request was sent', async () => {
  withoutBackoff();
  holdTheClock({ now: new Date('2026-01-01T00:00:00Z'), toFake: ['Date'] });

  const { expiresAt } = await codeFrom((requestNumber) => {
    vi.setSystemTime(`2026-01-01T00:00:0${requestNumber * 2}Z`);
    const status = requestNumber === 1 ? 503 : 200;
    return new Response('{"authentication_code":"code-1"}', { status });
  });

  // The second request was sent after two seconds; its response came after four.
  expect(expiresAt.toISOString()).toBe('2026-01-01T00:10:02.000Z');
});

test('A code without expires_at expires no later when the clock is put back during the call', async () => {
  holdTheClock({ now: new Date('2026-01-01T01:00:00Z'), toFake: ['Date'] });

  const { expiresAt } = await codeFrom(() => {
    vi.setSystemTime('2026-01-01T00:00:00Z');
    return new Response('{"authentication_code":"code-1"}');
  });

  expect(expiresAt.toISOString()).toBe('2026-01-01T00:10:00.000Z');
});

test.each<[string, unknown]>([
  ['null', null],
  ['empty', ''],
  ['a number', 1_612_362_723_076],
  ['an object', {}],
  ['without a zone', '2021-02-03T14:32:03.076'],
  ['a date alone', '2021-02-03'],
  ['an offset without minutes', '2021-02-03T14:32:03+02'],
  ['a zone by name', '2021-02-03T14:32:03 UTC'],
  ['not a date', 'in ten minutes'],
  ['a digit string', '1612362723076'],
  ['a day that no calendar has', '2021-02-30T14:32:03.076Z'],
  ['a leap day of another year', '2023-02-29T14:32:03.076Z'],
  ['a month that no calendar has', '2021-13-03T14:32:03.076Z'],
  ['an hour that no day has', '2021-02-03T25:32:03.076Z'],
  ['a date in words', 'Wed, 03 Feb 2021 14:32:03 GMT'],
])('A code is refused when its expires_at is %s', async (_, expires_at) => {
  const { error, requests } = await errorFrom(expiringAt(expires_at));

  expect(error).toMatchObject({ code: 'invalid_response', issues: ['expires_at'] });
  expect(requests).toBe(1);
});
