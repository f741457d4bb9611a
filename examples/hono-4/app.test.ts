import { pino } from 'pino';
import { FakeUserLinkClient } from 'sentiance-user-link/testing';
import { expect, test } from 'vitest';
import { makeApp } from './app.js';

test('signs up without a code when Sentiance is down; the app asks again and gets one', async () => {
  const sentiance = new FakeUserLinkClient().failNext('server_error');
  const logger = pino({ enabled: false });
  const sessionSecret = 'a-test-secret-of-32-characters-or-more';
  const app = makeApp({ sentiance, logger, sessionSecret });

  const signup = await app.request('/signup', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'user-1@example.com', password: 'correct horse' }),
  });
  expect(signup.status).toBe(201);
  expect(await signup.json()).toEqual({ email: 'user-1@example.com', sentiance: null });

  const cookie = signup.headers.getSetCookie().join('; ');
  const code = await app.request('/sentiance/code', { headers: { Cookie: cookie } });
  expect(code.status).toBe(200);
  expect(await code.json()).toMatchObject({ authenticationCode: 'fake-code-1' });

  const [atSignup, askedAgain] = sentiance.calls;
  expect(askedAgain?.externalId).toBe(atSignup?.externalId);
  expect(atSignup?.options?.signal?.aborted).toBe(false);
});
