/**
 * Whatever the platform, a proxy, a `fetch` or a key function says of a request: nobody can read a
 * secret in what the client shows. The oracle is the test's own.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type AttemptEvent, SentianceError } from '../../src/index.js';
import { withoutBackoff } from '../support/clock.js';
import { RANDOM_CASES, RANDOM_SEED } from '../support/random-cases.js';
import { construct, failureOf, requestCode } from '../support/refusals.js';
import { WAYS } from '../support/ways.js';
import { partsOf, readableParts } from './oracle.js';

const PLATFORM_URL = 'https://platform.example';

beforeEach(() => {
  withoutBackoff();
  // Where this test is on this machine is no news.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  onTestFinished(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
});

interface Secrets {
  externalId: string;
  apiKey: string;
}

type Fetch = () => Promise<Response>;

/** What a failed call shows: the error, its events, and both in print. */
async function shownBy({ externalId, apiKey }: Secrets, fetch: Fetch, settings: object = {}) {
  const events: AttemptEvent[] = [];
  const onAttempt = (event: AttemptEvent) => events.push(event);
  const options = { apiKey, baseUrl: PLATFORM_URL, fetch, onAttempt, maxRetries: 1 };
  const client = construct({ ...options, ...settings });
  const error = await failureOf(() => requestCode(client, externalId));
  if (!(error instanceof SentianceError)) throw error;
  return { error, printed: print(error, events), said: wordsOfOthers(error, events) };
}

function print(error: SentianceError, events: readonly AttemptEvent[]): string {
  const everything = { depth: 20, showHidden: true, maxStringLength: null };
  const forms = [
    String(error),
    error.stack,
    inspect(error, everything),
    inspect(error.toJSON(), everything),
    JSON.stringify(error),
    inspect(error.cause, everything),
    ...events.map((event) => JSON.stringify({ ...event, duration: 0 })),
  ];
  return forms.join('\n').toLowerCase();
}

/** What the message says in the platform's words, field by field, and the fields themselves. */
function wordsOfOthers(error: SentianceError, events: readonly AttemptEvent[]): string[] {
  const [, message = ''] =
    / The platform says: "(.*?)"\.( Its errorCode| Quote ref|$)/.exec(error.message) ?? [];
  const fields = ['errorCode', 'ref', 'reason'].map((name) => Reflect.get(error, name));
  const reasons = new Set([...fields, ...events.map(({ reason }) => reason)]);
  return [message, ...reasons].filter((text) => typeof text === 'string' && text !== '');
}

/** The parts of the secrets that can be read in what is shown, but for words of our own messages. */
async function leaksOf(secrets: Secrets, fetch: Fetch, settings?: object): Promise<string[]> {
  const { printed, said } = await shownBy(secrets, fetch, settings);
  // A sign at an end may be one of ours, which stands next to what is shown.
  const isNew = (part: string) =>
    /^[^\p{P}\p{S}].*[^\p{P}\p{S}]$|^[\p{P}\p{S}]+$/su.test(part) &&
    printed.includes(part) &&
    !ownWords.includes(part);
  return [secrets.externalId, secrets.apiKey].flatMap((secret) => [
    ...readableParts(secret, said),
    ...partsOf(secret).filter(isNew),
  ]);
}

const HARMLESS = { externalId: '\u00a7\u00a7\u00a7', apiKey: '########' };

/** What we print when others say something harmless, which a secret may happen to be a part of. */
let ownWords = '';

