import { Buffer } from 'node:buffer';
import { constants, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { decodeBase64, decodeBase64Url } from './base64.ts';
import { parseCertificate } from './parse-certificate.ts';
import type { Certificate } from './parse-certificate.ts';
import { isJsonArray, parseStrictJson } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';

/** The signature algorithms of the profiles (RFC 7518 sections 3.4 and 3.5). */
export type JwsAlgorithm = 'PS256' | 'ES256';

/** Whether the value names an algorithm of the profiles. */
export function isJwsAlgorithm(value: JsonValue | undefined): value is JwsAlgorithm {
  return value === 'PS256' || value === 'ES256';
}

/** The algorithm a key signs with; undefined for a key of no profile: RSA of 2048 to 8192 bits, or EC P-256. */
export function algorithmOf(key: KeyObject): JwsAlgorithm | undefined {
  const { modulusLength, namedCurve } = { modulusLength: 0, namedCurve: '', ...key.asymmetricKeyDetails };
  if (namedCurve === 'prime256v1') return 'ES256';
  const isLongEnough = modulusLength >= RSA_MIN_BITS && modulusLength <= RSA_MAX_BITS;
  return key.asymmetricKeyType === 'rsa' && isLongEnough ? 'PS256' : undefined;
}

/** Whether the signature over the ASCII signing input is the key's, with this algorithm and no other. */
export function verifyJws(
  signed: { readonly algorithm: JwsAlgorithm; readonly input: string; readonly signature: Uint8Array },
  key: KeyObject,
): boolean {
  const { algorithm, input, signature } = signed;
  // RFC 8725 section 3.1: an algorithm takes a key of its own kind, so none verifies what was made for another.
  if (algorithmOf(key) !== algorithm) return false;
  return verify('sha256', Buffer.from(input), { key, ...OPTIONS[algorithm] }, signature);
}

/** The signature over the signing input, base64url. */
export function signJws(input: string, key: KeyObject, algorithm: JwsAlgorithm): string {
  return sign('sha256', Buffer.from(input), { key, ...OPTIONS[algorithm] }).toString('base64url');
}

/** A private key, the certificates that speak for it, and the algorithm they sign with. */
export interface JwsSigner {
  readonly algorithm: JwsAlgorithm;
  readonly leaf: Certificate;
}

/** Checks that the first of the certificates speaks for the private key. Throws RangeError if it doesn't. */
export function openSigner(privateKey: KeyObject, chain: readonly Certificate[]): JwsSigner {
  const [leaf] = chain;
  const algorithm = algorithmOf(privateKey);
  if (algorithm === undefined || leaf?.x509.checkPrivateKey(privateKey) !== true) {
    throw new RangeError('the private key is of no use, or not that of the first certificate');
  }
  return { algorithm, leaf };
}

/** Octets of a JSON value as base64url. */
export function encodeJson(value: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The JSON object in a base64url part; undefined when it isn't one, read strictly. */
export function decodeJsonObject(part: string): JsonObject | undefined {
  const octets = decodeBase64Url(part);
  if (octets === undefined) return undefined;
  const value = parseStrictJson(octets);
  return value.ok && isJsonObject(value.value) ? value.value : undefined;
}

/** Whether the value is an object with exactly these members, and perhaps the optional ones. */
export function isObjectOf(
  value: JsonValue | undefined,
  names: readonly string[],
  optional: readonly string[] = [],
): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const present = Object.keys(value);
  return (
    names.every((name) => present.includes(name)) && present.every((name) => [...names, ...optional].includes(name))
  );
}

/** `x5c` (RFC 7515 section 4.1.6): padded base64 of each DER. */
export function writeChain(chain: readonly Certificate[]): readonly string[] {
  return chain.map(({ der }) => Buffer.from(der).toString('base64'));
}

/** One to four certificates out of `x5c`; undefined for anything else. */
export function readChain(value: JsonValue | undefined): readonly [Certificate, ...Certificate[]] | undefined {
  if (!isJsonArray(value) || value.length > MAX_CHAIN) return undefined;
  const [leaf, ...others] = value.map(readChainMember);
  return leaf !== undefined && others.every((other) => other !== undefined) ? [leaf, ...others] : undefined;
}

function readChainMember(value: JsonValue): Certificate | undefined {
  const der = typeof value === 'string' ? decodeBase64(value) : undefined;
  return der && parseCertificate(der);
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const OPTIONS = {
  // RFC 7518 section 3.5: the salt is as long as the digest.
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  // RFC 7518 section 3.4: r and s, one after the other.
  ES256: { dsaEncoding: 'ieee-p1363' },
} as const;
// RFC 7518 section 3.5 for the least; beyond the most, one verification would take long.
const RSA_MIN_BITS = 2048;
const RSA_MAX_BITS = 8192;
const MAX_CHAIN = 4;
