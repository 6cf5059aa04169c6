import type { Instant } from '../domain/message.ts';
import type { Certificate } from './parse-certificate.ts';

/** What a path may be built from. */
export interface PathSources {
  readonly roots: readonly Certificate[];
  /** Candidates for what stands between; being one gives no trust. */
  readonly intermediates: readonly Certificate[];
  readonly now: Instant;
}

/**
 * The certificates from a leaf to a trusted root, both included, or undefined when there is no such path (RFC 5280
 * section 6): each CA in its time, allowed to sign certificates and this deep, each signature verified. The leaf's own
 * time isn't judged.
 */
export function findPath(leaf: Certificate, sources: PathSources): readonly Certificate[] | undefined {
  return isSound(leaf) ? extendPath([leaf], leaf, sources) : undefined;
}

function extendPath(
  path: readonly Certificate[],
  last: Certificate,
  sources: PathSources,
): readonly Certificate[] | undefined {
  const mayIssue = (issuer: Certificate): boolean =>
    isAuthority(issuer, path.length - 1, sources.now) && isIssuedBy(last, issuer);
  const root = sources.roots.find(mayIssue);
  if (root !== undefined) return [...path, root];
  if (path.length >= MAX_BELOW_ROOT) return undefined;
  for (const issuer of sources.intermediates) {
    const longer = !path.includes(issuer) && isSound(issuer) && mayIssue(issuer);
    const found = longer ? extendPath([...path, issuer], issuer, sources) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether the certificate's own key and its issuer's way of signing are strong, and it asks nothing unknown. */
function isSound(certificate: Certificate): boolean {
  const { signatureAlgorithm, signatureDigest, hasUnknownCritical } = certificate;
  const isStrong = STRONG_SIGNATURES.has(signatureAlgorithm) || STRONG_DIGESTS.has(signatureDigest);
  return isStrong && !hasUnknownCritical && isStrongKey(certificate);
}

/** Whether a key is RSA of 2048 to 8192 bits, or on P-256 or P-384. */
export function isStrongKey({ publicKey }: Pick<Certificate, 'publicKey'>): boolean {
  const { modulusLength, namedCurve } = { modulusLength: 0, namedCurve: '', ...publicKey.asymmetricKeyDetails };
  if (publicKey.asymmetricKeyType === 'rsa') return modulusLength >= RSA_MIN_BITS && modulusLength <= RSA_MAX_BITS;
  return CURVES.has(namedCurve);
}

function isAuthority(issuer: Certificate, authoritiesBelow: number, now: Instant): boolean {
  const { pathLength, keyUsages, notBefore, notAfter } = issuer;
  if (pathLength === undefined || pathLength < authoritiesBelow) return false;
  return keyUsages.has('keyCertSign') && notBefore <= now && now <= notAfter && isStrongKey(issuer);
}

// Names, key identifiers and signature don't change, so this much, and no more, is known for good.
function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const links = LINKS.get(certificate) ?? new WeakMap<Certificate, boolean>();
  LINKS.set(certificate, links);
  const known = links.get(issuer);
  if (known !== undefined) return known;
  const isIssued = certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.publicKey);
  links.set(issuer, isIssued);
  return isIssued;
}

const LINKS = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

// PKIoverheid has four: root, domain, provider, leaf. One more leaves room for a cross-certificate.
const MAX_BELOW_ROOT = 4;
const RSA_MIN_BITS = 2048;
// Verifying takes time with the square of the length; nobody uses more.
const RSA_MAX_BITS = 8192;
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1']);

// RSA PKCS#1 v1.5 (RFC 4055 section 5) and ECDSA (RFC 5758 section 3.2), each with SHA-256, SHA-384 or SHA-512.
const STRONG_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);
// RFC 4055 section 2.1, as digest of RSA-PSS.
const STRONG_DIGESTS: ReadonlySet<string | undefined> = new Set([
  '2.16.840.1.101.3.4.2.1',
  '2.16.840.1.101.3.4.2.2',
  '2.16.840.1.101.3.4.2.3',
]);
