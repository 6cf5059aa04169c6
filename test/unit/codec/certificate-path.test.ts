import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { sequence, time } from '../../../certs-dev/der.ts';
import { buildBasicConstraints, buildExtendedKeyUsage, buildKeyUsage } from '../../../certs-dev/extensions.ts';
import { verifyCertificate } from '../../../gateway/codec/certificate.ts';
import { findPath } from '../../../gateway/codec/certificate-path.ts';
import { craft, craftAuthority, ecKey, extension, NOW, read, rsaKey } from '../../support/craft-certificate.ts';
import type { Craft, Crafted } from '../../support/craft-certificate.ts';

const root = craftAuthority('Root');

function pathOf(
  leaf: Crafted,
  intermediates: readonly Crafted[] = [],
  roots: readonly Crafted[] = [root],
): number | undefined {
  return findPath(read(leaf), { roots: roots.map(read), intermediates: intermediates.map(read), now: NOW })?.length;
}

/** A chain of authorities below the root, the lowest last. */
function descend(count: number, parts: Craft & { readonly pathLength?: number } = {}): Crafted[] {
  const chain: Crafted[] = [];
  for (let level = 1; level <= count; level += 1) {
    chain.push(craftAuthority(`Tussen ${String(level)}`, { issuer: chain.at(-1) ?? root, ...parts }));
  }
  return chain;
}

describe('findPath', () => {
  it('answers the whole path, from leaf to root', () => {
    const [upper, lower] = descend(2) as [Crafted, Crafted];
    const leaf = craft({ issuer: lower });
    const path = findPath(read(leaf), { roots: [read(root)], intermediates: [upper, lower].map(read), now: NOW });
    expect(path).toEqual([leaf, lower, upper, root].map(read));
  });

  it('finds a leaf right under the root', () => {
    expect(pathOf(craft({ issuer: root }))).toBe(2);
  });

  it('goes three authorities down, whatever the order they are offered in, and no further', () => {
    const chain = descend(4);
    expect(pathOf(craft({ issuer: chain[2]! }), chain.toReversed())).toBe(5);
    expect(pathOf(craft({ issuer: chain[3]! }), chain)).toBeUndefined();
  });

  it('goes back when one issuer of the same name and key leads nowhere', () => {
    const key = ecKey();
    const stray = craftAuthority('Kruis', { issuer: craftAuthority('Elders'), key });
    const good = craftAuthority('Kruis', { issuer: root, key });
    expect(pathOf(craft({ issuer: good }), [stray, good])).toBe(3);
  });

  it('ends when authorities certify each other in a circle', () => {
    const [one, two] = [ecKey(), ecKey()];
    const first = craftAuthority('Een', { key: one });
    const second = craftAuthority('Twee', { key: two, issuer: first });
    const back = craftAuthority('Een', { key: one, issuer: second });
    expect(pathOf(craft({ issuer: second }), [second, back])).toBeUndefined();
  });

  it('finds nothing without roots, or when only the leaf itself is the root', () => {
    const leaf = craft({ issuer: root });
    expect(pathOf(leaf, [], [])).toBeUndefined();
    expect(pathOf(leaf, [root], [leaf])).toBeUndefined();
  });

  it('refuses an issuer of the right name with another key', () => {
    const impostor = craftAuthority('Root');
    const leaf = craft({ issuer: impostor });
    expect(pathOf(leaf)).toBeUndefined();
    expect(pathOf(leaf)).toBeUndefined();
  });

  it('refuses a certificate of which a bit was changed', () => {
    const leaf = craft({ issuer: root });
    const der = Buffer.from(leaf.der);
    der[der.length - 1]! ^= 1;
    expect(pathOf({ ...leaf, der })).toBeUndefined();
  });

  it('keeps to the path length of every authority', () => {
    const narrow = craftAuthority('Smal', { issuer: root, pathLength: 0 });
    const below = craftAuthority('Eronder', { issuer: narrow });
    expect(pathOf(craft({ issuer: narrow }), [narrow])).toBe(3);
    expect(pathOf(craft({ issuer: below }), [narrow, below])).toBeUndefined();
  });

  it.each([
    ['no basic constraints', [buildKeyUsage(['keyCertSign'])]],
    ['basic constraints that say it is no CA', [buildBasicConstraints(undefined), buildKeyUsage(['keyCertSign'])]],
    ['no key usage', [buildBasicConstraints(1)]],
    ['a key usage that forbids it', [buildBasicConstraints(1), buildKeyUsage(['digitalSignature'])]],
  ])('refuses an issuer with %s', (_name, extensions) => {
    const issuer = craftAuthority('Geen CA', { issuer: root, extensions });
    expect(pathOf(craft({ issuer }), [issuer])).toBeUndefined();
  });

  it.each([
    ['expired', [NOW - 9000, NOW - 1000]],
    ['not yet valid', [NOW + 1000, NOW + 9000]],
  ] as const)('refuses an issuer that is %s, also when it is a root', (_name, [from, until]) => {
    const validity = sequence(time(new Date(from)), time(new Date(until)));
    const issuer = craftAuthority('Tussen', { issuer: root, validity });
    expect(pathOf(craft({ issuer }), [issuer])).toBeUndefined();
    const oldRoot = craftAuthority('Oude Root', { validity });
    expect(pathOf(craft({ issuer: oldRoot }), [], [oldRoot])).toBeUndefined();
  });

  it('refuses a critical extension it does not know, on leaf and intermediate, and takes any that is not critical', () => {
    const nameConstraints = '2.5.29.30';
    const critical = extension(nameConstraints, sequence(), true);
    expect(pathOf(craft({ issuer: root, extensions: [critical] }))).toBeUndefined();
    expect(pathOf(craft({ issuer: root, extensions: [extension(nameConstraints, sequence())] }))).toBe(2);
    const extensions = [buildBasicConstraints(1), buildKeyUsage(['keyCertSign']), critical];
    const issuer = craftAuthority('Beperkt', { issuer: root, extensions });
    expect(pathOf(craft({ issuer }), [issuer])).toBeUndefined();
  });
});

