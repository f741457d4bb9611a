import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { type AttemptEvent, SentianceConnectionError } from '../../src/index.js';
import { clientOf, errorOf } from '../support/calls.js';
import { withoutBackoff } from '../support/clock.js';
import { inMemoryFetch, lost } from '../support/in-memory-fetch.js';
import {
  answer,
  type Behaviour,
  cutOff,
  hangUp,
  ISSUED_CODE,
  issueCode,
  raw,
  reset,
  startLoopbackServer,
  startTlsLoopbackServer,
} from '../support/loopback-server.js';
import { selfSignedCertificate } from '../support/self-signed-certificate.js';

const TRANSIENT = 'Ask again later; if it stays, check DNS, firewall and proxy.';
const REFUSED_BY_PROXY =
  'A proxy refused to connect to it. Ask again later; if it stays, check the user and password for the proxy (407) and its rules (403).';
const WITHOUT_REASON =
  'Ask again later; if it stays, check DNS, firewall and proxy, which may want a user and password (407).';
const UNKNOWN_HOST =
  "The host name does not exist: check the region or baseUrl, and the proxy's name. Where only a proxy knows names, set NODE_USE_ENV_PROXY=1 (Node 22.21 and later) or pass a fetch that goes through it.";
const UNTRUSTED =
  'The certificate is not trusted: check the host and the clock; for a certificate authority of your own, set NODE_EXTRA_CA_CERTS.';
const UNFIT_DISPATCHER =
  "undici refuses how it is used. Pass its dispatchers to the fetch of the same version of undici (Node's own takes those of version 7), and give the proxy the user and password that it wants (407).";
const NO_TLS =
  'There is no TLS that both sides speak: check the scheme and the port of baseUrl, and the proxy.';

function lostMessage(url: string, reason: string | undefined, advice: string): string {
  const because = reason === undefined ? '' : ` (${reason})`;
  return `${new URL(url).host} could not be reached, or the connection was lost${because}. ${advice}`;
}

beforeEach(withoutBackoff);

describe('A connection that fails', () => {
  test('is tried again, then reported: a port that refuses', async () => {
    const server = await startLoopbackServer(issueCode);
    await server.stop();
    const events: AttemptEvent[] = [];
    const client = clientOf(server.url, { onAttempt: (event) => events.push(event) });

    const error = errorOf(await client.tryCreateAuthenticationCode('user-1'));

    const reason = 'ECONNREFUSED';
    expect(error).toBeInstanceOf(SentianceConnectionError);
    expect(error).toMatchObject({
      code: 'connection_failed',
      action: 'retry_later',
      reason,
      attempts: 3,
      message: lostMessage(server.url, reason, TRANSIENT),
    });
    const duration = expect.any(Number);
    const event = { code: 'connection_failed', reason, platformUrl: server.url, duration };
    expect(events).toEqual([1, 2, 3].map((attempt) => ({ ...event, attempt })));
  });

  test('does no harm to later calls: the server is back', async () => {
    const server = await startLoopbackServer(issueCode);
    const client = clientOf(server.url);
    await client.createAuthenticationCode('user-1');

    await server.stop();
    const { code } = errorOf(await client.tryCreateAuthenticationCode('user-1'));
    await server.start();

    expect(code).toBe('connection_failed');
    expect((await client.tryCreateAuthenticationCode('user-1')).ok).toBe(true);
  });

  // Which of its codes undici gives to an early end is its own business, and differs by version.
  const EARLY_END = /^(UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE)$/;
  test.each<[string, Behaviour, RegExp]>([
    ['is reset before the response', reset, /^ECONNRESET$/],
    ['is closed before the response', hangUp, EARLY_END],
    ['ends in the middle of a body with a length', cutOff('content-length'), EARLY_END],
    ['ends in the middle of a chunked body', cutOff('chunked'), EARLY_END],
    // From Node 24 on, undici's error has no code.
    [
      'speaks another protocol',
      raw('220 mail.example ESMTP\r\n'),
      /^(HPE_INVALID_CONSTANT|undefined)$/,
    ],
  ])('is tried again, then reported: it %s', async (_, behaviour, reasons) => {
    const server = await startLoopbackServer(behaviour);

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    if (error.code !== 'connection_failed') throw error;
    expect(String(error.reason)).toMatch(reasons);
    expect(error).toMatchObject({ action: 'retry_later', attempts: 3 });
    expect(server.requests).toHaveLength(3);
  });

  test.each<[string, Behaviour]>([
    ['a reset', reset],
    ['a closed connection', hangUp],
    ['a body with a length that was cut off', cutOff('content-length')],
    ['a chunked body that was cut off', cutOff('chunked')],
    ['a 503 whose body was cut off', cutOff('chunked', 503)],
  ])('is not seen by the caller when the next attempt succeeds: %s', async (_, behaviour) => {
    const server = await startLoopbackServer(behaviour, issueCode);

    const code = await clientOf(server.url).createAuthenticationCode('user-1');

    expect(code.authenticationCode).toBe(ISSUED_CODE);
    expect(server.requests).toHaveLength(2);
  });

  test('is not seen by the caller when a kept connection turns out to be closed', async () => {
    const server = await startLoopbackServer(issueCode, hangUp, issueCode);
    const client = clientOf(server.url);

    await client.createAuthenticationCode('user-1');
    await nextTurn();
    await client.createAuthenticationCode('user-2');

    expect(server.requests[1]?.socket === server.requests[0]?.socket).toBe(true);
    expect(server.requests).toHaveLength(3);
  });

  test("names the proxy when there is no reason: Node's fetch gives none for a 407", async () => {
    const server = await startLoopbackServer(answer(407));

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: 'connection_failed',
      action: 'retry_later',
      message: lostMessage(server.url, undefined, WITHOUT_REASON),
    });
  });

  test('leaves the status of an error response standing, though its body was lost', async () => {
    const server = await startLoopbackServer(cutOff('content-length', 403));

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'forbidden', status: 403, attempts: 1 });
  });
});

