const assert = require('node:assert/strict');
const { SentianceAuthenticationError, SentianceUserLinkClient } = require('sentiance-user-link');
const { FakeUserLinkClient, SentianceEmulator } = require('sentiance-user-link/testing');

async function main() {
  const emulator = new SentianceEmulator();
  const baseUrl = await emulator.listen();

  const client = new SentianceUserLinkClient({ apiKey: emulator.apiKey, baseUrl });
  const code = await client.createAuthenticationCode('user-1');
  assert.equal(emulator.createUser(code.authenticationCode, { id: 'phone-1' }).restored, false);

  const stranger = new SentianceUserLinkClient({ apiKey: 'wrong-key', baseUrl });
  const refused = await stranger.tryCreateAuthenticationCode('user-1');
  assert.ok(refused.error instanceof SentianceAuthenticationError);
  await emulator.close();

  const fake = new FakeUserLinkClient().failWith('unauthorized');
  await assert.rejects(fake.createAuthenticationCode('user-1'), SentianceAuthenticationError);

  const { version } = require('sentiance-user-link/package.json');
  assert.match(version, /^\d+\.\d+\.\d+/);
}

main();
