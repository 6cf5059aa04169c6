import { createHash, verify, X509Certificate } from 'node:crypto';
import type { Checkpoint } from './audit-record.ts';

/** Whom a checkpoint must come from; nothing given means that the certificate inside it is believed. */
export interface Trust {
  readonly roots: readonly X509Certificate[] | undefined;
  readonly oin: string | undefined;
}

/** Undefined when the checkpoint stands; else what is wrong with it, in Dutch. */
export function findCheckpointProblem(checkpoint: Checkpoint, trust: Trust): string | undefined {
  if (checkpoint.covers !== checkpoint.seq - 1 || checkpoint.head !== checkpoint.prev) {
    return 'het controlepunt gaat over iets anders dan de regels ervoor';
  }
  const certificates = parseCertificates(checkpoint.certificates);
  const [signer] = certificates;
  if (signer === undefined || thumbprintOf(signer) !== checkpoint.thumbprint) {
    return 'het certificaat van het controlepunt is niet het genoemde';
  }
  if (!isSignedBy(checkpoint, signer)) return 'de handtekening van het controlepunt klopt niet';
  if (trust.oin !== undefined && oinOf(signer) !== trust.oin) return 'het controlepunt is van een ander ondertekend';
  const at = Date.parse(checkpoint.at);
  if (trust.roots !== undefined && !isTrusted(certificates, trust.roots, at)) {
    return 'het certificaat van het controlepunt leidt niet naar een vertrouwd stamcertificaat';
  }
  return undefined;
}

/** The certificates in a PEM text. */
export function parsePem(pem: string): readonly X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (text) => new X509Certificate(text),
  );
}

/** The OIN (subject serialNumber) of the checkpoint's signer; empty when it has none. */
export function signerOf(checkpoint: Checkpoint): string {
  const [signer] = parseCertificates(checkpoint.certificates);
  return signer === undefined ? '' : oinOf(signer);
}

function isSignedBy(checkpoint: Checkpoint, signer: X509Certificate): boolean {
  const { environment, covers, head, at } = checkpoint;
  const text = `doorgeefluik-audit-checkpoint:1\n${environment}\n${String(covers)}\n${head}\n${at}\n`;
  const signature = Buffer.from(checkpoint.signature, 'base64');
  // Base64 with loose last bits would be a second way to write the same signature.
  if (signature.toString('base64') !== checkpoint.signature) return false;
  return verify('sha256', Buffer.from(text), { key: signer.publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

function isTrusted(chain: readonly X509Certificate[], roots: readonly X509Certificate[], at: number): boolean {
  const [leaf, ...others] = chain;
  if (leaf === undefined || leaf.ca || !isValidAt(leaf, at)) return false;
  const isIssued = (subject: X509Certificate, depth: number): boolean =>
    roots.some((root) => isIssuer(root, subject, at)) ||
    (depth < others.length && others.some((other) => isIssuer(other, subject, at) && isIssued(other, depth + 1)));
  return isIssued(leaf, 0);
}

function isIssuer(issuer: X509Certificate, subject: X509Certificate, at: number): boolean {
  return issuer.ca && isValidAt(issuer, at) && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function isValidAt(certificate: X509Certificate, at: number): boolean {
  return Date.parse(certificate.validFrom) <= at && at <= Date.parse(certificate.validTo);
}

function thumbprintOf(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('base64url');
}

function oinOf(certificate: X509Certificate): string {
  return /^serialNumber=(.+)$/m.exec(certificate.subject)?.[1] ?? '';
}

function parseCertificates(der: readonly string[]): readonly X509Certificate[] {
  try {
    return der.map((base64) => new X509Certificate(Buffer.from(base64, 'base64')));
  } catch {
    return [];
  }
}
