import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type AuthenticationCodeResult,
  type CreateAuthenticationCodeOptions,
  SentianceError,
} from '../src/index.js';
import { clientOf, errorOf, UNUSED_URL } from './support/calls.js';
import { inMemoryFetch, issueCodeInMemory } from './support/in-memory-fetch.js';

const MISUSE =
  'The client could not be used as it was called. Call the method on its client, as client.createAuthenticationCode(…), with a signal that is an AbortSignal.';

/** What JavaScript may pass, whatever the types say. */
type UncheckedCall = (externalId?: unknown, options?: unknown) => Promise<AuthenticationCodeResult>;

function uncheckedClient() {
  const { fetch, sent } = inMemoryFetch(issueCodeInMemory);
  const client = clientOf(UNUSED_URL, { fetch });
  const call: UncheckedCall = (externalId, options) =>
    client.tryCreateAuthenticationCode(
      externalId as string,
      options as CreateAuthenticationCodeOptions,
    );
  return { call, client, sent };
}

function fail(): never {
  throw new Error('user-1');
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** A proxy that throws at whatever is done with it. */
function hostileProxy(): object {
  const everyTrap = new Proxy({}, { get: () => fail });
  return new Proxy({}, everyTrap);
}

/** Everything that a value can be, and worse. */
const GARBAGE: [string, unknown][] = [
  ['null', null],
  ['true', true],
  ['a number', 42],
  ['NaN', Number.NaN],
  ['a bigint', 42n],
  ['a text', 'abc'],
  ['half a surrogate pair', '\ud800'],
  ['a symbol', Symbol('user-1')],
  ['a function', fail],
  ['a class', class {}],
  ['an array', ['user-1']],
  ['an object', { id: 'user-1' }],
  ['an object without a prototype', Object.create(null)],
  ['a String object', Object('user-1')],
  ['an object that becomes a text', { toString: () => 'user-1' }],
  [
    'an object that throws as a text',
    { toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail },
  ],
  [
    'an object whose fields throw',
    Object.defineProperty({}, 'signal', { get: fail, enumerable: true }),
  ],
  ['a Date', new Date(0)],
  ['a Map', new Map([['signal', 1]])],
  ['a buffer', Buffer.from('user-1')],
  ['a promise', Promise.resolve('user-1')],
  ['a URL', new URL(UNUSED_URL)],
  ['an Error', new Error('user-1')],
  ['a revoked proxy', revokedProxy()],
  ['a hostile proxy', hostileProxy()],
];

describe('tryCreateAuthenticationCode never rejects', () => {
  test.each(GARBAGE.filter(([name]) => name !== 'a text'))(
    'for an external id that is none: %s',
    async (_, externalId) => {
      const { call, sent } = uncheckedClient();

      const error = errorOf(await call(externalId));

      expect(error).toMatchObject({
        code: 'invalid_external_id',
        action: 'fix_input',
        attempts: 0,
      });
      expect(error.message).toMatch(
        /^externalId (must be a string, but it is (null|an? \w+)\. |is not well-formed Unicode: )/,
      );
      expect(error.message).not.toContain('user-1');
      expect(sent).toHaveLength(0);
    },
  );

  test.each(['', ' ', '\t\n', ' \u2003\ufeff'])('for a blank external id: %j', async (id) => {
    const { call, sent } = uncheckedClient();

    const error = errorOf(await call(id));

    expect(error.code).toBe('invalid_external_id');
    expect(error.message).toBe("externalId is blank. Pass your own platform's id of the user.");
    expect(sent).toHaveLength(0);
  });

  test('for no arguments at all', async () => {
    const error = errorOf(await uncheckedClient().call());

    expect(error).toMatchObject({
      code: 'invalid_external_id',
      message:
        "externalId must be a string, but it is undefined. Pass your own platform's id of the user.",
    });
  });

  test.each(GARBAGE)('for options that may be none: %s', async (_, options) => {
    const { call, sent } = uncheckedClient();

    const result = await call('user-7', options);

    // An object without fields of its own is as good as no options.
    if (result.ok) expect(sent).toHaveLength(1);
    else {
      expect(result.error).toBeInstanceOf(SentianceError);
      expect(result.error).toMatchObject({ code: 'invalid_configuration', attempts: 0 });
      expect(result.error.message).toMatch(
        /^The options of createAuthenticationCode (must be an object, but they are |could not be read: |have an unknown option )/,
      );
      expect(result.error.message).not.toContain('user-1');
      expect(sent).toHaveLength(0);
    }
  });

  test.each(
    ['signal', 'timeout', 'totalTimeout', 'maxRetries'].flatMap((option) =>
      GARBAGE.filter(([name]) => !(name === 'a number' && option.endsWith('imeout'))).map(
        ([name, value]) => [option, name, value] as const,
      ),
    ),
  )('for an option that has a bad value: %s is %s', async (option, _, value) => {
    const { call, sent } = uncheckedClient();

    const error = errorOf(await call('user-7', { [option]: value }));

    expect(error).toMatchObject({ code: 'invalid_configuration', attempts: 0 });
    expect(error.message).toMatch(new RegExp(`^${option} must be an? .+, but it is .+\\.$`));
    expect(error.message).not.toContain('user-1');
    expect(sent).toHaveLength(0);
  });

  const methods = { addEventListener() {}, removeEventListener() {} };
  test.each<[string, () => object, string]>([
    [
      'one without methods',
      () => ({ aborted: false }),
      'signal must be an AbortSignal, but it is an object.',
    ],
    [
      'an AbortController',
      () => new AbortController(),
      'signal must be an AbortSignal, but it is an object.',
    ],
    [
      'one whose aborted throws',
      () => Object.defineProperty({ ...methods }, 'aborted', { get: fail }),
      'signal must be an AbortSignal, but it is an object.',
    ],
    ['one whose aborted throws later', () => throwsFromThirdRead(methods), MISUSE],
    [
      'one whose addEventListener throws',
      () => ({ ...methods, aborted: false, addEventListener: fail }),
      MISUSE,
    ],
    [
      'one whose removeEventListener throws',
      () => ({ ...methods, aborted: false, removeEventListener: fail }),
      MISUSE,
    ],
    [
      'one that throws a revoked proxy',
      () => ({ ...methods, aborted: false, addEventListener: throwRevoked }),
      MISUSE,
    ],
  ])('for a hostile signal: %s', async (_, makeSignal, message) => {
    const { call, client } = uncheckedClient();

    const error = errorOf(await call('user-7', { signal: makeSignal() }));

    expect(error).toMatchObject({ code: 'invalid_configuration', message });
    // The method that rejects must reject with the same.
    const signal = makeSignal() as AbortSignal;
    const rejected = client.createAuthenticationCode('user-7', { signal });
    await expect(rejected).rejects.toMatchObject({ code: 'invalid_configuration', message });
    await expect(rejected).rejects.toBeInstanceOf(SentianceError);
  });

  test('for a signal whose methods are async and reject: nothing is left to reject', async () => {
    const reject = async () => fail();
    const signal = { aborted: false, addEventListener: reject, removeEventListener: reject };
    const rejections: unknown[] = [];
    const listener = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', listener);
    onTestFinished(() => void process.off('unhandledRejection', listener));
    const { call } = uncheckedClient();

    expect((await call('user-7', { signal })).ok).toBe(true);

    await nextTurn();
    expect(rejections).toEqual([]);
  });

  test('for a signal of another realm, which works', async () => {
    const { call } = uncheckedClient();

    expect(await call('user-7', { signal: { ...methods, aborted: false } })).toMatchObject({
      ok: true,
    });
    expect(errorOf(await call('user-7', { signal: { ...methods, aborted: true } })).code).toBe(
      'aborted',
    );
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an object', {}],
    ['what only inherits from the client', Object.create(clientOf(UNUSED_URL))],
    ['a proxy of the client', new Proxy(clientOf(UNUSED_URL), {})],
  ])('when it was taken off its client, and called on %s', async (_, receiver) => {
    const { tryCreateAuthenticationCode, createAuthenticationCode } = clientOf(UNUSED_URL);

    const error = errorOf(await tryCreateAuthenticationCode.call(asClient(receiver), 'user-7'));

    expect(error).toBeInstanceOf(SentianceError);
    expect(error).toMatchObject({
      code: 'invalid_configuration',
      action: 'alert',
      attempts: 0,
      message: MISUSE,
    });
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'details withheld' });
    await expect(createAuthenticationCode.call(asClient(receiver), 'user-7')).rejects.toMatchObject(
      { code: 'invalid_configuration', message: MISUSE },
    );
  });

  test('in a runtime without Error.captureStackTrace', async () => {
    const { captureStackTrace } = Error;
    Reflect.set(Error, 'captureStackTrace', undefined);
    try {
      expect(errorOf(await uncheckedClient().call('')).code).toBe('invalid_external_id');
    } finally {
      Error.captureStackTrace = captureStackTrace;
    }
  });
});

/** A receiver that the types do not allow. */
function asClient(receiver: unknown): ReturnType<typeof clientOf> {
  return receiver as ReturnType<typeof clientOf>;
}

function throwRevoked(): never {
  throw revokedProxy();
}

/** A signal that passes its check, which reads `aborted` twice, and throws when it is used. */
function throwsFromThirdRead(methods: object): object {
  let reads = 0;
  return Object.defineProperty({ ...methods }, 'aborted', {
    get() {
      reads += 1;
      return reads > 1 ? fail() : false;
    },
  });
}
