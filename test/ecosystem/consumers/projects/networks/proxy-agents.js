/** undici's ProxyAgent and EnvHttpProxyAgent, under undici's fetch and under Node's. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { EnvHttpProxyAgent, ProxyAgent, fetch as undiciFetch } from 'undici';
import { listen } from './listen.js';
import { AUTHORITY_FILE, certificateFor, emulator, httpUrl, PLATFORM } from './platform.js';
import { PROXIES, passed, UNLOCKED } from './proxies.js';
import { assertTrouble, TROUBLES } from './troubles.js';

const { apiKey } = emulator;
const HOST = new URL(PLATFORM).host;
const ca = readFileSync(AUTHORITY_FILE);
const FETCHES = { "undici's": undiciFetch, "Node's": fetch };
const AGENTS = {
  ProxyAgent: (proxy) => new ProxyAgent({ uri: proxy, requestTls: { ca } }),
  EnvHttpProxyAgent: (proxy) =>
    new EnvHttpProxyAgent({ httpsProxy: proxy, httpProxy: proxy, requestTls: { ca } }),
};

async function call(fetchOf, dispatcher, options) {
  const fetch = (url, init) => fetchOf(url, { ...init, dispatcher });
  const client = new SentianceUserLinkClient({ apiKey, fetch, ...options });
  const result = await client.tryCreateAuthenticationCode('user-1');
  // Not closed: undici waits for a silent proxy's tunnel for five minutes.
  await dispatcher.destroy();
  return result;
}

const asked = () => passed.requests.splice(0);

for (const fetchOf of Object.values(FETCHES)) {
  for (const agentFor of Object.values(AGENTS)) {
    for (const proxy of [PROXIES.open, UNLOCKED]) {
      assert.equal((await call(fetchOf, agentFor(proxy), { region: 'eu' })).ok, true);
      assert.deepEqual(asked(), [`CONNECT ${HOST}:443`]);
    }
    for (const name of Object.keys(TROUBLES)) {
      const options = { region: 'eu', timeout: 1_000, hedgeAfter: 1_000, maxRetries: 1 };
      assertTrouble(name, HOST, await call(fetchOf, agentFor(PROXIES[name]), options));
    }
  }
}
assert.ok(passed.sent.includes(HOST));
assert.ok(!passed.sent.includes(apiKey), 'a proxy sees no key');

// It leaves out what NO_PROXY names.
const leavingOut = new EnvHttpProxyAgent({ httpProxy: PROXIES.down, noProxy: '127.0.0.1' });
assert.equal((await call(undiciFetch, leavingOut, { baseUrl: httpUrl })).ok, true);

// Plain http without a tunnel: undici takes the 407 for a mistake of its caller's.
const passingOn = new ProxyAgent({ uri: PROXIES.locked, proxyTunnel: false });
assertAlert(
  await call(undiciFetch, passingOn, { baseUrl: httpUrl }),
  /user and password .*\(407\)/,
);

// A proxy behind TLS that is not the one that it should be.
const other = createServer(await certificateFor('another.host'));
const otherUrl = (await listen(other)).replace('http:', 'https:');
const impostor = new ProxyAgent({ uri: otherUrl, proxyTls: { ca } });
assertAlert(await call(undiciFetch, impostor, { region: 'eu' }), /The certificate is not trusted/);

await emulator.close();

function assertAlert({ ok, error }, message) {
  assert.equal(ok, false);
  assert.equal(error.action, 'alert');
  assert.equal(error.attempts, 1);
  assert.match(error.message, message);
}
