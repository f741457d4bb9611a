/**
 * Shows of an error that is not ours its code, which says why a connection failed, and the
 * name of its class. Its message, stack and fields may quote the request or the body.
 */
import type { Secrets } from './secrets.js';

/** Node's codes for a certificate that it does not accept, as it takes them over from OpenSSL. */
const CERTIFICATE_CODE =
  /^(C(ERT|RL)_[A-Z_]+|ERR_TLS_CERT_[A-Z_]+|UNABLE_TO_(GET|DECRYPT|DECODE|VERIFY)_[A-Z_]+|ERROR_IN_C(ERT|RL)_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|OUT_OF_MEM|UNSPECIFIED)$/;
/**
 * Codes of systems, Node, its HTTP parser, undici and zlib; their words end with digits, if at all.
 * From Node 22 on, OpenSSL's name for a platform that refuses in the handshake has a slash.
 */
const SYSTEM_CODE =
  /^(E[A-Z]|ERR_SSL_SSL\/TLS_|UND_(MOCK_)?ERR_|HPE_|Z_(BUF|DATA)_ERROR$)([A-Z_]|\d{1,3}(?![A-Z\d]))*$/;
const MAX_CODE_LENGTH = 48;

const KNOWN_NAMES: readonly unknown[] = [
  'AbortError',
  'AggregateError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TimeoutError',
  'TypeError',
];

/** The harmless part of somebody else's error. */
export interface BareCause {
  /** The first code of a system's in the error or its causes, such as `ECONNRESET`. */
  reason: string | undefined;
  /** A new error with a name, that code and nothing else of the original. */
  cause: Error;
}

/** Whether a reason says that a certificate was not accepted. */
export function isCertificateCode(reason: string): boolean {
  return CERTIFICATE_CODE.test(reason);
}

export function bareCause(error: unknown, secrets: Secrets): BareCause {
  const chain = causeChain(error);
  const isHarmless = (text: string) => !secrets.areToldBy(text);
  const codes = chain.map((link) => property(link, 'code')).filter(isSystemCode);
  const names = chain.map((link) => property(link, 'name')).filter(isKnownName);
  const reason = codes.find(isHarmless);
  const name = names.findLast(isHarmless) ?? 'Error';
  const cause = new Error(reason ?? 'details withheld');
  const hidden = { configurable: true, enumerable: false, writable: true };
  Object.defineProperty(cause, 'name', { ...hidden, value: name });
  // Its own stack would only point at this line.
  Object.defineProperty(cause, 'stack', { ...hidden, value: `${name}: ${cause.message}` });
  return { reason, cause: reason === undefined ? cause : Object.assign(cause, { code: reason }) };
}

function isSystemCode(code: unknown): code is string {
  if (typeof code !== 'string' || code.length > MAX_CODE_LENGTH) return false;
  return SYSTEM_CODE.test(code) || isCertificateCode(code);
}

function isKnownName(value: unknown): value is string {
  return KNOWN_NAMES.includes(value);
}

/** An error, its cause, that one's cause … Four are more than any runtime nests. */
function causeChain(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link !== undefined && chain.length < 4; link = property(link, 'cause')) {
    chain.push(link);
  }
  return chain;
}

/** Reads a property of anything that was thrown, which may have getters that throw. */
function property(value: unknown, name: string): unknown {
  try {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  } catch {
    return undefined;
  }
}
