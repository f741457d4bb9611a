import { expect, test } from 'vitest';
import { codeResponse, ISSUED_CODE, respondInTurn } from '../support/in-memory-fetch.js';
import {
  BOOLEAN,
  construct,
  expectRefusal,
  FUNCTION,
  NUMBER,
  requestCode,
  startWithoutEnvironment,
  WRONG_KINDS,
} from '../support/refusals.js';

const apiKey = 'test-user-link-key';

startWithoutEnvironment();

test.each<[string, unknown]>([
  ...WRONG_KINDS,
  NUMBER,
  BOOLEAN,
  FUNCTION,
  // The controller in place of its signal.
  ['an object', new AbortController()],
  ['an object', new EventTarget()],
  ['an object', { aborted: false, addEventListener() {} }],
])('signal must not be %s: %o', async (shown, signal) => {
  const fetch = respondInTurn(codeResponse());

  await expectRefusal(
    () => requestCode(construct({ apiKey, fetch }), 'user-1', { signal }),
    `signal must be an AbortSignal, but it is ${shown}.`,
  );
  expect(fetch).not.toHaveBeenCalled();
});

test('signal may be of another realm, as in a test in jsdom', async () => {
  const { signal } = new AbortController();
  const foreign = {
    aborted: false,
    addEventListener: signal.addEventListener.bind(signal),
    removeEventListener: signal.removeEventListener.bind(signal),
  };
  const client = construct({ apiKey, fetch: respondInTurn(codeResponse()) });

  expect(foreign).not.toBeInstanceOf(AbortSignal);
  await expect(requestCode(client, 'user-1', { signal: foreign })).resolves.toMatchObject({
    authenticationCode: ISSUED_CODE,
  });
});