describe('findPath on strength', () => {
  const rsaRoot = craftAuthority('RSA Root', { key: rsaKey(), signing: 'rsa-sha256' });
  const under = (parts: Craft): number | undefined =>
    pathOf(craft({ issuer: rsaRoot, signing: 'rsa-sha256', ...parts }), [], [rsaRoot]);

  it('takes RSA with SHA-256, as PKCS#1 v1.5 and as PSS', () => {
    expect(under({})).toBe(2);
    expect(under({ signing: 'pss-sha256' })).toBe(2);
  });

  it('refuses SHA-1, also where PSS leaves it unsaid', () => {
    expect(under({ signing: 'rsa-sha1' })).toBeUndefined();
    expect(under({ signing: 'pss-default' })).toBeUndefined();
  });

  it('takes leaf keys RSA of 2048 bits and EC P-384', () => {
    expect(under({ key: rsaKey() })).toBe(2);
    expect(under({ key: ecKey('secp384r1') })).toBe(2);
  });

  it('refuses leaf keys of RSA under 2048 bits, other curves and other kinds', () => {
    expect(under({ key: rsaKey(1024) })).toBeUndefined();
    expect(under({ key: ecKey('secp521r1') })).toBeUndefined();
    expect(under({ key: generateKeyPairSync('ed25519').privateKey })).toBeUndefined();
  });

  it('refuses an issuer with a weak key', () => {
    const weak = craftAuthority('Zwak', { key: rsaKey(1024), signing: 'rsa-sha256' });
    expect(pathOf(craft({ issuer: weak, signing: 'rsa-sha256' }), [], [weak])).toBeUndefined();
    expect(pathOf(craft({ issuer: root, key: rsaKey(1024) }))).toBeUndefined();
  });
});

describe('verifyCertificate with offered intermediates', () => {
  const [intermediate] = descend(1) as [Crafted];
  const leaf = craft({
    issuer: intermediate,
    extensions: [buildKeyUsage(['digitalSignature']), buildExtendedKeyUsage(['clientAuth'])],
  });
  const verify = (offered?: readonly Crafted[]): boolean =>
    verifyCertificate(read(leaf), {
      usage: 'tls-client',
      trust: { environment: 'acceptatie', roots: [read(root)], intermediates: [] },
      now: NOW,
      ...(offered === undefined ? {} : { offered: offered.map(read) }),
    }).ok;

  it('finds the path only with what was offered', () => {
    expect(verify()).toBe(false);
    expect(verify([leaf, intermediate])).toBe(true);
  });

  it('gives no trust to an offered root', () => {
    const foreignRoot = craftAuthority('Vreemd');
    const foreign = craft({ issuer: foreignRoot });
    expect(pathOf(foreign, [foreignRoot])).toBeUndefined();
  });

  it('looks at four of them', () => {
    expect(verify([leaf, leaf, leaf, intermediate])).toBe(true);
    expect(verify([leaf, leaf, leaf, leaf, intermediate])).toBe(false);
  });
});
