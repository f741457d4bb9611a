import { SentianceEmulator, type SentianceEmulatorOptions } from 'sentiance-user-link/testing';
import { describe, expect, test, vi } from 'vitest';
import { clientOf } from '../../support/calls.js';
import { deferred } from '../../support/deferred.js';
import {
  AUTH_CODE_PATH,
  DOORS,
  GOOD_HEADERS,
  GOOD_REQUEST,
  issueCode,
  startEmulator,
} from '../../support/emulator.js';

const NOW = Date.parse('2030-01-02T03:04:05.678Z');
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** `new SentianceEmulator(…)` with any options at all. */
function construct(options: unknown): SentianceEmulator {
  return Reflect.construct(SentianceEmulator, [options]);
}

async function expectRefusal(
  response: Response,
  status: number,
  errorCode: string,
  message: string,
): Promise<void> {
  expect(response.status).toBe(status);
  const ref = expect.stringMatching(UUID);
  expect(await response.json()).toEqual({ message, errorCode, ref });
}

describe.each(DOORS)('a request %s', (_door, open) => {
  test('gets a code of 128 hexadecimal digits, and when it expires', async () => {
    const send = await open(new SentianceEmulator({ now: () => NOW }));

    const response = await send(AUTH_CODE_PATH, GOOD_REQUEST);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      authentication_code: expect.stringMatching(/^[\da-f]{128}$/),
      expires_at: '2030-01-02T03:14:05.678Z',
    });
  });

  test.each([
    ['a charset', 'application/json; charset=utf-8'],
    ['a space before the charset', 'application/json ;charset=utf-8'],
    ['capitals', 'Application/JSON'],
  ])('may have a content type with %s', async (_, contentType) => {
    const send = await open(new SentianceEmulator());

    const headers = { ...GOOD_HEADERS, 'Content-Type': contentType };
    const response = await send(AUTH_CODE_PATH, { ...GOOD_REQUEST, headers });

    expect(response.status).toBe(200);
  });

  test('may have fields in its body that nobody knows, and a scheme in capitals', async () => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);

    const response = await send(AUTH_CODE_PATH, {
      ...GOOD_REQUEST,
      headers: { ...GOOD_HEADERS, Authorization: 'BEARER test-user-link-key' },
      body: '{"external_id":" user 1 ","locale":"nl"}',
    });

    expect(response.status).toBe(200);
    expect(emulator.requests).toMatchObject([{ externalId: ' user 1 ' }]);
  });

  test.each([
    '/',
    '/users',
    '/users/auth-codes',
    '/users/auth-code/',
    '/v1/users/auth-code',
    '/USERS/AUTH-CODE',
    '//users/auth-code',
    '//localhost/users/auth-code',
    '/_emulator/state',
  ])('to %s gets a 404', async (path) => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);

    const response = await send(path, GOOD_REQUEST);

    await expectRefusal(response, 404, 'NOT_FOUND', 'Not found');
    expect(emulator.requests).toMatchObject([{ method: 'POST', path, status: 404 }]);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'with the method %s gets a 405',
    async (method) => {
      const emulator = new SentianceEmulator();
      const send = await open(emulator);

      const body = method === 'GET' ? null : GOOD_REQUEST.body;
      const response = await send(AUTH_CODE_PATH, { method, headers: GOOD_HEADERS, body });

      expect(response.headers.get('allow')).toBe('POST');
      await expectRefusal(response, 405, 'METHOD_NOT_ALLOWED', 'Method not allowed');
      expect(emulator.requests).toMatchObject([{ method, path: AUTH_CODE_PATH, status: 405 }]);
    },
  );

  test('with the method HEAD gets a 405 too', async () => {
    const send = await open(new SentianceEmulator());

    const response = await send(AUTH_CODE_PATH, { method: 'HEAD', headers: GOOD_HEADERS });

    expect(response.status).toBe(405);
  });

  test.each<[string, string | undefined, SentianceEmulatorOptions]>([
    ['no key', undefined, {}],
    ['another key', 'Bearer another-test-key', {}],
    ['a part of the key', 'Bearer test-user-link', {}],
    ['the key and more', 'Bearer test-user-link-key2', {}],
    ['the key in capitals', 'Bearer TEST-USER-LINK-KEY', {}],
    ['the key after two spaces', 'Bearer  test-user-link-key', {}],
    ['the scheme alone', 'Bearer', {}],
    ['the key alone', 'test-user-link-key', {}],
    ['another scheme', 'Basic test-user-link-key', {}],
    ['an expired key', 'Bearer old-test-key', { expiredKeys: ['older-test-key', 'old-test-key'] }],
    [
      'the key itself, expired',
      GOOD_HEADERS.Authorization,
      { expiredKeys: ['test-user-link-key'] },
    ],
    ['the default key when there is another', GOOD_HEADERS.Authorization, { apiKey: 'k' }],
  ])('with %s gets a 401', async (_, authorization, options) => {
    const emulator = new SentianceEmulator(options);
    const send = await open(emulator);

    const headers = {
      'Content-Type': 'application/json',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    };
    const response = await send(AUTH_CODE_PATH, { ...GOOD_REQUEST, headers });

    await expectRefusal(response, 401, 'UNAUTHORIZED', 'The API key is missing, wrong or expired');
    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: AUTH_CODE_PATH, externalId: 'user-1', status: 401 },
    ]);
  });

  test.each<[string, string, SentianceEmulatorOptions]>([
    ['a key without the scope', 'Bearer b', { keysWithoutScope: ['a', 'b'] }],
    ['the key itself, without the scope', 'Bearer a', { apiKey: 'a', keysWithoutScope: ['a'] }],
  ])('with %s gets a 403', async (_, Authorization, options) => {
    const emulator = new SentianceEmulator(options);
    const send = await open(emulator);

    const headers = { ...GOOD_HEADERS, Authorization };
    const response = await send(AUTH_CODE_PATH, { ...GOOD_REQUEST, headers });

    await expectRefusal(response, 403, 'FORBIDDEN', 'The API key lacks the user-link scope');
    expect(emulator.requests).toMatchObject([{ status: 403 }]);
  });

  test.each([
    ['no content type', undefined],
    ['text', 'text/plain;charset=UTF-8'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['a type that begins like JSON', 'application/jsonp'],
    ['a type that JSON is a part of', 'application/problem+json'],
  ])('with %s gets a 415', async (_, contentType) => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);

    const response = await send(AUTH_CODE_PATH, {
      ...GOOD_REQUEST,
      headers: {
        Authorization: GOOD_HEADERS.Authorization,
        ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
      },
      // As bytes: for a string, fetch would add a content type.
      body: Buffer.from(GOOD_REQUEST.body),
    });

    await expectRefusal(
      response,
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Content-Type must be application/json',
    );
    expect(emulator.requests).toMatchObject([{ status: 415 }]);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"external_id":"user-1"'],
    ['null', 'null'],
    ['a string', '"user-1"'],
    ['a list', '["user-1"]'],
    ['no external_id', '{}'],
    ['the name in camel case', '{"externalId":"user-1"}'],
    ['an empty external_id', '{"external_id":""}'],
    ['a number as external_id', '{"external_id":1}'],
    ['null as external_id', '{"external_id":null}'],
    ['a list as external_id', '{"external_id":["user-1"]}'],
  ])('with %s as its body gets a 400', async (_, body) => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);

    const response = await send(AUTH_CODE_PATH, { ...GOOD_REQUEST, body });

    await expectRefusal(
      response,
      400,
      'BAD_REQUEST',
      'external_id must be a string that is not empty',
    );
    expect(emulator.requests).toMatchObject([{ status: 400 }]);
  });

  test('that is wrong in every way hears of one fault after the other', async () => {
    const send = await open(new SentianceEmulator({ keysWithoutScope: ['no-scope'] }));
    const json = 'application/json';
    const attempts: [string, RequestInit, number][] = [
      ['/', { method: 'PUT', body: '{}' }, 404],
      [AUTH_CODE_PATH, { method: 'PUT', body: '{}' }, 405],
      [AUTH_CODE_PATH, { method: 'POST', body: '{}' }, 401],
      [AUTH_CODE_PATH, { method: 'POST', body: '{}', headers: auth('no-scope') }, 403],
      [AUTH_CODE_PATH, { method: 'POST', body: '{}', headers: auth('test-user-link-key') }, 415],
      [
        AUTH_CODE_PATH,
        { method: 'POST', body: '{}', headers: auth('test-user-link-key', json) },
        400,
      ],
    ];

    for (const [path, init, status] of attempts) {
      expect((await send(path, init)).status).toBe(status);
    }
  });

  test('that is refused has a ref of its own', async () => {
    const send = await open(new SentianceEmulator());
    const refs = new Set<unknown>();

    for (let n = 0; n < 20; n += 1) {
      const body = await (await send('/')).json();
      refs.add(Object.entries(body ?? {}).find(([name]) => name === 'ref')?.[1]);
    }

    expect(refs.size).toBe(20);
  });
});

