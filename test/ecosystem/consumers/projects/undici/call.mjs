import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { Agent, ProxyAgent, fetch as undiciFetch } from 'undici';

const emulator = new SentianceEmulator();
const baseUrl = await emulator.listen();
const { apiKey } = emulator;

const pool = new Agent({ keepAliveTimeout: 60_000 });
await call(pool);

const proxied = [];
const proxy = await startProxy();
const throughProxy = new ProxyAgent(`http://127.0.0.1:${proxy.address().port}`);
await call(throughProxy);
assert.ok(proxied.length > 0);
assert.deepEqual(new Set(proxied), new Set([new URL(baseUrl).host]));

// Before the emulator: undici 6 connects again and again when a tunnel ends under a ProxyAgent.
await Promise.all([pool.close(), throughProxy.close()]);
await emulator.close();
proxy.close();

/** A call that succeeds at its second attempt, one that is refused, and one that is ended. */
async function call(dispatcher) {
  const fetch = (url, init) => undiciFetch(url, { ...init, dispatcher });
  const client = new SentianceUserLinkClient({ apiKey, baseUrl, fetch });

  emulator.reset();
  emulator.failNext({ type: 'status', status: 503 });
  const code = await client.createAuthenticationCode('user-1');
  assert.equal(emulator.createUser(code.authenticationCode, { id: 'phone-1' }).restored, false);
  assert.equal(emulator.requests.length, 2);

  const stranger = new SentianceUserLinkClient({ apiKey: 'wrong-key', baseUrl, fetch });
  const refused = await stranger.tryCreateAuthenticationCode('user-1');
  assert.equal(refused.error.code, 'unauthorized');

  emulator.failNext({ type: 'hang' });
  const hung = await client.tryCreateAuthenticationCode('user-1', { timeout: 300 });
  assert.equal(hung.error.code, 'timeout');
}

/** A proxy that notes where it is asked to go, by CONNECT (a tunnel) or by a whole URL. */
async function startProxy() {
  const server = createServer((incoming, outgoing) => {
    proxied.push(new URL(incoming.url).host);
    const { method, headers } = incoming;
    incoming.pipe(
      request(incoming.url, { method, headers }, (response) => {
        outgoing.writeHead(response.statusCode, response.headers);
        response.pipe(outgoing);
      }).on('error', () => outgoing.destroy()),
    );
  });
  server.on('connect', ({ url }, socket) => {
    proxied.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    const tunnel = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    });
    // Ends both when either ends.
    pipeline(socket, tunnel, socket, () => {});
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
