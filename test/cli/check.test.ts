import { beforeEach, describe, expect, test, vi } from 'vitest';
import { KEY_VARIABLE, run, startPlatform } from './run.js';

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.stubEnv(KEY_VARIABLE, 'test-user-link-key');
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
});

describe('check', () => {
  test('says that a key is good, and prints no code', async () => {
    const platform = await startPlatform();
    vi.stubEnv('SENTIANCE_BASE_URL', platform.url);

    const { status, out, err } = await run('check');

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.split('\n')).toEqual([
      `Platform URL: ${platform.url}`,
      'Region: none, since a URL is given (from the environment variable SENTIANCE_BASE_URL)',
      'Asked by: REST',
      expect.stringMatching(/^Attempt 1: 200, a code \(\d+ ms\)$/),
      'Verdict: good. The key is accepted here, and may link users.',
      'What to do: nothing.',
    ]);
    expect(out).not.toMatch(/[\da-f]{8}/);
    expect(platform.requests).toMatchObject([{ externalId: 'sentiance-user-link-check' }]);
    expect(platform.users).toEqual([]);
  });

  test('asks for the id and in the way that it is told', async () => {
    const platform = await startPlatform();
    const flags = ['--base-url', platform.url, '--external-id', 'user-1', '--api', 'graphql'];

    expect((await run('check', ...flags)).out).toContain('Asked by: GraphQL');
    expect(platform.requests).toMatchObject([{ externalId: 'user-1', api: 'graphql' }]);
  });

  test.each<[string[], NodeJS.Dict<string>, string, string]>([
    [[], {}, 'https://api.sentiance.com', 'eu (the default)'],
    [['--region', 'us'], {}, 'https://api.p15.sentiance.com', 'us (from the flag --region)'],
    [
      [],
      { SENTIANCE_REGION: 'in' },
      'https://api.r16.sentiance.com',
      'in (from the environment variable SENTIANCE_REGION)',
    ],
    [
      ['--region', 'eu'],
      { SENTIANCE_REGION: 'in', SENTIANCE_BASE_URL: 'https://api.example.com' },
      'https://api.sentiance.com',
      'eu (from the flag --region)',
    ],
    [
      ['--base-url', 'https://api.example.com'],
      { SENTIANCE_REGION: 'in' },
      'https://api.example.com',
      'none, since a URL is given (from the flag --base-url)',
    ],
    [
      [],
      { SENTIANCE_REGION: 'in', SENTIANCE_BASE_URL: 'https://api.example.com' },
      'https://api.example.com',
      'none, since a URL is given (from the environment variable SENTIANCE_BASE_URL)',
    ],
  ])('says where the region comes from: %j %j', async (flags, environment, url, region) => {
    vi.stubGlobal('fetch', async () => Response.json({ authentication_code: 'code-1' }));
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);

    const { out } = await run('check', ...flags);

    expect(out).toMatch(`Platform URL: ${url}\nRegion: ${region}\n`);
  });

  test('says that a key is not good, why, and what to do', async () => {
    vi.stubEnv(KEY_VARIABLE, 'wrong-test-key');
    const platform = await startPlatform();

    const { status, out, err } = await run('check', '--base-url', platform.url);

    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(
      /\nAttempt 1: 401, unauthorized \(\d+ ms\)\nVerdict: not good \(unauthorized\)\.\n.+ refused the API key \(401\)\..+\nWhat to do: fix what the message names; it does not pass by itself\.$/,
    );
  });

  test('leaves it open when the platform has not judged the key', async () => {
    const platform = await startPlatform();
    platform.failNext({ type: 'disconnect' }, 3);

    const { status, out } = await run('check', '--base-url', platform.url);

    expect(status).toBe(1);
    expect(
      out.match(/^Attempt \d: no response, connection_failed, [A-Z_]+ \(\d+ ms\)$/gm),
    ).toHaveLength(3);
    expect(out).toMatch(/\nVerdict: not known\. .+\(connection_failed\)\.\n/);
  });

  test('leaves it open when the way there is what does not pass by itself', async () => {
    const platform = await startPlatform();

    // It speaks no TLS.
    const { out } = await run('check', '--base-url', platform.url.replace('http:', 'https:'));

    expect(out).toMatch(/\nVerdict: not known\. .+\(connection_failed\)\.\n.+There is no TLS /);
  });

  test('says that there is no key, or that the environment is wrong', async () => {
    vi.stubEnv(KEY_VARIABLE, '');
    expect(await run('check')).toMatchObject({
      status: 1,
      out: expect.stringMatching(
        /^Platform URL: .+\nVerdict: not good .+\nThere is no API key\. /s,
      ),
    });

    vi.stubEnv('SENTIANCE_REGION', 'uk');
    expect((await run('check')).out).toMatch(/^Verdict: not good \(invalid_configuration\)\./);
  });
});
