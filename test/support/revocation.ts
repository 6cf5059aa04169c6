import { X509Certificate } from 'node:crypto';

import type { Authority, AuthorityLevel } from '../../certs-dev/authority.ts';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import { readCrl } from '../../gateway/codec/crl.ts';
import type { RevocationList } from '../../gateway/codec/crl.ts';
import type { Revocation } from '../../gateway/codec/revocation.ts';

/** What an authority of the tests says it has revoked; times count from now. */
export interface Lists {
  readonly now: number;
  /** Certificates, PEM. */
  readonly revoked?: Partial<Record<AuthorityLevel, readonly string[]>>;
  /** Authorities without a list. */
  readonly without?: readonly AuthorityLevel[];
  readonly validMs?: number;
  readonly graceMs?: number;
  readonly number?: number;
}

/** The serial number of a certificate as a list has it. */
export function serialOf(pem: string): string {
  return new X509Certificate(pem).serialNumber.toLowerCase();
}

/** The list of one of the authorities, PEM. */
export function listPem(authority: Authority, level: AuthorityLevel, lists: Lists): string {
  const { now, revoked = {}, validMs = 3_600_000, number = 1 } = lists;
  return authority.list(level, {
    number,
    thisUpdate: new Date(now),
    nextUpdate: new Date(now + validMs),
    serials: (revoked[level] ?? []).map(serialOf),
  });
}

/** What is known of revocation under these lists; whoever has none is refused. */
export function revocationOf(authority: Authority, lists: Lists): Revocation {
  const { without = [], graceMs = 0, now } = lists;
  const levels = [
    ['root', authority.rootPem],
    ['intermediate', authority.intermediatePem],
  ] as const;
  const rows = levels.map(([level, pem]) => {
    const [issuer] = parseCertificatesPem(pem);
    if (issuer === undefined) throw new Error('no certificate');
    const read = readCrl(Buffer.from(listPem(authority, level, lists)), { issuer, now, inForce: undefined });
    if (!read.ok) throw new Error(read.error);
    const list: RevocationList | undefined = without.includes(level) ? undefined : read.value;
    return [issuer.authority, { list, graceMs }] as const;
  });
  return { isRequired: true, authorities: new Map(rows) };
}
