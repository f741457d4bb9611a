import { expect, test, vi } from 'vitest';
import { SENTIANCE_REGIONS, type SentianceRegion } from '../src/index.js';
import { respondAlways } from './support/in-memory-fetch.js';
import { construct, expectRefusal, failureOf, requestCode } from './support/refusals.js';

/**
 * Repeated from the platform's documentation, so that a slip in the source is seen. The only list
 * of them in the tests; the compiler names what is missing.
 */
const DOCUMENTED: Record<SentianceRegion, { platformUrl: string }> = {
  eu: { platformUrl: 'https://api.sentiance.com' },
  us: { platformUrl: 'https://api.p15.sentiance.com' },
  in: { platformUrl: 'https://api.r16.sentiance.com' },
};

test('SENTIANCE_REGIONS has the URL of each region and nothing else', () => {
  expect(SENTIANCE_REGIONS).toStrictEqual(DOCUMENTED);
});

test('Messages list the regions by the names that people know', async () => {
  await expectRefusal(
    () => construct({ apiKey: 'test-user-link-key', region: 'mars' }),
    "region must be 'eu' (Europe), 'us' (United States, p15) or 'in' (India, r16), but it is something else.",
  );
});

test('SENTIANCE_REGIONS cannot be changed, which would redirect the key', () => {
  for (const value of [SENTIANCE_REGIONS, ...Object.values(SENTIANCE_REGIONS)]) {
    expect(Object.isFrozen(value)).toBe(true);
  }
});

test.each(Object.entries(SENTIANCE_REGIONS))(
  'The region %s is the only one that is asked, however often it fails',
  async (region, { platformUrl }) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const fetch = respondAlways(503);
    const client = construct({ apiKey: 'test-user-link-key', fetch, region, maxRetries: 10 });

    const error = await failureOf(() => requestCode(client, 'user-1'));

    expect(error).toMatchObject({ code: 'server_error', attempts: 11 });
    const asked = new Set(fetch.mock.calls.map(([url]) => new URL(url).origin));
    expect([...asked]).toEqual([platformUrl]);
  },
);