function auth(key: string, contentType = 'text/plain'): Record<string, string> {
  return { Authorization: `Bearer ${key}`, 'Content-Type': contentType };
}

describe('codes', () => {
  test('are unique, for one user too', async () => {
    const emulator = new SentianceEmulator();
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => issueCode(emulator, `user-${n % 2}`)),
    );

    expect(new Set(codes.map(({ authenticationCode }) => authenticationCode)).size).toBe(50);
  });

  test('are the same in every run', async () => {
    const [first, second] = [new SentianceEmulator(), new SentianceEmulator()];

    expect((await issueCode(first, 'user-1')).authenticationCode).toBe(
      (await issueCode(second, 'user-2')).authenticationCode,
    );
  });

  test('make no user', async () => {
    const emulator = new SentianceEmulator();
    await issueCode(emulator, 'user-1');

    expect(emulator.users).toEqual([]);
  });
});

describe('the clock', () => {
  test('is the one of the machine by default', () => {
    vi.spyOn(Date, 'now').mockReturnValue(NOW);

    expect(new SentianceEmulator().now).toBe(NOW);
  });

  test('is the one of the options, plus all moves', async () => {
    let now = NOW;
    const emulator = new SentianceEmulator({ now: () => now, codeLifetime: 1_000 });
    emulator.advance(0);
    emulator.advance(20_000);
    emulator.advance(0.5);
    now += 3_000;
    emulator.advance(1_499.5);

    expect(emulator.now).toBe(NOW + 24_500);
    const { expiresAt } = await issueCode(emulator, 'user-1');
    expect(expiresAt).toEqual(new Date(NOW + 25_500));
  });

  test.each([
    ['backwards', -1],
    ['by no number', Number.NaN],
    ['for ever', Number.POSITIVE_INFINITY],
    ['by more than 100 years', 3_155_760_000_001],
    ['by a string', '1000'],
    ['by nothing', undefined],
  ])('does not move %s', (_, ms) => {
    const emulator = new SentianceEmulator({ now: () => NOW });

    expect(() => Reflect.apply(emulator.advance, emulator, [ms])).toThrow(
      new TypeError(
        'advance: ms must be a number of milliseconds from 0 to 3155760000000 (100 years), all moves together.',
      ),
    );
    expect(emulator.now).toBe(NOW);
  });

  test('never gets so far that its dates are none', async () => {
    const emulator = new SentianceEmulator({ codeLifetime: 3_155_760_000_000 });
    emulator.advance(3_155_760_000_000);

    expect(() => emulator.advance(1)).toThrow('all moves together');
    const { expiresAt } = await issueCode(emulator, 'user-1');
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 6_311_000_000_000);
  });
});

