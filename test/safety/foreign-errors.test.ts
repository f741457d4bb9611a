import { describe, expect, test } from 'vitest';
import { SentianceConnectionError } from '../../src/index.js';
import { CANARIES, expectNoCanary } from '../support/canaries.js';
import { withoutBackoff } from '../support/clock.js';
import { construct, failureOf, requestCode } from '../support/refusals.js';
import { failing, KEY, QUOTE } from './echoes.js';

const named = (name: string, fields: object = {}) =>
  Object.assign(new Error(QUOTE), { name, ...fields });
/** An error with this code, behind a number of others. */
const behind = (links: number, code: unknown) =>
  Array.from({ length: links }).reduce<Error>(
    (cause) => new Error(QUOTE, { cause }),
    named('Error', { code }),
  );
const circular = new Error(QUOTE);
circular.cause = circular;

/** What a call with this key and id makes of an error of `fetch`. */
async function shownOf(thrown: unknown, externalId = CANARIES.externalId, apiKey = KEY) {
  withoutBackoff();
  const baseUrl = 'https://platform.example';
  const client = construct({ apiKey, baseUrl, fetch: failing(() => thrown) });
  const error = await failureOf(() => requestCode(client, externalId));
  if (!(error instanceof SentianceConnectionError)) throw error;
  return error;
}

describe('Of an error that is not ours is left', () => {
  test.each<[string, unknown, string, string | undefined]>([
    ['a name and a code', named('TypeError', { code: 'ECONNRESET' }), 'TypeError', 'ECONNRESET'],
    [
      'the innermost name that is known',
      new TypeError(QUOTE, { cause: named('AbortError', { cause: named(KEY) }) }),
      'AbortError',
      undefined,
    ],
    [
      'the outermost of two codes',
      named('Error', { code: 'ECONNRESET', cause: behind(1, 'EPIPE') }),
      'Error',
      'ECONNRESET',
    ],
    [
      'a code behind one that is no code',
      named('Error', { code: KEY, cause: behind(1, 'EPIPE') }),
      'Error',
      'EPIPE',
    ],
    ['a code behind three errors', behind(3, 'ECONNRESET'), 'Error', 'ECONNRESET'],
    ['nothing of a code behind four', behind(4, 'ECONNRESET'), 'Error', undefined],
    ['nothing of names and codes that are unknown', named(KEY, { code: KEY }), 'Error', undefined],
    ['nothing of a code that is no string', behind(0, { ECONNRESET: 1 }), 'Error', undefined],
    ['nothing of causes in a circle', circular, 'Error', undefined],
    ['nothing of null as a cause', new Error(QUOTE, { cause: null }), 'Error', undefined],
    ['nothing of a string', 'ECONNRESET', 'Error', undefined],
    ['nothing of undefined', undefined, 'Error', undefined],
  ])('%s', async (_, thrown, name, reason) => {
    const error = await shownOf(thrown);

    expect(error.reason).toBe(reason);
    const message = reason ?? 'details withheld';
    expect(Object.getPrototypeOf(error.cause)).toBe(Error.prototype);
    expect(error.cause).toMatchObject({ name, message, stack: `${name}: ${message}` });
    expect(Object.entries(Object(error.cause))).toEqual(
      reason === undefined ? [] : [['code', reason]],
    );
    expectNoCanary(error);
  });
});

describe('A code is shown', () => {
  test.each([
    ['of a system', 'ECONNRESET'],
    ['of HTTP/2, with a digit', 'ERR_HTTP2_STREAM_ERROR'],
    ['of Node', 'ERR_INVALID_ARG_TYPE'],
    ['of TLS', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['of TLS, as OpenSSL spells it since 3.2', 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE'],
    ['of undici', 'UND_ERR_SOCKET'],
    ["of undici's mocks", 'UND_MOCK_ERR_MOCK_NOT_MATCHED'],
    ['of the HTTP parser', 'HPE_INVALID_CONTENT_LENGTH'],
    ['of zlib', 'Z_DATA_ERROR'],
    ['of a name that is not the certificate', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['of a certificate that is past', 'CERT_HAS_EXPIRED'],
    ['of a certificate whose issuer is unknown', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['of a chain that is too long', 'PATH_LENGTH_EXCEEDED'],
    ['of a certificate that signs itself', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of 48 characters', `E${'X'.repeat(47)}`],
  ])('that is %s: %s', async (_, code) => {
    expect((await shownOf(named('Error', { code }))).reason).toBe(code);
  });

  test.each([
    ['in lower case', 'econnreset'],
    ['of another shape', 'ConnectionRefused'],
    ['with a space', 'ECONNRESET now'],
    ['with a line break', 'ECONNRESET\n'],
    ['with a hyphen', 'E-CONNRESET'],
    ['with a slash', 'ERR_SSL/RESET'],
    ['that is empty', ''],
    ['with digits inside a word, as in hexadecimal', 'EKEY5F616C696365'],
    ['of 49 characters', `E${'X'.repeat(48)}`],
    ['of a megabyte', 'E'.repeat(1_000_000)],
  ])('never when it is one %s', async (_, code) => {
    const error = await shownOf(named('Error', { code }));
    expect(error).not.toHaveProperty('reason');
    expect(error.cause).not.toHaveProperty('code');
  });

  test.each([
    ['is the id', 'ERR_JOHN_DOE', 'ERR_JOHN_DOE', undefined],
    ['holds the id', 'ECONNRESET', 'reset', undefined],
    ['is a part of the id', 'ENOENT', 'user-enoent-7', undefined],
    ['is the key', 'E_LETTERS_ONLY_KEY', 'user-1', 'ELETTERSONLYKEY'],
    ['shares a run with the key', 'ERR_LETTERSO', 'user-1', 'letters-only-key'],
  ])('never when it %s', async (_, code, externalId, apiKey) => {
    const error = await shownOf(named('Error', { code }), externalId, apiKey);
    expect(error).not.toHaveProperty('reason');
  });
});

test('A name is not shown when it is the external id', async () => {
  const error = await shownOf(named('TimeoutError'), 'TimeoutError');
  expect(error.cause).toMatchObject({ name: 'Error' });
});

test('The code of a key function that failed is shown, too', async () => {
  const apiKey = () => Promise.reject(named('Error', { code: 'ECONNREFUSED' }));
  const error = await failureOf(() => requestCode(construct({ apiKey }), 'user-1'));
  expect(error).toMatchObject({ code: 'invalid_configuration' });
  expect(String(error)).toContain('The apiKey function failed (ECONNREFUSED). ');
});

test.each([
  ['Bun', Object.assign(new TypeError(QUOTE), { code: 'ConnectionRefused', errno: 0 })],
  ['Deno', new TypeError(QUOTE, { cause: new Error('invalid peer certificate: Expired') })],
])('A failure that %s tells in words has no reason, and is sent again', async (_, thrown) => {
  const error = await shownOf(thrown);
  expect(error).toMatchObject({ action: 'retry_later', attempts: 3 });
  expect(error).not.toHaveProperty('reason');
  expectNoCanary(error);
});
