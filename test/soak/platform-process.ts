/** The platform in a process of its own. `platform.ts` starts it, and tells it how to behave. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Command, Mode, Statistics } from './platform.js';
import { randomNumbers } from './random-numbers.js';

type Respond = (response: ServerResponse) => void;

const ISSUED = JSON.stringify({
  authentication_code: 'a-code-that-stands-for-the-platforms',
  expires_at: '2030-01-02T03:04:05.678Z',
});

function status(code: number, headers: Record<string, string> = {}): Respond {
  return (response) => void response.writeHead(code, headers).end('{"message":"no"}');
}

const issue: Respond = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(ISSUED);
};

const FAULTS: readonly Respond[] = [
  status(403),
  status(429, { 'retry-after': '0' }),
  status(500),
  status(503),
  (response) => void response.socket?.resetAndDestroy(),
  (response) => void response.socket?.end(),
  (response) => {
    response.writeHead(200, { 'content-length': ISSUED.length });
    response.write(ISSUED.slice(0, 40), () => response.socket?.end());
  },
  (response) => void response.end('<!doctype html>'),
  (response) => void setTimeout(issue, 100, response),
  () => {},
];

const ARRIVALS_EVERY = 50;

let keys: readonly string[] = [];
let mode: Mode = 'well';
let faultRate = 0;
/** When the first request in this mode arrived. */
let since: number | undefined;
let statistics: Statistics = newStatistics();
const random = randomNumbers(Number(process.argv[2]));

function newStatistics(): Statistics {
  return { requests: 0, refusedKeys: 0, requestsByKey: {}, arrivals: [] };
}

function responseTo(authorization: string | undefined): Respond {
  const key = authorization?.replace('Bearer ', '') ?? '';
  if (!keys.includes(key)) {
    statistics.refusedKeys += 1;
    return status(401);
  }
  statistics.requestsByKey[key] = (statistics.requestsByKey[key] ?? 0) + 1;
  if (mode === 'silent') return () => {};
  if (mode === 'unavailable') return status(503);
  if (random() >= faultRate) return issue;
  return FAULTS[Math.floor(random() * FAULTS.length)] ?? issue;
}

function onRequest(request: IncomingMessage, response: ServerResponse): void {
  request.resume().on('end', () => {
    statistics.requests += 1;
    since ??= performance.now();
    const slot = Math.floor((performance.now() - since) / ARRIVALS_EVERY);
    statistics.arrivals[slot] = (statistics.arrivals[slot] ?? 0) + 1;
    responseTo(request.headers.authorization)(response);
  });
}

const server = createServer(onRequest).on('connection', (socket: Socket) => {
  socket.on('error', () => {});
});

process.on('message', (command: Command) => {
  keys = command.keys ?? keys;
  faultRate = command.faultRate ?? faultRate;
  if (command.mode !== undefined) {
    mode = command.mode;
    since = undefined;
    statistics = newStatistics();
  }
  process.send?.(statistics);
});
process.on('disconnect', () => process.exit());

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
