import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type AttemptEvent,
  SentianceConnectionError,
  SentianceRateLimitError,
  SentianceServerError,
} from '../src/index.js';
import { clientOf, errorOf, UNUSED_URL } from './support/calls.js';
import { holdTheClock, withoutBackoff } from './support/clock.js';
import { inMemoryFetch, issueCodeInMemory, status } from './support/in-memory-fetch.js';
import {
  answer,
  type Behaviour,
  cutOff,
  delayed,
  hang,
  hangUp,
  ISSUED_CODE,
  issueCode,
  raw,
  redirect,
  reset,
  startLoopbackServer,
  startTlsLoopbackServer,
} from './support/loopback-server.js';
import { selfSignedCertificate } from './support/self-signed-certificate.js';

const TRANSIENT_ADVICE = 'Ask again later; if it stays, check DNS, firewall and proxy.';
const PERMANENT_ADVICE = 'Check the host name, and that this process trusts its certificate.';

function lostMessage(url: string, reason: string, advice: string): string {
  return `${new URL(url).host} could not be reached, or the connection was lost (${reason}). ${advice}`;
}

describe('A call over a real socket', () => {
  test('sends the documented request and brings the code', async () => {
    const server = await startLoopbackServer(issueCode);

    const code = await clientOf(server.url).createAuthenticationCode('user-42 ✓');

    expect(code).toEqual({
      authenticationCode: ISSUED_CODE,
      expiresAt: new Date('2030-01-02T03:04:05.678Z'),
      platformUrl: server.url,
    });
    const request = await server.received(1);
    expect([request.method, request.path]).toEqual(['POST', '/users/auth-code']);
    expect(request.body).toEqual(Buffer.from('{"external_id":"user-42 ✓"}', 'utf8'));
    expect(request.headers).toMatchObject({
      authorization: 'Bearer test-user-link-key',
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': String(request.body.byteLength),
      'user-agent': expect.stringMatching(/^sentiance-user-link\/\S+ node\/\S+$/),
    });
    const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  test('uses the connection of the call before', async () => {
    const server = await startLoopbackServer(issueCode);
    const client = clientOf(server.url);

    await client.createAuthenticationCode('user-1');
    await nextTurn(); // fetch gives a connection back in the turn after the answer's end
    await client.createAuthenticationCode('user-2');

    const [first, second] = server.requests;
    expect(second?.socket === first?.socket).toBe(true);
    expect(server.sockets.size).toBe(1);
  });

  test('uses the connection again after an answer with an error', async () => {
    const server = await startLoopbackServer(answer(401, { body: '{"message":"no"}' }), issueCode);
    const client = clientOf(server.url);

    expect(errorOf(await client.tryCreateAuthenticationCode('user-1')).code).toBe('unauthorized');
    await nextTurn();
    await client.createAuthenticationCode('user-1');

    expect(server.requests[1]?.socket === server.requests[0]?.socket).toBe(true);
  });

  test('waits for an answer that takes its time', async () => {
    const server = await startLoopbackServer(delayed(50, issueCode));

    const { authenticationCode } = await clientOf(server.url).createAuthenticationCode('user-1');

    expect(authenticationCode).toBe(ISSUED_CODE);
    expect(server.requests).toHaveLength(1);
  });

  test('counts ten minutes from when the request was sent, when the answer has no expiry', async () => {
    holdTheClock({ now: new Date('2030-01-02T03:04:05Z') });
    const { fetch } = inMemoryFetch(status(429, { 'retry-after': '2' }), async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return new Response(JSON.stringify({ authentication_code: ISSUED_CODE }));
    });

    const call = clientOf(UNUSED_URL, { fetch }).createAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(3_000);

    // Sent two seconds later, after the wait; that the answer took one more gives the code no more.
    expect((await call).expiresAt).toEqual(new Date('2030-01-02T03:14:07Z'));
  });

  test('does not follow a redirect: neither target sees a request', async () => {
    const elsewhere = await startLoopbackServer(issueCode);
    for (const location of ['/elsewhere', `${elsewhere.url}/users/auth-code`]) {
      const server = await startLoopbackServer(redirect(location, 307), issueCode);

      const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

      expect(error).toMatchObject({ code: 'unexpected_redirect', status: 307, attempts: 1 });
      expect(error.message).toBe(
        `${new URL(server.url).host} answered with a redirect (307), which is not followed: it could carry the API key to another place. Check the region or baseUrl.`,
      );
      expect(server.requests).toHaveLength(1);
    }
    expect(elsewhere.requests).toHaveLength(0);
  });
});

describe('A connection that fails', () => {
  beforeEach(withoutBackoff);

  test('is tried again, then reported: a port that refuses', async () => {
    const server = await startLoopbackServer(issueCode);
    await server.stop();
    const events: AttemptEvent[] = [];
    const client = clientOf(server.url, { onAttempt: (event) => events.push(event) });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toBeInstanceOf(SentianceConnectionError);
    expect(error).toMatchObject({
      code: 'connection_failed',
      action: 'retry_later',
      reason: 'ECONNREFUSED',
      attempts: 3,
      message: lostMessage(server.url, 'ECONNREFUSED', TRANSIENT_ADVICE),
    });
    const event = { code: 'connection_failed', platformUrl: server.url };
    const duration = expect.any(Number);
    expect(events).toEqual([1, 2, 3].map((attempt) => ({ ...event, attempt, duration })));
  });

  test('does no harm to later calls: the server is back', async () => {
    const server = await startLoopbackServer(issueCode);
    const client = clientOf(server.url);
    await client.createAuthenticationCode('user-1');

    await server.stop();
    expect(errorOf(await client.tryCreateAuthenticationCode('user-1')).code).toBe(
      'connection_failed',
    );
    await server.start();

    expect(await client.tryCreateAuthenticationCode('user-1')).toMatchObject({ ok: true });
  });

  // Which of its codes undici gives to an early end is its own business, and differs by version.
  const EARLY_END = /^(UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE)$/;
  test.each<[string, Behaviour, RegExp]>([
    ['is reset before the answer', reset, /^ECONNRESET$/],
    ['is closed before the answer', hangUp, EARLY_END],
    ['ends in the middle of a body with a length', cutOff('content-length'), EARLY_END],
    ['ends in the middle of a chunked body', cutOff('chunked'), EARLY_END],
    ['speaks another protocol', raw('220 mail.example ESMTP\r\n'), /^HPE_INVALID_CONSTANT$/],
  ])('is tried again, then reported: it %s', async (_, behaviour, reason) => {
    const server = await startLoopbackServer(behaviour);

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    if (error.code !== 'connection_failed') throw error;
    expect(error.reason).toMatch(reason);
    expect(error.message).toBe(lostMessage(server.url, error.reason ?? '', TRANSIENT_ADVICE));
    expect(error.attempts).toBe(3);
    expect(server.requests).toHaveLength(3);
  });

  test.each<[string, Behaviour]>([
    ['a reset', reset],
    ['a closed connection', hangUp],
    ['a body with a length that was cut off', cutOff('content-length')],
    ['a chunked body that was cut off', cutOff('chunked')],
    ['a 500', answer(500)],
    ['a 503 whose body was cut off', cutOff('chunked', 503)],
    ['an attempt that took too long', hang],
  ])('is not seen by the caller when the next attempt succeeds: %s', async (_, behaviour) => {
    const server = await startLoopbackServer(behaviour, issueCode);
    const client = clientOf(server.url, { timeout: 400 });

    const result = await client.tryCreateAuthenticationCode('user-1');

    expect(result).toMatchObject({ ok: true, value: { authenticationCode: ISSUED_CODE } });
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.body).toEqual(server.requests[0]?.body);
  });

  test('is not seen by the caller when a kept connection turns out to be closed', async () => {
    const server = await startLoopbackServer(issueCode, hangUp, issueCode);
    const client = clientOf(server.url);

    await client.createAuthenticationCode('user-1');
    await nextTurn();
    const code = await client.createAuthenticationCode('user-2');

    expect(code.authenticationCode).toBe(ISSUED_CODE);
    expect(server.requests[1]?.socket === server.requests[0]?.socket).toBe(true);
    expect(server.requests).toHaveLength(3);
  });

  test('leaves the status of an error answer standing, though its body was lost', async () => {
    const server = await startLoopbackServer(cutOff('content-length', 403));

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'forbidden', status: 403, attempts: 1 });
    expect(error.message).toBe(
      `${new URL(server.url).host} does not let this API key link users (403). Give it the user-link scope in the Sentiance console, or make a key that has it.`,
    );
  });

  test('is not tried again when the certificate is not trusted', async () => {
    const server = await startTlsLoopbackServer(selfSignedCertificate(), issueCode);

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: 'connection_failed',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      attempts: 1,
      message: lostMessage(server.url, 'DEPTH_ZERO_SELF_SIGNED_CERT', PERMANENT_ADVICE),
    });
    expect(server.requests).toHaveLength(0);
  });

  test('is not tried again when the port speaks no TLS', async () => {
    const server = await startLoopbackServer(issueCode);
    const url = server.url.replace('http:', 'https:');

    const error = errorOf(await clientOf(url).tryCreateAuthenticationCode('user-1'));

    if (error.code !== 'connection_failed') throw error;
    expect(error.reason).toMatch(/^(ERR_SSL_WRONG_VERSION_NUMBER|EPROTO)$/);
    expect(error.message).toBe(lostMessage(url, error.reason ?? '', PERMANENT_ADVICE));
    expect(error.attempts).toBe(1);
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ['ENOTFOUND', 'is not tried again when the host name does not exist', 1, PERMANENT_ADVICE],
    ['EAI_AGAIN', 'is tried again when the name server does not answer', 3, TRANSIENT_ADVICE],
  ])('%s %s', async (reason, _, attempts, advice) => {
    // What Node's fetch rejects with; a real look-up would leave this machine.
    const { fetch, sent } = inMemoryFetch(() => {
      const cause = Object.assign(new Error(`getaddrinfo ${reason} nowhere.invalid`), {
        code: reason,
        syscall: 'getaddrinfo',
        hostname: 'nowhere.invalid',
      });
      throw new TypeError('fetch failed', { cause });
    });
    const url = 'https://nowhere.invalid';

    const error = errorOf(await clientOf(url, { fetch }).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: 'connection_failed',
      reason,
      attempts,
      message: lostMessage(url, reason, advice),
    });
    expect(error.cause).toMatchObject({ name: 'TypeError', message: reason, code: reason });
    expect(sent).toHaveLength(attempts);
  });
});

