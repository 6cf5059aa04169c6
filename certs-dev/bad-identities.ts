import type { Authority, CertificateRequest } from './authority.ts';
import type { Identity } from './identities.ts';
import { PARTICIPANTS } from './participants.ts';

/** The bad identities; each is gemeente Arnhem's with one thing wrong. */
export const BAD_NAMES = [
  'verlopen',
  'nog-niet-geldig',
  'andere-ca',
  'zonder-oin',
  'twee-oins',
  'twee-oins-in-een-rdn',
  'oin-19',
  'oin-21',
  'verkeerd-gebruik',
  'zelfde-naam-andere-sleutel',
] as const;

/** A name of a bad identity, also its folder. */
export type BadName = (typeof BAD_NAMES)[number];

/** Issues a bad identity; `other` is the authority nobody trusts. */
export function issueBad(
  name: BadName,
  from: { readonly authority: Authority; readonly other: Authority; readonly now: Date },
): Identity {
  const authority = name === 'andere-ca' ? from.other : from.authority;
  const subject = { organisation: VICTIM.organisation, oins: [VICTIM.oin], keyKind: 'ec-p256' } as const;
  const host = `${VICTIM.name}.localhost`;
  const names = { dnsNames: [host, 'localhost'], ipAddresses: ['127.0.0.1', '::1'] };
  const change = CHANGES[name](from.now);
  return {
    tls: authority.issue({ ...subject, ...names, commonName: host, usage: 'tls-client-server', ...change }),
    signing: authority.issue({ ...subject, commonName: `${VICTIM.name} signing`, usage: 'signing', ...change }),
  };
}

const daysFrom = (now: Date, days: number): Date => new Date(now.getTime() + days * 86_400_000);

const [VICTIM, SECOND] = PARTICIPANTS;

const CHANGES: Readonly<Record<BadName, (now: Date) => Partial<CertificateRequest>>> = {
  verlopen: (now) => ({ notBefore: daysFrom(now, -20), notAfter: daysFrom(now, -1) }),
  // After the good ones have ended, so that a set is never kept until this one turns good.
  'nog-niet-geldig': (now) => ({ notBefore: daysFrom(now, 3 * 365), notAfter: daysFrom(now, 4 * 365) }),
  // Right in itself, but of a root nobody trusts.
  'andere-ca': () => ({}),
  'zonder-oin': () => ({ oins: [] }),
  'twee-oins': () => ({ oins: [VICTIM.oin, SECOND.oin] }),
  'twee-oins-in-een-rdn': () => ({ oins: [VICTIM.oin, SECOND.oin], multiValuedRdn: true }),
  'oin-19': () => ({ oins: [VICTIM.oin.slice(0, -1)] }),
  'oin-21': () => ({ oins: [`${VICTIM.oin}0`] }),
  'verkeerd-gebruik': () => ({ usage: 'wrong' }),
  // Right in itself, but its key is not the one a pin names.
  'zelfde-naam-andere-sleutel': () => ({}),
};
