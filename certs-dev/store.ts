import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCertificatesPem } from '../gateway/codec/certificate.ts';
import { readCrl } from '../gateway/codec/crl.ts';
import type { RevocationList } from '../gateway/codec/crl.ts';
import { restoreAuthority } from './authority.ts';
import type { Authority, AuthorityLevel, IssuedCertificate, KeptAuthority } from './authority.ts';
import type { CrlTemplate } from './crl.ts';

/** Writes root and intermediate with their keys and empty revocation lists to `ca/`, the root last: it marks a whole set. */
export function writeAuthority(folder: string, authority: KeptAuthority, now: Date): void {
  const ca = makeFolder(folder, 'ca');
  replaceFile(join(ca, 'root.key'), authority.rootKeyPem, KEY_MODE);
  replaceFile(join(ca, 'intermediate.key'), authority.intermediateKeyPem, KEY_MODE);
  replaceFile(join(ca, 'intermediate.pem'), authority.intermediatePem, CERTIFICATE_MODE);
  for (const level of LEVELS)
    writeList(folder, level, authority.list(level, { ...listTimes(now), number: 1, serials: [] }));
  replaceFile(join(ca, 'root.pem'), authority.rootPem, CERTIFICATE_MODE);
}

/** Takes up the authority of a written set, to issue more; throws if the set has none. */
export const readAuthority = (folder: string, options: { readonly now: Date }): Authority =>
  restoreAuthority(
    {
      rootPem: readFileSync(join(folder, 'ca', 'root.pem'), 'utf8'),
      intermediatePem: readFileSync(join(folder, 'ca', 'intermediate.pem'), 'utf8'),
      rootKeyPem: readFileSync(join(folder, 'ca', 'root.key'), 'utf8'),
      intermediateKeyPem: readFileSync(join(folder, 'ca', 'intermediate.key'), 'utf8'),
    },
    options,
  );

/** Puts a revocation list in place of the one that is there. */
export function writeList(folder: string, level: AuthorityLevel, pem: string): void {
  replaceFile(join(folder, 'ca', `${level}.crl.pem`), pem, CERTIFICATE_MODE);
}

/** When a development list begins and ends: as long as the certificates of its set, so that nobody has to publish it anew. */
export const listTimes = (now: Date): Pick<CrlTemplate, 'thisUpdate' | 'nextUpdate'> => ({
  thisUpdate: now,
  nextUpdate: new Date(now.getTime() + LIST_LIFE_MS),
});

/** Writes each certificate of a party as `<use>.pem` (with the intermediate) and `<use>.key` in its folder. */
export function writeIdentity(
  folder: string,
  name: string,
  certificates: Readonly<Record<string, IssuedCertificate>>,
): void {
  const own = makeFolder(folder, name);
  for (const [use, issued] of Object.entries(certificates)) {
    replaceFile(join(own, `${use}.key`), issued.privateKeyPem, KEY_MODE);
    replaceFile(join(own, `${use}.pem`), issued.chainPem, CERTIFICATE_MODE);
  }
}

/** Where a written certificate should stand and whose it should be. */
export interface Expected {
  readonly name: string;
  readonly use: string;
  readonly oin: string;
}

/** Whether the set in the folder is whole, of one authority, and valid at `now`; unreadable counts as not. */
export function isCurrentSet(folder: string, expected: readonly Expected[], now: Date): boolean {
  try {
    const root = readCertificate(join(folder, 'ca', 'root.pem'));
    const intermediate = readCertificate(join(folder, 'ca', 'intermediate.pem'));
    if (!isIssued(root, root, now) || !isIssued(intermediate, root, now)) return false;
    if (!LEVELS.every((level) => isCurrentList(folder, level, now))) return false;
    return expected.every((one) => isAsExpected(folder, one, { intermediate, now }));
  } catch {
    return false;
  }
}

function isCurrentList(folder: string, level: AuthorityLevel, now: Date): boolean {
  const list = openList(folder, level, now);
  return list !== undefined && now.getTime() < list.nextUpdate;
}

/** The list that is there, if it is one of its authority. */
export function openList(folder: string, level: AuthorityLevel, now: Date): RevocationList | undefined {
  const [issuer] = parseCertificatesPem(readFileSync(join(folder, 'ca', `${level}.pem`), 'utf8'));
  if (issuer === undefined) return undefined;
  const octets = readFileSync(join(folder, 'ca', `${level}.crl.pem`));
  const read = readCrl(octets, { issuer, now: now.getTime(), inForce: undefined });
  return read.ok ? read.value : undefined;
}

function isAsExpected(
  folder: string,
  expected: Expected,
  by: { readonly intermediate: X509Certificate; readonly now: Date },
): boolean {
  const path = join(folder, expected.name, expected.use);
  const certificate = readCertificate(`${path}.pem`);
  return (
    isIssued(certificate, by.intermediate, by.now) &&
    certificate.subject.split('\n').includes(`serialNumber=${expected.oin}`) &&
    certificate.checkPrivateKey(createPrivateKey(readFileSync(`${path}.key`)))
  );
}

const isIssued = (certificate: X509Certificate, issuer: X509Certificate, now: Date): boolean =>
  certificate.verify(issuer.publicKey) &&
  Date.parse(certificate.validFrom) <= now.getTime() &&
  now.getTime() < Date.parse(certificate.validTo);

const readCertificate = (path: string): X509Certificate => new X509Certificate(readFileSync(path));

function makeFolder(folder: string, name: string): string {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true, mode: FOLDER_MODE });
  // An older folder keeps its mode otherwise.
  chmodSync(own, FOLDER_MODE);
  return own;
}

function replaceFile(path: string, text: string, mode: number): void {
  // A new file under its own name: a reader never meets half a key, and an older, wider mode is not inherited.
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { mode, flag: 'wx' });
  renameSync(fresh, path);
}

const LEVELS = ['root', 'intermediate'] as const;
const LIST_LIFE_MS = 2 * 365 * 86_400_000;
const FOLDER_MODE = 0o700;
const KEY_MODE = 0o600;
const CERTIFICATE_MODE = 0o644;
