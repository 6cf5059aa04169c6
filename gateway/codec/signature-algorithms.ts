import { constants, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A digest as node:crypto names it. */
export type DigestName = 'sha256' | 'sha384' | 'sha512';

/** How a SignatureMethod is verified. */
export interface SignatureAlgorithm {
  readonly digest: DigestName;
  readonly scheme: 'pkcs1' | 'pss' | 'ecdsa';
}

/** DigestMethod identifiers of the profile (XMLENC 1.1 section 5.8, RFC 6931 section 2.1). */
export const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

/**
 * SignatureMethod identifiers of the profile: RFC 6931 sections 2.3.2 to 2.3.4 (RSA PKCS#1 v1.5), 2.3.6 (ECDSA) and
 * 2.3.10 (RSA-PSS with parameters fixed by the identifier).
 */
export const SIGNATURES: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  (['sha256', 'sha384', 'sha512'] as const).flatMap((digest): [string, SignatureAlgorithm][] => [
    [`http://www.w3.org/2001/04/xmldsig-more#rsa-${digest}`, { digest, scheme: 'pkcs1' }],
    [`http://www.w3.org/2001/04/xmldsig-more#ecdsa-${digest}`, { digest, scheme: 'ecdsa' }],
    [`http://www.w3.org/2007/05/xmldsig-more#${digest}-rsa-MGF1`, { digest, scheme: 'pss' }],
  ]),
);

/** What is verified: the signed octets and the signature over them. */
export interface SignedOctets {
  readonly algorithm: SignatureAlgorithm;
  readonly octets: Uint8Array;
  readonly value: Uint8Array;
}

/** Whether the key is one the profile takes for this algorithm and the signature over the octets is its own. */
export function verifyOctets({ algorithm, octets, value }: SignedOctets, key: KeyObject): boolean {
  const { digest, scheme } = algorithm;
  return isKeyFor(scheme, key, value.length) && verify(digest, octets, { key, ...OPTIONS[scheme] }, value);
}

function isKeyFor(scheme: SignatureAlgorithm['scheme'], key: KeyObject, valueBytes: number): boolean {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (scheme === 'ecdsa') return ECDSA_BYTES.get(namedCurve) === valueBytes;
  return key.asymmetricKeyType === 'rsa' && modulusLength >= RSA_MIN_BITS && modulusLength <= RSA_MAX_BITS;
}

/** Octets of canonical base64 in which XML white space may stand (XML Schema base64Binary); undefined for any other text. */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replace(/[ \t\r\n]+/g, '');
  const octets = Buffer.from(compact, 'base64');
  // Node skips what isn't base64: only a text that comes out the same was base64, padded, without stray bits.
  return compact !== '' && octets.toString('base64') === compact ? octets : undefined;
}

const OPTIONS = {
  pkcs1: { padding: constants.RSA_PKCS1_PADDING },
  // RFC 6931 section 2.3.10: the salt is as long as the digest.
  pss: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  // RFC 4051 section 2.3.6: r and s at the width of the curve's order, one after the other.
  ecdsa: { dsaEncoding: 'ieee-p1363' },
} as const;
// XMLDSIG 6.4.2 for the least; beyond the most, one verification would take long.
const RSA_MIN_BITS = 2048;
const RSA_MAX_BITS = 8192;
// XMLDSIG 6.4.3 with the curves of the profile, and the octets of a signature on each.
const ECDSA_BYTES: ReadonlyMap<string, number> = new Map([
  ['prime256v1', 64],
  ['secp384r1', 96],
]);