describe('options', () => {
  test('have the defaults that their docs say', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(NOW);
    const emulator = new SentianceEmulator();

    expect(emulator.apiKey).toBe('test-user-link-key');
    const { expiresAt } = await issueCode(emulator, 'user-1');
    expect(expiresAt).toEqual(new Date(NOW + 600_000));
  });

  test.each(['', ' \n', 42, null])('refuse the key %j', (apiKey) => {
    expect(() => construct({ apiKey })).toThrow(
      new TypeError('SentianceEmulator: apiKey must be a string that is not blank.'),
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 3_155_760_000_001, '600', null])(
    'refuse the code lifetime %j',
    (codeLifetime) => {
      expect(() => construct({ codeLifetime })).toThrow(
        new TypeError(
          'SentianceEmulator: codeLifetime must be a number of milliseconds above 0 and up to 3155760000000 (100 years).',
        ),
      );
    },
  );

  test('are read at construction: a change afterwards changes nothing', async () => {
    const options = { apiKey: 'first-test-key', codeLifetime: 1_000, now: () => NOW };
    const emulator = new SentianceEmulator(options);
    Object.assign(options, { apiKey: 'second-test-key', codeLifetime: 2_000, now: () => 0 });

    expect(emulator.apiKey).toBe('first-test-key');
    const { expiresAt } = await issueCode(emulator, 'user-1');
    expect(expiresAt).toEqual(new Date(NOW + 1_000));
  });
});

