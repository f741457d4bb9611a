import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { version } from '../../package.json';
import { main } from '../../src/cli/main.js';
import { SENTIANCE_REGIONS } from '../../src/index.js';
import { KEY_VARIABLE, resultOf, run, startProcess } from './run.js';

beforeEach(() => {
  vi.stubEnv(KEY_VARIABLE, 'test-user-link-key');
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
});

const REGIONS = Object.keys(SENTIANCE_REGIONS);
const COMMANDS = ['demo', 'emulator', 'check', 'code'];

describe('the command line', () => {
  test.each(['-v', '--version'])('prints the version for %s', async (flag) => {
    expect(await run(flag)).toEqual({ status: 0, out: version, err: '' });
  });

  test.each([[[]], [['-h']], [['--help']], [['help']], [['help', 'help']]])(
    'prints every command for %j',
    async (args) => {
      const { status, out, err } = await run(...args);

      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(out).toMatch(/^Usage: sentiance-user-link <command>/);
      for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    },
  );

  test.each(
    COMMANDS.flatMap((command) => [
      ['help', command],
      [command, 'help'],
      [command, '-h'],
      [command, '--help'],
      [command, '--no-such-flag', '--help'],
    ]),
  )('prints what a command takes for %s %s', async (...args) => {
    const command = COMMANDS.find((name) => args.includes(name)) ?? '';
    const { status, out, err } = await run(...args);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(new RegExp(`^Usage: sentiance-user-link ${command} .*\n\n.*--help`, 's'));
  });

  test.each([
    [['login'], 'unknown command login.'],
    [['cod'], 'unknown command cod. Did you mean code?'],
    [['emluator'], 'unknown command emluator. Did you mean emulator?'],
    [['hlep'], 'unknown command hlep. Did you mean help?'],
    [['help', 'chekc'], 'unknown command chekc. Did you mean check?'],
    [['--verson'], 'unknown flag --verson. Did you mean --version?'],
    [['3e1f0c9a-1111-4222-8333-444455556666.abcdef0123'], 'unknown command.'],
    [['--3e1f0c9a'], 'unknown flag.'],
    [['abcdefghijklmnopqrstuvwxyz'], 'unknown command.'],
  ])('names what it does not know, when it looks like a word: %j', async (args, message) => {
    expect(await run(...args)).toEqual({
      status: 2,
      out: '',
      err: `sentiance-user-link: ${message}\nSee sentiance-user-link --help.`,
    });
  });

  test.each([
    ['code', [], 'code takes one external id.'],
    ['code', ['user-1', 'user-2'], 'code takes one external id.'],
    ['code', ['user-1', '--region', 'uk'], `--region must be one of ${REGIONS.join(', ')}.`],
    ['code', ['user-1', '--regoin', 'eu'], 'unknown flag --regoin. Did you mean --region?'],
    ['code', ['user-1', '--colour'], 'unknown flag --colour.'],
    ['code', ['user-1', '-x'], 'unknown flag -x.'],
    ['code', ['user-1', '--api', 'soap'], '--api must be one of rest, graphql.'],
    ['code', ['user-1', '--region'], '--region needs a value: <region>.'],
    ['code', ['user-1', '--json=yes'], '--json takes no value.'],
    [
      'code',
      ['user-1', '--timeout', '5s'],
      '--timeout must be a whole number from 1 to 2147483647.',
    ],
    [
      'code',
      ['user-1', '--region', 'us', '--base-url', 'https://api.example.com'],
      '--region and --base-url exclude each other.',
    ],
    [
      'code',
      ['user-1', '--base-url', 'ftp://api.example.com'],
      '--base-url must use https, because the API key goes there. Plain http is for loopback only: localhost, 127.0.0.0/8 or [::1].',
    ],
    [
      'check',
      ['--base-url', 'http://emulator:8787'],
      '--base-url must use https, because the API key goes there. Plain http is for loopback only: localhost, 127.0.0.0/8 or [::1]. On a test network, such as that of Docker Compose, pass --dangerously-allow-http.',
    ],
    [
      'check',
      ['--base-url', 'https://key@api.example.com'],
      '--base-url must not have a user name or password in it. Set SENTIANCE_USER_LINK_API_KEY to the key.',
    ],
    [
      'check',
      ['--base-url', 'api.example.com'],
      '--base-url must be an absolute URL such as https://api.example.com.',
    ],
    ['check', ['user-1'], 'check takes flags only.'],
    ['demo', ['user-1'], 'demo takes flags only.'],
    ['emulator', ['now'], 'emulator takes flags only.'],
    ['emulator', ['--port', '65536'], '--port must be a whole number from 0 to 65535.'],
    [
      'emulator',
      ['--port', '-1'],
      '--port needs a value: <n>. One that begins with a dash is written --port=-….',
    ],
    ['emulator', ['--port=-1'], '--port must be a whole number from 0 to 65535.'],
    ['emulator', ['--host', ''], '--host is empty.'],
    ['emulator', ['--api-key', ' '], '--api-key is empty.'],
    [
      'emulator',
      ['--code-lifetime', '0'],
      '--code-lifetime must be a whole number from 1 to 31536000.',
    ],
  ])('refuses wrong usage with status 2: %s %j', async (command, args, message) => {
    expect(await run(command, ...args)).toEqual({
      status: 2,
      out: '',
      err: `sentiance-user-link: ${message}\nSee sentiance-user-link --help.`,
    });
  });

  test('takes no key from an argument, and does not repeat it', async () => {
    const { status, err } = await run('code', 'user-1', '--api-key', 'test-key-in-argument');

    expect(status).toBe(2);
    expect(err).toMatch(/unknown flag --api-key\./);
    expect(err).not.toContain('test-key-in-argument');
  });

  test('takes what follows -- as it is', async () => {
    const fetch = vi.fn(async () => Response.json({ authentication_code: 'code-1' }));
    vi.stubGlobal('fetch', fetch);

    expect(await run('code', '--', '--help')).toMatchObject({ status: 0 });
    expect(fetch).toHaveBeenCalledWith(
      expect.anything(),
      expect.objectContaining({ body: '{"external_id":"--help"}' }),
    );
  });

  test('has colours where its output is a terminal, and none elsewhere', async () => {
    const printed = async (colour: boolean) => {
      const lines: string[] = [];
      const print = (line: string) => void lines.push(line);
      vi.stubGlobal('fetch', async () => Response.json({ authentication_code: 'code-1' }));
      await main(['check'], { out: print, err: print, colour });
      return lines.join('\n');
    };

    expect(await printed(true)).toContain('\u001b[32mVerdict: good.');
    expect(await printed(false)).not.toContain('\u001b');
  });
});

