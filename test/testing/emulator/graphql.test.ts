import { SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, test } from 'vitest';
import { DOORS, GOOD_HEADERS, type Send } from '../../support/emulator.js';

const QUERY =
  'mutation($externalId: String!) { generate_auth_code(external_id: $externalId) { authentication_code } }';
const CODE = { authentication_code: expect.stringMatching(/^[\da-f]{128}$/) };

function ask(send: Send, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send('/v4/gql', { method: 'POST', headers: { ...GOOD_HEADERS, ...headers }, body: text });
}

const good = { query: QUERY, variables: { externalId: 'user-1' } };

describe.each(DOORS)('a GraphQL request %s', (_door, open) => {
  test('gets a code', async () => {
    const emulator = new SentianceEmulator();
    const response = await ask(await open(emulator), good);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { generate_auth_code: CODE } });
    expect(emulator.requests).toMatchObject([
      { path: '/v4/gql', api: 'graphql', externalId: 'user-1', reason: '200: a code' },
    ]);
  });

  test.each([
    ['a wrong key', 'wrong', 'AUTHENTICATION_FAILURE', "the key is not the emulator's"],
    ['an expired key', 'old', 'AUTHENTICATION_FAILURE', 'the key has expired'],
    [
      'a key without the scope',
      'other',
      'AUTHORIZATION_FAILURE',
      'the key lacks the user-link scope',
    ],
  ])('with %s gets a 200 with errors', async (_, key, code, reason) => {
    const emulator = new SentianceEmulator({ expiredKeys: ['old'], keysWithoutScope: ['other'] });
    const response = await ask(await open(emulator), good, { Authorization: `Bearer ${key}` });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(emulator.requests).toMatchObject([{ reason: `200 with errors: ${reason}` }]);
  });

  test.each<[string, unknown]>([
    ['an empty id', { ...good, variables: { externalId: '' } }],
    ['no id', { query: QUERY }],
    ['a document that is none', { query: 'mutation {' }],
    ['another mutation', { query: 'mutation { delete_user(id: "1") { id } }' }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['a document that is too large', { query: `{ ${'emulator '.repeat(600)} }` }],
    ['a name that is long', { query: `{ ${'n'.repeat(1_000)} }` }],
  ])('with %s gets a bad request in a 200, and no code', async (_, body) => {
    const emulator = new SentianceEmulator();
    const response = await ask(await open(emulator), body);

    expect(response.status).toBe(200);
    const text = await response.text();
    expect(JSON.parse(text).errors[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
    expect(text).not.toMatch(/[\da-f]{128}/);
    expect(emulator.requests).toMatchObject([
      { reason: expect.stringMatching(/^200 with errors: (the document|external_id must)/) },
    ]);
  });

  test.each<[string, unknown, Record<string, string>, number, string]>([
    ['no query', {}, {}, 400, 'BAD_REQUEST'],
    ['no JSON', '{', {}, 400, 'BAD_REQUEST'],
    ['a list', [good], {}, 400, 'BAD_REQUEST'],
    ['text', good, { 'Content-Type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('with %s gets an error over HTTP', async (_, body, headers, status, code) => {
    const response = await ask(await open(new SentianceEmulator()), body, headers);

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, message: expect.any(String) });
  });
});

test('a fault has the envelope of GraphQL there', async () => {
  const emulator = new SentianceEmulator();
  emulator.failNext({ type: 'status', status: 503, errorCode: 'DOWN' });
  const request = new Request('http://localhost/v4/gql', { method: 'POST' });

  expect(await (await emulator.handle(request)).json()).toMatchObject({ code: 'DOWN' });
  expect(emulator.requests).toMatchObject([{ reason: '503: the fault you asked for' }]);
});
