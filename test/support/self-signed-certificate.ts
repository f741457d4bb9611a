/**
 * A certificate for 127.0.0.1 that no machine trusts, made when a test needs it: a stored one would
 * expire, and its private key would lie in the repository. Node can sign but has no function that
 * makes a certificate, so the few structures of a version 1 certificate (RFC 5280, 4.1) are written
 * out here.
 */
import { generateKeyPairSync, sign } from 'node:crypto';

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';

/** A private key and its certificate, both PEM. */
export interface Identity {
  key: string;
  cert: string;
}

/** A new key and its certificate, which is good until 2049 unless it says otherwise. */
export function selfSignedCertificate({ until = '491231235959Z' } = {}): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(der(0x31, sequence(objectId(COMMON_NAME), utf8('127.0.0.1'))));
  const validity = sequence(utcTime('200101000000Z'), utcTime(until));
  const subjectKey = publicKey.export({ type: 'spki', format: 'der' });
  const content = sequence(integer(1), algorithm, name, validity, name, subjectKey);
  const signature = bitString(sign('sha256', content, privateKey));
  const certificate = sequence(content, algorithm, signature);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

export const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const integer = (value: number) => der(0x02, Buffer.of(value));
export const objectId = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string) => der(0x0c, Buffer.from(text));
const utcTime = (text: string) => der(0x17, Buffer.from(text));
/** The zero: no bit of the last byte is unused. */
export const bitString = (bits: Buffer) => der(0x03, Buffer.of(0), bits);

/** Tag, length, content. A length from 128 on has a byte before it that says how long it is. */
export function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
