/**
 * Every fault that a platform or the way to it can have, and what a call makes of it: the table that
 * docs/failures.md shows and that `faults.test.ts` holds the client to, over real sockets. A new fault is one
 * more case; one with an outcome of its own is one more row, here and in docs/failures.md.
 */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { CANARIES } from './canary-texts.js';
import {
  A_SECOND_A_RETRY,
  AFTER_A_HEDGE,
  AFTER_A_HEDGE_AND_A_WAIT,
  AFTER_JITTER,
  AFTER_ONE_WAIT,
  AFTER_THREE_SECONDS,
  AFTER_TWO_WAITS,
  AT_ONCE,
  AT_TIMEOUT,
  type Ending,
  type Failure,
  INVALID_RESPONSE,
  LOST_CONNECTION,
  NO_CONNECTION,
  NO_PERMISSION,
  RATE_LIMIT,
  REDIRECT,
  REFUSED_KEY,
  REJECTED,
  SERVER_PROBLEM,
  TIMEOUT,
  WHEN_IT_IS_BACK,
} from './fault-outcomes.js';
import {
  brokenGzip,
  gibibyte,
  gibibyteInGzip,
  hangInHead,
  startAfterOutage,
  startClosingKeptConnection,
  startLateCode,
  startRedirectElsewhere,
  startRefusingPort,
  startResettingPort,
  startSilentPort,
  startSlowPlatform,
  startTwoSecondOutage,
  type Target,
} from './fault-servers.js';
import {
  type Behaviour,
  bodyBytewise,
  cutOff,
  type Exchange,
  hang,
  hangInBody,
  hangUp,
  headersBytewise,
  issueCode,
  issuedBodyAt,
  raw,
  redirect,
  reset,
  answer as respond,
  startLoopbackServer,
  startTlsLoopbackServer,
} from './loopback-server.js';
import { failToResolve, trust } from './network-stubs.js';
import { selfSignedCertificate } from './self-signed-certificate.js';
import { graphqlFailure } from './ways.js';

export interface Fault {
  /** What docs/failures.md calls it. */
  readonly name: string;
  /** What the call ends with, if not with a code. */
  readonly failure?: Failure;
  /** Requests that the client sent, or tried to. */
  readonly attempts: number;
  /** As docs/failures.md says it, where it depends on the version of Node. */
  readonly attemptsInWords?: string;
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

const NODE = Number.parseInt(process.versions.node, 10);

const MIB = 2 ** 20;

/** The field of a good response that holds the code. */
const CODE = /"authentication_code":"[^"]*"/;

/** The good response with one more field. */
function withField(name: string, json: string) {
  return (body: string) => `${body.slice(0, -1)},"${name}":${json}}`;
}

function serving(...behaviours: [Behaviour, ...Behaviour[]]) {
  return () => startLoopbackServer(...behaviours);
}

/** A body, or how it is made of the one that is right for the request. */
type Body = string | Uint8Array | ((issued: string) => string | Uint8Array);

function bodyOf(body: Body, { request }: Exchange): string | Uint8Array {
  return typeof body === 'function' ? body(issuedBodyAt(request.path)) : body;
}

const issued = (body: string) => body;

/** A successful response with this body. */
function ok(body: Body, headers: Record<string, string> = {}) {
  return serving((exchange) => respond(200, { headers, body: bodyOf(body, exchange) })(exchange));
}

