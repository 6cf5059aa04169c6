import type { Environment, Instant } from '../domain/message.ts';
import { isOin, isTestOin } from '../domain/oin.ts';
import type { Oin } from '../domain/oin.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { findPath } from './certificate-path.ts';
import type { Certificate } from './parse-certificate.ts';
import { findRevocation } from './revocation.ts';
import type { Revocation } from './revocation.ts';

export { parseCertificate, parseCertificatesPem } from './parse-certificate.ts';
export type { Certificate } from './parse-certificate.ts';

/** What an environment trusts: its roots, and intermediates that parties may leave out. */
export interface TrustStore {
  readonly environment: Environment;
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  /** What is known of revocation; absent for who judges without, such as a party that verifies a receipt offline. */
  readonly revocation?: Revocation;
}

/** Why a certificate identifies nobody, in the order in which they are looked for. */
export const CERTIFICATE_PROBLEMS = [
  'untrusted',
  'expired',
  'not-yet-valid',
  'usage',
  'oin-missing',
  'oin-ambiguous',
  'oin-invalid',
  'environment',
  'revoked',
  'revocation-unknown',
] as const;

/** One of `CERTIFICATE_PROBLEMS`. */
export type CertificateProblem = (typeof CERTIFICATE_PROBLEMS)[number];

/** What a certificate is to be used for. */
export type CertificateUse = 'tls-client' | 'tls-server' | 'signing';

/** What a certificate is held against; `offered` are intermediates that came with it, of which four are looked at. */
export interface CertificateDemand {
  readonly usage: CertificateUse;
  readonly trust: TrustStore;
  readonly now: Instant;
  readonly offered?: readonly Certificate[];
}

/** The OIN a certificate proves, for this use and at this instant, when no certificate of its path is revoked. */
export function verifyCertificate(certificate: Certificate, ask: CertificateDemand): Result<Oin, CertificateProblem> {
  const { trust, now, usage, offered = [] } = ask;
  const intermediates = [...trust.intermediates, ...offered.slice(0, MAX_OFFERED)];
  const path = findPath(certificate, { roots: trust.roots, intermediates, now });
  if (path === undefined) return err('untrusted');
  const unfit = findUnfitness(certificate, usage, now);
  if (unfit !== undefined) return err(unfit);
  const oin = readOin(certificate);
  if (!oin.ok) return oin;
  if (!isOfEnvironment(oin.value, path, trust.environment)) return err('environment');
  const revocation = trust.revocation === undefined ? undefined : findRevocation(path, trust.revocation, now);
  return revocation === undefined ? oin : err(revocation);
}

function findUnfitness(certificate: Certificate, usage: CertificateUse, now: Instant): CertificateProblem | undefined {
  if (now > certificate.notAfter) return 'expired';
  if (now < certificate.notBefore) return 'not-yet-valid';
  return certificate.pathLength !== undefined || !USES[usage](certificate) ? 'usage' : undefined;
}

function readOin({ subjectOins }: Certificate): Result<Oin, CertificateProblem> {
  const [oin, ...others] = subjectOins;
  if (oin === undefined) return err('oin-missing');
  if (others.length > 0) return err('oin-ambiguous');
  return isOin(oin) ? ok(oin) : err('oin-invalid');
}

function isOfEnvironment(oin: Oin, path: readonly Certificate[], environment: Environment): boolean {
  const roots = path.slice(-1);
  if (environment !== 'productie') return !roots.some(isPrivateRoot);
  return !isTestOin(oin) && !path.some(isTrial) && !roots.some(isDevelopmentRoot);
}

// PKIoverheid writes it as a word of its own; an organisation may be called INDUSTRIAL.
function isTrial({ commonNames, organisations }: Certificate): boolean {
  return [...commonNames, ...organisations].some((name) => /(?<![A-Za-z])TRIAL(?![A-Za-z])/.test(name));
}

function isDevelopmentRoot({ commonNames }: Certificate): boolean {
  return commonNames.some((name) => name.includes('Ontwikkeling'));
}

// `Staat der Nederlanden Private Root CA - G1`, and the next generation's `... G4 Root Priv G-Other - 2024`.
function isPrivateRoot(root: Certificate): boolean {
  const { commonNames, organisations } = root;
  return (
    !isTrial(root) &&
    organisations.some((name) => name.includes('Staat der Nederlanden')) &&
    commonNames.some((name) => /Private Root|Root Priv\b/.test(name))
  );
}

const MAX_OFFERED = 4;

// RFC 8446 section 4.4.2.2: a key usage that is stated must allow signing the handshake.
function isForTls(certificate: Certificate, purpose: string): boolean {
  const { keyUsages, extendedKeyUsages } = certificate;
  return extendedKeyUsages.includes(purpose) && (keyUsages.size === 0 || keyUsages.has('digitalSignature'));
}

// Purposes: RFC 5280 section 4.2.1.12.
const USES: Readonly<Record<CertificateUse, (certificate: Certificate) => boolean>> = {
  'tls-client': (certificate) => isForTls(certificate, '1.3.6.1.5.5.7.3.2'),
  'tls-server': (certificate) => isForTls(certificate, '1.3.6.1.5.5.7.3.1'),
  signing: ({ keyUsages }) => keyUsages.has('digitalSignature'),
};
