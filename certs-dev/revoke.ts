import { X509Certificate } from 'node:crypto';
import { parseCertificatesPem } from '../gateway/codec/certificate.ts';
import { listTimes, openList, readAuthority, writeList } from './store.ts';

/** Whether it stands on the list now, and did so before. */
export type RevokeOutcome = 'revoked' | 'already' | 'other-authority';

/** Puts a certificate of the set on the list of its authority; the list counts on, so a gateway takes the new one into force. */
export function revoke(folder: string, certificatePem: string, options: { readonly now: Date }): RevokeOutcome {
  const authority = readAuthority(folder, options);
  const [certificate] = parseCertificatesPem(certificatePem);
  const levels = [
    ['intermediate', authority.intermediatePem],
    ['root', authority.rootPem],
  ] as const;
  const level = levels.find(([, pem]) => certificate?.x509.verify(new X509Certificate(pem).publicKey) === true)?.[0];
  const list = level === undefined ? undefined : openList(folder, level, options.now);
  if (certificate === undefined || level === undefined || list === undefined) return 'other-authority';
  const { serials, number = 0n } = list;
  if (serials.has(certificate.serial)) return 'already';
  const entries = { number: Number(number) + 1, serials: [...serials, certificate.serial] };
  writeList(folder, level, authority.list(level, { ...listTimes(options.now), ...entries }));
  return 'revoked';
}
