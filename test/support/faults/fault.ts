/** A row of the table of faults, and the servers that most rows need. */
import { CANARIES } from '../canary-texts.js';
import {
  type Behaviour,
  type Exchange,
  issuedBodyAt,
  raw,
  answer as respond,
  startLoopbackServer,
  startTlsLoopbackServer,
} from '../loopback-server.js';
import { trust } from '../network-stubs.js';
import { type Identity, selfSignedCertificate } from '../self-signed-certificate.js';
import type { Ending, Failure } from './outcomes.js';
import type { Target } from './servers.js';

export interface Fault {
  /** What docs/failures.md calls it. */
  readonly name: string;
  /** What the call ends with, if not with a code. */
  readonly failure?: Failure;
  /** Requests that the client sent, or tried to. */
  readonly attempts: number;
  /** As docs/failures.md says it, where it depends on the version of Node. */
  readonly inWords?: Partial<
    Readonly<Record<'outcome' | 'action' | 'attempts' | 'arrived', string>>
  >;
  /** Requests that arrived. */
  readonly requests: number;
  readonly ending: Ending;
  /** The `reason` in the error, of the cases in which it is worth to be known. */
  readonly reasons?: Readonly<Record<string, string | undefined>>;
  /** Starts what has the fault. */
  readonly cases: Readonly<Record<string, () => Target | Promise<Target>>>;
  /** Those that only GraphQL has: the same failure in a 200. */
  readonly graphqlCases?: Fault['cases'];
}

export const NODE = Number.parseInt(process.versions.node, 10);

/** For a server whose certificate is to be no matter. */
export function trustedIdentity(): Identity {
  const identity = selfSignedCertificate();
  trust(identity, { forAnyHost: true });
  return identity;
}

/** The same over TLS. */
export function servingTls(...behaviours: [Behaviour, ...Behaviour[]]) {
  return () => startTlsLoopbackServer(trustedIdentity(), ...behaviours);
}

export function serving(...behaviours: [Behaviour, ...Behaviour[]]) {
  return () => startLoopbackServer(...behaviours);
}

/** The field of a good response that holds the code. */
export const CODE = /"authentication_code":"[^"]*"/;

/** A body, or how it is made of the one that is right for the request. */
export type Body = string | Uint8Array | ((issued: string) => string | Uint8Array);

function bodyOf(body: Body, { request }: Exchange): string | Uint8Array {
  return typeof body === 'function' ? body(issuedBodyAt(request.path)) : body;
}

/** The body that is right for the request. */
export const issued = (body: string) => body;

/** A successful response with this body. */
export function ok(body: Body, headers: Record<string, string> = {}) {
  return serving((exchange) => respond(200, { headers, body: bodyOf(body, exchange) })(exchange));
}

/** A successful response of these bytes after `HTTP/1.1 200 OK`. */
export function rawOk(headers: string, body: Body) {
  return serving((exchange) =>
    raw(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${bodyOf(body, exchange)}`)(exchange),
  );
}

/** Responses of these statuses, full of what must not be shown. */
export function statuses(...codes: number[]): Fault['cases'] {
  const headers = { 'set-cookie': `session=${CANARIES.cookie}`, 'x-trace': CANARIES.header };
  const { authenticationCode, body: detail } = CANARIES;
  const body = JSON.stringify({ authentication_code: authenticationCode, detail });
  const behaviour = (code: number) => respond(code, { headers, body });
  return Object.fromEntries(codes.map((code) => [`a ${code}`, serving(behaviour(code))]));
}
