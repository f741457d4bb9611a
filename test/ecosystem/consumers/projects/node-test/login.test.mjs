import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { SentianceTimeoutError, SentianceUserLinkClient } from 'sentiance-user-link';
import { FakeUserLinkClient, SentianceEmulator, sentianceError } from 'sentiance-user-link/testing';
import { login } from './login.mjs';

let alerts;
const alert = (message) => alerts.push(message);

beforeEach(() => {
  alerts = [];
});

describe('with the fake', () => {
  const fake = new FakeUserLinkClient();
  afterEach(() => fake.reset());

  test('the app gets a code', async () => {
    const { sentiance } = await login('user-1', fake, alert);

    assert.equal(sentiance.authenticationCode, 'fake-code-1');
    assert.deepEqual(fake.calls, [{ externalId: 'user-1' }]);
  });

  test('a refused key is seen by its class', async () => {
    fake.failNext('unauthorized');

    const { sentiance } = await login('user-1', fake, alert);

    assert.equal(sentiance, null);
    assert.deepEqual(alerts, ['Renew the API key (401)']);
  });

  test('another fault of the setup is seen by its action', async () => {
    fake.failWith('forbidden');

    await login('user-1', fake, alert);

    assert.deepEqual(alerts, ['api.sentiance.com does not let this API key link users (403).']);
  });

  test('a rate limit is seen by its code', async () => {
    fake.failWith(sentianceError('rate_limited', { retryAfter: 5_000 }));

    const { askAgainAfter } = await login('user-1', fake, alert);

    assert.equal(askAgainAfter, 5_000);
  });

  test('a call that throws, throws the real class', async () => {
    fake.failWith('timeout');

    await assert.rejects(fake.createAuthenticationCode('user-1'), SentianceTimeoutError);
  });
});

describe('with the emulator', () => {
  const emulator = new SentianceEmulator();
  let client;

  before(async () => {
    const baseUrl = await emulator.listen();
    client = new SentianceUserLinkClient({ apiKey: emulator.apiKey, baseUrl, maxRetries: 0 });
  });
  afterEach(() => emulator.reset());
  after(() => emulator.close());

  test('the app gets a code that makes a user', async () => {
    const { sentiance } = await login('user-1', client, alert);

    const user = emulator.createUser(sentiance.authenticationCode, { id: 'phone-1' });
    assert.equal(user.restored, false);
  });

  test('a refused key is seen by its class', async () => {
    const stranger = new SentianceUserLinkClient({ apiKey: 'wrong-key', baseUrl: emulator.url });

    await login('user-1', stranger, alert);

    assert.deepEqual(alerts, ['Renew the API key (401)']);
  });

  test('another fault of the setup is seen by its action', async () => {
    emulator.failNext({ type: 'html' });

    await login('user-1', client, alert);

    assert.match(alerts.join(), /its body is not a JSON object/);
  });

  test('a rate limit is seen by its code', async () => {
    emulator.failNext({ type: 'status', status: 429, retryAfter: 7 });

    const { askAgainAfter } = await login('user-1', client, alert);

    assert.equal(askAgainAfter, 7_000);
  });

  test('a lost connection passes', async () => {
    emulator.failNext({ type: 'disconnect' });

    const { askAgainAfter } = await login('user-1', client, alert);

    assert.equal(askAgainAfter, 60_000);
    assert.deepEqual(alerts, []);
  });
});
