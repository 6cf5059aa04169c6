import { X509Certificate } from 'node:crypto';
import { buildCertificate, buildName, readSubject } from './certificate.ts';
import type { Issuer } from './certificate.ts';
import { buildCrl } from './crl.ts';
import type { CrlTemplate } from './crl.ts';
import type { Node } from './der.ts';
import { buildBasicConstraints, buildExtendedKeyUsage, buildKeyUsage, buildSubjectAltName } from './extensions.ts';
import type { KeyUsageBit, Purpose } from './extensions.ts';
import { generatePrivateKey, parsePrivateKey, toPrivateKeyPem } from './keys.ts';
import type { KeyKind } from './keys.ts';

export type { KeyKind } from './keys.ts';

/** What a certificate may be used for; `wrong` is good for nothing the gateway does. */
export type Usage = 'tls-client' | 'tls-server' | 'tls-client-server' | 'signing' | 'wrong';

/** A certificate with its key; `chainPem` is the certificate followed by the intermediate, the key is PKCS#8. */
export interface IssuedCertificate {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly privateKeyPem: string;
}

/** What to put in a certificate: `oins` are 0, 1 or 2 values of subject serialNumber, of any length. */
export interface CertificateRequest {
  readonly organisation: string;
  readonly commonName: string;
  readonly oins: readonly string[];
  readonly usage: Usage;
  readonly keyKind: KeyKind;
  /** One hour before the authority's `now` unless given. */
  readonly notBefore?: Date;
  /** Two years after `notBefore` would be by default, unless given. */
  readonly notAfter?: Date;
  /** Beside localhost, which every certificate of a TLS server names. */
  readonly dnsNames?: readonly string[];
  /** Beside 127.0.0.1 and ::1, which every certificate of a TLS server names. */
  readonly ipAddresses?: readonly string[];
  /** A key to certify instead of a fresh one; `keyKind` is then not looked at. */
  readonly privateKeyPem?: string;
  /** Puts the OINs in one relative distinguished name instead of one each. */
  readonly multiValuedRdn?: boolean;
}

/** Which of the two authorities of a set. */
export type AuthorityLevel = 'root' | 'intermediate';

/** Issues certificates under a root and an intermediate. */
export interface Authority {
  readonly rootPem: string;
  readonly intermediatePem: string;
  issue(request: CertificateRequest): IssuedCertificate;
  /** The certificate revocation list of one of the two, PEM. */
  list(level: AuthorityLevel, template: CrlTemplate): string;
}

/** An authority that also shows its private keys (PKCS#8), so that it can be kept and restored. */
export interface KeptAuthority extends Authority {
  readonly rootKeyPem: string;
  readonly intermediateKeyPem: string;
}

/** Makes a fresh root and intermediate named after `name`, which should say 'Ontwikkeling': productie refuses such roots. */
export function createAuthority(options: {
  readonly name: string;
  readonly now: Date;
  readonly keyKind?: KeyKind;
}): KeptAuthority {
  const keyKind = options.keyKind ?? 'ec-p256';
  const root: Issuer = { name: nameOf(options.name, 'Root CA'), key: generatePrivateKey(keyKind) };
  const intermediate: Issuer = { name: nameOf(options.name, 'Intermediate CA'), key: generatePrivateKey(keyKind) };
  const rootPem = buildAuthorityCertificate({ subject: root, issuer: root, pathLength: 1, now: options.now });
  const intermediatePem = buildAuthorityCertificate({
    subject: intermediate,
    issuer: root,
    pathLength: 0,
    now: options.now,
  });
  return {
    rootPem,
    intermediatePem,
    rootKeyPem: toPrivateKeyPem(root.key),
    intermediateKeyPem: toPrivateKeyPem(intermediate.key),
    issue: (request) => issue(request, { intermediate, intermediatePem, now: options.now }),
    list: (level, template) => buildCrl(template, { root, intermediate }[level]),
  };
}

