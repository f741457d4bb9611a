import assert from 'node:assert/strict';
import { SentianceAuthenticationError, SentianceUserLinkClient } from 'sentiance-user-link';
import manifest from 'sentiance-user-link/package.json' with { type: 'json' };
import { FakeUserLinkClient, SentianceEmulator } from 'sentiance-user-link/testing';

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

assert.match(manifest.version, /^\d+\.\d+\.\d+/);
