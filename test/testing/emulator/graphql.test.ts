/** The emulator's `POST /v4/gql`: a real parser, one mutation, and errors of GraphQL's shape. */
import { ClientError, GraphQLClient, gql } from 'graphql-request';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, test } from 'vitest';
import { clientOf } from '../../support/calls.js';
import {
  DOORS,
  GOOD_HEADERS,
  GOOD_REQUEST,
  issueCode,
  startEmulator,
} from '../../support/emulator.js';
import { GRAPHQL, WAYS } from '../../support/ways.js';

const GRAPHQL_PATH = GRAPHQL.path;
const HEX = /^[\da-f]{128}$/;
const CODE = { authentication_code: expect.stringMatching(HEX) };

interface Reply {
  data?: Record<string, Record<string, unknown> | null> | null;
  errors?: { message: string; extensions: { code: string; message: string } }[];
}

/** Sends a body to an emulator that need not listen; gives the status and the JSON. */
async function send(emulator: SentianceEmulator, body: unknown, init: RequestInit = {}) {
  const url = `http://emulator.invalid${GRAPHQL_PATH}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = new Request(url, { ...GOOD_REQUEST, body: text, ...init });
  const response = await emulator.handle(request);
  const json: Reply = JSON.parse(await response.text());
  return { status: response.status, json };
}

function ask(
  query: string,
  rest: Record<string, unknown> = {},
  emulator = new SentianceEmulator(),
) {
  return send(emulator, { query, ...rest });
}

const failure = (code: string, message: unknown = expect.any(String)) =>
  expect.objectContaining({
    errors: [expect.objectContaining({ message, extensions: { code, message } })],
  });

describe.each(DOORS)('a request by GraphQL %s', (_door, open) => {
  test('gets a code, and nothing of when it expires', async () => {
    const emulator = new SentianceEmulator();
    const post = await open(emulator);
    const body = JSON.stringify(GRAPHQL.request('user-1'));

    const response = await post(GRAPHQL_PATH, { ...GOOD_REQUEST, body });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ data: { generate_auth_code: CODE } });
    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: GRAPHQL_PATH, externalId: 'user-1', status: 200 },
    ]);
  });
});

describe('both ways', () => {
  test('ask for the same users', async () => {
    const emulator = await startEmulator();
    const codes: string[] = [];
    for (const { api } of WAYS) {
      const client = clientOf(emulator.url, { api });
      codes.push((await client.createAuthenticationCode('user-1')).authenticationCode);
    }

    const users = codes.map((code, n) => emulator.createUser(code, { id: `phone-${n}` }));
    expect(new Set(codes).size).toBe(2);
    expect(users).toMatchObject([{ restored: false }, { restored: true }]);
    expect(users[1]?.userId).toBe(users[0]?.userId);
  });

  test('give codes that live as long', async () => {
    const emulator = await startEmulator({ codeLifetime: 1_000 });
    const client = clientOf(emulator.url, { api: 'graphql' });
    const { authenticationCode } = await client.createAuthenticationCode('user-1');
    emulator.advance(1_001);

    expect(() => emulator.createUser(authenticationCode, { id: 'phone-1' })).toThrow(
      expect.objectContaining({ reason: 'SERVER_ERROR' }),
    );
  });

  test('meet the faults in their queue, and the error code where each has it', async () => {
    const emulator = await startEmulator();
    const fault = { type: 'status', status: 400, errorCode: 'APP_NOT_CONFIGURED' } as const;

    for (const { api, path } of WAYS) {
      const client = clientOf(emulator.url, { api });
      emulator.failNext(fault);
      await expect(client.createAuthenticationCode('user-1')).rejects.toMatchObject({
        code: 'rejected',
        status: 400,
        errorCode: 'APP_NOT_CONFIGURED',
      });
      expect(emulator.requests.at(-1)).toMatchObject({ path, status: 400, fault: 'status' });
      await client.createAuthenticationCode('user-1');
    }
  });

  test.each([
    ['another-test-key', 401, 'AUTHENTICATION_FAILURE', 'The API key is missing, wrong or expired'],
    ['old-test-key', 401, 'AUTHENTICATION_FAILURE', 'The API key is missing, wrong or expired'],
    ['other-test-key', 403, 'AUTHORIZATION_FAILURE', 'The API key lacks the user-link scope'],
  ])('refuse the key %s', async (key, status, code, message) => {
    const settings = { expiredKeys: ['old-test-key'], keysWithoutScope: ['other-test-key'] };
    const emulator = new SentianceEmulator(settings);
    const headers = { ...GOOD_HEADERS, Authorization: `Bearer ${key}` };

    const byRest = new Request('http://emulator.invalid/users/auth-code', {
      ...GOOD_REQUEST,
      headers,
    });
    expect((await emulator.handle(byRest)).status).toBe(status);

    const response = await send(emulator, GRAPHQL.request('user-1'), { headers });
    expect(response.status).toBe(200);
    expect(response.json).toEqual({
      data: { generate_auth_code: null },
      errors: [
        expect.objectContaining({
          message,
          path: ['generate_auth_code'],
          extensions: { code, message },
        }),
      ],
    });
    expect(emulator.requests.at(-1)).toMatchObject({ externalId: 'user-1', status: 200 });
  });
});

describe('a document', () => {
  test.each<[string, string, Record<string, unknown>?]>([
    ['a literal', 'mutation { generate_auth_code(external_id: "user-1") { authentication_code } }'],
    [
      'a block string',
      'mutation { generate_auth_code(external_id: """user-1""") { authentication_code } }',
    ],
    [
      'a variable of any name',
      'mutation ($id: String!) { generate_auth_code(external_id: $id) { authentication_code } }',
      { variables: { id: 'user-1' } },
    ],
    [
      'a default of a variable',
      'mutation ($id: String! = "user-1") { generate_auth_code(external_id: $id) { authentication_code } }',
    ],
    [
      'any name of the operation',
      'mutation Login { generate_auth_code(external_id: "user-1") { authentication_code } }',
      { operationName: 'Login' },
    ],
    [
      'several operations, of which one is named',
      `mutation A { generate_auth_code(external_id: "user-2") { authentication_code } }
       mutation B { generate_auth_code(external_id: "user-1") { authentication_code } }`,
      { operationName: 'B' },
    ],
    [
      'a fragment',
      `mutation { generate_auth_code(external_id: "user-1") { ...code } }
       fragment code on AuthenticationCode { authentication_code }`,
    ],
    [
      'comments and commas',
      '# a\nmutation { generate_auth_code(external_id: "user-1",) { authentication_code }, } # b',
    ],
  ])('may have %s', async (_, query, rest) => {
    const emulator = new SentianceEmulator();
    const { status, json } = await ask(query, rest, emulator);
    expect({ status, json }).toEqual({ status: 200, json: { data: { generate_auth_code: CODE } } });
    expect(emulator.requests).toMatchObject([{ externalId: 'user-1' }]);
  });

  test('may have aliases, each with a code of its own', async () => {
    const { json } = await ask(`mutation {
      a: generate_auth_code(external_id: "user-1") { code: authentication_code }
      b: generate_auth_code(external_id: "user-2") { __typename authentication_code }
    }`);
    expect(json).toEqual({
      data: {
        a: { code: expect.stringMatching(HEX) },
        b: { __typename: 'AuthenticationCode', ...CODE },
      },
    });
    expect(json.data?.a?.code).not.toBe(json.data?.b?.authentication_code);
  });

  const GOOD =
    'mutation ($id: String!) { generate_auth_code(external_id: $id) { authentication_code } }';

  test.each<[string, string, Record<string, unknown>?]>([
    ['empty', ''],
    ['no GraphQL', 'select code from users'],
    ['cut off', GOOD.slice(0, -1)],
    ['a query', '{ emulator_of }'],
    ['another mutation', 'mutation { delete_user(id: "user-1") { id } }'],
    ['a subscription', 'subscription { generate_auth_code { authentication_code } }'],
    ['without the argument', 'mutation { generate_auth_code { authentication_code } }'],
    ['with a number', 'mutation { generate_auth_code(external_id: 1) { authentication_code } }'],
    ['with another argument', 'mutation { generate_auth_code(id: "a") { authentication_code } }'],
    ['for another field', GOOD.replace('{ authentication_code }', '{ expires_at }')],
    ['for no field', GOOD.replace('{ authentication_code }', '')],
    ['without its variable', GOOD],
    ['with null as its variable', GOOD, { variables: { id: null } }],
    ['with a number as its variable', GOOD, { variables: { id: 7 } }],
    ['with variables that are none', GOOD, { variables: ['user-1'] }],
    ['with an empty id', GOOD, { variables: { id: '' } }],
    ['of another name than is asked for', GOOD, { variables: { id: 'a' }, operationName: 'B' }],
  ])('gets a bad request when it is %s', async (_, query, rest) => {
    const emulator = new SentianceEmulator();
    const { status, json } = await ask(query, rest, emulator);
    expect(status).toBe(200);
    const message = json.errors?.[0]?.message;
    expect(message).toEqual(expect.any(String));
    expect(json.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST', message } });
    expect(json.data?.generate_auth_code ?? null).toBeNull();
    // Another code has the number of the first: none was issued.
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    expect(authenticationCode).toBe(
      (await issueCode(new SentianceEmulator(), 'u')).authenticationCode,
    );
  });

  test.each([
    '{ __schema { types { name } } }',
    '{ __type(name: "Mutation") { name } }',
    'mutation { __schema { types { name } } }',
  ])('gets nothing of the schema: %s', async (query) => {
    const { json } = await ask(query);
    expect(json.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
    expect(json).not.toHaveProperty('data');
  });

  test.each<[string, string]>([
    ['60 kB long', `{${' emulator'.repeat(6_600)}}`],
    ['one name of 60 kB', `{ ${'a'.repeat(60_000)} }`],
    ['a comment of 60 kB, and no more', `#${' '.repeat(60_000)}`],
    ['a text of 60 kB that never ends', `{ a(b: "${'a'.repeat(60_000)}`],
    ['nested 10,000 deep', `${'{ a '.repeat(10_000)}${'}'.repeat(10_000)}`],
    ['a list nested 10,000 deep', `{ a(b: ${'['.repeat(10_000)}${']'.repeat(10_000)}) }`],
    ['of 3,000 operations', 'query { emulator } '.repeat(3_000)],
    [
      'of fragments in a circle',
      '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
    ],
    ['of 200 unknown fields', `{ ${Array.from({ length: 200 }, (_, n) => `f${n}`).join(' ')} }`],
  ])('costs no more than a clear error when it is %s', async (_, query) => {
    const { status, json } = await ask(query);
    expect(status).toBe(200);
    expect(json.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
    for (const { message } of json.errors ?? []) expect(message.length).toBeLessThan(400);
    expect(JSON.stringify(json).length).toBeLessThan(60_000);
  });

  test('is not read at all when it is 1 MB long', async () => {
    const { status, json } = await ask(`{${' emulator'.repeat(115_000)}}`);
    expect(status).toBe(413);
    expect(json).toMatchObject({ message: 'The body is too large', code: 'PAYLOAD_TOO_LARGE' });
  });
});