/** Takes up a kept authority again, to issue and revoke more; throws a RangeError if a key is not that of its certificate. */
export function restoreAuthority(
  kept: Pick<KeptAuthority, 'rootPem' | 'intermediatePem' | 'rootKeyPem' | 'intermediateKeyPem'>,
  options: { readonly now: Date },
): Authority {
  const { rootPem, intermediatePem } = kept;
  const root = restoreIssuer(rootPem, kept.rootKeyPem);
  const intermediate = restoreIssuer(intermediatePem, kept.intermediateKeyPem);
  return {
    rootPem,
    intermediatePem,
    issue: (request) => issue(request, { intermediate, intermediatePem, now: options.now }),
    list: (level, template) => buildCrl(template, { root, intermediate }[level]),
  };
}

function restoreIssuer(certificatePem: string, keyPem: string): Issuer {
  const key = parsePrivateKey(keyPem);
  const certificate = new X509Certificate(certificatePem);
  if (!certificate.checkPrivateKey(key)) throw new RangeError('not the key of this authority');
  return { name: readSubject(certificate.raw), key };
}

interface Issuing {
  readonly intermediate: Issuer;
  readonly intermediatePem: string;
  readonly now: Date;
}

function issue(request: CertificateRequest, issuing: Issuing): IssuedCertificate {
  const key =
    request.privateKeyPem === undefined ? generatePrivateKey(request.keyKind) : parsePrivateKey(request.privateKeyPem);
  const validFrom = shift(issuing.now, -HOUR);
  const certificatePem = buildCertificate(
    {
      subject: buildName(request),
      key,
      notBefore: request.notBefore ?? validFrom,
      notAfter: request.notAfter ?? shift(validFrom, 2 * YEAR),
      extensions: buildUsageExtensions(request),
    },
    issuing.intermediate,
  );
  return {
    certificatePem,
    chainPem: certificatePem + issuing.intermediatePem,
    privateKeyPem: toPrivateKeyPem(key),
  };
}

function buildUsageExtensions(request: CertificateRequest): Node[] {
  const { keyUsage, purposes, listens } = PROFILES[request.usage];
  const dnsNames = new Set([...(listens ? ['localhost'] : []), ...(request.dnsNames ?? [])]);
  const ipAddresses = new Set([...(listens ? ['127.0.0.1', '::1'] : []), ...(request.ipAddresses ?? [])]);
  const extensions = [buildBasicConstraints(undefined), buildKeyUsage(keyUsage)];
  if (purposes.length > 0) extensions.push(buildExtendedKeyUsage(purposes));
  if (dnsNames.size + ipAddresses.size > 0) {
    extensions.push(buildSubjectAltName({ dnsNames: [...dnsNames], ipAddresses: [...ipAddresses] }));
  }
  return extensions;
}

function buildAuthorityCertificate(parts: {
  readonly subject: Issuer;
  readonly issuer: Issuer;
  readonly pathLength: number;
  readonly now: Date;
}): string {
  const template = {
    subject: parts.subject.name,
    key: parts.subject.key,
    // Older than what it issues, so that an expired certificate lies within the life of its issuer.
    notBefore: shift(parts.now, -30 * DAY),
    notAfter: shift(parts.now, 10 * YEAR),
    extensions: [buildBasicConstraints(parts.pathLength), buildKeyUsage(['keyCertSign', 'cRLSign'])],
  };
  return buildCertificate(template, parts.issuer);
}

const nameOf = (name: string, level: string): Node =>
  buildName({ organisation: name, commonName: `${name} ${level}`, oins: [] });

const shift = (instant: Date, milliseconds: number): Date => new Date(instant.getTime() + milliseconds);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Profile {
  readonly keyUsage: readonly KeyUsageBit[];
  readonly purposes: readonly Purpose[];
  readonly listens: boolean;
}

const PROFILES: Readonly<Record<Usage, Profile>> = {
  'tls-client': { keyUsage: ['digitalSignature'], purposes: ['clientAuth'], listens: false },
  'tls-server': { keyUsage: ['digitalSignature'], purposes: ['serverAuth'], listens: true },
  'tls-client-server': { keyUsage: ['digitalSignature'], purposes: ['clientAuth', 'serverAuth'], listens: true },
  signing: { keyUsage: ['digitalSignature', 'nonRepudiation'], purposes: [], listens: false },
  wrong: { keyUsage: ['keyEncipherment'], purposes: ['emailProtection'], listens: false },
};
