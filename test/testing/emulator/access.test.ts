/** Who may use the control routes and see the page: not the web pages of others. */
import { request as httpRequest } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AUTH_CODE_PATH, issueCode } from '../../support/emulator.js';

async function start(host = '127.0.0.1') {
  const emulator = new SentianceEmulator({ controlRoutes: true });
  onTestFinished(() => emulator.close());
  return { emulator, url: await emulator.listen({ host }) };
}

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends headers that `fetch` would not; `PORT` in them is the emulator's. */
function send(url: string, { method = 'GET', path = '/_emulator/state', headers, body }: Sent) {
  const { port } = new URL(url);
  const sent = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [
    name,
    value.replace('PORT', port),
  ]);
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const request = httpRequest(url + path, { method, headers: Object.fromEntries(sent) });
      request.on('error', reject);
      request.on('response', (response) => {
        response.resume();
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers }),
        );
      });
      request.end(body);
    },
  );
}

const FOREIGN: [string, Record<string, string>][] = [
  ['a page of another origin', { Origin: 'https://evil.example' }],
  ['a page on another port of this machine', { Origin: 'http://127.0.0.1:3000' }],
  ['the same page over https', { Origin: 'https://127.0.0.1:PORT' }],
  ['a page without an origin, such as a file', { Origin: 'null' }],
  ['a page whose form or image hides its origin', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a page of another port, as a browser says it', { 'Sec-Fetch-Site': 'same-site' }],
  ['a name that was made to lead here', { Host: 'evil.example:PORT' }],
  ['such a name with its own origin', { Host: 'evil.example', Origin: 'http://evil.example' }],
  ['a name that begins like loopback', { Host: '127.0.0.1.evil.example' }],
  ['a user name before the host', { Host: '127.0.0.1@evil.example' }],
  ['a name without a dot', { Host: 'emulator:PORT' }],
];

describe('a control route', () => {
  test.each(FOREIGN)('refuses %s, and does nothing', async (_, headers) => {
    const { emulator, url } = await start();
    await issueCode(emulator, 'user-1');
    const requests: Sent[] = [
      {},
      { path: '/_emulator' },
      { path: '/_emulator/events' },
      { method: 'POST', path: '/_emulator/reset' },
      { method: 'DELETE', path: '/_emulator/faults' },
      { method: 'OPTIONS', path: '/_emulator/reset' },
    ];

    for (const request of requests) {
      const response = await send(url, { ...request, headers });
      expect(response.status).toBe(403);
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    }

    expect(emulator.requests).toHaveLength(1);
  });

  test('refuses the form of another page, which needs no leave to post text', async () => {
    const { emulator, url } = await start();
    const headers = { Origin: 'https://evil.example', 'Content-Type': 'text/plain' };
    const body = '{"type":"hang","times":1000,"x":"="}';

    const response = await send(url, { method: 'POST', path: '/_emulator/faults', headers, body });

    expect(response.status).toBe(403);
    await expect(issueCode(emulator, 'user-1')).resolves.toBeDefined();
  });

  test.each<[string, Record<string, string>]>([
    ['curl', {}],
    ['curl by another name of loopback', { Host: 'localhost:PORT' }],
    ['curl through a forwarded port', { Host: 'localhost:9999' }],
    ['the page', { Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'same-origin' }],
    ['the page by another name', { Host: 'localhost:PORT', Origin: 'http://localhost:PORT' }],
    ['the address bar', { 'Sec-Fetch-Site': 'none' }],
  ])('takes %s', async (_, headers) => {
    const { url } = await start();

    expect((await send(url, { headers })).status).toBe(200);
    expect((await send(url, { method: 'POST', path: '/_emulator/reset', headers })).status).toBe(
      200,
    );
  });

  test('takes the names of a machine when it listens on all of its networks', async () => {
    const { url } = await start('0.0.0.0');
    const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const addresses = own.filter(({ family }) => family === 'IPv4').map(({ address }) => address);

    for (const Host of [...addresses, hostname(), 'emulator:PORT', '0.0.0.0:PORT']) {
      expect((await send(url, { headers: { Host } })).status).toBe(200);
    }
    expect((await send(url, { headers: { Host: 'evil.example' } })).status).toBe(403);
  });
});

describe('a request for a code', () => {
  test('is taken under any Host, as behind a proxy', async () => {
    const { url } = await start();
    const headers = {
      Host: 'platform.example',
      Authorization: 'Bearer test-user-link-key',
      'Content-Type': 'application/json',
    };
    const body = '{"external_id":"user-1"}';

    const response = await send(url, { method: 'POST', path: AUTH_CODE_PATH, headers, body });

    expect(response.status).toBe(200);
  });
});

describe('the page', () => {
  test('may load and ask nothing but what is its own, and stand in no frame', async () => {
    const { url } = await start();

    const { status, headers } = await send(url, { path: '/' });

    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(
        /^default-src 'self';.* frame-ancestors 'none'/,
      ),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  test('can be reached by a link, but under no foreign name', async () => {
    const { url } = await start();
    const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };

    expect((await send(url, { path: '/', headers: link })).status).toBe(200);
    expect((await send(url, { path: '/', headers: { Host: 'evil.example' } })).status).toBe(403);
  });

  test('is not there without control routes', async () => {
    const emulator = new SentianceEmulator();

    expect((await emulator.handle(new Request('http://localhost/'))).status).toBe(404);
  });
});
