/** The recipes of the page on operations work. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import pino from 'pino';
import { register } from 'prom-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  SENTIANCE_REGIONS,
  type SentianceErrorCode,
  SentianceUserLinkClient,
} from '../../src/index.js';
import { SentianceEmulator } from '../../src/testing/index.js';
import { withoutBackoff } from '../support/clock.js';
import { run } from '../support/code-blocks.js';
import {
  codeResponse,
  ISSUED_CODE,
  respondAlways,
  respondInTurn,
  statusResponse,
} from '../support/in-memory-fetch.js';
import { tableRows } from '../support/markdown.js';
import { codeBlockOf, sectionOf } from '../support/pages.js';

const PAGE = 'docs/operations.md';
const API_KEY = 'test-user-link-key';

afterEach(() => {
  register.clear();
  vi.unstubAllGlobals();
});

test('a proxy that the environment names is asked for a tunnel', async () => {
  await using emulator = new SentianceEmulator();
  const platform = new URL(await emulator.listen());
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on('connect', ({ url }, client: Socket) => {
    asked.push(url);
    const tunnel = connect(Number(platform.port), platform.hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      pipeline(client, tunnel, client, () => {});
    });
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const { port } = proxy.address() as AddressInfo;
  vi.stubEnv('http_proxy', `http://127.0.0.1:${port}`);
  vi.stubEnv('no_proxy', '');
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', emulator.apiKey);
  vi.stubEnv('SENTIANCE_BASE_URL', platform.origin);

  const { client }: Record<string, unknown> = await run(codeBlockOf(PAGE, 'Proxies', 1));
  if (!(client instanceof SentianceUserLinkClient)) throw new Error('It exports no client.');
  await client.createAuthenticationCode('user-1001');

  expect(asked).toEqual([platform.host]);
  expect(emulator.requests).toHaveLength(1);
  proxy.close().closeAllConnections();
});

test('the metrics count calls and attempts, by labels that are few', async () => {
  withoutBackoff();
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', API_KEY);
  const { codeFor } = await run(codeBlockOf(PAGE, 'Metrics'));

  vi.stubGlobal('fetch', respondInTurn(statusResponse(503), codeResponse()));
  await expect(codeFor?.('user-1001')).resolves.toMatchObject({ authenticationCode: ISSUED_CODE });
  vi.stubGlobal('fetch', respondAlways(401));
  await expect(codeFor?.('user-1001')).resolves.toBeNull();
  vi.stubGlobal('fetch', failWith('EHOSTUNREACH'));
  await expect(codeFor?.('user-1001')).resolves.toBeNull();
  vi.stubGlobal('fetch', slowThenFast());
  await expect(codeFor?.('user-1001')).resolves.toMatchObject({ authenticationCode: ISSUED_CODE });

  const metrics = (await register.metrics()).split('\n');
  expect(metrics.filter((line) => /_total{/.test(line)).toSorted()).toEqual([
    'sentiance_attempts_total{code="connection_failed",reason="other",overtaken="false"} 3',
    'sentiance_attempts_total{code="none",reason="none",overtaken="false"} 2',
    'sentiance_attempts_total{code="none",reason="none",overtaken="true"} 1',
    'sentiance_attempts_total{code="server_error",reason="none",overtaken="false"} 1',
    'sentiance_attempts_total{code="unauthorized",reason="none",overtaken="false"} 1',
    'sentiance_calls_total{outcome="connection_failed",action="retry_later"} 1',
    'sentiance_calls_total{outcome="none",action="none"} 2',
    'sentiance_calls_total{outcome="unauthorized",action="alert"} 1',
  ]);
  expect(metrics.filter((line) => /_seconds_count{/.test(line)).toSorted()).toEqual([
    'sentiance_attempt_duration_seconds_count{code="connection_failed"} 3',
    'sentiance_attempt_duration_seconds_count{code="none"} 2',
    'sentiance_attempt_duration_seconds_count{code="overtaken"} 1',
    'sentiance_attempt_duration_seconds_count{code="server_error"} 1',
    'sentiance_attempt_duration_seconds_count{code="unauthorized"} 1',
  ]);
  // Seconds, not milliseconds.
  expect(metrics).toContain('sentiance_attempt_duration_seconds_bucket{le="5",code="overtaken"} 1');
});

function failWith(code: string) {
  return async () => {
    throw Object.assign(new Error('fetch failed'), { code });
  };
}

function slowThenFast() {
  let requests = 0;
  return async () => {
    requests += 1;
    return requests === 1 ? new Promise<never>(() => {}) : codeResponse();
  };
}

test('the log has what there is to know of a failure, and no secret', async () => {
  const lines: string[] = [];
  const toLines = () => pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', API_KEY);
  vi.stubGlobal('fetch', respondAlways(401));

  const { codeFor } = await run(codeBlockOf(PAGE, 'Logging'), { pino: { default: toLines } });
  await expect(codeFor?.('user-1001')).resolves.toBeNull();

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'Asked Sentiance', attempt: { attempt: 1, status: 401, code: 'unauthorized' } },
    {
      msg: 'No Sentiance code',
      err: {
        type: 'SentianceAuthenticationError',
        code: 'unauthorized',
        action: 'alert',
        attempts: 1,
        status: 401,
        stack: expect.any(String),
      },
    },
  ]);
  expect(lines.join('')).not.toMatch(/test-user-link-key|user-1001/);
});

test('a key is replaced between two calls', async () => {
  const block = codeBlockOf(PAGE, 'Replacing a key');
  const keys = ['the-old-key\n', 'the-new-key\n'];
  const fetch = respondInTurn(codeResponse(), codeResponse());
  vi.stubGlobal('fetch', fetch);

  const { client }: Record<string, unknown> = await run(block, {
    'node:fs/promises': { readFile: async () => keys.shift() },
  });
  if (!(client instanceof SentianceUserLinkClient))
    throw new Error('The recipe exports no client.');
  await client.createAuthenticationCode('user-1001');
  await client.createAuthenticationCode('user-1001');

  const sent = fetch.mock.calls.map(([, init]) => new Headers(init.headers).get('authorization'));
  expect(sent).toEqual(['Bearer the-old-key', 'Bearer the-new-key']);
});

describe('when an alert fires', () => {
  // The compiler proves that each code is here; an alert does not fire for the two that are false.
  const ALERTS: Record<SentianceErrorCode, boolean> = {
    invalid_configuration: true,
    invalid_external_id: false,
    unauthorized: true,
    forbidden: true,
    rate_limited: true,
    server_error: true,
    rejected: true,
    unexpected_redirect: true,
    invalid_response: true,
    connection_failed: true,
    timeout: true,
    aborted: false,
  };
  const rows = tableRows(sectionOf(PAGE, 'When an alert fires'));

  test('the page says what to do about each code', () => {
    const codes = rows.flatMap(([code = '']) => [...code.matchAll(/\w+/g)].map(([name]) => name));
    const expected = Object.entries(ALERTS).filter(([, fires]) => fires);

    expect(codes.sort()).toEqual(expected.map(([code]) => code).sort());
  });

  test('the key is tried in each region', () => {
    const [, advice = ''] = rows.find(([code]) => code === '`unauthorized`') ?? [];
    const tried = /--region (.+?):/.exec(advice)?.[1] ?? '';

    expect(tried.match(/\w{2}(?=`)/g)).toEqual(Object.keys(SENTIANCE_REGIONS));
  });
});
