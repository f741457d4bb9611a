import { FakeUserLinkClient } from 'sentiance-user-link/testing';
import { expect, test, vi } from 'vitest';
import { GET } from './sentiance/code/route';
import { POST as signUp } from './signup/route';

const sentiance = new FakeUserLinkClient();
vi.mock('../lib/user-link-client', () => ({ userLinkClient: () => sentiance }));

// Only Next.js itself has the cookies of a request.
const cookies = new Map<string, { name: string; value: string }>();
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => cookies.get(name),
    set: (name: string, value: string) => cookies.set(name, { name, value }),
  }),
}));

test('signs up without a code when Sentiance is down; the app asks again and gets one', async () => {
  vi.stubEnv('SESSION_SECRET', 'a-test-secret-of-32-characters-or-more');
  sentiance.failNext('server_error');

  const body = JSON.stringify({ email: 'user-1@example.com', password: 'correct horse' });
  const signup = await signUp(new Request('http://localhost/signup', { method: 'POST', body }));
  expect(signup.status).toBe(201);
  expect(await signup.json()).toEqual({ email: 'user-1@example.com', sentiance: null });

  const code = await GET(new Request('http://localhost/sentiance/code'));
  expect(code.status).toBe(200);
  expect(await code.json()).toMatchObject({ authenticationCode: 'fake-code-1' });

  const [atSignup, askedAgain] = sentiance.calls;
  expect(askedAgain?.externalId).toBe(atSignup?.externalId);
});
