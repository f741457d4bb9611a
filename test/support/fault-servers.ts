/** Servers with the faults that take more than one behaviour of a loopback server. */
import { once } from 'node:events';
import * as net from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { clientOf } from './calls.js';
import {
  type Behaviour,
  delayed,
  hang,
  issueCode,
  type LoopbackServer,
  redirect,
  answer as respond,
  startLoopbackServer,
} from './loopback-server.js';

/** Where a call goes, and what arrives there. */
export interface Target {
  readonly url: string;
  readonly requests: readonly unknown[];
}

/** Half a head that never goes on. */
export const hangInHead: Behaviour = ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nCont');

/** Writes a response of a gibibyte, for as long as somebody reads. */
export const gibibyte: Behaviour = ({ response }) => {
  const chunk = Buffer.alloc(65_536, ' ');
  let left = 2 ** 30 / chunk.byteLength;
  const write = () => {
    while (left > 0 && response.write(chunk)) left -= 1;
    if (left === 0) response.end();
  };
  response.on('drain', write);
  write();
};

/** Writes a mebibyte that a gibibyte comes out of. */
export const gibibyteInGzip: Behaviour = ({ response }) => {
  // A file of gzip may have any number of parts.
  const part = gzipSync(Buffer.alloc(16 * 2 ** 20, ' '));
  response.writeHead(200, { 'content-encoding': 'gzip' });
  response.end(Buffer.concat(Array<Buffer>(64).fill(part)));
};

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

/** A port that TLS is asked from. */
async function startPort(onConnection: (socket: net.Socket) => void): Promise<Target> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on a port.');
  return { url: `https://127.0.0.1:${address.port}`, requests: [] };
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
