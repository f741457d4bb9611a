/** Generators of what nobody should pass or respond, with secrets planted in it. */
import fc from 'fast-check';
import { SentianceConfigurationError, SentianceConnectionError } from '../../src/index.js';
import { CANARIES } from './canaries.js';
import { issuedBodyAt } from './loopback-server.js';
import { WAYS } from './ways.js';

const canary = fc.constantFrom(...Object.values(CANARIES));
/** What a careless author of a value quotes. */
const QUOTE = Object.values(CANARIES).join(' ');

/**
 * How to make a value. fast-check looks into what it generates, and some of these values bear no
 * look; what it prints of a case that fails is `of`.
 */
export interface Recipe {
  readonly of: unknown;
  make(): unknown;
}

/** What no literal can say. */
const ODDITIES: Readonly<Record<string, () => unknown>> = {
  'a proxy of an array': () => new Proxy([], {}),
  'a symbol': () => Symbol(QUOTE),
  'a function': () => fail,
  'an async function': () => async () => fail(),
  'a class': () => class {},
  'a generator': () => function* generate() {},
  'a promise that never settles': () => new Promise(() => {}),
  'a promise that rejects': () => rejected(new Error(QUOTE)),
  // biome-ignore lint/suspicious/noThenProperty: a promise that is none is what this is about.
  'a thenable that throws': () => ({ then: fail }),
  'an AggregateError in an Error': () =>
    new Error(QUOTE, { cause: new AggregateError([QUOTE, new Error(QUOTE)], QUOTE) }),
  'a DOMException': () => new DOMException(QUOTE, QUOTE),
  'a frozen error': () => Object.freeze(Object.assign(new TypeError(QUOTE), { code: QUOTE })),
  'an error of this library': () => new SentianceConnectionError(QUOTE, { reason: QUOTE }),
  'what throws when it becomes a text': () => ({
    toString: fail,
    valueOf: fail,
    toJSON: fail,
    [Symbol.toPrimitive]: fail,
  }),
  'what becomes a secret': () => ({ toString: () => QUOTE, [Symbol.toStringTag]: QUOTE }),
  'getters that throw': () => withGetters(fail),
  'getters that throw an error of this library': () => withGetters(failAsOurs),
  'an AbortController': () => new AbortController(),
  'a signal': () => new AbortController().signal,
  'an aborted signal': () => AbortSignal.abort(QUOTE),
  'a signal that throws': () => ({
    aborted: false,
    addEventListener: fail,
    removeEventListener: fail,
  }),
  'a URL': () => new URL(`https://${CANARIES.apiKey}@platform.invalid`),
  'a Response': () => new Response(QUOTE),
  'a Request': () => new Request('https://platform.invalid', { headers: { 'x-id': QUOTE } }),
  Headers: () => new Headers({ authorization: QUOTE }),
  'a Blob': () => new Blob([QUOTE]),
  'a Date that is none': () => new Date(Number.NaN),
  'a regular expression': () => /c4nary/g,
  'a WeakMap': () => new WeakMap(),
  'an ArrayBuffer': () => new ArrayBuffer(8),
  'a SharedArrayBuffer': () => new SharedArrayBuffer(8),
  'a Buffer': () => Buffer.from(QUOTE),
  globalThis: () => globalThis,
};

function fail(): never {
  throw new Error(QUOTE, { cause: QUOTE });
}

function failAsOurs(): never {
  throw new SentianceConfigurationError(QUOTE);
}

function withGetters(get: () => never): object {
  const names = ['message', 'code', 'signal', 'apiKey', 'status', 'body'];
  const getters = names.map((name) => [name, { get, enumerable: true }]);
  return Object.defineProperties({}, Object.fromEntries(getters));
}

/** A promise that nobody has to handle. */
function rejected(reason: unknown): Promise<never> {
  const promise = Promise.reject(reason);
  promise.catch(() => {});
  return promise;
}

