import { afterEach, expect, test } from 'vitest';
import { interceptRequests } from '../support/msw.js';
import { codeFrom, errorFrom, respondWith } from './responses.js';

interceptRequests();

const POLLUTION = {
  authentication_code: 'polluted',
  expires_at: '2099-01-01T00:00:00Z',
  message: 'Polluted',
  errorCode: 'POLLUTED',
  ref: '0f8fad5b-d9cb-469f-a165-70867728950e',
  code: 'POLLUTED',
  error: 'polluted',
  issues: ['polluted'],
};

/** Only from here on: Vitest itself does not work with some of these for long. */
function pollute(): void {
  for (const [name, value] of Object.entries(POLLUTION)) {
    const get = () => value;
    // Assignments to objects go on working, as they do with a writable property.
    function set(this: object, own: unknown): void {
      const field = { value: own, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(this, name, field);
    }
    Object.defineProperty(Object.prototype, name, { get, set, configurable: true });
  }
}

function clean(): void {
  for (const name of Object.keys(POLLUTION)) Reflect.deleteProperty(Object.prototype, name);
}

afterEach(clean);

/** The response arrives while `Object.prototype` is polluted. */
function polluting(status: number, body: string) {
  const respond = respondWith(status, body);
  return (requestNumber: number) => {
    pollute();
    return respond(requestNumber);
  };
}

test('A polluted prototype lends a response no code', async () => {
  const { error } = await errorFrom(polluting(200, '{}')).finally(clean);

  expect(error).toMatchObject({ code: 'invalid_response', issues: ['authentication_code'] });
});

test('A polluted prototype lends a code no expiry', async () => {
  const begun = Date.now();
  const code = await codeFrom(polluting(200, '{"authentication_code":"code-1"}')).finally(clean);

  expect(code.authenticationCode).toBe('code-1');
  expect(code.expiresAt.getTime()).toBeGreaterThanOrEqual(begun + 600_000);
  expect(code.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
});

test.each([
  ['an object without fields', '{}'],
  ['no object', 'null'],
  ['no JSON', '<html>'],
])('A polluted prototype lends no field to an error response that is %s', async (_, body) => {
  const { error } = await errorFrom(polluting(400, body)).finally(clean);

  expect(error.message).not.toContain('The platform says');
  expect(error.message).not.toMatch(/polluted|0f8fad5b/i);
  expect(Object.keys(error)).toEqual(['attempts', 'status', 'code', 'action']);
});
