/** The ESM and the CommonJS copy in one process. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as esm from 'sentiance-user-link';
import * as esmTesting from 'sentiance-user-link/testing';
import { check, clientOf, failureOf, KEY, platformCall } from './harness.mjs';

const require = createRequire(import.meta.url);

export async function copies() {
  const cjs = require('sentiance-user-link');
  const cjsTesting = require('sentiance-user-link/testing');

  await check('copies', 'are two, with the same exports', async () => {
    assert.notEqual(cjs.SentianceError, esm.SentianceError);
    const names = (copy) =>
      Object.keys(copy)
        .filter((name) => !/^(default|module\.exports|__esModule)$/.test(name))
        .sort();
    assert.deepEqual(names(cjs), names(esm));
    assert.deepEqual(names(cjsTesting), names(esmTesting));
  });

  await check('copies', "know each other's errors", async () => {
    const { url } = platformCall('401');
    const fromEsm = await failureOf(clientOf(url));
    const fromCjs = await failureOf(new cjs.SentianceUserLinkClient({ apiKey: KEY, baseUrl: url }));
    for (const [error, copy] of [
      [fromEsm, cjs],
      [fromCjs, esm],
    ]) {
      assert.ok(error instanceof copy.SentianceAuthenticationError);
      assert.ok(error instanceof copy.SentianceApiError);
      assert.ok(error instanceof copy.SentianceError);
      assert.ok(error instanceof Error);
      assert.ok(!(error instanceof copy.SentianceServerError));
    }
  });

  await check('copies', 'take no lookalike for an error of theirs', async () => {
    const { SentianceError, SentianceAuthenticationError } = esm;
    const lookalike = Object.assign(new Error('no'), {
      code: 'unauthorized',
      name: 'SentianceError',
    });
    for (const value of [lookalike, new Error('no'), null, undefined, 'unauthorized', {}]) {
      assert.ok(!(value instanceof SentianceError));
      assert.ok(!(value instanceof SentianceAuthenticationError));
    }
  });

  await check('copies', 'both send the request', async () => {
    const call = platformCall('ok');
    const client = new cjs.SentianceUserLinkClient({ apiKey: KEY, baseUrl: call.url });
    assert.equal((await client.tryCreateAuthenticationCode('user-1')).ok, true);
    assert.equal((await call.seen()).length, 1);
  });
}
