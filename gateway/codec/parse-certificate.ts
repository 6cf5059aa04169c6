import { Buffer } from 'node:buffer';
import { createHash, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Instant } from '../domain/message.ts';
import { readX509Fields } from './x509-fields.ts';
import type { KeyUsage, X509Fields } from './x509-fields.ts';

/** An X.509 v3 certificate as read; nothing of it is trusted yet. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly der: Uint8Array;
  /** The key it certifies, ready for use. */
  readonly publicKey: KeyObject;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** SHA-256 of the DER, base64url: `x5t#S256` (RFC 7515 section 4.1.8). */
  readonly thumbprint: string;
  /** The serial number its issuer gave it: the octets of its INTEGER, hex. Never the OIN. */
  readonly serial: string;
  /** The subject name as it is written, hex. */
  readonly subjectOctets: string;
  /** Name and key together, as SHA-256: certificates of one authority share it, one of the same name with another key doesn't. */
  readonly authority: string;
  /** Every subject serialNumber, also several within one relative name: more than one identifies nobody. */
  readonly subjectOins: readonly string[];
  readonly commonNames: readonly string[];
  readonly organisations: readonly string[];
  /** Empty when the extension is absent. */
  readonly keyUsages: ReadonlySet<KeyUsage>;
  /** Object identifiers; empty when the extension is absent. */
  readonly extendedKeyUsages: readonly string[];
  readonly notBefore: Instant;
  /** The last instant at which it is valid. */
  readonly notAfter: Instant;
  /** How many CA certificates may stand between it and a leaf; undefined when it isn't a CA. */
  readonly pathLength: number | undefined;
  /** Object identifiers of how its issuer signed it; the digest only where RSA-PSS names one. */
  readonly signatureAlgorithm: string;
  readonly signatureDigest: string | undefined;
  /** Whether an extension that must be understood isn't (RFC 5280 section 4.2). */
  readonly hasUnknownCritical: boolean;
}

/** Reads one certificate; undefined when the octets are anything else, have octets after it, or exceed 16 kB. */
export function parseCertificate(der: Uint8Array): Certificate | undefined {
  if (der.length > MAX_CERTIFICATE_BYTES) return undefined;
  const digest = createHash('sha256').update(der).digest();
  const fingerprint = digest.toString('hex');
  const known = KNOWN.get(fingerprint);
  if (known !== undefined) return known;
  try {
    const certificate = buildCertificate(Buffer.from(der), digest);
    remember(certificate);
    return certificate;
  } catch {
    // OpenSSL and the DER reader only throw here for octets that aren't a certificate with a key they know.
    return undefined;
  }
}

/** Reads every certificate of a PEM text, in order. Throws RangeError when one of them can't be read. */
export function parseCertificatesPem(pem: string): readonly Certificate[] {
  return Array.from(pem.matchAll(PEM_BLOCK), ([block]) => {
    const certificate = parseCertificate(Buffer.from(block.replace(PEM_LINES, ''), 'base64'));
    if (certificate === undefined) throw new RangeError('PEM holds a certificate that cannot be read');
    return certificate;
  });
}

function buildCertificate(der: Buffer, digest: Buffer): Certificate {
  const x509 = new X509Certificate(der);
  // X509Certificate also takes PEM, and octets after the certificate.
  if (!x509.raw.equals(der)) throw new RangeError('not one certificate in DER');
  const { subject, ...fields } = readX509Fields(der);
  const { publicKey } = x509;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    x509,
    der,
    publicKey,
    authority: createHash('sha256').update(fields.subjectOctets).update(spki).digest('hex'),
    fingerprint: digest.toString('hex'),
    thumbprint: digest.toString('base64url'),
    subjectOins: valuesOf(subject, SERIAL_NUMBER),
    commonNames: valuesOf(subject, COMMON_NAME),
    organisations: valuesOf(subject, ORGANISATION),
    ...fields,
  };
}

function valuesOf(subject: X509Fields['subject'], type: string): readonly string[] {
  return subject.filter((attribute) => attribute.type === type).map(({ value }) => value);
}

// Holds what was read, never what was judged: trust and validity are asked anew for each bericht.
function remember(certificate: Certificate): void {
  const [oldest = ''] = KNOWN.keys();
  if (KNOWN.size >= MAX_KNOWN) KNOWN.delete(oldest);
  KNOWN.set(certificate.fingerprint, certificate);
}

const KNOWN = new Map<string, Certificate>();
const MAX_KNOWN = 1000;
const MAX_CERTIFICATE_BYTES = 16_384;

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const PEM_LINES = /-----[^-]+-----/g;

// X.520 attribute types.
const COMMON_NAME = '2.5.4.3';
const SERIAL_NUMBER = '2.5.4.5';
const ORGANISATION = '2.5.4.10';
