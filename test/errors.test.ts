import { describe, expect, test, vi } from 'vitest';
import type { AnySentianceError, SentianceErrorAction, SentianceErrorCode } from '../src/index.js';
import { respondInTurn, statusResponse } from './support/in-memory-fetch.js';
import { failureOf } from './support/refusals.js';

const library = await import('../src/index.js');
vi.resetModules();
/** The library as another installation of it would be: the same code, other classes. */
const copy = await import('../src/index.js');

type Library = typeof library;
type ClassName = Extract<keyof Library, `${string}Error`>;
type BaseName = 'SentianceError' | 'SentianceApiError';
type Concrete = Exclude<ClassName, BaseName>;

/** The error table, with the fields that an error of the class cannot do without. */
const ROWS: [SentianceErrorCode, Concrete, SentianceErrorAction, object][] = [
  ['invalid_configuration', 'SentianceConfigurationError', 'alert', {}],
  ['invalid_external_id', 'SentianceInvalidExternalIdError', 'fix_input', {}],
  ['unauthorized', 'SentianceAuthenticationError', 'alert', { status: 401 }],
  ['forbidden', 'SentiancePermissionError', 'alert', { status: 403 }],
  ['rate_limited', 'SentianceRateLimitError', 'retry_later', { status: 429 }],
  ['server_error', 'SentianceServerError', 'retry_later', { status: 503 }],
  ['rejected', 'SentianceRequestError', 'alert', { status: 404 }],
  ['unexpected_redirect', 'SentianceRedirectError', 'alert', { status: 302 }],
  ['invalid_response', 'SentianceResponseError', 'alert', { status: 200, issues: ['expires_at'] }],
  ['connection_failed', 'SentianceConnectionError', 'retry_later', {}],
  ['timeout', 'SentianceTimeoutError', 'retry_later', {}],
  ['aborted', 'SentianceAbortError', 'none', {}],
];

const MESSAGE = 'What went wrong.';
const BASES: BaseName[] = ['SentianceError', 'SentianceApiError'];
const CLASSES: ClassName[] = [...BASES, ...ROWS.map(([, name]) => name)];

function make(of: Library, name: Concrete, init: object): AnySentianceError {
  return Reflect.construct(of[name], [MESSAGE, init]);
}

/** The names of the classes that an error is an instance of. */
function classesOf(error: unknown, of: Library): ClassName[] {
  return CLASSES.filter((name) => error instanceof of[name]);
}

test('The table here names every error class that the library exports', () => {
  const exported = Object.keys(library).filter((name) => name.endsWith('Error'));

  expect([...CLASSES].sort()).toEqual(exported.sort());
});

describe.each(ROWS)('The error with the code %s', (code, name, action, init) => {
  const error = make(library, name, init);

  test('carries its code, its action, its message and no request as the default', () => {
    expect(error).toMatchObject({ code, action, message: MESSAGE, attempts: 0 });
  });

  test('has no field and no cause that it was given no value for', () => {
    const own = ['stack', 'message', 'attempts', 'code', 'action', ...Object.keys(init)];
    expect(Object.getOwnPropertyNames(error).sort()).toEqual(own.sort());
  });

  test('has the name of its class, which is not one of its fields, and begins its stack with it', () => {
    const prototype: object = Object.getPrototypeOf(error);

    expect(error.name).toBe(name);
    expect(Object.getOwnPropertyDescriptor(prototype, 'name')?.enumerable).toBe(false);
    expect(String(error)).toBe(`${name}: ${MESSAGE}`);
    expect(error.stack).toMatch(new RegExp(`^${name}: What went wrong\\.\\n +at `));
  });

  test('becomes plain data in JSON: every field and the message, no stack', () => {
    const data = { name, message: MESSAGE, attempts: 0, ...init, code, action };
    expect(error.toJSON()).toStrictEqual(data);
    expect(JSON.parse(JSON.stringify({ error }))).toStrictEqual({ error: data });
  });

  test('is an instance of its class and its bases, of every copy, and of no other', () => {
    const own = [...('status' in init ? BASES : BASES.slice(0, 1)), name];
    const theirs = make(copy, name, init);

    expect(copy[name]).not.toBe(library[name]);
    expect(classesOf(error, library)).toEqual(own);
    expect(classesOf(error, copy)).toEqual(own);
    expect(classesOf(theirs, library)).toEqual(own);
    expect(classesOf(theirs, copy)).toEqual(own);
    expect(theirs).toBeInstanceOf(Error);
  });
});

test.each(CLASSES)('An error of another version is known as a %s by its symbol', (name) => {
  // Every version that was ever published must keep these symbols and the names of its classes.
  class OtherVersion extends Error {}
  Object.defineProperty(OtherVersion.prototype, Symbol.for(`sentiance-user-link.${name}`), {});

  expect(classesOf(new OtherVersion(MESSAGE), library)).toEqual([name]);
});

class Lookalike extends Error {
  override readonly name = 'SentianceServerError';
  readonly code = 'server_error';
  readonly action = 'retry_later';
  readonly attempts = 1;
  readonly status = 503;
}

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a boolean', true],
  ['a number', 503],
  ['a bigint', 503n],
  ['a symbol', Symbol.for('sentiance-user-link.SentianceServerError')],
  ['a string with its name', 'SentianceServerError'],
  ['an empty object', {}],
  ['an object without a prototype', Object.create(null)],
  ['an array', [new Error(MESSAGE)]],
  ['a function', () => library.SentianceServerError],
  ['the class itself', library.SentianceServerError],
  ['an Error', new Error(MESSAGE)],
  ['an Error with one of its codes', Object.assign(new Error(MESSAGE), { code: 'timeout' })],
  ['an error of another class with its name and its fields', new Lookalike(MESSAGE)],
  ['its data', make(library, 'SentianceServerError', { status: 503 }).toJSON()],
  ['an error of the runtime', new DOMException(MESSAGE, 'TimeoutError')],
])('No class takes for its own: %s', (_, value) => {
  expect(classesOf(value, library)).toEqual([]);
});

