import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import nock from 'nock';
import { CODE, errorOf, expectCode, ORIGIN, PATH } from './calls.mjs';

beforeEach(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());

test('a code, for the request that the client sends', async () => {
  const scope = nock(ORIGIN, { reqheaders: { authorization: 'Bearer test-user-link-key' } })
    .post(PATH, { external_id: 'user-1' })
    .reply(200, CODE);

  await expectCode();
  scope.done();
});

test('a retry', async () => {
  const scope = nock(ORIGIN).post(PATH).reply(503, {}).post(PATH).reply(200, CODE);

  await expectCode();
  scope.done();
});

test('a connection that is lost, once', async () => {
  nock(ORIGIN)
    .post(PATH)
    .replyWithError(Object.assign(new Error('lost'), { code: 'ECONNRESET' }));
  nock(ORIGIN).post(PATH).reply(200, CODE);

  await expectCode();
});

test('a deadline, when the response is late', async () => {
  nock(ORIGIN).post(PATH).times(3).delay(5_000).reply(200, CODE);

  assert.equal((await errorOf({ timeout: 300 })).code, 'timeout');
  nock.abortPendingRequests();
});

test('another path than the one that is mocked', async () => {
  nock(ORIGIN).post('/users/auth-codes').reply(200, CODE);

  const error = await errorOf();

  assert.equal(error.reason, 'ERR_NOCK_NO_MATCH');
  assert.match(
    error.message,
    /The test's mock has no response to this request: check its host, path,/,
  );
  assert.equal(error.attempts, 1);
});

test('nothing mocked at all', async () => {
  const error = await errorOf();

  assert.equal(error.reason, 'ENETUNREACH');
});

test('a response without a code', async () => {
  nock(ORIGIN).post(PATH).reply(200, { authenticationCode: 'of another spelling' });

  assert.deepEqual((await errorOf()).issues, ['authentication_code']);
});
