import { describe, expect, it } from '@jest/globals';

import { endOf, findRevocation } from '../../../gateway/codec/revocation.ts';
import type { Revocation } from '../../../gateway/codec/revocation.ts';
import { craft, craftAuthority, NOW, read } from '../../support/craft-certificate.ts';

const root = craftAuthority('Wortel');
const intermediate = craftAuthority('Tussen', { issuer: root });
const leaf = craft({ issuer: intermediate });
const path = [leaf, intermediate, root].map(read);
const HOUR = 3_600_000;

interface Known {
  readonly root?: readonly string[];
  readonly intermediate?: readonly string[] | 'no list' | 'no policy';
  readonly nextUpdate?: number;
  readonly graceMs?: number;
  readonly isRequired?: boolean;
}

function judge(known: Known = {}, now = NOW): string | undefined {
  const { nextUpdate = NOW + HOUR, graceMs = 0, isRequired = true } = known;
  const policy = (serials: readonly string[] | 'no list') => ({
    graceMs,
    list:
      serials === 'no list'
        ? undefined
        : { thisUpdate: NOW - HOUR, nextUpdate, number: 1n, fingerprint: '', serials: new Set(serials) },
  });
  const rows: [string, ReturnType<typeof policy>][] = [[read(root).authority, policy(known.root ?? [])]];
  const { intermediate: other = [] } = known;
  if (other !== 'no policy') rows.push([read(intermediate).authority, policy(other)]);
  const revocation: Revocation = { isRequired, authorities: new Map(rows) };
  return findRevocation(path, revocation, now);
}

describe('findRevocation', () => {
  it('finds nothing wrong with a path that no list names', () => {
    expect(judge()).toBeUndefined();
    expect(judge({ intermediate: ['01'], root: [read(leaf).serial] })).toBeUndefined();
  });

  it('finds a revoked leaf, and a leaf below a revoked authority', () => {
    expect(judge({ intermediate: [read(leaf).serial] })).toBe('revoked');
    expect(judge({ root: [read(intermediate).serial] })).toBe('revoked');
  });

  it('asks nobody about a root', () => {
    expect(judge({ root: [read(root).serial] })).toBeUndefined();
  });

  it('goes by a list until nextUpdate and the grace after it, and by what it revokes for good', () => {
    expect(judge({}, NOW + HOUR)).toBeUndefined();
    expect(judge({}, NOW + HOUR + 1)).toBe('revocation-unknown');
    expect(judge({ graceMs: HOUR }, NOW + 2 * HOUR)).toBeUndefined();
    expect(judge({ graceMs: HOUR }, NOW + 2 * HOUR + 1)).toBe('revocation-unknown');
    expect(judge({ intermediate: [read(leaf).serial] }, NOW + 9 * HOUR)).toBe('revoked');
    expect(endOf({ nextUpdate: NOW }, HOUR)).toBe(NOW + HOUR);
  });

  it('knows nothing where the list is missing, and closes where a policy is required and missing', () => {
    expect(judge({ intermediate: 'no list' })).toBe('revocation-unknown');
    expect(judge({ intermediate: 'no list', isRequired: false })).toBe('revocation-unknown');
    expect(judge({ intermediate: 'no policy' })).toBe('revocation-unknown');
    expect(judge({ intermediate: 'no policy', isRequired: false })).toBeUndefined();
  });

  it('takes no list of one authority for another of the same name', () => {
    const lookalike = craftAuthority('Tussen', { issuer: root });
    expect(read(lookalike).subjectOctets).toBe(read(intermediate).subjectOctets);
    expect(read(lookalike).authority).not.toBe(read(intermediate).authority);
    const renewed = craftAuthority('Tussen', { issuer: root, key: intermediate.key });
    expect(read(renewed).authority).toBe(read(intermediate).authority);
  });
});
