/** The wording of these messages is asserted here alone. */
import { describe, expect, test } from 'vitest';
import {
  type AnySentianceError,
  SentianceAuthenticationError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from '../../src/index.js';
import { errorOf } from '../support/calls.js';
import { interceptRequests, platformResponds, type Respond } from '../support/msw.js';
import { graphqlFailure } from '../support/ways.js';
import { CODE, clientWith, errorFrom, respondWith } from './responses.js';

interceptRequests();

const REF = '0f8fad5b-d9cb-469f-a165-70867728950e';

interface Row {
  status: number;
  errorClass: new (...args: never[]) => AnySentianceError;
  code: string;
  action: string;
  requests: number;
  message: string;
}

const unauthorized = (who: string) =>
  `${who} refused the API key (401). A key belongs to one region, needs the user-link scope, and expires one year after it was made: check all three in Sentiance's Insights Control Tower.`;

/** At night, when a path is gone. */
const otherApi = (api: string) =>
  ` If both are, Sentiance may have retired this way of asking: try api: '${api}'.`;

const rejected = (status: number): Row => ({
  status,
  errorClass: SentianceRequestError,
  code: 'rejected',
  action: 'alert',
  requests: 1,
  message: `api.sentiance.com did not accept the request (${status}). Check that user linking is set up for the app, and that the region or baseUrl is right.${status === 404 ? otherApi('graphql') : ''}`,
});

const serverError = (status: number, requests: number): Row => ({
  status,
  errorClass: SentianceServerError,
  code: 'server_error',
  action: 'retry_later',
  requests,
  message: `api.sentiance.com has a problem of its own (${status}). Ask again later.`,
});

const redirect = (status: number): Row => ({
  status,
  errorClass: SentianceRedirectError,
  code: 'unexpected_redirect',
  action: 'alert',
  requests: 1,
  message: `api.sentiance.com responded with a redirect (${status}), which is not followed: it could carry the API key to another place. Check the region or baseUrl.`,
});

const invalid = (problem: string): Row => ({
  status: 200,
  errorClass: SentianceResponseError,
  code: 'invalid_response',
  action: 'alert',
  requests: 1,
  message: `api.sentiance.com responded 200, but ${problem}. Check that the region or baseUrl is the Sentiance platform's, and that no proxy responds in its place.`,
});

const ERRORS: Row[] = [
  ...[400, 404, 405, 409, 410, 413, 415, 422, 451].map(rejected),
  {
    status: 401,
    errorClass: SentianceAuthenticationError,
    code: 'unauthorized',
    action: 'alert',
    requests: 1,
    message: unauthorized('api.sentiance.com (region eu)'),
  },
  {
    status: 403,
    errorClass: SentiancePermissionError,
    code: 'forbidden',
    action: 'alert',
    requests: 1,
    message:
      "api.sentiance.com does not let this API key link users (403). Give it the user-link scope in Sentiance's Insights Control Tower, or make a key that has it.",
  },
  {
    status: 429,
    errorClass: SentianceRateLimitError,
    code: 'rate_limited',
    action: 'retry_later',
    requests: 3,
    message:
      'api.sentiance.com limits the rate of requests (429). It did not say for how long; ask again later.',
  },
  ...[408, 500, 502, 503, 504].map((status) => serverError(status, 3)),
  ...[501, 505, 520, 599].map((status) => serverError(status, 1)),
];

/** Asserts the class and every field of an error, that it has no other, and how often it was met. */
async function expectError(respond: Respond, row: Row, extra: Record<string, unknown> = {}) {
  const { error, requests } = await errorFrom(respond);
  expect(requests).toBe(row.requests);
  expect(error.constructor).toBe(row.errorClass);
  expect(error.cause).toBeUndefined();
  expect(error.toJSON()).toStrictEqual({
    name: row.errorClass.name,
    message: row.message,
    code: row.code,
    action: row.action,
    status: row.status,
    attempts: row.requests,
    ...extra,
  });
}

describe('An error response', () => {
  test.each(ERRORS)('with status $status is $code, met in $requests requests', async (row) => {
    await expectError(respondWith(row.status), row);
  });

  test.each(ERRORS)('with status $status says what the platform says', async (row) => {
    const errorCode = 'APP_NOT_CONFIGURED';
    const body = JSON.stringify({ message: 'Not today', errorCode, ref: REF });
    const said = `The platform says: "Not today". Its errorCode: ${errorCode}. Quote ref ${REF} to Sentiance support.`;
    const message = `${row.message} ${said}`;
    const fields = { errorCode, ref: REF };
    await expectError(respondWith(row.status, body), { ...row, message }, fields);
  });

  test.each([
    ['an errorCode', { errorCode: 'NO' }, { errorCode: 'NO' }, ' Its errorCode: NO.'],
    ['a code in place of it', { code: 'NO' }, { errorCode: 'NO' }, ' Its errorCode: NO.'],
    [
      'both, of which errorCode counts',
      { code: 'B', errorCode: 'A' },
      { errorCode: 'A' },
      ' Its errorCode: A.',
    ],
    [
      'a code and a wrong errorCode',
      { code: 'NO', errorCode: 5 },
      { errorCode: 'NO' },
      ' Its errorCode: NO.',
    ],
    ['a ref', { ref: REF }, { ref: REF }, ` Quote ref ${REF} to Sentiance support.`],
    [
      'a message among wrong types',
      { message: 'No', errorCode: {}, ref: 7 },
      {},
      ' The platform says: "No".',
    ],
    ['only wrong types', { message: ['No'], errorCode: 5, code: null, ref: {} }, {}, ''],
    ['only nulls', { message: null, errorCode: null, code: null, ref: null }, {}, ''],
    ['only empty strings', { message: '', errorCode: '', code: '', ref: '' }, {}, ''],
    ['fields that nobody documented', { detail: 'No', status: 400 }, {}, ''],
    ['nothing', {}, {}, ''],
  ])('shows of a body with %s what is known', async (_, body, extra, said) => {
    const row = rejected(400);
    const message = row.message + said;
    await expectError(respondWith(400, JSON.stringify(body)), { ...row, message }, extra);
  });

  test.each<[SentianceUserLinkClientOptions, string, string]>([
    [
      {},
      'https://api.sentiance.com',
      'api.sentiance.com (region eu, the default, since none was chosen)',
    ],
    [{ region: 'in' }, 'https://api.r16.sentiance.com', 'api.r16.sentiance.com (region in)'],
    [
      { baseUrl: 'https://platform.example:8443/prefix' },
      'https://platform.example:8443/prefix',
      'platform.example:8443 (your base URL)',
    ],
  ])('names, with %o, the host and the region', async (options, platformUrl, who) => {
    platformResponds(`${platformUrl}/users/auth-code`, respondWith(401));
    const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', ...options });

    const call = client.createAuthenticationCode('user-1');

    await expect(call).rejects.toBeInstanceOf(SentianceAuthenticationError);
    await expect(call).rejects.toMatchObject({ message: unauthorized(who) });
  });
});

test('A 404 to GraphQL names REST', async () => {
  const { error } = await errorFrom(respondWith(404), 'graphql');
  expect(error.message).toBe(rejected(404).message.replace("'graphql'", "'rest'"));
});

test.each<[string, string]>([
  [
    'AUTHENTICATION_FAILURE',
    'api.sentiance.com (region eu) refused the API key (200 with errors). A',
  ],
  [
    'AUTHORIZATION_FAILURE',
    'api.sentiance.com does not let this API key link users (200 with errors). G',
  ],
  ['BAD_REQUEST', 'api.sentiance.com did not accept the request (200 with errors). C'],
  ['NOT_FOUND', 'api.sentiance.com did not accept the request (200 with errors). C'],
  ['INTERNAL', 'api.sentiance.com has a problem of its own (200 with errors). A'],
])('Errors in a 200 with %s say so', async (code, beginning) => {
  const body = graphqlFailure({ code, message: 'Not today' });
  const { error } = await errorFrom(respondWith(200, body), 'graphql');
  expect(error.message.slice(0, beginning.length)).toBe(beginning);
  expect(error.message).toMatch(
    new RegExp(` The platform says: "Not today"\\. Its errorCode: ${code}\\.$`),
  );
});

describe('A redirect', () => {
  test.each([300, 301, 302, 303, 304, 307, 308])(
    'with %i is followed by nobody',
    async (status) => {
      const target = platformResponds('https://elsewhere.example/*', respondWith(200));
      const location = 'https://elsewhere.example/users/auth-code';
      await expectError(respondWith(status, null, { location }), redirect(status));
      expect(target).toEqual([]);
    },
  );

  test('says nothing of its body', async () => {
    const body = JSON.stringify({ message: 'Moved', errorCode: 'MOVED', ref: REF });
    await expectError(respondWith(302, body, { location: '/login' }), redirect(302));
  });

  test('is one too when the runtime hides its status', async () => {
    const hidden = Object.defineProperty(new Response(), 'status', { value: 0 });
    const client = clientWith({ fetch: async () => hidden });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'unexpected_redirect', status: 0 });
    expect(error.message).toBe(redirect(0).message);
  });
});

