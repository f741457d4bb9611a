import { once } from 'node:events';
import { request as httpRequest, IncomingMessage } from 'node:http';
import { type EmulatorFault, SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, test, vi } from 'vitest';
import {
  AUTH_CODE_PATH,
  DOORS,
  GOOD_HEADERS,
  GOOD_REQUEST,
  issueCode,
  startEmulator,
} from '../../support/emulator.js';

const REF = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const CODE = { authentication_code: expect.stringMatching(/^[\da-f]{128}$/) };

/** `emulator.failNext(…)` with any arguments at all. */
function failNext(emulator: SentianceEmulator, ...args: unknown[]): void {
  Reflect.apply(emulator.failNext, emulator, args);
}

/** A response as it comes out of a socket: what arrives of it, and whether that is all. */
async function receive(url: string): Promise<{ message: IncomingMessage; text: string }> {
  const request = httpRequest(url + AUTH_CODE_PATH, { method: 'POST', headers: GOOD_HEADERS });
  request.end(GOOD_REQUEST.body);
  const [message] = await once(request, 'response');
  if (!(message instanceof IncomingMessage)) throw new Error('Expected a response.');
  let text = '';
  message.setEncoding('utf8').on('data', (chunk) => {
    text += String(chunk);
  });
  await once(message, 'close').catch(() => {});
  return { message, text };
}

describe.each(DOORS)('a request %s', (door, open) => {
  test('meets a status with the envelope', async () => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    emulator.failNext({ type: 'status', status: 418, errorCode: 'TEAPOT', message: 'I am one' });

    const response = await send(AUTH_CODE_PATH, GOOD_REQUEST);

    expect(response.status).toBe(418);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await response.json()).toEqual({
      message: 'I am one',
      errorCode: 'TEAPOT',
      ref: expect.stringMatching(REF),
    });
  });

  test.each([
    [30, '30'],
    [0, '0'],
    ['Wed, 02 Jan 2030 03:04:05 GMT', 'Wed, 02 Jan 2030 03:04:05 GMT'],
    ['soon', 'soon'],
  ])('meets a status with Retry-After %j', async (retryAfter, header) => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    emulator.failNext({ type: 'status', status: 429, retryAfter });

    const response = await send(AUTH_CODE_PATH, GOOD_REQUEST);

    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe(header);
    expect(await response.json()).toEqual({
      message: 'Fault by request',
      ref: expect.stringMatching(REF),
    });
  });

  test('meets a delay, and then the right response', async () => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    emulator.failNext({ type: 'delay', ms: 60 });

    const started = performance.now();
    const response = await send(AUTH_CODE_PATH, GOOD_REQUEST);

    // Timers may be early by a millisecond.
    expect(performance.now() - started).toBeGreaterThan(58);
    expect(await response.json()).toMatchObject(CODE);
    expect(emulator.requests).toMatchObject([
      { externalId: 'user-1', status: 200, fault: 'delay' },
    ]);
  });

  test.each<EmulatorFault>([{ type: 'hang' }, { type: 'delay', ms: 2 ** 31 - 1 }])(
    'meets silence until its client goes away: %o',
    async (fault) => {
      const onRequest = vi.fn();
      const emulator = new SentianceEmulator({ onRequest });
      const send = await open(emulator);
      const client = new AbortController();
      emulator.failNext(fault);

      const response = send(AUTH_CODE_PATH, { ...GOOD_REQUEST, signal: client.signal });
      const outcome = response.catch((error: unknown) => error);
      await vi.waitFor(() => expect(emulator.requests).toHaveLength(1));
      expect(onRequest).not.toHaveBeenCalled();
      client.abort();

      expect(await outcome).toMatchObject(
        door === 'over HTTP' ? { name: 'AbortError' } : { type: 'error' },
      );
      await vi.waitFor(() => expect(onRequest).toHaveBeenCalledOnce());
      expect(emulator.requests).toMatchObject([{ status: 0, fault: fault.type }]);
    },
  );

  test.each<EmulatorFault>([
    { type: 'disconnect' },
    { type: 'disconnect', phase: 'before_headers' },
    { type: 'lost_response' },
  ])('meets a connection that is cut: %o', async (fault) => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    emulator.failNext(fault);

    const response = send(AUTH_CODE_PATH, GOOD_REQUEST);

    if (door === 'over HTTP') await expect(response).rejects.toThrow('fetch failed');
    else expect((await response).type).toBe('error');
    expect(emulator.requests).toMatchObject([
      { path: AUTH_CODE_PATH, externalId: 'user-1', status: 0, fault: fault.type },
    ]);
  });

  test('meets a response that is cut in the middle of its body', async () => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    emulator.failNext({ type: 'disconnect', phase: 'during_body' });

    const response = await send(AUTH_CODE_PATH, GOOD_REQUEST);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test.each<[EmulatorFault['type'], string, string]>([
    ['malformed_json', 'application/json', '{"authentication_code":"cut o'],
    ['wrong_shape', 'application/json', '{"code":"not where it should be"}'],
    ['html', 'text/html; charset=utf-8', '<!doctype html><title>Sign in</title>'],
  ])('meets a success that is none: %s', async (type, contentType, body) => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    failNext(emulator, { type });

    const response = await send(AUTH_CODE_PATH, GOOD_REQUEST);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(await response.text()).toBe(body);
  });

  test('meets a redirect', async () => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    emulator.failNext({ type: 'redirect', location: 'https://login.example/?next=/users' });

    const response = await send(AUTH_CODE_PATH, { ...GOOD_REQUEST, redirect: 'manual' });

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('https://login.example/?next=/users');
  });

  test('that is refused anyway is refused late, or lost, as a good one would be', async () => {
    const emulator = new SentianceEmulator();
    const send = await open(emulator);
    const anonymous = { ...GOOD_REQUEST, headers: { 'Content-Type': 'application/json' } };
    emulator.failNext({ type: 'delay', ms: 1 });
    emulator.failNext({ type: 'disconnect', phase: 'during_body' });

    expect((await send(AUTH_CODE_PATH, anonymous)).status).toBe(401);
    expect((await send(AUTH_CODE_PATH, anonymous)).status).toBe(401);
    expect(emulator.requests).toMatchObject([
      { fault: 'delay', status: 401 },
      { fault: 'disconnect', status: 401 },
    ]);
  });
});

