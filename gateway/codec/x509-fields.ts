import { Buffer } from 'node:buffer';

import type { Instant } from '../domain/message.ts';
import { DER_TAGS, ofDerType, readDerMembers, readDerValues, readOid, requiredDer } from './der.ts';
import type { DerValue } from './der.ts';
import { parseInstant } from './timestamps.ts';

/** Uses of a key that are looked at (RFC 5280 section 4.2.1.3). */
export type KeyUsage = 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'keyCertSign' | 'cRLSign';

/** One attribute of a subject name. */
export interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

/** What node:crypto doesn't tell of a certificate, or not without loss. */
export interface X509Fields {
  /** The serial number: the octets of its INTEGER, hex. */
  readonly serial: string;
  /** The subject name as it is written: its DER without the outermost header, hex. */
  readonly subjectOctets: string;
  /** Signature algorithm and, for RSA-PSS, its digest, as object identifiers. */
  readonly signatureAlgorithm: string;
  readonly signatureDigest: string | undefined;
  /** Every attribute, also of a relative name that holds several. */
  readonly subject: readonly NameAttribute[];
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly keyUsages: ReadonlySet<KeyUsage>;
  readonly extendedKeyUsages: readonly string[];
  /** How many CA certificates may stand below this one; undefined when it isn't a CA. */
  readonly pathLength: number | undefined;
  /** Whether an extension that must be understood isn't. */
  readonly hasUnknownCritical: boolean;
}

/** Reads an X.509 v3 certificate. Throws RangeError on what isn't one (RFC 5280 section 4.1). */
export function readX509Fields(der: Uint8Array): X509Fields {
  const [certificate] = readDerValues(der);
  const [signed, algorithm] = readDerMembers(requiredDer(certificate));
  const [version, serial, , , validity, subject, , ...rest] = readDerMembers(requiredDer(signed));
  if (version?.tag !== DER_TAGS.context0) throw new RangeError('not version 3');
  const [notBefore, notAfter] = readDerMembers(requiredDer(validity));
  const extensions = readExtensions(rest.find(({ tag }) => tag === DER_TAGS.context3));
  return {
    serial: readSerial(serial),
    subjectOctets: Buffer.from(requiredDer(subject).content).toString('hex'),
    ...readSignatureAlgorithm(requiredDer(algorithm)),
    subject: readDerMembers(requiredDer(subject)).flatMap(readAttributes),
    notBefore: readTime(requiredDer(notBefore)),
    notAfter: readTime(requiredDer(notAfter)),
    keyUsages: readKeyUsages(extensions.get(KEY_USAGE)),
    extendedKeyUsages: readExtendedKeyUsages(extensions.get(EXTENDED_KEY_USAGE)),
    pathLength: readPathLength(extensions.get(BASIC_CONSTRAINTS)),
    hasUnknownCritical: [...extensions].some(([type, { isCritical }]) => isCritical && !UNDERSTOOD.has(type)),
  };
}

/** One extension: what it holds, and whether who doesn't know it must refuse the whole. */
export interface Extension {
  readonly isCritical: boolean;
  readonly value: DerValue;
}

/** Extensions by their object identifier. Throws RangeError on one that stands twice. */
export function readExtensionList(list: DerValue): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const member of readDerMembers(list)) {
    const [type, ...rest] = readDerMembers(member);
    const isCritical = rest[0]?.tag === DER_TAGS.boolean;
    const name = readOid(type);
    // Section 4.2: no more than one of a kind, or two readers may each take another.
    if (extensions.has(name)) throw new RangeError('extension stands twice');
    extensions.set(name, { isCritical, value: single(ofDerType(rest.at(-1), DER_TAGS.octetString)) });
  }
  return extensions;
}

function readExtensions(tagged: DerValue | undefined): ReadonlyMap<string, Extension> {
  if (tagged === undefined) return new Map();
  return readExtensionList(requiredDer(readDerMembers(tagged, DER_TAGS.context3)[0]));
}

function readAttributes(relativeName: DerValue): readonly NameAttribute[] {
  return readDerMembers(relativeName, DER_TAGS.set).map((attribute) => {
    const [type, value] = readDerMembers(attribute);
    return { type: readOid(type), value: readText(requiredDer(value)) };
  });
}

function readText({ tag, content }: DerValue): string {
  const octets = Buffer.from(content);
  // BMPString is UTF-16 with the high octet first; swap16 throws RangeError on half a character.
  return tag === DER_TAGS.bmpString ? octets.swap16().toString('utf16le') : octets.toString('utf8');
}

