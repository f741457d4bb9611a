/** One attempt over a real socket, and what `onAttempt` is told of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { clientOf, errorOf, UNUSED_URL } from '../support/calls.js';
import { holdTheClock } from '../support/clock.js';
import { inMemoryFetch, later, status } from '../support/in-memory-fetch.js';
import {
  answer,
  delayed,
  ISSUED_CODE,
  issueCode,
  issuedBody,
  redirect,
  startLoopbackServer,
} from '../support/loopback-server.js';

describe('An attempt over a real socket', () => {
  test('sends the documented request and brings the code', async () => {
    const server = await startLoopbackServer(delayed(20, issueCode));

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
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['a code', issueCode],
    ['an error', answer(401, { body: '{"message":"no"}' })],
  ])('leaves its connection to the next call, after %s', async (_, behaviour) => {
    const server = await startLoopbackServer(behaviour, issueCode);
    const client = clientOf(server.url);

    await client.tryCreateAuthenticationCode('user-1');
    await nextTurn(); // fetch gives a connection back in the turn after the response's end
    await client.createAuthenticationCode('user-2');

    const [first, second] = server.requests;
    expect(second?.socket === first?.socket).toBe(true);
    expect(server.sockets.size).toBe(1);
  });

  test('does not follow a redirect: neither target sees a request', async () => {
    const elsewhere = await startLoopbackServer(issueCode);
    for (const location of ['/elsewhere', `${elsewhere.url}/users/auth-code`]) {
      const server = await startLoopbackServer(redirect(location, 307), issueCode);

      const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

      expect(error).toMatchObject({ code: 'unexpected_redirect', status: 307, attempts: 1 });
      expect(server.requests).toHaveLength(1);
    }
    expect(elsewhere.requests).toHaveLength(0);
  });

  test('reads a body of 1 MiB, and of a larger one no more than that', async () => {
    const mebibyte = issuedBody.padEnd(1_048_576);
    const sound = await startLoopbackServer(answer(200, { body: mebibyte }));
    const endless = await startLoopbackServer(({ response }) => {
      const chunk = Buffer.alloc(65_536, ' ');
      const write = () => {
        while (response.write(chunk));
      };
      response.on('drain', write);
      write();
    });

    await clientOf(sound.url).createAuthenticationCode('user-1');
    const error = errorOf(await clientOf(endless.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'invalid_response', status: 200, issues: ['(body)'] });
    await endless.requests[0]?.closed;
  });
});

test('Ten minutes count from when the request was sent, when the response has no expiry', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  holdTheClock({ now: new Date('2030-01-02T03:04:05Z') });
  const withoutExpiry = () => new Response(JSON.stringify({ authentication_code: ISSUED_CODE }));
  const { fetch } = inMemoryFetch(status(429, { 'retry-after': '2' }), later(500, withoutExpiry));

  const call = clientOf(UNUSED_URL, { fetch }).createAuthenticationCode('user-1');
  await vi.advanceTimersByTimeAsync(3_000);

  // Sent two seconds later, after the wait; the time until its response gives the code no more.
  expect((await call).expiresAt).toEqual(new Date('2030-01-02T03:14:07Z'));
});

describe('onAttempt', () => {
  function fail(): never {
    throw new Error('metric store is down');
  }

  test.each<[string, () => unknown]>([
    ['throws', fail],
    ['rejects', async () => fail()],
    // biome-ignore lint/suspicious/noThenProperty: a broken promise is what this is about.
    ['gives a promise that is none', () => ({ then: fail })],
  ])('does no harm when it %s', async (_, onAttempt) => {
    const server = await startLoopbackServer(issueCode);
    const client = clientOf(server.url, { onAttempt });

    expect((await client.tryCreateAuthenticationCode('user-1')).ok).toBe(true);

    // vitest fails on a rejection that nobody handles.
    await nextTurn();
  });
});
