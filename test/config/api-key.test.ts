import { describe, expect, test, vi } from 'vitest';
import { CANARIES } from '../support/canaries.js';
import { codeResponse, respondInTurn } from '../support/in-memory-fetch.js';
import {
  construct,
  expectRefusal,
  requestCode,
  requestOf,
  startWithoutEnvironment,
} from '../support/refusals.js';

const { apiKey } = CANARIES;
const VARIABLE = 'SENTIANCE_USER_LINK_API_KEY';

startWithoutEnvironment();

test.each([
  ['as it is', apiKey],
  ['with a line end', `${apiKey}\n`],
  ['with a line end of Windows', `${apiKey}\r\n`],
  ['with spaces and tabs around it', ` \t${apiKey}\t `],
  ['with a byte order mark', `\ufeff${apiKey}`],
])('A key is sent without white space around it, wherever it is from: %s', async (_, key) => {
  vi.stubEnv(VARIABLE, key);
  for (const options of [{ apiKey: key }, { apiKey: () => key }, {}]) {
    expect((await requestOf(options)).authorization).toBe(`Bearer ${apiKey}`);
  }
});

const PRINTABLE = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 33 + i));

test.each([
  ['any character of plain ASCII', `${PRINTABLE} ${PRINTABLE}`],
  ['the word bearer', 'the-bearer of this'],
  ['bearer and a hyphen', 'bearer-of-this'],
  ['quotes inside', 'a"b"c'],
  ['a quote at one end', '"abc'],
  ['two kinds of quotes', '"abc\''],
])('A key may have %s', async (_, key) => {
  expect((await requestOf({ apiKey: key })).authorization).toBe(`Bearer ${key}`);
});

test.each([
  ['a string', apiKey],
  ['a function', () => apiKey],
])('The option goes before the environment variable: %s', async (_, option) => {
  vi.stubEnv(VARIABLE, 'another-key');

  expect((await requestOf({ apiKey: option })).authorization).toBe(`Bearer ${apiKey}`);
});

test('The environment is read at construction and never again', async () => {
  vi.stubEnv(VARIABLE, apiKey);
  const fetch = respondInTurn(codeResponse());
  const client = construct({ fetch });
  vi.stubEnv(VARIABLE, 'another-key');

  await requestCode(client, 'user-1');

  expect(fetch.mock.calls[0]?.[1].headers).toMatchObject({ Authorization: `Bearer ${apiKey}` });
});

test.each([
  ['not set', undefined],
  ['empty', ''],
  ['blank', ' \r\n\t'],
])('The key is missing when the environment variable is %s', async (_, value) => {
  vi.stubEnv(VARIABLE, value);

  await expectRefusal(
    () => construct(),
    `apiKey is missing. Pass apiKey, or set the environment variable ${VARIABLE}, to a key with the user-link scope from Sentiance's Insights Control Tower.`,
  );
});

/** Where a key comes from, what messages call that, and how a key from there comes to be checked. */
const SOURCES: [string, string, (key: unknown) => unknown][] = [
  ['the option', 'apiKey', (key) => construct({ apiKey: key })],
  [
    'a function',
    'The key from the apiKey function',
    (key) => requestCode(construct({ apiKey: () => key }), 'user-1'),
  ],
  [
    'an async function',
    'The key from the apiKey function',
    (key) => requestCode(construct({ apiKey: async () => key }), 'user-1'),
  ],
  [
    'the environment',
    `The environment variable ${VARIABLE}`,
    (key) => {
      vi.stubEnv(VARIABLE, String(key));
      return construct();
    },
  ],
];

const PREFIXED = 'starts with "Bearer ". Give the key alone: the client adds the prefix.';
const QUOTED =
  'is in quotes. Give the key alone: some env files keep the quotes as part of the value.';
const BROKEN = 'has a line break inside it. Give one key, on one line.';
const UNSENDABLE =
  'has a character that cannot stand in an HTTP header. Copy the key again from where it is kept: it is plain ASCII.';

describe.each(SOURCES)('A key from %s is refused', (_, source, pass) => {
  test.each([
    ['with its prefix', `Bearer ${apiKey}`, PREFIXED],
    ['with its prefix in small letters', `bearer  ${apiKey}`, PREFIXED],
    ['with its prefix after white space', ` BEARER\t${apiKey}`, PREFIXED],
    ['with its prefix and a line break', `Bearer\n${apiKey}`, PREFIXED],
    ['with its prefix and nothing behind it', 'Bearer ', PREFIXED],
    ['in double quotes', `"${apiKey}"`, QUOTED],
    ['in single quotes', `'${apiKey}'\n`, QUOTED],
    ['in backticks', `\`${apiKey}\``, QUOTED],
    ['in quotes with its prefix', `"Bearer ${apiKey}"`, QUOTED],
    ['in quotes with a line break', `"${apiKey}\n"`, QUOTED],
    ['as quotes alone', '""', QUOTED],
    ['with a line feed', `${apiKey}\n${apiKey}`, BROKEN],
    ['with a carriage return', `${apiKey}\r${apiKey}`, BROKEN],
    ['with another header', `${apiKey}\r\nX-Evil: 1`, BROKEN],
    ['with an accent', `${apiKey}é`, UNSENDABLE],
    ['with a long dash', `${apiKey}–${apiKey}`, UNSENDABLE],
    ['with an emoji', `🔑${apiKey}`, UNSENDABLE],
    ['with a line separator', `${apiKey}\u2028${apiKey}`, UNSENDABLE],
    ['with a space of no width', `\u200b${apiKey}`, UNSENDABLE],
    ['with a tab inside', `${apiKey}\t${apiKey}`, UNSENDABLE],
    ['with a control character', `${apiKey}\u0007`, UNSENDABLE],
    ['with the delete character', `${apiKey}\u007f`, UNSENDABLE],
  ])('%s', async (_, key, fault) => {
    await expectRefusal(() => pass(key), `${source} ${fault}`);
  });
});

describe.each(SOURCES.slice(0, 3))('A key from %s is refused', (_, source, pass) => {
  test.each(['', '  ', '\n'])('when it is empty: %j', async (key) => {
    await expectRefusal(
      () => pass(key),
      `${source} is empty. Give the API key with the user-link scope from Sentiance's Insights Control Tower.`,
    );
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a boolean', true],
    ['a number', 42],
    ['a bigint', 1n],
    ['a symbol', Symbol(apiKey)],
    ['an array', [apiKey]],
    ['an object', { apiKey }],
    // The bytes of a file.
    ['an object', Buffer.from(apiKey)],
  ])('when it is %s', async (shown, key) => {
    const accepted = source === 'apiKey' ? 'a string, or a function that gives one' : 'a string';
    await expectRefusal(() => pass(key), `${source} must be ${accepted}, but it is ${shown}.`);
  });
});

test('A promise of a key is refused: a function may give one', async () => {
  await expectRefusal(
    () => construct({ apiKey: Promise.resolve(apiKey) }),
    'apiKey must be a string, or a function that gives one, but it is a promise.',
  );
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a promise of nothing', Promise.resolve()],
])('A function that gives %s is refused', async (_, given) => {
  await expectRefusal(
    () => requestCode(construct({ apiKey: () => given }), 'user-1'),
    'The key from the apiKey function must be a string, but it is undefined.',
  );
});
