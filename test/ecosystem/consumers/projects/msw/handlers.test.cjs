const assert = require('node:assert/strict');
const { test } = require('node:test');
const { setupServer } = require('msw/node');
const { SentianceAuthenticationError, SentianceUserLinkClient } = require('sentiance-user-link');
const { SentianceEmulator } = require('sentiance-user-link/testing');
const { userLinkHandlers } = require('sentiance-user-link/testing/msw');

test('the handlers respond in CommonJS', async () => {
  const emulator = new SentianceEmulator();
  const server = setupServer(...userLinkHandlers({ emulator }));
  server.listen();

  const client = new SentianceUserLinkClient({ apiKey: emulator.apiKey, region: 'us' });
  const code = await client.createAuthenticationCode('user-1');
  assert.equal(emulator.createUser(code.authenticationCode, { id: 'phone-1' }).restored, false);

  emulator.failNext({ type: 'status', status: 401 });
  await assert.rejects(client.createAuthenticationCode('user-1'), SentianceAuthenticationError);
  server.close();
});
