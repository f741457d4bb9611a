/** What is alike with every mock: the client, what is sent, and what a call comes to. */
import assert from 'node:assert/strict';
import { SentianceConfigurationError, SentianceUserLinkClient } from 'sentiance-user-link';

export const ORIGIN = 'https://api.sentiance.com';
export const PATH = '/users/auth-code';
export const URL = ORIGIN + PATH;
export const CODE = { authentication_code: 'code-of-the-mock' };

export const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key' });

export async function expectCode() {
  const { authenticationCode } = await client.createAuthenticationCode('user-1');
  assert.equal(authenticationCode, 'code-of-the-mock');
}

/** The error of a call, which must be one of the library's own and show no secret. */
export async function errorOf(options) {
  const { ok, error } = await client.tryCreateAuthenticationCode('user-1', options);
  assert.equal(ok, false);
  assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /test-user-link-key|user-1/);
  return error;
}

/** Where the mock gave no usable Response: the error says what it gave, and what to do. */
export async function expectRefused(problem) {
  const error = await errorOf();
  assert.ok(error instanceof SentianceConfigurationError, error.message);
  assert.equal(
    error.message,
    `fetch must resolve to ${problem}. In a test, let the mock make a new Response for each call, such as Response.json({ authentication_code: 'test' }), or use the fakes of sentiance-user-link/testing.`,
  );
}

/** Ways to use a mock of `fetch` wrongly: a title, what it gives, what the client says of that. */
export const WRONG_RESULTS = [
  ['nothing', () => undefined, 'a Response, but resolved to undefined'],
  ['a string', () => JSON.stringify(CODE), 'a Response, but resolved to a string'],
  [
    'the data itself',
    () => CODE,
    'a Response, but resolved to an object whose status is undefined',
  ],
  [
    'a plain object with json()',
    () => ({ ok: true, status: 200, json: async () => CODE }),
    'a Response, but resolved to an object whose headers have no get method',
  ],
  [
    'a plain object with headers and json()',
    () => ({ ok: true, status: 200, headers: new Headers(), json: async () => CODE }),
    'a Response, but resolved to an object whose body is undefined',
  ],
  [
    'a Response that was read',
    async () => {
      const response = Response.json(CODE);
      await response.text();
      return response;
    },
    'a new Response at every call, but resolved to one whose body was read already',
  ],
];
