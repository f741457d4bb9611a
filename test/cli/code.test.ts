import { beforeEach, describe, expect, test, vi } from 'vitest';
import { KEY_VARIABLE, run, startPlatform } from './run.js';

beforeEach(() => {
  // The waits between attempts are 0 ms long.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.stubEnv(KEY_VARIABLE, 'test-user-link-key');
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
});

describe('code', () => {
  test('prints the code, its expiry and the platform', async () => {
    const platform = await startPlatform();

    const { status, out, err } = await run('code', 'user-1', '--base-url', platform.url);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(
      /^Code: {10}[\da-f]{128}\nExpires at: {4}\d{4}-.+Z\nPlatform URL: {2}http:\/\/127\.0\.0\.1:\d+$/,
    );
    expect(platform.requests).toMatchObject([{ externalId: 'user-1', status: 200 }]);
  });

  test('prints JSON that a script can read', async () => {
    const platform = await startPlatform();

    const { status, out } = await run('code', 'user-1', '--json', '--base-url', platform.url);

    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      authenticationCode: expect.stringMatching(/^[\da-f]{128}$/),
      expiresAt: expect.stringMatching(/Z$/),
      platformUrl: platform.url,
    });
  });

  test("asks the region's platform, by REST or by GraphQL", async () => {
    const fetch = vi.fn(async () => Response.json({ authentication_code: 'code-1' }));
    vi.stubGlobal('fetch', fetch);

    await run('code', 'user-1', '--region', 'in');
    await run('code', 'user-1', '--region', 'us', '--api', 'graphql');

    expect(fetch.mock.calls).toMatchObject([
      ['https://api.r16.sentiance.com/users/auth-code', { body: '{"external_id":"user-1"}' }],
      ['https://api.p15.sentiance.com/v4/gql', { body: expect.stringContaining('"user-1"') }],
    ]);
  });

  test('fails with the code, the message, the attempt and what to do', async () => {
    vi.stubEnv(KEY_VARIABLE, 'test-key-without-scope');
    const platform = await startPlatform();

    const { status, out, err } = await run('code', 'user-1', '--base-url', platform.url);

    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err.split('\n')).toEqual([
      'No code: forbidden',
      expect.stringMatching(/^127\.0\.0\.1:\d+ does not let this API key link users \(403\)\. /),
      expect.stringMatching(/^Attempt 1: 403, forbidden \(\d+ ms\)$/),
      'What to do: fix what the message names; it does not pass by itself.',
    ]);
    expect(err).not.toContain('test-key-without-scope');
  });

  test('shows what every attempt met, not only the last word', async () => {
    const platform = await startPlatform();
    platform.failNext({ type: 'status', status: 503 });
    platform.failNext({ type: 'hang' });

    const { err } = await run('code', 'user-1', '--timeout', '200', '--base-url', platform.url);

    expect(err).toMatch(
      /^No code: timeout\n.+ within 200 ms \(--timeout, .+\nAttempt 1: 503, server_error \(\d+ ms\)\nAttempt 2: no response, timeout \(\d+ ms\)\nWhat to do: try again later\.$/,
    );
  });

  test('fails with JSON that a script can read, attempts included', async () => {
    const platform = await startPlatform();
    platform.failNext({ type: 'status', status: 503 });
    platform.failNext({ type: 'status', status: 400, errorCode: 'APP_NOT_FOUND' });

    const { status, err } = await run('code', 'user-1', '--json', '--base-url', platform.url);

    expect(status).toBe(1);
    expect(JSON.parse(err)).toMatchObject({
      code: 'rejected',
      status: 400,
      errorCode: 'APP_NOT_FOUND',
      attempts: 2,
      attemptEvents: [
        { attempt: 1, status: 503, code: 'server_error' },
        { attempt: 2, status: 400, code: 'rejected' },
      ],
    });
  });

  test.each([
    [
      KEY_VARIABLE,
      '',
      'There is no API key. Set the environment variable SENTIANCE_USER_LINK_API_KEY to a key',
    ],
    ['SENTIANCE_REGION', 'uk', "The environment variable SENTIANCE_REGION must be 'eu'"],
    ['SENTIANCE_BASE_URL', 'http://emulator:8787', 'pass --dangerously-allow-http.'],
  ])('fails when the environment is wrong: %s=%s', async (name, value, message) => {
    vi.stubEnv(name, value);

    const { status, err } = await run('code', 'user-1');

    expect(status).toBe(1);
    expect(err).toMatch(/^No code: invalid_configuration\n/);
    expect(err).toContain(message);
  });

  test('speaks of flags, not of options, whatever goes wrong', async () => {
    const platform = await startPlatform();
    const said: string[] = [];
    for (const status of [400, 401, 403, 404, 429, 503]) {
      platform.clearFaults();
      platform.failNext({ type: 'status', status }, 3);
      said.push((await run('code', 'user-1', '--base-url', platform.url)).err);
    }
    platform.clearFaults();
    for (const fault of [{ type: 'html' }, { type: 'redirect', location: '/' }] as const) {
      platform.failNext(fault);
      said.push((await run('code', 'user-1', '--base-url', platform.url)).err);
    }
    said.push((await run('code', ' ')).err);
    const cause = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause })));
    said.push((await run('code', 'user-1')).err);

    expect(said.map((text) => text.split('\n')[0])).toEqual(
      ['rejected', 'unauthorized', 'forbidden', 'rejected', 'rate_limited', 'server_error']
        .concat('invalid_response', 'unexpected_redirect', 'invalid_external_id')
        .concat('connection_failed')
        .map((code) => `No code: ${code}`),
    );
    expect(said.join('\n')).not.toMatch(
      /baseUrl|apiKey|externalId|dangerouslyAllow|api: '|\(timeout|a fetch/,
    );
  });
});
