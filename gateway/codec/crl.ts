import { Buffer } from 'node:buffer';
import { constants, createHash, verify } from 'node:crypto';

import type { Instant } from '../domain/message.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { isStrongKey } from './certificate-path.ts';
import { readCrlFields } from './crl-fields.ts';
import type { CrlFields } from './crl-fields.ts';
import type { Certificate } from './parse-certificate.ts';

/** What one authority says it has revoked, verified and whole. */
export interface RevocationList {
  readonly thisUpdate: Instant;
  /** When the authority will have said something newer, at the latest. */
  readonly nextUpdate: Instant;
  /** `cRLNumber`, which only grows; undefined where the authority gives none. */
  readonly number: bigint | undefined;
  /** Serial numbers as `Certificate.serial` has them. */
  readonly serials: ReadonlySet<string>;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
}

/** Why a list isn't taken into force, in the order in which they are looked for. */
export const CRL_PROBLEMS = [
  'too-large',
  'malformed',
  'version',
  'issuer',
  'indirect',
  'delta',
  'scope',
  'critical-extension',
  'usage',
  'algorithm',
  'signature',
  'not-yet-valid',
  'rollback',
] as const;

/** One of `CRL_PROBLEMS`. */
export type CrlProblem = (typeof CRL_PROBLEMS)[number];

/** What a list is held against. */
export interface CrlDemand {
  readonly issuer: Certificate;
  readonly now: Instant;
  /** The list in force; one that is older would undo a revocation. */
  readonly inForce: RevocationList | undefined;
}

/**
 * Reads a list of RFC 5280 section 5, DER or PEM, that speaks for all certificates of the issuer and is signed with its key. One past
 * its `nextUpdate` is read: what it revokes stays revoked, and whoever judges by it sees how old it is.
 */
export function readCrl(octets: Uint8Array, ask: CrlDemand): Result<RevocationList, CrlProblem> {
  if (octets.length > MAX_CRL_BYTES) return err('too-large');
  const der = toDer(octets);
  const read = der === undefined ? undefined : readCrlFields(der);
  if (der === undefined || read === undefined) return err('malformed');
  const problem = findProblem(read, ask);
  if (problem !== undefined) return err(problem);
  const { thisUpdate, nextUpdate, number, serials } = read;
  const fingerprint = createHash('sha256').update(der).digest('hex');
  return ok({ thisUpdate, nextUpdate, number, serials, fingerprint });
}

/** What may come as one list; the largest of PKIoverheid is a tenth of it. */
export const MAX_CRL_BYTES = 20_000_000;

function toDer(octets: Uint8Array): Uint8Array | undefined {
  if (octets[0] === DER_SEQUENCE) return octets;
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1').trim();
  const isOne = text.startsWith(PEM_BEGIN) && text.endsWith(PEM_END) && text.indexOf('-----', 24) === text.length - 22;
  const body = isOne ? text.slice(PEM_BEGIN.length, -PEM_END.length).replace(/[\r\n]/g, '') : '';
  return /^[A-Za-z0-9+/]+={0,2}$/.test(body) ? Buffer.from(body, 'base64') : undefined;
}

function findProblem(read: CrlFields, { issuer, now, inForce }: CrlDemand): CrlProblem | undefined {
  if (read.isVersion1) return 'version';
  // RFC 5280 section 7.1 compares names more freely; an authority writes its own name always the same.
  if (read.issuerOctets !== issuer.subjectOctets) return 'issuer';
  if (read.isIndirect) return 'indirect';
  if (read.isDelta) return 'delta';
  if (read.isLimited) return 'scope';
  if (read.hasUnknownCritical) return 'critical-extension';
  return findSignatureProblem(read, issuer) ?? findTimeProblem(read, now, inForce);
}

function findSignatureProblem(read: CrlFields, issuer: Certificate): CrlProblem | undefined {
  // Section 6.3.3 (f): a key usage that is stated must allow signing lists. An authority always states one.
  if (issuer.pathLength === undefined || !issuer.keyUsages.has('cRLSign')) return 'usage';
  const digest = DIGESTS.get(read.signatureDigest ?? read.signatureAlgorithm);
  if (digest === undefined || !isStrongKey(issuer)) return 'algorithm';
  return isSignedBy(read, digest, issuer) ? undefined : 'signature';
}

function isSignedBy(read: CrlFields, digest: string, { publicKey }: Certificate): boolean {
  const { signatureAlgorithm, signatureDigest, signedOctets, signature } = read;
  // An EC key must not be asked for an RSA signature, nor the other way round.
  if (signatureAlgorithm.startsWith(RSA) !== (publicKey.asymmetricKeyType === 'rsa')) return false;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return verify(digest, signedOctets, { key: publicKey, ...(signatureDigest === undefined ? {} : pss) }, signature);
}

function findTimeProblem(read: CrlFields, now: Instant, inForce: RevocationList | undefined): CrlProblem | undefined {
  if (read.thisUpdate > now + MAX_AHEAD_MS) return 'not-yet-valid';
  if (inForce === undefined) return undefined;
  const isOlder = read.thisUpdate < inForce.thisUpdate;
  const hasLowerNumber = inForce.number !== undefined && (read.number === undefined || read.number < inForce.number);
  return isOlder || hasLowerNumber ? 'rollback' : undefined;
}

const MAX_AHEAD_MS = 5 * 60_000;
const DER_SEQUENCE = 0x30;
const PEM_BEGIN = '-----BEGIN X509 CRL-----';
const PEM_END = '-----END X509 CRL-----';

const RSA = '1.2.840.113549.1.1.';
// As for certificates (certificate-path.ts): RFC 4055 section 5, RFC 5758 section 3.2, and RFC 4055 section 2.1 for RSA-PSS.
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);
