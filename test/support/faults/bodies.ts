/** Successes whose body holds no code. */
import { gzipSync } from 'node:zlib';
import { issuedBodyAt, raw, answer as respond, startLoopbackServer } from '../loopback-server.js';
import { CODE, type Fault, issued, ok, rawOk, serving } from './fault.js';
import { bomb, pouringChunks } from './floods.js';
import { AT_ONCE, INVALID_RESPONSE } from './outcomes.js';

const MIB = 2 ** 20;

export const BODIES: readonly Fault[] = [
  {
    name: 'A success that holds no code: 204, HTML, an empty body, `null`, an array, not UTF-8, a `Content-Length` that is too small',
    failure: INVALID_RESPONSE,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      HTML: ok('<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }),
      'an empty body': ok(''),
      'a 204': serving(respond(204)),
      'a 204 with a body': serving((exchange) =>
        raw(`HTTP/1.1 204 No Content\r\n\r\n${issuedBodyAt(exchange.request.path)}`)(exchange),
      ),
      'a body without a length that is cut off': rawOk('Connection: close', (body) =>
        body.slice(0, -20),
      ),
      'gzip in gzip that tells of one': ok((body) => gzipSync(gzipSync(body)), {
        'content-encoding': 'gzip',
      }),
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
      'no end': serving(pouringChunks(1_024)),
      '300 MB in gzip': () => startLoopbackServer(bomb('gzip')),
      '300 MB in gzip in gzip': () => startLoopbackServer(bomb('gzip, gzip')),
      '300 MB in brotli': () => startLoopbackServer(bomb('br')),
    },
  },
];
