/** A certificate of an authority that the system knows, of which --use-system-ca tells Node. */
import assert from 'node:assert/strict';
import { AUTHORITY_FILE, emulator, tlsUrl } from './platform.js';
import { callWith } from './process.js';
import { assertUntrusted } from './untrusted.js';

const options = { apiKey: emulator.apiKey, baseUrl: tlsUrl };
// Where a Linux looks for them.
const system = { SSL_CERT_FILE: AUTHORITY_FILE };

assertUntrusted(await callWith(system, options));
const trusting = { ...system, NODE_OPTIONS: '--use-system-ca' };
assert.equal((await callWith(trusting, options)).ok, true);

await emulator.close();
