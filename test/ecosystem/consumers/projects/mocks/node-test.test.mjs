import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { CODE, errorOf, expectCode, expectRefused, URL, WRONG_RESULTS } from './calls.mjs';

test.afterEach(() => mock.restoreAll());

test('a code, for the request that the client sends', async () => {
  const fetch = mock.method(globalThis, 'fetch', async () => Response.json(CODE));

  await expectCode();
  const [url, { method, headers, body }] = fetch.mock.calls[0].arguments;
  assert.deepEqual([method, url, body], ['POST', URL, '{"external_id":"user-1"}']);
  assert.equal(headers.Authorization, 'Bearer test-user-link-key');
});

test('a retry', async () => {
  const fetch = mock.method(globalThis, 'fetch', async () => Response.json(CODE));
  fetch.mock.mockImplementationOnce(async () => new Response('', { status: 503 }), 0);
  fetch.mock.mockImplementationOnce(async () => Promise.reject(new TypeError('fetch failed')), 1);

  await expectCode();
  assert.equal(fetch.mock.callCount(), 3);
});

test('a code, when it is given without a promise', async () => {
  mock.method(globalThis, 'fetch', () => Response.json(CODE));

  await expectCode();
});

for (const [title, give, problem] of WRONG_RESULTS) {
  test(`a mock that gives ${title}`, async () => {
    const fetch = mock.method(globalThis, 'fetch', async () => give());

    await expectRefused(problem);
    assert.equal(fetch.mock.callCount(), 1);
  });
}

test('a mock that gives the same Response at every call', async () => {
  const response = Response.json({}, { status: 503 });
  mock.method(globalThis, 'fetch', async () => response);

  await expectRefused(
    'a new Response at every call, but resolved to one whose body was read already',
  );
});

test('a mock that throws', async () => {
  mock.method(globalThis, 'fetch', () => {
    throw new Error('user-1 was not expected');
  });

  const error = await errorOf();

  assert.equal(error.code, 'connection_failed');
  assert.match(error.message, /In a test, look at the mock of fetch: it may have thrown\.$/);
});

test('a mock that never settles, and ignores its signal', async () => {
  mock.method(globalThis, 'fetch', () => new Promise(() => {}));

  assert.equal((await errorOf({ timeout: 100 })).code, 'timeout');
});
