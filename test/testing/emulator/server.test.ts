import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LoopbackServer } from '../../../src/testing/emulator/server.js';
import { clientOf } from '../../support/calls.js';
import { deferred } from '../../support/deferred.js';
import { AUTH_CODE_PATH, GOOD_REQUEST, startEmulator } from '../../support/emulator.js';
import { failureOf } from '../../support/refusals.js';

function newEmulator(): SentianceEmulator {
  const emulator = new SentianceEmulator();
  onTestFinished(() => emulator.close());
  return emulator;
}

function portOf(emulator: SentianceEmulator): number {
  return Number(new URL(emulator.url).port);
}

/** Whether somebody listens there. */
async function isListening(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** Sends bytes as they are; gives what comes back until the connection ends. */
async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += String(chunk);
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return received;
}

const NOT_LISTENING = 'SentianceEmulator is not listening. Call await emulator.listen() first.';

describe('listen', () => {
  test('takes a free port on 127.0.0.1 and gives its URL', async () => {
    const emulator = newEmulator();

    const url = await emulator.listen();

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d{1,4}$/);
    expect(emulator.url).toBe(url);
    await expect(clientOf(url).createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: url,
    });
  });

  test('takes the port that it is given', async () => {
    const first = await startEmulator();
    const port = portOf(first);
    await first.close();

    expect(await newEmulator().listen({ port })).toBe(`http://127.0.0.1:${port}`);
  });

  test('takes the host that it is given', async () => {
    const emulator = newEmulator();

    const url = await emulator.listen({ host: 'localhost' });

    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    await expect(clientOf(url).createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: url,
    });
  });

  test('names an IPv6 host as URLs do', async ({ skip }) => {
    const emulator = newEmulator();
    const url = await emulator.listen({ host: '::1' }).catch(() => skip('no IPv6 here'));

    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    await expect(clientOf(url).createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: url,
    });
  });

  test.each(['0.0.0.0', '::'])('names a URL that works for all networks: %s', async (host) => {
    const emulator = newEmulator();
    const url = await emulator.listen({ host }).catch(() => undefined);
    // Not every machine has IPv6.
    if (url === undefined) return;

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await isListening(url)).toBe(true);
  });

  test.each(['', ' '])(
    'refuses the empty host %j, which Node takes for all networks',
    async (host) => {
      await expect(newEmulator().listen({ host })).rejects.toThrow(
        'listen: host must not be empty.',
      );
    },
  );

  test('says that a port is taken, and leaves the emulator usable', async () => {
    const other = await startEmulator();
    const port = portOf(other);
    const emulator = newEmulator();

    const error = await failureOf(() => emulator.listen({ port }));

    expect(error).toMatchObject({
      message: `Port ${port} on 127.0.0.1 is taken. Pass another port, or 0 for any free one.`,
      cause: { code: 'EADDRINUSE' },
    });
    expect(() => emulator.url).toThrow(new Error(NOT_LISTENING));
    await expect(emulator.listen()).resolves.not.toBe(other.url);
  });

  test.each([
    [{ port: 65_536 }, { code: 'ERR_SOCKET_BAD_PORT' }],
    [{ port: -1 }, { code: 'ERR_SOCKET_BAD_PORT' }],
    // An address that is kept for documentation, so that no machine has it.
    [{ host: '192.0.2.1' }, { code: 'EADDRNOTAVAIL' }],
  ])('passes on what Node says about anything else: %j', async (options, error) => {
    const emulator = newEmulator();

    await expect(emulator.listen(options)).rejects.toMatchObject(error);
    expect(await emulator.listen()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('is refused while it listens, which goes on', async () => {
    const emulator = await startEmulator();
    const { url } = emulator;

    await expect(emulator.listen()).rejects.toThrow(
      new Error(
        'SentianceEmulator is listening already. Use its url, or call await emulator.close() first.',
      ),
    );
    expect(emulator.url).toBe(url);
    expect(await isListening(url)).toBe(true);
  });

  test('is refused while it is about to listen, so that no port stays taken', async () => {
    const emulator = newEmulator();

    const first = emulator.listen();
    const second = emulator.listen();

    await expect(second).rejects.toThrow('SentianceEmulator is listening already.');
    expect(await first).toBe(emulator.url);
    await emulator.close();
    expect(await isListening(await first)).toBe(false);
  });
});

describe('url', () => {
  test('throws an error that says what to do, before, until and after listening', async () => {
    const emulator = newEmulator();
    expect(() => emulator.url).toThrow(new Error(NOT_LISTENING));

    const listening = emulator.listen();
    expect(() => emulator.url).toThrow(new Error(NOT_LISTENING));
    await listening;
    expect(emulator.url).toBe(await listening);

    await emulator.close();
    expect(() => emulator.url).toThrow(new Error(NOT_LISTENING));
  });
});

describe('close', () => {
  test('gives the port back', async () => {
    const emulator = await startEmulator();
    const { url } = emulator;
    await clientOf(url).createAuthenticationCode('user-1');

    await emulator.close();

    expect(await isListening(url)).toBe(false);
  });

  test('may be called twice, at once, or without listening', async () => {
    const emulator = newEmulator();
    await expect(emulator.close()).resolves.toBeUndefined();
    await emulator.listen();

    await expect(Promise.all([emulator.close(), emulator.close()])).resolves.toBeDefined();
    await expect(emulator.close()).resolves.toBeUndefined();
  });

  test('keeps what the emulator knows, which can listen again', async () => {
    const emulator = await startEmulator();
    const { url } = emulator;
    const { authenticationCode } = await clientOf(url).createAuthenticationCode('user-1');
    await emulator.close();

    await expect(emulator.listen({ port: Number(new URL(url).port) })).resolves.toBe(url);
    expect(emulator.createUser(authenticationCode, { id: 'phone-1' })).toMatchObject({
      active: true,
    });
    await clientOf(url).createAuthenticationCode('user-2');
    expect(emulator.requests).toMatchObject([{ externalId: 'user-1' }, { externalId: 'user-2' }]);
  });

  test('ends connections that hang, are kept alive, or said nothing yet', async () => {
    const emulator = await startEmulator();
    const { url } = emulator;
    await (await fetch(url)).text();
    const silent = connect(portOf(emulator), '127.0.0.1');
    await once(silent, 'connect');
    const silentClosed = once(silent, 'close');
    emulator.failNext({ type: 'hang' });
    const hanging = fetch(url + AUTH_CODE_PATH, GOOD_REQUEST);
    hanging.catch(() => {});
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(2));

    await emulator.close();

    await expect(hanging).rejects.toThrow('fetch failed');
    await silentClosed;
  });

  test('waits for a port that is being opened, and gives it back', async () => {
    const emulator = newEmulator();
    const listening = emulator.listen();

    await emulator.close();

    expect(await isListening(await listening)).toBe(false);
    expect(() => emulator.url).toThrow(new Error(NOT_LISTENING));
  });

  test('takes no notice of a port that could not be opened', async () => {
    const { url } = await startEmulator();
    const emulator = newEmulator();
    const failing = emulator.listen({ port: Number(new URL(url).port) });
    failing.catch(() => {});

    const closing = emulator.close();
    const listening = emulator.listen();

    await expect(failing).rejects.toThrow('is taken');
    await closing;
    expect(await listening).toBe(emulator.url);
  });

  test('is what happens at the end of an await using block', async () => {
    let url: string;
    {
      await using emulator = new SentianceEmulator();
      url = await emulator.listen();
      expect(await isListening(url)).toBe(true);
    }
    expect(await isListening(url)).toBe(false);
  });
});

