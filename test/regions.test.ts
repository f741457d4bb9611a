import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SENTIANCE_REGIONS, type SentianceRegion } from '../src/index.js';
import { CANARIES } from './support/canaries.js';
import {
  codeResponse,
  respondAlways,
  respondInTurn,
  statusResponse,
} from './support/in-memory-fetch.js';
import {
  construct,
  expectRefusal,
  failureOf,
  requestCode,
  revokedProxy,
} from './support/refusals.js';

const { apiKey } = CANARIES;

/** Repeated from the platform's documentation, so that a slip in the source is seen. */
const PLATFORM_URLS: [SentianceRegion, string][] = [
  ['eu', 'https://api.sentiance.com'],
  ['us', 'https://api.p15.sentiance.com'],
  ['in', 'https://api.r16.sentiance.com'],
];

const VALID_REGIONS = "'eu' (Europe), 'us' (United States, p15) or 'in' (India, r16)";

beforeEach(() => {
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', undefined);
});

describe('SENTIANCE_REGIONS', () => {
  test('has the URL of each region and nothing else', () => {
    const table = PLATFORM_URLS.map(([region, platformUrl]) => [region, { platformUrl }]);

    expect(SENTIANCE_REGIONS).toStrictEqual(Object.fromEntries(table));
  });

  test.each(PLATFORM_URLS)('cannot be changed at %s, which would redirect the key', (region) => {
    expect(Object.isFrozen(SENTIANCE_REGIONS)).toBe(true);
    expect(Object.isFrozen(SENTIANCE_REGIONS[region])).toBe(true);
  });
});

describe.each(PLATFORM_URLS)('the region %s', (region, platformUrl) => {
  test('is chosen by the option', async () => {
    const fetch = respondInTurn(codeResponse());
    const client = construct({ apiKey, fetch, region });

    expect(client).toMatchObject({ region, platformUrl });
    await expect(requestCode(client, 'user-1')).resolves.toMatchObject({ platformUrl });
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([`${platformUrl}/users/auth-code`]);
  });

  test.each([
    ['as it is', region],
    ['with the line end of a file', `${region}\n`],
    ['with spaces around it', `  ${region} `],
  ])('is chosen by the environment variable, %s', (_, value) => {
    vi.stubEnv('SENTIANCE_REGION', value);

    expect(construct({ apiKey })).toMatchObject({ region, platformUrl });
  });

  test('is chosen by the option even when the environment variable is wrong', () => {
    vi.stubEnv('SENTIANCE_REGION', 'mars');

    expect(construct({ apiKey, region })).toMatchObject({ region, platformUrl });
  });

  test('is the only one that is asked, however often it fails', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const fetch = respondAlways(503);
    const client = construct({ apiKey, fetch, region, maxRetries: 10 });

    const error = await failureOf(() => requestCode(client, 'user-1'));

    const { host } = new URL(platformUrl);
    expect(error).toMatchObject({
      code: 'server_error',
      attempts: 11,
      message: `${host} has a problem of its own (503). Ask again later.`,
    });
    expect(new Set(fetch.mock.calls.map(([url]) => url))).toEqual(
      new Set([`${platformUrl}/users/auth-code`]),
    );
  });
});

describe('without a region', () => {
  test.each([
    ['the environment variable is not set', undefined],
    ['the environment variable is empty', ''],
    ['the environment variable is blank', ' \n'],
  ])('it is eu when %s', (_, value) => {
    vi.stubEnv('SENTIANCE_REGION', value);

    expect(construct({ apiKey, region: undefined })).toMatchObject({
      region: 'eu',
      platformUrl: 'https://api.sentiance.com',
    });
  });

  test('the environment is read at construction and never again', () => {
    vi.stubEnv('SENTIANCE_REGION', 'us');
    const client = construct({ apiKey });
    vi.stubEnv('SENTIANCE_REGION', 'in');

    expect(client).toMatchObject({ region: 'us', platformUrl: 'https://api.p15.sentiance.com' });
  });
});

