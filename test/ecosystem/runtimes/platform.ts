/**
 * The platform that every runtime meets: real servers on loopback, in the process that starts the
 * runtimes. `/<behaviours>/<call id>` is a base URL; the behaviours are parted by commas, one for
 * each request of that call, the last one for all that follow. `GET /-/…` tells what was seen.
 */
import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Identity } from '../../support/self-signed-certificate.js';
import { behave } from './behaviours.js';

/** A request as it came over the wire, and what became of it. */
export interface SeenRequest {
  method: string;
  path: string;
  /** Names and values in turn, as they were sent. */
  rawHeaders: string[];
  bodyBase64: string;
  /** The number of the connection that it came over. */
  connection: number;
  /** Milliseconds on the clock of `performance.now()`. */
  receivedAt: number;
  /** When the response had been handed over, or the connection was lost. */
  endedAt?: number;
  socket: Socket;
}

export interface Platform {
  url: string;
  /** Its requests so far. */
  seen(callId: string): readonly SeenRequest[];
}

export interface TlsPlatform extends Platform {
  /** The base URL of each identity, by its name. */
  tls: Readonly<Record<string, string>>;
}

const calls = new Map<string, SeenRequest[]>();
let connections = 0;

export async function startPlatform(
  identities: Readonly<Record<string, Identity>>,
): Promise<TlsPlatform> {
  const port = await listen(http.createServer());
  const tls: Record<string, string> = {};
  for (const [name, identity] of Object.entries(identities)) {
    tls[name] = `https://localhost:${await listen(https.createServer(identity))}`;
  }
  return { url: `http://127.0.0.1:${port}`, tls, seen: (callId) => calls.get(callId) ?? [] };
}

/** Serves on a free port until this process ends. */
async function listen(server: http.Server): Promise<number> {
  const numbers = new WeakMap<Socket, number>();
  // Longer than any row runs: whether a process ends is its own affair.
  server.keepAliveTimeout = 600_000;
  server.on(server instanceof https.Server ? 'secureConnection' : 'connection', (socket) => {
    connections += 1;
    numbers.set(socket, connections);
    // Resets are what many checks are about.
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  server.on('request', async (message: http.IncomingMessage, response: http.ServerResponse) => {
    const connection = numbers.get(message.socket) ?? 0;
    const handled = message.url?.startsWith('/-/')
      ? control(message.url, response)
      : play(message, response, connection);
    await handled.catch((error: unknown) => {
      if (!message.socket.destroyed) response.writeHead(501).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  server.unref();
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function play(
  message: http.IncomingMessage,
  response: http.ServerResponse,
  connection: number,
): Promise<void> {
  const { socket, method = '', url: path = '' } = message;
  const body = Buffer.concat(await message.toArray());
  // A request without behaviours and a call in its path is one of the call `root`.
  const [, behaviours = '', callId = ''] = /^\/([^/]+)\/([^/]+)\/(users\/auth-code|v4\/gql)$/.exec(
    path,
  ) ?? ['', 'ok', 'root'];
  const request: SeenRequest = {
    method,
    path,
    rawHeaders: message.rawHeaders,
    bodyBase64: body.toString('base64'),
    connection,
    receivedAt: performance.now(),
    socket,
  };
  const requests = calls.get(callId) ?? [];
  requests.push(request);
  calls.set(callId, requests);
  response.once('close', () => {
    request.endedAt = performance.now();
  });
  const names = behaviours.split(',');
  const name = names[Math.min(requests.length, names.length) - 1] ?? '';
  const quote = `${message.headers.authorization} ${body}`;
  await behave(name, { response, socket, callId, quote });
}

async function control(path: string, response: http.ServerResponse): Promise<void> {
  const [, , what, callId = ''] = path.split('/');
  const requests = calls.get(callId) ?? [];
  if (what === 'closed') {
    // A connection that is let go of takes a moment to close. One that brought its response is kept.
    const areUnderWay = () => requests.some(({ endedAt }) => endedAt === undefined);
    for (let tries = 0; tries < 100 && areUnderWay(); tries += 1) await sleep(20);
  }
  const shown = requests.map(({ socket, ...request }) => ({
    ...request,
    isClosed: socket.destroyed,
  }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(shown));
}

/** A port of this machine that refuses connections. */
export async function refusingPort(): Promise<number> {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