const data = fc.anything({
  key: fc.oneof(fc.string(), canary),
  values: [
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.string({ unit: 'binary' }),
    canary,
    fc.constantFrom(null, undefined, Number.NaN, -0, 2 ** 31),
  ],
  maxDepth: 2,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

/** Any value of JavaScript. */
export const anyValue: fc.Arbitrary<Recipe> = fc.oneof(
  { weight: 2, arbitrary: plain(data) },
  fc.constantFrom(...Object.entries(ODDITIES)).map(([of, make]) => ({ of, make })),
);

/** Values that are ready as they are. */
export function plain(values: fc.Arbitrary<unknown>): fc.Arbitrary<Recipe> {
  return values.map((of) => ({ of, make: () => of }));
}

/** A function that returns, resolves to, rejects with or throws any value. */
export const anyFunction: fc.Arbitrary<Recipe> = fc
  .tuple(fc.constantFrom('returns', 'resolves to', 'rejects with', 'throws'), anyValue)
  .map(([how, value]) => ({ of: [how, value], make: () => () => settle(how, value.make()) }));

function settle(how: string, value: unknown): unknown {
  if (how === 'throws') throw value;
  if (how === 'returns') return value;
  if (how === 'rejects with') return rejected(value);
  const promise = new Promise((resolve) => resolve(value));
  promise.catch(() => {});
  return promise;
}

/** An object with some of the fields, each of which may now and then have any other value. */
export function anyRecord(fields: Readonly<Record<string, fc.Arbitrary<Recipe>>>) {
  const either = Object.entries(fields).map(
    ([name, sound]) => [name, fc.oneof({ weight: 12, arbitrary: sound }, anyValue)] as const,
  );
  return fc.record(Object.fromEntries(either), { requiredKeys: [] }).map((of): Recipe => {
    const make = () =>
      Object.fromEntries(Object.entries(of).map(([name, field]) => [name, field?.make()]));
    return { of, make };
  });
}

/** A Response, or what looks like one up to some field. */
export const anyResponse: fc.Arbitrary<Recipe> = fc.oneof(
  fc.tuple(fc.integer({ min: 200, max: 599 }), fc.uint8Array()).map(([status, body]) => ({
    of: [status, body],
    make: () => new Response([204, 205, 304].includes(status) ? null : body, { status }),
  })),
  anyRecord({
    status: plain(fc.oneof(fc.integer(), fc.double())),
    ok: plain(fc.boolean()),
    type: plain(fc.constantFrom('basic', 'error', 'opaqueredirect')),
    headers: fc.oneof(anyRecord({ get: anyFunction }), anyHeaders()),
    body: anyRecord({ getReader: anyFunction, cancel: anyFunction }),
    bodyUsed: plain(fc.boolean()),
  }),
);

function anyHeaders(): fc.Arbitrary<Recipe> {
  return canary.map((of) => ({ of, make: () => new Headers({ 'retry-after': of }) }));
}

/** Any string of UTF-16 code units, which may stand in pairs or alone. */
export const anyString: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', size: 'large', maxLength: 500 }),
  fc.string({ unit: 'grapheme', size: 'medium' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
);

/** Bytes that stand for a response's body: none that mean anything, JSON, or nearly the contract. */
const anyBody: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json({ maxDepth: 3 }).map(utf8),
  fc
    .record(
      {
        authentication_code: fc.oneof(canary, fc.string(), fc.jsonValue()),
        expires_at: fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          canary,
          fc.jsonValue(),
        ),
        // What the platform itself says is shown, but for the key and the external id in it.
        message: fc.oneof(anEcho(), fc.constant(null)),
        errorCode: fc.oneof(anEcho(), fc.jsonValue()),
        code: anEcho(),
        ref: anEcho(),
        extra: fc.oneof(canary, fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    .map((fields) => utf8(JSON.stringify(fields))),
  graphqlBody(),
);

function graphqlBody(): fc.Arbitrary<Uint8Array> {
  const text = fc.oneof(anEcho(), canary, fc.jsonValue());
  const code = fc.oneof(
    fc.constantFrom('AUTHENTICATION_FAILURE', 'AUTHORIZATION_FAILURE', 'BAD_REQUEST', 'NOT_FOUND'),
    text,
  );
  const extensions = fc.record({ code, message: text }, { requiredKeys: [] });
  const error = fc.record(
    { message: text, path: fc.jsonValue(), extensions: fc.oneof(extensions, fc.jsonValue()) },
    { requiredKeys: [] },
  );
  const errors = fc.array(fc.oneof(error, fc.jsonValue()), { maxLength: 2 });
  const issued = fc.record({ authentication_code: fc.oneof(canary, fc.jsonValue()) });
  const data = fc.record({ generate_auth_code: fc.oneof(issued, fc.jsonValue()) });
  return fc
    .record(
      { data: fc.oneof(data, fc.jsonValue()), errors: fc.oneof(errors, fc.jsonValue()) },
      { requiredKeys: [] },
    )
    .map((fields) => utf8(JSON.stringify(fields)));
}

/** Words of the platform's that quote the request, in one of the ways in which servers write. */
function anEcho(): fc.Arbitrary<string> {
  const writings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => `Bearer ${text}`,
    (text) => JSON.stringify({ text }),
    (text) => encodeURIComponent(text).replaceAll('-', '%2D'),
    (text) => [...text].map((char) => `&#${char.codePointAt(0)};`).join(''),
    (text) => [...text].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join(''),
  ];
  return fc
    .tuple(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(CANARIES.apiKey, CANARIES.externalId),
      fc.constantFrom(...writings),
      fc.string({ unit: 'binary' }),
    )
    .map(([before, secret, write, after]) => before + write(secret) + after);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const HEADERS = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'keep-alive',
  'location',
  'retry-after',
  'set-cookie',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
];
const HEADER_VALUES = ['0', '1', '-1', 'gzip', 'br', 'deflate, gzip', 'chunked', 'close', '3600'];

/** Bytes but for the end of the line; most may stand in a header. */
function headerText(forbidden: RegExp): fc.Arbitrary<string> {
  const bytes = fc.array(fc.nat(0xff)).map((codes) => String.fromCharCode(...codes));
  return bytes.map((text) => text.replaceAll(forbidden, ' '));
}
const soundText = headerText(/\p{Cc}/gu);
const anyText = headerText(/[\r\n]/g);
const token = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,20}$/);

const anyHeader = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(token, fc.oneof(canary, soundText)) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...HEADERS), fc.oneof(canary, soundText)) },
  fc.tuple(fc.constantFrom(...HEADERS), fc.constantFrom(...HEADER_VALUES)),
);
const oddHeader = fc.tuple(anyText, anyText);