/** A successful response of these bytes after `HTTP/1.1 200 OK`. */
function rawOk(headers: string, body: Body) {
  return serving((exchange) =>
    raw(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${bodyOf(body, exchange)}`)(exchange),
  );
}

/** Failures in a 200 with these in `extensions.code`, full of what must not be shown. */
function errorCodes(...codes: unknown[]): Fault['cases'] {
  const { authenticationCode, apiKey, externalId } = CANARIES;
  const message = `No ${externalId} with ${apiKey}, but ${authenticationCode}`;
  const start = (code: unknown) => ok(graphqlFailure({ code, message }));
  return Object.fromEntries(codes.map((code) => [`a 200 with ${code}`, start(code)]));
}

/** Responses of these statuses, full of what must not be shown. */
function statuses(...codes: number[]): Fault['cases'] {
  const headers = { 'set-cookie': `session=${CANARIES.cookie}`, 'x-trace': CANARIES.header };
  const { authenticationCode, body: detail } = CANARIES;
  const body = JSON.stringify({ authentication_code: authenticationCode, detail });
  const behaviour = (code: number) => respond(code, { headers, body });
  return Object.fromEntries(codes.map((code) => [`a ${code}`, serving(behaviour(code))]));
}

/** A 429 with each of these in its `Retry-After`. */
function tooManyRequests(retryAfter: Readonly<Record<string, () => string>>): Fault['cases'] {
  const cases = Object.entries(retryAfter).map(([name, value]) => {
    const start = () => startLoopbackServer(respond(429, { headers: { 'retry-after': value() } }));
    return [name, start] as const;
  });
  return Object.fromEntries(cases);
}

function httpDate(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toUTCString();
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'The port refuses, or resets before TLS is up',
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 0,
    ending: AFTER_TWO_WAITS,
    cases: { 'a port that refuses': startRefusingPort, 'a reset in TLS': startResettingPort },
  },
  {
    name: 'The name server does not respond',
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 0,
    ending: AFTER_TWO_WAITS,
    cases: { EAI_AGAIN: () => failToResolve('EAI_AGAIN') },
  },
  {
    name: 'The host name does not exist',
    failure: NO_CONNECTION,
    attempts: 1,
    requests: 0,
    ending: AT_ONCE,
    cases: { ENOTFOUND: () => failToResolve('ENOTFOUND') },
  },
  {
    name: 'The certificate is expired, for another host, or self-signed; the port speaks no TLS',
    failure: NO_CONNECTION,
    attempts: 1,
    requests: 0,
    ending: AT_ONCE,
    reasons: {
      'an expired certificate': 'CERT_HAS_EXPIRED',
      'a certificate for another host': 'ERR_TLS_CERT_ALTNAME_INVALID',
      'a self-signed certificate': 'DEPTH_ZERO_SELF_SIGNED_CERT',
      'no TLS': 'ERR_SSL_WRONG_VERSION_NUMBER',
    },
    cases: {
      'an expired certificate': () => {
        const identity = selfSignedCertificate({ until: '210101000000Z' });
        trust(identity);
        return startTlsLoopbackServer(identity, issueCode);
      },
      // It has no subject alternative name at all.
      'a certificate for another host': () => {
        const identity = selfSignedCertificate();
        trust(identity);
        return startTlsLoopbackServer(identity, issueCode);
      },
      'a self-signed certificate': () => startTlsLoopbackServer(selfSignedCertificate(), issueCode),
      'no TLS': async () => {
        const { url, requests } = await startLoopbackServer(issueCode);
        return { url: url.replace('http:', 'https:'), requests };
      },
    },
  },
  {
    name: 'The TLS handshake does not go on',
    failure: TIMEOUT,
    attempts: 3,
    requests: 0,
    ending: AT_TIMEOUT,
    cases: { 'a silent port': startSilentPort },
  },
  {
    name: 'Silence; a head or a body that stops, or comes a byte a second',
    failure: TIMEOUT,
    attempts: 3,
    requests: 3,
    ending: AT_TIMEOUT,
    cases: {
      silence: serving(hang),
      'a head that stops': serving(hangInHead),
      'a byte of the head every 100 ms': serving(headersBytewise(100)),
      'a body that stops': serving(hangInBody),
      'a byte of the body every 100 ms': serving(bodyBytewise(100)),
    },
  },
  {
    name: 'The platform takes 3 s for each response',
    attempts: 3,
    requests: 3,
    ending: AFTER_THREE_SECONDS,
    cases: { 'a code, late': startSlowPlatform },
  },
  {
    name: 'One connection is silent, the next is not',
    attempts: 2,
    requests: 2,
    ending: AFTER_A_HEDGE,
    cases: {
      'no response': serving(hang, issueCode),
      'half a head': serving(hangInHead, issueCode),
      'half a body': serving(hangInBody, issueCode),
    },
  },
  {
    name: 'One connection is silent or slow, the next gets a 503 or is lost',
    attempts: 3,
    requests: 3,
    ending: AFTER_A_HEDGE_AND_A_WAIT,
    cases: {
      'a 503, then a code': serving(hang, respond(503), issueCode),
      'a reset, then a code': serving(hang, reset, issueCode),
      'a 503, and the slow code comes': startLateCode,
    },
  },
  {
    name: 'One connection is silent, the next gets a 401',
    failure: REFUSED_KEY,
    attempts: 2,
    requests: 2,
    ending: AFTER_A_HEDGE,
    cases: { 'a 401': serving(hang, respond(401)) },
  },
  {
    name: 'A 401 whose body stops, or comes a byte a second',
    failure: REFUSED_KEY,
    attempts: 1,
    requests: 1,
    ending: AFTER_A_HEDGE,
    cases: {
      'a body that stops': serving(({ response }) => void response.writeHead(401).write('{"mess')),
      'a byte of the body every 100 ms': serving(bodyBytewise(100, 401)),
    },
  },
  {
    name: 'The connection is reset or closed before the response, or in its body; a `Content-Length` that is too large',
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    cases: {
      'a reset': serving(reset),
      'a closed connection': serving(hangUp),
      'a body with a length that is cut off': serving(cutOff('content-length')),
      'a chunked body that is cut off': serving(cutOff('chunked')),
      'a length that is more than the body': rawOk('Content-Length: 1000', issued),
    },
  },
  {
    name: "What is no HTTP to Node's `fetch`, an unasked `100 Continue` included (from Node 24 on, often without a `reason`); broken gzip",
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    reasons: {
      'another protocol': NODE < 24 ? 'HPE_INVALID_CONSTANT' : undefined,
      'a head of 20 KB': 'UND_ERR_HEADERS_OVERFLOW',
      'broken gzip': 'Z_DATA_ERROR',
    },
    cases: {
      'another protocol': serving(raw('220 mail.example ESMTP\r\n')),
      'a head of 20 KB': ok(issued, { 'x-padding': 'x'.repeat(20_000) }),
      'a length that is no number': rawOk('Content-Length: many', issued),
      'two lengths': rawOk('Content-Length: 10\r\nContent-Length: 20', issued),
      'a chunk without a length': rawOk('Transfer-Encoding: chunked', issued),
      'a 101': serving(raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n')),
      'a 100': serving((exchange) => {
        exchange.response.writeContinue();
        return issueCode(exchange);
      }),
      'broken gzip': ok(brokenGzip, { 'content-encoding': 'gzip' }),
      'gzip that is none': ok(issued, { 'content-encoding': 'gzip' }),
    },
  },
  {
    name: 'Odd but sound: `103 Early Hints`, compression, a wrong or no content type, a BOM, 1 MiB, fields that are unknown, nested deep, twice there (the last counts), or `__proto__`',
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      '103 Early Hints': serving((exchange) => {
        exchange.response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        return issueCode(exchange);
      }),
      gzip: ok(gzipSync, { 'content-encoding': 'gzip' }),
      deflate: ok(deflateSync, { 'content-encoding': 'deflate' }),
      brotli: ok(brotliCompressSync, { 'content-encoding': 'br' }),
      'a wrong charset': ok(issued, { 'content-type': 'application/json; charset=utf-16' }),
      'a wrong content type': ok(issued, { 'content-type': 'image/png' }),
      'no content type': ok(issued),
      'a byte order mark': ok((body) => `\ufeff${body}`),
      '1 MiB': ok((body) => body.padEnd(MIB)),
      'deep nesting': ok(withField('extra', '['.repeat(200_000) + ']'.repeat(200_000))),
      'a field twice': ok((body) => body.replace(CODE, '"authentication_code":"the-first",$&')),
      'a field __proto__': ok(withField('__proto__', '{"polluted":true}')),
    },
  },
  {
    name: 'A success that holds no code: HTML, an empty body, `null`, an array, not UTF-8, a `Content-Length` that is too small',
    failure: INVALID_RESPONSE,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      HTML: ok('<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }),
      'an empty body': ok(''),
      null: ok('null'),
      'an array': ok((body) => `[${body}]`),
      'a deep array': ok('['.repeat(200_000) + ']'.repeat(200_000)),
      'a code in __proto__': ok((body) => `{"__proto__":${body}}`),
      'a code in a field, then null': ok((body) =>
        body.replace(CODE, '$&,"authentication_code":null'),
      ),
      'UTF-16': ok((body) => Buffer.from(body, 'utf16le')),
      'ISO 8859-1': ok(Buffer.from('{"authentication_code":"\xe9"}', 'latin1')),
      'a length that is less than the body': rawOk('Content-Length: 30', issued),
      'gzip that is cut off': ok((body) => gzipSync(body).subarray(0, -20), {
        'content-encoding': 'gzip',
      }),
    },
  },
  {
    name: 'A body of more than 1 MiB, also when it was compressed: not read on',
    failure: INVALID_RESPONSE,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      'a byte more': ok((body) => body.padEnd(MIB + 1)),
      '1 GiB': serving(gibibyte),
      '1 GiB in gzip': serving(gibibyteInGzip),
    },
  },
  {
    name: '3xx to the same or another origin: the target sees no request',
    failure: REDIRECT,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      ...Object.fromEntries(
        [301, 302, 303, 307, 308].map((code) => [
          `a ${code} to the same origin`,
          serving(redirect('/elsewhere', code), issueCode),
        ]),
      ),
      'a 302 to another origin': startRedirectElsewhere,
      'a 300 without a target': serving(respond(300)),
      'a 304': serving(respond(304)),
    },
  },
  {
    name: '401',
    failure: REFUSED_KEY,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(401),
    graphqlCases: errorCodes('AUTHENTICATION_FAILURE'),
  },
  {
    name: '403',
    failure: NO_PERMISSION,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(403),
    graphqlCases: errorCodes('AUTHORIZATION_FAILURE'),
  },
  {
    name: '400, 404, 409, 413, 422',
    failure: REJECTED,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(400, 404, 409, 413, 422),
    graphqlCases: errorCodes('BAD_REQUEST', 'NOT_FOUND'),
  },
  {
    name: "407, which Node's `fetch` turns into a network error without a `reason`",
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    reasons: { 'a 407': undefined },
    cases: statuses(407),
  },
  {
    name: '408, 500, 502, 503, 504',
    failure: SERVER_PROBLEM,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    cases: statuses(408, 500, 502, 503, 504),
    graphqlCases: errorCodes('INTERNAL_SERVER_ERROR', 'TOO_MANY_REQUESTS', undefined, 500),
  },
  {
    name: '501, 520',
    failure: SERVER_PROBLEM,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(501, 520),
  },
  {
    name: '429 whose `Retry-After` is missing, rubbish or negative',
    failure: RATE_LIMIT,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    cases: {
      ...statuses(429),
      ...tooManyRequests({ rubbish: () => 'soon', negative: () => '-5', fraction: () => '1.5' }),
    },
  },
  {
    name: '429, `Retry-After: 0` or a date that has passed',
    failure: { ...RATE_LIMIT, retryAfter: 0 },
    attempts: 3,
    requests: 3,
    ending: AFTER_JITTER,
    cases: tooManyRequests({ '0': () => '0', 'a past date': () => httpDate(-3_600) }),
  },
  {
    name: '429, `Retry-After: 1`',
    failure: { ...RATE_LIMIT, retryAfter: 1_000 },
    attempts: 3,
    requests: 3,
    ending: A_SECOND_A_RETRY,
    cases: tooManyRequests({ '1': () => '1' }),
  },
  {
    name: '429, `Retry-After` of an hour, in seconds or as a date',
    failure: { ...RATE_LIMIT, retryAfter: expect.closeTo(3_600_000, -4) },
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: tooManyRequests({ '3600': () => '3600', 'a date': () => httpDate(3_600) }),
  },
  {
    name: 'The server closes a kept-alive connection just before the request',
    // From Node 22 on, undici sends such a request again by itself.
    attempts: NODE === 20 ? 2 : 1,
    attemptsInWords: '1; on Node 20: 2',
    requests: 1,
    ending: AFTER_ONE_WAIT,
    cases: { 'a kept connection': startClosingKeptConnection },
  },
  {
    name: 'The server is down for two seconds: a call with `maxRetries: 10` meanwhile',
    attempts: 5,
    requests: 1,
    ending: WHEN_IT_IS_BACK,
    cases: { 'a call during the outage': startTwoSecondOutage },
  },
  {
    name: 'The server was down, and is back: the next call',
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: { 'a call after the outage': startAfterOutage },
  },
];
