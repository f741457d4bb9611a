const assert = require('node:assert/strict');
const { SentianceServerError, SentianceUserLinkClient } = require('sentiance-user-link');
const { SentianceEmulator } = require('sentiance-user-link/testing');
const { userLinkHandlers } = require('sentiance-user-link/testing/msw');

async function main() {
  const emulator = new SentianceEmulator();
  const baseUrl = await emulator.listen();
  assert.ok(userLinkHandlers({ emulator }).length > 0);

  const client = new SentianceUserLinkClient({ apiKey: emulator.apiKey, baseUrl, maxRetries: 0 });
  const { authenticationCode } = await client.createAuthenticationCode('user-1');
  assert.equal(emulator.createUser(authenticationCode, { id: 'phone-1' }).restored, false);

  emulator.failNext({ type: 'status', status: 503 });
  const { error } = await client.tryCreateAuthenticationCode('user-1');
  assert.ok(error instanceof SentianceServerError);
  await emulator.close();
}

main();
