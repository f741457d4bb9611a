/** What a user of plain JavaScript can pass, and how it is refused: before anything is sent. */
import assert from 'node:assert/strict';
import { SentianceConfigurationError, SentianceUserLinkClient } from 'sentiance-user-link';
import {
  assertFields,
  assertSafe,
  check,
  clientOf,
  failureOf,
  KEY,
  platformCall,
} from './harness.mjs';

const REFUSED = {
  class: 'SentianceConfigurationError',
  code: 'invalid_configuration',
  action: 'alert',
  attempts: 0,
};
const BAD_ID = {
  class: 'SentianceInvalidExternalIdError',
  code: 'invalid_external_id',
  action: 'fix_input',
  attempts: 0,
};

export async function misuse() {
  for (const [title, options, message] of [
    ['no key', {}, /^apiKey is missing/],
    ['a key with a line break', { apiKey: `${KEY}\n${KEY}` }, /has a line break inside it/],
    ['a key that no header takes', { apiKey: `${KEY}é` }, /cannot stand in an HTTP header/],
    ['a key with its prefix', { apiKey: `Bearer ${KEY}` }, /starts with "Bearer "/],
    ['an unknown region', { apiKey: KEY, region: KEY }, /^region must be/],
    ['a region and a URL', { apiKey: KEY, region: 'eu', baseUrl: 'https://a.example' }, /exclude/],
    ['plain http', { apiKey: KEY, baseUrl: 'http://a.example' }, /^baseUrl must use https/],
    ['an unknown option', { apiKey: KEY, timeOut: 1 }, /unknown option 'timeOut'/],
    ['a timeout of 0', { apiKey: KEY, timeout: 0 }, /^timeout must be a number/],
    ['too many retries', { apiKey: KEY, maxRetries: 11 }, /^maxRetries must be a whole number/],
    ['a fetch that is none', { apiKey: KEY, fetch: KEY }, /^fetch must be a function/],
    ['a promise', Promise.resolve({}), /but they are a promise/],
  ]) {
    await check('misuse', `the constructor refuses ${title}`, async () => {
      const error = thrownBy(() => new SentianceUserLinkClient(options));
      assertFields(error, { ...REFUSED, message });
      assertSafe(error);
    });
  }

  for (const [title, externalId] of [
    ['undefined', undefined],
    ['a number', 42],
    ['an empty string', ''],
    ['white space', ' \t\n'],
    ['half of a character', 'user-\ud83d'],
  ]) {
    await check('misuse', `an external id that is none: ${title}`, async () => {
      const call = platformCall('ok');
      const result = await clientOf(call.url).tryCreateAuthenticationCode(externalId);
      assertFields(result.error, BAD_ID);
      assertSafe(result.error);
      assert.deepEqual(await call.seen(), []);
    });
  }

  for (const [title, options] of [
    ['null', null],
    ['an unknown option', { retries: 1 }],
    ['a signal that is none', { signal: 'stop' }],
    ['a negative timeout', { timeout: -1 }],
    ['a signal alone', new AbortController().signal],
  ]) {
    await check('misuse', `call options that are none: ${title}`, async () => {
      assertFields(await failureOf(clientOf(platformCall('ok').url), options), REFUSED);
    });
  }

  const fail = () => {
    throw new Error(KEY);
  };
  for (const [title, apiKey] of [
    ['throws', fail],
    ['rejects', async () => fail()],
    ['rejects with nothing', () => Promise.reject()],
    ['gives none', () => undefined],
  ]) {
    await check('misuse', `a key function that ${title}`, async () => {
      const error = await failureOf(clientOf(platformCall('ok').url, { apiKey }));
      assertFields(error, REFUSED);
    });
  }

  for (const [title, fetch, expected] of [
    ['throws', fail, { code: 'connection_failed', attempts: 2 }],
    ['rejects with a string', () => Promise.reject(KEY), { code: 'connection_failed' }],
    ['gives no Response', () => KEY, { code: 'invalid_configuration', attempts: 1 }],
    ['fails as a Response', () => Response.error(), { code: 'connection_failed', attempts: 2 }],
  ]) {
    await check('misuse', `a fetch that ${title}`, async () => {
      const client = clientOf('https://a.example', { fetch, maxRetries: 1 });
      assertFields(await failureOf(client), expected);
    });
  }

  await check(
    'misuse',
    'tryCreateAuthenticationCode without its client does not reject',
    async () => {
      const { tryCreateAuthenticationCode } = clientOf(platformCall('ok').url);
      const { error } = await tryCreateAuthenticationCode('user-1');
      assert.ok(error instanceof SentianceConfigurationError);
      assertSafe(error);
    },
  );

  await check('misuse', 'a key with white space around it works', async () => {
    const client = clientOf(platformCall('ok').url, { apiKey: ` ${KEY}\r\n` });
    assert.equal((await client.tryCreateAuthenticationCode('user-1')).ok, true);
    // The matrix searches what is printed.
    console.log(client);
  });
}

function thrownBy(action) {
  try {
    action();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}