/** The bytes of a response with any status, any headers and any body. */
export const anyWireResponse: fc.Arbitrary<Uint8Array> = fc
  .record({
    status: fc.oneof(
      { weight: 3, arbitrary: fc.constant(200) },
      { weight: 3, arbitrary: fc.integer({ min: 200, max: 599 }) },
      fc.integer({ min: 100, max: 1_100 }),
    ),
    reason: soundText,
    headers: fc.array(fc.oneof({ weight: 20, arbitrary: anyHeader }, oddHeader), { maxLength: 4 }),
    framing: fc.constantFrom('length', 'close', 'chunked'),
    body: anyBody,
  })
  .map(({ status, reason, headers, framing, body }) => {
    const lines = [`HTTP/1.1 ${status} ${reason}`, ...headers.map((header) => header.join(': '))];
    if (framing === 'length') lines.push(`content-length: ${body.byteLength}`);
    if (framing === 'chunked') lines.push('transfer-encoding: chunked');
    const parts = [Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body];
    if (framing === 'chunked') {
      parts.splice(1, 0, utf8(`${body.byteLength.toString(16)}\r\n`));
      parts.push(utf8('\r\n0\r\n\r\n'));
    }
    return Buffer.concat(parts);
  });

/** A sound response with some bytes replaced by others: none, fewer or more. */
const damagedResponse = fc
  .tuple(
    fc.constantFrom(...WAYS.map(({ path }) => issuedBodyAt(path))),
    fc.array(fc.tuple(fc.nat(200), fc.nat(5), fc.uint8Array({ maxLength: 5 })), { maxLength: 3 }),
  )
  .map(([body, damages]) => {
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`;
    const bytes = [...utf8(head + body)];
    for (const [at, count, replacement] of damages) bytes.splice(at, count, ...replacement);
    return Uint8Array.from(bytes);
  });

/** Any bytes in place of a response. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: damagedResponse },
  fc.uint8Array({ maxLength: 300 }),
);
