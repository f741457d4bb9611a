/** The request that a call sends, and the code that it brings. */
import assert from 'node:assert/strict';
import {
  check,
  clientOf,
  ISSUED_CODE,
  KEY,
  pause,
  platformCall,
  setting,
  unconnected,
} from './harness.mjs';

export async function request() {
  await check('request', 'method, path, headers and body are the documented ones', async () => {
    const externalId = 'user-42 ✓ "é" 𝒳 \\ \u0000 \u2028';
    const call = platformCall('ok');
    await clientOf(call.url).createAuthenticationCode(externalId);

    const [{ method, path, rawHeaders, bodyBase64 }, ...others] = await call.seen();
    assert.equal(others.length, 0);
    assert.equal(method, 'POST');
    assert.equal(path, `/ok/${call.id}/users/auth-code`);
    assert.equal(bodyBase64, base64Of(JSON.stringify({ external_id: externalId })));
    const headers = headersOf(rawHeaders);
    assert.equal(headers.get('authorization'), `Bearer ${KEY}`);
    assert.equal(headers.get('content-type'), 'application/json');
    assert.equal(headers.get('accept'), 'application/json');
    assert.equal(headers.get('content-length'), String(atob(bodyBase64).length));
    const agent = new RegExp(`^sentiance-user-link/\\d+\\.\\d+\\.\\d+${setting.agent}$`);
    assert.match(headers.get('user-agent'), agent);
  });

  await check('request', 'a base URL without a path, with a slash at its end', async () => {
    // Such requests of all rows come together in one place.
    const externalId = `user-${crypto.randomUUID()}`;
    await clientOf(`${setting.platform}/`).createAuthenticationCode(externalId);

    const body = base64Of(JSON.stringify({ external_id: externalId }));
    const seen = (await platformCall().seen('root')).filter(
      ({ bodyBase64 }) => bodyBase64 === body,
    );
    assert.deepEqual(
      seen.map(({ path }) => path),
      ['/users/auth-code'],
    );
  });

  await check('request', 'the code, its expiry and the platform', async () => {
    const { url } = platformCall('ok');
    const code = await clientOf(url).createAuthenticationCode('user-1');

    assert.deepEqual(
      { ...code },
      {
        authenticationCode: ISSUED_CODE,
        expiresAt: new Date('2030-01-02T03:04:05.678Z'),
        platformUrl: url,
      },
    );
    assert.equal(JSON.parse(JSON.stringify(code)).authenticationCode, ISSUED_CODE);
  });

  await check('request', 'a code prints redacted', async () => {
    const code = await clientOf(platformCall('ok').url).createAuthenticationCode('user-1');

    // The matrix searches what is printed.
    console.log(code);
    console.log('login', { sentiance: code });
  });

  await check('request', 'ten minutes when the response has no expiry', async () => {
    const before = Date.now();
    const client = clientOf(platformCall('without-expiry').url);
    const { expiresAt } = await client.createAuthenticationCode('user-1');

    const lifetime = expiresAt.getTime() - before;
    assert.ok(lifetime >= 600_000 && lifetime <= Date.now() - before + 600_000, `${lifetime} ms`);
  });

  await check('request', 'GraphQL asks at its path, and fails in a 200', async () => {
    const externalId = 'user-42 ✓ "é" 𝒳 \\ \u0000 \u2028';
    const call = platformCall('graphql', 'graphql-errors');
    const client = clientOf(call.url, { api: 'graphql' });
    const code = await client.createAuthenticationCode(externalId);
    const { error } = await client.tryCreateAuthenticationCode(externalId);

    assert.equal(code.authenticationCode, ISSUED_CODE);
    assert.equal(error.code, 'unauthorized');
    assert.equal(error.status, 200);
    const seen = await call.seen();
    assert.equal(seen.length, 2);
    for (const { method, path, bodyBase64 } of seen) {
      assert.equal(method, 'POST');
      assert.equal(path, `/graphql,graphql-errors/${call.id}/v4/gql`);
      const { query, variables } = JSON.parse(textOf(bodyBase64));
      assert.match(query, /^mutation .*\$externalId/);
      assert.deepEqual(variables, { externalId });
    }
  });

  await check('request', 'a response of 1 MiB is read', async () => {
    const code = await clientOf(platformCall('one-mib').url).createAuthenticationCode('user-1');

    assert.equal(code.authenticationCode, ISSUED_CODE);
  });

  await check('request', 'the key function is asked at every call', async () => {
    const call = platformCall('ok');
    const keys = ['first', 'second'];
    const client = clientOf(call.url, { apiKey: async () => keys.shift() });
    await client.createAuthenticationCode('user-1');
    await client.createAuthenticationCode('user-1');

    const sent = await call.seen();
    assert.deepEqual(
      sent.map(({ rawHeaders }) => headersOf(rawHeaders).get('authorization')),
      ['Bearer first', 'Bearer second'],
    );
  });

  await check('request', 'calls one after the other share a connection', async () => {
    const call = platformCall('ok', '401', 'ok');
    const client = clientOf(unconnected(call));
    for (let n = 0; n < 4; n += 1) {
      await client.tryCreateAuthenticationCode('user-1');
      // A connection is given back a moment after the response's end.
      await pause(20);
    }

    const connections = new Set((await call.seen()).map(({ connection }) => connection));
    assert.equal(connections.size, 1, `${connections.size} connections`);
  });

  await check('request', 'a hundred calls at once', async () => {
    const call = platformCall('ok');
    const neverHedge = { timeout: 5_000, hedgeAfter: 5_000 };
    const client = clientOf(call.url, neverHedge);
    const codes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => client.createAuthenticationCode(`user-${n}`)),
    );

    assert.ok(codes.every(({ authenticationCode }) => authenticationCode === ISSUED_CODE));
    const bodies = (await call.seen()).map(({ bodyBase64 }) => bodyBase64);
    assert.equal(new Set(bodies).size, 100);
    assert.equal(bodies.length, 100);
  });

  await check('request', 'onAttempt is told of each attempt', async () => {
    const events = [];
    const call = platformCall('503-after-0', 'ok');
    const client = clientOf(call.url, { onAttempt: (event) => events.push(event) });
    await client.createAuthenticationCode('user-1');

    assert.ok(events.every(({ duration }) => duration > 0));
    const platformUrl = call.url;
    assert.deepEqual(
      events.map(({ duration, ...event }) => event),
      [
        { attempt: 1, platformUrl, status: 503, code: 'server_error' },
        { attempt: 2, platformUrl, status: 200 },
      ],
    );
  });
}

function base64Of(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function textOf(base64) {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
}

/** Fails when a name was sent twice. */
function headersOf(rawHeaders) {
  const headers = new Map();
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = rawHeaders[n].toLowerCase();
    assert.ok(!headers.has(name), `${name} was sent twice`);
    headers.set(name, rawHeaders[n + 1]);
  }
  return headers;
}
