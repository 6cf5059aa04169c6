import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restoreAuthority } from './authority.ts';
import type { Authority, IssuedCertificate, KeptAuthority } from './authority.ts';

/** Writes root and intermediate with their keys to `ca/`, the root last: it marks a whole set. */
export function writeAuthority(folder: string, authority: KeptAuthority): void {
  const ca = makeFolder(folder, 'ca');
  replaceFile(join(ca, 'root.key'), authority.rootKeyPem, KEY_MODE);
  replaceFile(join(ca, 'intermediate.key'), authority.intermediateKeyPem, KEY_MODE);
  replaceFile(join(ca, 'intermediate.pem'), authority.intermediatePem, CERTIFICATE_MODE);
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
    return expected.every((one) => isAsExpected(folder, one, { intermediate, now }));
  } catch {
    return false;
  }
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

const FOLDER_MODE = 0o700;
const KEY_MODE = 0o600;
const CERTIFICATE_MODE = 0o644;
