import { describe, expect, test } from 'vitest';
import manifest from '../../package.json';
import { SentianceUserLinkClient, type SentianceUserLinkClientOptions } from '../../src/index.js';
import { withoutBackoff } from '../support/clock.js';
import { interceptRequests, platformResponds } from '../support/msw.js';
import { CODE, clientWith, EU, respondWith } from './responses.js';

interceptRequests();

const issueCode = respondWith(200, JSON.stringify(CODE));

describe('The request', () => {
  test('is a POST with four headers and a body of one field', async () => {
    const requests = platformResponds(EU, issueCode);

    await clientWith().createAuthenticationCode('user-1');

    expect(requests).toEqual([
      {
        method: 'POST',
        url: EU,
        headers: {
          authorization: 'Bearer test-user-link-key',
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': `sentiance-user-link/${manifest.version} node/${process.versions.node}`,
        },
        body: Buffer.from('{"external_id":"user-1"}'),
      },
    ]);
  });

  test.each<[SentianceUserLinkClientOptions, string]>([
    [{ region: 'in' }, 'https://api.r16.sentiance.com'],
    [{ baseUrl: 'https://platform.example' }, 'https://platform.example'],
    [
      { baseUrl: new URL('https://platform.example:8443/eu/v1/') },
      'https://platform.example:8443/eu/v1',
    ],
  ])('goes, with %o, to %s, which the code carries along', async (options, platformUrl) => {
    const requests = platformResponds(`${platformUrl}/users/auth-code`, issueCode);
    const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', ...options });

    const code = await client.createAuthenticationCode('user-1');

    expect(requests).toHaveLength(1);
    expect(code.platformUrl).toBe(platformUrl);
  });

  test.each([
    ['a composed letter', '\u00e9', '{"external_id":"\u00e9"}'],
    ['a decomposed letter', 'e\u0301', '{"external_id":"e\u0301"}'],
    ['an emoji of several code points', '👩‍🚀', '{"external_id":"👩‍🚀"}'],
    ['a right-to-left script', 'مستخدم', '{"external_id":"مستخدم"}'],
    ['white space at both ends', ' a\tb\n', '{"external_id":" a\\tb\\n"}'],
    ['quotes and backslashes', '"\\', '{"external_id":"\\"\\\\"}'],
    ['control characters', '\u0000\u001f', '{"external_id":"\\u0000\\u001f"}'],
    ['line separators', 'a\u2028b\u2029', '{"external_id":"a\u2028b\u2029"}'],
    ['a non-character', '\uffff', '{"external_id":"\uffff"}'],
    ['a byte order mark', '\ufeffa', '{"external_id":"\ufeffa"}'],
  ])('carries an id with %s byte for byte', async (_, externalId, body) => {
    const requests = platformResponds(EU, issueCode);

    await clientWith().createAuthenticationCode(externalId);

    expect(requests[0]?.body.toString('hex')).toBe(Buffer.from(body).toString('hex'));
  });

  test('is the same at every retry', async () => {
    withoutBackoff();
    const requests = platformResponds(EU, respondWith(503));

    await clientWith().tryCreateAuthenticationCode('user-1');

    expect(requests).toHaveLength(3);
    expect(requests[1]).toEqual(requests[0]);
    expect(requests[2]).toEqual(requests[0]);
  });

  test('carries each call its own id, also when calls overlap', async () => {
    const requests = platformResponds(EU, issueCode);
    const client = clientWith();

    await Promise.all(['user-1', 'user-2'].map((id) => client.createAuthenticationCode(id)));

    expect(requests.map(({ body }) => String(body)).sort()).toEqual([
      '{"external_id":"user-1"}',
      '{"external_id":"user-2"}',
    ]);
  });
});
