/** Responses that are no code. */
import assert from 'node:assert/strict';
import { assertFailure, check, platformCall } from './harness.mjs';

const REF = '00000000-0000-4000-8000-000000000001';
const SAID = {
  errorCode: 'SOME_CODE',
  ref: REF,
  message: / The platform says: "Refused: Bearer …"\./,
};

const ROWS = [
  [400, { class: 'SentianceRequestError', code: 'rejected', action: 'alert' }],
  [401, { class: 'SentianceAuthenticationError', code: 'unauthorized', action: 'alert' }],
  [403, { class: 'SentiancePermissionError', code: 'forbidden', action: 'alert' }],
  [404, { class: 'SentianceRequestError', code: 'rejected', action: 'alert' }],
  [408, { class: 'SentianceServerError', code: 'server_error', action: 'retry_later' }],
  [429, { class: 'SentianceRateLimitError', code: 'rate_limited', action: 'retry_later' }],
  [500, { class: 'SentianceServerError', code: 'server_error', action: 'retry_later' }],
  [503, { class: 'SentianceServerError', code: 'server_error', action: 'retry_later' }],
];

const NO_CODE = {
  class: 'SentianceResponseError',
  code: 'invalid_response',
  action: 'alert',
  status: 200,
  attempts: 1,
};
const NO_OBJECT = { ...NO_CODE, issues: ['(body)'], message: /its body is not a JSON object/ };
const TOO_LARGE = { ...NO_CODE, issues: ['(body)'], message: /its body is larger than 1 MiB/ };

const REDIRECT = {
  class: 'SentianceRedirectError',
  code: 'unexpected_redirect',
  action: 'alert',
  attempts: 1,
  message: /which is not followed/,
};

export async function responses() {
  for (const [status, fields] of ROWS) {
    await check('responses', `a ${status} is ${fields.code}`, async () => {
      const call = platformCall(status);
      const expected = { ...fields, ...SAID, status, attempts: 1 };
      await assertFailure(call.url, expected, { maxRetries: 0 });
      assert.equal((await call.seen()).length, 1);
    });
  }

  await check('responses', 'a 429 says how long to wait', async () => {
    const expected = { code: 'rate_limited', retryAfter: 3_600_000, attempts: 1 };
    await assertFailure(platformCall('429-after-3600').url, expected);
  });

  for (const behaviour of ['redirect', 'redirect-elsewhere']) {
    await check('responses', `a 302 is not followed: ${behaviour}`, async () => {
      const call = platformCall(behaviour);
      const error = await assertFailure(call.url, REDIRECT);
      // A runtime may hide the status of a redirect that it does not follow, as browsers do.
      assert.ok([302, 0].includes(error.status), `status ${error.status}`);
      assert.equal((await call.seen()).length, 1);
      assert.deepEqual(await call.seen(`${call.id}-target`), []);
    });
  }

  for (const [behaviour, expected] of [
    ['not-json', NO_OBJECT],
    ['html', NO_OBJECT],
    ['wrong-shape', { ...NO_CODE, issues: ['authentication_code'] }],
    ['over-one-mib', TOO_LARGE],
  ]) {
    await check('responses', `a 200 without a code is invalid_response: ${behaviour}`, async () => {
      const call = platformCall(behaviour);
      await assertFailure(call.url, expected);
      assert.equal((await call.seen()).length, 1);
    });
  }

  await check('responses', 'an endless response is not read on', async () => {
    const call = platformCall('endless');
    await assertFailure(call.url, TOO_LARGE);
    const [{ isClosed }] = await call.closed();
    assert.equal(isClosed, true, 'the connection is still open');
  });
}
