import { createServer } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { version } from '../../package.json';
import { main } from '../../src/cli/main.js';
import { SentianceEmulator } from '../../src/testing/index.js';
import { expectNoCanary } from '../support/canaries.js';

const KEY_VARIABLE = 'SENTIANCE_USER_LINK_API_KEY';
const SEE_HELP = 'See sentiance-user-link --help.';

beforeEach(() => {
  vi.stubEnv(KEY_VARIABLE, 'test-user-link-key');
  vi.stubEnv('SENTIANCE_REGION', undefined);
});

/** Runs a command to its end: its exit status, and the lines that it printed. */
async function run(...args: string[]) {
  const { done, out, err } = start(...args);
  return { status: await done, out, err };
}

function start(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const done = main(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { done, out, err };
}

async function startPlatform(): Promise<SentianceEmulator> {
  const emulator = new SentianceEmulator({ keysWithoutScope: ['test-key-without-scope'] });
  await emulator.listen();
  onTestFinished(() => emulator.close());
  return emulator;
}

describe('the command line', () => {
  test('prints the version', async () => {
    expect(await run('--version')).toEqual({ status: 0, out: [version], err: [] });
  });

  test.each([['--help'], ['code', '--help'], ['emulator', '--help']])(
    'prints both commands for %s %s',
    async (...args) => {
      const { status, out } = await run(...args);

      expect(status).toBe(0);
      expect(out.join('\n')).toMatch(/^Usage: .*emulator .*code <externalId>/s);
    },
  );

  test.each([
    [[], 'no command'],
    [['login'], 'unknown command'],
    [['code'], 'code takes one external id.'],
    [['code', 'user-1', 'user-2'], 'code takes one external id.'],
    [['code', 'user-1', '--region', 'uk'], '--region must be one of eu, us, in.'],
    [['code', 'user-1', '--api', 'soap'], '--api must be rest or graphql.'],
    [
      ['code', 'user-1', '--region', 'us', '--base-url', 'https://api.example.com'],
      'region and baseUrl exclude each other. Pass region for the platform of a region, or baseUrl for another host.',
    ],
    [
      ['code', 'user-1', '--base-url', 'ftp://api.example.com'],
      'baseUrl must use https, because the API key goes there. Plain http is for loopback only: localhost, 127.0.0.0/8 or [::1].',
    ],
    [
      ['code', 'user-1', '--timeout', '5s'],
      '--timeout must be a whole number from 1 to 2147483647.',
    ],
    [['emulator', '--port', '65536'], '--port must be a whole number from 0 to 65535.'],
    [['emulator', '--port', '-1'], expect.stringMatching(/'--port' argument is ambiguous/)],
    [
      ['emulator', '--code-lifetime', '0'],
      '--code-lifetime must be a whole number from 1 to 31536000.',
    ],
    [['emulator', '--api-key', ' '], '--api-key is empty.'],
    [['emulator', 'now'], 'emulator takes options only.'],
  ])('refuses wrong usage with status 2: %j', async (args, message) => {
    const { status, out, err } = await run(...args);

    expect({ status, out }).toEqual({ status: 2, out: [] });
    expect(err[0]?.replace('sentiance-user-link: ', '')).toEqual(message);
    expect(err[1]).toBe(SEE_HELP);
  });

  test('takes no key from an argument, and does not repeat it', async () => {
    const { status, err } = await run('code', 'user-1', '--api-key', 'test-key-in-argument');

    expect(status).toBe(2);
    expect(err.join('\n')).toMatch(/Unknown option '--api-key'/);
    expect(err.join('\n')).not.toContain('test-key-in-argument');
  });
});

describe('code', () => {
  test('prints the code, its expiry and the platform', async () => {
    const platform = await startPlatform();

    const { status, out, err } = await run('code', 'user-1', '--base-url', platform.url);

    expect({ status, err }).toEqual({ status: 0, err: [] });
    expect(out.join('\n')).toMatch(
      /^Code: {10}[\da-f]{128}\nExpires at: {4}\d{4}-.+Z\nPlatform URL: {2}http:\/\/127\.0\.0\.1:\d+$/,
    );
    expect(platform.requests).toMatchObject([{ externalId: 'user-1', status: 200 }]);
  });

  test('prints JSON that a script can read', async () => {
    const platform = await startPlatform();

    const { status, out } = await run('code', 'user-1', '--json', '--base-url', platform.url);

    expect(status).toBe(0);
    expect(JSON.parse(out.join('\n'))).toEqual({
      authenticationCode: expect.stringMatching(/^[\da-f]{128}$/),
      expiresAt: expect.stringMatching(/Z$/),
      platformUrl: platform.url,
    });
  });

  test.each([
    ['rest', '/users/auth-code'],
    ['graphql', '/v4/gql'],
  ])('asks by %s', async (api, path) => {
    const platform = await startPlatform();

    const { status } = await run('code', 'user-1', '--api', api, '--base-url', platform.url);

    expect(status).toBe(0);
    expect(platform.requests).toMatchObject([{ path, externalId: 'user-1', status: 200 }]);
  });

  test("asks the region's platform", async () => {
    const fetch = vi.fn(async () => Response.json({ authentication_code: 'code-1' }));
    vi.stubGlobal('fetch', fetch);

    const { status } = await run('code', 'user-1', '--region', 'in');

    expect(status).toBe(0);
    expect(fetch).toHaveBeenCalledWith(
      'https://api.r16.sentiance.com/users/auth-code',
      expect.objectContaining({ body: '{"external_id":"user-1"}' }),
    );
  });

  test('fails with the code, the message and what to do, without the key', async () => {
    vi.stubEnv(KEY_VARIABLE, 'test-key-without-scope');
    const platform = await startPlatform();

    const { status, out, err } = await run('code', 'user-1', '--base-url', platform.url);

    expect({ status, out }).toEqual({ status: 1, out: [] });
    expect(err.join('\n').split('\n')).toEqual([
      'No code: forbidden',
      expect.stringMatching(/^127\.0\.0\.1:\d+ does not let this API key link users \(403\)\. /),
      'What to do: change what the message says; it does not pass by itself.',
    ]);
    expectNoCanary(err);
    expect(err.join('\n')).not.toContain('test-key-without-scope');
  });

  test('fails with JSON that a script can read', async () => {
    const platform = await startPlatform();
    platform.failNext({ type: 'status', status: 400, errorCode: 'APP_NOT_CONFIGURED' });

    const { status, err } = await run('code', 'user-1', '--json', '--base-url', platform.url);

    expect(status).toBe(1);
    expect(JSON.parse(err.join('\n'))).toMatchObject({
      code: 'rejected',
      status: 400,
      errorCode: 'APP_NOT_CONFIGURED',
    });
  });

  test('gives up when its timeout is over', async () => {
    const platform = await startPlatform();
    platform.failNext({ type: 'hang' });

    const { status, err } = await run(
      ...['code', 'user-1', '--timeout', '100', '--base-url', platform.url],
    );

    expect(status).toBe(1);
    expect(err.join('\n')).toMatch(/^No code: timeout\n.+ within 100 ms .+\nWhat to do: try again/);
  });

  test('refuses an external id that cannot be one', async () => {
    const { status, err } = await run('code', ' ');

    expect(status).toBe(1);
    expect(err.join('\n')).toBe(
      "No code: invalid_external_id\nexternalId is blank. Pass your own platform's id of the user.\nWhat to do: pass another external id.",
    );
  });

  test.each([
    [KEY_VARIABLE, '', /^No code: invalid_configuration\napiKey is missing\. /],
    ['SENTIANCE_REGION', 'uk', /\nThe environment variable SENTIANCE_REGION must be 'eu' /],
  ])('fails when the environment is wrong: %s', async (name, value, message) => {
    vi.stubEnv(name, value);

    const { status, err } = await run('code', 'user-1');

    expect(status).toBe(1);
    expect(err.join('\n')).toMatch(message);
  });
});

describe('emulator', () => {
  test('runs until Ctrl-C, and logs a line a request without secrets', async () => {
    const emulator = start('emulator', '--port', '0', '--code-lifetime', '60');
    await vi.waitFor(() => expect(emulator.out).toHaveLength(1));
    const [welcome = ''] = emulator.out;
    const url = /URL: +(\S+)/.exec(welcome)?.[1] ?? '';
    expect(welcome).toContain('API key:  test-user-link-key');
    expect(welcome.match(/^ {2}curl -s http.+$/gm)).toHaveLength(2);

    vi.stubEnv(KEY_VARIABLE, 'test-wrong-key');
    await run('code', 'user-7781', '--base-url', url);
    await fetch(`${url}/_emulator/faults`, { method: 'POST', body: '{"type":"disconnect"}' });
    await run('code', 'user-7781', '--base-url', url);
    process.emit('SIGINT');

    expect(await emulator.done).toBe(0);
    const log = emulator.out.slice(1).map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'TIME'));
    expect(log).toEqual([
      'TIME POST /users/auth-code 401',
      'TIME POST /_emulator/faults 200',
      'TIME POST /users/auth-code no response (fault: disconnect)',
      'TIME POST /users/auth-code 401',
      'Stopped.',
    ]);
    expect(log.join('\n')).not.toMatch(/user-7781|test-wrong-key/);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('ends on a request of the system too, and takes the key that it is given', async () => {
    const emulator = start('emulator', '--port', '0', '--api-key', 'test-other-key');
    await vi.waitFor(() => expect(emulator.out).toHaveLength(1));

    expect(emulator.out[0]).toContain('API key:  test-other-key');
    process.emit('SIGTERM');

    expect(await emulator.done).toBe(0);
  });

  test('says so when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';

    expect(await run('emulator', '--port', port)).toEqual({
      status: 1,
      out: [],
      err: [
        `sentiance-user-link: Port ${port} on 127.0.0.1 is taken. Pass another port, or 0 for any free one.`,
      ],
    });
  });
});

test.each([
  ['--version', [version], [], 0],
  ['login', [], ['sentiance-user-link: unknown command', SEE_HELP], 2],
])('the executable prints, and sets the exit status: %s', async (argument, out, err, status) => {
  vi.resetModules();
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const error = vi.spyOn(console, 'error').mockReturnValue();
  const argv = ['node', 'bin', argument];
  vi.stubGlobal('process', Object.assign(Object.create(process), { argv }));

  await import('../../src/cli/bin.js');

  expect(log.mock.calls.flat()).toEqual(out);
  expect(error.mock.calls.flat()).toEqual(err);
  expect(process.exitCode).toBe(status);
});