describe('Retries', () => {
  test.each([408, 429, 500, 502, 503, 504])('follow a %i', async (code) => {
    withoutBackoff();
    const server = await startLoopbackServer(answer(code));

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: code === 429 ? 'rate_limited' : 'server_error',
      status: code,
      attempts: 3,
    });
    expect(server.requests).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 409, 413, 422, 501, 505, 520])(
    'do not follow a %i',
    async (code) => {
      const server = await startLoopbackServer(answer(code, { headers: { 'retry-after': '0' } }));

      const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

      expect(error).toMatchObject({ status: code, attempts: 1 });
      expect(server.requests).toHaveLength(1);
    },
  );

  test.each([0, 1, 10])('are at most maxRetries: %i', async (maxRetries) => {
    withoutBackoff();
    const server = await startLoopbackServer(answer(503));
    const events: AttemptEvent[] = [];
    const client = clientOf(server.url, { maxRetries, onAttempt: (event) => events.push(event) });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toBeInstanceOf(SentianceServerError);
    expect(error.attempts).toBe(maxRetries + 1);
    expect(error.message).toBe(
      `${new URL(server.url).host} has a problem of its own (503). Ask again later.`,
    );
    expect(server.requests).toHaveLength(maxRetries + 1);
    expect(events.map(({ attempt, status: seen, code }) => [attempt, seen, code])).toEqual(
      server.requests.map((_, index) => [index + 1, 503, 'server_error']),
    );
  });

  test('end with a failure that they cannot cure', async () => {
    withoutBackoff();
    const server = await startLoopbackServer(answer(503), reset, answer(401), issueCode);
    const client = clientOf(server.url, { maxRetries: 10 });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'unauthorized', status: 401, attempts: 3 });
    expect(server.requests).toHaveLength(3);
  });
});

