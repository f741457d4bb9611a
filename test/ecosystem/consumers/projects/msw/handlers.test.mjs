import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { http, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import manifest from 'msw/package.json' with { type: 'json' };
import {
  SENTIANCE_REGIONS,
  SentianceConnectionError,
  SentianceUserLinkClient,
} from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';
import { login } from './login.mjs';

// Renamed in MSW 3.
const onUnhandled = manifest.version.startsWith('2.') ? 'onUnhandledRequest' : 'onUnhandledFrame';
const ownHost = 'https://sentiance.example.com/eu';

const emulator = new SentianceEmulator();
const server = setupServer(...userLinkHandlers({ emulator, baseUrls: [ownHost] }));
const { apiKey } = emulator;

before(() => server.listen({ [onUnhandled]: 'error' }));
afterEach(() => {
  server.resetHandlers();
  emulator.reset();
});
after(() => server.close());

for (const region of Object.keys(SENTIANCE_REGIONS)) {
  test(`the app gets a code of its region: ${region}`, async () => {
    const client = new SentianceUserLinkClient({ apiKey, region });

    const { sentiance } = await login('user-1', client, () => {});

    assert.equal(sentiance.platformUrl, client.platformUrl);
    assert.equal(emulator.createUser(sentiance.authenticationCode, { id: 'p' }).restored, false);
    assert.deepEqual(
      emulator.requests.map(({ externalId, status }) => ({ externalId, status })),
      [{ externalId: 'user-1', status: 200 }],
    );
  });
}

test('the handlers respond for a base URL of their options', async () => {
  const client = new SentianceUserLinkClient({ apiKey, baseUrl: ownHost });

  const { sentiance } = await login('user-1', client, () => {});

  assert.equal(sentiance.platformUrl, ownHost);
});

test('a refused key is seen by its class', async () => {
  const alerts = [];
  const stranger = new SentianceUserLinkClient({ apiKey: 'wrong-key' });

  await login('user-1', stranger, (message) => alerts.push(message));

  assert.deepEqual(alerts, ['Renew the API key (401)']);
});

test('a fault of the emulator reaches the login handler', async () => {
  emulator.failNext({ type: 'status', status: 429, retryAfter: 3_600 });

  const response = await login('user-1', new SentianceUserLinkClient({ apiKey }), () => {});

  assert.equal(response.askAgainAfter, 3_600_000);
});

test('a response lost once is asked for again', async () => {
  emulator.failNext({ type: 'lost_response' });

  const { sentiance } = await login('user-1', new SentianceUserLinkClient({ apiKey }), () => {});

  assert.notEqual(sentiance, null);
  assert.equal(emulator.requests.length, 2);
});

test('a platform that hangs ends with the time limit', async () => {
  emulator.failNext({ type: 'hang' });
  const client = new SentianceUserLinkClient({ apiKey, timeout: 200 });

  const { error } = await client.tryCreateAuthenticationCode('user-1');

  assert.equal(error.code, 'timeout');
});

test('another host gets no response', async () => {
  const baseUrl = 'https://not-the-platform.example.com';
  const client = new SentianceUserLinkClient({ apiKey, baseUrl, maxRetries: 0 });

  const { error } = await client.tryCreateAuthenticationCode('user-1');

  assert.ok(error instanceof SentianceConnectionError);
  assert.equal(emulator.requests.length, 0);
});

test('an emulator on a port is reached through a passthrough handler', async () => {
  const listening = new SentianceEmulator();
  const baseUrl = await listening.listen();
  server.use(http.all(`${baseUrl}/*`, () => passthrough()));

  const { sentiance } = await login(
    'user-1',
    new SentianceUserLinkClient({ apiKey, baseUrl }),
    () => {},
  );

  assert.notEqual(sentiance, null);
  assert.equal(listening.requests.length, 1);
  await listening.close();
});
