/** Servers with the faults that take more than one behaviour of a loopback server. */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { clientOf } from '../calls.js';
import {
  type Behaviour,
  delayed,
  hang,
  issueCode,
  issuedBodyAt,
  type LoopbackServer,
  redirect,
  answer as respond,
  startLoopbackServer,
} from '../loopback-server.js';
import type { Identity } from '../self-signed-certificate.js';
import { wayOf } from '../ways.js';

/** Where a call goes, and what arrives there. */
export interface Target {
  readonly url: string;
  readonly requests: readonly unknown[];
}

/** Half a head that never goes on. */
export const hangInHead: Behaviour = ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nCont');

/** Gzip with a wrong byte in its middle. */
export function brokenGzip(body: string): Uint8Array {
  const bytes = gzipSync(body);
  bytes[20] = ~(bytes[20] ?? 0);
  return bytes;
}

/** Takes connections and says nothing, not even the first word of TLS. */
export async function startSilentPort(): Promise<Target> {
  return startPort(() => {});
}

/** Takes a connection, and resets it when the handshake begins. */
export async function startResettingPort(): Promise<Target> {
  return startPort((socket) => socket.once('data', () => socket.resetAndDestroy()));
}

/** Begins its part of the handshake, and goes no further. */
export async function startStoppedHandshake(): Promise<Target> {
  const halfARecord = Buffer.of(0x16, 0x03, 0x03, 0x00, 0x40, 0x02);
  return startPort((socket) => socket.once('data', () => socket.write(halfARecord)));
}

/** Speaks only HTTP/2, without TLS. */
export async function startClearHttp2(): Promise<Target> {
  return listening(http2.createServer(), 'http');
}

/** Speaks only HTTP/2, over TLS. */
export async function startHttp2(identity: Identity): Promise<Target> {
  const requests: unknown[] = [];
  const server = http2.createSecureServer(identity, async (request, response) => {
    await request.toArray();
    requests.push(request);
    response.end(issuedBodyAt(request.url));
  });
  return { ...(await listening(server, 'https')), requests };
}

/** A port whose connections nobody accepts, and whose queue of them is full: the next one hangs. */
export async function startBlackHole(): Promise<Target> {
  const worker = new Worker(
    `const { createServer } = require('node:net');
     const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       require('node:worker_threads').parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port]: number[] = await once(worker, 'message');
  if (port === undefined) throw new Error('It listens on a port.');
  const queue = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.1'));
  for (const socket of queue) socket.on('error', () => {});
  onTestFinished(async () => {
    for (const socket of queue) socket.destroy();
    await worker.terminate();
  });
  if (queue[0]) await once(queue[0], 'connect');
  return { url: `http://127.0.0.1:${port}`, requests: [] };
}

/** A port that TLS is asked from. */
async function startPort(onConnection: (socket: net.Socket) => void): Promise<Target> {
  return listening(net.createServer(onConnection), 'https');
}

async function listening(server: net.Server, protocol: 'http' | 'https'): Promise<Target> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on a port.');
  return { url: `${protocol}://127.0.0.1:${address.port}`, requests: [] };
}

export async function startRefusingPort(): Promise<LoopbackServer> {
  const server = await startLoopbackServer(issueCode);
  await server.stop();
  return server;
}

/** Its target, on another port, may not be asked either: its requests are counted too. */
export async function startRedirectElsewhere(): Promise<Target> {
  const elsewhere = await startLoopbackServer(issueCode);
  const { url, requests } = await startLoopbackServer(redirect(`${elsewhere.url}/users/auth-code`));
  return {
    url,
    get requests() {
      return [...requests, ...elsewhere.requests];
    },
  };
}

/** A server that the process has a connection to, which the server closes at this moment. */
export async function startClosingKeptConnection(): Promise<Target> {
  const server = await startLoopbackServer(issueCode);
  await clientOf(server.url).createAuthenticationCode('user-1');
  await nextTurn(); // fetch gives a connection back in the turn after the response's end
  // The client learns of it in the next turn, when its request is under way.
  for (const socket of server.sockets) socket.destroy();
  return server;
}

/** After a response come the bytes of another one that nobody asked for, in the same packet. */
export async function startSecondResponse(framed: (body: string) => string): Promise<Target> {
  const server = await startLoopbackServer(({ request, socket }) => {
    const body = issuedBodyAt(request.path);
    socket.write(framed(body) + unasked(request.path));
  }, issueCode);
  return afterACall(server);
}

/** The same, but they come when the connection is idle. */
export async function startLateSecondResponse(): Promise<Target> {
  const server = await afterACall(await startLoopbackServer(issueCode));
  await nextTurn(); // fetch gives a connection back in the turn after the response's end
  const [request] = server.requests;
  request?.socket.write(unasked(request.path));
  await request?.closed;
  return server;
}

async function afterACall(server: LoopbackServer): Promise<LoopbackServer> {
  await clientOf(server.url).createAuthenticationCode('user-1');
  return server;
}

function unasked(path: string): string {
  return withLength(wayOf(path).success('the-code-of-somebody-else'));
}

/** A successful response. */
export function withLength(body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** The same in a chunk. */
export function inAChunk(body: string): string {
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

/** Responds to all requests when a call has sent all that it may. */
export async function startSlowPlatform(): Promise<Target> {
  const server: LoopbackServer = await startLoopbackServer(async (exchange) => {
    await server.received(3);
    await delayed(100, issueCode)(exchange);
  });
  return server;
}

/** The first request gets its code when the second has got a 503 and the third is there. */
export async function startLateCode(): Promise<Target> {
  const server: LoopbackServer = await startLoopbackServer(
    async (exchange) => {
      await server.received(3);
      await issueCode(exchange);
    },
    respond(503),
    hang,
  );
  return server;
}

export async function startTwoSecondOutage(): Promise<Target> {
  const server = await startRefusingPort();
  setTimeout(() => void server.start(), 2_000);
  return server;
}

export async function startAfterOutage(): Promise<Target> {
  const server = await startLoopbackServer(issueCode);
  const client = clientOf(server.url);
  await client.createAuthenticationCode('user-1');
  await server.stop();
  const { ok } = await client.tryCreateAuthenticationCode('user-1');
  if (ok) throw new Error('There is no outage.');
  await server.start();
  return server;
}
