/** A certificate of a private authority, which NODE_EXTRA_CA_CERTS makes known. */
import assert from 'node:assert/strict';
import { AUTHORITY_FILE, emulator, tlsUrl } from './platform.js';
import { callWith } from './process.js';
import { assertUntrusted } from './untrusted.js';

const options = { apiKey: emulator.apiKey, baseUrl: tlsUrl };

assertUntrusted(await callWith({}, options));
assert.equal(emulator.requests.length, 0);
assert.equal((await callWith({ NODE_EXTRA_CA_CERTS: AUTHORITY_FILE }, options)).ok, true);

await emulator.close();
