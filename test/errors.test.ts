import { describe, expect, test, vi } from 'vitest';
import type { AnySentianceError, SentianceErrorCode } from '../src/index.js';
import { respondInTurn, statusResponse } from './support/in-memory-fetch.js';
import { failureOf } from './support/refusals.js';

const library = await import('../src/index.js');

type Library = typeof library;
type BaseName = 'SentianceError' | 'SentianceApiError';
type ClassName = Extract<keyof Library, `${string}Error`>;

/** A row of the error table: a class, what it extends, and an error of it with nothing optional. */
interface ErrorRow<Code extends SentianceErrorCode> {
  name: Exclude<ClassName, BaseName>;
  bases: readonly BaseName[];
  action: AnySentianceError['action'];
  make: (copy: Library, message: string) => Extract<AnySentianceError, { code: Code }>;
  /** The fields beyond `code`, `action` and `attempts` that `make` sets. */
  fields: object;
}

const OWN: readonly BaseName[] = ['SentianceError'];
const API: readonly BaseName[] = ['SentianceError', 'SentianceApiError'];

const ROWS: { [Code in SentianceErrorCode]: ErrorRow<Code> } = {
  invalid_configuration: {
    name: 'SentianceConfigurationError',
    bases: OWN,
    action: 'alert',
    make: (copy, message) => new copy.SentianceConfigurationError(message),
    fields: {},
  },
  invalid_external_id: {
    name: 'SentianceInvalidExternalIdError',
    bases: OWN,
    action: 'fix_input',
    make: (copy, message) => new copy.SentianceInvalidExternalIdError(message),
    fields: {},
  },
  unauthorized: {
    name: 'SentianceAuthenticationError',
    bases: API,
    action: 'alert',
    make: (copy, message) => new copy.SentianceAuthenticationError(message, { status: 401 }),
    fields: { status: 401 },
  },
  forbidden: {
    name: 'SentiancePermissionError',
    bases: API,
    action: 'alert',
    make: (copy, message) => new copy.SentiancePermissionError(message, { status: 403 }),
    fields: { status: 403 },
  },
  rate_limited: {
    name: 'SentianceRateLimitError',
    bases: API,
    action: 'retry_later',
    make: (copy, message) => new copy.SentianceRateLimitError(message, { status: 429 }),
    fields: { status: 429 },
  },
  server_error: {
    name: 'SentianceServerError',
    bases: API,
    action: 'retry_later',
    make: (copy, message) => new copy.SentianceServerError(message, { status: 503 }),
    fields: { status: 503 },
  },
  rejected: {
    name: 'SentianceRequestError',
    bases: API,
    action: 'alert',
    make: (copy, message) => new copy.SentianceRequestError(message, { status: 404 }),
    fields: { status: 404 },
  },
  unexpected_redirect: {
    name: 'SentianceRedirectError',
    bases: API,
    action: 'alert',
    make: (copy, message) => new copy.SentianceRedirectError(message, { status: 302 }),
    fields: { status: 302 },
  },
  invalid_response: {
    name: 'SentianceResponseError',
    bases: API,
    action: 'alert',
    make: (copy, message) =>
      new copy.SentianceResponseError(message, { status: 200, issues: ['expires_at'] }),
    fields: { status: 200, issues: ['expires_at'] },
  },
  connection_failed: {
    name: 'SentianceConnectionError',
    bases: OWN,
    action: 'retry_later',
    make: (copy, message) => new copy.SentianceConnectionError(message),
    fields: {},
  },
  timeout: {
    name: 'SentianceTimeoutError',
    bases: OWN,
    action: 'retry_later',
    make: (copy, message) => new copy.SentianceTimeoutError(message),
    fields: {},
  },
  aborted: {
    name: 'SentianceAbortError',
    bases: OWN,
    action: 'none',
    make: (copy, message) => new copy.SentianceAbortError(message),
    fields: {},
  },
};

const MESSAGE = 'What went wrong.';
const CLASSES = [...API, ...Object.values(ROWS).map(({ name }) => name)];

/** The library as another package's own installation of it would be: the same code, other classes. */
async function loadSecondCopy(): Promise<Library> {
  vi.resetModules();
  return await import('../src/index.js');
}

test('the table here names every error class that the library exports', () => {
  const exported = Object.keys(library).filter((name) => name.endsWith('Error'));

  expect([...CLASSES].sort()).toEqual(exported.sort());
});

