/** What the checks have in common: the setting, the report, the platform, the search for secrets. */
import assert from 'node:assert/strict';
import { format, inspect } from 'node:util';
import * as exported from 'sentiance-user-link';

const library = { ...exported };

/** What the matrix passes on: where the platform is, which runtime this should be, and so on. */
export const setting = JSON.parse(process.argv[3]);

const MARK = 'c4nary';
export const KEY = `${MARK}-test-user-link-key-${MARK}`;
export const EXTERNAL_ID = `${MARK}-external-id-${MARK}`;
export const ISSUED_CODE = `${MARK}-authentication-code-${MARK}`;

const CHECK_LIMIT = 15_000;

/** Runs one check and reports it as a line; a check that never ends fails like any other. */
export async function check(group, title, run) {
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${CHECK_LIMIT} ms`)), CHECK_LIMIT);
  });
  let error;
  try {
    await Promise.race([run(), tooLong]);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  clearTimeout(timer);
  console.log(`@check ${JSON.stringify({ group, title, error })}`);
}

/** The last line: without it, the process ended in the middle. */
export function finish() {
  console.log(`@finished ${performance.timeOrigin + performance.now()}`);
}

/** A call's own base URL on the platform, which responds as the behaviours say, one a request. */
export function platformCall(...behaviours) {
  const id = crypto.randomUUID();
  return {
    id,
    url: `${setting.platform}/${behaviours.join(',')}/${id}`,
    /** The requests that arrived. */
    seen: (callId = id) => askPlatform('seen', callId),
    /** The same, once their connections are closed (or after two seconds). */
    closed: () => askPlatform('closed', id),
  };
}

/** The same place under another name, with no connection that an earlier check has left open. */
export function unconnected({ url }) {
  return url.replace('127.0.0.1', 'localhost');
}

async function askPlatform(what, callId) {
  const response = await fetch(`${setting.platform}/-/${what}/${callId}`);
  // Not json(): Vercel's edge runtime gives objects of another realm.
  return JSON.parse(await response.text());
}

export function clientOf(baseUrl, options = {}) {
  return new library.SentianceUserLinkClient({ apiKey: KEY, baseUrl, ...options });
}

/** The error of a call that must fail, after a search for secrets in it. */
export async function failureOf(client, options) {
  return errorOf(await client.tryCreateAuthenticationCode(EXTERNAL_ID, options));
}

/**
 * The same of a call that must take `limit` milliseconds: not less, and at most 50 more than a bare
 * timer of that length takes, which is as late as this machine is busy.
 */
export async function failureAfter(limit, client, options) {
  const started = performance.now();
  const timerFired = new Promise((resolve) => {
    setTimeout(() => resolve(performance.now()), limit);
  });
  const result = await client.tryCreateAuthenticationCode(EXTERNAL_ID, options);
  const ended = performance.now();
  assert.ok(ended - started >= limit - 5, `ended after ${ended - started} ms, before ${limit}`);
  const late = ended - (await timerFired);
  assert.ok(late <= 50, `ended ${late} ms after a bare timer of ${limit} ms`);
  return errorOf(result);
}

function errorOf(result) {
  assert.equal(result.ok, false, 'the call brought a code, but should have failed');
  assertSafe(result.error);
  return result.error;
}

/** A call there ends in an error with these fields. */
export async function assertFailure(baseUrl, expected, options) {
  const error = await failureOf(clientOf(baseUrl, options));
  assertFields(error, expected);
  return error;
}

/** Whether the runtime gives a failed connection a code of Node's; the reason is absent elsewhere. */
export const HAS_REASONS = !['deno', 'workerd'].includes(setting.runtime);

/**
 * A failed connection that does not pass by itself is not tried again, and somebody is to be told.
 * Without a reason, nobody knows that: then it is like any other.
 */
export async function assertPermanent(baseUrl, { reason, message }, options) {
  const error = await failureOf(clientOf(baseUrl, options));
  const expected = HAS_REASONS
    ? { action: 'alert', attempts: 1, reason, message }
    : { action: 'retry_later', attempts: 3, reason: undefined };
  assertFields(error, { code: 'connection_failed', ...expected });
}

/** Each of the fields is as expected, or matches when that is a regular expression. */
export function assertFields(error, expected) {
  assert.ok(error instanceof library.SentianceError, 'the error is not a SentianceError');
  for (const [field, value] of Object.entries(expected)) {
    // A minifier renames the class itself.
    const actual = field === 'class' ? error.name : error[field];
    if (field === 'class') assert.ok(error instanceof library[value], `the error is no ${value}`);
    if (value instanceof RegExp) assert.match(String(actual), value, field);
    else assert.deepEqual(actual, value, `${field} is ${inspect(actual)}, not ${inspect(value)}`);
  }
}

/** No secret, nor a part of one, in any way in which the error can come to be read. */
export function assertSafe(error) {
  // The matrix searches what this runtime itself makes of it.
  console.log(error);
  console.error({ error });
  const everything = { depth: 20, showHidden: true, getters: true };
  const views = {
    message: error.message,
    stack: error.stack,
    String: String(error),
    JSON: JSON.stringify(error),
    inspect: inspect(error),
    'inspect of everything': inspect(error, everything),
    format: format('%s %o %j', error, error, error),
    structuredClone: inspect(structuredClone(error), everything),
    cause: inspect(error.cause, everything),
    'as a cause': inspect(new Error('login failed', { cause: error }), everything),
  };
  for (const [view, text] of Object.entries(views)) {
    assert.ok(!String(text).includes(MARK), `${view} shows a secret`);
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
