import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { CANARIES } from '../support/canaries.js';
import { codeResponse, ISSUED_CODE, respondInTurn } from '../support/in-memory-fetch.js';
import {
  construct,
  expectRefusal,
  requestCode,
  revokedProxy,
  startWithoutEnvironment,
} from '../support/refusals.js';

const { apiKey } = CANARIES;

startWithoutEnvironment();

/** Both places that take options, by what messages call them, and the names that each takes. */
const PLACES: [string, string, (options: unknown) => unknown][] = [
  [
    'The options of SentianceUserLinkClient',
    'apiKey, region, baseUrl, api, timeout, hedgeAfter, maxRetries, fetch, onAttempt, dangerouslyAllowBrowser, dangerouslyAllowHttp',
    construct,
  ],
  [
    'The options of createAuthenticationCode',
    'signal, timeout, hedgeAfter, maxRetries',
    (options) => requestCode(construct({ apiKey }), 'user-1', options),
  ],
];

/** Own classes: one that holds options, one that holds nothing of the kind. */
class Limits {
  get timeout() {
    return 1_000;
  }
}
class Unrelated {
  readonly #key = apiKey;
  get key() {
    return this.#key;
  }
}

describe.each(PLACES)('%s', (subject, names, pass) => {
  const [first] = names.split(',');

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', apiKey],
    ['a boolean', true],
    ['a number', Number.NaN],
    ['a bigint', 1n],
    ['a symbol', Symbol(apiKey)],
    ['a function', () => apiKey],
    ['a function', Limits],
    ['an array', [apiKey]],
    ['an array', []],
    ['a Map', new Map([['timeout', 1]])],
    ['a Set', new Set(['timeout'])],
    ['a promise', Promise.resolve({ apiKey })],
    ['an AbortSignal', new AbortController().signal],
    ['a URL', new URL(`https://${apiKey}.example`)],
    ['a Date', new Date()],
    ['an error', Object.assign(new TypeError(apiKey), { timeout: 1_000 })],
    ['a promise', Object.assign(Promise.resolve(), { timeout: 1_000 })],
    ['a promise', runInNewContext('Promise.resolve()')],
    ['an object', Object(apiKey)],
    ['an object', new Headers({ apiKey })],
    ['an object', new Unrelated()],
  ])('must be a plain object, but not %s', async (shown, options) => {
    await expectRefusal(
      () => pass(options),
      `${subject} must be a plain object, but they are ${shown}. Pass { ${first}: … }.`,
    );
  });

  test.each([
    ['an option of the same meaning elsewhere', 'retries'],
    ['a property that every object has', 'constructor'],
    ['a name of 40 characters', 'x'.repeat(40)],
  ])('name the one that does not exist: %s', async (_, name) => {
    for (const value of [apiKey, undefined]) {
      await expectRefusal(
        () => pass({ timeout: 1_000, [name]: value }),
        `${subject} have an unknown option '${name}'. Valid options: ${names}.`,
      );
    }
  });

  test.each([
    ['in other capitals', 'TimeOut', 'timeout'],
    ['with a slip', 'maxRetrys', 'maxRetries'],
    ['in snake case', 'hedge_after', 'hedgeAfter'],
  ])('name the one that may be meant: %s', async (_, name, meant) => {
    await expectRefusal(
      () => pass({ [name]: 1_000 }),
      `${subject} have an unknown option '${name}'. Did you mean ${meant}? Valid options: ${names}.`,
    );
  });

  test('name timeout when there is a totalTimeout, which there once was', async () => {
    await expectRefusal(
      () => pass({ totalTimeout: 1_000 }),
      `${subject} have an unknown option 'totalTimeout'. Use timeout: it is the limit of the whole call, and an attempt has none.`,
    );
  });

  test.each<[string, object]>([
    ['the key itself', { [apiKey]: true }],
    ['a name of 41 characters', { ['x'.repeat(41)]: true }],
    ['an empty name', { '': true }],
    ['two lines', { 'timeout\n': 1 }],
    ['an own __proto__, as JSON.parse makes it', JSON.parse('{"__proto__":{"timeout":1}}')],
  ])('do not show what is no name: %s', async (_, options) => {
    await expectRefusal(
      () => pass(options),
      `${subject} have an unknown option with an unusual name. Valid options: ${names}.`,
    );
  });

  const throwKey = () => {
    throw new Error(apiKey);
  };

  test.each<[string, object]>([
    [
      'a getter that throws',
      Object.defineProperty({}, 'timeout', { enumerable: true, get: throwKey }),
    ],
    ['a proxy that throws when it is read', new Proxy({ timeout: 1 }, { get: throwKey })],
    ['a revoked proxy', revokedProxy()],
  ])('do not show why they could not be read: %s', async (_, options) => {
    await expectRefusal(
      () => pass(options),
      `${subject} could not be read: reading one of them threw an error. Pass a plain object.`,
    );
  });
});