test.each<[string, string | Buffer, string, string[]]>([
  ['no JSON object', '<html>', 'its body is not a JSON object', ['(body)']],
  ['too large', ' '.repeat(1_048_577), 'its body is larger than 1 MiB', ['(body)']],
  ['not UTF-8', Buffer.of(0xff), 'its body is not UTF-8', ['(body)']],
  [
    'without a code',
    '{}',
    'these fields are missing or wrong: authentication_code',
    ['authentication_code'],
  ],
  [
    'wrong in two fields',
    '{"authentication_code":"","expires_at":5}',
    'these fields are missing or wrong: authentication_code, expires_at',
    ['authentication_code', 'expires_at'],
  ],
])('A success that is %s says so', async (_, body, problem, issues) => {
  await expectError(respondWith(200, body), invalid(problem), { issues });
});

test('A success whose body is a stream of something else than bytes says so', async () => {
  const text = new ReadableStream({
    start(controller) {
      controller.enqueue(JSON.stringify(CODE));
      controller.close();
    },
  });
  const client = clientWith({ fetch: async () => ({ ...head, body: text }) });

  const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

  expect(error.message).toBe(invalid('its body is not a stream of bytes').message);
});

/** Of a response that somebody's `fetch` made up. */
const head = { status: 200, type: 'basic', bodyUsed: false, headers: new Headers() };
