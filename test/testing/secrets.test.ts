/**
 * No secret gets out of the fake, the emulator and the command line: not into what they print. What
 * a test asks them for they give, and so to `console.dir` when it is told to run all getters.
 */
import { inspect } from 'node:util';
import { FakeUserLinkClient, SentianceEmulator } from 'sentiance-user-link/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { ERROR_CODES } from '../../src/testing/sentiance-error.js';
import { clientOf } from '../support/calls.js';
import { CANARIES, expectNoCanary, leaksOf } from '../support/canaries.js';
import { AUTH_CODE_PATH, GOOD_HEADERS, GOOD_REQUEST, startEmulator } from '../support/emulator.js';
import {
  type Behaviour,
  reset,
  answer as respond,
  startLoopbackServer,
} from '../support/loopback-server.js';
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

  test('shows nothing of its calls and its responses, however it is logged', async () => {
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

  test('refuses an id, and ends by a signal, without a secret', async () => {
    const fake = new FakeUserLinkClient();
    const signal = AbortSignal.abort(new Error(CANARIES.abortReason));

    expectNoCanary(await fake.tryCreateAuthenticationCode(`${externalId}\ud83d`));
    expectNoCanary(await fake.tryCreateAuthenticationCode(externalId, { signal }));
  });
});

describe('an emulator', () => {
  const otherKeys = { keysWithoutScope: [`${apiKey}-scope`], expiredKeys: [`${apiKey}-old`] };

  test('shows no key, code or external id, however it is logged', async () => {
    const emulator = await startEmulator({ apiKey, controlRoutes: true, ...otherKeys });
    const client = clientOf(emulator.url, { apiKey });
    const code = await client.createAuthenticationCode(externalId);
    emulator.createUser(code.authenticationCode, { id: externalId });

    expect(emulator.users).toMatchObject([{ externalId }]);
    expect(inspect(emulator)).toBe('SentianceEmulator {}');
    expect(leaksOf(emulator)).toEqual(['console.dir shows apiKey', 'console.dir shows externalId']);
    const state = await fetch(`${emulator.url}/_emulator/state`);
    expect(await state.text()).not.toContain(apiKey);
  });

  test('gives no key in a response, nor to whoever listens to its requests', async () => {
    const onRequest = vi.fn();
    const emulator = new SentianceEmulator({ apiKey, onRequest, ...otherKeys });
    for (const key of [apiKey, `${apiKey}-scope`, `${apiKey}-old`, `${apiKey}-wrong`]) {
      const headers = { ...GOOD_HEADERS, Authorization: `Bearer ${key}` };
      const request = new Request(`http://localhost${AUTH_CODE_PATH}`, {
        ...GOOD_REQUEST,
        headers,
      });
      const response = await emulator.handle(request);
      expectNoCanary([...response.headers, await response.text()]);
    }

    expect(emulator.requests.map(({ status }) => status)).toEqual([200, 403, 401, 401]);
    expectNoCanary([onRequest.mock.calls, emulator.requests]);
  });

  test('fails without the key and the code', async () => {
    const emulator = await startEmulator({ apiKey });
    const device = { id: 'phone-1' };

    for (const fail of [
      () => emulator.createUser(authenticationCode, device),
      () => emulator.createUser(apiKey, device),
      () => emulator.listen(),
      () => Reflect.apply(emulator.failNext, emulator, [{ type: apiKey }]),
      () => Reflect.construct(SentianceEmulator, [{ apiKey: [apiKey] }]),
    ]) {
      expectNoCanary(await failureOf(fail));
    }
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
      respond(status, { headers, body: echo }),
      expect.stringMatching(/^(rejected|unauthorized|forbidden|rate_limited|server_error)$/),
    ]),
    ['a redirect', respond(302, { headers, body: echo }), 'unexpected_redirect'],
    ['a response that is not the contract', respond(200, { body: echo }), 'invalid_response'],
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
    const { url } = await startLoopbackServer(respond(200, { headers, body }));

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
      expect.stringMatching(/ POST \/users\/auth-code 401: no key was sent$/),
      expect.stringMatching(/ POST \/users\/auth-code 401: the key is not the emulator's$/),
    ]);
    expectNoCanary(lines);
  });
});
