/** What Node's `fetch` meets before a connection is up, where a real one would leave this machine. */
import dns from 'node:dns';
import tls from 'node:tls';
import { vi } from 'vitest';
import type { Target } from './faults/servers.js';
import type { Identity } from './self-signed-certificate.js';

/** Until the test is over no name resolves; the error is the one that `getaddrinfo` gives. */
export function failToResolve(code: 'ENOTFOUND' | 'EAI_AGAIN'): Target {
  vi.spyOn(dns, 'lookup').mockImplementation((hostname: string, ...rest: unknown[]) => {
    const done = rest.at(-1);
    if (typeof done !== 'function') throw new TypeError('A look-up needs a callback.');
    const error = new Error(`getaddrinfo ${code} ${hostname}`);
    setImmediate(() => done(Object.assign(error, { code, syscall: 'getaddrinfo', hostname })));
  });
  return { url: 'https://platform.invalid', requests: [] };
}

/** Until the test is over the process trusts the certificate, as with NODE_EXTRA_CA_CERTS. */
export function trust({ cert }: Identity, { forAnyHost = false } = {}): void {
  const { connect } = tls;
  const trusted = { ca: cert, ...(forAnyHost ? { checkServerIdentity: () => undefined } : {}) };
  vi.spyOn(tls, 'connect').mockImplementation((options: unknown) =>
    connect(Object.assign({}, options, trusted)),
  );
}
