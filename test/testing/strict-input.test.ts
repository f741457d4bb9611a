/** What tests pass to the testing tools, without TypeScript: a slip is refused, and named. */
import { type AuthenticationCode, SentianceError } from 'sentiance-user-link';
import { FakeUserLinkClient, SentianceEmulator, sentianceError } from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../support/refusals.js';

const SECRET = 'code-that-nothing-shows';
const CODE: AuthenticationCode = {
  authenticationCode: SECRET,
  expiresAt: new Date('2030-01-02T03:04:05.678Z'),
  platformUrl: 'https://platform.example',
};

/** Calls a method with any arguments at all. */
function apply(target: object, method: string, ...args: unknown[]): unknown {
  return Reflect.apply(Reflect.get(target, method), target, args);
}

const PLACES: [owner: string, pass: (options: unknown) => unknown, valid: string][] = [
  [
    'FakeUserLinkClient',
    (options) => Reflect.construct(FakeUserLinkClient, [options]),
    'platformUrl, codeLifetime, now',
  ],
  [
    'SentianceEmulator',
    (options) => Reflect.construct(SentianceEmulator, [options]),
    'apiKey, keysWithoutScope, expiredKeys, codeLifetime, now, controlRoutes, onRequest',
  ],
  ['listen', (options) => apply(new SentianceEmulator(), 'listen', options), 'port, host'],
  [
    'createUser',
    (options) => apply(new SentianceEmulator(), 'createUser', 'a', { id: 'phone-1' }, options),
    'platformUrl',
  ],
  [
    'userLinkHandlers',
    (options) => Reflect.apply(userLinkHandlers, undefined, [options]),
    'emulator, baseUrls',
  ],
];

describe.each(PLACES)('The options of %s', (owner, pass, valid) => {
  const names = valid.split(', ');

  test('name one that does not exist', async () => {
    expect(await failureOf(() => pass({ retries: 1 }))).toStrictEqual(
      new TypeError(
        `The options of ${owner} have an unknown option 'retries'. Valid options: ${valid}.`,
      ),
    );
  });

  test.each(names)('name the one that may be meant: %s', async (name) => {
    const slip = `${name.slice(0, -1)}_`;

    expect(await failureOf(() => pass({ [slip]: 1 }))).toStrictEqual(
      new TypeError(
        `The options of ${owner} have an unknown option '${slip}'. Did you mean ${name}? Valid options: ${valid}.`,
      ),
    );
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', SECRET],
    ['an array', []],
    ['a promise', Promise.resolve({})],
    ['a function', () => ({})],
  ])('must be a plain object, but not %s', async (kind, options) => {
    expect(await failureOf(() => pass(options))).toStrictEqual(
      new TypeError(
        `The options of ${owner} must be a plain object, but they are ${kind}. Pass { ${names[0]}: … }.`,
      ),
    );
  });
});

test.each<[string, (value: unknown) => unknown, unknown, string]>([
  [
    'now of the fake',
    (now) => Reflect.construct(FakeUserLinkClient, [{ now }]),
    1_000,
    'FakeUserLinkClient: now must be a function, but it is a number.',
  ],
  [
    'now of the emulator',
    (now) => Reflect.construct(SentianceEmulator, [{ now }]),
    new Date(),
    'SentianceEmulator: now must be a function, but it is a Date.',
  ],
  [
    'controlRoutes',
    (controlRoutes) => Reflect.construct(SentianceEmulator, [{ controlRoutes }]),
    'true',
    'SentianceEmulator: controlRoutes must be true or false, but it is a string.',
  ],
  [
    'onRequest',
    (onRequest) => Reflect.construct(SentianceEmulator, [{ onRequest }]),
    {},
    'SentianceEmulator: onRequest must be a function, but it is an object.',
  ],
  [
    'expiredKeys',
    (expiredKeys) => Reflect.construct(SentianceEmulator, [{ expiredKeys }]),
    'old-test-key',
    'SentianceEmulator: expiredKeys must be an array of strings, but it is a string.',
  ],
  [
    'keysWithoutScope',
    (keysWithoutScope) => Reflect.construct(SentianceEmulator, [{ keysWithoutScope }]),
    ['other-test-key', 1],
    'SentianceEmulator: keysWithoutScope must be an array of strings, but it holds something else.',
  ],
  [
    'port',
    (port) => apply(new SentianceEmulator(), 'listen', { port }),
    '8787',
    'listen: port must be a number.',
  ],
  [
    'host',
    (host) => apply(new SentianceEmulator(), 'listen', { host }),
    null,
    'listen: host must be a string.',
  ],
  [
    'emulator of the handlers',
    (emulator) => Reflect.apply(userLinkHandlers, undefined, [{ emulator }]),
    'http://localhost:8787',
    'userLinkHandlers: emulator must be a SentianceEmulator, but it is a string.',
  ],
  [
    'baseUrls, one alone',
    (baseUrls) => Reflect.apply(userLinkHandlers, undefined, [{ baseUrls }]),
    'https://platform.example',
    'userLinkHandlers: baseUrls must be an array of strings, but it is a string.',
  ],
  [
    'baseUrls, a host',
    (baseUrls) => Reflect.apply(userLinkHandlers, undefined, [{ baseUrls }]),
    ['platform.example'],
    'userLinkHandlers: baseUrls must be absolute URLs such as https://api.example.com.',
  ],
])('A value that cannot be one is refused: %s', async (_, pass, value, message) => {
  expect(await failureOf(() => pass(value))).toStrictEqual(new TypeError(message));
});

