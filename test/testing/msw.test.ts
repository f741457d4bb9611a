import { HttpResponse, http, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { SENTIANCE_REGIONS, SentianceUserLinkClient } from 'sentiance-user-link';
import { type EmulatorFault, SentianceEmulator } from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';
import { describe, expect, test, vi } from 'vitest';
import { clientOf } from '../support/calls.js';
import { AUTH_CODE_PATH, GOOD_REQUEST, startEmulator } from '../support/emulator.js';
import { interceptWith } from '../support/msw.js';

const REGIONS = Object.entries(SENTIANCE_REGIONS);
const EU = 'https://api.sentiance.com';

describe('userLinkHandlers', () => {
  test.each(REGIONS)('responds for the region %s', async (_, { platformUrl }) => {
    const emulator = new SentianceEmulator();
    interceptWith(...userLinkHandlers({ emulator }));
    const client = clientOf(platformUrl, { apiKey: emulator.apiKey });

    const { authenticationCode } = await client.createAuthenticationCode('user-1');

    expect(emulator.createUser(authenticationCode, { id: 'phone-1' })).toMatchObject({
      restored: false,
    });
    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: AUTH_CODE_PATH, externalId: 'user-1', status: 200 },
    ]);
  });

  test.each(REGIONS)('responds to GraphQL for the region %s', async (_, { platformUrl }) => {
    const emulator = new SentianceEmulator();
    interceptWith(...userLinkHandlers({ emulator }));
    const client = clientOf(platformUrl, { apiKey: emulator.apiKey, api: 'graphql' });

    const { authenticationCode } = await client.createAuthenticationCode('user-1');

    expect(emulator.createUser(authenticationCode, { id: 'phone-1' }).restored).toBe(false);
    expect(emulator.requests).toMatchObject([{ path: '/v4/gql', externalId: 'user-1' }]);
  });

  test.each([
    ['https://platform.example'],
    ['https://platform.example/'],
    ['https://platform.example//'],
    ['HTTPS://Platform.Example:443'],
    ['https://platform.example:8443'],
    ['https://platform.example/sentiance'],
    ['https://platform.example/sentiance/v1/'],
    ['https://platform.example/a (b)+c/:id'],
    ['http://localhost:8787'],
    ['http://[::1]:8787/'],
    ['https://api.sentiance.com/customer'],
  ])('responds for the base URL %s, as the client takes it', async (baseUrl) => {
    const emulator = new SentianceEmulator();
    interceptWith(...userLinkHandlers({ emulator, baseUrls: [baseUrl] }));
    const client = clientOf(baseUrl);

    await expect(client.createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: client.platformUrl,
    });
    expect(emulator.requests).toMatchObject([{ path: AUTH_CODE_PATH, status: 200 }]);
  });

  test('responds for one base URL below another, whichever is named first', async () => {
    const baseUrls = ['https://platform.example', 'https://platform.example/eu/west'];
    for (const order of [baseUrls, baseUrls.toReversed()]) {
      const server = setupServer(...userLinkHandlers({ baseUrls: order }));
      server.listen({ onUnhandledRequest: 'error' });
      try {
        for (const baseUrl of baseUrls) {
          const result = await clientOf(baseUrl).tryCreateAuthenticationCode('user-1');
          expect(result).toMatchObject({ ok: true, value: { platformUrl: baseUrl } });
        }
      } finally {
        server.close();
      }
    }
  });

  test('responds for the regions also when there are base URLs', async () => {
    interceptWith(...userLinkHandlers({ baseUrls: ['https://platform.example'] }));

    await expect(clientOf(EU).createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: EU,
    });
  });

  test.each([
    [`${EU}/user/auth-code`, '/user/auth-code'],
    [`${EU}/`, '/'],
    [`${EU}/v1/users/auth-code?a=b`, '/v1/users/auth-code'],
    [`${EU}//users/auth-code`, '//users/auth-code'],
    ['https://platform.example/sentiance/auth-code', '/auth-code'],
  ])('responds to a wrong path with a 404: %s', async (url, path) => {
    const emulator = new SentianceEmulator();
    const baseUrls = ['https://platform.example/sentiance'];
    interceptWith(...userLinkHandlers({ emulator, baseUrls }));

    const response = await fetch(url, GOOD_REQUEST);

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errorCode: 'NOT_FOUND' });
    expect(emulator.requests).toMatchObject([{ method: 'POST', path, status: 404 }]);
  });

  test.each([
    'https://platform.example/users/auth-code',
    'https://platform.example/sentiance2/users/auth-code',
    'https://api.sentiance.com.example/users/auth-code',
    'https://apiXsentiance.com/users/auth-code',
    'http://api.sentiance.com/users/auth-code',
  ])('leaves other URLs to other handlers: %s', async (url) => {
    const emulator = new SentianceEmulator();
    interceptWith(
      ...userLinkHandlers({ emulator, baseUrls: ['https://platform.example/sentiance'] }),
      http.all('*', () => HttpResponse.text('another handler')),
    );

    expect(await (await fetch(url, GOOD_REQUEST)).text()).toBe('another handler');
    expect(emulator.requests).toEqual([]);
  });

  test('is as strict as the emulator is', async () => {
    interceptWith(...userLinkHandlers());

    const wrongKey = clientOf(EU, { apiKey: 'another-test-key' });
    await expect(wrongKey.createAuthenticationCode('user-1')).rejects.toMatchObject({
      code: 'unauthorized',
      errorCode: 'UNAUTHORIZED',
    });
    expect((await fetch(`${EU}${AUTH_CODE_PATH}`)).status).toBe(405);
    expect((await fetch(`${EU}${AUTH_CODE_PATH}`, { ...GOOD_REQUEST, body: '{}' })).status).toBe(
      400,
    );
  });

  test('takes the test key of the docs when no emulator is given', async () => {
    interceptWith(...userLinkHandlers());

    const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', region: 'us' });

    await expect(client.createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: 'https://api.p15.sentiance.com',
    });
  });

  test('shares an emulator between its URLs, and with other tools', async () => {
    const emulator = await startEmulator();
    const { url } = emulator;
    interceptWith(
      http.all(`${url}/*`, () => passthrough()),
      ...userLinkHandlers({ emulator }),
    );
    const overSocket = await clientOf(url).createAuthenticationCode('user-1');
    const throughMsw = await clientOf(EU).createAuthenticationCode('user-1');

    const { userId } = emulator.createUser(overSocket.authenticationCode, { id: 'phone-1' });
    expect(emulator.createUser(throughMsw.authenticationCode, { id: 'phone-2' })).toMatchObject({
      userId,
      restored: true,
    });
    expect(emulator.requests).toHaveLength(2);
  });

  test('serves the control routes of an emulator that has them', async () => {
    const emulator = new SentianceEmulator({ controlRoutes: true });
    interceptWith(...userLinkHandlers({ emulator }));

    expect((await fetch(`${EU}/_emulator/state`)).status).toBe(200);
  });
});

