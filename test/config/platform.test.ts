import { describe, expect, test, vi } from 'vitest';
import { listRegions, SENTIANCE_REGIONS } from '../../src/regions.js';
import { CANARIES } from '../support/canaries.js';
import {
  construct,
  expectRefusal,
  requestOf,
  startWithoutEnvironment,
} from '../support/refusals.js';

const { apiKey } = CANARIES;
const baseUrl = 'https://api.example.com';
const AT_BASE_URL = { region: undefined, platformUrl: baseUrl };

startWithoutEnvironment();

describe.each(Object.entries(SENTIANCE_REGIONS))('The region %s', (region, { platformUrl }) => {
  test('is chosen by the option, whatever the environment says', async () => {
    for (const [inRegion, atUrl] of [
      ['mars', 'no URL'],
      ['in', baseUrl],
      [undefined, undefined],
    ]) {
      vi.stubEnv('SENTIANCE_REGION', inRegion);
      vi.stubEnv('SENTIANCE_BASE_URL', atUrl);

      expect(construct({ apiKey, region })).toMatchObject({ region, platformUrl });
    }
    expect((await requestOf({ apiKey, region })).url).toBe(`${platformUrl}/users/auth-code`);
  });

  test.each([
    ['as it is', region],
    ['with the line end of a file', `${region}\n`],
    ['with spaces around it', `  ${region} `],
  ])('is chosen by the environment variable, %s', (_, value) => {
    vi.stubEnv('SENTIANCE_REGION', value);

    expect(construct({ apiKey })).toMatchObject({ region, platformUrl });
  });
});

test.each([
  ['not set', undefined],
  ['empty', ''],
  ['blank', ' \n'],
])('The region is eu when the environment variables are %s', (_, value) => {
  vi.stubEnv('SENTIANCE_REGION', value);
  vi.stubEnv('SENTIANCE_BASE_URL', value);

  expect(construct({ apiKey, region: undefined, baseUrl: undefined })).toMatchObject({
    region: 'eu',
    platformUrl: 'https://api.sentiance.com',
  });
});

describe('SENTIANCE_BASE_URL', () => {
  test.each([undefined, '', 'us', 'mars'])('goes before SENTIANCE_REGION: %j', (region) => {
    vi.stubEnv('SENTIANCE_BASE_URL', `${baseUrl}/\n`);
    vi.stubEnv('SENTIANCE_REGION', region);

    expect(construct({ apiKey })).toMatchObject(AT_BASE_URL);
  });

  test.each(['', '  '])('leaves the choice to SENTIANCE_REGION when it is empty: %j', (value) => {
    vi.stubEnv('SENTIANCE_BASE_URL', value);
    vi.stubEnv('SENTIANCE_REGION', 'us');

    expect(construct({ apiKey }).region).toBe('us');
  });

  test('is not looked at when a base URL is passed', () => {
    vi.stubEnv('SENTIANCE_BASE_URL', 'no URL');
    vi.stubEnv('SENTIANCE_REGION', 'mars');

    expect(construct({ apiKey, baseUrl })).toMatchObject(AT_BASE_URL);
  });
});

test('The environment is read at construction and never again', () => {
  vi.stubEnv('SENTIANCE_REGION', 'us');
  const inRegion = construct({ apiKey });
  vi.stubEnv('SENTIANCE_BASE_URL', baseUrl);
  const atUrl = construct({ apiKey });
  vi.unstubAllEnvs();

  expect(inRegion).toMatchObject({ region: 'us', platformUrl: 'https://api.p15.sentiance.com' });
  expect(atUrl).toMatchObject(AT_BASE_URL);
});

test.each<[string, unknown, string]>([
  ['another word', 'mars', 'something else'],
  ['a platform code', 'p15', 'something else'],
  ['capitals', 'EU', 'something else'],
  ['a region with spaces around it', ' eu ', 'something else'],
  ['an empty string', '', 'something else'],
  ['a property that every object has', 'toString', 'something else'],
  ['the prototype of every object', '__proto__', 'something else'],
  ['the key in the wrong place', apiKey, 'something else'],
  ['null', null, 'null'],
  ['a boolean', true, 'a boolean'],
  ['a number', 1, 'a number'],
  ['a list of regions', ['eu'], 'an array'],
  ['an object that reads as a region', { toString: () => 'eu' }, 'an object'],
])('A region that does not exist is refused and not shown: %s', async (_, region, shown) => {
  const fault = `must be ${listRegions()}, but it is ${shown}.`;
  await expectRefusal(() => construct({ apiKey, region }), `region ${fault}`);

  if (typeof region !== 'string' || ['', 'eu'].includes(region.trim())) return;
  vi.stubEnv('SENTIANCE_REGION', region);
  await expectRefusal(
    () => construct({ apiKey }),
    `The environment variable SENTIANCE_REGION ${fault}`,
  );
});

test.each(['eu', 'mars', null])(
  'A region and a base URL exclude each other: %s',
  async (region) => {
    await expectRefusal(
      () => construct({ apiKey, region, baseUrl }),
      'region and baseUrl exclude each other. Pass region for the platform of a region, or baseUrl for another host.',
    );
  },
);