describe('a region that does not exist', () => {
  test.each<[string, unknown, string]>([
    ['another word', 'mars', 'something else'],
    ['a platform code', 'p15', 'something else'],
    ['capitals', 'EU', 'something else'],
    ['a region with spaces around it', ' eu ', 'something else'],
    ['an empty string', '', 'something else'],
    ['a property that every object has', 'toString', 'something else'],
    ['the prototype of every object', '__proto__', 'something else'],
    ['null', null, 'null'],
    ['a boolean', true, 'a boolean'],
    ['a number', 1, 'a number'],
    ['a list of regions', ['eu'], 'an array'],
    ['an object', { region: 'eu' }, 'an object'],
    ['an object that reads as a region', { toString: () => 'eu' }, 'an object'],
    ['a revoked proxy', revokedProxy(), 'an object'],
  ])('is refused with a list of those that do: %s', async (_, region, shown) => {
    await expectRefusal(
      () => construct({ apiKey, region }),
      `region must be ${VALID_REGIONS}, but it is ${shown}.`,
    );
  });

  test.each(['mars', 'EU', 'p15', '__proto__'])(
    'is refused when the environment variable is %s',
    async (value) => {
      vi.stubEnv('SENTIANCE_REGION', value);

      await expectRefusal(
        () => construct({ apiKey }),
        `The environment variable SENTIANCE_REGION must be ${VALID_REGIONS}, but it is something else.`,
      );
    },
  );

  test('is what the error is about, whatever the environment variable is', async () => {
    vi.stubEnv('SENTIANCE_REGION', 'us');

    await expectRefusal(
      () => construct({ apiKey, region: 'mars' }),
      `region must be ${VALID_REGIONS}, but it is something else.`,
    );
  });

  test('is not shown, since it could be the key in the wrong place', async () => {
    await expectRefusal(
      () => construct({ region: apiKey, apiKey: 'eu' }),
      `region must be ${VALID_REGIONS}, but it is something else.`,
    );
  });
});

