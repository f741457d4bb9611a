import { afterEach, expect, test, vi } from 'vitest';
import { CODE, errorOf, expectCode, expectRefused, URL, WRONG_RESULTS } from './calls.mjs';

afterEach(() => vi.restoreAllMocks());

test('a code, for the request that the client sends', async () => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(CODE));

  await expectCode();
  expect(fetch).toHaveBeenCalledWith(
    URL,
    expect.objectContaining({
      method: 'POST',
      headers: expect.objectContaining({ Authorization: 'Bearer test-user-link-key' }),
      body: '{"external_id":"user-1"}',
    }),
  );
});

test('a retry', async () => {
  const fetch = vi
    .spyOn(globalThis, 'fetch')
    .mockResolvedValueOnce(new Response('', { status: 503 }))
    .mockRejectedValueOnce(new TypeError('fetch failed'))
    .mockResolvedValueOnce(Response.json(CODE));

  await expectCode();
  expect(fetch).toHaveBeenCalledTimes(3);
});

test.each(WRONG_RESULTS)('a spy that gives %s', async (_, give, problem) => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => give());

  await expectRefused(problem);
  expect(fetch).toHaveBeenCalledOnce();
});

test('a spy that gives one Response to every call', async () => {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(CODE));

  await expectCode();
  await expectRefused(
    'a new Response at every call, but resolved to one whose body was read already',
  );
});

test('a spy without an implementation, in an automock', async () => {
  vi.stubGlobal('fetch', vi.fn());

  await expectRefused('a Response, but resolved to undefined');
  vi.unstubAllGlobals();
});

test('a spy that rejects', async () => {
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('user-1'));

  const error = await errorOf();

  expect(error.code).toBe('connection_failed');
  expect(error.message).toMatch(/In a test, look at the mock of fetch: it may have thrown\.$/);
});
