/** Behind an HTTP proxy: undici's ProxyAgent, passed as `fetch`. */
import assert from 'node:assert/strict';
import { ProxyAgent, fetch as undiciFetch } from 'undici';
import {
  assertFields,
  check,
  clientOf,
  failureAfter,
  failureOf,
  finish,
  ISSUED_CODE,
  KEY,
  platformCall,
  setting,
} from './harness.mjs';

const { open, refusing, silent } = setting.proxies;

function fetchWith(dispatcher) {
  return (url, init) => undiciFetch(url, { ...init, dispatcher });
}

function fetchThrough(uri, options) {
  return fetchWith(new ProxyAgent({ uri, ...options }));
}

async function passedThrough() {
  return (await fetch(`${open}/-/seen`)).json();
}

await check('proxy', 'a platform behind TLS: the proxy sees its name and no more', async () => {
  const call = platformCall('ok');
  const url = call.url.replace(setting.platform, setting.tls.good);
  const code = await clientOf(url, { fetch: fetchThrough(open) }).createAuthenticationCode(
    'user-1',
  );

  assert.equal(code.authenticationCode, ISSUED_CODE);
  assert.equal((await call.seen()).length, 1);
  const { requests, tunnelled } = await passedThrough();
  assert.deepEqual(requests, [`CONNECT ${new URL(url).host}`]);
  assert.ok(tunnelled.length > 300);
  assert.ok(!tunnelled.includes(KEY));
});

await check('proxy', 'a platform on plain http, through a tunnel', async () => {
  const call = platformCall('ok');
  const fetch = fetchThrough(open, { proxyTunnel: true });
  await clientOf(call.url, { fetch }).createAuthenticationCode('user-1');

  const { requests } = await passedThrough();
  assert.equal(requests.at(-1), `CONNECT ${new URL(call.url).host}`);
  assert.equal((await call.seen()).length, 1);
});

await check('proxy', 'a platform on plain http, passed on', async () => {
  const call = platformCall('ok');
  const fetch = fetchThrough(open, { proxyTunnel: false });
  await clientOf(call.url, { fetch }).createAuthenticationCode('user-1');

  const { requests } = await passedThrough();
  assert.equal(requests.at(-1), `POST ${call.url}/users/auth-code`);
  assert.equal((await call.seen()).length, 1);
});

await check('proxy', 'errors and retries are as without it', async () => {
  const call = platformCall('503', 'reset', '401');
  const error = await failureOf(clientOf(call.url, { fetch: fetchThrough(open) }));

  assertFields(error, { code: 'unauthorized', status: 401, attempts: 3 });
});

await check('proxy', 'a redirect is not followed', async () => {
  const call = platformCall('redirect');
  const error = await failureOf(clientOf(call.url, { fetch: fetchThrough(open) }));

  assertFields(error, { code: 'unexpected_redirect', status: 302, attempts: 1 });
  assert.deepEqual(await call.seen(`${call.id}-target`), []);
});

for (const [title, uri] of [
  ['wants a password', refusing],
  ['is not there', `http://127.0.0.1:${setting.refusingPort}`],
]) {
  await check('proxy', `a proxy that ${title} is a failed connection`, async () => {
    const call = platformCall('ok');
    const client = clientOf(call.url, { fetch: fetchThrough(uri), maxRetries: 1 });
    assertFields(await failureOf(client), {
      code: 'connection_failed',
      action: 'retry_later',
      attempts: 2,
    });
    assert.deepEqual(await call.seen(), []);
  });
}

await check('proxy', 'timeout holds within 50 ms: a proxy that is silent', async () => {
  const agent = new ProxyAgent({ uri: silent });
  const fetch = fetchWith(agent);
  const client = clientOf(platformCall('ok').url, { fetch, timeout: 400 });
  assertFields(await failureAfter(400, client), { code: 'timeout', attempts: 1 });
  // undici goes on waiting for the tunnel, five minutes long, and this process would with it.
  await agent.destroy();
});

await check('proxy', 'timeout holds within 50 ms: a platform that is silent', async () => {
  const call = platformCall('hang');
  const client = clientOf(call.url, { fetch: fetchThrough(open), timeout: 400 });
  assertFields(await failureAfter(400, client), { code: 'timeout', attempts: 1 });
  const [{ isClosed }] = await call.closed();
  assert.equal(isClosed, true, 'the connection is still open');
});

finish();