describe('A connection that fails in a way that does not pass by itself', () => {
  test('is not tried again when the certificate is not trusted', async () => {
    const server = await startTlsLoopbackServer(selfSignedCertificate(), issueCode);

    const error = errorOf(await clientOf(server.url).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({
      code: 'connection_failed',
      action: 'alert',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      attempts: 1,
    });
    expect(server.requests).toHaveLength(0);
  });

  test('is not tried again when the port speaks no TLS', async () => {
    const server = await startLoopbackServer(answer(200));
    const url = server.url.replace('http:', 'https:');

    const error = errorOf(await clientOf(url).tryCreateAuthenticationCode('user-1'));

    if (error.code !== 'connection_failed') throw error;
    expect(error).toMatchObject({ action: 'alert', attempts: 1 });
    expect(error.message).toBe(lostMessage(url, error.reason, NO_TLS));
    expect(server.requests).toHaveLength(0);
  });

  // What Node's fetch rejects with: a real look-up would leave this machine.
  const reasonsOf = (advice: string, reasons: string) =>
    reasons.split(' ').map((reason) => [reason, advice] as const);
  test.each([
    ...reasonsOf(UNKNOWN_HOST, 'ENOTFOUND'),
    ...reasonsOf(UNFIT_DISPATCHER, 'UND_ERR_INVALID_ARG'),
    // Each code of Node's tls documentation, "X509 certificate error codes".
    ...reasonsOf(
      UNTRUSTED,
      'UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CERT_SIGNATURE UNABLE_TO_DECRYPT_CRL_SIGNATURE UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY CERT_SIGNATURE_FAILURE CRL_SIGNATURE_FAILURE CERT_NOT_YET_VALID CERT_HAS_EXPIRED CRL_NOT_YET_VALID CRL_HAS_EXPIRED ERROR_IN_CERT_NOT_BEFORE_FIELD ERROR_IN_CERT_NOT_AFTER_FIELD ERROR_IN_CRL_LAST_UPDATE_FIELD ERROR_IN_CRL_NEXT_UPDATE_FIELD OUT_OF_MEM DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_CHAIN_TOO_LONG CERT_REVOKED INVALID_CA PATH_LENGTH_EXCEEDED INVALID_PURPOSE CERT_UNTRUSTED CERT_REJECTED HOSTNAME_MISMATCH',
    ),
    ...reasonsOf(UNTRUSTED, 'ERR_TLS_CERT_ALTNAME_INVALID ERR_TLS_CERT_ALTNAME_FORMAT'),
    ...reasonsOf(
      UNTRUSTED,
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE UND_ERR_PRX_TLS',
    ),
    ...reasonsOf(
      NO_TLS,
      'EPROTO ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    ),
  ])('is an alert, and not tried again: %s', async (reason, advice) => {
    const { fetch, sent } = inMemoryFetch(lost(reason));
    const url = 'https://nowhere.invalid';

    const error = errorOf(await clientOf(url, { fetch }).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'connection_failed', action: 'alert', reason });
    expect(error.message).toBe(lostMessage(url, reason, advice));
    expect(error.cause).toMatchObject({ name: 'TypeError', message: reason, code: reason });
    expect(sent).toHaveLength(1);
  });

  test.each([
    ...reasonsOf(
      TRANSIENT,
      'EAI_AGAIN ECONNRESET ETIMEDOUT EHOSTUNREACH UND_ERR_CONNECT_TIMEOUT ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
    ),
    ...reasonsOf(REFUSED_BY_PROXY, 'UND_ERR_ABORTED'),
  ])('is none of those that may pass: %s', async (reason, advice) => {
    const { fetch, sent } = inMemoryFetch(lost(reason));
    const url = 'https://nowhere.invalid';

    const error = errorOf(await clientOf(url, { fetch }).tryCreateAuthenticationCode('user-1'));

    expect(error).toMatchObject({ code: 'connection_failed', action: 'retry_later', reason });
    expect(error.message).toBe(lostMessage(url, reason, advice));
    expect(sent).toHaveLength(3);
  });
});
