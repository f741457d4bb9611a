import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import fetchMock from 'fetch-mock';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { CODE, errorOf, expectCode, URL } from './calls.mjs';

beforeEach(() => fetchMock.mockGlobal());
afterEach(() => fetchMock.hardReset());

test('a code, for the request that the client sends', async () => {
  fetchMock.post({
    url: URL,
    headers: { authorization: 'Bearer test-user-link-key' },
    body: { external_id: 'user-1' },
    response: CODE,
  });

  await expectCode();
  assert.equal(fetchMock.callHistory.calls().length, 1);
});

test('a retry', async () => {
  fetchMock.postOnce(URL, 503).postOnce(URL, CODE);

  await expectCode();
  assert.equal(fetchMock.callHistory.calls().length, 2);
});

test('a connection that is lost, once', async () => {
  fetchMock.postOnce(URL, { throws: new TypeError('fetch failed') }).postOnce(URL, CODE);

  await expectCode();
});

test('a deadline, when the response is late', async () => {
  fetchMock.post(URL, CODE, { delay: 1_000 });

  assert.equal((await errorOf({ timeout: 300 })).code, 'timeout');
});

test('the mock of one client, without the global fetch', async () => {
  const { fetchHandler } = fetchMock.createInstance().postOnce(URL, 503).postOnce(URL, CODE);
  const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', fetch: fetchHandler });

  const { authenticationCode } = await client.createAuthenticationCode('user-1');

  assert.equal(authenticationCode, 'code-of-the-mock');
});

test('another path than the one that is mocked', async () => {
  fetchMock.post(`${URL}s`, CODE);

  const error = await errorOf();

  assert.equal(error.code, 'connection_failed');
  assert.match(error.message, /In a test, look at the mock of fetch: it may have thrown\.$/);
});
