import { beforeEach, describe, expect, test } from 'vitest';
import type { AttemptEvent } from '../../src/index.js';
import { clientOf, errorOf } from '../support/calls.js';
import { withoutBackoff } from '../support/clock.js';
import { answer, issueCode, reset, startLoopbackServer } from '../support/loopback-server.js';

beforeEach(withoutBackoff);

describe('Retries', () => {
  test.each([408, 429, 500, 502, 503, 504])('follow a %i', async (status) => {
    const server = await startLoopbackServer(answer(status));

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    const code = status === 429 ? 'rate_limited' : 'server_error';
    expect(error).toMatchObject({ code, status, attempts: 3 });
    expect(server.requests).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 409, 413, 422, 501, 505, 520])(
    'do not follow a %i',
    async (status) => {
      const server = await startLoopbackServer(answer(status, { headers: { 'retry-after': '0' } }));

      const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

      expect(error).toMatchObject({ status, attempts: 1 });
      expect(server.requests).toHaveLength(1);
    },
  );

  test.each([0, 1, 10])('are at most maxRetries: %i', async (maxRetries) => {
    const server = await startLoopbackServer(answer(503));
    const events: AttemptEvent[] = [];
    const client = clientOf(server.url, { maxRetries, onAttempt: (event) => events.push(event) });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'server_error', attempts: maxRetries + 1 });
    expect(server.requests).toHaveLength(maxRetries + 1);
    expect(events.map(({ attempt, status, code }) => [attempt, status, code])).toEqual(
      server.requests.map((_, index) => [index + 1, 503, 'server_error']),
    );
  });

  test('send the same again, and end with a failure that they cannot cure', async () => {
    const server = await startLoopbackServer(answer(503), reset, answer(401), issueCode);
    const client = clientOf(server.url, { maxRetries: 10 });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'unauthorized', status: 401, attempts: 3 });
    const bodies = server.requests.map(({ body }) => String(body));
    expect(bodies).toEqual(Array(3).fill('{"external_id":"user-1"}'));
  });
});
