/** What is GraphQL's alone; what both ways share is in the other tests of this folder. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import manifest from '../../package.json';
import { CANARIES, expectNoCanary } from '../support/canaries.js';
import { interceptRequests, platformResponds } from '../support/msw.js';
import { GRAPHQL, type GraphqlErrorFields, graphqlFailure } from '../support/ways.js';
import { clientWith, EU_GRAPHQL, errorFrom, respondWith } from './responses.js';

interceptRequests();

const issueCode = respondWith(200, GRAPHQL.success('code-1'));
const QUERY =
  'mutation GenerateAuthCode($externalId: String!) { generate_auth_code(external_id: $externalId) { authentication_code } }';

function bodyFor(externalId: string): string {
  return `{"query":"${QUERY}","variables":{"externalId":${JSON.stringify(externalId)}}}`;
}

describe('The request of GraphQL', () => {
  test('is a POST of a fixed document, with the headers of REST', async () => {
    const requests = platformResponds(EU_GRAPHQL, issueCode);

    await clientWith({ api: 'graphql' }).createAuthenticationCode('user-1');

    expect(requests).toEqual([
      {
        method: 'POST',
        url: EU_GRAPHQL,
        headers: {
          authorization: 'Bearer test-user-link-key',
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': `sentiance-user-link/${manifest.version} node/${process.versions.node}`,
        },
        body: Buffer.from(bodyFor('user-1')),
      },
    ]);
  });

  test.each([
    'a") { authentication_code } x: generate_auth_code(external_id: "b',
    '$externalId',
    '"}}, "query": "{ other }',
    '#',
    '"""',
    'é e\u0301 👩‍🚀 \u0000 \u2028',
  ])('carries the id %j as a variable, byte for byte', async (externalId) => {
    const requests = platformResponds(EU_GRAPHQL, issueCode);

    await clientWith({ api: 'graphql' }).createAuthenticationCode(externalId);

    expect(String(requests[0]?.body)).toBe(bodyFor(externalId));
  });

  test('goes below the path of a base URL', async () => {
    const requests = platformResponds('https://platform.example/eu/v4/gql', issueCode);
    const client = clientWith({
      api: 'graphql',
      region: undefined,
      baseUrl: 'https://platform.example/eu/',
    });

    await client.createAuthenticationCode('user-1');

    expect(requests).toHaveLength(1);
  });
});

/** What a call comes to with this JSON as its response. */
async function resultOf(json: unknown, status = 200) {
  const requests = platformResponds(EU_GRAPHQL, respondWith(status, JSON.stringify(json)));
  const client = clientWith({ api: 'graphql', maxRetries: 0 });
  return { result: await client.tryCreateAuthenticationCode('user-1'), requests };
}

const issued = { authentication_code: 'code-1' };
const data = { generate_auth_code: issued };