describe('baseUrl', () => {
  test.each<[string, string | URL, string]>([
    ['a host', 'https://api.example.com', 'https://api.example.com'],
    ['a host in capitals', 'HTTPS://API.Example.COM', 'https://api.example.com'],
    ['a port', 'https://api.example.com:8443', 'https://api.example.com:8443'],
    ['the usual port', 'https://api.example.com:443', 'https://api.example.com'],
    ['an IP address', 'https://192.0.2.1', 'https://192.0.2.1'],
    ['a trailing slash', 'https://api.example.com/', 'https://api.example.com'],
    ['trailing slashes', 'https://api.example.com///', 'https://api.example.com'],
    ['a path', 'https://api.example.com/eu/v1', 'https://api.example.com/eu/v1'],
    ['a path and slashes', 'https://api.example.com/eu//', 'https://api.example.com/eu'],
    ['slashes in a path', 'https://api.example.com/a//b', 'https://api.example.com/a//b'],
    ['an escaped ? in a path', 'https://api.example.com/a%3Fb', 'https://api.example.com/a%3Fb'],
    ['white space around it', ' https://api.example.com\n', 'https://api.example.com'],
    ['a URL object', new URL('https://api.example.com/eu/'), 'https://api.example.com/eu'],
    ['http to localhost', 'http://localhost:8080', 'http://localhost:8080'],
    ['http to LOCALHOST', 'http://LOCALHOST', 'http://localhost'],
    ['http to 127.0.0.1', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http to another 127 address', 'http://127.255.1.254:1', 'http://127.255.1.254:1'],
    ['http to 127.1', 'http://127.1', 'http://127.0.0.1'],
    ['http to ::1', 'http://[::1]:8080/prefix/', 'http://[::1]:8080/prefix'],
    ['http to ::1 in full', 'http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    ['https to loopback', 'https://localhost:8443', 'https://localhost:8443'],
  ])('takes the place of the region: %s', async (_, baseUrl, platformUrl) => {
    const fetch = respondInTurn(codeResponse());
    const client = construct({ apiKey, fetch, baseUrl });

    expect(client.platformUrl).toBe(platformUrl);
    expect(client.region).toBeUndefined();
    await expect(requestCode(client, 'user-1')).resolves.toMatchObject({ platformUrl });
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([`${platformUrl}/users/auth-code`]);
  });

  const NO_URL =
    'baseUrl must be an absolute URL such as https://api.example.com, as a string or a URL.';

  test.each<[string, unknown]>([
    ['an empty string', ''],
    ['a blank string', ' '],
    ['a host without a scheme', 'api.example.com'],
    ['a path', '/users'],
    ['no scheme', '//api.example.com'],
    ['no host', 'https://'],
    ['a port that does not exist', 'https://api.example.com:65536'],
    ['null', null],
    ['a boolean', true],
    ['a number', 443],
    ['a symbol', Symbol('https://api.example.com')],
    ['a function', () => 'https://api.example.com'],
    [
      'a function that reads as a URL',
      Object.assign(() => '', { toString: () => 'https://api.example.com' }),
    ],
    ['an empty array', []],
    ['an object', { href: 'https://api.example.com' }],
    [
      'an object that throws',
      {
        toString() {
          throw new Error(apiKey);
        },
      },
    ],
    ['a revoked proxy', revokedProxy()],
  ])('is refused when it is no absolute URL: %s', async (_, baseUrl) => {
    await expectRefusal(() => construct({ apiKey, baseUrl }), NO_URL);
  });

  test.each([
    ['http', 'http://api.sentiance.com'],
    ['http to a host that begins like loopback', 'http://127.0.0.1.evil.example'],
    ['http to a host that begins like localhost', 'http://localhost.evil.example'],
    ['http to a host that ends like localhost', 'http://evil-localhost'],
    ['http to a host below localhost', 'http://app.localhost'],
    ['http to loopback as a user name', 'http://127.0.0.1@evil.example'],
    ['http to a private address', 'http://192.168.0.1'],
    ['http to the address that means all', 'http://0.0.0.0'],
    ['http to 128.0.0.1', 'http://128.0.0.1'],
    ['http to another IPv6 address', 'http://[::2]'],
    ['http to loopback as IPv6 writes IPv4', 'http://[::ffff:127.0.0.1]'],
    ['ftp to loopback', 'ftp://127.0.0.1'],
    ['a web socket to loopback', 'ws://localhost'],
    ['a file', 'file:///etc/hosts'],
    ['a host and port that read as a scheme', 'localhost:8080'],
    ['a script', 'javascript:alert(1)'],
  ])('is refused when it does not use https: %s', async (_, baseUrl) => {
    await expectRefusal(
      () => construct({ apiKey, baseUrl }),
      'baseUrl must use https, because the API key goes there. Plain http is for loopback only: localhost, 127.0.0.0/8 or [::1].',
    );
  });

  test.each([
    ['a name and a password', `https://someone:${apiKey}@api.example.com`],
    ['a name', `https://${apiKey}@api.example.com`],
    ['a password', `https://:${apiKey}@api.example.com`],
    ['a name on loopback', `http://${apiKey}@localhost`],
  ])('is refused with user info, which it does not show: %s', async (_, baseUrl) => {
    await expectRefusal(
      () => construct({ apiKey, baseUrl }),
      'baseUrl must not have a user name or password in it. Pass the key as apiKey.',
    );
  });

  test.each<[string, string | URL]>([
    ['a query', `https://api.example.com/?key=${apiKey}`],
    ['a query without a path', `https://api.example.com?key=${apiKey}`],
    ['a lone ?', 'https://api.example.com/?'],
    ['a fragment', `https://api.example.com/#${apiKey}`],
    ['a lone #', 'https://api.example.com/eu#'],
    ['both, empty', 'https://api.example.com?#'],
    ['a URL object with a query', new URL('https://api.example.com/?a=b')],
  ])('is refused with a query or a fragment, which it does not show: %s', async (_, baseUrl) => {
    await expectRefusal(
      () => construct({ apiKey, baseUrl }),
      'baseUrl must not have a query or a fragment. End it with the host or a path.',
    );
  });

  test('is read once: a URL object that changes later changes nothing', () => {
    const baseUrl = new URL('https://api.example.com');
    const client = construct({ apiKey, baseUrl });
    baseUrl.host = 'evil.example';

    expect(client.platformUrl).toBe('https://api.example.com');
  });

  test('shows its host in errors, and not its path', async () => {
    const fetch = respondInTurn(statusResponse(500));
    const baseUrl = 'https://api.example.com:8443/tenants/secret-tenant';
    const client = construct({ apiKey, fetch, baseUrl, maxRetries: 0 });

    await expect(requestCode(client, 'user-1')).rejects.toMatchObject({
      code: 'server_error',
      message: 'api.example.com:8443 has a problem of its own (500). Ask again later.',
    });
  });
});

describe('region and baseUrl', () => {
  test.each(['eu', 'mars', null])('exclude each other, whatever the region: %s', async (region) => {
    const baseUrl = 'https://api.sentiance.com';

    await expectRefusal(
      () => construct({ apiKey, region, baseUrl }),
      'region and baseUrl exclude each other. Pass region for the platform of a region, or baseUrl for another host.',
    );
  });

  test.each(['us', 'mars'])(
    'do not meet when the region %s is only in the environment',
    (region) => {
      vi.stubEnv('SENTIANCE_REGION', region);

      const client = construct({ apiKey, baseUrl: 'https://api.example.com' });

      expect(client.region).toBeUndefined();
      expect(client.platformUrl).toBe('https://api.example.com');
    },
  );
});
