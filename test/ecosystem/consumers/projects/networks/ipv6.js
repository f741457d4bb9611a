/** A platform that only IPv6 reaches. */
import assert from 'node:assert/strict';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { portOf } from './listen.js';
import { resolveTo } from './resolve.js';

const emulator = new SentianceEmulator();
const url = await emulator.listen({ host: '::1' });
const { apiKey } = emulator;

assert.equal(new URL(url).hostname, '[::1]');
const byAddress = new SentianceUserLinkClient({ apiKey, baseUrl: url });
assert.equal((await byAddress.createAuthenticationCode('user-1')).platformUrl, url);

resolveTo([{ address: '::1', family: 6 }]);
const baseUrl = `http://localhost:${portOf(url)}`;
const byName = new SentianceUserLinkClient({ apiKey, baseUrl });
assert.equal((await byName.createAuthenticationCode('user-1')).platformUrl, baseUrl);

assert.equal(emulator.requests.length, 2);
await emulator.close();