describe('a request to /v4/gql', () => {
  test.each(['GET', 'PUT', 'DELETE'])('with the method %s gets a 405', async (method) => {
    const body = method === 'GET' ? null : '{}';
    const { status, json } = await send(new SentianceEmulator(), '', { method, body });
    expect(status).toBe(405);
    expect(json).toEqual({
      message: 'Method not allowed',
      code: 'METHOD_NOT_ALLOWED',
      ref: expect.any(String),
    });
  });

  test.each(['text/plain', 'application/graphql', 'application/jsonp'])(
    'of the type %s gets a 415',
    async (type) => {
      const headers = { ...GOOD_HEADERS, 'Content-Type': type };
      const { status, json } = await send(new SentianceEmulator(), GRAPHQL.request('a'), {
        headers,
      });
      expect(status).toBe(415);
      expect(json).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  test.each([
    ['nothing', ''],
    ['no JSON', '{"query":'],
    ['null', 'null'],
    ['a list', '[{"query":"{ a }"}]'],
    ['the body of REST', '{"external_id":"user-1"}'],
    ['a query that is no text', '{"query":{}}'],
  ])('with %s as its body gets a 400', async (_, body) => {
    const { status, json } = await send(new SentianceEmulator(), body);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      code: 'BAD_REQUEST',
      message: 'The body must be a JSON object with a query',
    });
  });
});

test('A GraphQL client of another make gets codes and errors', async () => {
  const emulator = await startEmulator();
  const document = gql`
    mutation Login($id: String!) {
      generate_auth_code(external_id: $id) {
        authentication_code
      }
    }
  `;
  const clientWithKey = (key: string) =>
    new GraphQLClient(`${emulator.url}${GRAPHQL_PATH}`, {
      headers: { authorization: `Bearer ${key}` },
    });

  const data = await clientWithKey(emulator.apiKey).request(document, { id: 'user-1' });
  expect(data).toEqual({ generate_auth_code: CODE });

  const refused = clientWithKey('another-test-key').request(document, { id: 'user-1' });
  await expect(refused).rejects.toBeInstanceOf(ClientError);
  await expect(refused).rejects.toMatchObject({
    response: failure('AUTHENTICATION_FAILURE', 'The API key is missing, wrong or expired'),
  });
});
