import { format, inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { version } from '../package.json';
import { type AttemptEvent, SentianceUserLinkClient } from '../src/index.js';
import { CANARIES, expectNoCanary } from './support/canaries.js';
import {
  codeResponse,
  ISSUED_CODE,
  ISSUED_EXPIRY,
  inMemoryFetch,
  neverRespond,
  respondAlways,
  respondInTurn,
  statusResponse,
} from './support/in-memory-fetch.js';
import {
  configurationError,
  construct,
  expectRefusal,
  failureOf,
  requestCode,
  revokedProxy,
} from './support/refusals.js';

const { apiKey } = CANARIES;
const KEY_VARIABLE = 'SENTIANCE_USER_LINK_API_KEY';
const LARGEST_TIMEOUT = 2_147_483_647;

/** Messages of the two refusals that several parts below meet. */
const KEY_MISSING = `apiKey is missing. Pass apiKey, or set the environment variable ${KEY_VARIABLE}, to a key with the user-link scope from the Sentiance console.`;
const BROWSER_REFUSED =
  'SentianceUserLinkClient is for servers only, but this is a browser or React Native: everyone ' +
  'who has the app could read the API key. Make the call in your backend. In a Jest or Vitest ' +
  "test, use the test environment 'node' (in Jest: @jest-environment node at the top of the " +
  'file) or, to stay in jsdom, pass dangerouslyAllowBrowser: true.';

beforeEach(() => {
  // Whatever is sent by mistake gets no further than this.
  vi.stubGlobal('fetch', respondInTurn());
  vi.stubEnv(KEY_VARIABLE, undefined);
  vi.stubEnv('SENTIANCE_REGION', undefined);
});

afterEach(() => {
  vi.useRealTimers();
});

/** Whatever the call comes to, and how many milliseconds of the fake clock it took. */
async function timed(call: () => Promise<unknown>) {
  vi.useFakeTimers();
  const start = performance.now();
  const ended = failureOf(call).then((error) => ({ error, took: performance.now() - start }));
  await vi.runAllTimersAsync();
  return await ended;
}

function keysSent(fetch: ReturnType<typeof respondInTurn>): unknown[] {
  return fetch.mock.calls.map(([, { headers }]) => new Headers(headers).get('authorization'));
}

/** The header that a client with these options sends. */
async function authorizationOf(options: object): Promise<unknown> {
  const fetch = respondInTurn(codeResponse());
  await requestCode(construct({ ...options, fetch }), 'user-1');
  return keysSent(fetch)[0];
}

/** Values of the wrong kind for any option that is neither a string nor an object. */
const WRONG_KINDS: [string, unknown, string][] = [
  ['null', null, 'null'],
  ['a string', '5s', 'a string'],
  ['a number as a string', '1', 'a string'],
  ['a bigint', 1n, 'a bigint'],
  ['a symbol', Symbol('1'), 'a symbol'],
  ['an array', [1], 'an array'],
  ['an object', {}, 'an object'],
  ['an object that reads as a number', { valueOf: () => 1 }, 'an object'],
  ['a revoked proxy', revokedProxy(), 'an object'],
];
const NUMBER: [string, unknown, string] = ['a number', 1, 'a number'];
const BOOLEAN: [string, unknown, string] = ['a boolean', true, 'a boolean'];
const FUNCTION: [string, unknown, string] = ['a function', () => 1, 'a function'];

interface Place {
  /** The option that the message begins its example with. */
  first: string;
  names: string;
  pass: (options: unknown) => unknown;
}

/** Both places that take options, by what messages call them. */
const PLACES: [string, Place][] = [
  [
    'The options of SentianceUserLinkClient',
    {
      first: 'apiKey',
      names:
        'apiKey, region, baseUrl, timeout, totalTimeout, maxRetries, fetch, onAttempt, dangerouslyAllowBrowser',
      pass: (options) => construct(options),
    },
  ],
  [
    'The options of createAuthenticationCode',
    {
      first: 'signal',
      names: 'signal, timeout, totalTimeout, maxRetries',
      pass: (options) =>
        requestCode(construct({ apiKey, fetch: respondInTurn(codeResponse()) }), 'user-1', options),
    },
  ],
];

describe.each(PLACES)('%s', (subject, { first, names, pass }) => {
  test.each<[string, unknown, string]>([
    ['null', null, 'null'],
    ['the key itself', apiKey, 'a string'],
    ['a boolean', true, 'a boolean'],
    ['a number', 1, 'a number'],
    ['NaN', Number.NaN, 'a number'],
    ['a bigint', 1n, 'a bigint'],
    ['a symbol', Symbol(apiKey), 'a symbol'],
    ['a function', () => apiKey, 'a function'],
    ['an array', [apiKey], 'an array'],
    ['an empty array', [], 'an array'],
    ['a Map', new Map([['region', 'us']]), 'an iterable'],
    ['a String object', Object(apiKey), 'an iterable'],
  ])('must be an object, but not %s', async (_, options, shown) => {
    await expectRefusal(
      () => pass(options),
      `${subject} must be an object, but they are ${shown}. Pass { ${first}: … }.`,
    );
  });

  test.each([
    ['an option of the same meaning elsewhere', 'retries'],
    ['an option in snake case', 'api_key'],
    ['an option in other capitals', 'TimeOut'],
    ['a property that every object has', 'constructor'],
    ['a name of 40 characters', 'x'.repeat(40)],
  ])('name the one that does not exist: %s', async (_, name) => {
    await expectRefusal(
      () => pass({ [name]: apiKey }),
      `${subject} have an unknown option '${name}'. Valid options: ${names}.`,
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

  test('refuse an unknown option even when it is undefined', async () => {
    await expectRefusal(
      () => pass({ retries: undefined }),
      `${subject} have an unknown option 'retries'. Valid options: ${names}.`,
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
    ['a proxy that throws when it is listed', new Proxy({}, { ownKeys: throwKey })],
    ['a revoked proxy', revokedProxy()],
  ])('may be hostile: %s', async (_, options) => {
    await expectRefusal(
      () => pass(options),
      `${subject} could not be read: reading one of them threw an error. Pass a plain object.`,
    );
  });

  describe.each(['timeout', 'totalTimeout'])('%s', (name) => {
    test.each([
      ...WRONG_KINDS,
      BOOLEAN,
      FUNCTION,
      ['a negative number', -1, 'negative'],
      ['NaN', Number.NaN, 'NaN'],
      ['infinity', Number.POSITIVE_INFINITY, 'infinite'],
      ['negative infinity', Number.NEGATIVE_INFINITY, 'infinite'],
      ['zero', 0, 'out of range'],
      ['less than one', 0.5, 'out of range'],
      ['more than a timer takes', LARGEST_TIMEOUT + 1, 'out of range'],
    ])('is refused: %s', async (_, value, shown) => {
      await expectRefusal(
        () => pass({ [name]: value }),
        `${name} must be a number of milliseconds from 1 to 2147483647, but it is ${shown}.`,
      );
    });
  });

  describe('maxRetries', () => {
    test.each([
      ...WRONG_KINDS,
      BOOLEAN,
      FUNCTION,
      ['a negative number', -1, 'negative'],
      ['NaN', Number.NaN, 'NaN'],
      ['infinity', Number.POSITIVE_INFINITY, 'infinite'],
      ['a fraction', 1.5, 'not a whole number'],
      ['a fraction above the range', 10.5, 'not a whole number'],
      ['eleven', 11, 'out of range'],
    ])('is refused: %s', async (_, value, shown) => {
      await expectRefusal(
        () => pass({ maxRetries: value }),
        `maxRetries must be a whole number from 0 to 10, but it is ${shown}.`,
      );
    });
  });
});

describe('the options of the client', () => {
  test.each<[string, unknown[]]>([
    ['nothing', []],
    ['undefined', [undefined]],
    ['no option', [{}]],
    ['an object without a prototype', [Object.create(null)]],
    [
      'each as undefined',
      [
        {
          apiKey: undefined,
          region: undefined,
          baseUrl: undefined,
          timeout: undefined,
          totalTimeout: undefined,
          maxRetries: undefined,
          fetch: undefined,
          onAttempt: undefined,
          dangerouslyAllowBrowser: undefined,
        },
      ],
    ],
  ])('may be left out when the key is in the environment: %s', async (_, args) => {
    vi.stubEnv(KEY_VARIABLE, apiKey);
    const fetch = respondInTurn(codeResponse());
    vi.stubGlobal('fetch', fetch);

    await expect(requestCode(construct(...args), 'user-1')).resolves.toMatchObject({
      authenticationCode: ISSUED_CODE,
      platformUrl: 'https://api.sentiance.com',
    });
    expect(keysSent(fetch)).toEqual([`Bearer ${apiKey}`]);
  });

  test('are read once, so that what changes later changes nothing', async () => {
    const first = respondInTurn(codeResponse());
    const second = respondInTurn(codeResponse());
    const options = { apiKey, region: 'us', fetch: first };
    const client = construct(options);
    Object.assign(options, { apiKey: 'another-key', region: 'in', fetch: second });

    await requestCode(client, 'user-1');

    expect(first.mock.calls[0]?.[0]).toBe('https://api.p15.sentiance.com/users/auth-code');
    expect(keysSent(first)).toEqual([`Bearer ${apiKey}`]);
    expect(second).not.toHaveBeenCalled();
  });

  test('may have getters, each of which is read exactly once', () => {
    const get = vi.fn(() => 'us');
    const options = Object.defineProperty({ apiKey }, 'region', { enumerable: true, get });

    expect(construct(options).region).toBe('us');
    expect(get).toHaveBeenCalledOnce();
  });

  test('are left as they were', () => {
    const options = Object.freeze({ apiKey, region: 'us', timeout: 1 });

    expect(construct(options).region).toBe('us');
  });

  test('may come from an instance of a class, getters included', () => {
    class Config {
      apiKey = apiKey;
      get region() {
        return 'us';
      }
    }

    expect(construct(new Config()).region).toBe('us');
  });
});

describe('a polluted prototype', () => {
  /** Runs `action` while every object has one more property. */
  function polluting<T>(name: string, value: unknown, action: () => T): T {
    Object.defineProperty(Object.prototype, name, { configurable: true, enumerable: true, value });
    try {
      return action();
    } finally {
      Reflect.deleteProperty(Object.prototype, name);
    }
  }

  test('gives the client no key', async () => {
    await expectRefusal(() => polluting('apiKey', apiKey, () => construct({})), KEY_MISSING);
  });

  test.each<[string, unknown]>([
    ['region', 'us'],
    ['baseUrl', 'https://evil.example'],
    ['timeout', -1],
    ['totalTimeout', -1],
    ['maxRetries', -1],
    ['fetch', 'not a function'],
    ['onAttempt', 'not a function'],
    ['dangerouslyAllowBrowser', 'not a boolean'],
    ['signal', 'unknown here'],
  ])('sets no option of the client: %s', (name, value) => {
    const client = polluting(name, value, () => construct({ apiKey }));

    expect(client).toMatchObject({ region: 'eu', platformUrl: 'https://api.sentiance.com' });
  });

  test.each([
    ['SENTIANCE_REGION', 'us'],
    [KEY_VARIABLE, 'another-key'],
  ])('sets no environment variable: %s', async (name, value) => {
    await expectRefusal(() => polluting(name, value, () => construct({})), KEY_MISSING);
    expect(polluting(name, value, () => construct({ apiKey })).region).toBe('eu');
  });

  test('does not allow the browser', async () => {
    vi.stubGlobal('window', { document: {} });

    await expectRefusal(
      () => polluting('dangerouslyAllowBrowser', true, () => construct({ apiKey })),
      BROWSER_REFUSED,
    );
  });

  describe.each<[string, unknown[]]>([
    ['with options', ['user-1', {}]],
    ['without options', ['user-1']],
  ])('sets no option of a call %s', (_, args) => {
    test.each<[string, unknown]>([
      ['signal', AbortSignal.abort()],
      ['timeout', -1],
      ['totalTimeout', -1],
      ['maxRetries', -1],
      ['apiKey', 'unknown here'],
    ])('%s', async (name, value) => {
      const client = construct({ apiKey, fetch: respondInTurn(codeResponse()) });

      // The options are read before the call first waits for something.
      const call = polluting(name, value, () => requestCode(client, ...args));

      await expect(call).resolves.toMatchObject({ authenticationCode: ISSUED_CODE });
    });
  });
});

/** Where a key comes from, what messages call that, and how a key from there comes to be checked. */
const KEY_SOURCES: [string, string, (key: unknown) => unknown][] = [
  ['the option', 'apiKey', (key) => construct({ apiKey: key })],
  [
    'a function',
    'The key from the apiKey function',
    (key) => requestCode(construct({ apiKey: () => key }), 'user-1'),
  ],
  [
    'an async function',
    'The key from the apiKey function',
    (key) => requestCode(construct({ apiKey: async () => key }), 'user-1'),
  ],
];

const ENVIRONMENT_SOURCE: (typeof KEY_SOURCES)[number] = [
  'the environment',
  `The environment variable ${KEY_VARIABLE}`,
  (key) => {
    vi.stubEnv(KEY_VARIABLE, String(key));
    return construct();
  },
];

describe('apiKey', () => {
  test.each([
    ['as it is', apiKey],
    ['with a line end', `${apiKey}\n`],
    ['with a line end of Windows', `${apiKey}\r\n`],
    ['with spaces and tabs around it', ` \t${apiKey}\t `],
    ['with a byte order mark', `\ufeff${apiKey}`],
  ])('is sent without white space around it, wherever it comes from: %s', async (_, key) => {
    expect(await authorizationOf({ apiKey: key })).toBe(`Bearer ${apiKey}`);
    expect(await authorizationOf({ apiKey: () => key })).toBe(`Bearer ${apiKey}`);
    vi.stubEnv(KEY_VARIABLE, key);
    expect(await authorizationOf({})).toBe(`Bearer ${apiKey}`);
  });

  test('may have any character that is plain ASCII', async () => {
    const printable = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 33 + i));
    const key = `${printable} ${printable}`;

    expect(await authorizationOf({ apiKey: key })).toBe(`Bearer ${key}`);
  });

  test.each(['the-bearer of this', 'bearer-of-this'])(
    'may have the word of its prefix in it: %s',
    async (key) => {
      expect(await authorizationOf({ apiKey: key })).toBe(`Bearer ${key}`);
    },
  );

  test.each([
    ['a string', apiKey],
    ['a function', () => apiKey],
  ])('is the option rather than the environment variable: %s', async (_, option) => {
    vi.stubEnv(KEY_VARIABLE, 'another-key');

    expect(await authorizationOf({ apiKey: option })).toBe(`Bearer ${apiKey}`);
  });

  test('is read from the environment at construction and never again', async () => {
    vi.stubEnv(KEY_VARIABLE, apiKey);
    const fetch = respondInTurn(codeResponse());
    const client = construct({ fetch });
    vi.stubEnv(KEY_VARIABLE, 'another-key');

    await requestCode(client, 'user-1');

    expect(keysSent(fetch)).toEqual([`Bearer ${apiKey}`]);
  });

  test.each([
    ['not set', undefined],
    ['empty', ''],
    ['blank', ' \r\n\t'],
  ])('is missing when the environment variable is %s', async (_, value) => {
    vi.stubEnv(KEY_VARIABLE, value);

    await expectRefusal(() => construct(), KEY_MISSING);
  });

  const throwing = () => {
    throw new Error('no permission to read the environment');
  };

  test.each<[string, unknown]>([
    ['has no process', undefined],
    ['has a process without an environment', {}],
    ['refuses to give its environment', Object.defineProperty({}, 'env', { get: throwing })],
    ['refuses to give a variable', { env: new Proxy({}, { get: throwing }) }],
  ])('is the only thing that must be given where the runtime %s', async (_, process) => {
    vi.stubGlobal('process', process);
    const error = await failureOf(() => construct());
    const client = construct({ apiKey });
    vi.unstubAllGlobals();

    expect(error).toMatchObject(configurationError(KEY_MISSING));
    expect(client.region).toBe('eu');
  });

  describe.each([...KEY_SOURCES, ENVIRONMENT_SOURCE])('from %s', (_, source, pass) => {
    test.each([
      ['in capitals as in a header', `Bearer ${apiKey}`],
      ['in small letters', `bearer  ${apiKey}`],
      ['after white space', ` BEARER\t${apiKey}`],
      ['with a line break', `Bearer\n${apiKey}`],
      ['and nothing behind it', 'Bearer '],
    ])('is refused with its prefix, %s', async (_, key) => {
      await expectRefusal(
        () => pass(key),
        `${source} starts with "Bearer ". Give the key alone: the client adds the prefix.`,
      );
    });

    test.each([
      ['a line feed', `${apiKey}\n${apiKey}`],
      ['a carriage return', `${apiKey}\r${apiKey}`],
      ['another header', `${apiKey}\r\nX-Evil: 1`],
    ])('is refused with a line break inside it: %s', async (_, key) => {
      await expectRefusal(
        () => pass(key),
        `${source} has a line break inside it. Give one key, on one line.`,
      );
    });

    test.each([
      ['an accent', `${apiKey}é`],
      ['a long dash', `${apiKey}–${apiKey}`],
      ['an emoji', `🔑${apiKey}`],
      ['a line separator', `${apiKey}\u2028${apiKey}`],
      ['a space of no width', `\u200b${apiKey}`],
      ['a tab inside', `${apiKey}\t${apiKey}`],
      ['a control character', `${apiKey}\u0007`],
      ['the delete character', `${apiKey}\u007f`],
    ])('is refused with what cannot stand in a header: %s', async (_, key) => {
      await expectRefusal(
        () => pass(key),
        `${source} has a character that cannot stand in an HTTP header. Copy the key again from where it is kept: it is plain ASCII.`,
      );
    });
  });

  describe.each(KEY_SOURCES)('from %s', (_, source, pass) => {
    test.each([
      ['an empty string', ''],
      ['spaces', '  '],
      ['a line end', '\n'],
    ])('is refused when it is empty: %s', async (_, key) => {
      await expectRefusal(
        () => pass(key),
        `${source} is empty. Give the API key with the user-link scope from the Sentiance console.`,
      );
    });

    test.each<[string, unknown, string]>([
      ['null', null, 'null'],
      ['a boolean', true, 'a boolean'],
      ['a number', 42, 'a number'],
      ['a bigint', 1n, 'a bigint'],
      ['a symbol', Symbol(apiKey), 'a symbol'],
      ['an array', [apiKey], 'an array'],
      ['an object', { apiKey }, 'an object'],
      ['the bytes of a file', Buffer.from(apiKey), 'an iterable'],
      ['a promise', Promise.resolve({ apiKey }), 'an object'],
    ])('is refused when it is no string: %s', async (_, key, shown) => {
      const accepted = source === 'apiKey' ? 'a string, or a function that gives one' : 'a string';
      await expectRefusal(() => pass(key), `${source} must be ${accepted}, but it is ${shown}.`);
    });
  });
});

describe('an apiKey function', () => {
  test.each([
    ['at once', (key: string) => key],
    ['in a promise', (key: string) => Promise.resolve(key)],
  ])('is asked at every call, so that a key can be rotated: %s', async (_, give) => {
    const keys = ['first-key', 'second-key', 'third-key'];
    const askForKey = vi.fn(() => give(keys.shift() ?? ''));
    const fetch = respondInTurn(codeResponse(), codeResponse(), codeResponse());
    const client = construct({ apiKey: askForKey, fetch });
    expect(askForKey).not.toHaveBeenCalled();

    for (const id of ['user-1', 'user-2', 'user-3']) await requestCode(client, id);

    expect(askForKey).toHaveBeenCalledTimes(3);
    expect(keysSent(fetch)).toEqual(['Bearer first-key', 'Bearer second-key', 'Bearer third-key']);
  });

  test('is asked once a call, however often the request is repeated', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const askForKey = vi.fn(() => apiKey);
    const fetch = respondInTurn(statusResponse(503), statusResponse(503), codeResponse());

    await requestCode(construct({ apiKey: askForKey, fetch }), 'user-1');

    expect(fetch).toHaveBeenCalledTimes(3);
    expect(askForKey).toHaveBeenCalledOnce();
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['nothing in a promise', Promise.resolve()],
  ])('is refused when it gives %s', async (_, given) => {
    const fetch = respondInTurn(codeResponse());

    await expectRefusal(
      () => requestCode(construct({ apiKey: () => given, fetch }), 'user-1'),
      'The key from the apiKey function must be a string, but it is undefined.',
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  const NOT_SHOWN =
    'What it threw is not shown, since it may hold the key: log it inside the function.';
  const systemError = Object.assign(new Error(apiKey), { code: 'ECONNREFUSED', apiKey });
  const THROWN: [string, unknown, string, object][] = [
    ['an error', new TypeError(apiKey), '', { name: 'TypeError', message: 'details withheld' }],
    ['a string', apiKey, '', { name: 'Error', message: 'details withheld' }],
    ['nothing', undefined, '', { name: 'Error', message: 'details withheld' }],
    ['a revoked proxy', revokedProxy(), '', { name: 'Error', message: 'details withheld' }],
    [
      "a system's error",
      systemError,
      ' (ECONNREFUSED)',
      { name: 'Error', message: 'ECONNREFUSED', code: 'ECONNREFUSED' },
    ],
    [
      "an error with a system's error behind it",
      new TypeError(apiKey, { cause: systemError }),
      ' (ECONNREFUSED)',
      { name: 'TypeError', message: 'ECONNREFUSED', code: 'ECONNREFUSED' },
    ],
  ];

  describe.each<[string, (thrown: unknown) => unknown]>([
    [
      'throws',
      (thrown) => {
        throw thrown;
      },
    ],
    ['rejects', (thrown) => Promise.reject(thrown)],
  ])('that %s', (_, fail) => {
    test.each(THROWN)('fails the call and is not quoted: %s', async (_, thrown, reason, cause) => {
      const fetch = respondInTurn(codeResponse());
      const client = construct({ apiKey: () => fail(thrown), fetch });

      const error = await failureOf(() => requestCode(client, 'user-1'));

      expect(error).toMatchObject({
        ...configurationError(`The apiKey function failed${reason}. ${NOT_SHOWN}`),
        cause: expect.objectContaining(cause),
      });
      expectNoCanary(error);
      expect(fetch).not.toHaveBeenCalled();
    });
  });

  test.each([
    ['the default', {}, {}, 5_000],
    ["the client's", { totalTimeout: 300 }, {}, 300],
    ["the call's", { totalTimeout: 300 }, { totalTimeout: 1_200 }, 1_200],
  ])('that never settles ends with totalTimeout: %s', async (_, options, callOptions, limit) => {
    const fetch = respondInTurn(codeResponse());
    const askForKey = () => new Promise(() => {});
    const client = construct({ ...options, apiKey: askForKey, fetch });

    const { error, took } = await timed(() => requestCode(client, 'user-1', callOptions));

    expect(error).toMatchObject({
      code: 'timeout',
      attempts: 0,
      message: `The apiKey function did not answer within ${limit} ms (totalTimeout, the limit of the whole call). Ask again later.`,
    });
    expect(took).toBe(limit);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('that fails after the call has ended disturbs nothing', async () => {
    const askForKey = () =>
      new Promise((_, reject) => setTimeout(() => reject(new Error(apiKey)), 6_000));

    const { error, took } = await timed(() =>
      requestCode(construct({ apiKey: askForKey, fetch: respondInTurn() }), 'user-1'),
    );

    expect(error).toMatchObject({ code: 'timeout', attempts: 0 });
    expect(took).toBe(5_000);
  });

  test('that is slow leaves the rest of totalTimeout to the request', async () => {
    const askForKey = () => new Promise((resolve) => setTimeout(() => resolve(apiKey), 3_000));
    const { fetch } = inMemoryFetch(neverRespond);

    const { error, took } = await timed(() =>
      requestCode(construct({ apiKey: askForKey, fetch, timeout: 4_000 }), 'user-1'),
    );

    expect(error).toMatchObject({
      code: 'timeout',
      attempts: 1,
      message:
        'api.sentiance.com did not answer within 5000 ms (totalTimeout, the limit of the whole call). Ask again later.',
    });
    expect(took).toBe(5_000);
  });

  const ABORTED = {
    code: 'aborted',
    attempts: 0,
    message: "The call was ended by the caller's signal.",
  };

  test('that is slow ends as soon as the signal aborts', async () => {
    const controller = new AbortController();
    const fetch = respondInTurn(codeResponse());
    const askForKey = vi.fn(() => new Promise(() => {}));
    const client = construct({ apiKey: askForKey, fetch });

    const failure = failureOf(() => requestCode(client, 'user-1', { signal: controller.signal }));
    expect(askForKey).toHaveBeenCalledOnce();
    controller.abort(CANARIES.abortReason);

    const error = await failure;
    expect(error).toMatchObject(ABORTED);
    expectNoCanary(error);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('that aborts the signal itself gives its key in vain', async () => {
    const controller = new AbortController();
    const fetch = respondInTurn(codeResponse());
    const askForKey = () => {
      controller.abort();
      return apiKey;
    };

    const error = await failureOf(() =>
      requestCode(construct({ apiKey: askForKey, fetch }), 'user-1', { signal: controller.signal }),
    );

    expect(error).toMatchObject(ABORTED);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('is not asked when the signal has aborted already', async () => {
    const askForKey = vi.fn(() => apiKey);
    const client = construct({ apiKey: askForKey, fetch: respondInTurn(codeResponse()) });

    const error = await failureOf(() =>
      requestCode(client, 'user-1', { signal: AbortSignal.abort() }),
    );

    expect(error).toMatchObject(ABORTED);
    expect(askForKey).not.toHaveBeenCalled();
  });

  test.each<[string, unknown[], string]>([
    ['the external id', [''], 'invalid_external_id'],
    ['an option', ['user-1', { timeout: 0 }], 'invalid_configuration'],
  ])('is not asked when %s of the call is wrong', async (_, args, code) => {
    const askForKey = vi.fn(() => apiKey);
    const client = construct({ apiKey: askForKey, fetch: respondInTurn(codeResponse()) });

    await expect(requestCode(client, ...args)).rejects.toMatchObject({ code });
    expect(askForKey).not.toHaveBeenCalled();
  });
});

/** Where a limit is set, what the client and the call are given, and what then holds. */
type LimitRow = [string, object, object, number];

describe('timeout', () => {
  test.each<LimitRow>([
    ['2500 ms as the default', {}, {}, 2_500],
    ["the client's", { timeout: 700 }, {}, 700],
    ["the call's", { timeout: 700 }, { timeout: 900 }, 900],
    ["the client's when the call's is undefined", { timeout: 700 }, { timeout: undefined }, 700],
    ['the smallest', { timeout: 1 }, {}, 1],
  ])('limits one attempt: %s', async (_, options, callOptions, limit) => {
    const client = construct({
      apiKey,
      fetch: inMemoryFetch(neverRespond).fetch,
      maxRetries: 0,
      ...options,
    });

    const { error, took } = await timed(() => requestCode(client, 'user-1', callOptions));

    expect(error).toMatchObject({
      code: 'timeout',
      attempts: 1,
      message: `api.sentiance.com did not answer within ${limit} ms (timeout, the limit of one attempt). Ask again later.`,
    });
    expect(took).toBe(limit);
  });

  test('may be a fraction', async () => {
    const client = construct({ apiKey, fetch: respondInTurn(codeResponse()), timeout: 1_000.5 });

    await expect(requestCode(client, 'user-1', { totalTimeout: 1_000.5 })).resolves.toMatchObject({
      authenticationCode: ISSUED_CODE,
    });
  });
});

describe('totalTimeout', () => {
  const untouched = { timeout: LARGEST_TIMEOUT };

  test.each<LimitRow>([
    ['5000 ms as the default', {}, {}, 5_000],
    ["the client's", { totalTimeout: 700 }, {}, 700],
    ["the call's", { totalTimeout: 700 }, { totalTimeout: 900 }, 900],
    [
      "the client's when the call's is undefined",
      { totalTimeout: 7 },
      { totalTimeout: undefined },
      7,
    ],
    ['the smallest', { totalTimeout: 1 }, {}, 1],
    ['the largest', { totalTimeout: LARGEST_TIMEOUT }, {}, LARGEST_TIMEOUT],
  ])('limits the whole call: %s', async (_, options, callOptions, limit) => {
    const client = construct({
      apiKey,
      fetch: inMemoryFetch(neverRespond).fetch,
      ...untouched,
      ...options,
    });

    const { error, took } = await timed(() => requestCode(client, 'user-1', callOptions));

    expect(error).toMatchObject({
      code: 'timeout',
      attempts: 1,
      message: `api.sentiance.com did not answer within ${limit} ms (totalTimeout, the limit of the whole call). Ask again later.`,
    });
    expect(took).toBe(limit);
  });
});

describe('maxRetries', () => {
  test.each<LimitRow>([
    ['2 as the default', {}, {}, 2],
    ["the client's", { maxRetries: 3 }, {}, 3],
    ["the call's", { maxRetries: 3 }, { maxRetries: 1 }, 1],
    ["the client's when the call's is undefined", { maxRetries: 3 }, { maxRetries: undefined }, 3],
    ['none', { maxRetries: 0 }, {}, 0],
    ["none, as the call's", {}, { maxRetries: 0 }, 0],
    ['the most', { maxRetries: 10 }, {}, 10],
  ])('limits how often a request is repeated: %s', async (_, options, callOptions, retries) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const fetch = respondAlways(503);
    const client = construct({ apiKey, fetch, ...options });

    await expect(requestCode(client, 'user-1', callOptions)).rejects.toMatchObject({
      code: 'server_error',
      attempts: retries + 1,
    });
    expect(fetch).toHaveBeenCalledTimes(retries + 1);
  });
});

describe('signal', () => {
  test.each([
    ...WRONG_KINDS,
    NUMBER,
    BOOLEAN,
    FUNCTION,
    ['the controller in place of its signal', new AbortController(), 'an object'],
    ['an event target that knows no abort', new EventTarget(), 'an object'],
    ['half a signal', { aborted: false, addEventListener() {} }, 'an object'],
  ])('is refused: %s', async (_, signal, shown) => {
    const fetch = respondInTurn(codeResponse());

    await expectRefusal(
      () => requestCode(construct({ apiKey, fetch }), 'user-1', { signal }),
      `signal must be an AbortSignal, but it is ${shown}.`,
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  test('may be of another realm, as in a test in jsdom', async () => {
    const { signal } = new AbortController();
    const foreign = {
      aborted: false,
      addEventListener: signal.addEventListener.bind(signal),
      removeEventListener: signal.removeEventListener.bind(signal),
    };
    const client = construct({ apiKey, fetch: respondInTurn(codeResponse()) });

    expect(foreign).not.toBeInstanceOf(AbortSignal);
    await expect(requestCode(client, 'user-1', { signal: foreign })).resolves.toMatchObject({
      authenticationCode: ISSUED_CODE,
    });
  });
});

describe('fetch', () => {
  test.each([...WRONG_KINDS, NUMBER, BOOLEAN])('is refused: %s', async (_, fetch, shown) => {
    await expectRefusal(
      () => construct({ apiKey, fetch }),
      `fetch must be a function, but it is ${shown}.`,
    );
  });

  test('is given the URL and the whole request', async () => {
    const fetch = respondInTurn(codeResponse());

    await requestCode(construct({ apiKey, fetch }), 'user-1');

    expect(fetch.mock.calls).toStrictEqual([
      [
        'https://api.sentiance.com/users/auth-code',
        {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${apiKey}`,
            'Content-Type': 'application/json',
            Accept: 'application/json',
            'User-Agent': expect.any(String),
          },
          body: '{"external_id":"user-1"}',
          redirect: 'manual',
          signal: expect.any(AbortSignal),
        },
      ],
    ]);
  });

  test('is the global one as the default, looked up at every call', async () => {
    const client = construct({ apiKey });
    const first = respondInTurn(codeResponse());
    const second = respondInTurn(codeResponse());

    vi.stubGlobal('fetch', first);
    await requestCode(client, 'user-1');
    vi.stubGlobal('fetch', second);
    await requestCode(client, 'user-1');

    expect(first).toHaveBeenCalledOnce();
    expect(second).toHaveBeenCalledOnce();
  });
});

describe('onAttempt', () => {
  test.each([...WRONG_KINDS, NUMBER, BOOLEAN])('is refused: %s', async (_, onAttempt, shown) => {
    await expectRefusal(
      () => construct({ apiKey, onAttempt }),
      `onAttempt must be a function, but it is ${shown}.`,
    );
  });

  test('is told of every attempt, and no secret', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const fetch = respondInTurn(statusResponse(503), codeResponse());
    const events: AttemptEvent[] = [];
    const onAttempt = (event: AttemptEvent) => events.push(event);

    await requestCode(construct({ apiKey, fetch, onAttempt }), CANARIES.externalId);

    const common = { duration: expect.any(Number), platformUrl: 'https://api.sentiance.com' };
    expect(events).toStrictEqual([
      { attempt: 1, ...common, status: 503, code: 'server_error' },
      { attempt: 2, ...common, status: 200 },
    ]);
    expectNoCanary(events);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('a broken metric');
      },
    ],
    ['rejects', () => Promise.reject(new Error('a broken metric'))],
  ])('disturbs nothing when it %s', async (_, onAttempt) => {
    const client = construct({ apiKey, fetch: respondInTurn(codeResponse()), onAttempt });

    await expect(requestCode(client, 'user-1')).resolves.toMatchObject({
      authenticationCode: ISSUED_CODE,
    });
  });
});

describe('dangerouslyAllowBrowser', () => {
  describe.each<[string, string, unknown]>([
    ['a browser or jsdom', 'window', { document: {} }],
    ['React Native', 'navigator', { product: 'ReactNative' }],
    ['a web worker', 'importScripts', () => {}],
  ])('in %s', (_, name, value) => {
    beforeEach(() => {
      vi.stubGlobal(name, value);
    });

    test.each([{}, { dangerouslyAllowBrowser: undefined }, { dangerouslyAllowBrowser: false }])(
      'refuses the client with %o',
      async (options) => {
        await expectRefusal(() => construct({ apiKey, ...options }), BROWSER_REFUSED);
      },
    );

    test('is what the error is about, even when there is no key', async () => {
      await expectRefusal(() => construct(), BROWSER_REFUSED);
    });

    test('lets the client be made and used when it is true', async () => {
      const fetch = respondInTurn(codeResponse());
      const client = construct({ apiKey, fetch, dangerouslyAllowBrowser: true });

      await expect(requestCode(client, 'user-1')).resolves.toMatchObject({
        authenticationCode: ISSUED_CODE,
      });
    });
  });

  test.each<[string, string, unknown]>([
    ['has a window without a document', 'window', {}],
    [
      'has a navigator of its own',
      'navigator',
      { userAgent: 'Node.js/26', hardwareConcurrency: 2 },
    ],
    ['has a navigator like a browser', 'navigator', { product: 'Gecko' }],
    ['has no navigator', 'navigator', undefined],
    ['has another thing called importScripts', 'importScripts', true],
  ])('is not needed on a server that %s', (_, name, value) => {
    vi.stubGlobal(name, value);

    expect(construct({ apiKey }).region).toBe('eu');
  });

  test('changes nothing on a server', () => {
    expect(construct({ apiKey, dangerouslyAllowBrowser: true }).region).toBe('eu');
    expect(construct({ apiKey, dangerouslyAllowBrowser: false }).region).toBe('eu');
  });

  test.each([...WRONG_KINDS, NUMBER, FUNCTION])('is refused: %s', async (_, value, shown) => {
    await expectRefusal(
      () => construct({ apiKey, dangerouslyAllowBrowser: value }),
      `dangerouslyAllowBrowser must be true or false, but it is ${shown}.`,
    );
  });
});

describe('externalId', () => {
  async function expectIdRefusal(args: unknown[], message: string) {
    const fetch = respondInTurn(codeResponse());
    const client = construct({ apiKey, fetch });

    const error = await failureOf(() => requestCode(client, ...args));

    expect(error).toMatchObject({
      name: 'SentianceInvalidExternalIdError',
      code: 'invalid_external_id',
      action: 'fix_input',
      attempts: 0,
      message,
    });
    expectNoCanary(error);
    expect(fetch).not.toHaveBeenCalled();
  }

  test.each([
    ['a number as text', '42'],
    ['white space around it', '  user-1\n'],
    ['quotes', 'user-"1"'],
    ['a line break', 'user\n1'],
    ['letters of any language', 'usér-ÿ-用户'],
    ['an emoji, which is a whole pair', 'user-🙂'],
    ['a null character', 'user\u0000'],
    ['ten thousand characters', 'x'.repeat(10_000)],
  ])('is sent as it is given: %s', async (_, externalId) => {
    const fetch = respondInTurn(codeResponse());

    await requestCode(construct({ apiKey, fetch }), externalId);

    const body = fetch.mock.calls.map(([, init]) => JSON.parse(String(init.body)));
    expect(body).toStrictEqual([{ external_id: externalId }]);
  });

  test.each<[string, unknown]>([
    ['a number', 42],
    ['a number', Number.MAX_SAFE_INTEGER + 1],
    ['a number', Number.NaN],
    ['a bigint', 9_007_199_254_740_993n],
  ])('must not be %s, since digits may be lost already: %s', async (kind, externalId) => {
    await expectIdRefusal(
      [externalId],
      `externalId must be a string, but it is ${kind}. Convert it where the id is created or read, with String(id): a number above 2^53 has lost digits already, and would link somebody else's user.`,
    );
  });

  test.each<[string, unknown[], string]>([
    ['left out', [], 'undefined'],
    ['undefined', [undefined], 'undefined'],
    ['null', [null], 'null'],
    ['a boolean', [true], 'a boolean'],
    ['a symbol', [Symbol(CANARIES.externalId)], 'a symbol'],
    ['an array', [[CANARIES.externalId]], 'an array'],
    ['an object', [{ id: CANARIES.externalId }], 'an object'],
    ['a String object', [Object(CANARIES.externalId)], 'an iterable'],
    ['a function', [() => CANARIES.externalId], 'a function'],
    ['a revoked proxy', [revokedProxy()], 'an object'],
  ])('must be a string: %s', async (_, args, shown) => {
    await expectIdRefusal(
      args,
      `externalId must be a string, but it is ${shown}. Pass your own platform's id of the user.`,
    );
  });

  const BLANK = "externalId is blank. Pass your own platform's id of the user.";

  test.each([
    ['an empty string', ''],
    ['spaces', '   '],
    ['line ends and tabs', '\r\n\t'],
    ['spaces of other languages', '\u00a0\u3000'],
  ])('must not be blank: %s', async (_, externalId) => {
    await expectIdRefusal([externalId], BLANK);
  });

  test.each([
    ['the first half alone', '\ud83d'],
    ['the second half alone', '\ude42'],
    ['a string cut in the middle of a character', `${CANARIES.externalId}🙂`.slice(0, -1)],
    ['the halves in the wrong order', '\ude42\ud83d'],
  ])('must be well-formed Unicode: %s', async (_, externalId) => {
    await expectIdRefusal(
      [externalId],
      'externalId is not well-formed Unicode: half of a surrogate pair stands alone in it, as when a string was cut in the middle of a character. Pass the whole id.',
    );
  });

  test('is looked at before the options of the call', async () => {
    await expectIdRefusal(['', { timeout: 0 }], BLANK);
  });
});

describe('a client that is printed', () => {
  const everything = { showHidden: true, depth: 20 };

  test.each([
    ['given as a string', apiKey],
    ['given by a function', () => apiKey],
    ['taken from the environment', undefined],
  ])('shows its region and its platform, and no key that was %s', (_, key) => {
    vi.stubEnv(KEY_VARIABLE, apiKey);
    const client = construct({ apiKey: key, region: 'us' });

    expect(inspect(client, everything)).toBe(
      "SentianceUserLinkClient {\n  region: 'us',\n  platformUrl: 'https://api.p15.sentiance.com'\n}",
    );
    expect(JSON.stringify(client)).toBe(
      '{"region":"us","platformUrl":"https://api.p15.sentiance.com"}',
    );
    expectNoCanary(client);
  });

  test('shows its base URL in place of a region', () => {
    const client = construct({ apiKey, baseUrl: 'https://api.example.com' });

    expect(inspect(client, everything)).toBe(
      "SentianceUserLinkClient {\n  region: undefined,\n  platformUrl: 'https://api.example.com'\n}",
    );
  });
});

describe('an authentication code', () => {
  const whole = {
    authenticationCode: ISSUED_CODE,
    expiresAt: new Date(ISSUED_EXPIRY),
    platformUrl: 'https://api.sentiance.com',
  };

  function issue() {
    const fetch = respondInTurn(codeResponse());
    return new SentianceUserLinkClient({ apiKey, fetch }).createAuthenticationCode('user-1');
  }

  test('is a plain object of three fields', async () => {
    const code = await issue();

    expect({ ...code }).toStrictEqual(whole);
    expect(Object.getPrototypeOf(code)).toBe(Object.prototype);
    expect(Object.keys(code)).toEqual(['authenticationCode', 'expiresAt', 'platformUrl']);
  });

  test('reaches the app whole in JSON', async () => {
    expect(JSON.stringify(await issue())).toBe(
      `{"authenticationCode":"${ISSUED_CODE}","expiresAt":"${ISSUED_EXPIRY}","platformUrl":"https://api.sentiance.com"}`,
    );
  });

  test('can be cloned', async () => {
    expect(structuredClone(await issue())).toStrictEqual(whole);
  });

  test.each<[string, (code: object) => string]>([
    ['printed', (code) => inspect(code)],
    ['printed with all that is hidden', (code) => inspect(code, { showHidden: true, depth: 20 })],
    ['printed inside something else', (code) => inspect({ login: [{ code }] }, { depth: 20 })],
    ['logged', (code) => format('issued', code)],
    ['formatted as an object', (code) => format('%o %O', code, code)],
  ])('hides its secret when it is %s', async (_, print) => {
    const printed = print(await issue());

    expect(printed).toContain("authenticationCode: '[redacted]'");
    expect(printed).toContain('expiresAt: 2030-01-02T03:04:05.678Z');
    expect(printed).toContain("platformUrl: 'https://api.sentiance.com'");
    expect(printed).not.toContain(ISSUED_CODE);
  });
});

describe('the User-Agent header', () => {
  test.each<[string, object | undefined, string]>([
    ['Node', { node: '20.19.0', v8: '11.3' }, ' node/20.19.0'],
    ['Bun, which calls itself Node too', { node: '24.3.0', bun: '1.3.0' }, ' bun/1.3.0'],
    ['Deno, which calls itself Node too', { node: '24.2.0', deno: '2.5.0' }, ' deno/2.5.0'],
    ['a runtime of another name', { workerd: '1.0.0' }, ''],
    ['a runtime without versions', undefined, ''],
  ])('names the library and %s', async (_, versions, runtime) => {
    vi.stubGlobal('process', Object.create(process, { versions: { value: versions } }));
    vi.resetModules();
    const copy = await import('../src/index.js');
    const fetch = respondInTurn(codeResponse());

    await new copy.SentianceUserLinkClient({ apiKey, fetch }).createAuthenticationCode('user-1');

    const sent = fetch.mock.calls.map(([, { headers }]) => new Headers(headers).get('user-agent'));
    expect(sent).toEqual([`sentiance-user-link/${version}${runtime}`]);
  });
});
