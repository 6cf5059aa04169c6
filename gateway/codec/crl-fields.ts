import { Buffer } from 'node:buffer';

import type { Instant } from '../domain/message.ts';
import { DER_TAGS, ofDerType, readDerMembers, readDerValues, requiredDer } from './der.ts';
import type { DerValue } from './der.ts';
import { readExtensionList, readSerial, readSignatureAlgorithm, readTime } from './x509-fields.ts';
import type { Extension } from './x509-fields.ts';

/** What a certificate revocation list says; nothing of it is verified yet. */
export interface CrlFields {
  readonly isVersion1: boolean;
  /** As `Certificate.subjectOctets` of its issuer. */
  readonly issuerOctets: string;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly number: bigint | undefined;
  readonly serials: ReadonlySet<string>;
  /** Some entries are of other issuers. */
  readonly isIndirect: boolean;
  /** It says only what changed since another list. */
  readonly isDelta: boolean;
  /** It speaks for some of the certificates of its issuer only. */
  readonly isLimited: boolean;
  readonly hasUnknownCritical: boolean;
  readonly signatureAlgorithm: string;
  readonly signatureDigest: string | undefined;
  readonly signedOctets: Uint8Array;
  readonly signature: Uint8Array;
}

/** Reads a list; undefined on anything that isn't one in DER with a `nextUpdate` (RFC 5280 section 5.1). */
export function readCrlFields(der: Uint8Array): CrlFields | undefined {
  try {
    return readList(der);
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

function readList(der: Uint8Array): CrlFields {
  const [list, ...after] = readDerValues(der);
  const [signed, algorithm, signature, ...more] = readDerMembers(requiredDer(list));
  if (after.length > 0 || more.length > 0) throw new RangeError('octets after the list');
  const said = readSigned(requiredDer(signed));
  // Section 5.1.1.2: named inside and outside what is signed, and equal.
  if (Buffer.compare(ofSequence(algorithm).content, said.algorithm.content) !== 0)
    throw new RangeError('two algorithms');
  const { content } = requiredDer(list);
  return {
    ...said.fields,
    ...readSignatureAlgorithm(said.algorithm),
    signedOctets: content.subarray(0, requiredDer(signed).content.byteOffset - content.byteOffset + sizeOf(signed)),
    signature: readBits(requiredDer(signature)),
  };
}

type Said = Omit<CrlFields, 'signatureAlgorithm' | 'signatureDigest' | 'signedOctets' | 'signature'>;

function readSigned(signed: DerValue): { readonly algorithm: DerValue; readonly fields: Said } {
  const members = readDerMembers(signed);
  const isVersion1 = members[0]?.tag !== DER_TAGS.integer;
  const [algorithm, issuer, thisUpdate, nextUpdate, ...rest] = isVersion1 ? members : members.slice(1);
  if (!isVersion1 && readSerial(members[0]) !== VERSION_2) throw new RangeError('another version');
  const times = { thisUpdate: readTime(requiredDer(thisUpdate)), nextUpdate: readTime(requiredDer(nextUpdate)) };
  if (times.nextUpdate <= times.thisUpdate) throw new RangeError('ends before it begins');
  const [entries, tagged] = splitRest(rest);
  const revoked = readEntries(entries);
  const extensions = readExtensions(tagged);
  return {
    algorithm: ofSequence(algorithm),
    fields: {
      isVersion1,
      issuerOctets: Buffer.from(ofSequence(issuer).content).toString('hex'),
      ...times,
      number: readNumber(extensions.get(CRL_NUMBER)),
      serials: revoked.serials,
      ...readReach(extensions, revoked.extensions),
    },
  };
}

// Section 5.1: entries and extensions are each left out when there are none.
function splitRest(rest: readonly DerValue[]): readonly [DerValue | undefined, DerValue | undefined] {
  const [first, second, ...more] = rest;
  if (more.length > 0) throw new RangeError('octets after the extensions');
  if (first?.tag !== DER_TAGS.sequence) {
    if (second !== undefined) throw new RangeError('entries after the extensions');
    return [undefined, first];
  }
  return [first, second];
}

interface Revoked {
  readonly serials: ReadonlySet<string>;
  /** Each kind of extension that an entry has, and whether it is critical there. */
  readonly extensions: ReadonlyMap<string, boolean>;
}

function readEntries(entries: DerValue | undefined): Revoked {
  const serials = new Set<string>();
  const extensions = new Map<string, boolean>();
  for (const entry of entries === undefined ? [] : readDerMembers(entries)) {
    const [serial, revokedAt, list, ...more] = readDerMembers(entry);
    if (more.length > 0 || !TIMES.has(revokedAt?.tag)) throw new RangeError('not an entry');
    serials.add(readSerial(serial));
    for (const [type, { isCritical }] of list === undefined ? [] : readExtensionList(list))
      extensions.set(type, isCritical || extensions.get(type) === true);
  }
  return { serials, extensions };
}

function readExtensions(tagged: DerValue | undefined): ReadonlyMap<string, Extension> {
  if (tagged === undefined) return new Map();
  return readExtensionList(requiredDer(readDerMembers(tagged, DER_TAGS.context0)[0]));
}

function readReach(
  extensions: ReadonlyMap<string, Extension>,
  ofEntries: ReadonlyMap<string, boolean>,
): Pick<CrlFields, 'isIndirect' | 'isDelta' | 'isLimited' | 'hasUnknownCritical'> {
  const point = extensions.get(ISSUING_DISTRIBUTION_POINT);
  const limits = point === undefined ? [] : readDerMembers(point.value).map(({ tag }) => tag);
  return {
    isIndirect: limits.includes(INDIRECT_CRL) || ofEntries.has(CERTIFICATE_ISSUER),
    isDelta: extensions.has(DELTA_CRL_INDICATOR),
    // Section 5.2.5: a list that names its place speaks for certificates that name the same place only.
    isLimited: limits.length > 0,
    hasUnknownCritical:
      [...extensions].some(([type, { isCritical }]) => isCritical && !UNDERSTOOD.has(type)) ||
      [...ofEntries].some(([type, isCritical]) => isCritical && !UNDERSTOOD.has(type)),
  };
}

function readNumber(extension: Extension | undefined): bigint | undefined {
  if (extension === undefined) return undefined;
  const hex = readSerial(extension.value);
  // Section 5.2.3: at most 20 octets, and never negative.
  if (hex.length === 0 || hex.length > 40 || hex >= '80') throw new RangeError('not a number of a list');
  return BigInt(`0x${hex}`);
}

function readBits({ tag, content }: DerValue): Uint8Array {
  if (tag !== DER_TAGS.bitString || content[0] !== 0) throw new RangeError('not whole octets');
  return content.subarray(1);
}

const ofSequence = (value: DerValue | undefined): DerValue => ofDerType(value, DER_TAGS.sequence);

const sizeOf = (value: DerValue | undefined): number => requiredDer(value).content.length;

const TIMES: ReadonlySet<number | undefined> = new Set([DER_TAGS.utcTime, DER_TAGS.generalizedTime]);
const VERSION_2 = '01';

const CRL_NUMBER = '2.5.29.20';
const REASON_CODE = '2.5.29.21';
const INVALIDITY_DATE = '2.5.29.24';
const DELTA_CRL_INDICATOR = '2.5.29.27';
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';
const CERTIFICATE_ISSUER = '2.5.29.29';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
/** Tag of `indirectCRL` within the issuing distribution point. */
const INDIRECT_CRL = 0x84;

// Of a list and of its entries. What limits it is refused by name before this is asked.
const UNDERSTOOD: ReadonlySet<string> = new Set([
  CRL_NUMBER,
  REASON_CODE,
  INVALIDITY_DATE,
  ISSUING_DISTRIBUTION_POINT,
  AUTHORITY_KEY_IDENTIFIER,
]);
