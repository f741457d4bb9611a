import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { setupServer } from 'msw/node';
import { SentianceServerError, SentianceUserLinkClient } from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';

const emulator = new SentianceEmulator();
const server = setupServer(...userLinkHandlers({ emulator }));
server.listen({ onUnhandledRequest: 'error' });

const client = new SentianceUserLinkClient({
  apiKey: emulator.apiKey,
  region: 'us',
  maxRetries: 0,
});
const { authenticationCode } = await client.createAuthenticationCode('user-1');
assert.equal(emulator.createUser(authenticationCode, { id: 'phone-1' }).restored, false);

emulator.failNext({ type: 'status', status: 503 });
const { error } = await client.tryCreateAuthenticationCode('user-1');
assert.ok(error instanceof SentianceServerError);
server.close();

const require = createRequire(import.meta.url);
assert.ok(error instanceof require('sentiance-user-link').SentianceServerError);
