import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher, fetch as undiciFetch } from 'undici';
import { CODE, errorOf, expectCode, ORIGIN, PATH } from './calls.mjs';

const request = { method: 'POST', path: PATH };
const original = getGlobalDispatcher();
let agent;
let platform;

beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
  platform = agent.get(ORIGIN);
});
afterEach(() => agent.close());

describe('a MockAgent for the whole process', () => {
  beforeEach(() => setGlobalDispatcher(agent));
  afterEach(() => setGlobalDispatcher(original));

  test('a code, for the request that the client sends', async () => {
    platform
      .intercept({
        ...request,
        headers: { authorization: 'Bearer test-user-link-key' },
        body: '{"external_id":"user-1"}',
      })
      .reply(200, CODE);

    await expectCode();
    agent.assertNoPendingInterceptors();
  });

  test('a retry', async () => {
    platform.intercept(request).reply(503, {});
    platform.intercept(request).reply(200, CODE);

    await expectCode();
    agent.assertNoPendingInterceptors();
  });

  test('a connection that is lost, once', async () => {
    const lost = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    platform.intercept(request).replyWithError(lost);
    platform.intercept(request).reply(200, CODE);

    await expectCode();
  });

  test('a deadline, when the response is late', async () => {
    platform.intercept(request).reply(200, CODE).delay(2_000).times(3);

    assert.equal((await errorOf({ timeout: 300 })).code, 'timeout');
  });

  test('another path than the one that is mocked', async () => {
    platform.intercept({ ...request, path: '/users/auth-codes' }).reply(200, CODE);

    const error = await errorOf();

    assert.equal(error.reason, 'UND_MOCK_ERR_MOCK_NOT_MATCHED');
    assert.match(
      error.message,
      /The test's mock has no response to this request: check its host, path,/,
    );
    assert.equal(error.attempts, 1);
  });
});

test('a MockAgent for one client, with the fetch of undici', async () => {
  platform.intercept(request).reply(503, {});
  platform.intercept(request).reply(200, CODE);
  const client = new SentianceUserLinkClient({
    apiKey: 'test-user-link-key',
    fetch: (url, init) => undiciFetch(url, { ...init, dispatcher: agent }),
  });

  const { authenticationCode } = await client.createAuthenticationCode('user-1');

  assert.equal(authenticationCode, 'code-of-the-mock');
  agent.assertNoPendingInterceptors();
});