describe('The wait before a retry', () => {
  /** The milliseconds between the requests of a call that fails to its end. */
  async function waitsOf(random: number, maxRetries: number): Promise<number[]> {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    holdTheClock();
    const { fetch, sent } = inMemoryFetch(status(503));
    const client = clientOf(UNUSED_URL, { fetch, maxRetries, totalTimeout: 60_000 });

    const call = client.tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(59_000);

    expect(errorOf(await call)).toMatchObject({ code: 'server_error', attempts: maxRetries + 1 });
    return sent.slice(1).map(({ sentAt }, index) => sentAt - (sent[index]?.sentAt ?? Number.NaN));
  }

  test.each([
    // The fake clock cuts 199.9998 ms down to 199.
    ['up to 200, 400, 800, then 1000 ms', 0.999_999, [199, 399, 799, 999, 999]],
    ['any part of that', 0.25, [50, 100, 200, 250, 250]],
  ])('is %s', async (_, random, expected) => {
    const waits = await waitsOf(random, expected.length);

    expect(waits).toEqual(expected);
  });

  test('may be none at all', async () => {
    for (const wait of await waitsOf(0, 3)) expect(wait).toBeLessThanOrEqual(1);
  });

  test('is what Retry-After says in seconds, over a real socket', async () => {
    const tooMany = answer(429, { headers: { 'retry-after': '1' } });
    const server = await startLoopbackServer(tooMany, issueCode);

    await clientOf(server.url).createAuthenticationCode('user-1');

    const [first, second] = server.requests;
    const gap = (second?.receivedAt ?? Number.NaN) - (first?.receivedAt ?? Number.NaN);
    expect(gap).toBeGreaterThanOrEqual(998);
  });

  test.each([
    ['seconds', 429, '2', 2_000],
    ['a date', 429, 'Wed, 02 Jan 2030 03:04:08 GMT', 3_000],
    ['seconds, on a 503 too', 503, '1', 1_000],
  ])('is what Retry-After says: %s', async (_, code, retryAfter, expected) => {
    holdTheClock({ now: new Date('2030-01-02T03:04:05Z') });
    const tooMany = status(code, { 'retry-after': retryAfter });
    const { fetch, sent } = inMemoryFetch(tooMany, issueCodeInMemory);

    const call = clientOf(UNUSED_URL, { fetch }).tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(expected - 1);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);

    expect(await call).toMatchObject({ ok: true });
    expect(sent).toHaveLength(2);
  });

  test('is not begun when it is an hour: the 429 surfaces at once', async () => {
    const tooMany = answer(429, { headers: { 'retry-after': '3600' } });
    const server = await startLoopbackServer(tooMany);
    const client = clientOf(server.url, { totalTimeout: 60_000 });

    const started = performance.now();
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    // Not a deadline: it is far from the minute that a wait would take.
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(error).toBeInstanceOf(SentianceRateLimitError);
    expect(error).toMatchObject({
      code: 'rate_limited',
      action: 'retry_later',
      status: 429,
      retryAfter: 3_600_000,
      attempts: 1,
      message: `${new URL(server.url).host} limits the rate of requests (429). It asks to wait 3600000 ms; ask again later.`,
    });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['a Retry-After', 1_000, status(429, { 'retry-after': '1' }), 'rate_limited'],
    ['a backoff', 199, status(503), 'server_error'],
  ])('is not begun when it does not fit: %s', async (_, totalTimeout, reply, code) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999_999);
    holdTheClock();
    const { fetch, sent } = inMemoryFetch(reply, issueCodeInMemory);
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout });

    // The clock stands still: a client that waited would never come back.
    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code, attempts: 1 });
    expect(sent).toHaveLength(1);
  });

  test('is begun when it fits by a millisecond', async () => {
    holdTheClock();
    const tooMany = status(429, { 'retry-after': '1' });
    const { fetch } = inMemoryFetch(tooMany, issueCodeInMemory);
    const client = clientOf(UNUSED_URL, { fetch, totalTimeout: 1_001 });

    const call = client.tryCreateAuthenticationCode('user-1');
    await vi.advanceTimersByTimeAsync(1_000);

    expect(await call).toMatchObject({ ok: true });
  });
});
