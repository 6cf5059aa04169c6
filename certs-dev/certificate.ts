import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  bitString,
  explicit,
  fromDer,
  integer,
  oid,
  printableString,
  sequence,
  setOf,
  time,
  toDer,
  utf8String,
} from './der.ts';
import type { Node } from './der.ts';
import { buildAuthorityKeyIdentifier, buildExtensions, buildSubjectKeyIdentifier } from './extensions.ts';
import { signWith, toKeyIdentifier, toSignatureAlgorithm, toSubjectPublicKeyInfo } from './keys.ts';

/** Who a certificate names: C=NL, O, serialNumber per OIN, CN, in this order. */
export interface SubjectName {
  readonly organisation: string;
  readonly commonName: string;
  readonly oins: readonly string[];
  readonly multiValuedRdn?: boolean;
}

/** The name and private key that sign a certificate. */
export interface Issuer {
  readonly name: Node;
  readonly key: KeyObject;
}

/** All that a certificate says, save its serial number and key identifiers. */
export interface CertificateTemplate {
  readonly subject: Node;
  readonly key: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Node[];
}

/** Builds and signs an X.509 v3 certificate (RFC 5280 §4.1) and answers it as PEM. */
export function buildCertificate(template: CertificateTemplate, issuer: Issuer): string {
  // The algorithm stands inside and outside the signed part; both must be equal (§4.1.1.2).
  const algorithm = toSignatureAlgorithm(issuer.key);
  const publicKey = toSubjectPublicKeyInfo(template.key);
  const signedPart = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(drawSerialNumber()),
    algorithm,
    issuer.name,
    sequence(time(template.notBefore), time(template.notAfter)),
    template.subject,
    fromDer(publicKey),
    buildExtensions([
      ...template.extensions,
      buildSubjectKeyIdentifier(toKeyIdentifier(publicKey)),
      buildAuthorityKeyIdentifier(toKeyIdentifier(toSubjectPublicKeyInfo(issuer.key))),
    ]),
  );
  const signature = signWith(issuer.key, toDer(signedPart));
  return toPem(toDer(sequence(signedPart, algorithm, bitString(signature))));
}

/** Builds a subject name; throws a RangeError on an attribute longer than RFC 5280 appendix A.1 allows. */
export function buildName(subject: SubjectName): Node {
  const oins = subject.oins.map((value) => attribute('2.5.4.5', printableString(value)));
  const serialNumbers = subject.multiValuedRdn === true ? [setOf(...oins)] : oins.map((value) => setOf(value));
  return sequence(
    setOf(attribute('2.5.4.6', printableString('NL'))),
    setOf(attribute('2.5.4.10', boundedText(subject.organisation))),
    ...serialNumbers,
    setOf(attribute('2.5.4.3', boundedText(subject.commonName))),
  );
}

/** The subject of a certificate in DER, as the issuer name of what it signs; throws a RangeError if it is none. */
export function readSubject(certificate: Uint8Array): Node {
  const subject = memberOf(memberOf(fromDer(certificate), 0), SUBJECT_POSITION);
  if (typeof subject.value === 'string') throw new RangeError('not a certificate');
  return subject;
}

function memberOf(node: Node, position: number): Node {
  const member = typeof node.value === 'string' ? undefined : node.value[position];
  if (member === undefined) throw new RangeError('not a certificate');
  return member;
}

const attribute = (type: string, value: Node): Node => sequence(oid(type), value);

function boundedText(text: string): Node {
  if (text === '' || text.length > MAXIMUM_NAME_LENGTH) throw new RangeError('a name has 1 to 64 characters');
  return utf8String(text);
}

function drawSerialNumber(): Uint8Array {
  // Positive, and never with a leading zero octet, so that all have 16 octets (§4.1.2.2).
  const octets = randomBytes(16);
  octets.writeUInt8((octets.readUInt8(0) & 0x7f) | 0x40, 0);
  return octets;
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

// version, serialNumber, signature, issuer, validity, subject: RFC 5280 §4.1.
const SUBJECT_POSITION = 5;
const MAXIMUM_NAME_LENGTH = 64;
