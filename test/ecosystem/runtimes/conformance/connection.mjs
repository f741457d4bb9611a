/** Connections that fail. The reason may differ from runtime to runtime; nothing else may. */
import assert from 'node:assert/strict';
import {
  assertFailure,
  assertPermanent,
  check,
  clientOf,
  HAS_REASONS,
  ISSUED_CODE,
  pause,
  platformCall,
  setting,
  unconnected,
} from './harness.mjs';

const LOST = {
  class: 'SentianceConnectionError',
  code: 'connection_failed',
  action: 'retry_later',
  attempts: 2,
};
const ENDED_EARLY =
  /^(ECONNRESET|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE)$/;

/**
 * So many requests arrived. Deno's fetch sends a request again by itself when a connection that it
 * kept was lost before the response.
 */
async function assertSent(call, count) {
  const { length } = await call.seen();
  const isMore = setting.runtime === 'deno' && length > count;
  assert.ok(length === count || isMore, `${length} requests, not ${count}`);
}

export async function connection() {
  for (const [behaviour, reason] of [
    ['reset', /^ECONNRESET$/],
    ['hang-up', ENDED_EARLY],
    ['cut-off-length', ENDED_EARLY],
    ['cut-off-chunked', ENDED_EARLY],
    // Not every runtime says that it was no HTTP.
    ['no-http', /^(HPE_INVALID_CONSTANT|ECONNRESET|undefined)$/],
  ]) {
    await check('connection', `is tried again, then reported: ${behaviour}`, async () => {
      const call = platformCall(behaviour);
      const expected = { ...LOST, reason: HAS_REASONS ? reason : undefined };
      await assertFailure(call.url, expected, { maxRetries: 1 });
      await assertSent(call, 2);
    });
    await check(
      'connection',
      `is not noticed when the next attempt succeeds: ${behaviour}`,
      async () => {
        const call = platformCall(behaviour, 'ok');
        const code = await clientOf(call.url).createAuthenticationCode('user-1');
        assert.equal(code.authenticationCode, ISSUED_CODE);
        await assertSent(call, 2);
      },
    );
  }

  await check('connection', 'is tried again, then reported: refused', async () => {
    const url = `http://127.0.0.1:${setting.refusingPort}`;
    const expected = { ...LOST, reason: HAS_REASONS ? 'ECONNREFUSED' : undefined };
    await assertFailure(url, expected, { maxRetries: 1 });
  });

  await check('connection', 'is not tried again: a name that does not resolve', async () => {
    // A label can have 63 characters, so no resolver asks a name server for this one. Plain http,
    // because some runtimes look at the name for TLS first.
    const host = `${'x'.repeat(64)}.invalid`;
    const options = { fetch: (_, init) => fetch(`http://${host}`, init) };
    const expected = { reason: /^ENOTFOUND$/, message: /The host name does not exist/ };
    await assertPermanent(`https://${host}`, expected, options);
  });

  await check('connection', 'is not tried again: a port that speaks no TLS', async () => {
    const call = platformCall('ok');
    const url = call.url.replace('http:', 'https:');
    const reason = /^(ERR_SSL_WRONG_VERSION_NUMBER|EPROTO)$/;
    await assertPermanent(url, { reason, message: /There is no TLS/ });
    assert.deepEqual(await call.seen(), []);
  });

  await check('connection', 'is made good when a kept one is lost', async () => {
    const call = platformCall('ok', 'reset', 'ok');
    const client = clientOf(unconnected(call));
    await client.createAuthenticationCode('user-1');
    // A connection is given back a moment after the response's end.
    await pause(20);
    const code = await client.createAuthenticationCode('user-1');
    assert.equal(code.authenticationCode, ISSUED_CODE);
    const [first, second, ...others] = (await call.seen()).map(({ connection }) => connection);
    assert.equal(second, first, 'the second call had a connection of its own');
    assert.equal(others.length, 1);
  });
}
