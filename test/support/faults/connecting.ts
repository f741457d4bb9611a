/** Faults before the first byte of a request. */
import { issueCode, startLoopbackServer, startTlsLoopbackServer } from '../loopback-server.js';
import { failToResolve, trust } from '../network-stubs.js';
import { selfSignedCertificate } from '../self-signed-certificate.js';
import { type Fault, NODE, trustedIdentity } from './fault.js';
import {
  AFTER_TWO_WAITS,
  AT_ONCE,
  AT_TIMEOUT,
  LOST_CONNECTION,
  NO_CONNECTION,
  TIMEOUT,
} from './outcomes.js';
import {
  startBlackHole,
  startClearHttp2,
  startHttp2,
  startRefusingPort,
  startResettingPort,
  startSilentPort,
  startStoppedHandshake,
} from './servers.js';

export const CONNECTING: readonly Fault[] = [
  {
    name: 'The port refuses, resets before TLS is up, or speaks only HTTP/2, without TLS',
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 0,
    ending: AFTER_TWO_WAITS,
    cases: {
      'a port that refuses': startRefusingPort,
      'a reset in TLS': startResettingPort,
      'HTTP/2 only, without TLS': startClearHttp2,
    },
  },
  {
    name: 'The name server does not respond',
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 0,
    ending: AFTER_TWO_WAITS,
    cases: { EAI_AGAIN: () => failToResolve('EAI_AGAIN') },
  },
  {
    name: 'The host name does not exist',
    failure: NO_CONNECTION,
    attempts: 1,
    requests: 0,
    ending: AT_ONCE,
    cases: { ENOTFOUND: () => failToResolve('ENOTFOUND') },
  },
  {
    name: 'The certificate is expired, for another host, or self-signed; the port speaks no TLS',
    failure: NO_CONNECTION,
    attempts: 1,
    requests: 0,
    ending: AT_ONCE,
    reasons: {
      'an expired certificate': 'CERT_HAS_EXPIRED',
      'a certificate for another host': 'ERR_TLS_CERT_ALTNAME_INVALID',
      'a self-signed certificate': 'DEPTH_ZERO_SELF_SIGNED_CERT',
      'no TLS': 'ERR_SSL_WRONG_VERSION_NUMBER',
    },
    cases: {
      'an expired certificate': () => {
        const identity = selfSignedCertificate({ until: '210101000000Z' });
        trust(identity);
        return startTlsLoopbackServer(identity, issueCode);
      },
      // It has no subject alternative name at all.
      'a certificate for another host': () => {
        const identity = selfSignedCertificate();
        trust(identity);
        return startTlsLoopbackServer(identity, issueCode);
      },
      'a self-signed certificate': () => startTlsLoopbackServer(selfSignedCertificate(), issueCode),
      'no TLS': async () => {
        const { url, requests } = await startLoopbackServer(issueCode);
        return { url: url.replace('http:', 'https:'), requests };
      },
    },
  },
  {
    name: 'The platform speaks only HTTP/2, over TLS',
    // From Node 26 on, fetch speaks it.
    ...(NODE < 26 ? { failure: NO_CONNECTION, requests: 0 } : { requests: 1 }),
    inWords: {
      outcome: '`SentianceConnectionError`; from Node 26 on: a code',
      action: '`alert`',
      arrived: '0; from Node 26 on: 1',
    },
    attempts: 1,
    ending: AT_ONCE,
    cases: {
      'HTTP/2': () => startHttp2(trustedIdentity()),
    },
  },
  {
    name: 'The connection is not accepted (a black hole), or its TLS handshake does not go on',
    failure: TIMEOUT,
    attempts: 3,
    requests: 0,
    ending: AT_TIMEOUT,
    cases: {
      'a connection that nobody accepts': startBlackHole,
      'a silent port': startSilentPort,
      'half a record of a handshake': startStoppedHandshake,
    },
  },
];
