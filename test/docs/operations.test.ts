/** The recipes of the page on operations work. */
import { expect, test, vi } from 'vitest';
import { SentianceUserLinkClient } from '../../src/index.js';
import { run } from '../support/code-blocks.js';
import { codeResponse, respondInTurn } from '../support/in-memory-fetch.js';
import { codeBlockOf } from '../support/pages.js';

test('a key is replaced between two calls', async () => {
  const block = codeBlockOf('docs/operations.md', 'Replacing a key');
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
