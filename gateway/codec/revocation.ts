import type { Instant } from '../domain/message.ts';
import type { RevocationList } from './crl.ts';
import type { Certificate } from './parse-certificate.ts';

/** What is known of revocation at one time. Replaced as a whole, so that a judgement sees one state. */
export interface Revocation {
  /** Whether the certificates of an authority without a policy are refused. */
  readonly isRequired: boolean;
  /** By `Certificate.authority`. */
  readonly authorities: ReadonlyMap<string, AuthorityRevocation>;
}

/** The list of one authority, and how long it counts. */
export interface AuthorityRevocation {
  /** Undefined as long as none could be had. */
  readonly list: RevocationList | undefined;
  /** How long after its `nextUpdate` a list is still gone by. */
  readonly graceMs: number;
}

/**
 * What is wrong with a path from leaf to root: one of its certificates is revoked, or nobody knows whether it is (no list, or one too
 * old). A root is trusted because it is configured; no list speaks of it.
 */
export function findRevocation(
  path: readonly Certificate[],
  revocation: Revocation,
  now: Instant,
): 'revoked' | 'revocation-unknown' | undefined {
  const statuses: Status[] = [];
  let below: Certificate | undefined;
  for (const certificate of path) {
    const issuer = revocation.authorities.get(certificate.authority);
    if (below !== undefined) statuses.push(statusOf(below.serial, issuer, now));
    below = certificate;
  }
  if (statuses.includes('revoked')) return 'revoked';
  const isUnknown = statuses.includes('unknown') || (revocation.isRequired && statuses.includes('unlisted'));
  return isUnknown ? 'revocation-unknown' : undefined;
}

/** Until when a list is gone by. */
export function endOf(list: Pick<RevocationList, 'nextUpdate'>, graceMs: number): Instant {
  return list.nextUpdate + graceMs;
}

type Status = 'good' | 'revoked' | 'unknown' | 'unlisted';

function statusOf(serial: string, authority: AuthorityRevocation | undefined, now: Instant): Status {
  if (authority === undefined) return 'unlisted';
  const { list, graceMs } = authority;
  if (list === undefined) return 'unknown';
  // Also by a list that is too old: no later one takes a revocation back.
  if (list.serials.has(serial)) return 'revoked';
  return now > endOf(list, graceMs) ? 'unknown' : 'good';
}
