import { beforeEach, expect, test, vi } from 'vitest';
import { KEY_VARIABLE, run, startPlatform } from './run.js';

beforeEach(() => {
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
});

test('demo tells the whole story without an account', async () => {
  vi.stubEnv(KEY_VARIABLE, undefined);

  const { status, out, err } = await run('demo');

  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out.match(/^\d\. /gm)).toHaveLength(9);
  for (const said of [
    /phone-1: +new Sentiance user ([\da-f]{24}), active(?:.|\n)+phone-2: +restored Sentiance user \1, active/,
    /tablet-1: +restored .+, not active/,
    /createUser fails with USER_ALREADY_EXISTS/,
    /createUser fails with SERVER_ERROR: the authentication code has expired/,
    /Requests sent: +2\n/,
    /Sentiance users: +2, none was made twice/,
    /code 'unauthorized'(?:.|\n)+code 'timeout'(?:.|\n)+code 'connection_failed'/,
  ]) {
    expect(out).toMatch(said);
  }
  expect(out).not.toMatch(/[\da-f]{32}/);
});

test.each([
  ['rest', '/users/auth-code'],
  ['graphql', '/v4/gql'],
])('demo --live asks the platform of the environment for one code, by %s', async (api, path) => {
  const platform = await startPlatform();
  vi.stubEnv(KEY_VARIABLE, platform.apiKey);
  vi.stubEnv('SENTIANCE_BASE_URL', platform.url);

  const { status, out } = await run('demo', '--live', 'user-1', '--api', api);

  expect(status).toBe(0);
  expect(out).toMatch(/^Asking http:\S+ for a code\.\n +Code: +[\da-f]{8}…, expires at /);
  expect(platform.requests).toMatchObject([{ path, externalId: 'user-1' }]);
});

test('demo --live fails where there is no key, or no code', async () => {
  vi.stubEnv(KEY_VARIABLE, undefined);
  expect(await run('demo', '--live', 'user-1')).toMatchObject({
    status: 1,
    err: expect.stringMatching(/^sentiance-user-link: There is no API key\. /),
  });

  const platform = await startPlatform();
  vi.stubEnv(KEY_VARIABLE, 'wrong-test-key');
  vi.stubEnv('SENTIANCE_BASE_URL', platform.url);
  expect(await run('demo', '--live', 'user-1')).toMatchObject({
    status: 1,
    out: expect.stringContaining("code 'unauthorized'"),
  });
});
