import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AttemptEvent } from '../../src/index.js';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import {
  endless,
  inMemoryFetch,
  issueCodeInMemory,
  later,
  lost,
  neverRespond,
  type Reply,
  status,
} from '../support/in-memory-fetch.js';
import {
  answer,
  type Behaviour,
  hang,
  issueCode,
  startLoopbackServer,
} from '../support/loopback-server.js';

interface Ending {
  title: string;
  /** `ok`, or the error's code. */
  code: string;
  replies: [Reply, ...Reply[]];
  limits?: object;
  /** Whether there was something to abort at the end. */
  aborts?: boolean;
}

const slow = later(1_500, issueCodeInMemory);
const ENDINGS: Ending[] = [
  { title: 'a code', code: 'ok', replies: [issueCodeInMemory] },
  { title: 'a code after a retry', code: 'ok', replies: [status(503), issueCodeInMemory] },
  {
    title: 'a code of a hedge',
    code: 'ok',
    replies: [neverRespond, issueCodeInMemory],
    aborts: true,
  },
  { title: 'a code of a slow attempt', code: 'ok', replies: [slow, neverRespond], aborts: true },
  { title: 'a code beside a body', code: 'ok', replies: [slow, endless(200)], aborts: true },
  {
    title: 'a code in the wait for a retry',
    code: 'ok',
    replies: [slow, status(429, { 'retry-after': '2' })],
    aborts: true,
  },
  { title: 'a 401', code: 'unauthorized', replies: [status(401)] },
  { title: 'a 401 by its head', code: 'unauthorized', replies: [endless(401)] },
  { title: 'a 401 of a hedge', code: 'unauthorized', replies: [slow, status(401)], aborts: true },
  { title: 'retries in vain', code: 'server_error', replies: [status(503)] },
  { title: 'lost connections', code: 'connection_failed', replies: [lost('ECONNRESET')] },
  {
    title: 'a wait that did not fit',
    code: 'rate_limited',
    replies: [status(429, { 'retry-after': '9' })],
  },
  { title: 'timeout', code: 'timeout', replies: [neverRespond], aborts: true },
  {
    title: 'timeout without hedges',
    code: 'timeout',
    replies: [neverRespond],
    limits: { maxRetries: 0 },
    aborts: true,
  },
];

describe('After a call', () => {
  test.each(ENDINGS)(
    'nothing is left: $title',
    async ({ code, replies, limits, aborts = false }) => {
      withoutBackoff();
      holdTheClock();
      const { signal } = new AbortController();
      const { fetch, sent } = inMemoryFetch(...replies);
      const events: AttemptEvent[] = [];
      const during: unknown[] = [];
      const client = clientOf(UNUSED_URL, {
        fetch: (url, init) => {
          during.push([getEventListeners(signal, 'abort').length, vi.getTimerCount() > 0]);
          return fetch(url, init);
        },
        onAttempt: (event) => events.push(event),
      });

      const call = client.tryCreateAuthenticationCode('user-1', { signal, ...limits });
      const left = call.then(() => [getEventListeners(signal, 'abort').length, vi.getTimerCount()]);
      await vi.advanceTimersByTimeAsync(5_000);

      const result = await call;
      expect(result.ok ? 'ok' : result.error.code).toBe(code);
      expect(during).toEqual(sent.map(() => [1, true]));
      expect(await left).toEqual([0, 0]);
      expect(sent[0]?.init.signal?.aborted).toBe(aborts);
      // Each attempt is reported, and once.
      expect(events.map(({ attempt }) => attempt).sort()).toEqual(
        sent.map((_, index) => index + 1),
      );
      if (!result.ok) expect(result.error.attempts).toBe(sent.length);
    },
  );

  test('no unread body is left, when another attempt came first', async () => {
    withoutBackoff();
    holdTheClock();
    const cancel = vi.fn();
    const pull = () => new Promise<void>(() => {});
    // A fetch that ignores its signal: only the client can let its body go.
    const { fetch } = inMemoryFetch(
      () => new Response(new ReadableStream({ pull, cancel })),
      issueCodeInMemory,
    );

    const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(1_010);

    expect((await call).ok).toBe(true);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('no timer is left by a key function that failed', async () => {
    holdTheClock();
    const { signal } = new AbortController();
    const client = clientOf(UNUSED_URL, { apiKey: () => Promise.reject(new Error('sealed')) });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1', { signal }));

    expect(error).toMatchObject({ code: 'invalid_configuration', attempts: 0 });
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  const ALL = { ok: issueCode, server_error: answer(503), timeout: hang } satisfies Record<
    string,
    Behaviour
  >;
  test('the process ends by itself, whichever way its calls ended', async () => {
    const servers = await Promise.all(Object.values(ALL).map((one) => startLoopbackServer(one)));
    const source = new URL('../../src/index.ts', import.meta.url).href;
    // What stays behind would hold the process for ten minutes.
    const script = `
      import { SentianceUserLinkClient } from '${source}';
      const limits = { timeout: 600_000, hedgeAfter: 500_000 };
      const calls = ${JSON.stringify(servers.map(({ url }) => url))}.map((baseUrl, index) =>
        new SentianceUserLinkClient({ apiKey: 'test-user-link-key', baseUrl, ...limits })
          .tryCreateAuthenticationCode('user-1', index === 2 ? { timeout: 300, hedgeAfter: 50 } : {}));
      const results = await Promise.all(calls);
      const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
      console.log(results.map((result) => result.ok ? 'ok' : result.error.code).join(), timers.length);`;

    const { exitCode, output } = await runScript(script);

    expect(output).toBe(`${Object.keys(ALL).join()} 0\n`);
    expect(exitCode).toBe(0);
  }, 20_000);
});

/** Runs TypeScript in a process of its own. */
async function runScript(script: string): Promise<{ exitCode: unknown; output: string }> {
  const parameters = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, parameters, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const exit = once(child, 'exit');
  const output = Buffer.concat(await child.stdout.toArray()).toString();
  const [exitCode] = await exit;
  return { exitCode, output };
}
