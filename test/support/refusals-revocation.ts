import type { Standing } from '../../gateway/services/parts.ts';
import { NOW } from './berichten.ts';
import type { Refusal } from './refusals.ts';
import { revocationOf } from './revocation.ts';
import type { Lists } from './revocation.ts';
import { opdracht, openElsewhere } from './workshop.ts';
import type { Workshop } from './workshop.ts';

/** What is revoked, or can't be known not to be. */
export function revocationRefusals({ pki, plain, sendAs }: Workshop): readonly Refusal[] {
  const { tls, signing } = pki.participant('rvdk');
  const elsewhere = openElsewhere('Elders Ontwikkeling', 'ontwikkeling');
  const incoming = (): ReturnType<typeof sendAs> => sendAs(opdracht());
  const under =
    (lists: Omit<Lists, 'now'>): (() => Standing) =>
    () => ({ ...plain, trust: { ...plain.trust, revocation: revocationOf(pki.authority, { now: NOW, ...lists }) } });
  const revoked = under({ revoked: { intermediate: [tls.certificatePem] } });
  return [
    { what: 'a revoked certificate', code: 'ERR_CERTIFICATE_REVOKED', incoming, standing: revoked },
    {
      what: 'a certificate of a revoked authority',
      code: 'ERR_CERTIFICATE_REVOKED',
      incoming,
      standing: under({ revoked: { root: [pki.authority.intermediatePem] }, without: ['intermediate'] }),
    },
    {
      what: 'a certificate of an authority without a list',
      code: 'ERR_CERTIFICATE_STATUS_UNKNOWN',
      incoming,
      standing: under({ without: ['intermediate'] }),
    },
    {
      what: 'a certificate of which the authority has no list above it',
      code: 'ERR_CERTIFICATE_STATUS_UNKNOWN',
      incoming,
      standing: under({ without: ['root'] }),
    },
    {
      what: 'a revoked signer',
      code: 'ERR_SIGNER_REVOKED',
      incoming,
      standing: under({ revoked: { intermediate: [signing.certificatePem] } }),
    },
    {
      what: 'a signer whose authority has no list any more',
      code: 'ERR_SIGNER_STATUS_UNKNOWN',
      incoming: () => sendAs(opdracht(), { signer: elsewhere.identity('rvdk').signing }),
      standing: () => {
        const standing = under({})();
        const roots = [...standing.trust.roots, ...elsewhere.standing.trust.roots];
        return { ...standing, trust: { ...standing.trust, roots } };
      },
    },
  ];
}
