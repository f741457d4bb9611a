import { setImmediate as nextImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import manifest from '../package.json';
import {
  type AttemptEvent,
  type CreateAuthenticationCodeOptions,
  SentianceAuthenticationError,
  type SentianceError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from '../src/index.js';
import { type Answer, interceptRequests, platformAnswers } from './support/msw.js';

const EU = 'https://api.sentiance.com/users/auth-code';
const API_KEY = 'test-user-link-key';
const EXTERNAL_ID = 'user-1';
const CODE = { authentication_code: 'code-1', expires_at: '2021-02-03T14:32:03.076Z' };
const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const NOW = new Date('2026-01-01T00:00:00Z');

interceptRequests();
afterEach(() => {
  vi.useRealTimers();
});

function clientWith(options: SentianceUserLinkClientOptions = {}): SentianceUserLinkClient {
  const region = options.baseUrl === undefined ? 'eu' : undefined;
  return new SentianceUserLinkClient({ apiKey: API_KEY, region, ...options });
}

/** The error that a call meets, the waits between its attempts being 0 ms long. */
async function errorOf(
  client: SentianceUserLinkClient,
  externalId = EXTERNAL_ID,
  options?: CreateAuthenticationCodeOptions,
): Promise<SentianceError> {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const result = await client.tryCreateAuthenticationCode(externalId, options);
  if (result.ok) throw new Error('expected an error, but got a code');
  return result.error;
}

/** Makes a call on a fake clock that, after each `skipWait()`, jumps to the end of the next wait. */
async function skippingWaits<T>(call: (skipWait: () => void) => Promise<T>): Promise<T> {
  vi.useFakeTimers({ now: NOW, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  const result = await call(() => void setImmediate(() => vi.advanceTimersToNextTimer()));
  // No wait follows the last attempt: let its jump go by before the clock is real again.
  await nextImmediate();
  return result;
}

type Body = ConstructorParameters<typeof Response>[0];

const answerWith =
  (status: number, body: Body = null, headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(body, { status, headers });

const code = (fields: Record<string, unknown> = CODE): Answer =>
  answerWith(200, JSON.stringify(fields));

describe('the request', () => {
  test('is a POST with four headers and a body of one field', async () => {
    const requests = platformAnswers(EU, code());
    await clientWith().createAuthenticationCode(EXTERNAL_ID);
    expect(requests).toEqual([
      {
        method: 'POST',
        url: 'https://api.sentiance.com/users/auth-code',
        headers: {
          authorization: 'Bearer test-user-link-key',
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': `sentiance-user-link/${manifest.version} node/${process.versions.node}`,
        },
        body: Buffer.from('{"external_id":"user-1"}'),
      },
    ]);
  });

  test.each<[string, SentianceUserLinkClientOptions, string, string]>([
    ['region eu', { region: 'eu' }, EU, 'https://api.sentiance.com'],
    [
      'region us',
      { region: 'us' },
      'https://api.p15.sentiance.com/users/auth-code',
      'https://api.p15.sentiance.com',
    ],
    [
      'region in',
      { region: 'in' },
      'https://api.r16.sentiance.com/users/auth-code',
      'https://api.r16.sentiance.com',
    ],
    [
      'a baseUrl',
      { baseUrl: 'https://platform.example' },
      'https://platform.example/users/auth-code',
      'https://platform.example',
    ],
    [
      'a baseUrl with a path and a trailing slash',
      { baseUrl: new URL('https://platform.example:8443/eu/v1/') },
      'https://platform.example:8443/eu/v1/users/auth-code',
      'https://platform.example:8443/eu/v1',
    ],
  ])(
    'goes to the URL of %s, which the code carries along',
    async (_, options, url, platformUrl) => {
      const requests = platformAnswers(url, code());
      const answer = await clientWith(options).createAuthenticationCode(EXTERNAL_ID);
      expect(requests.map((request) => request.url)).toEqual([url]);
      expect(answer.platformUrl).toBe(platformUrl);
    },
  );

  test.each([
    ['a composed letter', '\u00e9', '{"external_id":"\u00e9"}'],
    ['a decomposed letter', 'e\u0301', '{"external_id":"e\u0301"}'],
    ['an emoji of several code points', '👩‍🚀', '{"external_id":"👩‍🚀"}'],
    ['a right-to-left script', 'مستخدم', '{"external_id":"مستخدم"}'],
    ['white space at both ends', ' a\tb\n', '{"external_id":" a\\tb\\n"}'],
    ['quotes and backslashes', '"\\', '{"external_id":"\\"\\\\"}'],
    ['control characters', '\u0000\u001f', '{"external_id":"\\u0000\\u001f"}'],
    ['line separators', 'a\u2028b\u2029', '{"external_id":"a\u2028b\u2029"}'],
    ['a non-character', '\uffff', '{"external_id":"\uffff"}'],
    ['a byte order mark', '\ufeffa', '{"external_id":"\ufeffa"}'],
  ])('carries an id with %s byte for byte', async (_, externalId, body) => {
    const requests = platformAnswers(EU, code());
    await clientWith().createAuthenticationCode(externalId);
    expect(requests[0]?.body.toString('hex')).toBe(Buffer.from(body).toString('hex'));
  });

  test('is the same at every retry', async () => {
    const requests = platformAnswers(EU, answerWith(503));
    await errorOf(clientWith());
    expect(requests).toHaveLength(3);
    expect(requests[1]).toEqual(requests[0]);
    expect(requests[2]).toEqual(requests[0]);
  });

  test('carries each call its own id, also when calls overlap', async () => {
    const requests = platformAnswers(EU, code());
    const client = clientWith();
    await Promise.all(['user-1', 'user-2'].map((id) => client.createAuthenticationCode(id)));
    expect(requests.map(({ body }) => String(body)).sort()).toEqual([
      '{"external_id":"user-1"}',
      '{"external_id":"user-2"}',
    ]);
  });
});

describe('a code', () => {
  test('is a plain object of three fields that goes to the app as it is', async () => {
    platformAnswers(EU, code());
    const answer = await clientWith().createAuthenticationCode(EXTERNAL_ID);
    expect(answer).toEqual({
      authenticationCode: 'code-1',
      expiresAt: new Date('2021-02-03T14:32:03.076Z'),
      platformUrl: 'https://api.sentiance.com',
    });
    expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
    expect(JSON.stringify(answer)).toBe(
      '{"authenticationCode":"code-1","expiresAt":"2021-02-03T14:32:03.076Z","platformUrl":"https://api.sentiance.com"}',
    );
  });

  test('comes as a result too', async () => {
    platformAnswers(EU, code());
    const result = await clientWith().tryCreateAuthenticationCode(EXTERNAL_ID);
    expect(result).toEqual({
      ok: true,
      value: {
        authenticationCode: 'code-1',
        expiresAt: new Date('2021-02-03T14:32:03.076Z'),
        platformUrl: 'https://api.sentiance.com',
      },
    });
  });

  test.each([
    ['2021-02-03T14:32:03Z', '2021-02-03T14:32:03.000Z'],
    ['2021-02-03T14:32:03.0761234Z', '2021-02-03T14:32:03.076Z'],
    ['2021-02-03T16:32:03.076+02:00', '2021-02-03T14:32:03.076Z'],
    ['2021-02-03T20:02:03.076+05:30', '2021-02-03T14:32:03.076Z'],
    ['2021-02-03T06:32:03.076-08:00', '2021-02-03T14:32:03.076Z'],
    ['2024-02-29T23:59:59.999-00:01', '2024-03-01T00:00:59.999Z'],
  ])('with expires_at %s expires at %s', async (expires_at, iso) => {
    platformAnswers(EU, code({ ...CODE, expires_at }));
    const { expiresAt } = await clientWith().createAuthenticationCode(EXTERNAL_ID);
    expect(expiresAt.toISOString()).toBe(iso);
  });

  test('without expires_at expires 10 minutes after its request was sent, not after its answer', async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    platformAnswers(EU, (requestNumber) => {
      vi.setSystemTime(`2026-01-01T00:00:0${requestNumber * 2}Z`);
      const status = requestNumber === 1 ? 503 : 200;
      return new Response('{"authentication_code":"code-1"}', { status });
    });
    const { expiresAt } = await clientWith().createAuthenticationCode(EXTERNAL_ID);
    // The second request was sent when the first had been answered, and took two seconds.
    expect(expiresAt.toISOString()).toBe('2026-01-01T00:10:02.000Z');
  });

  const spaces = (count: number) => ' '.repeat(count);
  const asText = JSON.stringify(CODE);
  test.each<[string, number, Body, Record<string, string>?]>([
    [
      'has fields that nobody documented',
      200,
      JSON.stringify({ ...CODE, user: { id: 7 }, v: null }),
    ],
    ['has another status of success', 201, asText],
    ['claims to be something else than JSON', 200, asText, { 'content-type': 'text/html' }],
    ['begins with a byte order mark', 200, `\ufeff${asText}`],
    ['is exactly 1 MiB', 200, asText + spaces(1_048_576 - asText.length)],
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
  ])('is taken from an answer that %s', async (_, status, body, headers) => {
    platformAnswers(EU, answerWith(status, body, headers));
    const answer = await clientWith().createAuthenticationCode(EXTERNAL_ID);
    expect(answer).toEqual({
      authenticationCode: 'code-1',
      expiresAt: new Date('2021-02-03T14:32:03.076Z'),
      platformUrl: 'https://api.sentiance.com',
    });
  });

  test('is read as UTF-8, whatever the answer claims, and is not changed', async () => {
    const headers = { 'content-type': 'application/json; charset=iso-8859-1' };
    platformAnswers(EU, answerWith(200, '{"authentication_code":" \u00e9\\u00e9 "}', headers));
    const { authenticationCode } = await clientWith().createAuthenticationCode(EXTERNAL_ID);
    expect(authenticationCode).toBe(' \u00e9\u00e9 ');
  });
});

interface ErrorRow {
  status: number;
  errorClass: new (...args: never[]) => SentianceError;
  code: string;
  action: string;
  requests: number;
  message: string;
}

const UNAUTHORIZED =
  'api.sentiance.com refused the API key (401). A key expires one year after it was made, needs the user-link scope, and belongs to one region: check all three in the Sentiance console.';
const FORBIDDEN =
  'api.sentiance.com does not let this API key link users (403). Give it the user-link scope in the Sentiance console, or make a key that has it.';
const LIMITED =
  'api.sentiance.com limits the rate of requests (429). It did not say for how long; ask again later.';

function rejected(status: number): ErrorRow {
  return {
    status,
    errorClass: SentianceRequestError,
    code: 'rejected',
    action: 'alert',
    requests: 1,
    message: `api.sentiance.com did not accept the request (${status}). Check that user linking is set up for the app, and that the region or baseUrl is right.`,
  };
}

function serverError(status: number, requests: number): ErrorRow {
  return {
    status,
    errorClass: SentianceServerError,
    code: 'server_error',
    action: 'retry_later',
    requests,
    message: `api.sentiance.com has a problem of its own (${status}). Ask again later.`,
  };
}

const ERROR_ROWS: ErrorRow[] = [
  ...[400, 404, 405, 409, 410, 413, 415, 422, 451].map(rejected),
  {
    status: 401,
    errorClass: SentianceAuthenticationError,
    code: 'unauthorized',
    action: 'alert',
    requests: 1,
    message: UNAUTHORIZED,
  },
  {
    status: 403,
    errorClass: SentiancePermissionError,
    code: 'forbidden',
    action: 'alert',
    requests: 1,
    message: FORBIDDEN,
  },
  {
    status: 429,
    errorClass: SentianceRateLimitError,
    code: 'rate_limited',
    action: 'retry_later',
    requests: 3,
    message: LIMITED,
  },
  ...[408, 500, 502, 503, 504].map((status) => serverError(status, 3)),
  ...[501, 505, 520, 599].map((status) => serverError(status, 1)),
];

const REDIRECT_STATUSES = [300, 301, 302, 303, 304, 307, 308];

function redirect(status: number): ErrorRow {
  return {
    status,
    errorClass: SentianceRedirectError,
    code: 'unexpected_redirect',
    action: 'alert',
    requests: 1,
    message: `api.sentiance.com answered with a redirect (${status}), which is not followed: it could carry the API key to another place. Check the region or baseUrl.`,
  };
}

/** Asserts the class and every field of an error, and that it has no other. */
function expectError(error: SentianceError, row: ErrorRow, extra: Record<string, unknown> = {}) {
  expect(error.constructor).toBe(row.errorClass);
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toBe(row.message);
  expect(error.toJSON()).toStrictEqual({
    name: row.errorClass.name,
    message: row.message,
    code: row.code,
    action: row.action,
    status: row.status,
    attempts: row.requests,
    ...extra,
  });
  expect(error.cause).toBeUndefined();
}

describe('an error answer', () => {
  test.each(ERROR_ROWS)(
    'with status $status and no body is a $code, met in $requests requests',
    async (row) => {
      const requests = platformAnswers(EU, answerWith(row.status));
      expectError(await errorOf(clientWith()), row);
      expect(requests).toHaveLength(row.requests);
    },
  );

  test.each(ERROR_ROWS)('with status $status says what the platform said', async (row) => {
    const body = { message: 'Not today', errorCode: 'USERLINKING_NOT_CONFIGURED', ref: UUID };
    platformAnswers(EU, answerWith(row.status, JSON.stringify(body)));
    const said = `The platform says: "Not today". Its errorCode: USERLINKING_NOT_CONFIGURED. Quote ref ${UUID} to Sentiance support.`;
    const { errorCode, ref } = body;
    const expected = { ...row, message: `${row.message} ${said}` };
    expectError(await errorOf(clientWith()), expected, { errorCode, ref });
  });

  test.each(REDIRECT_STATUSES)(
    'with status %i is a redirect that nobody follows',
    async (status) => {
      const target = platformAnswers('https://elsewhere.example/*', code());
      const location = 'https://elsewhere.example/users/auth-code';
      const requests = platformAnswers(EU, answerWith(status, null, { location }));
      expectError(await errorOf(clientWith()), redirect(status));
      expect(requests).toHaveLength(1);
      expect(target).toEqual([]);
    },
  );

  test('with a redirect says nothing of its body', async () => {
    const body = JSON.stringify({ message: 'Moved', errorCode: 'MOVED', ref: UUID });
    platformAnswers(EU, answerWith(302, body, { location: '/login' }));
    expectError(await errorOf(clientWith()), redirect(302));
  });

  test('with a redirect that the runtime hides is a redirect too', async () => {
    const hidden = Object.defineProperty(new Response(), 'status', { value: 0 });
    expectError(await errorOf(clientWith({ fetch: async () => hidden })), redirect(0));
  });

  test.each<[SentianceUserLinkClientOptions, string, string]>([
    [{ region: 'us' }, 'https://api.p15.sentiance.com', 'api.p15.sentiance.com'],
    [{ region: 'in' }, 'https://api.r16.sentiance.com', 'api.r16.sentiance.com'],
    [
      { baseUrl: 'https://platform.example:8443/prefix' },
      'https://platform.example:8443/prefix',
      'platform.example:8443',
    ],
  ])('names the host that gave it, with %o', async (options, platformUrl, host) => {
    platformAnswers(`${platformUrl}/users/auth-code`, answerWith(401));
    const error = await errorOf(clientWith(options));
    expect(error.message).toBe(UNAUTHORIZED.replace('api.sentiance.com', host));
  });

  test('is thrown by the method that throws', async () => {
    platformAnswers(EU, answerWith(401));
    const call = clientWith().createAuthenticationCode(EXTERNAL_ID);
    await expect(call).rejects.toMatchObject({ code: 'unauthorized', message: UNAUTHORIZED });
    await expect(call).rejects.toBeInstanceOf(SentianceAuthenticationError);
  });
});

describe('Retry-After', () => {
  const limited = (wait: string) =>
    `api.sentiance.com limits the rate of requests (429). ${wait}; ask again later.`;

  test.each<[string, string, number]>([
    ['0', '0', 0],
    ['one second', '1', 1_000],
    ['an hour', '3600', 3_600_000],
    ['leading zeros', '007', 7_000],
    ['a date', 'Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['a date in the obsolete long form', 'Thursday, 01-Jan-26 00:01:30 GMT', 90_000],
    ['a date that is past', 'Wed, 31 Dec 2025 23:59:59 GMT', 0],
    ['a number larger than timers hold', '99999999999999999999', 2_147_483_647],
    ['a date further away than timers reach', 'Fri, 31 Dec 9999 23:59:59 GMT', 2_147_483_647],
  ])('of %s is told in milliseconds', async (_, header, retryAfter) => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    const requests = platformAnswers(EU, answerWith(429, null, { 'retry-after': header }));
    const error = await errorOf(clientWith({ maxRetries: 0 }));
    expect(error).toBeInstanceOf(SentianceRateLimitError);
    expect(error).toMatchObject({ retryAfter, attempts: 1 });
    expect(error.message).toBe(limited(`It asks to wait ${retryAfter} ms`));
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['nothing', ''],
    ['rubbish', 'soon'],
    ['a negative number', '-1'],
    ['a fraction', '1.5'],
    ['a number with a unit', '5s'],
    ['hexadecimal digits', '0x10'],
    ['an ISO date', '2026-01-01T00:01:30Z'],
    ['a date without a zone', 'Thu Jan  1 00:01:30 2026'],
    ['a date that is none', 'Thu, 99 Foo 2026 00:01:30 GMT'],
  ])('of %s counts as none, and is not quoted', async (_, header) => {
    const requests = platformAnswers(EU, answerWith(429, null, { 'retry-after': header }));
    const error = await errorOf(clientWith());
    expect(error).toBeInstanceOf(SentianceRateLimitError);
    expect(error).not.toHaveProperty('retryAfter');
    expect(error.message).toBe(LIMITED);
    expect(requests).toHaveLength(3);
  });

  /** When the requests were sent, in milliseconds after the first. */
  async function sendingTimes(client: SentianceUserLinkClientOptions, answer: Answer) {
    const times: number[] = [];
    platformAnswers(EU, (requestNumber) => {
      times.push(Date.now());
      return answer(requestNumber);
    });
    const result = await skippingWaits((onAttempt) =>
      clientWith({ ...client, onAttempt }).tryCreateAuthenticationCode(EXTERNAL_ID),
    );
    return { result, times: times.map((time) => time - (times[0] ?? 0)) };
  }

  test.each([429, 503, 408])(
    'of a second is waited for between attempts, with status %i',
    async (status) => {
      const answer = answerWith(status, null, { 'retry-after': '1' });
      const { result, times } = await sendingTimes({}, answer);
      expect(result).toMatchObject({ ok: false, error: { status, attempts: 3 } });
      expect(times).toEqual([0, 1_000, 2_000]);
    },
  );

  test('as a date is waited for until that date', async () => {
    const date = { 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' };
    const { result, times } = await sendingTimes({}, (requestNumber) =>
      requestNumber === 1
        ? new Response(null, { status: 429, headers: date })
        : new Response(JSON.stringify(CODE)),
    );
    expect(result).toMatchObject({ ok: true, value: { authenticationCode: 'code-1' } });
    expect(times).toEqual([0, 3_000]);
  });

  test('of 0 is followed at once, and not by the usual wait', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { times } = await sendingTimes({}, answerWith(503, null, { 'retry-after': '0' }));
    expect(times).toEqual([0, 0, 0]);
  });

  test.each([429, 503])(
    'that does not fit in totalTimeout ends the call at once, with status %i',
    async (status) => {
      const answer = answerWith(status, null, { 'retry-after': '5' });
      const { result, times } = await sendingTimes({ totalTimeout: 5_000 }, answer);
      expect(result).toMatchObject({ ok: false, error: { status, attempts: 1 } });
      expect(times).toEqual([0]);
    },
  );

  test('that no longer fits after a while ends the call then', async () => {
    const answer = answerWith(429, null, { 'retry-after': '2' });
    const { result, times } = await sendingTimes({ totalTimeout: 3_500 }, answer);
    expect(result).toMatchObject({
      ok: false,
      error: { status: 429, attempts: 2, retryAfter: 2_000 },
    });
    expect(times).toEqual([0, 2_000]);
  });

  test('of an error that a retry does not cure changes nothing', async () => {
    const { result, times } = await sendingTimes({}, answerWith(400, null, { 'retry-after': '1' }));
    expect(result).toMatchObject({ ok: false, error: { code: 'rejected', attempts: 1 } });
    expect(times).toEqual([0]);
  });
});

describe('what an error answer says about itself', () => {
  const base = rejected(400);

  /** The error of a 400 with this body, to a call with this key and id. */
  async function errorWith(body: Body, externalId = EXTERNAL_ID, apiKey = API_KEY) {
    platformAnswers(EU, answerWith(400, body));
    return errorOf(clientWith({ apiKey }), externalId);
  }

  const withMessage = (message: string): ErrorRow => ({
    ...base,
    message: `${base.message} The platform says: "${message}".`,
  });

  test.each([
    ['a message', { message: 'No' }, {}, ' The platform says: "No".'],
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
    ['a ref', { ref: UUID }, { ref: UUID }, ` Quote ref ${UUID} to Sentiance support.`],
    [
      'a message among wrong types',
      { message: 'No', errorCode: {}, ref: 7 },
      {},
      ' The platform says: "No".',
    ],
    ['only wrong types', { message: ['No'], errorCode: 5, code: null, ref: {} }, {}, ''],
    ['only nulls', { message: null, errorCode: null, code: null, ref: null }, {}, ''],
    ['only empty strings', { message: '', errorCode: '', code: '', ref: '' }, {}, ''],
    ['a message of white space', { message: ' \n\t ' }, {}, ''],
    ['an errorCode that is a sentence', { errorCode: 'not a code' }, {}, ''],
    ['an errorCode with a line break', { errorCode: 'NO\n' }, {}, ''],
    [
      'a ref of 64 characters',
      { ref: 'r'.repeat(64) },
      { ref: 'r'.repeat(64) },
      ` Quote ref ${'r'.repeat(64)} to Sentiance support.`,
    ],
    ['a ref of 65 characters', { ref: 'r'.repeat(65) }, {}, ''],
    ['fields that nobody documented', { detail: 'x', status: 400 }, {}, ''],
    ['nothing', {}, {}, ''],
  ])('is shown: %s', async (_, body, extra, said) => {
    const error = await errorWith(JSON.stringify(body));
    expectError(error, { ...base, message: base.message + said }, extra);
  });

  test.each<[string, Body]>([
    ['a page of HTML', '<html><body>Bad request</body></html>'],
    ['half of a JSON object', '{"message":"No"'],
    ['an array', '[{"message":"No"}]'],
    ['null', 'null'],
    ['a string', '"No"'],
    ['a number', '400'],
    ['a __proto__', '{"__proto__":{"message":"No","errorCode":"NO","ref":"r"}}'],
    ['bytes that are not UTF-8', Buffer.from('{"message":"N\xf6"}', 'latin1')],
    ['more than 1 MiB', JSON.stringify({ message: 'No', padding: 'x'.repeat(1_048_576) })],
  ])('is nothing when the body is %s', async (_, body) => {
    expectError(await errorWith(body), base);
  });

  test('is nothing when the connection is lost in its body', async () => {
    const lost = new ReadableStream({ pull: (controller) => controller.error(new Error('lost')) });
    expectError(await errorWith(lost), base);
  });

  test.each([
    ['the key', 'Key test-user-link-key is bad', 'Key [redacted] is bad'],
    ['the key, upper-cased', 'Key TEST-USER-LINK-KEY is bad', 'Key [redacted] is bad'],
    ['the header', 'Bearer test-user-link-key', 'Bearer [redacted]'],
    ['the id', 'No user Zoë "Z" O\'Hara/+1 here', 'No user [redacted] here'],
    ['the id, upper-cased', 'No user ZOË "Z" O\'HARA/+1 here', 'No user [redacted] here'],
    [
      'the id, escaped for JSON',
      'Got {"external_id":"Zoë \\"Z\\" O\'Hara/+1"}',
      'Got {"external_id":"[redacted]"}',
    ],
    [
      'the id, encoded for a URL',
      "No /users/Zo%C3%AB%20%22Z%22%20O'Hara%2F%2B1",
      'No /users/[redacted]',
    ],
    [
      'the id, encoded in lower case',
      "No /users/zo%c3%ab%20%22z%22%20o'hara%2f%2b1",
      'No /users/[redacted]',
    ],
    [
      'both, more than once',
      'test-user-link-key Zoë "Z" O\'Hara/+1 test-user-link-key',
      '[redacted] [redacted] [redacted]',
    ],
  ])('has no secret in its message: %s', async (_, message, shown) => {
    const error = await errorWith(JSON.stringify({ message }), 'Zoë "Z" O\'Hara/+1');
    expectError(error, withMessage(shown));
  });

  test.each([
    ['of which only the trimmed form is echoed', ' user-7781 ', 'No user-7781'],
    ['with a space, as a form has it', 'Jane Doe', 'No Jane+Doe'],
    ['with an @, in a URL that keeps it', 'jane doe@x.example', 'No jane%20doe@x.example'],
    ['with an @, encoded for a URL twice', 'jane@x.example', 'No jane%2540x.example'],
    ['that is another in lower case', '\u0130stanbul-7781', 'No i\u0307stanbul-7781'],
    ['with an encoded slash, encoded again', 'a%2Fb%2Fc', 'No a%252Fb%252Fc'],
    ['with an apostrophe, in HTML', "o'brien", 'No o&#39;brien'],
    ['with an ampersand, in HTML', 'a&b&c', 'No a&amp;b&amp;c'],
    ['in hexadecimal HTML', 'a<b>c', 'No a&#x3C;b&#x3e;c'],
    ['with an accent, escaped for JSON', 'Zoë-7781', 'No Zo\\u00eb-7781'],
    ['with a slash, escaped for JSON', 'a/b/c', 'No a\\/b\\/c'],
    ['that grows in capitals', 'straße', 'No STRASSE'],
    ['composed, echoed decomposed', 'caf\u00e9-7781', 'No cafe\u0301-7781'],
    ['with a byte that is no character', '100%ff-user', 'No 100%ff-user'],
  ])('has no id %s', async (_, externalId, message) => {
    const error = await errorWith(JSON.stringify({ message }), externalId);
    expectError(error, withMessage('No [redacted]'));
  });

  test('has neither part of a key that has two', async () => {
    const apiKey = `${UUID}.0123456789abcdef`;
    const body = JSON.stringify({ message: `Key ${UUID} (0123456789ABCDEF) is bad` });
    const error = await errorWith(body, EXTERNAL_ID, apiKey);
    expectError(error, withMessage('Key [redacted] ([redacted]) is bad'));
  });

  test('shows an HTML entity that is none as it is', async () => {
    const error = await errorWith(JSON.stringify({ message: 'a &lt;b&gt; &nope; c' }));
    expectError(error, withMessage('a <b> &nope; c'));
  });

  test('has no half of a secret where an overlong message is cut', async () => {
    const externalId = 'x'.repeat(1_000);
    const message = 'x'.repeat(10_000 - 500) + 'x'.repeat(100_000);
    const error = await errorWith(JSON.stringify({ message }), externalId);
    expect(error.message).not.toMatch(/x{20}/);
    expect(error).toMatchObject({ code: 'rejected', status: 400 });
  });

  test.each([
    ['one letter', 'e', 'e'.repeat(1_000_000)],
    ['nearly found everywhere', `${'a'.repeat(1_000)}b`, 'a'.repeat(1_000_000)],
  ])(
    'does not hold up the process, whatever is echoed: %s',
    { timeout: 2_500 },
    async (_, externalId, message) => {
      // It took five seconds once, in which no timer could fire.
      const error = await errorWith(JSON.stringify({ message }), externalId);
      expect(error).toMatchObject({ code: 'rejected', status: 400 });
    },
  );

  test.each(['a.c', '(.*)', '[a-z]', '$&', '^', '\\d', 'a|b', 'x{2}'])(
    'has the id %s cut out as text, not as a pattern',
    async (externalId) => {
      const error = await errorWith(
        JSON.stringify({ message: `abc <${externalId}> xx 5` }),
        externalId,
      );
      expectError(error, withMessage('abc <[redacted]> xx 5'));
    },
  );

  test('has the whole key cut out when the id is a part of it', async () => {
    const error = await errorWith(JSON.stringify({ message: 'Bad test-user-link-key' }), 'user');
    expectError(error, withMessage('Bad [redacted]'));
  });

  test('has secrets cut out before it is shortened, so that no half of one stays', async () => {
    const message = `${'x'.repeat(290)}${API_KEY}`;
    const error = await errorWith(JSON.stringify({ message }));
    expectError(error, withMessage(`${'x'.repeat(290)}[redacted]`));
  });

  test.each([
    ['of 300 characters is shown whole', 'x'.repeat(300), 'x'.repeat(300)],
    ['of 301 characters is cut to 300', 'x'.repeat(301), `${'x'.repeat(299)}…`],
    [
      'that is cut in the middle of a character stays well-formed',
      `${'x'.repeat(298)}😀yy`,
      `${'x'.repeat(298)}\ufffd…`,
    ],
    ['of several lines is put on one', 'a\r\nb\n\n\tc\u2028d\u0085e', 'a b c d e'],
    ['with control characters loses them', '\u0000a\u001b[31mb\u007fc\u009f', 'a [31mb c'],
  ])('in a message %s', async (_, message, shown) => {
    expectError(await errorWith(JSON.stringify({ message })), withMessage(shown));
  });

  test.each([
    ['the key', API_KEY],
    ['the key, upper-cased', API_KEY.toUpperCase()],
    ['the key with more around it', `key:${API_KEY}`],
    ['a part of the key', 'user-link'],
    ['the id', EXTERNAL_ID],
    ['the id, upper-cased', EXTERNAL_ID.toUpperCase()],
    ['the id with more around it', `NO_${EXTERNAL_ID}`],
  ])('has no errorCode and no ref that carry %s', async (_, token) => {
    for (const field of ['errorCode', 'code', 'ref']) {
      expectError(await errorWith(JSON.stringify({ [field]: token })), base);
    }
  });

  test.each([
    ['the key', `key:${API_KEY}`],
    ['the id', `no:${EXTERNAL_ID}`],
  ])('has no ref that carries %s in lower case, when that has capitals', async (_, ref) => {
    const body = JSON.stringify({ ref });
    expectError(await errorWith(body, EXTERNAL_ID.toUpperCase(), API_KEY.toUpperCase()), base);
  });

  test('has no ref that is the id, when ids are UUIDs', async () => {
    expectError(await errorWith(JSON.stringify({ ref: UUID.toUpperCase() }), UUID), base);
  });

  test('has no ref that is the first part of the key, when keys begin with a UUID', async () => {
    const apiKey = `${UUID}.test-user-link-key`;
    expectError(await errorWith(JSON.stringify({ ref: UUID }), EXTERNAL_ID, apiKey), base);
  });

  test('has no ref that is a UUID with a long id in it', async () => {
    const ref = `${UUID.slice(0, 24)}a1b2c3d4e5f6`;
    expectError(await errorWith(JSON.stringify({ ref }), 'a1b2c3d4e5f6'), base);
  });

  test('keeps a ref that is a UUID and holds a short id by chance', async () => {
    const message = `${base.message} Quote ref ${UUID} to Sentiance support.`;
    const error = await errorWith(JSON.stringify({ ref: UUID }), '70');
    expectError(error, { ...base, message }, { ref: UUID });
  });
});

describe('an answer of success that is not the contract', () => {
  const notAnObject = 'its body is not a JSON object';
  const wrong = (...fields: string[]) => `these fields are missing or wrong: ${fields.join(', ')}`;
  const BODY = ['(body)'];
  const CODE_FIELD = ['authentication_code'];
  const EXPIRY_FIELD = ['expires_at'];

  async function expectInvalid(answer: Answer, issues: string[], problem: string, status = 200) {
    const requests = platformAnswers(EU, answer);
    const row: ErrorRow = {
      status,
      errorClass: SentianceResponseError,
      code: 'invalid_response',
      action: 'alert',
      requests: 1,
      message: `api.sentiance.com answered ${status}, but ${problem}. Check that the region or baseUrl is the Sentiance platform's, and that no proxy answers in its place.`,
    };
    expectError(await errorOf(clientWith()), row, { issues });
    expect(requests).toHaveLength(1);
  }

  test.each<[string, Body]>([
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
    await expectInvalid(answerWith(200, body), BODY, notAnObject);
  });

  test.each([201, 202, 204, 206, 299])(
    'is refused when it is empty, with status %i',
    async (status) => {
      await expectInvalid(answerWith(status), BODY, notAnObject, status);
    },
  );

  test.each<[string, Body]>([
    ['a byte too many', JSON.stringify(CODE).padEnd(1_048_577)],
    ['fewer than 1 Mi characters', JSON.stringify({ ...CODE, padding: '\u00e9'.repeat(600_000) })],
  ])('is refused when its body is larger than 1 MiB: %s', async (_, body) => {
    await expectInvalid(answerWith(200, body), BODY, 'its body is larger than 1 MiB');
  });

  test('is not read to its end when its body never ends', async () => {
    const chunk = new Uint8Array(65_536);
    const cancelled = vi.fn();
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(chunk),
      cancel: cancelled,
    });
    const error = await errorOf(clientWith({ fetch: async () => new Response(endless) }));
    expect(error).toMatchObject({ code: 'invalid_response', issues: BODY, attempts: 1 });
    expect(cancelled).toHaveBeenCalledOnce();
  });

  test.each([
    ['a byte that begins no character', '{"authentication_code":"code-\xff"}'],
    ['text in Latin-1', '{"authentication_code":"code-\xe9"}'],
    ['a character cut in half', '{"authentication_code":"code-\xe2\x82'],
    ['half of a surrogate pair', '{"authentication_code":"code-\xed\xa0\x80"}'],
  ])('is refused when its body is not UTF-8: %s', async (_, body) => {
    await expectInvalid(
      answerWith(200, Buffer.from(body, 'latin1')),
      BODY,
      'its body is not UTF-8',
    );
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no field at all', {}, CODE_FIELD],
    ['a code of white space', { authentication_code: ' \n' }, CODE_FIELD],
    ['no code', { expires_at: CODE.expires_at }, CODE_FIELD],
    ['a code that is null', { ...CODE, authentication_code: null }, CODE_FIELD],
    ['a code that is a number', { ...CODE, authentication_code: 5 }, CODE_FIELD],
    ['a code that is an object', { ...CODE, authentication_code: { value: 'code-1' } }, CODE_FIELD],
    ['a code that is an array', { ...CODE, authentication_code: ['code-1'] }, CODE_FIELD],
    ['an empty code', { ...CODE, authentication_code: '' }, CODE_FIELD],
    ['a code under another name', { authenticationCode: 'code-1' }, CODE_FIELD],
    [
      'both fields wrong',
      { authentication_code: 5, expires_at: 5 },
      [...CODE_FIELD, ...EXPIRY_FIELD],
    ],
  ])('is refused when it has %s', async (_, body, issues) => {
    await expectInvalid(code(body), issues, wrong(...issues));
  });

  test('does not take a code from a __proto__', async () => {
    const body = '{"__proto__":{"authentication_code":"code-1"}}';
    await expectInvalid(answerWith(200, body), CODE_FIELD, wrong(...CODE_FIELD));
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['empty', ''],
    ['a number', 1_612_362_723_076],
    ['an object', {}],
    ['without a zone', '2021-02-03T14:32:03.076'],
    ['a date alone', '2021-02-03'],
    ['an offset without minutes', '2021-02-03T14:32:03+02'],
    ['a zone by name', '2021-02-03T14:32:03 UTC'],
    ['not a date', 'in ten minutes'],
    ['a digit string', '1612362723076'],
    ['a day that no calendar has', '2021-02-30T14:32:03.076Z'],
    ['a leap day of another year', '2023-02-29T14:32:03.076Z'],
    ['a month that no calendar has', '2021-13-03T14:32:03.076Z'],
    ['an hour that no day has', '2021-02-03T25:32:03.076Z'],
    ['a date in words', 'Wed, 03 Feb 2021 14:32:03 GMT'],
  ])('is refused when its expires_at is %s', async (_, expires_at) => {
    await expectInvalid(code({ ...CODE, expires_at }), EXPIRY_FIELD, wrong(...EXPIRY_FIELD));
  });
});

describe('retries', () => {
  test.each<[string, number | undefined, number | undefined, number]>([
    ['2 times by default', undefined, undefined, 3],
    ['as often as the client says', 1, undefined, 2],
    ['not at all when the client says 0', 0, undefined, 1],
    ['as often as the call says', 1, 4, 5],
    ['not at all when the call says 0', 5, 0, 1],
    ['at most 10 times', 10, undefined, 11],
  ])('happen %s', async (_, maxRetries, perCall, expected) => {
    const requests = platformAnswers(EU, answerWith(500));
    const error = await errorOf(clientWith({ maxRetries }), EXTERNAL_ID, { maxRetries: perCall });
    expectError(error, serverError(500, expected));
    expect(requests).toHaveLength(expected);
  });

  test('end with the first code', async () => {
    const requests = platformAnswers(EU, (requestNumber) =>
      requestNumber < 3 ? new Response(null, { status: 502 }) : new Response(JSON.stringify(CODE)),
    );
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { authenticationCode } = await clientWith().createAuthenticationCode(EXTERNAL_ID);
    expect(authenticationCode).toBe('code-1');
    expect(requests).toHaveLength(3);
  });

  test('end with the first error that a retry does not cure', async () => {
    platformAnswers(
      EU,
      (requestNumber) => new Response(null, { status: requestNumber < 2 ? 503 : 401 }),
    );
    const error = await errorOf(clientWith());
    expect(error).toMatchObject({ code: 'unauthorized', attempts: 2, message: UNAUTHORIZED });
  });

  test('of one call leave the limits of the next alone', async () => {
    const requests = platformAnswers(EU, answerWith(500));
    const client = clientWith({ maxRetries: 1 });
    await errorOf(client, EXTERNAL_ID, { maxRetries: 0 });
    await errorOf(client);
    expect(requests).toHaveLength(3);
  });
});

describe('onAttempt', () => {
  test('is told of every attempt: which, how long, where, and what came of it', async () => {
    const events: AttemptEvent[] = [];
    platformAnswers(EU, (requestNumber) => {
      vi.advanceTimersByTime(requestNumber * 40);
      const statuses = [503, 429];
      const status = statuses[requestNumber - 1] ?? 200;
      return new Response(JSON.stringify(CODE), { status });
    });
    await skippingWaits((skipWait) => {
      const onAttempt = (event: AttemptEvent) => {
        events.push(event);
        skipWait();
      };
      return clientWith({ onAttempt }).createAuthenticationCode(EXTERNAL_ID);
    });
    const platformUrl = 'https://api.sentiance.com';
    expect(events).toStrictEqual([
      { attempt: 1, duration: 40, platformUrl, status: 503, code: 'server_error' },
      { attempt: 2, duration: 80, platformUrl, status: 429, code: 'rate_limited' },
      { attempt: 3, duration: 120, platformUrl, status: 200 },
    ]);
  });

  test('is told the status of an answer that is not the contract', async () => {
    const onAttempt = vi.fn();
    platformAnswers(EU, answerWith(200, '<html>'));
    await errorOf(clientWith({ onAttempt }));
    expect(onAttempt).toHaveBeenCalledExactlyOnceWith({
      attempt: 1,
      duration: expect.any(Number),
      platformUrl: 'https://api.sentiance.com',
      status: 200,
      code: 'invalid_response',
    });
  });

  test.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('broken metric');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('broken metric'))],
  ])('changes nothing when it %s', async (_, onAttempt) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      platformAnswers(EU, code());
      const { authenticationCode } = await clientWith({ onAttempt }).createAuthenticationCode(
        EXTERNAL_ID,
      );
      expect(authenticationCode).toBe('code-1');
      // Node reports a rejection that nobody handles before it goes on to this.
      await nextImmediate();
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });
});
