/** The pool of the page on performance keeps connections open for longer than `fetch` does, and others still see its calls. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { SentianceUserLinkClient, type SentianceUserLinkClientOptions } from '../../src/index.js';
import { run } from '../support/code-blocks.js';
import { codeResponse } from '../support/in-memory-fetch.js';
import { issuedBody } from '../support/loopback-server.js';
import { server as msw, platformResponds } from '../support/msw.js';
import { codeBlockOf } from '../support/pages.js';

const apiKey = 'test-user-link-key';

/** The client that the recipe makes, with these options beside its own. */
async function clientOfRecipe(
  options: SentianceUserLinkClientOptions,
): Promise<SentianceUserLinkClient> {
  const block = codeBlockOf('docs/performance.md', 'Rare logins');
  const made: SentianceUserLinkClient[] = [];
  class Client extends SentianceUserLinkClient {
    constructor(given: SentianceUserLinkClientOptions) {
      super({ ...given, ...options });
      made.push(this);
    }
  }
  await run(block, { 'sentiance-user-link': { SentianceUserLinkClient: Client } });
  const [client] = made;
  if (client === undefined) throw new Error('The recipe makes no client.');
  return client;
}

/** A platform that keeps connections open and does not say for how long; and those it has had. */
async function startPatientPlatform() {
  const connections: Socket[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end(issuedBody);
  });
  server.on('connection', (socket) => connections.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { connections, baseUrl: `http://127.0.0.1:${port}` };
}

test('a connection outlives the idle time that fetch gives it', { timeout: 20_000 }, async () => {
  const usual = await startPatientPlatform();
  const kept = await startPatientPlatform();
  const usualClient = new SentianceUserLinkClient({ apiKey, baseUrl: usual.baseUrl });
  const keptClient = await clientOfRecipe({ apiKey, baseUrl: kept.baseUrl });
  await keptClient.createAuthenticationCode('user-1');
  await usualClient.createAuthenticationCode('user-1');

  await Promise.all(usual.connections.map((connection) => once(connection, 'close')));
  await keptClient.createAuthenticationCode('user-1');
  await usualClient.createAuthenticationCode('user-1');

  expect(kept.connections).toHaveLength(1);
  expect(usual.connections).toHaveLength(2);
});

test('what watches undici, as OpenTelemetry does, sees its calls', async () => {
  const platform = await startPatientPlatform();
  const paths: unknown[] = [];
  const listener = (message: unknown) => paths.push(Object(message).request.path);
  subscribe('undici:request:create', listener);
  onTestFinished(() => void unsubscribe('undici:request:create', listener));
  const client = await clientOfRecipe({ apiKey, baseUrl: platform.baseUrl });

  await client.createAuthenticationCode('user-1');

  expect(paths).toEqual(['/users/auth-code']);
});

test('MSW responds to its calls', async () => {
  msw.listen({ onUnhandledRequest: 'error' });
  onTestFinished(() => msw.close());
  const requests = platformResponds('https://api.sentiance.com/users/auth-code', codeResponse);
  const client = await clientOfRecipe({ apiKey, region: 'eu' });

  await client.createAuthenticationCode('user-1');

  expect(requests).toHaveLength(1);
});