describe('the executable', () => {
  test.each([
    [['--version'], { status: 0, out: `${version}\n`, err: '' }],
    [
      ['login'],
      {
        status: 2,
        out: '',
        err: 'sentiance-user-link: unknown command login.\nSee sentiance-user-link --help.\n',
      },
    ],
  ])('prints, and ends with a status: %j', async (args, result) => {
    expect(await resultOf(startProcess(args))).toEqual(result);
  });

  test('ends at once after a TLS handshake that did not go on', { timeout: 20_000 }, async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const args = ['code', 'user-1', '--timeout', '300', '--base-url', `https://127.0.0.1:${port}`];
    const child = startProcess(args, { [KEY_VARIABLE]: 'test-user-link-key' });
    const ended = resultOf(child);
    await once(silent, 'connection');
    const started = performance.now();

    expect(await ended).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^No code: timeout/),
    });
    // The timer of fetch would hold it for 10 s.
    expect(performance.now() - started).toBeLessThan(8_000);
  });

  test('ends the emulator quietly when nobody reads its output any more', async () => {
    const child = startProcess(['emulator', '--port', '0']);
    const ended = resultOf(child);
    const [banner] = child.stdout === null ? [] : await once(child.stdout, 'data');
    const port = Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(String(banner))?.[1]);
    child.stdout?.destroy();

    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /users HTTP/1.1\r\nHost: localhost\r\n\r\n');

    expect(await ended).toMatchObject({ status: 0, err: '' });
  });

  // Windows has no signals: there, kill ends a process at once.
  test.skipIf(process.platform === 'win32')('ends the emulator on a signal', async () => {
    const child = startProcess(['emulator', '--port', '0']);
    const ended = resultOf(child);
    if (child.stdout !== null) await once(child.stdout, 'data');

    child.kill('SIGTERM');

    expect(await ended).toMatchObject({ status: 0, out: expect.stringMatching(/Stopped\.\n$/) });
  });
});