beforeEach(async () => {
  const body = { message: 'Qqq', errorCode: 'QQQ', ref: '99999999-9999-4999-9999-999999999999' };
  const code = Object.assign(new TypeError('q'), { code: 'EQQ' });
  const calls = await Promise.all([
    ...STATUSES.flatMap((status) =>
      APIS.map((api) => shownBy(HARMLESS, respond(status, body), { api })),
    ),
    shownBy(HARMLESS, respond(200, graphqlErrors(body)), { api: 'graphql' }),
    shownBy(HARMLESS, () => Promise.reject(code)),
    shownBy(HARMLESS, () => Promise.reject('q')),
    shownBy(HARMLESS, () => Promise.reject(new TypeError('q'))),
    shownBy(HARMLESS, respond(200, {}), { apiKey: () => Promise.reject(code) }),
  ]);
  const names = 'AbortError AggregateError RangeError ReferenceError SyntaxError TimeoutError';
  ownWords = [...calls.map(({ printed }) => printed), names.toLowerCase()].join('\n');
});

const STATUSES = [400, 401, 403, 404, 429, 500, 503];
const APIS = WAYS.map(({ api }) => api);

/** Either way by status, and GraphQL's failure in a 200, here by the status 200. */
const failures = fc
  .tuple(fc.constantFrom(...APIS), fc.constantFrom(...STATUSES, 200))
  .map(([api, status]) => (status === 200 ? { api: 'graphql', status } : { api, status }));

/** What a body says, as an error of GraphQL says it. */
function graphqlErrors({ message, code, errorCode, ref }: Record<string, unknown>) {
  return { errors: [{ message, extensions: { code: code ?? errorCode, message: ref } }] };
}

function respond(
  status: number,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Fetch {
  return async () => new Response(JSON.stringify(body), { status, headers });
}

const letters = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength, maxLength });
const capitals = letters(3, 12).map((text) => text.toUpperCase());
const word = fc.constantFrom(
  'alice',
  'correct',
  'horse',
  'battery',
  'staple',
  'marie',
  'van',
  'jo',
);
const hexDigits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const accented = fc.string({
  unit: fc.constantFrom(...'aeionsé\u00fc\u00f1\u00df\u00c5\u0130'),
  minLength: 3,
  maxLength: 12,
});

const externalIds = fc.oneof(
  fc.uuid(),
  letters(3, 3),
  letters(4, 20),
  accented,
  fc.string({ unit: fc.constantFrom(...'пользватеь'), minLength: 3, maxLength: 12 }),
  fc.nat().map((id) => String(id + 100)),
  fc.tuple(word, word).map((words) => `${words.join('.')}@example.com`),
  fc.tuple(word, fc.nat(9_999)).map((parts) => parts.join('-')),
  fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
  capitals.map((text) => `ERR_${text}`),
  capitals.map((text) => `E${text}`),
  fc.constantFrom('ECONNRESET', 'ENOTFOUND', 'UND_ERR_SOCKET', 'TypeError', 'not', 'bad', 'user'),
  fc.string({ unit: fc.constantFrom(...`.-_*!?'"(),:;/\\ab`), minLength: 3, maxLength: 6 }),
  hexDigits(32),
);

const seenApiKeys = fc.tuple(fc.uuid(), hexDigits(64)).map((parts) => parts.join('.'));
const apiKeys = fc.oneof(
  seenApiKeys,
  fc.array(word, { minLength: 3, maxLength: 6 }).map((words) => words.join('-')),
  letters(16, 40),
  capitals.map((text) => `EKEY_${text}`),
);

/** Of a random generator, which leaves out neither capitals nor digits. */
const tokens = fc
  .base64String({ minLength: 64, maxLength: 64 })
  .filter((token) => /[A-Z]/.test(token) && /[a-z]/.test(token) && /\d/.test(token));

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  percent: (text) => encodeURIComponent(text).replaceAll('-', '%2D').replaceAll('.', '%2E'),
  'percent of every byte': (text) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&'),
  html: (text) => [...text].map((char) => `&#${char.codePointAt(0)};`).join(''),
  'html of signs': (text) =>
    text.replaceAll(/\W/gu, (char) => `&#x${char.codePointAt(0)?.toString(16)};`),
  json: (text) => JSON.stringify(text).slice(1, -1),
  'json of every character': (text) =>
    text
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 of the header': (text) => Buffer.from(`Bearer ${text}`).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  HEX: (text) => Buffer.from(text).toString('hex').toUpperCase(),
};