describe('Options of either place', () => {
  /** The client and the call are given these, and the call brings a code. */
  async function expectTaken(options: unknown): Promise<void> {
    vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', apiKey);
    vi.stubGlobal('fetch', respondInTurn(codeResponse()));

    await expect(requestCode(construct(options), 'user-1', options)).resolves.toMatchObject({
      authenticationCode: ISSUED_CODE,
    });
  }

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['an empty object', {}],
    ['each of them undefined', { timeout: undefined, hedgeAfter: undefined }],
    ['an object without a prototype', Object.assign(Object.create(null), { timeout: 1_000 })],
    ['an object of another realm', runInNewContext('({ timeout: 1000 })')],
    ['an empty object of another realm', runInNewContext('({})')],
    ['an object that inherits from an object', Object.create({ timeout: 1_000 })],
    ['an instance of a class, with a getter', new Limits()],
    ['a frozen object', Object.freeze({ timeout: 1_000 })],
  ])('may be %s', async (_, options) => {
    await expectTaken(options);
  });

  test('are each read exactly once, by the getters of a class too', () => {
    const get = vi.fn(() => 'us');
    class Config {
      apiKey = apiKey;
      get region() {
        return get();
      }
    }

    expect(construct(new Config()).region).toBe('us');
    expect(get).toHaveBeenCalledOnce();
  });

  test('are copied: what changes later changes nothing', async () => {
    const fetch = respondInTurn(codeResponse());
    const options = { apiKey, region: 'us', fetch };
    const client = construct(options);
    Object.assign(options, { apiKey: 'another-key', region: 'in', fetch: respondInTurn() });

    await expect(requestCode(client, 'user-1')).resolves.toMatchObject({
      platformUrl: 'https://api.p15.sentiance.com',
    });
    expect(fetch.mock.calls[0]?.[1].headers).toMatchObject({ Authorization: `Bearer ${apiKey}` });
  });
});

describe('A polluted Object.prototype', () => {
  /** Runs `action` while every object has one more property. */
  function polluting<T>(name: string, value: unknown, action: () => T): T {
    Object.defineProperty(Object.prototype, name, { configurable: true, enumerable: true, value });
    try {
      return action();
    } finally {
      Reflect.deleteProperty(Object.prototype, name);
    }
  }

  test.each([
    ['the client no key', 'apiKey', {}],
    ['the environment no key', 'SENTIANCE_USER_LINK_API_KEY', {}],
  ])('gives %s', (_, name, options) => {
    expect(() => polluting(name, apiKey, () => construct(options))).toThrow('apiKey is missing.');
  });

  test.each<[string, unknown]>([
    ['region', 'us'],
    ['baseUrl', 'https://evil.example'],
    ['timeout', -1],
    ['hedgeAfter', -1],
    ['maxRetries', -1],
    ['fetch', 'not a function'],
    ['onAttempt', 'not a function'],
    ['dangerouslyAllowBrowser', 'not a boolean'],
    ['dangerouslyAllowHttp', 'not a boolean'],
    ['signal', 'unknown here'],
    ['totalTimeout', 1],
    ['SENTIANCE_REGION', 'us'],
    ['SENTIANCE_BASE_URL', 'https://evil.example'],
  ])('sets no option of the client: %s', (name, value) => {
    for (const options of [{ apiKey }, Object.assign(new Limits(), { apiKey })]) {
      const client = polluting(name, value, () => construct(options));

      expect(client).toMatchObject({ region: 'eu', platformUrl: 'https://api.sentiance.com' });
    }
  });

  test.each<[string, unknown]>([
    ['signal', AbortSignal.abort()],
    ['timeout', -1],
    ['hedgeAfter', -1],
    ['maxRetries', -1],
    ['apiKey', 'unknown here'],
  ])('sets no option of a call: %s', async (name, value) => {
    for (const args of [['user-1'], ['user-1', {}]]) {
      const client = construct({ apiKey, fetch: respondInTurn(codeResponse()) });

      // The options are read before the call first waits for something.
      const call = polluting(name, value, () => requestCode(client, ...args));

      await expect(call).resolves.toMatchObject({ authenticationCode: ISSUED_CODE });
    }
  });

  test.each([
    ['dangerouslyAllowBrowser', {}],
    ['dangerouslyAllowHttp', { baseUrl: 'http://platform.example' }],
  ])('allows nothing: %s', (name, options) => {
    if (name === 'dangerouslyAllowBrowser') vi.stubGlobal('window', { document: {} });
    const action = () => polluting(name, true, () => construct({ apiKey, ...options }));

    expect(action).toThrow(name);
  });

  test('makes no instance of an unrelated class an object of options', () => {
    const action = () => polluting('region', 'us', () => construct(new Unrelated()));

    expect(action).toThrow('must be a plain object');
  });
});
