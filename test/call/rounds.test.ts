import { describe, expect, test, vi } from 'vitest';
import { callOnHeldClock } from '../support/call-on-held-clock.js';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { withoutBackoff } from '../support/clock.js';
import {
  inMemoryFetch,
  issueCodeInMemory,
  later,
  neverRespond,
  status,
} from '../support/in-memory-fetch.js';

/** What a polluted prototype may say to ky, some of which stops it from working. */
const POLLUTION: [string, unknown][] = [
  ['json', { external_id: 'somebody-else' }],
  ['body', 'polluted'],
  ['headers', { 'x-polluted': 'yes' }],
  ['hooks', { beforeRequest: [() => Response.json({ authentication_code: 'polluted' })] }],
  ['beforeRetry', [() => Response.json({ authentication_code: 'polluted' })]],
  ['retry', { limit: 0 }],
  ['limit', 0],
  ['prefix', 'https://polluted.example'],
  ['baseUrl', 'https://polluted.example'],
  ['searchParams', { polluted: 'yes' }],
  ['throwHttpErrors', false],
  ['totalTimeout', 1],
  ['jitter', () => 1_000_000],
  ['backoffLimit', 1_000_000],
  ['retryOnTimeout', true],
  ['method', 'GET'],
  ['window', 'polluted'],
];

describe('A prototype of all objects that is polluted while a retry is made', () => {
  test.each(POLLUTION)(
    'never changes what is sent, nor hangs the call: %s',
    async (name, value) => {
      withoutBackoff();
      const { fetch, sent } = inMemoryFetch(status(503), issueCodeInMemory);
      const client = clientOf(UNUSED_URL, { fetch, timeout: 60_000 });

      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
      let result: Awaited<ReturnType<typeof client.tryCreateAuthenticationCode>>;
      try {
        result = await client.tryCreateAuthenticationCode('user-1');
      } finally {
        Reflect.deleteProperty(Object.prototype, name);
      }

      if (result.ok) expect(sent).toHaveLength(2);
      else expect(result.error).toMatchObject({ code: 'server_error', attempts: sent.length });
      expect(result).not.toMatchObject({ value: { authenticationCode: 'polluted' } });
      for (const { url, init } of sent) {
        expect(url).toBe(`${UNUSED_URL}/users/auth-code`);
        expect(init.body).toBe('{"external_id":"user-1"}');
        expect(Object.keys(init.headers ?? {})).not.toContain('x-polluted');
      }
    },
  );
});

describe('A runtime in which ky does not work, since its Request', () => {
  const { Request } = globalThis;
  const broken = () => {
    throw new Error('no Request');
  };

  test.each<[string, unknown]>([
    ['is missing', undefined],
    ['throws', broken],
  ])('%s, shows what the first attempt met, and leaves no timer', async (_, replacement) => {
    vi.stubGlobal('Request', replacement);
    const { call, sentAt } = callOnHeldClock({}, status(503), issueCodeInMemory);

    // The clock stands still: a client that waited would never come back.
    expect(errorOf(await call)).toMatchObject({ code: 'server_error', attempts: 1 });
    expect(sentAt()).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is missing, waits for a slow attempt', async () => {
    vi.stubGlobal('Request', undefined);
    const { call, sentAt } = callOnHeldClock({}, later(3_000, issueCodeInMemory));
    await vi.advanceTimersByTimeAsync(3_000);

    expect((await call).ok).toBe(true);
    expect(sentAt()).toEqual([0]);
  });

  test('is missing, shows what a slow attempt met in the end', async () => {
    vi.stubGlobal('Request', undefined);
    const { call } = callOnHeldClock({}, later(3_000, status(503)), neverRespond);
    await vi.advanceTimersByTimeAsync(3_000);

    expect(errorOf(await call)).toMatchObject({ code: 'server_error', attempts: 1 });
  });

  test('is a class of somebody else, is none', async () => {
    vi.stubGlobal('Request', class extends Request {});
    const { call } = callOnHeldClock({}, status(503), status(503), issueCodeInMemory);
    await vi.advanceTimersByTimeAsync(10);

    expect((await call).ok).toBe(true);
  });
});
