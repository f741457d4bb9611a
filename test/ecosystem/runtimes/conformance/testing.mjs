/** The fake and the emulator, run in this runtime. */
import assert from 'node:assert/strict';
import {
  SentianceConnectionError,
  SentianceRateLimitError,
  SentianceUserLinkClient,
} from 'sentiance-user-link';
import {
  CreateUserError,
  FakeUserLinkClient,
  SentianceEmulator,
  sentianceError,
} from 'sentiance-user-link/testing';
import { assertFields, check } from './harness.mjs';

export async function testing() {
  await check('testing', 'the fake brings codes and keeps its calls', async () => {
    const fake = new FakeUserLinkClient();
    const code = await fake.createAuthenticationCode('user-1');
    assert.equal(code.authenticationCode, 'fake-code-1');
    assert.deepEqual(fake.calls, [{ externalId: 'user-1' }]);
  });

  await check(
    'testing',
    'the fake fails as it is told, and refuses what the client refuses',
    async () => {
      const fake = new FakeUserLinkClient();
      fake.failNext('rate_limited');
      const { error } = await fake.tryCreateAuthenticationCode('user-1');
      assert.ok(error instanceof SentianceRateLimitError);
      assert.equal((await fake.tryCreateAuthenticationCode('')).error.code, 'invalid_external_id');
      assert.equal((await fake.tryCreateAuthenticationCode('user-1')).ok, true);
    },
  );

  await check('testing', 'sentianceError makes the real classes', async () => {
    const error = sentianceError('connection_failed', { reason: 'ECONNRESET' });
    assert.ok(error instanceof SentianceConnectionError);
    assertFields(error, { code: 'connection_failed', reason: 'ECONNRESET' });
  });

  await check('testing', 'the emulator: a code is redeemed, and again on a second device', () =>
    withEmulator({}, async (emulator, client) => {
      const first = await client.createAuthenticationCode('user-1');
      const user = emulator.createUser(first.authenticationCode, { id: 'phone-1' });
      const second = await client.createAuthenticationCode('user-1');
      const restored = emulator.createUser(second.authenticationCode, { id: 'phone-2' });
      assert.deepEqual(restored, { userId: user.userId, restored: true, active: true });
      assert.equal(emulator.users[0].activeDevice.id, 'phone-2');
      assert.deepEqual(
        emulator.requests.map(({ status, externalId }) => [status, externalId]),
        [
          [200, 'user-1'],
          [200, 'user-1'],
        ],
      );
    }),
  );

  await check('testing', 'the emulator: createUser fails with a CreateUserError', () =>
    withEmulator({}, async (emulator) => {
      assert.throws(
        () => emulator.createUser('unknown', { id: 'phone-1' }),
        (error) =>
          error instanceof CreateUserError &&
          error.name === 'CreateUserError' &&
          error.reason === 'SERVER_ERROR',
      );
    }),
  );

  await check('testing', 'the emulator: keys that are wrong, expired or without the scope', () =>
    withEmulator({ keysWithoutScope: ['other'], expiredKeys: ['old'] }, async ({ url }) => {
      for (const [apiKey, code] of [
        ['wrong', 'unauthorized'],
        ['old', 'unauthorized'],
        ['other', 'forbidden'],
      ]) {
        const client = new SentianceUserLinkClient({ apiKey, baseUrl: url });
        assert.equal((await client.tryCreateAuthenticationCode('user-1')).error.code, code);
      }
    }),
  );

  for (const [fault, expected] of [
    [
      { type: 'status', status: 429, retryAfter: 60 },
      { code: 'rate_limited', retryAfter: 60_000 },
    ],
    [{ type: 'hang' }, { code: 'timeout' }],
    [{ type: 'disconnect' }, { code: 'connection_failed' }],
    [{ type: 'disconnect', phase: 'during_body' }, { code: 'connection_failed' }],
    [{ type: 'lost_response' }, { code: 'connection_failed' }],
    [{ type: 'malformed_json' }, { code: 'invalid_response' }],
    [{ type: 'wrong_shape' }, { code: 'invalid_response' }],
    [{ type: 'html' }, { code: 'invalid_response' }],
    [{ type: 'redirect', location: 'https://a.example/' }, { code: 'unexpected_redirect' }],
  ]) {
    const title = [fault.type, fault.phase].filter(Boolean).join(' ');
    await check('testing', `the emulator: the fault ${title}, then a code`, () =>
      withEmulator({}, async (emulator, client) => {
        emulator.failNext(fault);
        const options = { maxRetries: 0, timeout: 400 };
        const { error } = await client.tryCreateAuthenticationCode('user-1', options);
        assertFields(error, { ...expected, attempts: 1 });
        assert.equal(emulator.requests[0].fault, fault.type);
        assert.equal((await client.tryCreateAuthenticationCode('user-1')).ok, true);
      }),
    );
  }

  await check(
    'testing',
    'the emulator: late responses and lost ones are made good by a retry',
    () =>
      withEmulator({}, async (emulator, client) => {
        emulator.failNext({ type: 'lost_response' });
        emulator.failNext({ type: 'delay', ms: 50 });
        assert.equal((await client.tryCreateAuthenticationCode('user-1')).ok, true);
        assert.equal(emulator.requests.length, 2);
      }),
  );

  await check('testing', 'the emulator: control routes', () =>
    withEmulator({ controlRoutes: true }, async ({ url }, client) => {
      const fault = { type: 'status', status: 400 };
      await fetch(`${url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
      assert.equal((await client.tryCreateAuthenticationCode('user-1')).error.code, 'rejected');
      const state = await (await fetch(`${url}/_emulator/state`)).json();
      assert.equal(state.requests.length, 1);
    }),
  );

  await check('testing', 'the emulator: close ends a hanging request', async () => {
    const emulator = new SentianceEmulator();
    const client = new SentianceUserLinkClient({
      apiKey: emulator.apiKey,
      baseUrl: await emulator.listen(),
      maxRetries: 0,
    });
    emulator.failNext({ type: 'hang' });
    const call = client.tryCreateAuthenticationCode('user-1', { timeout: 4_000 });
    while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await emulator.close();
    assert.equal((await call).error.code, 'connection_failed');
  });
}

async function withEmulator(options, run) {
  const emulator = new SentianceEmulator(options);
  const baseUrl = await emulator.listen();
  try {
    await run(emulator, new SentianceUserLinkClient({ apiKey: emulator.apiKey, baseUrl }));
  } finally {
    await emulator.close();
  }
}
