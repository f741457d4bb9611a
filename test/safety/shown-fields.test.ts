/** Which of the platform's words are shown, to people with ordinary and with odd keys and ids. */
import { describe, expect, test } from 'vitest';
import { SentianceRequestError } from '../../src/index.js';
import { construct, failureOf, requestCode } from '../support/refusals.js';

const UUID = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
const KEY = `${UUID}.${'9f86d081884c7d659a2feaa0c55ad015'.repeat(2)}`;
const REF = '0f8fad5b-d9cb-469f-a165-70867728950e';

/** What a call with this key and id shows of a 400 with this body. */
async function shownOf(body: unknown, externalId = 'u-4711', apiKey = KEY) {
  const fetch = async () => new Response(JSON.stringify(body), { status: 400 });
  const client = construct({ apiKey, baseUrl: 'https://platform.example', fetch });
  const error = await failureOf(() => requestCode(client, externalId));
  if (!(error instanceof SentianceRequestError)) throw error;
  const { errorCode, ref } = error;
  return { message: / The platform says: "(.*?)"\./.exec(error.message)?.[1], errorCode, ref };
}

describe('The message of the platform is shown', () => {
  test.each([
    'The API key is missing, wrong or expired',
    'User linking is not configured for this app.',
    'Bad request: the body (JSON) has no user!',
    'Is the "user" known?',
    'NOT FOUND',
    'I',
  ])('whole when it is plain words: %s', async (message) => {
    expect(await shownOf({ message })).toMatchObject({ message });
  });

  test.each([
    ['a digit', 'Try again in 30 seconds', 'Try again in … seconds'],
    ['a sign inside', 'The user-link scope', 'The … scope'],
    ['an underscore', 'No external_id given', 'No … given'],
    ['mixed case', 'Bad userName here', 'Bad … here'],
    ['another script', 'No user имя here', 'No user … here'],
    ['an accent', 'No user Zoë here', 'No user … here'],
    ['an e-mail address', 'No user jane@x.example here', 'No user … here'],
    ['25 letters', `So ${'a'.repeat(25)} so`, 'So … so'],
    ['too many signs around it', 'So ((((what)))) so', 'So … so'],
    ['nothing but signs', 'So -- so', 'So … so'],
    ['several such in a row', 'So 1 2 3 so', 'So … so'],
    ['lines', ' So\r\n\n\twhat\u2028so ', 'So what so'],
    ['control characters', 'So a\u0000b \u001b[31m so', 'So … so'],
  ])('without a word that has %s', async (_, message, shown) => {
    expect(await shownOf({ message })).toMatchObject({ message: shown });
  });

  test.each([
    ['of nothing', ''],
    ['of white space', ' \n\t '],
    ['without a plain word', '12 34 a_b'],
    ['that is a code', 'c0de'.repeat(32)],
  ])('not at all when it is one %s', async (_, message) => {
    expect(await shownOf({ message })).toMatchObject({ message: undefined });
  });

  test.each([
    ['40 words', 'so '.repeat(40), Array(40).fill('so').join(' ')],
    ['41 words', 'so '.repeat(41), `${Array(40).fill('so').join(' ')} …`],
    ['1 Mi words', 'so '.repeat(1_048_576 / 4), `${Array(40).fill('so').join(' ')} …`],
    ['a word that begins late', `So${' '.repeat(3_993)}beginning`, 'So …'],
  ])('up to its 40th word, of %s', async (_, message, shown) => {
    expect(await shownOf({ message })).toMatchObject({ message: shown });
  });
});

describe('A word is not shown', () => {
  test.each([
    ['is the id', 'No user alice here', 'alice', 'No user … here'],
    ['is the id in capitals', 'No user ALICE here', 'alice', 'No user … here'],
    ['holds the id', 'No user Malices here', 'alice', 'No user … here'],
    ['is the id, quoted', 'No user ("alice") here', 'alice', 'No user … here'],
    [
      'is a part of the id',
      'No user named jane or doe here',
      'jane.doe@x.example',
      'No user named … or … here',
    ],
    ['is the id cut off', 'No user alexand... here', 'alexander', 'No user … here'],
    [
      'shares eight letters with the id',
      'No user alexandrina here',
      'xx-alexandri',
      'No user … here',
    ],
    ['is the id without its accents', 'No user Zoe here', 'Zoë', 'No user … here'],
    ['is the id, which grows in capitals', 'No user STRASSE here', 'straße', 'No user … here'],
    ['is the rest of an id in pieces', 'No user: al ex an', 'alexan', 'No user: al ex …'],
    ['is the id in base64', 'No user YWJj here'.replace('YWJj', 'Ywjj'), 'abc', 'No user … here'],
    ['is a part of the key', 'Key battery here', 'u', 'Key … here', 'correct-battery-horse'],
    ['is a run of the key', 'Key xcorrectba here', 'u', 'Key … here', 'correctbattery7'],
  ])('that %s', async (_, message, externalId, shown, apiKey = KEY) => {
    expect(await shownOf({ message }, externalId, apiKey)).toMatchObject({ message: shown });
  });

  test.each([
    ['has signs alone', 'No user: "!!!" so', '!!!', 'No user: … so'],
    ['has signs and is in the message', 'No user!!! Really', '!!!', undefined],
    ['is two letters and a space', 'No a b so', 'a b', 'No a … so'],
    ['has two letters', 'No one', 'no', 'No one'],
    ['has two letters and a hyphen', 'No such b', 'n-o', '… such b'],
  ])('of an id that %s', async (_, message, externalId, shown) => {
    expect(await shownOf({ message }, externalId)).toMatchObject({ message: shown });
  });
});

