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
  const change = changeOf(name, from.now);
  return {
    tls: authority.issue({ ...subject, ...names, commonName: host, usage: 'tls-client-server', ...change }),
    signing: authority.issue({ ...subject, commonName: `${VICTIM.name} signing`, usage: 'signing', ...change }),
  };
}

function changeOf(name: BadName, now: Date): Partial<CertificateRequest> {
  switch (name) {
    case 'verlopen':
      return { notBefore: daysFrom(now, -20), notAfter: daysFrom(now, -1) };
    case 'nog-niet-geldig':
      // After the good ones have ended, so that a set is never kept until this one turns good.
      return { notBefore: daysFrom(now, 3 * 365), notAfter: daysFrom(now, 4 * 365) };
    case 'zonder-oin':
      return { oins: [] };
    case 'twee-oins':
      return { oins: [VICTIM.oin, SECOND.oin] };
    case 'twee-oins-in-een-rdn':
      return { oins: [VICTIM.oin, SECOND.oin], multiValuedRdn: true };
    case 'oin-19':
      return { oins: [VICTIM.oin.slice(0, -1)] };
    case 'oin-21':
      return { oins: [`${VICTIM.oin}0`] };
    case 'verkeerd-gebruik':
      return { usage: 'wrong' };
    // Right in itself: wrong by its root, or because the key is not the one pinned.
    case 'andere-ca':
    case 'zelfde-naam-andere-sleutel':
      return {};
  }
}

const daysFrom = (now: Date, days: number): Date => new Date(now.getTime() + days * 86_400_000);

const [VICTIM, SECOND] = PARTICIPANTS;