const FORMS: Readonly<Record<string, (text: string) => string>> = {
  whole: (text) => text,
  'in capitals': (text) => text.toUpperCase(),
  'in lower case': (text) => text.toLowerCase(),
  'in prose case': (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
  'without signs': (text) => text.replaceAll(/[^\p{L}\p{N}]/gu, ''),
  'with spaces for signs': (text) => text.replaceAll(/[^\p{L}\p{N}]/gu, ' '),
  'as an identifier': (text) => text.toUpperCase().replaceAll(/[^A-Z]+/g, '_'),
  'as a UUID': (text) =>
    text
      .replaceAll(/[^0-9a-f]/gi, '')
      .padEnd(32, '0')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/s, '$1-$2-$3-$4-$5'),
  'less its end': (text) => text.slice(0, -1),
  'less its beginning': (text) => text.slice(2),
  'with an ellipsis inside': (text) =>
    `${text.slice(0, text.length / 2)}…${text.slice(text.length / 2)}`,
  'with dots inside': (text) => `${text.slice(0, -3)}... ${text.slice(-3)}`,
  'there twice': (text) => text + text,
  'in pieces of two': (text) => text.replaceAll(/../gsu, '$& '),
  'in pieces of three': (text) => text.replaceAll(/.../gsu, '$& '),
  'letter by letter': (text) => text.split('').join(' '),
};

/** Nobody encodes what has already been taken to pieces. */
const CHANGED_AT_MOST = [
  'whole',
  'in capitals',
  'in lower case',
  'in prose case',
  'without signs',
  'less its end',
  'less its beginning',
];

/** A secret as somebody writes it: cut or changed, encoded up to twice, and changed again. */
const writings = fc
  .record({
    before: fc.constantFrom(...CHANGED_AT_MOST),
    encodings: fc.array(fc.constantFrom(...Object.keys(ENCODINGS)), { maxLength: 2 }),
    after: fc.constantFrom(...Object.keys(FORMS)),
  })
  .map(({ before, encodings, after }) => {
    const steps = [FORMS[before], ...encodings.map((name) => ENCODINGS[name]), FORMS[after]];
    const write = (text: string) => steps.reduce((result, step) => step?.(result) ?? result, text);
    return { write, toString: () => [before, ...encodings, after].join(', then ') };
  });

const prose = fc.constantFrom(
  '',
  'User',
  'No user',
  'Key',
  'is not known',
  'or expired.',
  '(',
  ')',
  '"',
  '": "',
  'a',
);

/** What each field holds: the secret with words around it, or one of two halves. */
const echoes = fc.record({
  which: fc.constantFrom<keyof Secrets>('externalId', 'apiKey'),
  writing: writings,
  around: fc.tuple(prose, prose),
  glue: fc.constantFrom('', ' ', '_'),
  isSplit: fc.boolean(),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
});

type Echo = typeof echoes extends fc.Arbitrary<infer T> ? T : never;

/** The texts that a response of this kind has room for. */
function fieldsOf(secrets: Secrets, { which, writing, around, glue, isSplit, at }: Echo) {
  const [before, after] = around;
  const text = writing.write(secrets[which]);
  const cut = Math.round(text.length * at);
  const whole = `${before}${glue}${text}${glue}${after}`;
  const parts = isSplit ? [text.slice(0, cut), text.slice(cut)] : [text, text];
  const [first = '', second = ''] = parts;
  return { message: isSplit ? `${before} ${first}` : whole, first, second };
}

const secretPairs = fc.record({ externalId: externalIds, apiKey: apiKeys });

/** No socket is opened: these are quick. */
const parameters = { numRuns: RANDOM_CASES * 2, seed: RANDOM_SEED };

