/**
 * A private certificate authority and the certificates that it issues, made anew at every run:
 * stored ones would expire, and their keys would lie in the repository. Node can sign but has no
 * function that makes a certificate, so version 3 certificates (RFC 5280, 4.1) are written out here.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  der,
  type Identity,
  objectId,
  sequence,
} from '../../support/self-signed-certificate.js';

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_ALT_NAME = '551d11';

export interface IssueOptions {
  /** The year whose first day is the last of the certificate. */
  until?: number;
}

export interface CertificateAuthority {
  /** Its own certificate, PEM: what has to be trusted. */
  cert: string;
  /** A certificate for a host name, good until 2049 unless it says otherwise. */
  issue(hostName: string, options?: IssueOptions): Identity;
}

export function certificateAuthority(): CertificateAuthority {
  const name = 'Runtime matrix CA';
  const { privateKey, publicKey } = keyPair();
  const issuer = { name, privateKey };
  const authority = extension(BASIC_CONSTRAINTS, sequence(boolean(true)));
  return {
    cert: certificate({ issuer, subject: name, publicKey, until: 2049, extension: authority }),
    issue(hostName, { until = 2049 } = {}) {
      const own = keyPair();
      const names = extension(SUBJECT_ALT_NAME, sequence(der(0x82, Buffer.from(hostName))));
      const { publicKey } = own;
      return {
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: certificate({ issuer, subject: hostName, publicKey, until, extension: names }),
      };
    },
  };
}

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

interface CertificateFields {
  issuer: { name: string; privateKey: KeyObject };
  subject: string;
  publicKey: KeyObject;
  until: number;
  extension: Buffer;
}

function certificate({ issuer, subject, publicKey, until, extension }: CertificateFields): string {
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const content = sequence(
    der(0xa0, integer(Buffer.of(2))),
    // The first byte keeps it a positive number.
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(8)])),
    algorithm,
    commonName(issuer.name),
    sequence(firstDayOf(2020), firstDayOf(until)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  );
  const signature = bitString(sign('sha256', content, issuer.privateKey));
  const base64 = sequence(content, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId(COMMON_NAME), der(0x0c, Buffer.from(name)))));
}

/** A critical one: whoever does not know it must not trust the certificate. */
function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), boolean(true), der(0x04, value));
}

function firstDayOf(year: number): Buffer {
  return der(0x17, Buffer.from(`${year - 2000}0101000000Z`));
}

const integer = (bytes: Buffer) => der(0x02, bytes);
const boolean = (value: boolean) => der(0x01, Buffer.of(value ? 0xff : 0));
