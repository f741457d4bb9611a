import { createServer } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { GOOD_REQUEST } from '../support/emulator.js';
import { KEY_VARIABLE, run, start } from './run.js';

beforeEach(() => {
  vi.stubEnv(KEY_VARIABLE, 'test-user-link-key');
  vi.stubEnv('SENTIANCE_REGION', undefined);
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
});

/** An emulator on a free port, which ends with the test; where it is, and what it says. */
async function startEmulator(...flags: string[]) {
  const emulator = start('emulator', '--port', '0', ...flags);
  onTestFinished(async () => {
    process.emit('SIGTERM');
    await emulator.done;
  });
  await vi.waitFor(() => expect(emulator.out).toHaveLength(1));
  const [banner = ''] = emulator.out;
  const url = /^export SENTIANCE_BASE_URL=(\S+)$/m.exec(banner)?.[1] ?? '';
  return { ...emulator, banner, url };
}

const post = (url: string, body?: object) =>
  fetch(url, { method: 'POST', body: body === undefined ? null : JSON.stringify(body) });

describe('emulator', () => {
  test('begins with what a backend needs, ready to paste', async () => {
    const { banner, url } = await startEmulator();

    expect(banner.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^export SENTIANCE_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/),
      'export SENTIANCE_USER_LINK_API_KEY=test-user-link-key',
    ]);
    expect(banner).toContain(`\n  URL:      ${url}  (`);
    expect(banner).toContain('The real mobile SDK cannot use this emulator');
    vi.stubEnv('SENTIANCE_BASE_URL', url);
    expect(await run('code', 'user-1')).toMatchObject({ status: 0 });
  });

  test('quotes a key as a shell takes it', async () => {
    const { banner } = await startEmulator('--api-key', "it's a key");

    expect(banner).toContain("\nexport SENTIANCE_USER_LINK_API_KEY='it'\\''s a key'\n");
  });

  test('logs what came of each request, and no secret', async () => {
    const { url, out, done } = await startEmulator('--code-lifetime', '60');
    const code = () => run('code', 'user-7781', '--base-url', url, '--timeout', '2000');

    await code();
    vi.stubEnv(KEY_VARIABLE, 'test-wrong-key');
    await code();
    await post(`${url}/_emulator/faults`, { type: 'status', status: 400 });
    await code();
    await fetch(`${url}/`);
    await fetch(`${url}/_emulator/state`);
    await fetch(`${url}/_emulator/state`, { headers: { Origin: 'http://evil.example' } });
    process.emit('SIGINT');

    expect(await done).toBe(0);
    const log = out.slice(1).map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'TIME'));
    expect(log).toEqual([
      'TIME POST /users/auth-code 200: a code',
      "TIME POST /users/auth-code 401: the key is not the emulator's",
      'TIME POST /_emulator/faults 200',
      'TIME POST /users/auth-code 400: the fault you asked for (status)',
      'TIME GET /_emulator/state 403: it comes from another web page, or under a foreign Host',
      'Stopped.',
    ]);
    expect(log.join('\n')).not.toMatch(/user-7781|test-wrong-key/);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('knows keys that expired or lack the scope, as many as it is given', async () => {
    const { url, out } = await startEmulator(
      ...['--expired-key', 'old-1', '--expired-key', 'old-2', '--key-without-scope', 'other'],
    );

    for (const [key, reason] of [
      ['old-1', '401: the key has expired'],
      ['old-2', '401: the key has expired'],
      ['other', '403: the key lacks the user-link scope'],
    ]) {
      const headers = { ...GOOD_REQUEST.headers, Authorization: `Bearer ${key}` };
      await fetch(`${url}/users/auth-code`, { ...GOOD_REQUEST, headers });
      expect(out.at(-1)).toContain(reason);
    }
  });

  test.each(['0.0.0.0', '0'])('says what the host %s means, with URLs that work', async (host) => {
    const { banner, url } = await startEmulator('--host', host);

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(banner).toContain(`\n${host} means all networks of this machine: `);
    expect(banner).toContain('dangerouslyAllowHttp: true');
    for (const listed of banner.match(/(?<=^ {2})http:\S+$/gm) ?? []) {
      expect((await fetch(listed)).status).toBe(200);
    }
  });

  test('says so when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';

    expect(await run('emulator', '--port', port)).toEqual({
      status: 1,
      out: '',
      err: `sentiance-user-link: Port ${port} on 127.0.0.1 is taken. Pass another port, or 0 for any free one.`,
    });
  });
});
