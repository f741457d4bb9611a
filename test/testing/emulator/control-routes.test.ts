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
  'No such control route. There are: POST /_emulator/users, POST /_emulator/devices/:id/reset, POST /_emulator/clock, POST /_emulator/faults, GET /_emulator/state';

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
    const device = { id: 'phone-1', type: 'phone' };

    expect(await contentOf(send('/_emulator/state'))).toEqual({
      status: 200,
      body: {
        now: '2030-01-02T03:04:05.678Z',
        users: [{ userId, externalId: 'user-1', activeDevice: device, devices: [device] }],
        requests: [{ method: 'POST', path: AUTH_CODE_PATH, externalId: 'user-1', status: 200 }],
      },
    });
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
      'Emulator fault: type must be one of status, delay, hang, disconnect, lost_response, malformed_json, wrong_shape, html, redirect.',
    ],
    [
      'faults',
      { type: 'status', status: 200 },
      "Emulator fault: status must be a whole number from 400 to 599 in { type: 'status' }.",
    ],
    ['faults', { type: 'hang', times: 0 }, 'failNext: times must be a whole number of at least 1.'],
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
    ['DELETE', 'faults'],
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
    expect(emulator.requests).toEqual([{ method: 'POST', path: '/_emulator/clock', status: 404 }]);
  });
});

test("a control route does not hide that the test's own clock fails", async () => {
  const broken = new Error('The clock of the test is broken.');
  const emulator = new SentianceEmulator({
    controlRoutes: true,
    now: () => {
      throw broken;
    },
  });
  const request = new Request('http://localhost/_emulator/state');

  expect(await failureOf(() => emulator.handle(request))).toBe(broken);
});
