import { createHash, createPrivateKey } from 'node:crypto';

import type { Instant } from '../domain/message.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { decodeBase64, decodeBase64Url } from './base64.ts';
import {
  decodeJsonObject,
  encodeJson,
  isJwsAlgorithm,
  isObjectOf,
  openSigner,
  readChain,
  signJws,
  verifyJws,
  writeChain,
} from './jws.ts';
import type { JwsAlgorithm } from './jws.ts';
import { parseCertificatesPem } from './parse-certificate.ts';
import type { Certificate } from './parse-certificate.ts';
import { isJsonArray } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { formatInstant, parseInstant } from './timestamps.ts';

/** A detached JWS as read from `Payload-Signature`; nothing of it is verified yet. */
export interface DetachedSignature {
  readonly algorithm: JwsAlgorithm;
  /** The signer's own time (`sigT`). */
  readonly signedAt: Instant;
  /** `x5t#S256` of the certificate it must be verified with. */
  readonly thumbprint: string;
  /** Certificates of `x5c`, the signer's first; empty without it. They only offer a candidate. */
  readonly offered: readonly Certificate[];
  /** The header as it was sent, base64url: the first part of what is signed. */
  readonly header: string;
  readonly signature: Uint8Array;
}

/**
 * Reads a `Payload-Signature` of exactly this profile (Logius API-mod-signing, JAdES `sigD` of HTTP headers
 * with an unencoded payload, RFC 7797). An algorithm outside it is ERR_SIGNATURE_ALGORITHM, any other deviation
 * ERR_SIGNATURE_MALFORMED.
 */
export function parseDetachedSignature(value: string): Result<DetachedSignature, Rejection> {
  const parts = splitParts(value);
  // RFC 7515 section 4: names in a header are unique; strict JSON, and no member beside those of the profile.
  const members = parts && decodeJsonObject(parts.header);
  if (parts === undefined || !isObjectOf(members, REQUIRED_MEMBERS, ['x5c'])) return MALFORMED;
  const { alg } = members;
  if (typeof alg !== 'string') return MALFORMED;
  // RFC 8725 section 3.1: a list of what is taken, looked up before a key is touched.
  if (!isJwsAlgorithm(alg)) return err(rejection('ERR_SIGNATURE_ALGORITHM'));
  const statement = isProfile(members) ? readStatement(members) : undefined;
  return statement === undefined ? MALFORMED : ok({ algorithm: alg, ...statement, ...parts });
}

/** Whether this certificate, the one its thumbprint names, signed this `Digest` header. Trust is judged elsewhere. */
export function verifyDetachedSignature(
  signature: DetachedSignature,
  digestHeader: string,
  certificate: Certificate,
): boolean {
  // RFC 7515 section 4.1.8: the thumbprint stands in what is signed, so the certificate can't be another of the same key.
  if (certificate.thumbprint !== signature.thumbprint) return false;
  const input = signingInput(signature.header, digestHeader);
  return verifyJws({ ...signature, input }, certificate.publicKey);
}

/** What signs one digest after another. */
export interface DetachedSigner {
  /** The `Payload-Signature` for the SHA-256 (base64) of a body, dated `signedAt`. */
  sign(digest: string, signedAt: Instant): string;
}

/**
 * A signer that reads its key and certificates once. `includeChain`, true unless said otherwise, sends them along. Throws
 * RangeError when the key isn't that of the first certificate, or neither RSA of at least 2048 bits nor EC P-256.
 */
export function createDetachedSigner(identity: {
  readonly privateKeyPem: string;
  readonly chainPem: string;
  readonly includeChain?: boolean;
}): DetachedSigner {
  const { privateKeyPem, chainPem, includeChain = true } = identity;
  const key = createPrivateKey(privateKeyPem);
  const chain = parseCertificatesPem(chainPem);
  const { algorithm, leaf } = openSigner(key, chain);
  const fixed = {
    alg: algorithm,
    b64: false,
    crit: CRITICAL,
    sigD: { mId: HTTP_HEADERS, pars: ['digest'] },
    'x5t#S256': leaf.thumbprint,
    ...(includeChain ? { x5c: writeChain(chain) } : {}),
  };
  return {
    sign: (digest, signedAt) => {
      const header = encodeJson({ ...fixed, sigT: formatInstant(signedAt) });
      return `${header}..${signJws(signingInput(header, DIGEST_PREFIX + digest), key, algorithm)}`;
    },
  };
}

