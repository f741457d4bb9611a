import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { CANARIES, expectNoCanary } from './support/canaries.js';
import { construct, startWithoutEnvironment } from './support/refusals.js';

const { apiKey } = CANARIES;

startWithoutEnvironment();

test.each([
  ['given as a string', { apiKey, region: 'us' }],
  ['given by a function', { apiKey: () => apiKey, region: 'us' }],
  ['taken from the environment', { region: 'us' }],
  ['used with a base URL', { apiKey, baseUrl: 'https://api.example.com' }],
])('A client shows its region and its platform, and no key that was %s', (_, options) => {
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', apiKey);
  const client = construct(options);
  const { region, platformUrl } = client;

  const printed = inspect(client, { showHidden: true, depth: 20, breakLength: Infinity });
  expect(printed).toBe(
    `SentianceUserLinkClient { region: ${inspect(region)}, platformUrl: '${platformUrl}' }`,
  );
  expect(JSON.parse(JSON.stringify(client))).toStrictEqual(
    region === undefined ? { platformUrl } : { region, platformUrl },
  );
  expectNoCanary(client);
});
