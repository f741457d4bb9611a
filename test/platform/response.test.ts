import { describe, expect, test } from 'vitest';
import { interceptRequests, platformResponds } from '../support/msw.js';
import {
  type Body,
  CODE,
  clientWith,
  codeFrom,
  EU,
  errorFrom,
  ISSUED,
  respondWith,
} from './responses.js';

interceptRequests();

const asText = JSON.stringify(CODE);

describe('A code', () => {
  test('comes as a value, or as a result', async () => {
    platformResponds(EU, respondWith(200, asText));

    expect(await clientWith().createAuthenticationCode('user-1')).toEqual(ISSUED);
    expect(await clientWith().tryCreateAuthenticationCode('user-1')).toEqual({
      ok: true,
      value: ISSUED,
    });
  });

  test.each<[string, number, Body, Record<string, string>?]>([
    [
      'has fields that nobody documented',
      200,
      JSON.stringify({ ...CODE, user: { id: 7 }, v: null }),
    ],
    ['has another status of success', 201, asText],
    ['claims to be something else than JSON', 200, asText, { 'content-type': 'text/html' }],
    ['begins with a byte order mark', 200, `\ufeff${asText}`],
    ['is exactly 1 MiB', 200, asText.padEnd(1_048_576)],
    [
      'nests an unknown field deeply',
      200,
      `${asText.slice(0, -1)},"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    ],
    [
      'has a key twice, of which the last counts',
      200,
      `{"authentication_code":5,${asText.slice(1)}`,
    ],
    [
      'has a __proto__',
      200,
      `${asText.slice(0, -1)},"__proto__":{"authentication_code":"code-2"}}`,
    ],
  ])('is taken from a response that %s', async (_, status, body, headers) => {
    expect(await codeFrom(respondWith(status, body, headers))).toEqual(ISSUED);
  });

  test('is read as UTF-8, whatever the response claims, and is not changed', async () => {
    const headers = { 'content-type': 'application/json; charset=iso-8859-1' };
    const body = '{"authentication_code":" \u00e9\\u00e9 "}';

    const { authenticationCode } = await codeFrom(respondWith(200, body, headers));

    expect(authenticationCode).toBe(' \u00e9\u00e9 ');
  });
});

describe('A success that is not the contract', () => {
  async function expectInvalid(body: Body, issues: string[], status = 200): Promise<void> {
    const { error, requests } = await errorFrom(respondWith(status, body));
    expect(error).toMatchObject({ code: 'invalid_response', action: 'alert', status, issues });
    expect(requests).toBe(1);
  }

  test.each<[string, string]>([
    ['a page of HTML', '<!doctype html><html><body>Log in</body></html>'],
    ['nothing', ''],
    ['white space', ' \n'],
    ['truncated', '{"authentication_code":"code-1","expi'],
    ['an array', '[{"authentication_code":"code-1"}]'],
    ['null', 'null'],
    ['a string', '"code-1"'],
    ['a number', '5'],
    ['true', 'true'],
    ['two objects', '{"authentication_code":"code-1"}{}'],
    ['JSON with a comment', '{"authentication_code":"code-1"/**/}'],
    ['arrays, 500000 deep', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['arrays, 500000 deep, that never end', '['.repeat(500_000)],
  ])('is refused when its body is %s', async (_, body) => {
    await expectInvalid(body, ['(body)']);
  });

  test.each([201, 202, 204, 206, 299])('is refused when it is empty, with %i', async (status) => {
    await expectInvalid(null, ['(body)'], status);
  });

  test.each<[string, Record<string, unknown>]>([
    ['no field at all', {}],
    ['no code', { expires_at: CODE.expires_at }],
    ['a code that is null', { ...CODE, authentication_code: null }],
    ['a code that is a number', { ...CODE, authentication_code: 5 }],
    ['a code that is an object', { ...CODE, authentication_code: { value: 'code-1' } }],
    ['a code that is an array', { ...CODE, authentication_code: ['code-1'] }],
    ['an empty code', { ...CODE, authentication_code: '' }],
    ['a code of white space', { authentication_code: ' \n' }],
    ['a code under another name', { authenticationCode: 'code-1' }],
  ])('is refused when it has %s', async (_, body) => {
    await expectInvalid(JSON.stringify(body), ['authentication_code']);
  });

  test('is refused for both fields at once', async () => {
    const body = JSON.stringify({ authentication_code: 5, expires_at: 5 });
    await expectInvalid(body, ['authentication_code', 'expires_at']);
  });

  test('lends no code from a __proto__', async () => {
    const body = '{"__proto__":{"authentication_code":"code-1"}}';
    await expectInvalid(body, ['authentication_code']);
  });
});