describe('the server', () => {
  test('takes a request body of 64 KiB, and responds to a larger one with 413', async () => {
    const emulator = await startEmulator({ controlRoutes: true });
    const bodyOf = (size: number) => JSON.stringify({ external_id: 'x'.repeat(size - 18) });
    const statusOf = async (path: string, size: number) =>
      (await fetch(emulator.url + path, { ...GOOD_REQUEST, body: bodyOf(size) })).status;

    expect(await statusOf(AUTH_CODE_PATH, 65_536)).toBe(200);
    expect(await statusOf(AUTH_CODE_PATH, 65_537)).toBe(413);
    expect(await statusOf('/_emulator/reset', 65_537)).toBe(413);
    expect(emulator.requests.map(({ reason }) => reason)).toEqual([
      '200: a code',
      '413: the body is larger than 64 KiB',
    ]);
  });

  test('says 413 before the end of a body that does not end, and works on', async () => {
    const { url } = await startEmulator();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `POST ${AUTH_CODE_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n`,
    );
    socket.write('x'.repeat(70_000));

    const [head] = await once(socket, 'data');
    socket.destroy();

    expect(String(head)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await isListening(url)).toBe(true);
  });

  test.each([
    ['says nothing', ''],
    ['stops in its head', 'POST / HTTP/1.1\r\nHost: local'],
    ['stops in its body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"a'],
  ])('closes the connection of a client that %s', async (_, bytes) => {
    const server = new LoopbackServer(async () => new Response(), { request: 200, read: 200 });
    onTestFinished(() => server.close());

    // Ends when the connection does.
    expect(await sendRaw(await server.listen(0, '127.0.0.1'), bytes)).toMatch(
      /^$|^HTTP\/1\.1 408 /,
    );
  });

  test('closes the connection of a client that reads nothing', async () => {
    const closed = deferred<void>();
    const large = new Uint8Array(50_000_000);
    const server = new LoopbackServer(
      async ({ signal }) => {
        signal.addEventListener('abort', () => closed.resolve());
        return new Response(large);
      },
      { request: 200, read: 200 },
    );
    onTestFinished(() => server.close());
    const socket = connect(Number(new URL(await server.listen(0, '127.0.0.1')).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');

    await closed.promise;
  });

  test('takes a body that breaks off for none', async () => {
    const body = new ReadableStream({ start: (it) => it.error(new Error('gone')) });
    const init = { ...GOOD_REQUEST, body, duplex: 'half' as const };
    const request = new Request(`http://localhost${AUTH_CODE_PATH}`, init);

    expect((await new SentianceEmulator().handle(request)).status).toBe(400);
  });

  test('survives clients that go away in the middle of a request', async () => {
    const emulator = await startEmulator();
    const request = httpRequest(emulator.url + AUTH_CODE_PATH, { method: 'POST' });
    request.on('error', () => {});
    request.write('{"external');
    await once(request, 'socket');
    await vi.waitFor(() => expect(request.socket?.connecting).toBe(false));
    request.destroy();

    expect(await isListening(emulator.url)).toBe(true);
  });

  test('sees a header that was sent twice as the platform would, joined', async () => {
    const { url } = await startEmulator();
    const head = [
      `POST ${AUTH_CODE_PATH} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      'Authorization: Bearer test-user-link-key',
      'Authorization: Bearer test-user-link-key',
      'Content-Length: 0',
    ];

    expect(await sendRaw(url, `${head.join('\r\n')}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 401 /);
  });

  test.each([
    ['http://api.sentiance.com/users', 404],
    [`http://api.sentiance.com${AUTH_CODE_PATH}`, 405],
  ])('reads the path of the whole URL that a proxy is asked for: %s', async (target, status) => {
    const { url } = await startEmulator();

    const response = await sendRaw(
      url,
      `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );

    expect(response).toContain(`HTTP/1.1 ${status} `);
  });

  test('cuts off what has no path', async () => {
    const { url } = await startEmulator();

    expect(await sendRaw(url, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe('');
    expect(await isListening(url)).toBe(true);
  });
});