describe('an emulator that listens next to MSW', () => {
  test('is reached through a passthrough handler, with its faults', async () => {
    const emulator = await startEmulator();
    const { url } = emulator;
    interceptWith(http.all(`${url}/*`, () => passthrough()));
    const client = clientOf(url, { maxRetries: 0 });
    emulator.failNext({ type: 'disconnect' });

    await expect(client.createAuthenticationCode('user-1')).rejects.toMatchObject({
      code: 'connection_failed',
    });
    await expect(client.createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: url,
    });
    expect(emulator.requests.map(({ status }) => status)).toEqual([0, 200]);
  });
});

describe('a fault behind MSW', () => {
  test.each<[EmulatorFault, object]>([
    [
      { type: 'status', status: 429, retryAfter: 120 },
      { code: 'rate_limited', status: 429, retryAfter: 120_000 },
    ],
    [
      { type: 'status', status: 500, errorCode: 'BROKEN', message: 'No.' },
      { code: 'server_error', status: 500, errorCode: 'BROKEN' },
    ],
    [{ type: 'disconnect' }, { code: 'connection_failed' }],
    [{ type: 'disconnect', phase: 'during_body' }, { code: 'connection_failed' }],
    [{ type: 'lost_response' }, { code: 'connection_failed' }],
    [{ type: 'malformed_json' }, { code: 'invalid_response', issues: ['(body)'] }],
    [{ type: 'wrong_shape' }, { code: 'invalid_response', issues: ['authentication_code'] }],
    [{ type: 'html' }, { code: 'invalid_response', issues: ['(body)'] }],
    [
      { type: 'redirect', location: 'https://login.example/' },
      { code: 'unexpected_redirect', status: 302 },
    ],
  ])('reaches the client as over a socket: %j', async (fault, error) => {
    const emulator = new SentianceEmulator();
    interceptWith(...userLinkHandlers({ emulator }));
    const client = clientOf(EU, { maxRetries: 0 });
    emulator.failNext(fault);

    const result = await client.tryCreateAuthenticationCode('user-1');

    expect(result).toMatchObject({ ok: false, error });
    expect(emulator.requests).toMatchObject([{ fault: fault.type }]);
    await expect(client.createAuthenticationCode('user-1')).resolves.toBeDefined();
  });

  test('of silence ends with the call, and logs nothing', async () => {
    const log = vi.spyOn(console, 'error');
    const emulator = new SentianceEmulator();
    interceptWith(...userLinkHandlers({ emulator }));
    emulator.failNext({ type: 'hang' });

    const gone = new AbortController();
    const call = clientOf(EU).createAuthenticationCode('user-1', { signal: gone.signal });
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1));
    gone.abort();
    await expect(call).rejects.toMatchObject({ code: 'aborted', attempts: 1 });

    expect(emulator.requests).toMatchObject([{ fault: 'hang', status: 0 }]);
    expect(log).not.toHaveBeenCalled();
  });

  test('that loses a response is retried, and links nobody twice', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const emulator = new SentianceEmulator();
    interceptWith(...userLinkHandlers({ emulator }));
    emulator.failNext({ type: 'lost_response' });

    const { authenticationCode } = await clientOf(EU).createAuthenticationCode('user-1');

    emulator.createUser(authenticationCode, { id: 'phone-1' });
    expect(emulator.users).toHaveLength(1);
    expect(emulator.requests).toMatchObject([
      { externalId: 'user-1', status: 0, fault: 'lost_response' },
      { externalId: 'user-1', status: 200 },
    ]);
  });
});