describe('A field that is misspelt is refused', () => {
  test.each<[string, () => unknown, string]>([
    [
      'of a fault',
      () => apply(new SentianceEmulator(), 'failNext', { type: 'delay', ms: 1, tims: 2 }),
      "Emulator fault: delay has no field 'tims'. Its fields: ms.",
    ],
    [
      'of a device',
      () => apply(new SentianceEmulator(), 'createUser', 'a', { id: 'phone-1', tpye: 'tablet' }),
      "createUser: device has no field 'tpye'. Did you mean type? Its fields: id, type.",
    ],
    [
      'of a device, in place of its id',
      () => apply(new SentianceEmulator(), 'createUser', 'a', { deviceId: 'phone-1' }),
      "createUser: device has no field 'deviceId'. Its fields: id, type.",
    ],
    [
      'of an error',
      () => Reflect.apply(sentianceError, undefined, ['rate_limited', { retry_after: 1 }]),
      "sentianceError: rate_limited has no field 'retry_after'. Did you mean retryAfter? Its fields: message, attempts, cause, status, errorCode, ref, retryAfter.",
    ],
    [
      'of an error, though another one has it',
      () => Reflect.apply(sentianceError, undefined, ['timeout', { retryAfter: 1 }]),
      "sentianceError: timeout has no field 'retryAfter'. Its fields: message, attempts, cause, lastError.",
    ],
  ])('%s', (_, pass, message) => {
    expect(pass).toThrow(new TypeError(message));
  });
});

/** What no client would give as a code, how messages go on after a test, and after a function of it. */
const NO_CODES: [string, unknown, string, string][] = [
  ...[
    ['a string', SECRET, ''],
    ['undefined', undefined, ''],
    ['null', null, ''],
    ['a number', 1, ''],
    ['an array', [CODE], ''],
    ['an error', new Error(SECRET), ' To let calls fail, use failNext or failWith.'],
  ].map(([kind, value, advice]): [string, unknown, string, string] => [
    `${kind}`,
    value,
    `pass { authenticationCode, expiresAt, platformUrl }, or a function that gives that, but not ${kind}.${advice}`,
    `the function must give { authenticationCode, expiresAt, platformUrl }, but it gave ${kind}.${advice}`,
  ]),
  ...(
    [
      ['no fields', {}, 'authenticationCode', 'undefined'],
      [
        'the fields of the wire',
        { authentication_code: SECRET },
        'authenticationCode',
        'undefined',
      ],
      ['a result', { ok: true, value: CODE }, 'authenticationCode', 'undefined'],
      [
        'a code that is a number',
        { ...CODE, authenticationCode: 7 },
        'authenticationCode',
        'a number',
      ],
      ['a blank code', { ...CODE, authenticationCode: ' ' }, 'authenticationCode', 'another one'],
      ['no expiry', { ...CODE, expiresAt: undefined }, 'expiresAt', 'undefined'],
      [
        'an expiry as text',
        { ...CODE, expiresAt: '2030-01-02T03:04:05Z' },
        'expiresAt',
        'another one',
      ],
      ['an expiry as a number', { ...CODE, expiresAt: 1_893_553_445_678 }, 'expiresAt', 'a number'],
      ['an invalid Date', { ...CODE, expiresAt: new Date('soon') }, 'expiresAt', 'another one'],
      ['no platform', { ...CODE, platformUrl: undefined }, 'platformUrl', 'undefined'],
      [
        'a platform that is a URL',
        { ...CODE, platformUrl: new URL(CODE.platformUrl) },
        'platformUrl',
        'a URL',
      ],
      ['a host', { ...CODE, platformUrl: 'platform.example' }, 'platformUrl', 'another one'],
      [
        'a trailing slash',
        { ...CODE, platformUrl: 'https://platform.example/' },
        'platformUrl',
        'another one',
      ],
    ] as const
  ).map(([title, value, field, shown]): [string, unknown, string, string] => {
    const words = {
      authenticationCode: 'a string that is not blank',
      expiresAt: 'a valid Date',
      platformUrl: 'an absolute URL without a trailing slash, such as https://api.sentiance.com',
    }[field];
    const message = `${field} must be ${words}, but it is ${shown}.`;
    return [title, value, message, message];
  }),
];

describe('respondWith', () => {
  test.each(NO_CODES)(
    'refuses at once what no client would give: %s',
    async (_, value, message) => {
      const fake = new FakeUserLinkClient();

      const error = await failureOf(() => apply(fake, 'respondWith', value));

      expect(error).toStrictEqual(new TypeError(`respondWith: ${message}`));
      expect(String(error)).not.toContain(SECRET);
      expect(await fake.createAuthenticationCode('user-1')).toMatchObject({
        authenticationCode: 'fake-code-1',
      });
    },
  );

  test.each(NO_CODES)(
    'refuses it of a function too, at the call, by both methods: %s',
    async (_, value, __, message) => {
      for (const respond of [() => value, async () => value]) {
        const fake = new FakeUserLinkClient();
        apply(fake, 'respondWith', respond);

        for (const method of ['createAuthenticationCode', 'tryCreateAuthenticationCode'] as const) {
          const error = await failureOf(() => fake[method]('user-1'));

          expect(error).toStrictEqual(new TypeError(`respondWith: ${message}`));
          expect(error).not.toBeInstanceOf(SentianceError);
        }
      }
    },
  );

  test('refuses a promise, and says how it can be passed', () => {
    expect(() => apply(new FakeUserLinkClient(), 'respondWith', Promise.resolve(CODE))).toThrow(
      new TypeError(
        'respondWith: pass { authenticationCode, expiresAt, platformUrl }, or a function that gives that, but not a promise. Pass a function that gives the promise.',
      ),
    );
  });

  test('takes what a client or a fake gave', async () => {
    const code = await new FakeUserLinkClient().createAuthenticationCode('user-1');

    const fake = new FakeUserLinkClient().respondWith(code);

    expect(await fake.createAuthenticationCode('user-2')).toBe(code);
  });
});
