import { expect, test } from 'vitest';
import { CANARIES, expectNoCanary } from '../support/canaries.js';
import { codeResponse, respondInTurn } from '../support/in-memory-fetch.js';
import {
  construct,
  failureOf,
  requestCode,
  requestOf,
  revokedProxy,
  startWithoutEnvironment,
} from '../support/refusals.js';

const apiKey = 'test-user-link-key';

startWithoutEnvironment();

async function expectIdRefusal(args: unknown[], message: string) {
  const fetch = respondInTurn(codeResponse());
  const client = construct({ apiKey, fetch });

  const error = await failureOf(() => requestCode(client, ...args));

  expect(error).toMatchObject({
    name: 'SentianceInvalidExternalIdError',
    code: 'invalid_external_id',
    action: 'fix_input',
    attempts: 0,
    message,
  });
  expectNoCanary(error);
  expect(fetch).not.toHaveBeenCalled();
}

test.each([
  ['a number as text', '42'],
  ['white space around it', '  user-1\n'],
  ['quotes', 'user-"1"'],
  ['a line break', 'user\n1'],
  ['letters of any language', 'usér-ÿ-用户'],
  ['an emoji, which is a whole pair', 'user-🙂'],
  ['a null character', 'user\u0000'],
  ['ten thousand characters', 'x'.repeat(10_000)],
])('An external id is sent as it is given: %s', async (_, externalId) => {
  const { body } = await requestOf({ apiKey }, externalId);

  expect(JSON.parse(body ?? '')).toStrictEqual({ external_id: externalId });
});

test.each<[string, unknown]>([
  ['a number', 42],
  ['a number', Number.MAX_SAFE_INTEGER + 1],
  ['a number', Number.NaN],
  ['a bigint', 9_007_199_254_740_993n],
])('An external id must not be %s, since digits may be lost already: %s', async (kind, id) => {
  await expectIdRefusal(
    [id],
    `externalId must be a string, but it is ${kind}. Convert it where the id is created or read, with String(id): a number above 2^53 has lost digits already, and would link somebody else's user.`,
  );
});

test.each<[string, unknown[]]>([
  ['undefined', []],
  ['undefined', [undefined]],
  ['null', [null]],
  ['a boolean', [true]],
  ['a symbol', [Symbol(CANARIES.externalId)]],
  ['an array', [[CANARIES.externalId]]],
  ['an object', [{ id: CANARIES.externalId }]],
  ['an object', [Object(CANARIES.externalId)]],
  ['a promise', [Promise.resolve(CANARIES.externalId)]],
  ['a function', [() => CANARIES.externalId]],
  ['an object', [revokedProxy()]],
])('An external id must be a string, but not %s', async (shown, args) => {
  await expectIdRefusal(
    args,
    `externalId must be a string, but it is ${shown}. Pass your own platform's id of the user.`,
  );
});

const BLANK = "externalId is blank. Pass your own platform's id of the user.";

test.each([
  ['an empty string', ''],
  ['spaces', '   '],
  ['line ends and tabs', '\r\n\t'],
  ['spaces of other languages', '\u00a0\u3000'],
])('An external id must not be blank: %s', async (_, externalId) => {
  await expectIdRefusal([externalId], BLANK);
});

test.each([
  ['the first half alone', '\ud83d'],
  ['the second half alone', '\ude42'],
  ['a string cut in the middle of a character', `${CANARIES.externalId}🙂`.slice(0, -1)],
  ['the halves in the wrong order', '\ude42\ud83d'],
])('An external id must be well-formed Unicode: %s', async (_, externalId) => {
  await expectIdRefusal(
    [externalId],
    'externalId is not well-formed Unicode: half of a surrogate pair stands alone in it, as when a string was cut in the middle of a character. Pass the whole id.',
  );
});

test('An external id is looked at before the options of the call', async () => {
  await expectIdRefusal(['', { timeout: 0 }], BLANK);
});
