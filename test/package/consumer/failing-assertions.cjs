/** Assertions that fail on what knows a secret; a test runner prints what they compared. */
const { FAILURES, OBJECTS } = require('./specimens.cjs');

const COMPARISONS = {
  toBe: (expect, value) => expect(value).toBe('something else'),
  toEqual: (expect, value) => expect(value).toEqual({ something: 'else' }),
  toStrictEqual: (expect, value) => expect(value).toStrictEqual({ something: 'else' }),
  toMatchObject: (expect, value) => expect(value).toMatchObject({ apiKey: 'something else' }),
  toHaveProperty: (expect, value) => expect(value).toHaveProperty('something', 'else'),
  'toEqual, in a list': (expect, value) => expect([{ value }]).toEqual([{ value: null }]),
};

/** What only an error is put to. */
const THROWN = {
  toThrow: (expect, error) =>
    expect(() => {
      throw error;
    }).toThrow('something else'),
  resolves: (expect, error) => expect(Promise.reject(error)).resolves.toBe('something else'),
  'no assertion': (_, error) => {
    throw error;
  },
};

/** Declares the tests with a runner's `test` and `expect`; every one of them fails. */
module.exports = function declareTests(test, expect) {
  const declare = (assertions, values) => {
    for (const [assertion, fail] of Object.entries(assertions)) {
      for (const [name, make] of Object.entries(values)) {
        test(`${assertion}: ${name}`, async () => fail(expect, await make()));
      }
    }
  };
  declare(COMPARISONS, { ...FAILURES, ...OBJECTS });
  declare(THROWN, FAILURES);
};
