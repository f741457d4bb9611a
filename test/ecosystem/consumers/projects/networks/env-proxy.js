/** NODE_USE_ENV_PROXY=1: Node's own fetch goes through the proxy that the environment names. */
import assert from 'node:assert/strict';
import { AUTHORITY_FILE, emulator, httpUrl, PLATFORM, tlsUrl } from './platform.js';
import { callWith } from './process.js';
import { PROXIES, PROXY_PASSWORD, passed, UNLOCKED } from './proxies.js';
import { assertTrouble, TROUBLES } from './troubles.js';

const { apiKey } = emulator;
const HOST = new URL(PLATFORM).host;

function callThrough(proxy, options, environment = {}) {
  const through = {
    NODE_EXTRA_CA_CERTS: AUTHORITY_FILE,
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
  };
  return callWith({ ...through, ...environment }, { apiKey, ...options });
}

/** What the proxies were asked for since the last time. */
const asked = () => passed.requests.splice(0);

for (const proxy of [PROXIES.open, UNLOCKED]) {
  const { ok } = await callThrough(proxy, { region: 'eu' });
  assert.equal(ok, true);
  assert.deepEqual(asked(), [`CONNECT ${HOST}:443`]);
}
assert.deepEqual(
  emulator.requests.map(({ status }) => status),
  [200, 200],
);
// TLS reaches through the proxy: it sees the platform's name, and no request.
assert.ok(passed.sent.includes(HOST));
assert.ok(!passed.sent.includes(apiKey));

// Without the switch, the proxy's variables mean nothing to fetch.
const direct = await callThrough(PROXIES.down, { baseUrl: tlsUrl }, { NODE_USE_ENV_PROXY: '' });
assert.equal(direct.ok, true);

// Loopback goes through the proxy too, unless NO_PROXY names it.
assert.equal((await callThrough(PROXIES.open, { baseUrl: httpUrl })).ok, true);
assert.deepEqual(asked(), [`CONNECT ${new URL(httpUrl).host}`]);
for (const [baseUrl, NO_PROXY] of [
  [httpUrl, '127.0.0.1'],
  [tlsUrl, 'localhost'],
]) {
  assert.equal((await callThrough(PROXIES.open, { baseUrl }, { NO_PROXY })).ok, true);
  assert.deepEqual(asked(), []);
}

for (const name of Object.keys(TROUBLES)) {
  const endsAtOnce = name === 'silent';
  const options = { region: 'eu', timeout: 1_000, hedgeAfter: 1_000, maxRetries: 1, endsAtOnce };
  assertTrouble(name, HOST, await callThrough(PROXIES[name], options));
}

// A password that is wrong is not shown.
const wrong = UNLOCKED.replace(PROXY_PASSWORD, 'a-wrong-password');
const refused = await callThrough(wrong, { region: 'eu' });
assertTrouble('locked', HOST, refused);
assert.ok(!JSON.stringify(refused).includes('a-wrong-password'));

await emulator.close();