describe('A code by GraphQL', () => {
  test('expires ten minutes after its request was sent, however late the response is', async () => {
    const sentAt = Date.parse('2030-01-02T03:04:05.678Z');
    vi.useFakeTimers({ now: sentAt, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    platformResponds(EU_GRAPHQL, (number) => {
      vi.setSystemTime(sentAt + 4_000);
      return issueCode(number);
    });

    const code = await clientWith({ api: 'graphql' }).createAuthenticationCode('user-1');

    expect(code).toEqual({
      authenticationCode: 'code-1',
      expiresAt: new Date('2030-01-02T03:14:05.678Z'),
      platformUrl: 'https://api.sentiance.com',
    });
  });

  test.each<[string, unknown]>([
    [
      'fields that were not asked for',
      { data: { generate_auth_code: { ...issued, id: 7 }, x: 1 } },
    ],
    [
      'an expiry, which nobody documented',
      { data: { generate_auth_code: { ...issued, expires_at: 'soon' } } },
    ],
    ['extensions', { data, extensions: { cost: 1 } }],
    ['no errors in a list', { data, errors: [] }],
    ['no errors in a null', { data, errors: null }],
  ])('is taken beside %s', async (_, json) => {
    const { result } = await resultOf(json);
    expect(result).toMatchObject({ ok: true, value: { authenticationCode: 'code-1' } });
    const lifetime = result.ok ? result.value.expiresAt.getTime() - Date.now() : 0;
    expect(Math.abs(lifetime - 600_000)).toBeLessThan(60_000);
  });
});

describe('A success of GraphQL that is not the contract', () => {
  const code = 'data.generate_auth_code.authentication_code';

  test.each<[string, unknown, string]>([
    ['null', null, '(body)'],
    ['a list', [{ data }], '(body)'],
    ['a text', 'code-1', '(body)'],
    ['empty', {}, 'data'],
    ['the one of REST', issued, 'data'],
    ['data that are null', { data: null }, 'data'],
    ['data that are a list', { data: [data] }, 'data'],
    ['data that are null without errors', { data: null, errors: [] }, 'data'],
    ['data without the field', { data: {} }, 'data.generate_auth_code'],
    ['another field', { data: { generateAuthCode: issued } }, 'data.generate_auth_code'],
    ['a field that is null', { data: { generate_auth_code: null } }, 'data.generate_auth_code'],
    ['a field that is a text', { data: { generate_auth_code: 'c' } }, 'data.generate_auth_code'],
    ['no code', { data: { generate_auth_code: {} } }, code],
    ['a blank code', { data: { generate_auth_code: { authentication_code: ' ' } } }, code],
    ['a code that is a number', { data: { generate_auth_code: { authentication_code: 5 } } }, code],
    ['errors that are an object', { data, errors: {} }, 'errors'],
    ['errors that are a text', { data, errors: 'UNAUTHORIZED' }, 'errors'],
    ['errors that are false', { data, errors: false }, 'errors'],
  ])('is refused: %s', async (_, json, issue) => {
    const { result, requests } = await resultOf(json);
    const error = { code: 'invalid_response', action: 'alert', status: 200, issues: [issue] };
    expect(result).toMatchObject({ ok: false, error });
    expect(requests).toHaveLength(1);
  });

  test('lends no code from a __proto__', async () => {
    for (const body of [
      `{"__proto__":${GRAPHQL.success('code-1')}}`,
      `{"data":{"__proto__":${JSON.stringify(data)}}}`,
      `{"data":{"generate_auth_code":{"__proto__":${JSON.stringify(issued)}}}}`,
    ]) {
      const { error } = await errorFrom(respondWith(200, body), 'graphql');
      expect(error).toMatchObject({ code: 'invalid_response' });
    }
  });

  test('lends nothing from a polluted prototype', async () => {
    const pollution = { data, generate_auth_code: issued, ...issued };
    const errors = [{ extensions: { code: 'AUTHENTICATION_FAILURE' } }];
    Object.assign(Object.prototype, pollution, { code: 'BAD_REQUEST', extensions: errors[0] });
    onTestFinished(() => {
      for (const name of [...Object.keys(pollution), 'code', 'extensions']) {
        Reflect.deleteProperty(Object.prototype, name);
      }
    });

    // With a fetch of its own: MSW does not bear the pollution.
    const outcomes: unknown[] = [];
    for (const body of ['{}', '{"data":{}}', '{"errors":[{}]}', '{"errors":[{"extensions":{}}]}']) {
      const fetch = async () => new Response(body);
      const client = clientWith({ api: 'graphql', maxRetries: 0, fetch });
      const result = await client.tryCreateAuthenticationCode('user-1');
      outcomes.push(result.ok || result.error.code);
    }

    expect(outcomes).toEqual([
      'invalid_response',
      'invalid_response',
      'server_error',
      'server_error',
    ]);
  });
});

describe('Errors in a 200', () => {
  test.each<[string, string, string, number]>([
    ['AUTHENTICATION_FAILURE', 'unauthorized', 'alert', 1],
    ['AUTHORIZATION_FAILURE', 'forbidden', 'alert', 1],
    ['BAD_REQUEST', 'rejected', 'alert', 1],
    ['NOT_FOUND', 'rejected', 'alert', 1],
    ['INTERNAL_SERVER_ERROR', 'server_error', 'retry_later', 3],
    ['TOO_MANY_REQUESTS', 'server_error', 'retry_later', 3],
    ['UNAUTHENTICATED', 'server_error', 'retry_later', 3],
    ['bad_request', 'server_error', 'retry_later', 3],
    ['toString', 'server_error', 'retry_later', 3],
  ])('with the code %s are %s', async (errorCode, code, action, attempts) => {
    const body = graphqlFailure({ code: errorCode, message: 'No' });
    const { error, requests } = await errorFrom(respondWith(200, body), 'graphql');
    expect(error).toMatchObject({ code, action, status: 200, attempts });
    expect(error.toJSON().errorCode ?? errorCode).toBe(errorCode);
    expect(requests).toBe(attempts);
  });

  test('show their code as errorCode', async () => {
    const body = graphqlFailure({ code: 'AUTHENTICATION_FAILURE' });
    const { error } = await errorFrom(respondWith(200, body), 'graphql');
    expect(error).toMatchObject({ errorCode: 'AUTHENTICATION_FAILURE' });
  });

  test.each<[string, unknown]>([
    ['no code', { message: 'No', extensions: {} }],
    ['no extensions', { message: 'No' }],
    ['a code beside the extensions alone', { code: 'BAD_REQUEST' }],
    ['extensions that are null', { extensions: null }],
    ['extensions that are a list', { extensions: [{ code: 'BAD_REQUEST' }] }],
    ['a code that is a number', { extensions: { code: 401 } }],
    ['nothing in it', {}],
    ['null in place of it', null],
    ['a text in place of it', 'BAD_REQUEST'],
  ])('are a server error with %s', async (_, first) => {
    const body = JSON.stringify({ errors: [first] });
    const { error, requests } = await errorFrom(respondWith(200, body), 'graphql');
    expect(error).toMatchObject({ code: 'server_error', status: 200 });
    expect(error).not.toHaveProperty('errorCode');
    expect(requests).toBe(3);
  });

  test.each([200, 201, 203, 299])(
    'are met again when they are a server error in a %i',
    async (status) => {
      const failed = respondWith(status, graphqlFailure({ code: 'INTERNAL' }));
      const { error, requests } = await errorFrom(failed, 'graphql');
      expect(error).toMatchObject({ code: 'server_error', status, attempts: 3 });
      expect(requests).toBe(3);
    },
  );

  test('that pass leave the call a code', async () => {
    const failed = respondWith(200, graphqlFailure({ code: 'INTERNAL' }));
    platformResponds(EU_GRAPHQL, (number) => (number === 1 ? failed(1) : issueCode(number)));
    await expect(
      clientWith({ api: 'graphql' }).createAuthenticationCode('user-1'),
    ).resolves.toMatchObject({ authenticationCode: 'code-1' });
  });

  test('count by the first of them', async () => {
    const [first, second] = ['AUTHORIZATION_FAILURE', 'AUTHENTICATION_FAILURE'];
    const errors = [{ extensions: { code: first } }, { extensions: { code: second } }];
    expect((await resultOf({ errors })).result).toMatchObject({ error: { code: 'forbidden' } });
  });

  test.each<[string, unknown]>([
    ['the code', data],
    ['null', null],
    ['half of the data', { generate_auth_code: null }],
  ])('beside %s are a failure', async (_, partial) => {
    const errors = [{ message: 'No', extensions: { code: 'BAD_REQUEST' } }];
    const { result } = await resultOf({ data: partial, errors });
    expect(result).toMatchObject({ ok: false, error: { code: 'rejected', status: 200 } });
    expect(JSON.stringify(result)).not.toContain('code-1');
  });

  test.each<[string, GraphqlErrorFields, string | undefined]>([
    [
      'of the extensions first',
      { message: 'Not this', extensions: { message: 'But this' } },
      'But this',
    ],
    ['of the error else', { message: 'This' }, 'This'],
    [
      'of the error when that of the extensions is empty',
      { message: 'This', extensions: { message: '' } },
      'This',
    ],
    [
      'of the error when that of the extensions is no text',
      { message: 'This', extensions: { message: 7 } },
      'This',
    ],
    ['of nobody when neither is a text', { message: {}, extensions: { message: [] } }, undefined],
  ])('say the message %s', async (_, fields, said) => {
    const body = graphqlFailure({ code: 'BAD_REQUEST', ...fields });
    const { error } = await errorFrom(respondWith(200, body), 'graphql');
    expect(/The platform says: "(.*?)"/.exec(error.message)?.[1]).toBe(said);
  });

  test.each<keyof typeof CANARIES>(['apiKey', 'externalId', 'authenticationCode'])(
    'show no %s that their message echoes',
    async (name) => {
      for (const code of ['AUTHENTICATION_FAILURE', 'BAD_REQUEST', CANARIES[name]]) {
        const message = `Refused: ${CANARIES[name]}`;
        const body = graphqlFailure({ code, message, extensions: { message } });
        platformResponds(EU_GRAPHQL, respondWith(200, body));
        const client = clientWith({ api: 'graphql', apiKey: CANARIES.apiKey, maxRetries: 0 });
        const result = await client.tryCreateAuthenticationCode(CANARIES.externalId);
        expect(result.ok).toBe(false);
        expectNoCanary(result);
      }
    },
  );
});

describe('Errors of GraphQL over HTTP', () => {
  test.each<[number, string, number]>([
    [400, 'rejected', 1],
    [401, 'unauthorized', 1],
    [403, 'forbidden', 1],
    [404, 'rejected', 1],
    [429, 'rate_limited', 3],
    [500, 'server_error', 3],
    [501, 'server_error', 1],
    [302, 'unexpected_redirect', 1],
  ])('with the status %i are %s', async (status, code, attempts) => {
    const body = graphqlFailure({ code: 'AUTHENTICATION_FAILURE' });
    const { error, requests } = await errorFrom(respondWith(status, body), 'graphql');
    expect(error).toMatchObject({ code, status, attempts });
    expect(requests).toBe(attempts);
  });

  test('have their errorCode in code', async () => {
    const body = JSON.stringify({ message: 'No', code: 'AUTHENTICATION_FAILURE' });
    const { error } = await errorFrom(respondWith(401, body), 'graphql');
    expect(error).toMatchObject({ status: 401, errorCode: 'AUTHENTICATION_FAILURE' });
    expect(error.message).toContain('"No"');
  });
});

test('A response of GraphQL is none to REST, nor the other way round', async () => {
  for (const api of ['rest', 'graphql'] as const) {
    const body = api === 'rest' ? GRAPHQL.success('code-1') : JSON.stringify(issued);
    const { error } = await errorFrom(respondWith(200, body), api);
    expect(error).toMatchObject({ code: 'invalid_response' });
  }
});
