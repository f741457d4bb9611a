/**
 * No secret gets out of the fake, the emulator and the command line: not into what they print. What
 * a test asks them for they give, and so to `console.dir` when it is told to run all getters.
 */
import { inspect } from 'node:util';
import { FakeUserLinkClient, SentianceEmulator } from 'sentiance-user-link/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli.js';
import { ERROR_CODES } from '../../src/testing/sentiance-error.js';
import { clientOf } from '../support/calls.js';
import { CANARIES, expectNoCanary, leaksOf } from '../support/canaries.js';
import { AUTH_CODE_PATH, startEmulator } from '../support/emulator.js';
import { answer, type Behaviour, reset, startLoopbackServer } from '../support/loopback-server.js';
import { failureOf } from '../support/refusals.js';

const { apiKey, externalId, authenticationCode } = CANARIES;

beforeEach(() => {
  // The waits between attempts are 0 ms long.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', apiKey);
  vi.stubEnv('SENTIANCE_REGION', undefined);
});

describe('a fake', () => {
  const CODE = { authenticationCode, expiresAt: new Date(0), platformUrl: 'https://p.example' };

  test('shows nothing of its calls and its answers, however it is logged', async () => {
    const fake = new FakeUserLinkClient().respondWith(CODE).failNext('timeout');
    await fake.tryCreateAuthenticationCode(externalId);
    await fake.createAuthenticationCode(externalId);

    expect(fake.calls).toEqual([{ externalId }, { externalId }]);
    expect(inspect(fake)).toBe('FakeUserLinkClient {}');
    expect(leaksOf(fake)).toEqual(['console.dir shows externalId']);
  });

  test.each(ERROR_CODES)('fails without a secret: %s', async (code) => {
    const fake = new FakeUserLinkClient();
    Reflect.apply(fake.failWith, fake, [code]);

    const result = await fake.tryCreateAuthenticationCode(externalId);

    expect(result).toMatchObject({ ok: false, error: { code } });
    expectNoCanary(result);
  });
});

describe('an emulator', () => {
  test('shows no key, code or external id, however it is logged', async () => {
    const emulator = await startEmulator({
      apiKey,
      keysWithoutScope: [`${apiKey}-scope`],
      expiredKeys: [`${apiKey}-old`],
    });
    const client = clientOf(emulator.url, { apiKey });
    const code = await client.createAuthenticationCode(externalId);
    emulator.createUser(code.authenticationCode, { id: externalId });

    expect(emulator.users).toMatchObject([{ externalId }]);
    expect(inspect(emulator)).toBe('SentianceEmulator {}');
    expect(leaksOf(emulator)).toEqual(['console.dir shows apiKey', 'console.dir shows externalId']);
  });

  test('gives no key to whoever listens to its requests', async () => {
    const onRequest = vi.fn();
    const emulator = await startEmulator({ apiKey, onRequest });
    for (const key of [apiKey, `${apiKey}-wrong`]) {
      await clientOf(emulator.url, { apiKey: key }).tryCreateAuthenticationCode('user-1');
    }

    expect(onRequest.mock.calls).toMatchObject([[{ status: 200 }], [{ status: 401 }]]);
    expectNoCanary(onRequest.mock.calls);
    expectNoCanary(emulator.requests);
  });

  test('fails on the device without the code', async () => {
    const device = { id: 'phone-1' };
    const error = await failureOf(() =>
      new SentianceEmulator().createUser(authenticationCode, device),
    );

    expect(error).toMatchObject({ reason: 'SERVER_ERROR' });
    expectNoCanary(error);
  });
});

describe('the command line', () => {
  /** Runs a command to its end: its exit status, and what it printed. */
  async function run(...args: string[]) {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const status = await main(args, { out: print, err: print });
    return { status, printed: lines.join('\n') };
  }

  const quote = `Authorization: Bearer ${apiKey} {"external_id":"${externalId}"}`;
  const echo = JSON.stringify({ message: quote, errorCode: apiKey, ref: externalId, quote });
  const headers = { location: `/${apiKey}`, 'x-request': CANARIES.header };

  const FAILURES: [title: string, behaviour: Behaviour, code: string][] = [
    ...[400, 401, 403, 404, 429, 500, 503].map((status): [string, Behaviour, string] => [
      `a ${status} that echoes the request`,
      answer(status, { headers, body: echo }),
      expect.stringMatching(/^(rejected|unauthorized|forbidden|rate_limited|server_error)$/),
    ]),
    ['a redirect', answer(302, { headers, body: echo }), 'unexpected_redirect'],
    ['an answer that is not the contract', answer(200, { body: echo }), 'invalid_response'],
    ['a lost connection', reset, 'connection_failed'],
  ];

  test.each(FAILURES)('prints no secret after %s', async (_, behaviour, code) => {
    const { url } = await startLoopbackServer(behaviour);

    const inWords = await run('code', externalId, '--base-url', url);
    const inJson = await run('code', externalId, '--json', '--base-url', url);

    expect([inWords.status, inJson.status]).toEqual([1, 1]);
    expect(/^No code: (\w+)\n/.exec(inWords.printed)?.[1]).toEqual(code);
    expect(JSON.parse(inJson.printed).code).toEqual(code);
    expectNoCanary([inWords.printed, inJson.printed]);
  });

  test('prints the code that was asked for, and no other secret', async () => {
    const body = JSON.stringify({ authentication_code: 'issued-code', quote });
    const { url } = await startLoopbackServer(answer(200, { headers, body }));

    const { status, printed } = await run('code', externalId, '--base-url', url);

    expect(status).toBe(0);
    expect(printed).toMatch(/^Code: {10}issued-code\n/);
    expectNoCanary(printed);
  });

  test.each([
    [['code', 'user-1', apiKey]],
    [['code', 'user-1', `--api-key=${apiKey}`]],
    [['code', 'user-1', '--api-key', apiKey]],
    [['code', 'user-1', '--region', apiKey]],
    [['code', 'user-1', '--base-url', apiKey]],
    [['code', 'user-1', '--base-url', `https://${apiKey}@platform.example`]],
    [['code', 'user-1', '--timeout', apiKey]],
    [['emulator', apiKey]],
    [['emulator', '--port', apiKey]],
    [['emulator', '--code-lifetime', apiKey]],
    [[apiKey]],
  ])('does not repeat a key that stands in the wrong place: row %#', async (args) => {
    const { status, printed } = await run(...args);

    expect(status).toBe(2);
    expect(printed).toMatch(/^sentiance-user-link: .+\nSee sentiance-user-link --help\.$/);
    expectNoCanary(printed);
  });

  test('logs the requests to an emulator without keys and external ids', async () => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const ended = main(['emulator', '--port', '0'], { out: print, err: print });
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    const url = /URL: +(\S+)/.exec(lines[0] ?? '')?.[1] ?? '';
    const post = { method: 'POST', body: JSON.stringify({ external_id: externalId }) };
    await fetch(`${url}${AUTH_CODE_PATH}?key=${apiKey}`, post);
    await run('code', externalId, '--base-url', url);
    process.emit('SIGINT');

    expect(await ended).toBe(0);
    expect(lines.slice(1, -1)).toEqual([
      expect.stringMatching(/ POST \/users\/auth-code 401$/),
      expect.stringMatching(/ POST \/users\/auth-code 401$/),
    ]);
    expectNoCanary(lines);
  });
});