test('a body that is cut over HTTP announces its whole length and brings half of it', async () => {
  const emulator = await startEmulator();
  emulator.failNext({ type: 'disconnect', phase: 'during_body' });
  const half = await receive(emulator.url);
  const whole = await receive(emulator.url);

  expect(half.message.headers['content-length']).toBe(String(whole.text.length));
  expect(half.message.complete).toBe(false);
  expect(half.text).toHaveLength(Math.floor(whole.text.length / 2));
  expect(half.text).toMatch(/^\{"authentication_code":"[\da-f]+$/);
  expect(whole.message.complete).toBe(true);
});

test.each<EmulatorFault>([{ type: 'hang' }, { type: 'delay', ms: 2 ** 31 - 1 }])(
  'a silence ends at once for a client that has gone already: %o',
  async (fault) => {
    const emulator = new SentianceEmulator();
    emulator.failNext(fault);
    const url = `http://localhost${AUTH_CODE_PATH}`;
    const request = new Request(url, { ...GOOD_REQUEST, signal: AbortSignal.abort() });

    expect((await emulator.handle(request)).type).toBe('error');
  },
);

describe('failNext', () => {
  const statusOf = async (emulator: SentianceEmulator) => {
    const request = new Request(`http://localhost${AUTH_CODE_PATH}`, GOOD_REQUEST);
    return (await emulator.handle(request)).status;
  };

  test('is for one request, and then all is well again', async () => {
    const emulator = new SentianceEmulator();
    emulator.failNext({ type: 'status', status: 500 });

    expect(await statusOf(emulator)).toBe(500);
    expect(await statusOf(emulator)).toBe(200);
    expect(emulator.requests.map(({ fault }) => fault)).toEqual(['status', undefined]);
  });

  test('queues up, each fault for as many requests as it says', async () => {
    const emulator = new SentianceEmulator();
    emulator.failNext({ type: 'status', status: 500 }, 2);
    emulator.failNext({ type: 'status', status: 501 });
    emulator.failNext({ type: 'status', status: 502 }, 1);

    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push(await statusOf(emulator));

    expect(statuses).toEqual([500, 500, 501, 502, 200]);
  });

  test('is for requests for codes only, whatever else is asked meanwhile', async () => {
    const emulator = new SentianceEmulator({ controlRoutes: true });
    emulator.failNext({ type: 'status', status: 503 });

    for (const path of ['/', '/favicon.ico', '/health', '/_emulator/state', AUTH_CODE_PATH]) {
      const response = await emulator.handle(new Request(`http://localhost${path}`));
      expect(response.status).not.toBe(503);
    }

    expect(await statusOf(emulator)).toBe(503);
    expect(await statusOf(emulator)).toBe(200);
  });

  test('counts a million times without a list of them, and ends at clearFaults', async () => {
    const emulator = new SentianceEmulator();
    emulator.failNext({ type: 'status', status: 503 }, 1_000_000);
    expect(await statusOf(emulator)).toBe(503);
    expect(await statusOf(emulator)).toBe(503);

    emulator.clearFaults();

    expect(await statusOf(emulator)).toBe(200);
  });

  test('takes a thousand faults in a queue, and no more', () => {
    const emulator = new SentianceEmulator();
    for (let n = 0; n < 1_000; n += 1) emulator.failNext({ type: 'hang' });

    expect(() => emulator.failNext({ type: 'hang' })).toThrow(
      new TypeError('failNext: 1000 faults wait already.'),
    );
  });

  test('keeps the fault as it was', async () => {
    const emulator = new SentianceEmulator();
    const fault = { type: 'status', status: 500 } as const;
    emulator.failNext(fault, 2);
    Object.assign(fault, { status: 599 });

    expect(await statusOf(emulator)).toBe(500);
    expect(await statusOf(emulator)).toBe(500);
  });

  test.each([0, -1, 1.5, 1_000_001, Number.NaN, Number.POSITIVE_INFINITY, '2', null])(
    'refuses to do so %j times',
    async (times) => {
      const emulator = new SentianceEmulator();

      expect(() => failNext(emulator, { type: 'html' }, times)).toThrow(
        new TypeError('failNext: times must be a whole number from 1 to 1000000.'),
      );
      expect(await statusOf(emulator)).toBe(200);
    },
  );

  test.each([
    [undefined],
    [null],
    ['hang'],
    [{}],
    [{ type: 'explode' }],
    [{ type: 'toString' }],
    [{ type: ['hang'] }],
  ])('refuses what is no fault, with a list of those that are: %j', (fault) => {
    expect(() => failNext(new SentianceEmulator(), fault)).toThrow(
      new TypeError(
        'Emulator fault: type must be one of status, delay, hang, disconnect, lost_response, malformed_json, wrong_shape, html, redirect, create_user.',
      ),
    );
  });

  const STATUS = "status must be a whole number from 400 to 599 in { type: 'status' }.";
  const RETRY_AFTER =
    "retryAfter must be a number of seconds or text that can stand in a header in { type: 'status' }.";
  const MS = "ms must be a number of milliseconds from 0 to 2147483647 in { type: 'delay' }.";
  const PHASE = "phase must be 'before_headers' or 'during_body' in { type: 'disconnect' }.";
  const LOCATION = "location must be text that can stand in a header in { type: 'redirect' }.";

  test.each([
    [{ type: 'status' }, STATUS],
    [{ type: 'status', status: 399 }, STATUS],
    [{ type: 'status', status: 600 }, STATUS],
    [{ type: 'status', status: 400.5 }, STATUS],
    [{ type: 'status', status: '500' }, STATUS],
    [
      { type: 'status', status: 500, errorCode: 42 },
      "errorCode must be a string in { type: 'status' }.",
    ],
    [
      { type: 'status', status: 500, message: null },
      "message must be a string in { type: 'status' }.",
    ],
    [{ type: 'status', status: 429, retryAfter: { seconds: 1 } }, RETRY_AFTER],
    [{ type: 'status', status: 429, retryAfter: '1\n' }, RETRY_AFTER],
    [{ type: 'status', status: 429, retryAfter: null }, RETRY_AFTER],
    [{ type: 'delay' }, MS],
    [{ type: 'delay', ms: -1 }, MS],
    [{ type: 'delay', ms: 2 ** 31 }, MS],
    [{ type: 'delay', ms: Number.NaN }, MS],
    [{ type: 'delay', ms: '10' }, MS],
    [{ type: 'disconnect', phase: 'during_headers' }, PHASE],
    [{ type: 'disconnect', phase: null }, PHASE],
    [{ type: 'redirect' }, LOCATION],
    [{ type: 'redirect', location: 'https://例.example' }, LOCATION],
    [{ type: 'redirect', location: new URL('https://login.example') }, LOCATION],
    [
      { type: 'status', status: 429, retry_after: 1 },
      "status has no field 'retry_after'. Did you mean retryAfter? Its fields: status, errorCode, message, retryAfter.",
    ],
    [{ type: 'delay', ms: 1, times: 2 }, "delay has no field 'times'. Its fields: ms."],
    [{ type: 'hang', ms: 1 }, "hang has no field 'ms'. Its fields: none."],
  ])('refuses a fault with a bad field: %j', async (fault, problem) => {
    const emulator = new SentianceEmulator();

    expect(() => failNext(emulator, fault)).toThrow(new TypeError(`Emulator fault: ${problem}`));
    expect(await statusOf(emulator)).toBe(200);
  });

  test.each<EmulatorFault>([
    { type: 'status', status: 400 },
    { type: 'status', status: 599, retryAfter: '' },
  ])('takes what is at the edge: %j', async (fault) => {
    const emulator = new SentianceEmulator();
    emulator.failNext(fault);

    expect(await statusOf(emulator)).toBe(fault.type === 'status' ? fault.status : 0);
  });

  test('does not touch createUser, which asks no server', async () => {
    const emulator = new SentianceEmulator();
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    emulator.failNext({ type: 'status', status: 500 });

    expect(emulator.createUser(authenticationCode, { id: 'phone-1' })).toMatchObject({
      active: true,
    });
    expect(await statusOf(emulator)).toBe(500);
  });
});
