/** Makes what others say safe to show: the platform's words, and errors that are not ours. */

const MAX_SHOWN_MESSAGE = 300;
/** More is not searched, and so not shown: a login must not wait for a regular expression. */
const MAX_SEARCHED_MESSAGE = 10_000;

/**
 * The platform's own message without the secrets it may echo, on one line, at most 300 characters
 * long; `undefined` when nothing is left.
 */
export function showableMessage(
  message: string | undefined,
  secrets: readonly string[],
): string | undefined {
  if (message === undefined) return undefined;
  const text = decode(message.slice(0, MAX_SEARCHED_MESSAGE));
  const forms = echoedForms(secrets).filter((form) => form.length <= text.length);
  let shown = text;
  if (forms.length > 0) {
    const pattern = forms.map(toPattern).join('|');
    shown = text.replaceAll(new RegExp(pattern, 'giu'), '[redacted]');
  }
  if (message.length > MAX_SEARCHED_MESSAGE) {
    // A secret that the cut went through was not found: what may be left of one goes too.
    shown = shown.slice(0, -Math.max(1, ...forms.map((form) => form.length)));
  }
  if (shown.length > MAX_SHOWN_MESSAGE) shown = `${shown.slice(0, MAX_SHOWN_MESSAGE - 1)}…`;
  return shown.toWellFormed() || undefined;
}

/** How HTML writes what is not safe in it; the ampersand last, since the others begin with one. */
const HTML_ENTITIES = [
  ['&apos;', "'"],
  ['&gt;', '>'],
  ['&lt;', '<'],
  ['&quot;', '"'],
  ['&amp;', '&'],
] as const;

/** Undoes the ways in which a server may have written a value, so that it is found: one line. */
function decode(message: string): string {
  // What went through two of its parts may be written so twice.
  const text = decodeOnce(decodeOnce(message));
  // No control or invisible character: a log line stays one line and shows all that it says.
  return text
    .normalize('NFC')
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
}

