import { afterEach, describe, expect, test, vi } from 'vitest';
import { CANARIES, expectNoCanary } from '../support/canaries.js';
import { withoutBackoff } from '../support/clock.js';
import {
  codeResponse,
  inMemoryFetch,
  neverRespond,
  respondInTurn,
  statusResponse,
} from '../support/in-memory-fetch.js';
import {
  configurationError,
  construct,
  failureOf,
  requestCode,
  revokedProxy,
} from '../support/refusals.js';

const { apiKey } = CANARIES;

afterEach(() => {
  vi.useRealTimers();
});

/** What a call fails with, and after how many milliseconds of a clock that is held. */
async function timed(call: () => Promise<unknown>) {
  vi.useFakeTimers();
  const started = performance.now();
  const ended = failureOf(call).then((error) => ({ error, took: performance.now() - started }));
  await vi.runAllTimersAsync();
  return await ended;
}

const after = (delay: number, settle: () => unknown) =>
  new Promise((resolve) => setTimeout(() => resolve(settle()), delay));

test.each([
  ['at once', (key: string | undefined) => key],
  ['in a promise', (key: string | undefined) => Promise.resolve(key)],
])('The function is asked at every call, so that a key can be rotated: %s', async (_, give) => {
  const keys = ['first-key', 'second-key'];
  const askForKey = vi.fn(() => give(keys.shift()));
  const fetch = respondInTurn(codeResponse(), codeResponse());
  const client = construct({ apiKey: askForKey, fetch });
  expect(askForKey).not.toHaveBeenCalled();

  for (const id of ['user-1', 'user-2']) await requestCode(client, id);

  expect(askForKey).toHaveBeenCalledTimes(2);
  const sent = fetch.mock.calls.map(([, { headers }]) => headers.Authorization);
  expect(sent).toEqual(['Bearer first-key', 'Bearer second-key']);
});

test('The function is asked once a call, however many attempts there are', async () => {
  withoutBackoff();
  const askForKey = vi.fn(() => apiKey);
  const fetch = respondInTurn(statusResponse(503), statusResponse(503), codeResponse());

  await requestCode(construct({ apiKey: askForKey, fetch }), 'user-1');

  expect(fetch).toHaveBeenCalledTimes(3);
  expect(askForKey).toHaveBeenCalledOnce();
});

test.each<[string, unknown[], string]>([
  ['the external id is wrong', [''], 'invalid_external_id'],
  ['an option is wrong', ['user-1', { timeout: 0 }], 'invalid_configuration'],
  ['the signal has aborted', ['user-1', { signal: AbortSignal.abort() }], 'aborted'],
])('The function is not asked when %s', async (_, args, code) => {
  const askForKey = vi.fn(() => apiKey);

  const error = await failureOf(() => requestCode(construct({ apiKey: askForKey }), ...args));

  expect(error).toMatchObject({ code, attempts: 0 });
  expect(askForKey).not.toHaveBeenCalled();
});

describe('A function that fails', () => {
  const WITHHELD = { message: 'details withheld' };
  const systemError = Object.assign(new Error(apiKey), { code: 'ECONNREFUSED', apiKey });
  const SHOWN = { message: 'ECONNREFUSED', code: 'ECONNREFUSED' };

  test.each<[string, unknown, string, object]>([
    ['an error', new TypeError(apiKey), '', { name: 'TypeError', ...WITHHELD }],
    ['a string', apiKey, '', { name: 'Error', ...WITHHELD }],
    ['nothing', undefined, '', { name: 'Error', ...WITHHELD }],
    ['a revoked proxy', revokedProxy(), '', { name: 'Error', ...WITHHELD }],
    ["a system's error", systemError, ' (ECONNREFUSED)', { name: 'Error', ...SHOWN }],
    [
      "an error with a system's behind it",
      new TypeError(apiKey, { cause: systemError }),
      ' (ECONNREFUSED)',
      { name: 'TypeError', ...SHOWN },
    ],
  ])('fails the call and is not quoted: %s', async (_, thrown, reason, cause) => {
    const throwing = () => {
      throw thrown;
    };
    for (const askForKey of [throwing, () => Promise.reject(thrown)]) {
      const fetch = respondInTurn(codeResponse());

      const error = await failureOf(() =>
        requestCode(construct({ apiKey: askForKey, fetch }), 'user-1'),
      );

      expect(error).toMatchObject({
        ...configurationError(
          `The apiKey function failed${reason}. What it threw is not shown, since it may hold the key: log it inside the function.`,
        ),
        cause: expect.objectContaining(cause),
      });
      expectNoCanary(error);
      expect(fetch).not.toHaveBeenCalled();
    }
  });

  test('after the call has ended disturbs nothing', async () => {
    const askForKey = () => after(6_000, () => Promise.reject(new Error(apiKey)));

    const { error, took } = await timed(() =>
      requestCode(construct({ apiKey: askForKey }), 'user-1'),
    );

    expect(error).toMatchObject({ code: 'timeout', attempts: 0 });
    expect(took).toBe(5_000);
  });
});

describe('A function that is slow', () => {
  test.each([
    ['the default', {}, {}, 5_000],
    ["the client's", { timeout: 300 }, {}, 300],
    ["the call's", { timeout: 300 }, { timeout: 1_200 }, 1_200],
  ])('ends with timeout, and nothing is sent: %s', async (_, options, callOptions, timeout) => {
    const fetch = respondInTurn(codeResponse());
    const client = construct({ ...options, apiKey: () => new Promise(() => {}), fetch });

    const { error, took } = await timed(() => requestCode(client, 'user-1', callOptions));

    expect(error).toMatchObject({
      code: 'timeout',
      attempts: 0,
      message: `The apiKey function did not respond within ${timeout} ms (timeout, the limit of the whole call). Ask again later.`,
    });
    expect(took).toBe(timeout);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('leaves the rest of timeout to the request', async () => {
    const { fetch, sent } = inMemoryFetch(neverRespond);
    const askForKey = () => after(4_500, () => apiKey);

    const { error, took } = await timed(() =>
      requestCode(construct({ apiKey: askForKey, fetch }), 'user-1'),
    );

    expect(error).toMatchObject({ code: 'timeout', attempts: 1 });
    expect(sent).toHaveLength(1);
    expect(took).toBe(5_000);
  });

  test('ends as soon as the signal aborts', async () => {
    const controller = new AbortController();
    const askForKey = vi.fn(() => new Promise(() => {}));
    const fetch = respondInTurn(codeResponse());
    const client = construct({ apiKey: askForKey, fetch });

    const failure = failureOf(() => requestCode(client, 'user-1', { signal: controller.signal }));
    expect(askForKey).toHaveBeenCalledOnce();
    controller.abort(CANARIES.abortReason);

    const error = await failure;
    expect(error).toMatchObject({ code: 'aborted', attempts: 0 });
    expectNoCanary(error);
    expect(fetch).not.toHaveBeenCalled();
  });
});

test('A function that aborts the signal itself gives its key in vain', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const fetch = respondInTurn(codeResponse());
  const askForKey = () => {
    controller.abort();
    return apiKey;
  };

  const error = await failureOf(() =>
    requestCode(construct({ apiKey: askForKey, fetch }), 'user-1', { signal }),
  );

  expect(error).toMatchObject({ code: 'aborted', attempts: 0 });
  expect(fetch).not.toHaveBeenCalled();
});