describe("A class that somebody derives from one of the library's", () => {
  class OwnError extends library.SentianceServerError {}
  class OwnSpecialError extends OwnError {}
  const init = { status: 503 };

  test('recognises its own errors and those of its subclasses', () => {
    expect(new OwnError(MESSAGE, init)).toBeInstanceOf(OwnError);
    expect(new OwnSpecialError(MESSAGE, init)).toBeInstanceOf(OwnError);
    expect(new OwnError(MESSAGE, init)).not.toBeInstanceOf(OwnSpecialError);
  });

  test.each<[string, unknown]>([
    ["one of the library's errors", new library.SentianceServerError(MESSAGE, init)],
    ["one of another copy's", new copy.SentianceServerError(MESSAGE, init)],
    ['an Error', new Error(MESSAGE)],
    ['an object', {}],
    ['null', null],
    ['a string', 'OwnError'],
  ])('does not recognise %s', (_, value) => {
    expect(value instanceof OwnError).toBe(false);
  });

  test('makes errors that the library recognises, in every copy', () => {
    const own: ClassName[] = [...BASES, 'SentianceServerError'];

    expect(classesOf(new OwnSpecialError(MESSAGE, init), library)).toEqual(own);
    expect(classesOf(new OwnSpecialError(MESSAGE, init), copy)).toEqual(own);
  });

  test('may give its errors a name of its own', () => {
    const error = Object.assign(new OwnError(MESSAGE, init), { name: 'OwnError' });

    expect(String(error)).toBe('OwnError: What went wrong.');
    expect(error).toBeInstanceOf(library.SentianceServerError);
  });
});

describe('The fields that only some errors have', () => {
  const lastError = new library.SentianceConnectionError(MESSAGE, { attempts: 1 });
  const platform = { status: 429, errorCode: 'USERLINKING_NOT_CONFIGURED', ref: 'ref-1' };

  test.each<[string, Concrete, object]>([
    ['requests that were sent', 'SentianceAbortError', { attempts: 2 }],
    ["the platform's error code and ref", 'SentianceRequestError', platform],
    ['the wait asked for', 'SentianceRateLimitError', { ...platform, retryAfter: 1_500 }],
    ['a wait of no time', 'SentianceRateLimitError', { status: 429, retryAfter: 0 }],
    ['why a connection was lost', 'SentianceConnectionError', { reason: 'ECONNRESET' }],
    ['that it does not pass by itself', 'SentianceConnectionError', { action: 'alert' }],
    ['what the last attempt met', 'SentianceTimeoutError', { attempts: 2, lastError }],
  ])('are there when they were given: %s', (_, name, fields) => {
    const error = make(library, name, fields);

    expect(error).toMatchObject(fields);
    expect(error.toJSON()).toMatchObject(fields);
  });

  test.each<[Concrete, string[]]>([
    ['SentianceRateLimitError', ['errorCode', 'ref', 'retryAfter']],
    ['SentianceConnectionError', ['reason', 'cause']],
    ['SentianceTimeoutError', ['lastError', 'cause']],
  ])('are absent, not undefined, when they were given as undefined: %s', (name, fields) => {
    const error = make(
      library,
      name,
      Object.fromEntries(fields.map((field) => [field, undefined])),
    );

    for (const field of fields) expect(error).not.toHaveProperty(field);
  });

  test('have their defaults when they were given as undefined', () => {
    const init = { attempts: undefined, action: undefined };

    expect(make(library, 'SentianceConnectionError', init)).toMatchObject({
      attempts: 0,
      action: 'retry_later',
    });
  });

  test('become plain data in JSON, with the error that a timeout carries', () => {
    const error = new library.SentianceTimeoutError('Too late.', { attempts: 2, lastError });

    expect(JSON.parse(JSON.stringify(error))).toStrictEqual({
      name: 'SentianceTimeoutError',
      message: 'Too late.',
      attempts: 2,
      code: 'timeout',
      action: 'retry_later',
      lastError: {
        name: 'SentianceConnectionError',
        message: MESSAGE,
        attempts: 1,
        code: 'connection_failed',
        action: 'retry_later',
      },
    });
  });
});

test('An error shows its cause in what Node prints, and not in JSON', () => {
  const cause = new Error('ECONNRESET');
  const error = new library.SentianceConnectionError(MESSAGE, { cause });

  expect(error.cause).toBe(cause);
  expect(Object.keys(error)).not.toContain('cause');
  expect(error.toJSON()).not.toHaveProperty('cause');
});

test('An error that a call rejects with begins its stack with its name and its message', async () => {
  const fetch = respondInTurn(statusResponse(404));
  const client = new library.SentianceUserLinkClient({ apiKey: 'test-user-link-key', fetch });

  const error = await failureOf(() => client.createAuthenticationCode('user-1'));

  expect(error).toHaveProperty(
    'stack',
    expect.stringMatching(/^SentianceRequestError: api\.sentiance\.com .+\n +at /),
  );
});
