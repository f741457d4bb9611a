import { beforeEach, describe, expect, test, vi } from 'vitest';
import { codeResponse, ISSUED_CODE, respondInTurn } from '../support/in-memory-fetch.js';
import {
  construct,
  expectRefusal,
  requestCode,
  startWithoutEnvironment,
} from '../support/refusals.js';

const apiKey = 'test-user-link-key';

startWithoutEnvironment();

describe.each<[string, Record<string, unknown>]>([
  ['a browser or jsdom', { window: { document: {} } }],
  ['React Native', { navigator: { product: 'ReactNative' } }],
  ['a web worker', { importScripts: () => {}, location: { href: 'https://a.example/worker.js' } }],
])('In %s', (_, globals) => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  });

  test.each([
    ['without dangerouslyAllowBrowser', { apiKey }],
    ['when it is undefined', { apiKey, dangerouslyAllowBrowser: undefined }],
    ['when it is false', { apiKey, dangerouslyAllowBrowser: false }],
    ['even when there is no key either', {}],
  ])('the client is refused %s', async (_, options) => {
    await expectRefusal(
      () => construct(options),
      'SentianceUserLinkClient is for servers only, but this is a browser or React Native: everyone ' +
        'who has the app could read the API key. Make the call in your backend. In a Jest or Vitest ' +
        "test, use the test environment 'node' (in Jest: @jest-environment node at the top of the " +
        'file) or, to stay in jsdom, pass dangerouslyAllowBrowser: true.',
    );
  });

  test('the client works with dangerouslyAllowBrowser', async () => {
    const fetch = respondInTurn(codeResponse());
    const client = construct({ apiKey, fetch, dangerouslyAllowBrowser: true });

    await expect(requestCode(client, 'user-1')).resolves.toMatchObject({
      authenticationCode: ISSUED_CODE,
    });
  });
});

test.each<[string, string, unknown]>([
  ['has a window without a document', 'window', {}],
  ['has a navigator of its own', 'navigator', { userAgent: 'Node.js/26', hardwareConcurrency: 2 }],
  ['has a navigator like a browser', 'navigator', { product: 'Gecko' }],
  ['has no navigator', 'navigator', undefined],
  ['has another thing called importScripts', 'importScripts', true],
  ["has importScripts and no location, as Cloudflare's", 'importScripts', () => {}],
  ['has a location and no importScripts, as Deno can', 'location', { href: 'https://a.example' }],
])('A server is no browser when it %s', (_, name, value) => {
  vi.stubGlobal(name, value);

  expect(construct({ apiKey }).region).toBe('eu');
});
