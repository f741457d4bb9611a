import { SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, test, vi } from 'vitest';
import {
  AUTH_CODE_PATH,
  DOORS,
  GOOD_REQUEST,
  issueCode,
  type Send,
} from '../../support/emulator.js';
import { failureOf } from '../../support/refusals.js';

const NOW = Date.parse('2030-01-02T03:04:05.678Z');
const NO_SUCH_ROUTE =
  'No such control route. There are: GET /_emulator, GET /_emulator/state, GET /_emulator/events, POST /_emulator/users, POST /_emulator/devices/:id/reset, POST /_emulator/clock, POST /_emulator/faults, DELETE /_emulator/faults, POST /_emulator/reset';

function newEmulator(): SentianceEmulator {
  return new SentianceEmulator({ controlRoutes: true, now: () => NOW });
}

/** What a response says, and with which status. */
async function contentOf(response: Promise<Response>): Promise<{ status: number; body: unknown }> {
  const { status, headers } = await response;
  expect(headers.get('content-type')).toBe('application/json');
  return { status, body: await (await response).json() };
}

/** Posts what `curl -d` would: without a content type of JSON. */
function post(send: Send, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return contentOf(send(`/_emulator/${path}`, { method: 'POST', body: text ?? null }));
}

describe.each(DOORS)('control routes %s', (_door, open) => {
  test('redeem a code on a device', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);
    const { authenticationCode } = await issueCode(emulator, 'user-1');

    const device = { id: 'tablet-1', type: 'tablet' };
    const { status, body } = await post(send, 'users', { authenticationCode, device });

    expect(status).toBe(200);
    expect(body).toEqual({
      userId: emulator.users[0]?.userId,
      restored: false,
      active: true,
    });
    expect(emulator.users).toMatchObject([{ externalId: 'user-1', activeDevice: device }]);
  });

  test('say with a 409 why a code was not redeemed, with the reason of the SDK', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    const redeem = (id: string) => post(send, 'users', { authenticationCode, device: { id } });
    await redeem('phone-1');

    expect(await redeem('phone-1')).toEqual({
      status: 409,
      body: {
        reason: 'USER_ALREADY_EXISTS',
        message:
          'USER_ALREADY_EXISTS: the device has a user already. Reset the SDK at logout, before another user logs in.',
      },
    });
    expect(await redeem('phone-2')).toEqual({
      status: 409,
      body: {
        reason: 'SERVER_ERROR',
        message:
          'SERVER_ERROR: the authentication code was used already. Ask the backend for a new one.',
      },
    });
  });

  test.each(['phone-1', 'a phone/1?%', 'тел'])('reset the device %s', async (id) => {
    const emulator = newEmulator();
    const send = await open(emulator);
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    emulator.createUser(authenticationCode, { id });

    const reset = await post(send, `devices/${encodeURIComponent(id)}/reset`);

    expect(reset).toEqual({ status: 200, body: { deviceId: id } });
    expect(emulator.users).toMatchObject([{ devices: [] }]);
  });

  test('move the clock', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);

    expect(await post(send, 'clock', { advance: 60_000 })).toEqual({
      status: 200,
      body: { now: '2030-01-02T03:05:05.678Z' },
    });
    expect(emulator.now).toBe(NOW + 60_000);
  });

  test('inject a fault, once or several times', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);
    const fault = { type: 'status', status: 429, retryAfter: 7 };

    expect(await post(send, 'faults', fault)).toEqual({ status: 200, body: { fault, times: 1 } });
    expect(await post(send, 'faults', { type: 'html', times: 2 })).toEqual({
      status: 200,
      body: { fault: { type: 'html' }, times: 2 },
    });

    const contentTypes = [];
    for (let n = 0; n < 4; n += 1) {
      const response = await send(AUTH_CODE_PATH, GOOD_REQUEST);
      contentTypes.push([response.status, response.headers.get('content-type')]);
    }
    expect(contentTypes).toEqual([
      [429, 'application/json'],
      [200, 'text/html; charset=utf-8'],
      [200, 'text/html; charset=utf-8'],
      [200, 'application/json'],
    ]);
  });

  test('show the state', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    const { userId } = emulator.createUser(authenticationCode, { id: 'phone-1' });
    emulator.failNext({ type: 'hang' }, 2);
    const device = { id: 'phone-1', type: 'phone' };
    const now = '2030-01-02T03:04:05.678Z';

    expect(await contentOf(send('/_emulator/state'))).toEqual({
      status: 200,
      body: {
        now,
        users: [
          {
            userId,
            externalId: 'user-1',
            activeDevice: device,
            devices: [{ ...device, active: true, since: now }],
          },
        ],
        codes: [
          {
            id: 1,
            code: `${authenticationCode.slice(0, 8)}…`,
            externalId: 'user-1',
            issuedAt: now,
            expiresAt: '2030-01-02T03:14:05.678Z',
            state: 'redeemed',
            redeemedBy: 'phone-1',
          },
        ],
        requests: [
          {
            id: 1,
            time: now,
            method: 'POST',
            path: AUTH_CODE_PATH,
            api: 'rest',
            externalId: 'user-1',
            status: 200,
            reason: '200: a code',
            duration: expect.any(Number),
          },
        ],
        faults: [{ fault: { type: 'hang' }, times: 2 }],
      },
    });
  });

  test('say which device switched another off, and since when', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);
    for (const [id, type] of [
      ['phone-1', 'phone'],
      ['phone-2', 'phone'],
      ['tablet-1', 'tablet'],
    ] as const) {
      const { authenticationCode } = await issueCode(emulator, 'user-1');
      emulator.advance(1_000);
      emulator.createUser(authenticationCode, { id, type });
    }

    expect((await contentOf(send('/_emulator/state'))).body).toMatchObject({
      users: [
        {
          activeDevice: { id: 'phone-2' },
          devices: [
            {
              active: false,
              since: '2030-01-02T03:04:07.678Z',
              switchedOffBy: { deviceId: 'phone-2', type: 'phone' },
            },
            { id: 'phone-2', active: true, since: '2030-01-02T03:04:07.678Z' },
            // It was never on: the phone stays the active one.
            { id: 'tablet-1', active: false, since: '2030-01-02T03:04:08.678Z' },
          ],
        },
      ],
    });
  });

  test('redeem a code by its id in the state, which shows its beginning only', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);
    await issueCode(emulator, 'user-1');
    const redeem = (codeId: unknown) => post(send, 'users', { codeId, device: { id: 'phone-1' } });

    for (const codeId of [2, '1', null]) {
      expect(await redeem(codeId)).toEqual({
        status: 400,
        body: { message: 'createUser: codeId must be the id of a code in the state.' },
      });
    }
    expect(await redeem(1)).toMatchObject({ status: 200, body: { restored: false } });
  });

  test('reset no device that nobody has', async () => {
    const send = await open(newEmulator());

    expect(await post(send, 'devices/phone-1/reset')).toEqual({
      status: 404,
      body: { message: 'No user is on a device of this id.' },
    });
  });

  test('put the clock back, take back faults, and reset everything', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);
    await issueCode(emulator, 'user-1');
    emulator.advance(1_000);
    emulator.failNext({ type: 'hang' }, 2);

    const clock = await post(send, 'clock', { reset: true });
    const faults = await contentOf(send('/_emulator/faults', { method: 'DELETE' }));
    expect(clock).toEqual({ status: 200, body: { now: '2030-01-02T03:04:05.678Z' } });
    expect(faults).toEqual({ status: 200, body: { faults: [] } });
    expect(emulator.now).toBe(NOW);
    expect((await send(AUTH_CODE_PATH, GOOD_REQUEST)).status).toBe(200);

    expect((await post(send, 'reset')).status).toBe(200);
    expect(emulator).toMatchObject({ users: [], requests: [] });
  });

  test('list themselves, each with a command that works', async () => {
    const emulator = newEmulator();
    const send = await open(emulator);

    const { status, body } = await contentOf(send('/_emulator'));

    expect({ status, apiKey: Object(body).apiKey }).toEqual({
      status: 200,
      apiKey: 'test-user-link-key',
    });
    const routes: { method: string; path: string; what: string; example: string }[] =
      Object(body).routes;
    expect(routes.map(({ method, path }) => `${method} ${path}`).join(', ')).toBe(
      NO_SUCH_ROUTE.split('There are: ')[1],
    );
    expect(routes.map(({ example }) => example)).toContainEqual(
      expect.stringMatching(/^curl -s http:\/\/\S+\/_emulator\/clock -d '\{"advance":660000\}'$/),
    );
  });

  test.each<[string, unknown, string]>([
    ['users', undefined, 'createUser: authenticationCode must be a string, the code alone.'],
    [
      'users',
      { authenticationCode: 'code' },
      'createUser: device.id must be a string that is not empty.',
    ],
    [
      'users',
      { authenticationCode: 'code', device: { id: 'watch-1', type: 'watch' } },
      "createUser: device.type must be 'phone' or 'tablet'.",
    ],
    [
      'users',
      { authentication_code: 'code', device: { id: 'phone-1' } },
      'createUser: authenticationCode must be a string, the code alone.',
    ],
    [
      'clock',
      {},
      'advance: ms must be a number of milliseconds from 0 to 3155760000000 (100 years), all moves together.',
    ],
    [
      'clock',
      { advance: '1000' },
      'advance: ms must be a number of milliseconds from 0 to 3155760000000 (100 years), all moves together.',
    ],
    [
      'faults',
      {},
      'Emulator fault: type must be one of status, delay, hang, disconnect, lost_response, malformed_json, wrong_shape, html, redirect, create_user.',
    ],
    [
      'faults',
      { type: 'status', status: 200 },
      "Emulator fault: status must be a whole number from 400 to 599 in { type: 'status' }.",
    ],
    [
      'faults',
      { type: 'hang', times: 0 },
      'failNext: times must be a whole number from 1 to 1000000.',
    ],
    ['devices/%E0%A4%A/reset', undefined, 'URI malformed'],
  ])('say with a 400 what is wrong, and change nothing: %s %j', async (path, body, message) => {
    const emulator = newEmulator();
    const send = await open(emulator);

    expect(await post(send, path, body)).toEqual({ status: 400, body: { message } });
    expect(emulator).toMatchObject({ users: [], requests: [], now: NOW });
    expect((await send(AUTH_CODE_PATH, GOOD_REQUEST)).status).toBe(200);
  });

  test.each(['{', '[]', 'null', '"users"', 'id=phone-1'])(
    'refuse a body that is no JSON object: %s',
    async (body) => {
      const send = await open(newEmulator());

      expect(await post(send, 'faults', body)).toEqual({
        status: 400,
        body: { message: 'The body must be a JSON object.' },
      });
    },
  );

  test.each([
    ['POST', ''],
    ['POST', 'user'],
    ['POST', 'users/1'],
    ['POST', 'devices/reset'],
    ['POST', 'devices//reset'],
    ['POST', 'devices/phone-1/phone-2/reset'],
    ['POST', 'state'],
    ['GET', 'users'],
    ['GET', 'devices/phone-1/reset'],
    ['PUT', 'clock'],
    ['DELETE', 'reset'],
  ])('list what there is when there is no %s /_emulator/%s', async (method, path) => {
    const send = await open(newEmulator());

    expect(await contentOf(send(`/_emulator/${path}`, { method }))).toEqual({
      status: 404,
      body: { message: NO_SUCH_ROUTE },
    });
  });

  test('are no requests to the platform: reported, but with no record and no fault', async () => {
    const onRequest = vi.fn();
    const emulator = new SentianceEmulator({ controlRoutes: true, onRequest });
    const send = await open(emulator);
    emulator.failNext({ type: 'status', status: 503 });

    expect((await send('/_emulator/state')).status).toBe(200);

    expect(emulator.requests).toEqual([]);
    expect(onRequest.mock.calls).toMatchObject([[{ path: '/_emulator/state', status: 200 }]]);
    expect((await send(AUTH_CODE_PATH, GOOD_REQUEST)).status).toBe(503);
  });

  test.each([{}, { controlRoutes: false }])('are off unless asked for: %j', async (options) => {
    const emulator = new SentianceEmulator(options);
    const send = await open(emulator);

    expect(await post(send, 'clock', { advance: 1 })).toMatchObject({
      status: 404,
      body: { errorCode: 'NOT_FOUND' },
    });
    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: '/_emulator/clock', status: 404 },
    ]);
  });
});

test("a control route does not hide that the test's own clock fails", async () => {
  const broken = new Error('The clock of the test is broken.');
  let reads = 0;
  const emulator = new SentianceEmulator({
    controlRoutes: true,
    // The first time is the request's.
    now: () => {
      reads += 1;
      if (reads > 1) throw broken;
      return NOW;
    },
  });
  const request = new Request('http://localhost/_emulator/state');

  expect(await failureOf(() => emulator.handle(request))).toBe(broken);
});