function decodeOnce(message: string): string {
  let text = message
    .replaceAll(/(?:%[\da-f]{2})+/gi, decodePercent)
    .replaceAll(/\\u([\da-f]{4})/gi, (_, hex: string) => fromCodePoint(hex, 16))
    .replaceAll(/\\(["\\/])/g, '$1')
    .replaceAll(/&#x([\da-f]{1,5});/gi, (_, hex: string) => fromCodePoint(hex, 16))
    .replaceAll(/&#(\d{1,6});/g, (_, digits: string) => fromCodePoint(digits, 10));
  for (const [entity, character] of HTML_ENTITIES) text = text.replaceAll(entity, character);
  return text;
}

function fromCodePoint(digits: string, radix: number): string {
  return String.fromCodePoint(Number.parseInt(digits, radix));
}

function decodePercent(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** What is looked for, the longest first: a form may contain another one. */
function echoedForms(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => {
    const plain = secret.normalize('NFC').trim();
    const decoded = decode(secret);
    // A key is seen as <uuid>.<hex>; either part is worth hiding. "Straße" may come as "STRASSE",
    // which no flag of a regular expression covers.
    const parts = plain.split('.').filter((part) => part.length >= 16);
    const cases = [plain, decoded].flatMap((form) => [
      form,
      form.toUpperCase(),
      form.toLowerCase(),
    ]);
    return [...cases, ...parts];
  });
  return [...new Set(forms)].filter(Boolean).sort((a, b) => b.length - a.length);
}

/** White space may come back as it was, or as the plus sign of a form. */
function toPattern(form: string): string {
  return form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(' ', '[ +]');
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A UUID can hold "42" by chance, but not a whole id of this length. */
const CHANCE_LENGTH = 8;

/**
 * A short identifier that the platform sent (`errorCode`, `ref`), or `undefined` when it does not
 * look like one or has a secret in it.
 */
export function showableToken(
  token: string | undefined,
  secrets: readonly string[],
): string | undefined {
  if (token === undefined || !/^[\w.:-]{1,64}$/.test(token)) return undefined;
  const lower = token.toLowerCase();
  for (const secret of secrets.map((value) => value.trim().toLowerCase())) {
    // A key begins with a UUID, and an external id is often one.
    if (secret.includes(lower)) return undefined;
    const byChance = UUID.test(token) && secret.length < CHANCE_LENGTH;
    if (lower.includes(secret) && !byChance) return undefined;
  }
  return token;
}

/** Codes of failures that a repetition does not cure: a name that does not exist, bad TLS. */
const PERMANENT_REASONS = [
  'ENOTFOUND',
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
] as const;

const TRANSIENT_REASONS = [
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EADDRNOTAVAIL',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'HPE_INVALID_CONSTANT',
  'HPE_INVALID_CONTENT_LENGTH',
  'HPE_INVALID_CHUNK_SIZE',
  'HPE_INVALID_HEADER_TOKEN',
  'HPE_INVALID_EOF_STATE',
  'UND_ERR_ABORTED',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_DESTROYED',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
  'Z_BUF_ERROR',
  'Z_DATA_ERROR',
] as const;

const KNOWN_REASONS: ReadonlySet<unknown> = new Set([...PERMANENT_REASONS, ...TRANSIENT_REASONS]);

type KnownReason = (typeof PERMANENT_REASONS)[number] | (typeof TRANSIENT_REASONS)[number];

/** What Bun calls some of them; before 1.4 it said "refused" of a name that does not resolve too. */
const BUN_REASONS: ReadonlyMap<unknown, KnownReason> = new Map([
  ['ConnectionClosed', 'ECONNRESET'],
  ['ConnectionRefused', 'ECONNREFUSED'],
  ['FailedToOpenSocket', 'ECONNREFUSED'],
  ['InvalidContentLength', 'HPE_INVALID_CONTENT_LENGTH'],
  ['ZlibError', 'Z_DATA_ERROR'],
]);

/** What Deno, whose errors have no code, says of some of them; the first that fits counts. */
const DENO_REASONS: readonly (readonly [phrase: string, reason: KnownReason])[] = [
  ['invalid peer certificate: Expired', 'CERT_HAS_EXPIRED'],
  ['invalid peer certificate: certificate expired', 'CERT_HAS_EXPIRED'],
  ['invalid peer certificate: UnknownIssuer', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ['invalid peer certificate: NotValidForName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['invalid peer certificate: certificate not valid for name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['invalid peer certificate', 'CERT_REJECTED'],
  ['received corrupt message', 'EPROTO'],
  ['Name or service not known', 'ENOTFOUND'],
  ['nodename nor servname provided', 'ENOTFOUND'],
  ['Temporary failure in name resolution', 'EAI_AGAIN'],
  ['Connection refused', 'ECONNREFUSED'],
  ['Connection reset', 'ECONNRESET'],
  ['connection closed before message completed', 'ECONNRESET'],
  ['error reading a body from connection', 'ECONNRESET'],
];

export function isPermanentReason(reason: string | undefined): boolean {
  return PERMANENT_REASONS.some((permanent) => permanent === reason);
}

/** Names that say something and cannot hold a secret. */
const KNOWN_NAMES: ReadonlySet<unknown> = new Set([
  'AbortError',
  'AggregateError',
  'BodyTimeoutError',
  'ClientClosedError',
  'ClientDestroyedError',
  'ConnectTimeoutError',
  'HeadersOverflowError',
  'HeadersTimeoutError',
  'HTTPParserError',
  'RangeError',
  'ReferenceError',
  'ResponseContentLengthMismatchError',
  'SocketError',
  'SyntaxError',
  'TimeoutError',
  'TypeError',
]);

/** What is known and safe of somebody else's error. */
export interface BareCause {
  /** The first known code in the error or its causes, such as `ECONNRESET`, or what they say. */
  reason: string | undefined;
  /** A new error with a name and that code and nothing else of the original. */
  cause: Error;
}

/**
 * Rebuilds an error that is not ours. Its message, stack and fields may quote the request or the
 * body; a name and a code from the lists above cannot.
 */
export function bareCause(error: unknown): BareCause {
  const chain = causeChain(error);
  const reason =
    chain.map((link) => reasonOf(property(link, 'code'))).find(isKnownReason) ??
    chain.map((link) => saidReason(property(link, 'message'))).find(isKnownReason);
  const name = chain.map((link) => property(link, 'name')).findLast(isKnownName) ?? 'Error';
  const cause = new Error(reason ?? 'details withheld');
  const hidden = { configurable: true, enumerable: false, writable: true };
  Object.defineProperty(cause, 'name', { ...hidden, value: name });
  // Its own stack would only point at this line.
  Object.defineProperty(cause, 'stack', { ...hidden, value: `${name}: ${cause.message}` });
  return { reason, cause: reason === undefined ? cause : Object.assign(cause, { code: reason }) };
}

function isKnownReason(value: unknown): value is string {
  return KNOWN_REASONS.has(value);
}

/** The reason that a code stands for, whichever runtime's it is. */
function reasonOf(code: unknown): unknown {
  return BUN_REASONS.get(code) ?? code;
}

/** The reason that a message speaks of. Nothing of the message itself is passed on. */
function saidReason(message: unknown): KnownReason | undefined {
  if (typeof message !== 'string') return undefined;
  return DENO_REASONS.find(([phrase]) => message.includes(phrase))?.[1];
}

function isKnownName(value: unknown): value is string {
  return KNOWN_NAMES.has(value);
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