describe.each(Object.entries(ROWS))('the error with the code %s', (code, row) => {
  const { name, bases, action, make, fields } = row;

  test('carries its code, its action, its message and no request as the default', () => {
    const error = make(library, MESSAGE);

    expect(error).toMatchObject({ code, action, message: MESSAGE, attempts: 0 });
  });

  test('has no field and no cause that it was given no value for', () => {
    const error = make(library, MESSAGE);

    const own = ['stack', 'message', 'attempts', 'code', 'action', ...Object.keys(fields)];
    expect(Object.getOwnPropertyNames(error).sort()).toEqual(own.sort());
  });

  test('has the name of its class as its name, which is not one of its fields', () => {
    const error = make(library, MESSAGE);

    expect(error.name).toBe(name);
    expect(Object.keys(error)).not.toContain('name');
    expect(Object.prototype.propertyIsEnumerable.call(Object.getPrototypeOf(error), 'name')).toBe(
      false,
    );
    expect(String(error)).toBe(`${name}: ${MESSAGE}`);
  });

  test('begins its stack with its name and its message', () => {
    const error = make(library, MESSAGE);

    expect(error.stack).toMatch(new RegExp(`^${name}: What went wrong\\.\\n +at `));
  });

  test('becomes plain data in JSON: every field and the message, no stack', () => {
    const error = make(library, MESSAGE);

    const data = { name, message: MESSAGE, attempts: 0, ...fields, code, action };
    expect(error.toJSON()).toStrictEqual(data);
    expect(JSON.parse(JSON.stringify({ error }))).toStrictEqual({ error: data });
  });

  test.each(CLASSES)(
    'is an instance of %s exactly when it is one, in every copy',
    async (other) => {
      const copy = await loadSecondCopy();
      const ours = make(library, MESSAGE);
      const theirs = make(copy, MESSAGE);
      const related = [name, ...bases].includes(other);

      expect(copy[other]).not.toBe(library[other]);
      expect(ours instanceof library[other]).toBe(related);
      expect(ours instanceof copy[other]).toBe(related);
      expect(theirs instanceof library[other]).toBe(related);
      expect(theirs instanceof copy[other]).toBe(related);
      expect(theirs).toBeInstanceOf(Error);
    },
  );
});

test.each(CLASSES)('an error of another version is known as a %s by its symbol', (name) => {
  // Every version that was ever published must keep this symbol and the names of its classes.
  const brand = Symbol.for('sentiance-user-link.error');
  class OtherVersion extends Error {}
  Object.defineProperty(OtherVersion.prototype, brand, { value: name });
  const error: unknown = new OtherVersion(MESSAGE);

  expect(CLASSES.filter((other) => error instanceof library[other])).toEqual([name]);
});

describe.each(CLASSES)('instanceof %s', (name) => {
  class Lookalike extends Error {
    override readonly name = name;
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
    ['a symbol', Symbol(name)],
    ['a string with its name', name],
    ['an empty object', {}],
    ['an object without a prototype', Object.create(null)],
    ['an array', [new Error(MESSAGE)]],
    ['a function', () => library.SentianceError],
    ['the class itself', library[name]],
    ['a plain Error', new Error(MESSAGE)],
    ['an Error with its name', Object.assign(new Error(MESSAGE), { name })],
    ['an Error with one of its codes', Object.assign(new Error(MESSAGE), { code: 'timeout' })],
    ['an object with one of its codes', { name, code: 'timeout', action: 'retry_later' }],
    ['an error of another class with its name and its fields', new Lookalike(MESSAGE)],
    ['the data of one of its errors', ROWS.server_error.make(library, MESSAGE).toJSON()],
    ['a platform error', new DOMException(MESSAGE, 'TimeoutError')],
  ])('is false for %s', (_, value) => {
    expect(value instanceof library[name]).toBe(false);
  });
});

