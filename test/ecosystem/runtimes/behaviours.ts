/** What a request meets, by the name that stands in its path. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stands at both ends of every secret; the conformance checks look for it. */
export const SECRET_MARK = 'c4nary';

const SECRETS = `${SECRET_MARK}-body-${SECRET_MARK}`;
const REF = '00000000-0000-4000-8000-000000000001';
const MIB = 1_048_576;

export const ISSUED = JSON.stringify({
  authentication_code: `${SECRET_MARK}-authentication-code-${SECRET_MARK}`,
  expires_at: '2030-01-02T03:04:05.678Z',
});

export interface Exchange {
  response: ServerResponse;
  socket: Socket;
  /** The call that the request belongs to. */
  callId: string;
  /** What a careless platform quotes of the request: the key and the external id. */
  quote: string;
}

type Behaviour = (exchange: Exchange) => void | Promise<void>;

/** A status, and the seconds of a `Retry-After`: `503`, `429-after-1`. */
const STATUS = /^(\d{3})(?:-after-(\d+))?$/;

export async function behave(name: string, exchange: Exchange): Promise<void> {
  const [, status, retryAfter] = STATUS.exec(name) ?? [];
  if (status !== undefined) return errorResponse(Number(status), retryAfter, exchange);
  const behaviour = BEHAVIOURS[name];
  if (behaviour === undefined) throw new Error(`There is no behaviour '${name}'.`);
  await behaviour(exchange);
}

/** An error that quotes the request wherever it can. */
function errorResponse(
  status: number,
  retryAfter: string | undefined,
  { response, quote }: Exchange,
): void {
  const headers = { 'x-request': SECRETS, ...(retryAfter && { 'retry-after': retryAfter }) };
  const body = { message: `Refused: ${quote}`, errorCode: 'SOME_CODE', ref: REF, SECRETS };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  ok: succeed(ISSUED),
  graphql: ({ response }) => {
    const { authentication_code } = JSON.parse(ISSUED);
    response.end(JSON.stringify({ data: { generate_auth_code: { authentication_code } } }));
  },
  'graphql-errors': ({ response, quote }) => {
    const extensions = { code: 'AUTHENTICATION_FAILURE', message: `Refused: ${quote}` };
    response.end(JSON.stringify({ errors: [{ message: quote, extensions }], data: null }));
  },
  'without-expiry': succeed(JSON.stringify({ ...JSON.parse(ISSUED), expires_at: undefined })),
  'late-500': async ({ response }) => {
    await pause(500);
    response.end(ISSUED);
  },
  'not-json': succeed(`${ISSUED.slice(0, -1)},`),
  html: succeed(`<html>${SECRETS}</html>`),
  'wrong-shape': succeed(JSON.stringify({ authentication_code: [SECRETS] })),
  'one-mib': succeed(ISSUED.padEnd(MIB)),
  'over-one-mib': succeed(ISSUED.padEnd(MIB + 1)),
  endless({ response }) {
    const chunk = Buffer.alloc(65_536, ' ');
    const write = () => {
      while (response.write(chunk));
    };
    response.on('drain', write);
    write();
  },
  redirect({ response, callId }) {
    const location = `/ok/${callId}-target/users/auth-code`;
    response.writeHead(302, { location }).end(SECRETS);
  },
  'redirect-elsewhere'({ response, socket, callId }) {
    const location = `http://localhost:${socket.localPort}/ok/${callId}-target/users/auth-code`;
    response.writeHead(302, { location }).end(SECRETS);
  },
  hang() {},
  '401-without-end'({ response }) {
    response.writeHead(401, { 'content-type': 'application/json' }).write('{"message": "');
  },
  reset: ({ socket }) => void socket.resetAndDestroy(),
  'hang-up': ({ socket }) => void socket.end(),
  'no-http': ({ socket }) => void socket.end('220 mail.example ESMTP\r\n'),
  'cut-off-length': cutOff({ 'content-length': ISSUED.length }),
  'cut-off-chunked': cutOff({ 'transfer-encoding': 'chunked' }),
  'hang-in-body'({ response }) {
    response.writeHead(200, { 'content-length': ISSUED.length }).write(ISSUED.slice(0, 10));
  },
  'byte-a-second-head'({ socket }) {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${ISSUED.length}\r\n\r\n`;
    return byteASecond(socket, head + ISSUED);
  },
  'byte-a-second-body'({ response, socket }) {
    response.writeHead(200, { 'content-length': ISSUED.length }).flushHeaders();
    return byteASecond(socket, ISSUED);
  },
};

function succeed(body: string): Behaviour {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-secret': SECRETS }).end(body);
  };
}

/** Half of a good body, then the connection closes. */
function cutOff(headers: Record<string, string | number>): Behaviour {
  return ({ response, socket }) => {
    response.writeHead(200, headers);
    response.write(ISSUED.slice(0, ISSUED.length / 2), () => socket.end());
  };
}

async function byteASecond(socket: Socket, text: string): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed) return;
    socket.write(byte);
    await pause(1_000);
  }
}

/** Does not keep this process. */
function pause(milliseconds: number): Promise<void> {
  return sleep(milliseconds, undefined, { ref: false });
}