/** Signs one digest (base64 SHA-256 of the body); for more than one, `createDetachedSigner` reads the key only once. */
export function signDetached(request: {
  readonly digest: string;
  readonly privateKeyPem: string;
  readonly chainPem: string;
  readonly signedAt: Instant;
  readonly includeChain?: boolean;
}): string {
  return createDetachedSigner(request).sign(request.digest, request.signedAt);
}

/** The `Digest` header of a body (RFC 3230, SHA-256). */
export function digestHeaderOf(body: Uint8Array): string {
  return DIGEST_PREFIX + createHash('sha256').update(body).digest('base64');
}

/** The base64 of a `Digest` header that is exactly one SHA-256; undefined for anything else. */
export function readDigestHeader(value: string): string | undefined {
  if (!value.startsWith(DIGEST_PREFIX)) return undefined;
  const digest = value.slice(DIGEST_PREFIX.length);
  return decodeBase64(digest)?.length === SHA256_BYTES ? digest : undefined;
}

// RFC 7515 section 7.1 and appendix F: three parts, the payload empty because it stands elsewhere.
function splitParts(value: string): Pick<DetachedSignature, 'header' | 'signature'> | undefined {
  const end = value.indexOf('.');
  if (end > MAX_HEADER_LENGTH || !value.startsWith('..', end)) return undefined;
  const signature = decodeBase64Url(value.slice(end + 2));
  return signature && { header: value.slice(0, end), signature };
}

// RFC 7797 section 3: unencoded; ETSI TS 119 182-1 section 5.2.8.2: the header named in `pars`, as a line.
function signingInput(header: string, digestHeader: string): string {
  return `${header}.digest: ${digestHeader}`;
}

/** Whether the members that have one value only have it. */
function isProfile({ b64, crit, sigD }: JsonObject): boolean {
  // RFC 7797 sections 3 and 6: b64 is false and critical. RFC 7515 section 4.1.11: crit names what must be understood, once.
  if (b64 !== false || !isListOf(crit, CRITICAL)) return false;
  return isObjectOf(sigD, ['mId', 'pars']) && sigD['mId'] === HTTP_HEADERS && isListOf(sigD['pars'], ['digest']);
}

/** Whether the list holds each of these once, in any order, and nothing else. */
function isListOf(value: JsonValue | undefined, wanted: readonly string[]): boolean {
  return isJsonArray(value) && value.length === wanted.length && wanted.every((one) => value.includes(one));
}

function readStatement(
  members: JsonObject,
): Pick<DetachedSignature, 'signedAt' | 'thumbprint' | 'offered'> | undefined {
  // ETSI TS 119 182-1 section 5.2.1 for sigT; RFC 7515 sections 4.1.8 and 4.1.6 for what names the certificate.
  const { sigT, 'x5t#S256': thumbprint, x5c } = members;
  if (typeof sigT !== 'string' || typeof thumbprint !== 'string') return undefined;
  const signedAt = parseInstant(sigT);
  if (signedAt === undefined || decodeBase64Url(thumbprint)?.length !== SHA256_BYTES) return undefined;
  if (x5c === undefined) return { signedAt, thumbprint, offered: [] };
  const offered = readChain(x5c);
  return offered?.[0].thumbprint === thumbprint ? { signedAt, thumbprint, offered } : undefined;
}

const MALFORMED = err(rejection('ERR_SIGNATURE_MALFORMED'));
const REQUIRED_MEMBERS = ['alg', 'b64', 'crit', 'sigT', 'sigD', 'x5t#S256'];
const CRITICAL = ['b64', 'sigT', 'sigD'];
// ETSI TS 119 182-1 section 5.2.8.2.
const HTTP_HEADERS = 'http://uri.etsi.org/19182/HttpHeaders';
const DIGEST_PREFIX = 'SHA-256=';
const SHA256_BYTES = 32;
// 16 kB as base64url.
const MAX_HEADER_LENGTH = 21_846;
