import { describe, expect, test, vi } from 'vitest';
import { codeResponse, respondInTurn } from '../support/in-memory-fetch.js';
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

test('Each option may be undefined', () => {
  const names =
    'region baseUrl api timeout hedgeAfter maxRetries fetch onAttempt dangerouslyAllowBrowser dangerouslyAllowHttp';
  const options = Object.fromEntries(names.split(' ').map((name) => [name, undefined]));

  expect(construct({ ...options, apiKey }).region).toBe('eu');
});

describe('api', () => {
  test.each([...WRONG_KINDS, NUMBER, BOOLEAN, FUNCTION])('must not be %s', async (shown, value) => {
    // A text is not shown: it may be another option's, such as the key.
    const problem = typeof value === 'string' ? 'something else' : shown;
    await expectRefusal(
      () => construct({ apiKey, api: value }),
      `api must be 'rest' or 'graphql', but it is ${problem}.`,
    );
  });

  test.each(['', 'REST', 'graphQL', 'gql', ' rest', 'toString', apiKey])(
    'must not be %j, which is not shown',
    async (api) => {
      await expectRefusal(
        () => construct({ apiKey, api }),
        "api must be 'rest' or 'graphql', but it is something else.",
      );
    },
  );
});

describe.each(['fetch', 'onAttempt'])('%s', (name) => {
  test.each([...WRONG_KINDS, NUMBER, BOOLEAN])('must not be %s', async (shown, value) => {
    await expectRefusal(
      () => construct({ apiKey, [name]: value }),
      `${name} must be a function, but it is ${shown}.`,
    );
  });
});

describe.each(['dangerouslyAllowBrowser', 'dangerouslyAllowHttp'])('%s', (name) => {
  test.each([...WRONG_KINDS, NUMBER, FUNCTION])('must not be %s', async (shown, value) => {
    await expectRefusal(
      () => construct({ apiKey, [name]: value }),
      `${name} must be true or false, but it is ${shown}.`,
    );
  });

  test.each([true, false])('may be %s', (value) => {
    expect(construct({ apiKey, [name]: value }).region).toBe('eu');
  });
});

test('fetch is the global one as the default, looked up at every call', async () => {
  const client = construct({ apiKey });
  for (const fetch of [respondInTurn(codeResponse()), respondInTurn(codeResponse())]) {
    vi.stubGlobal('fetch', fetch);
    await requestCode(client, 'user-1');

    expect(fetch).toHaveBeenCalledOnce();
  }
});
