import { expect, test, vi } from 'vitest';
import { errorOf } from '../support/calls.js';
import { interceptRequests } from '../support/msw.js';
import { type Body, CODE, clientWith, errorFrom, respondWith } from './responses.js';

interceptRequests();

test.each<[string, string, string]>([
  ['of a byte too many', JSON.stringify(CODE).padEnd(1_048_577), 'larger than 1 MiB'],
  [
    'of fewer than 1 Mi characters, but more bytes',
    JSON.stringify({ ...CODE, padding: '\u00e9'.repeat(600_000) }),
    'larger than 1 MiB',
  ],
  ['with a byte that begins no character', '{"authentication_code":"code-\xff"}', 'not UTF-8'],
  ['in Latin-1', '{"authentication_code":"code-\xe9"}', 'not UTF-8'],
  ['with a character cut in half', '{"authentication_code":"code-\xe2\x82', 'not UTF-8'],
  ['with half of a surrogate pair', '{"authentication_code":"c\xed\xa0\x80"}', 'not UTF-8'],
])('A body %s is refused', async (_, text, problem) => {
  const body = problem === 'not UTF-8' ? Buffer.from(text, 'latin1') : text;

  const { error, requests } = await errorFrom(respondWith(200, body));

  expect(error).toMatchObject({ code: 'invalid_response', issues: ['(body)'] });
  expect(error.message).toContain(`but its body is ${problem}.`);
  expect(requests).toBe(1);
});

test('A body may come in pieces, also of a character', async () => {
  const bytes = Buffer.from('{"authentication_code":"code-\u00e9"}');
  const start = (controller: ReadableStreamDefaultController) => {
    for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
    controller.close();
  };
  const fetch = async () => new Response(new ReadableStream({ start }));

  const code = await clientWith({ fetch }).createAuthenticationCode('user-1');

  expect(code.authenticationCode).toBe('code-\u00e9');
});

test('A body that never ends is read up to 1 MiB and let go', async () => {
  const chunk = new Uint8Array(65_536);
  const pull = vi.fn((controller: ReadableStreamDefaultController) => controller.enqueue(chunk));
  const cancel = vi.fn();
  const fetch = async () => new Response(new ReadableStream({ pull, cancel }));

  const result = await clientWith({ fetch }).tryCreateAuthenticationCode('user-1');

  expect(errorOf(result)).toMatchObject({ code: 'invalid_response', issues: ['(body)'] });
  expect(cancel).toHaveBeenCalledOnce();
  // 17 chunks are more than 1 MiB, and a stream has one more ready.
  expect(pull.mock.calls.length).toBeLessThanOrEqual(18);
});

test.each<[string, Body]>([
  ['a page of HTML', '<html><body>Bad request</body></html>'],
  ['half of a JSON object', '{"message":"No"'],
  ['an array', '[{"message":"No"}]'],
  ['null', 'null'],
  ['a string', '"No"'],
  ['a number', '400'],
  ['a __proto__', '{"__proto__":{"message":"No","errorCode":"NO"}}'],
  ['bytes that are not UTF-8', Buffer.from('{"message":"N\xf6"}', 'latin1')],
  ['more than 1 MiB', JSON.stringify({ message: 'No', padding: 'x'.repeat(1_048_576) })],
  [
    'lost in the middle',
    new ReadableStream({ pull: (controller) => controller.error(new Error('lost')) }),
  ],
])('An error response says nothing of itself when its body is %s', async (_, body) => {
  const { error } = await errorFrom(respondWith(400, body));

  expect(error).toMatchObject({ code: 'rejected', status: 400 });
  expect(error.message).not.toContain('The platform says');
  expect(error).not.toHaveProperty('errorCode');
});
