/** Attempts after the first. */
import assert from 'node:assert/strict';
import { assertFields, check, clientOf, failureOf, platformCall } from './harness.mjs';

export async function retries() {
  for (const status of [408, 429, 500, 502, 503, 504]) {
    await check('retries', `a ${status}, then a code`, async () => {
      const call = platformCall(status, 'ok');
      const result = await clientOf(call.url).tryCreateAuthenticationCode('user-1');
      assert.equal(result.ok, true);
      const [first, second, ...others] = await call.seen();
      assert.equal(others.length, 0);
      assert.equal(second.bodyBase64, first.bodyBase64);
    });
  }

  for (const [maxRetries, attempts] of [
    [0, 1],
    [undefined, 3],
    [4, 5],
  ]) {
    await check('retries', `maxRetries ${maxRetries} makes ${attempts} attempts`, async () => {
      const call = platformCall('503');
      const error = await failureOf(clientOf(call.url, { maxRetries }));
      assertFields(error, { code: 'server_error', status: 503, attempts });
      assert.equal((await call.seen()).length, attempts);
    });
  }

  await check('retries', 'Retry-After 1 is waited for', async () => {
    const call = platformCall('429-after-1', 'ok');
    await clientOf(call.url).createAuthenticationCode('user-1');
    const [first, second] = await call.seen();
    const waited = second.receivedAt - first.receivedAt;
    assert.ok(waited >= 990 && waited < 1_700, `waited ${waited} ms`);
  });

  await check('retries', 'Retry-After of an hour is reported at once', async () => {
    const call = platformCall('429-after-3600', 'ok');
    const started = performance.now();
    const error = await failureOf(clientOf(call.url));
    const took = performance.now() - started;
    assertFields(error, { code: 'rate_limited', retryAfter: 3_600_000, attempts: 1 });
    assert.ok(took < 500, `took ${took} ms`);
    assert.equal((await call.seen()).length, 1);
  });

  await check('retries', 'an error that they cannot cure ends them', async () => {
    const call = platformCall('503', 'cut-off-chunked', '401', 'ok');
    const error = await failureOf(clientOf(call.url, { maxRetries: 10 }));
    assertFields(error, { code: 'unauthorized', attempts: 3 });
    assert.equal((await call.seen()).length, 3);
  });
}