/** fast-check shows the case that fails; these tests show what leaked, too. */
function property<T>(
  title: string,
  cases: fc.Arbitrary<T>,
  leaks: (value: T) => Promise<string[]>,
) {
  test(`${title} (seed ${RANDOM_SEED})`, { timeout: 300_000 }, async () => {
    const holds = async (value: T) => {
      expect(await leaks(value)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(cases, holds), parameters);
  });
}

describe('Nobody reads a secret', () => {
  property(
    'in the error of a response that echoes it',
    fc.record({
      secrets: secretPairs,
      echo: echoes,
      failure: failures,
      order: fc.shuffledSubarray(['message', 'errorCode', 'ref', 'code'], { minLength: 1 }),
    }),
    async ({ secrets, echo, failure: { api, status }, order }) => {
      const { message, first, second } = fieldsOf(secrets, echo);
      const [one = 'message', ...others] = order;
      const body: Record<string, unknown> = Object.fromEntries(
        others.map((name) => [name, second]),
      );
      body[one] = one === 'message' ? message : first;
      const header = first.replaceAll(/[^\x20-\x7e]/g, '');
      const sent = status === 200 ? graphqlErrors(body) : body;
      return leaksOf(secrets, respond(status, sent, { 'retry-after': header }), { api });
    },
  );

  property(
    'in the error of a response that holds an authentication code',
    fc.record({
      code: fc.oneof(hexDigits(128), tokens),
      encodings: fc.array(fc.constantFrom(...Object.keys(ENCODINGS)), { maxLength: 2 }),
      form: fc.constantFrom('whole', 'in capitals', 'less its end', 'with an ellipsis inside'),
      words: fc.tuple(prose, prose),
      failure: failures,
    }),
    async ({ code, encodings, form, words: [before, after], failure: { api, status } }) => {
      const steps = [...encodings.map((name) => ENCODINGS[name]), FORMS[form]];
      const written = steps.reduce((text, step) => step?.(text) ?? text, code);
      const message = `${before} ${written} ${after}`;
      const body = { message, errorCode: written, ref: written, authentication_code: code };
      // The client does not know the code: here it stands for a secret of nobody's call.
      const sent = status === 200 ? { ...graphqlErrors(body), data: body } : body;
      const { printed, said } = await shownBy(HARMLESS, respond(status, sent), { api });
      const isPrinted = (part: string) => printed.includes(part);
      return [...readableParts(code, said), ...partsOf(code).filter(isPrinted)];
    },
  );

  property(
    'in the error of a fetch that fails with it',
    fc.record({
      secrets: secretPairs,
      echo: echoes,
      fields: fc.subarray(['code', 'name', 'message'], { minLength: 1 }),
      isCause: fc.boolean(),
    }),
    async ({ secrets, echo, fields, isCause }) => {
      const { message, first } = fieldsOf(secrets, echo);
      const error = failure(message, first, fields, isCause);
      return leaksOf(secrets, () => Promise.reject(error));
    },
  );

  property(
    'in the error of a key function that fails with it',
    fc.record({
      // The client does not know the key then: one that looks like a system's code would be shown.
      secrets: fc.record({ externalId: externalIds, apiKey: seenApiKeys }),
      echo: echoes,
      fields: fc.subarray(['code', 'name', 'message'], { minLength: 1 }),
      isCause: fc.boolean(),
    }),
    async ({ secrets, echo, fields, isCause }) => {
      const { message, first } = fieldsOf(secrets, echo);
      const error = failure(message, first, fields, isCause);
      return leaksOf(secrets, respond(200, {}), { apiKey: () => Promise.reject(error) });
    },
  );

  function failure(message: string, text: string, fields: string[], isCause: boolean): Error {
    const error = Object.assign(
      new Error(message),
      Object.fromEntries(fields.map((name) => [name, text])),
    );
    return isCause ? new TypeError('fetch failed', { cause: error }) : error;
  }
});
