/**
 * How the `fetch` of Bun and of Deno fails, as seen on Bun 1.1 to 1.4 and Deno 2.3 to 2.9. The
 * runtime matrix runs the real ones; these rows hold what their versions differ in.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { clientOf, errorOf } from './support/calls.js';
import { expectNoCanary } from './support/canaries.js';
import { withoutBackoff } from './support/clock.js';
import { inMemoryFetch } from './support/in-memory-fetch.js';

const PLATFORM_URL = 'https://platform.example';
const TRANSIENT_ADVICE = 'Ask again later; if it stays, check DNS, firewall and proxy.';
const PERMANENT_ADVICE = 'Check the host name, and that this process trusts its certificate.';

beforeEach(withoutBackoff);

/** The call's only failure is the one that `fetch` rejects with, at every attempt. */
async function expectReason(thrown: () => unknown, reason: string, permanent: boolean) {
  const { fetch, sent } = inMemoryFetch(() => {
    throw thrown();
  });

  const error = errorOf(
    await clientOf(PLATFORM_URL, { fetch }).tryCreateAuthenticationCode('user-1'),
  );

  const attempts = permanent ? 1 : 3;
  const advice = permanent ? PERMANENT_ADVICE : TRANSIENT_ADVICE;
  expect(error).toMatchObject({
    code: 'connection_failed',
    action: 'retry_later',
    reason,
    attempts,
    message: `platform.example could not be reached, or the connection was lost (${reason}). ${advice}`,
  });
  expect(error.cause).toMatchObject({ message: reason, code: reason });
  expect(sent).toHaveLength(attempts);
  expectNoCanary(error);
}

describe('A fetch that fails as in Bun is reported under the name that Node has for it', () => {
  test.each([
    ['ConnectionClosed', 'ECONNRESET'],
    ['ConnectionRefused', 'ECONNREFUSED'],
    ['FailedToOpenSocket', 'ECONNREFUSED'],
    ['InvalidContentLength', 'HPE_INVALID_CONTENT_LENGTH'],
    ['ZlibError', 'Z_DATA_ERROR'],
    ['ECONNRESET', 'ECONNRESET'],
  ])('%s is %s', async (code, reason) => {
    const message = `${code} fetching "c4nary". For more information, pass \`verbose: true\``;
    const path = 'https://platform.example/c4nary';
    const thrown = () => Object.assign(new TypeError(message), { code, errno: 0, path });
    await expectReason(thrown, reason, false);
  });
});

describe('A fetch that fails as in Deno is reported under the name that Node has for it', () => {
  const sending = 'error sending request for url (https://platform.example/c4nary): client error';
  const connecting = `${sending} (Connect): `;
  const badCertificate = `${connecting}invalid peer certificate: `;
  const noAddress = `${connecting}dns error: failed to lookup address information: `;

  const PERMANENT: [said: string, reason: string][] = [
    [`${badCertificate}Expired`, 'CERT_HAS_EXPIRED'],
    [`${badCertificate}certificate expired: verification time 2 (UNIX)`, 'CERT_HAS_EXPIRED'],
    [`${badCertificate}UnknownIssuer`, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    [`${badCertificate}NotValidForName`, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      `${badCertificate}certificate not valid for name "c4nary"; certificate is only valid for DnsName("c4nary")`,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    [`${badCertificate}BadEncoding`, 'CERT_REJECTED'],
    [`${connecting}received corrupt message of type InvalidContentType`, 'EPROTO'],
    [`${noAddress}Name or service not known`, 'ENOTFOUND'],
    [`${noAddress}nodename nor servname provided, or not known`, 'ENOTFOUND'],
  ];
  const TRANSIENT: [said: string, reason: string][] = [
    [`${noAddress}Temporary failure in name resolution`, 'EAI_AGAIN'],
    [`${connecting}tcp connect error: Connection refused (os error 111)`, 'ECONNREFUSED'],
    ['Connection reset by peer (os error 104)', 'ECONNRESET'],
    [`${sending} (SendRequest): connection closed before message completed`, 'ECONNRESET'],
  ];

  test.each(PERMANENT)('and not tried again: %s', async (said, reason) => {
    const thrown = () => new TypeError('fetch failed', { cause: new Error(said) });
    await expectReason(thrown, reason, true);
  });

  test.each(TRANSIENT)('after it was tried again: %s', async (said, reason) => {
    const thrown = () => new TypeError('fetch failed', { cause: new Error(said) });
    await expectReason(thrown, reason, false);
  });

  test('after it was tried again: a body that breaks off', async () => {
    const thrown = () => new TypeError('error reading a body from connection');
    await expectReason(thrown, 'ECONNRESET', false);
  });

  test('as older versions say it: without a cause', async () => {
    await expectReason(() => new TypeError(`${badCertificate}Expired`), 'CERT_HAS_EXPIRED', true);
  });

  test('and a code counts for more than what a message says', async () => {
    const cause = Object.assign(new Error('Connection refused'), { code: 'ETIMEDOUT' });
    const thrown = () => new TypeError('Connection reset', { cause });
    await expectReason(thrown, 'ETIMEDOUT', false);
  });
});
