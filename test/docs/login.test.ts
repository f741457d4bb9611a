/** README's login handler lets everybody in, over a real connection. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type FakeUserLinkClient as Fake, FakeUserLinkClient } from '../../src/testing/index.js';
import { run } from '../support/code-blocks.js';
import { deferred } from '../support/deferred.js';
import { codeBlockOf } from '../support/pages.js';

const HEADING = 'A login that never fails for want of a code';
const clientBlock = codeBlockOf('README.md', HEADING, 0);
const loginBlock = codeBlockOf('README.md', HEADING, 1);

interface Reply extends ServerResponse {
  status(code: number): Reply;
  json(body: unknown): void;
}
type Handler = (request: object, response: Reply) => unknown;

/** As much of Express as the routes use, on a port of its own. */
async function serve(sentiance: Fake): Promise<string> {
  const handlers = new Map<string, Handler>();
  const add = (path: string, handler: Handler) => handlers.set(path, handler);
  const { addRoutes } = await run(loginBlock, { './client.js': { client: sentiance } });
  addRoutes?.({ get: add, post: add }, () => ({ id: 'user-1001' }));

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    // Express reads the body before the handler runs; that is when `request` closes.
    request.resume().once('end', () => {
      const reply: Reply = Object.assign(response, {
        status: (code: number) => Object.assign(reply, { statusCode: code }),
        json: (body: unknown) => void reply.end(JSON.stringify(body)),
      });
      const session = { userId: request.headers.authorization };
      handlers.get(request.url ?? '')?.(Object.assign(request, { session }), reply);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function post(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: '{}', ...init });
}

beforeEach(() => {
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', 'test-user-link-key');
  vi.stubEnv('SENTIANCE_REGION', undefined);
});

describe('the client of the sample', () => {
  test('asks the region of the environment', async () => {
    vi.stubEnv('SENTIANCE_REGION', 'us');

    const { client } = await run(clientBlock);

    expect(client).toMatchObject({ region: 'us' });
  });

  test('fails at boot when there is no key', async () => {
    vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', undefined);

    await expect(run(clientBlock)).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringMatching(/^apiKey is missing\./),
    });
  });
});

describe('the login of the sample', () => {
  test('gives the app its code', async () => {
    const url = await serve(new FakeUserLinkClient());

    const response = await post(`${url}/login`);

    expect(await response.json()).toMatchObject({
      user: { id: 'user-1001' },
      sentiance: { authenticationCode: 'fake-code-1' },
    });
  });

  test.each([
    ['pages someone', 'unauthorized', [['ALERT', expect.any(String)]]],
    ['pages nobody', 'server_error', []],
  ] as const)('lets the user in without a code and %s after %s', async (_, code, alerts) => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const url = await serve(new FakeUserLinkClient().failNext(code));

    const response = await post(`${url}/login`);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ user: { id: 'user-1001' }, sentiance: null });
    const line = ['No Sentiance code', expect.stringContaining(`"code":"${code}"`)];
    expect(log.mock.calls).toEqual([line, ...alerts]);
  });

  test('is given up when the user leaves', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const asked = deferred<AbortSignal | undefined>();
    const sentiance = new FakeUserLinkClient();
    const url = await serve(
      Object.assign(sentiance, {
        tryCreateAuthenticationCode(_: string, { signal }: { signal?: AbortSignal } = {}) {
          asked.resolve(signal);
          return new Promise<never>(() => {});
        },
      }),
    );
    const leave = new AbortController();

    const response = post(`${url}/login`, { signal: leave.signal });
    const signal = await asked.promise;
    expect(signal?.aborted).toBe(false);
    leave.abort();

    await expect(response).rejects.toThrow('aborted');
    if (signal && !signal.aborted) await once(signal, 'abort');
    expect(signal?.aborted).toBe(true);
  });
});

describe('asking again', () => {
  test('gives the app its code', async () => {
    const url = await serve(new FakeUserLinkClient());

    const response = await fetch(`${url}/sentiance/code`, {
      headers: { authorization: 'user-1001' },
    });

    expect(await response.json()).toMatchObject({ authenticationCode: 'fake-code-1' });
  });

  test('says so when there is none', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const url = await serve(new FakeUserLinkClient().failNext('server_error'));

    const response = await fetch(`${url}/sentiance/code`, {
      headers: { authorization: 'user-1001' },
    });

    expect(response.status).toBe(503);
  });

  test('is for those who have logged in', async () => {
    const url = await serve(new FakeUserLinkClient());

    expect((await fetch(`${url}/sentiance/code`)).status).toBe(401);
  });
});
