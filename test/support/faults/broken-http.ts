/** Responses that are cut off, that are no HTTP, or that are odd and still good. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import {
  type Behaviour,
  cutOff,
  hangUp,
  issueCode,
  issuedBodyAt,
  raw,
  reset,
  answer as respond,
} from '../loopback-server.js';
import { CODE, type Fault, issued, NODE, ok, rawOk, serving, servingTls } from './fault.js';
import { interim } from './floods.js';
import { AFTER_TWO_WAITS, AT_ONCE, LOST_CONNECTION } from './outcomes.js';
import { brokenGzip } from './servers.js';

const MIB = 2 ** 20;

/** The good response with one more field. */
function withField(name: string, json: string) {
  return (body: string) => `${body.slice(0, -1)},"${name}":${json}}`;
}

const resetAfterHead: Behaviour = ({ response, socket }) => {
  response.writeHead(200, { 'content-length': 100 });
  response.flushHeaders();
  socket.write('', () => socket.resetAndDestroy());
};

/** The connection below closes, and TLS does not say that it does. */
const cutOffTls: Behaviour = ({ response, socket }) => {
  response.writeHead(200, { 'content-length': 100 });
  response.write('{', () => socket.destroy());
};

/** A byte a chunk. */
function chunks(body: string): string {
  return `${[...body].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`;
}

function manyHeaders(count: number) {
  const headers = Array.from({ length: count }, (_, index) => `X-${index}: y\r\n`).join('');
  return rawOk(headers.trimEnd(), issued);
}

function interimThenCode(status: Parameters<typeof interim>[0]) {
  return serving((exchange) => {
    exchange.socket.write(interim(status, 2_000));
    return issueCode(exchange);
  });
}

export const BROKEN_HTTP: readonly Fault[] = [
  {
    name: 'The connection is reset or closed before the response, or in its body; a `Content-Length` that is too large',
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    cases: {
      'a reset': serving(reset),
      'a closed connection': serving(hangUp),
      'a reset after the head': serving(resetAfterHead),
      'TLS that is cut off in the body': servingTls(cutOffTls),
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
      'two lengths that agree': rawOk('Content-Length: 2\r\nContent-Length: 2', '{}'),
      'a length and chunks': rawOk(
        'Content-Length: 5\r\nTransfer-Encoding: chunked',
        '5\r\n12345\r\n0\r\n\r\n',
      ),
      'a chunk without a length': rawOk('Transfer-Encoding: chunked', issued),
      'a chunk of 2 ** 68 bytes': rawOk('Transfer-Encoding: chunked', `${'F'.repeat(17)}\r\n`),
      '3,000 headers': manyHeaders(3_000),
      'a trailer of 20 KB': rawOk('Transfer-Encoding: chunked', (body) =>
        chunks(body).replace(/\r\n$/, `X-Padding: ${'x'.repeat(20_000)}\r\n\r\n`),
      ),
      'a header with a NUL': rawOk('X-Nul: a\0b', issued),
      'a status of two digits': serving(raw('HTTP/1.1 99 Odd\r\nContent-Length: 0\r\n\r\n')),
      'a status of four digits': serving(raw('HTTP/1.1 1000 Odd\r\nContent-Length: 0\r\n\r\n')),
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
    name: 'Odd but sound: thousands of `102 Processing` or `103 Early Hints`, 500 headers, trailers, a byte a chunk, any status from 200 to 299, compression (once or twice), a wrong or no content type, a BOM, 1 MiB, fields that are unknown, nested deep, twice there (the last counts), or `__proto__`',
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      '103 Early Hints': serving((exchange) => {
        exchange.response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        return issueCode(exchange);
      }),
      '2,000 × 102': interimThenCode('102 Processing'),
      '2,000 × 103': interimThenCode('103 Early Hints'),
      '500 headers': manyHeaders(500),
      trailers: rawOk('Transfer-Encoding: chunked\r\nTrailer: X-After', (body) =>
        chunks(body).replace(/\r\n$/, 'X-After: 1\r\n\r\n'),
      ),
      'a byte a chunk, 1 KiB': rawOk('Transfer-Encoding: chunked', (body) =>
        chunks(body.padEnd(1_024)),
      ),
      'a 201': serving((exchange) =>
        respond(201, { body: issuedBodyAt(exchange.request.path) })(exchange),
      ),
      'a 299': serving((exchange) =>
        respond(299, { body: issuedBodyAt(exchange.request.path) })(exchange),
      ),
      'HTTP/1.0': serving((exchange) =>
        raw(`HTTP/1.0 200 OK\r\n\r\n${issuedBodyAt(exchange.request.path)}`)(exchange),
      ),
      'gzip in gzip': ok((body) => gzipSync(gzipSync(body)), { 'content-encoding': 'gzip, gzip' }),
      'an encoding that nobody knows': ok(issued, { 'content-encoding': 'magic' }),
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
];