describe("a class that a user derives from one of the library's", () => {
  class OwnError extends library.SentianceServerError {}
  class OwnSpecialError extends OwnError {}
  const init = { status: 503 };

  test('recognises its own errors and those of its subclasses', () => {
    expect(new OwnError(MESSAGE, init)).toBeInstanceOf(OwnError);
    expect(new OwnSpecialError(MESSAGE, init)).toBeInstanceOf(OwnError);
    expect(new OwnError(MESSAGE, init)).not.toBeInstanceOf(OwnSpecialError);
  });

  test("does not recognise the library's errors, in any copy", async () => {
    const copy = await loadSecondCopy();

    expect(new library.SentianceServerError(MESSAGE, init)).not.toBeInstanceOf(OwnError);
    expect(new copy.SentianceServerError(MESSAGE, init)).not.toBeInstanceOf(OwnError);
  });

  test.each([null, undefined, 503, 'OwnError', {}, new Error(MESSAGE)])(
    'does not recognise %s',
    (value: unknown) => {
      expect(value instanceof OwnError).toBe(false);
    },
  );

  test('may give its errors a name of its own', () => {
    class NamedError extends library.SentianceServerError {
      constructor() {
        super(MESSAGE, init);
        this.name = 'NamedError';
      }
    }

    expect(String(new NamedError())).toBe('NamedError: What went wrong.');
    expect(new NamedError()).toBeInstanceOf(library.SentianceServerError);
  });

  test('makes errors that the library recognises, in every copy', async () => {
    const copy = await loadSecondCopy();
    const error = new OwnSpecialError(MESSAGE, init);

    expect(error).toBeInstanceOf(library.SentianceServerError);
    expect(error).toBeInstanceOf(copy.SentianceServerError);
    expect(error).toBeInstanceOf(copy.SentianceApiError);
    expect(error).not.toBeInstanceOf(copy.SentianceRateLimitError);
  });
});

describe('the fields that only some errors have', () => {
  const lastError = new library.SentianceConnectionError(MESSAGE, { attempts: 1 });
  const platform = { status: 429, errorCode: 'USERLINKING_NOT_CONFIGURED', ref: 'ref-1' };

  test.each<[string, AnySentianceError, object]>([
    [
      'requests that were sent',
      new library.SentianceAbortError(MESSAGE, { attempts: 2 }),
      { attempts: 2 },
    ],
    [
      "the platform's error code and ref",
      new library.SentianceRequestError(MESSAGE, platform),
      platform,
    ],
    [
      'the wait that a rate limit asks for',
      new library.SentianceRateLimitError(MESSAGE, { ...platform, retryAfter: 1_500 }),
      { ...platform, retryAfter: 1_500 },
    ],
    [
      'a wait of no time',
      new library.SentianceRateLimitError(MESSAGE, { status: 429, retryAfter: 0 }),
      { retryAfter: 0 },
    ],
    [
      'the reason of a lost connection',
      new library.SentianceConnectionError(MESSAGE, { reason: 'ECONNRESET' }),
      { reason: 'ECONNRESET' },
    ],
    [
      'what the attempt before a timeout met',
      new library.SentianceTimeoutError(MESSAGE, { attempts: 2, lastError }),
      { attempts: 2, lastError },
    ],
  ])('are there when they were given: %s', (_, error, fields) => {
    expect(error).toMatchObject(fields);
    expect(error.toJSON()).toMatchObject(fields);
  });

  test.each<[string, AnySentianceError, string[]]>([
    [
      'errorCode, ref and retryAfter',
      new library.SentianceRateLimitError(MESSAGE, {
        status: 429,
        errorCode: undefined,
        ref: undefined,
        retryAfter: undefined,
      }),
      ['errorCode', 'ref', 'retryAfter'],
    ],
    [
      'reason and cause',
      new library.SentianceConnectionError(MESSAGE, { reason: undefined, cause: undefined }),
      ['reason', 'cause'],
    ],
    [
      'lastError',
      new library.SentianceTimeoutError(MESSAGE, { lastError: undefined }),
      ['lastError'],
    ],
  ])('are absent, not undefined, when their value is: %s', (_, error, names) => {
    for (const name of names) expect(error).not.toHaveProperty(name);
  });

  test('count no request when the number of requests is undefined', () => {
    const error = new library.SentianceAbortError(MESSAGE, { attempts: undefined });

    expect(error.attempts).toBe(0);
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

test('an error shows its cause in what Node prints, and not in JSON', () => {
  const cause = new Error('ECONNRESET');
  const error = new library.SentianceConnectionError(MESSAGE, { cause });

  expect(error.cause).toBe(cause);
  expect(Object.keys(error)).not.toContain('cause');
  expect(error.toJSON()).not.toHaveProperty('cause');
});

test('an error that a call rejects with begins its stack with its name and its message', async () => {
  const fetch = respondInTurn(statusResponse(404));
  const options = { apiKey: 'test-user-link-key', region: 'eu', fetch } as const;
  const client = new library.SentianceUserLinkClient(options);

  const error = await failureOf(() => client.createAuthenticationCode('user-1'));

  expect(error).toBeInstanceOf(library.SentianceRequestError);
  expect(error).toHaveProperty(
    'stack',
    expect.stringMatching(
      /^SentianceRequestError: api\.sentiance\.com did not accept the request \(404\)\. .+\n +at /,
    ),
  );
});
