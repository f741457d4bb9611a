import { expect, test, vi } from 'vitest';
import { version } from '../../package.json';
import { codeResponse, respondInTurn } from '../support/in-memory-fetch.js';

test.each<[string, object | undefined, string]>([
  ['Node', { node: '20.19.0', v8: '11.3' }, ' node/20.19.0'],
  ['Bun, which calls itself Node too', { node: '24.3.0', bun: '1.3.0' }, ' bun/1.3.0'],
  ['Deno, which calls itself Node too', { node: '24.2.0', deno: '2.5.0' }, ' deno/2.5.0'],
  ['a runtime of another name', { workerd: '1.0.0' }, ''],
  ['a runtime without versions', undefined, ''],
])('The User-Agent names the library and %s', async (_, versions, runtime) => {
  vi.stubGlobal('process', Object.create(process, { versions: { value: versions } }));
  vi.resetModules();
  const { SentianceUserLinkClient } = await import('../../src/index.js');
  const fetch = respondInTurn(codeResponse());
  const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', fetch });

  await client.createAuthenticationCode('user-1');

  expect(fetch.mock.calls.map(([, { headers }]) => headers['User-Agent'])).toEqual([
    `sentiance-user-link/${version}${runtime}`,
  ]);
});
