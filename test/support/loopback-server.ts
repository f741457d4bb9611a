/**
 * A real HTTP server on a loopback port, for what only a real socket shows: resets, bodies that stop
 * in the middle, answers that never come. A test scripts what each request meets, and reads
 * afterwards what arrived. vitest stops the server when the test is over.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { REST, wayOf } from './ways.js';

/** A request as it came over the wire. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn, in the order and the case that they were sent in. */
  readonly rawHeaders: readonly string[];
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** The connection that it came over. */
  readonly socket: Socket;
  /** Resolves when that connection is closed. */
  readonly closed: Promise<unknown>;
  /** `performance.now()` when its last byte was in. */
  readonly receivedAt: number;
}

/** One request and the means to answer it. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly response: http.ServerResponse;
  /** The connection itself, for answers that are no HTTP. */
  readonly socket: Socket;
}

/** What a request meets. */
export type Behaviour = (exchange: Exchange) => void | Promise<void>;

export interface LoopbackServer {
  /** The origin, such as `http://127.0.0.1:50123`; the same after `stop` and `start`. */
  readonly url: string;
  /** Every request whose body arrived, in order. */
  readonly requests: readonly RecordedRequest[];
  /** The connections that are open; `fetch` may have opened some that it does not use yet. */
  readonly sockets: ReadonlySet<Socket>;
  /** The request of that number, the first being 1, as soon as it is there. */
  received(count: number): Promise<RecordedRequest>;
  /** Closes the port and every connection: from now on it refuses. */
  stop(): Promise<void>;
  /** Opens the port again after `stop`. */
  start(): Promise<void>;
}

/** Each request meets the next behaviour; the last one meets all that follow. */
export function startLoopbackServer(
  ...behaviours: [Behaviour, ...Behaviour[]]
): Promise<LoopbackServer> {
  return start('http', http.createServer(), behaviours);
}

/** The same over TLS. */
export function startTlsLoopbackServer(
  identity: { key: string; cert: string },
  ...behaviours: [Behaviour, ...Behaviour[]]
): Promise<LoopbackServer> {
  return start('https', https.createServer(identity), behaviours);
}

async function start(
  protocol: 'http' | 'https',
  server: http.Server,
  behaviours: readonly [Behaviour, ...Behaviour[]],
): Promise<LoopbackServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let port = 0;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // Each request on a kept-alive connection waits for its end.
    socket.setMaxListeners(0);
    // Resets are what many tests are about.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('request', async (message: http.IncomingMessage, response: http.ServerResponse) => {
    const request = await record(message).catch(() => undefined);
    // The client broke it off before its end.
    if (request === undefined) return;
    const behaviour = behaviours[Math.min(requests.length, behaviours.length - 1)];
    requests.push(request);
    server.emit('received');
    await behaviour?.({ request, response, socket: message.socket });
  });

  const loopback: LoopbackServer = {
    get url() {
      return `${protocol}://127.0.0.1:${port}`;
    },
    requests,
    sockets,
    async received(count) {
      for (;;) {
        const request = requests[count - 1];
        if (request) return request;
        await once(server, 'received');
      }
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async start() {
      if (port === 0) {
        port = await listenOnOwnPort(server);
        return;
      }
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
  onTestFinished(() => loopback.stop());
  await loopback.start();
  return loopback;
}

/**
 * Listens on a port that no system hands out, as it does for port 0 and for outgoing connections: so
 * it stays free while this server is down.
 */
async function listenOnOwnPort(server: http.Server): Promise<number> {
  for (;;) {
    const port = randomInt(11_000, 30_000);
    server.listen(port, '127.0.0.1');
    const isMine = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (isMine) return port;
  }
}

async function record(message: http.IncomingMessage): Promise<RecordedRequest> {
  const { socket } = message;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const body = Buffer.concat(await message.toArray());
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    rawHeaders: message.rawHeaders,
    headers: message.headers,
    body,
    socket,
    closed,
    receivedAt: performance.now(),
  };
}

/** A code that stands for the platform's. */
export const ISSUED_CODE = 'issued-code';

/** What the platform answers to a request to this URL or path when all is well. */
export function issuedBodyAt(url: string): string {
  return wayOf(url).success(ISSUED_CODE, { expires_at: '2030-01-02T03:04:05.678Z' });
}

/** The same for REST. */
export const issuedBody = issuedBodyAt(REST.path);

/** A code, as the platform issues it. */
export const issueCode: Behaviour = ({ request, response }) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(issuedBodyAt(request.path));
};

/** A status with headers and a body. */
export function answer(
  status: number,
  { headers, body }: { headers?: http.OutgoingHttpHeaders; body?: string | Uint8Array } = {},
): Behaviour {
  return ({ response }) => void response.writeHead(status, headers).end(body);
}

export function redirect(location: string, status = 302): Behaviour {
  return answer(status, { headers: { location } });
}

/** Takes the request and says nothing. */
export const hang: Behaviour = () => {};

/** Takes the request and resets the connection. */
export const reset: Behaviour = ({ socket }) => void socket.resetAndDestroy();

/** Takes the request and closes the connection in good order. */
export const hangUp: Behaviour = ({ socket }) => void socket.end();

/** A good answer whose head comes one byte at a time, every so many milliseconds. */
export function headersBytewise(every: number): Behaviour {
  return async ({ request, socket }) => {
    const body = issuedBodyAt(request.path);
    await writeBytewise(socket, `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`, every);
    socket.write(body);
  };
}

/** A good answer whose body comes one byte at a time, every so many milliseconds. */
export function bodyBytewise(every: number, status = 200): Behaviour {
  return async ({ request, response, socket }) => {
    const body = issuedBodyAt(request.path);
    response.writeHead(status, { 'content-length': body.length }).flushHeaders();
    await writeBytewise(socket, body, every);
  };
}

/** The server's own waits do not outlive the test: they hold no process and no count of timers. */
function pause(milliseconds: number): Promise<void> {
  return sleep(milliseconds, undefined, { ref: false });
}

async function writeBytewise(socket: Socket, text: string, every: number): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed) return;
    socket.write(byte);
    await pause(every);
  }
}

/** Half of a good body, then the connection closes: the length was announced, or it was chunked. */
export function cutOff(framing: 'content-length' | 'chunked', status = 200): Behaviour {
  return ({ request, response, socket }) => {
    const body = issuedBodyAt(request.path);
    const headers =
      framing === 'chunked'
        ? { 'transfer-encoding': 'chunked' }
        : { 'content-length': body.length };
    response.writeHead(status, headers);
    response.write(body.slice(0, body.length / 2), () => socket.end());
  };
}

/** A good head and half of a body that never goes on. */
export const hangInBody: Behaviour = ({ request, response }) => {
  const body = issuedBodyAt(request.path);
  response.writeHead(200, { 'content-length': body.length });
  response.write(body.slice(0, body.length / 2));
};

/** Bytes that are sent as they are, after which the connection closes. */
export function raw(bytes: string | Uint8Array): Behaviour {
  return ({ socket }) => void socket.end(bytes);
}

/** Does nothing until the test says so. */
export function when(moment: Promise<unknown>, behaviour: Behaviour): Behaviour {
  return async (exchange) => {
    await moment;
    await behaviour(exchange);
  };
}

/** Does nothing for so many milliseconds. */
export function delayed(milliseconds: number, behaviour: Behaviour): Behaviour {
  return async (exchange) => {
    await pause(milliseconds);
    await behaviour(exchange);
  };
}