describe('An errorCode', () => {
  test.each(['USERLINKING_NOT_CONFIGURED', 'USER_NOT_FOUND', 'E', 'A'.repeat(64)])(
    'of capitals is shown: %s',
    async (errorCode) => {
      expect(await shownOf({ errorCode })).toMatchObject({ errorCode });
    },
  );

  test.each([
    ['has a digit', 'E_42'],
    ['has lower case', 'NotFound'],
    ['is a sentence', 'NOT FOUND'],
    ['has a line break', 'NO\n'],
    ['is longer than 64 characters', 'A'.repeat(65)],
    ['is the id', 'ALICE_DOE', 'alice-doe'],
    ['holds the id', 'NO_USER_ALICE', 'alice'],
    ['holds the id, letter by letter', 'NO_A_L_I_C_E', 'alice'],
    ['is a part of the id', 'ALICE', 'alice-doe'],
    ['shares eight letters with the key', 'BAD_CORRECT_B', 'u', 'correct-battery-horse'],
  ])('is not shown that %s', async (_, errorCode, externalId = 'u-4711', apiKey = KEY) => {
    expect(await shownOf({ errorCode }, externalId, apiKey)).toMatchObject({
      errorCode: undefined,
    });
  });
});

describe('A ref', () => {
  test.each([REF, REF.toUpperCase(), '00000000-0000-4000-8000-000000000001'])(
    'that is a UUID is shown: %s',
    async (ref) => {
      expect(await shownOf({ ref })).toMatchObject({ ref });
    },
  );

  test('that holds an id of two digits is shown, since that is by chance', async () => {
    expect(await shownOf({ ref: REF }, '70')).toMatchObject({ ref: REF });
  });

  const hexadecimal = (text: string) =>
    Buffer.from(text)
      .toString('hex')
      .padEnd(32, '0')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

  test.each([
    ['is no UUID', 'ref-4711'],
    ['has no hyphens', REF.replaceAll('-', '')],
    ['has a line break', `${REF}\n`],
    ['is the id', REF.toUpperCase(), REF],
    ['is the first part of the key', UUID],
    ['holds the id', `${REF.slice(0, 24)}a1b2c3d4e5f6`, 'a1b2c3d4e5f6'],
    ['shares eight characters with the key', `abcdef12-3${UUID.slice(10, 18)}-8000-000000000000`],
    ['shares seven digits and a hyphen', `abcdef12-9dc0-11d3-8000-000000000000`],
    ['is the id in hexadecimal', hexadecimal('alice'), 'alice'],
    ['is the id in hexadecimal, of another script', hexadecimal('пользова'), 'пользова'],
    [
      'is the id in hexadecimal twice',
      hexadecimal(Buffer.from('alice-77').toString('hex')),
      'alice-77',
    ],
  ])('is not shown that %s', async (_, ref, externalId = 'u-4711') => {
    expect(await shownOf({ ref }, externalId)).toMatchObject({ ref: undefined });
  });
});

test.each([
  ['the message and the errorCode', { message: 'No al', errorCode: 'IC' }, 'alic'],
  ['the errorCode and the message', { message: 'ic', errorCode: 'AL' }, 'alic'],
  ['the message and the ref', { message: 'No ab', ref: REF }, 'ab0f8f'],
  ['the ref and the errorCode', { errorCode: 'AB', ref: REF }, '8950eab'],
])('Nothing is shown of a secret that is split over %s', async (_, body, externalId) => {
  expect(await shownOf(body, externalId)).toEqual({
    message: undefined,
    errorCode: undefined,
    ref: undefined,
  });
});

test('With a key or an id of more than 1,000 characters nothing is shown', async () => {
  const body = { message: 'Qqq', errorCode: 'QQQ', ref: REF };
  const nothing = { message: undefined, errorCode: undefined, ref: undefined };
  expect(await shownOf(body, '#'.repeat(1_001))).toEqual(nothing);
  expect(await shownOf(body, 'u-4711', '#'.repeat(1_001))).toEqual(nothing);
  expect(await shownOf(body, '#'.repeat(1_000), '#'.repeat(1_000))).toEqual({
    ...body,
  });
});