/** A Time (RFC 5280 section 4.1.2.5). Throws RangeError on another form. */
export function readTime({ tag, content }: DerValue): Instant {
  const text = Buffer.from(content).toString('latin1');
  // Section 4.1.2.5.1: a year of two digits is of this century below 50.
  const century = text < '50' ? '20' : '19';
  const full = tag === DER_TAGS.utcTime ? century + text : text;
  const instant = parseInstant(full.replace(GENERALIZED_TIME, '$1-$2-$3T$4:$5:$6Z'));
  if (instant === undefined) throw new RangeError('not a time');
  return instant;
}

/** The algorithm of a signature, and for RSA-PSS its digest. */
export function readSignatureAlgorithm(value: DerValue): Pick<X509Fields, 'signatureAlgorithm' | 'signatureDigest'> {
  const [type, parameters] = readDerMembers(value);
  const signatureAlgorithm = readOid(type);
  if (signatureAlgorithm !== RSA_PSS) return { signatureAlgorithm, signatureDigest: undefined };
  // RFC 4055 section 3.1: the digest stands first; without it SHA-1 is meant.
  const digest = readDerMembers(requiredDer(parameters)).find(({ tag }) => tag === DER_TAGS.context0);
  if (digest === undefined) return { signatureAlgorithm, signatureDigest: undefined };
  const [algorithm] = readDerMembers(digest, DER_TAGS.context0);
  return { signatureAlgorithm, signatureDigest: readOid(readDerMembers(requiredDer(algorithm))[0]) };
}

/** A serial number: the octets of its INTEGER, hex; of equal numbers in DER these are equal. */
export function readSerial(value: DerValue | undefined): string {
  const { content } = ofDerType(value, DER_TAGS.integer);
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString('hex');
}

function readKeyUsages(extension: Extension | undefined): ReadonlySet<KeyUsage> {
  if (extension === undefined) return new Set();
  const [, bits = 0] = ofDerType(extension.value, DER_TAGS.bitString).content;
  return new Set(KEY_USAGE_BITS.filter(([, bit]) => (bits & bit) !== 0).map(([usage]) => usage));
}

function readExtendedKeyUsages(extension: Extension | undefined): readonly string[] {
  return extension === undefined ? [] : readDerMembers(extension.value).map(readOid);
}

function readPathLength(extension: Extension | undefined): number | undefined {
  if (extension === undefined) return undefined;
  const [authority, length] = readDerMembers(extension.value);
  if (authority?.tag !== DER_TAGS.boolean || !readBoolean(authority)) return undefined;
  return length === undefined ? Number.POSITIVE_INFINITY : readSmallInteger(length);
}

// X.690 section 11.1: true is one octet of ones. OpenSSL takes any other for true as well, and would see an authority where we see none.
function readBoolean({ content }: DerValue): boolean {
  const [octet, ...more] = content;
  if ((octet !== TRUE && octet !== FALSE) || more.length > 0) throw new RangeError('not a boolean of DER');
  return octet === TRUE;
}

function readSmallInteger(value: DerValue): number {
  const [octet = -1, ...more] = ofDerType(value, DER_TAGS.integer).content;
  if (octet < 0 || octet >= 0x80 || more.length > 0) throw new RangeError('not a small number');
  return octet;
}

function single({ content }: DerValue): DerValue {
  const [value, ...more] = readDerValues(content);
  if (more.length > 0) throw new RangeError('more than one value');
  return requiredDer(value);
}

const TRUE = 0xff;
const FALSE = 0x00;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

const RSA_PSS = '1.2.840.113549.1.1.10';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const CERTIFICATE_POLICIES = '2.5.29.32';
const EXTENDED_KEY_USAGE = '2.5.29.37';

// Any policy will do, and names of hosts are for those who connect; constraints on names and policies aren't followed.
const UNDERSTOOD: ReadonlySet<string> = new Set([
  KEY_USAGE,
  SUBJECT_ALTERNATIVE_NAME,
  BASIC_CONSTRAINTS,
  CERTIFICATE_POLICIES,
  EXTENDED_KEY_USAGE,
]);

const KEY_USAGE_BITS: readonly (readonly [KeyUsage, number])[] = [
  ['digitalSignature', 0x80],
  ['nonRepudiation', 0x40],
  ['keyEncipherment', 0x20],
  ['keyCertSign', 0x04],
  ['cRLSign', 0x02],
];
