/** An emulator behind TLS, as the platform is, with a certificate of an authority of the test's own. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';
import { createCA, createCert } from 'mkcert';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { listen, portOf } from './listen.js';

export const PLATFORM = 'https://api.sentiance.com';
/** The authority's own certificate. */
export const AUTHORITY_FILE = `${import.meta.dirname}/authority.pem`;

export const emulator = new SentianceEmulator({ apiKey: 'test-user-link-key-behind-tls' });
/** In clear. */
export const httpUrl = await emulator.listen();

const authority = await createCA({
  organization: 'A test',
  countryCode: 'BE',
  state: 'Antwerp',
  locality: 'Antwerp',
  validity: 2,
});
writeFileSync(AUTHORITY_FILE, authority.cert);

export function certificateFor(...domains) {
  return createCert({ ca: authority, domains, validity: 2 });
}

const certificate = await certificateFor('localhost', new URL(PLATFORM).hostname);
const tls = createServer(certificate, (socket) => {
  const platform = connect(portOf(httpUrl), '127.0.0.1');
  // Ends both when either ends.
  pipeline(socket, platform, socket, () => {});
});
export const tlsUrl = (await listen(tls)).replace('http://127.0.0.1', 'https://localhost');
