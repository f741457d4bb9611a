import { setImmediate as nextTurn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { type AuthenticationCodeResult, SentianceError } from '../src/index.js';
import { clientOf, errorOf, UNUSED_URL } from './support/calls.js';
import { CANARIES, expectNoCanary } from './support/canaries.js';
import { inMemoryFetch, issueCodeInMemory } from './support/in-memory-fetch.js';
import { construct, revokedProxy, startWithoutEnvironment } from './support/refusals.js';

const { apiKey } = CANARIES;

startWithoutEnvironment();

test.each([
  ['given as a string', { apiKey, region: 'us' }],
  ['given by a function', { apiKey: () => apiKey, region: 'us' }],
  ['taken from the environment', { region: 'us' }],
  ['used with a base URL', { apiKey, baseUrl: 'https://api.example.com' }],
])('A client shows its region and its platform, and no key that was %s', (_, options) => {
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', apiKey);
  const client = construct(options);
  const { region, platformUrl } = client;

  const printed = inspect(client, { showHidden: true, depth: 20, breakLength: Infinity });
  expect(printed).toBe(
    `SentianceUserLinkClient { region: ${inspect(region)}, platformUrl: '${platformUrl}' }`,
  );
  expect(JSON.parse(JSON.stringify(client))).toStrictEqual(
    region === undefined ? { platformUrl } : { region, platformUrl },
  );
  expectNoCanary(client);
});

const MISUSE =
  'The client could not be used as it was called. Call the method on its client, as client.createAuthenticationCode(…), with a signal that is an AbortSignal.';

/** `tryCreateAuthenticationCode` as JavaScript may call it, whatever the types say. */
function uncheckedCall(...args: unknown[]) {
  const { fetch, sent } = inMemoryFetch(issueCodeInMemory);
  const client = clientOf(UNUSED_URL, { fetch });
  const result: Promise<AuthenticationCodeResult> = Reflect.apply(
    client.tryCreateAuthenticationCode,
    client,
    args,
  );
  return { result, sent };
}

function fail(): never {
  throw new Error('user-1');
}

describe('tryCreateAuthenticationCode never rejects', () => {
  const throwing = { get: fail, enumerable: true };
  /** All that a value can be, and worse. */
  const GARBAGE: [string, unknown][] = [
    ['null', null],
    ['true', true],
    ['a number', 42],
    ['NaN', Number.NaN],
    ['a bigint', 42n],
    ['half a surrogate pair', '\ud800'],
    ['a symbol', Symbol('user-1')],
    ['a function', fail],
    ['a class', class {}],
    ['an array', ['user-1']],
    ['an object', { id: 'user-1' }],
    ['an object without a prototype', Object.create(null)],
    ['an object that throws as a text', { toString: fail, [Symbol.toPrimitive]: fail }],
    ['an object whose fields throw', Object.defineProperty({}, 'signal', throwing)],
    ['a Date', new Date(0)],
    ['a Map', new Map([['signal', 1]])],
    ['a promise', Promise.resolve('user-1')],
    ['a URL', new URL(UNUSED_URL)],
    ['an Error', new Error('user-1')],
    ['a revoked proxy', revokedProxy()],
    ['a proxy that throws', new Proxy({}, new Proxy({}, { get: () => fail }))],
  ];

  test.each(
    GARBAGE.flatMap(([name, value]): [string, unknown[]][] => [
      [`the external id is ${name}`, [value]],
      [`the options are ${name}`, ['user-7', value]],
      [`signal is ${name}`, ['user-7', { signal: value }]],
      [`maxRetries is ${name}`, ['user-7', { maxRetries: value }]],
    ]),
  )('when %s', async (_, args) => {
    const { result, sent } = uncheckedCall(...args);

    const outcome = await result;

    // An object without fields of its own is as good as no options.
    if (outcome.ok) expect([sent.length, Object.keys(Object(args[1]))]).toEqual([1, []]);
    else {
      expect(outcome.error).toBeInstanceOf(SentianceError);
      expect(outcome.error.code).toMatch(/^invalid_(external_id|configuration)$/);
      expect(outcome.error.attempts).toBe(0);
      expect(outcome.error.message).not.toContain('user-1');
      expect(sent).toHaveLength(0);
    }
  });

  test('without arguments', async () => {
    expect(errorOf(await uncheckedCall().result).code).toBe('invalid_external_id');
  });

  test('for a signal that cannot be listened to', async () => {
    const signal = { aborted: false, addEventListener: fail, removeEventListener: fail };
    const { result, sent } = uncheckedCall('user-7', { signal });

    expect(errorOf(await result)).toMatchObject({
      code: 'invalid_configuration',
      action: 'alert',
      attempts: 0,
      message: MISUSE,
    });
    expect(sent).toHaveLength(0);
  });

  test.each<[string, () => unknown]>([
    ['throws', fail],
    ['gives nothing', () => undefined],
  ])('nor loses a code, when removeEventListener of its signal %s', async (_, removeListener) => {
    const signal = {
      aborted: false,
      addEventListener() {},
      removeEventListener: removeListener,
    };

    expect((await uncheckedCall('user-7', { signal }).result).ok).toBe(true);
    await nextTurn();
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an object', {}],
    ['what only inherits from the client', Object.create(clientOf(UNUSED_URL))],
    ['a proxy of the client', new Proxy(clientOf(UNUSED_URL), {})],
  ])('when it was taken off its client, and called on %s', async (_, receiver) => {
    const { tryCreateAuthenticationCode, createAuthenticationCode } = clientOf(UNUSED_URL);

    const result = await Reflect.apply(tryCreateAuthenticationCode, receiver, ['user-7']);

    const misuse = { code: 'invalid_configuration', attempts: 0, message: MISUSE };
    expect(errorOf(result)).toBeInstanceOf(SentianceError);
    expect(errorOf(result)).toMatchObject(misuse);
    await expect(
      Reflect.apply(createAuthenticationCode, receiver, ['user-7']),
    ).rejects.toMatchObject(misuse);
  });

  test('in a runtime without Error.captureStackTrace', async () => {
    const { captureStackTrace } = Error;
    Reflect.set(Error, 'captureStackTrace', undefined);
    try {
      expect(errorOf(await uncheckedCall('').result).code).toBe('invalid_external_id');
    } finally {
      Error.captureStackTrace = captureStackTrace;
    }
  });
});