describe('requests', () => {
  test('are listed in order, with who was asked for and what came of it', async () => {
    const emulator = await startEmulator();
    const client = clientOf(emulator.url, { maxRetries: 0 });
    await client.createAuthenticationCode('user-1');
    emulator.failNext({ type: 'status', status: 500 });
    await client.tryCreateAuthenticationCode('user-2');
    emulator.failNext({ type: 'lost_response' });
    await client.tryCreateAuthenticationCode('user-3');
    await fetch(`${emulator.url}/health?probe=1`);

    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: AUTH_CODE_PATH, externalId: 'user-1', status: 200 },
      { method: 'POST', path: AUTH_CODE_PATH, status: 500, fault: 'status' },
      {
        method: 'POST',
        path: AUTH_CODE_PATH,
        externalId: 'user-3',
        status: 0,
        fault: 'lost_response',
      },
      { method: 'GET', path: '/health', status: 404 },
    ]);
  });

  test('are copies', async () => {
    const emulator = new SentianceEmulator();
    await issueCode(emulator, 'user-1');
    const before = emulator.requests;
    const [request] = before;
    await issueCode(emulator, 'user-2');
    Object.assign(request ?? {}, { externalId: 'somebody else' });

    expect(before).toHaveLength(1);
    expect(emulator.requests).toMatchObject([{ externalId: 'user-1' }, { externalId: 'user-2' }]);
  });
});

describe('onRequest', () => {
  test('hears of each request when it has got its response', async () => {
    const onRequest = vi.fn();
    const emulator = new SentianceEmulator({ onRequest });
    await issueCode(emulator, 'user-1');
    await emulator.handle(new Request('http://localhost/health'));

    expect(onRequest.mock.calls).toMatchObject([
      [{ method: 'POST', path: AUTH_CODE_PATH, externalId: 'user-1', status: 200 }],
      [{ method: 'GET', path: '/health', status: 404 }],
    ]);
  });

  test('hears of a request that never got a response when its client has gone', async () => {
    const ended = deferred<unknown>();
    const emulator = await startEmulator({ onRequest: ended.resolve });
    emulator.failNext({ type: 'hang' });
    const client = clientOf(emulator.url, { timeout: 500, maxRetries: 0 });
    await client.tryCreateAuthenticationCode('user-1');

    expect(await ended.promise).toMatchObject({
      method: 'POST',
      path: AUTH_CODE_PATH,
      status: 0,
      fault: 'hang',
    });
  });

  test('gets a copy', async () => {
    const onRequest = (request: object) => void Object.assign(request, { status: 418 });
    const emulator = new SentianceEmulator({ onRequest });
    await issueCode(emulator, 'user-1');

    expect(emulator.requests).toMatchObject([{ status: 200 }]);
  });
});

describe('reset', () => {
  test('forgets users, codes, requests, faults and clock moves', async () => {
    const emulator = new SentianceEmulator({ now: () => NOW });
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    const unused = await issueCode(emulator, 'user-1');
    emulator.createUser(authenticationCode, { id: 'phone-1' });
    emulator.failNext({ type: 'html' }, 3);
    emulator.advance(1_000);

    emulator.reset();

    expect(emulator).toMatchObject({ users: [], requests: [], now: NOW });
    expect(() => emulator.createUser(unused.authenticationCode, { id: 'phone-1' })).toThrow(
      'was not issued by this emulator, or before its last reset',
    );
    await expect(issueCode(emulator, 'user-1')).resolves.toMatchObject({ authenticationCode });
  });

  test('leaves it listening where it was, with its key and its options', async () => {
    const emulator = await startEmulator({
      apiKey: 'first-test-key',
      keysWithoutScope: ['second-test-key'],
      expiredKeys: ['third-test-key'],
      codeLifetime: 1_000,
      now: () => NOW,
      controlRoutes: true,
    });
    const { url } = emulator;

    emulator.reset();

    expect(emulator).toMatchObject({ url, apiKey: 'first-test-key' });
    const client = clientOf(url, { apiKey: 'first-test-key' });
    await expect(client.createAuthenticationCode('user-1')).resolves.toMatchObject({
      expiresAt: new Date(NOW + 1_000),
    });
    for (const [apiKey, code] of [
      ['second-test-key', 'forbidden'],
      ['third-test-key', 'unauthorized'],
    ] as const) {
      const refused = clientOf(emulator.url, { apiKey });
      await expect(refused.createAuthenticationCode('user-1')).rejects.toMatchObject({ code });
    }
    expect((await fetch(`${url}/_emulator/state`)).status).toBe(200);
  });
});
