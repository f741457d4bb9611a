import { describe, expect, test, vi } from 'vitest';
import { CANARIES } from '../support/canaries.js';
import {
  construct,
  expectRefusal,
  failureOf,
  requestCode,
  requestOf,
  revokedProxy,
  startWithoutEnvironment,
} from '../support/refusals.js';

const { apiKey } = CANARIES;

startWithoutEnvironment();

test.each<[string, string | URL, string]>([
  ['a host', 'https://api.example.com', 'https://api.example.com'],
  ['a host in capitals', 'HTTPS://API.Example.COM', 'https://api.example.com'],
  ['the usual port', 'https://api.example.com:443', 'https://api.example.com'],
  ['an IP address', 'https://192.0.2.1', 'https://192.0.2.1'],
  ['a trailing slash', 'https://api.example.com/', 'https://api.example.com'],
  ['trailing slashes', 'https://api.example.com///', 'https://api.example.com'],
  ['a path', 'https://api.example.com/eu/v1', 'https://api.example.com/eu/v1'],
  ['slashes in a path', 'https://api.example.com/a//b', 'https://api.example.com/a//b'],
  ['an escaped ? in a path', 'https://api.example.com/a%3Fb', 'https://api.example.com/a%3Fb'],
  ['white space around it', ' https://api.example.com\n', 'https://api.example.com'],
  ['http to localhost', 'http://localhost:8080', 'http://localhost:8080'],
  ['http to 127.0.0.1', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
  ['http to another 127 address', 'http://127.255.1.254:1', 'http://127.255.1.254:1'],
  ['http to 127.1', 'http://127.1', 'http://127.0.0.1'],
  ['http to ::1', 'http://[::1]:8080/prefix/', 'http://[::1]:8080/prefix'],
  ['https to loopback', 'https://localhost:8443', 'https://localhost:8443'],
])('A base URL may have %s', async (_, baseUrl, platformUrl) => {
  vi.stubEnv('SENTIANCE_BASE_URL', String(baseUrl));

  for (const options of [{ apiKey, baseUrl }, { apiKey, baseUrl: new URL(baseUrl) }, { apiKey }]) {
    expect(construct(options)).toMatchObject({ platformUrl, region: undefined });
    expect((await requestOf(options)).url).toBe(`${platformUrl}/users/auth-code`);
  }
});

const NO_URL = 'must be an absolute URL such as https://api.example.com, as a string or a URL.';
const NO_HTTPS =
  'must use https, because the API key goes there. Plain http is for loopback only: localhost, 127.0.0.0/8 or [::1].';
const PLAIN_HTTP = `${NO_HTTPS} On a test network, such as that of Docker Compose, pass dangerouslyAllowHttp: true.`;
const USER_INFO = 'must not have a user name or password in it. Pass the key as apiKey.';
const QUERY = 'must not have a query or a fragment. End it with the host or a path.';

test.each([
  ['a host without a scheme', 'api.example.com', NO_URL],
  ['a path', '/users', NO_URL],
  ['no host', 'https://', NO_URL],
  ['a port that does not exist', 'https://api.example.com:65536', NO_URL],
  ['the key itself', apiKey, NO_URL],

  ['http', 'http://api.sentiance.com', PLAIN_HTTP],
  ['http to a host that begins like loopback', 'http://127.0.0.1.evil.example', PLAIN_HTTP],
  ['http to a host that ends like localhost', 'http://evil-localhost', PLAIN_HTTP],
  ['http to a host below localhost', 'http://app.localhost', PLAIN_HTTP],
  ['http to loopback as a user name', 'http://127.0.0.1@evil.example', PLAIN_HTTP],
  ['http to a private address', 'http://192.168.0.1', PLAIN_HTTP],
  ['http to the address that means all', 'http://0.0.0.0', PLAIN_HTTP],
  ['http to 128.0.0.1', 'http://128.0.0.1', PLAIN_HTTP],
  ['http to another IPv6 address', 'http://[::2]', PLAIN_HTTP],
  ['http to loopback as IPv6 writes IPv4', 'http://[::ffff:127.0.0.1]', PLAIN_HTTP],

  ['ftp to loopback', 'ftp://127.0.0.1', NO_HTTPS],
  ['a web socket to loopback', 'ws://localhost', NO_HTTPS],
  ['a file', 'file:///etc/hosts', NO_HTTPS],
  ['a host and port that read as a scheme', 'localhost:8080', NO_HTTPS],
  ['a script', 'javascript:alert(1)', NO_HTTPS],

  ['a name and a password', `https://someone:${apiKey}@api.example.com`, USER_INFO],
  ['a name', `https://${apiKey}@api.example.com`, USER_INFO],
  ['a password', `https://:${apiKey}@api.example.com`, USER_INFO],
  ['a name on loopback', `http://${apiKey}@localhost`, USER_INFO],

  ['a query', `https://api.example.com/?key=${apiKey}`, QUERY],
  ['a lone ?', 'https://api.example.com/?', QUERY],
  ['a fragment', `https://api.example.com/#${apiKey}`, QUERY],
  ['a lone #', 'https://api.example.com/eu#', QUERY],
])('A base URL is refused and not shown, as an option or a variable: %s', async (_, url, fault) => {
  await expectRefusal(() => construct({ apiKey, baseUrl: url }), `baseUrl ${fault}`);

  vi.stubEnv('SENTIANCE_BASE_URL', url);
  await expectRefusal(
    () => construct({ apiKey }),
    `The environment variable SENTIANCE_BASE_URL ${fault}`,
  );
});

test.each<[string, unknown, string]>([
  ['an empty string', '', NO_URL],
  ['a blank string', ' ', NO_URL],
  ['null', null, NO_URL],
  ['a boolean', true, NO_URL],
  ['a number', 443, NO_URL],
  ['a symbol', Symbol('https://api.example.com'), NO_URL],
  ['a function', () => 'https://api.example.com', NO_URL],
  ['an empty array', [], NO_URL],
  ['an object', { href: 'https://api.example.com' }, NO_URL],
  [
    'a function that reads as a URL',
    Object.assign(() => '', { toString: () => 'https://api.example.com' }),
    NO_URL,
  ],
  [
    'an object that throws',
    {
      toString() {
        throw new Error(apiKey);
      },
    },
    NO_URL,
  ],
  ['a revoked proxy', revokedProxy(), NO_URL],
  ['a URL object with http', new URL('http://api.example.com'), PLAIN_HTTP],
  ['a URL object with a query', new URL('https://api.example.com/?a=b'), QUERY],
])('A base URL is refused as an option: %s', async (_, baseUrl, fault) => {
  await expectRefusal(() => construct({ apiKey, baseUrl }), `baseUrl ${fault}`);
});

describe('dangerouslyAllowHttp', () => {
  test.each(['http://platform:8080', 'http://192.168.0.1', 'http://127.0.0.1:8080'])(
    'allows plain http beyond loopback: %s',
    async (url) => {
      const options = { apiKey, dangerouslyAllowHttp: true };
      const { url: asked } = await requestOf({ ...options, baseUrl: url });
      vi.stubEnv('SENTIANCE_BASE_URL', url);

      expect(asked).toBe(`${url}/users/auth-code`);
      expect(construct(options).platformUrl).toBe(url);
    },
  );

  test.each([
    ['another scheme', 'ftp://platform', NO_HTTPS],
    ['user info', `http://${apiKey}@platform`, USER_INFO],
    ['a query', 'http://platform?a=b', QUERY],
  ])('allows nothing else: %s', async (_, baseUrl, fault) => {
    await expectRefusal(
      () => construct({ apiKey, baseUrl, dangerouslyAllowHttp: true }),
      `baseUrl ${fault}`,
    );
  });

  test.each([false, undefined])('allows nothing when it is %s', async (dangerouslyAllowHttp) => {
    await expectRefusal(
      () => construct({ apiKey, baseUrl: 'http://platform', dangerouslyAllowHttp }),
      `baseUrl ${PLAIN_HTTP}`,
    );
  });
});

test('A URL object that changes later changes nothing', () => {
  const baseUrl = new URL('https://api.example.com');
  const client = construct({ apiKey, baseUrl });
  baseUrl.host = 'evil.example';

  expect(client.platformUrl).toBe('https://api.example.com');
});

test('Errors show the host of a base URL, and not its path', async () => {
  const fetch = async () => new Response(null, { status: 500 });
  const baseUrl = 'https://api.example.com:8443/tenants/secret-tenant';

  const error = await failureOf(() =>
    requestCode(construct({ apiKey, fetch, baseUrl, maxRetries: 0 }), 'user-1'),
  );

  expect(error).toMatchObject({ code: 'server_error' });
  expect(String(error)).toContain('api.example.com:8443');
  expect(String(error)).not.toContain('tenant');
});
