import { Buffer } from 'node:buffer';

import { describe, expect, it } from '@jest/globals';

import { buildCrl } from '../../../certs-dev/crl.ts';
import {
  boolean,
  explicit,
  fromDer,
  integer,
  nothing,
  octetString,
  oid,
  sequence,
  toDer,
} from '../../../certs-dev/der.ts';
import type { Node } from '../../../certs-dev/der.ts';
import { buildBasicConstraints, buildKeyUsage } from '../../../certs-dev/extensions.ts';
import { MAX_CRL_BYTES, readCrl } from '../../../gateway/codec/crl.ts';
import type { CrlDemand, RevocationList } from '../../../gateway/codec/crl.ts';
import { readCrlFields } from '../../../gateway/codec/crl-fields.ts';
import { craft, craftAuthority, ecKey, extension, NOW, read, rsaKey } from '../../support/craft-certificate.ts';
import type { Crafted } from '../../support/craft-certificate.ts';
import { at, craftCrl, crlNumber, entry } from '../../support/craft-crl.ts';
import type { CrlCraft } from '../../support/craft-crl.ts';

const authority = craftAuthority('Doorgeefluik Tussen');

function readAs(octets: Uint8Array, ask: Partial<Omit<CrlDemand, 'issuer'>> & { readonly by?: Crafted } = {}) {
  return readCrl(octets, { now: NOW, inForce: undefined, ...ask, issuer: read(ask.by ?? authority) });
}

function listOf(octets: Uint8Array): RevocationList {
  const list = readAs(octets);
  if (!list.ok) throw new Error(list.error);
  return list.value;
}

function problemOf(octets: Uint8Array, ask: Parameters<typeof readAs>[1] = {}): string {
  const list = readAs(octets, ask);
  return list.ok ? 'none' : list.error;
}

const craftProblem = (parts: CrlCraft): string => problemOf(craftCrl(authority, parts));

const HOUR = 3_600_000;

describe('readCrl', () => {
  it('reads times, number and serial numbers, from DER and from PEM', () => {
    const serials = ['01', '00ff', '7fab'];
    const pem = buildCrl(
      { number: 0x8001, thisUpdate: new Date(NOW - HOUR), nextUpdate: new Date(NOW + HOUR), serials },
      authority,
    );
    const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\n/g, ''), 'base64');
    const list = listOf(Buffer.from(pem));
    expect(list).toMatchObject({ thisUpdate: NOW - HOUR, nextUpdate: NOW + HOUR, number: 0x8001n });
    expect([...list.serials]).toEqual(serials);
    expect(listOf(der)).toEqual(list);
    expect(listOf(Buffer.from(pem.replaceAll('\n', '\r\n')))).toEqual(list);
  });

  it('knows the serial number of a certificate as the certificate has it', () => {
    const leaf = read(craft({ issuer: authority }));
    expect(listOf(craftCrl(authority, { entries: [entry(leaf.serial)] })).serials.has(leaf.serial)).toBe(true);
  });

  it('reads a list without entries, without a number, without extensions', () => {
    expect(listOf(craftCrl(authority)).serials.size).toBe(0);
    expect(listOf(craftCrl(authority, { extensions: [] })).number).toBeUndefined();
    expect(listOf(craftCrl(authority, { extensions: [], entries: [entry('05')] })).serials.size).toBe(1);
  });

  it('takes reasons and dates of entries, and an issuing distribution point that limits nothing', () => {
    const reason = extension('2.5.29.21', octetString(Buffer.of(1)), true);
    const list = craftCrl(authority, {
      entries: [entry('05', reason), entry('06', extension('2.5.29.21', octetString(Buffer.of(1))))],
      extensions: [extension('2.5.29.28', sequence(), true)],
    });
    expect([...listOf(list).serials]).toEqual(['05', '06']);
  });

  it('reads a list past its time, because what it revokes stays revoked', () => {
    expect(problemOf(craftCrl(authority), { now: NOW + 2 * HOUR })).toBe('none');
  });

  it.each(['rsa-sha256', 'pss'] as const)('verifies a signature of %s', (signing) => {
    const rsa = craftAuthority('RSA', { key: rsaKey(), signing: 'rsa-sha256' });
    const [algorithm, options] = RSA_SIGNINGS[signing];
    expect(problemOf(craftCrl(rsa, { algorithm, options }), { by: rsa })).toBe('none');
  });
});

describe('readCrl on what no good authority publishes', () => {
  const limited = (...members: readonly Node[]): CrlCraft => ({
    extensions: [extension('2.5.29.28', sequence(...members), true)],
  });
  // In the context-specific tags of section 5.2.5: 0 the place, 1 to 5 the limits.
  const flag = (tag: number): Node => fromDer(Buffer.of(0x80 + tag, 1, 0xff));

  it.each<readonly [string, string, CrlCraft]>([
    ['version', 'of version 1', { version: [], extensions: [] }],
    ['indirect', 'of several issuers', limited(flag(4))],
    [
      'indirect',
      'with an entry of another issuer',
      { entries: [entry('05', extension('2.5.29.29', sequence(), true))] },
    ],
    [
      'delta',
      'of changes only',
      { extensions: [crlNumber(2), extension('2.5.29.27', integer(Uint8Array.of(1)), true)] },
    ],
    ['scope', 'of user certificates only', limited(flag(1))],
    ['scope', 'of CA certificates only', limited(flag(2))],
    ['scope', 'of some reasons only', limited(flag(3))],
    ['scope', 'of attribute certificates only', limited(flag(5))],
    ['scope', 'of one place', limited(fromDer(Buffer.of(0xa0, 0)))],
    ['critical-extension', 'with an unknown critical extension', { extensions: [extension('1.2.3', nothing(), true)] }],
    [
      'critical-extension',
      'with an entry with an unknown critical extension',
      { entries: [entry('04', extension('1.2.3', nothing(), true)), entry('05', extension('1.2.3', nothing()))] },
    ],
    ['algorithm', 'signed with SHA-1', { algorithm: sequence(oid('1.2.840.10045.4.1')), digest: 'sha1' }],
    ['signature', 'signed by another key', { key: ecKey() }],
    ['signature', 'signed by RSA, it says', { algorithm: sequence(oid('1.2.840.113549.1.1.11'), nothing()) }],
    ['not-yet-valid', 'of tomorrow', { times: [at(24 * HOUR), at(25 * HOUR)] }],
    ['malformed', 'without nextUpdate', { times: [at(-HOUR)], extensions: [] }],
    ['malformed', 'that ends as it begins', { times: [at(0), at(0)] }],
    ['malformed', 'of version 3', { version: [integer(Uint8Array.of(2))] }],
    ['malformed', 'of which the algorithm is named twice', { outerAlgorithm: sequence(oid('1.2.840.10045.4.3.3')) }],
    ['malformed', 'with something after the signature', { after: [nothing()] }],
    ['malformed', 'with a signature of half an octet', { unusedBits: 4 }],
    ['malformed', 'with an extension twice', { extensions: [crlNumber(1), crlNumber(2)] }],
    ['malformed', 'with a negative number', { extensions: [crlNumber(0x80)] }],
    ['malformed', 'with a number of 21 octets', { extensions: [crlNumber(...new Array<number>(21).fill(1))] }],
    ['malformed', 'with a number of none', { extensions: [extension('2.5.29.20', fromDer(Buffer.of(2, 0)))] }],
    ['malformed', 'with an entry without time', { entries: [sequence(integer(Uint8Array.of(5)))] }],
    ['malformed', 'with an entry whose time is none', { entries: [sequence(integer(Uint8Array.of(5)), nothing())] }],
    [
      'malformed',
      'with something after an entry',
      { entries: [sequence(integer(Uint8Array.of(5)), at(0), sequence(), sequence())] },
    ],
    ['malformed', 'with entries after the extensions', { tail: [explicit(0, sequence()), sequence()] }],
    ['malformed', 'with something after the extensions', { tail: [sequence(), explicit(0, sequence()), nothing()] }],
    ['malformed', 'with empty extensions', { tail: [fromDer(Buffer.of(0xa0, 0))] }],
    ['malformed', 'with a boolean for extensions', { tail: [boolean(true)] }],
  ])('answers %s to one %s', (problem, _what, parts) => {
    expect(craftProblem(parts)).toBe(problem);
  });

  it('answers issuer to one of another name', () => {
    expect(problemOf(craftCrl(craftAuthority('Andere')))).toBe('issuer');
  });

  it('answers signature to one of the same name with another key', () => {
    expect(problemOf(craftCrl(craftAuthority('Doorgeefluik Tussen')))).toBe('signature');
  });

  it('answers usage where the issuer may not sign lists', () => {
    const noCrls = craftAuthority('Geen', { extensions: [buildBasicConstraints(0), buildKeyUsage(['keyCertSign'])] });
    const leaf = craft({ extensions: [buildBasicConstraints(undefined), buildKeyUsage(['cRLSign'])] });
    expect(problemOf(craftCrl(noCrls), { by: noCrls })).toBe('usage');
    expect(problemOf(craftCrl(leaf), { by: leaf })).toBe('usage');
  });

  it('answers algorithm where the key of the issuer is weak', () => {
    const weak = craftAuthority('Zwak', { key: ecKey('secp224r1') });
    expect(problemOf(craftCrl(weak), { by: weak })).toBe('algorithm');
  });

  it('answers rollback to one older than the one in force, by time or by number', () => {
    const inForce = listOf(craftCrl(authority, { extensions: [crlNumber(7)] }));
    const after = (parts: CrlCraft): string => problemOf(craftCrl(authority, parts), { inForce });
    expect(after({ extensions: [crlNumber(8)], times: [at(-HOUR - 1000), at(HOUR)] })).toBe('rollback');
    expect(after({ extensions: [crlNumber(6)] })).toBe('rollback');
    expect(after({ extensions: [] })).toBe('rollback');
    expect(after({ extensions: [crlNumber(7)] })).toBe('none');
    expect(after({ extensions: [crlNumber(1, 0)] })).toBe('none');
    const unnumbered = listOf(craftCrl(authority, { extensions: [] }));
    expect(problemOf(craftCrl(authority, { extensions: [] }), { inForce: unnumbered })).toBe('none');
  });

  it('answers malformed to one cut short anywhere, to one of which one octet is another, and to what is none', () => {
    const good = craftCrl(authority, { entries: [entry('05')] });
    for (let length = 1; length < good.length; length += 1)
      expect(problemOf(good.subarray(0, length))).toBe('malformed');
    for (let index = 0; index < good.length; index += 1) {
      const flipped = Buffer.from(good);
      flipped.writeUInt8(flipped.readUInt8(index) ^ 1, index);
      expect(problemOf(flipped)).not.toBe('none');
    }
    const two = Buffer.concat([good, good]);
    const none = [two, toDer(nothing()), toDer(sequence()), Buffer.alloc(0), Buffer.from('0'), Buffer.from('{}')];
    for (const octets of none) expect(problemOf(octets)).toBe('malformed');
    const pem = (body: string): Buffer => Buffer.from(`-----BEGIN X509 CRL-----\n${body}\n-----END X509 CRL-----\n`);
    for (const body of [
      '',
      '-----',
      '*',
      `${good.toString('base64').slice(0, -4)}-_-_`,
      `${good.toString('base64')}\n-----END X509 CRL-----`,
    ])
      expect(problemOf(pem(body))).toBe('malformed');
  });

  it('answers too-large without reading what is over the bound', () => {
    expect(problemOf(Buffer.alloc(MAX_CRL_BYTES + 1, 0x30))).toBe('too-large');
  });

  it('lets a fault of its own through', () => {
    expect(() => readCrlFields(null as unknown as Uint8Array)).toThrow(TypeError);
  });
});

const PSS_SHA256 = sequence(
  oid('1.2.840.113549.1.1.10'),
  sequence(explicit(0, sequence(oid('2.16.840.1.101.3.4.2.1'), nothing()))),
);
const RSA_SIGNINGS = {
  'rsa-sha256': [sequence(oid('1.2.840.113549.1.1.11'), nothing()), {}],
  pss: [PSS_SHA256, { padding: 6, saltLength: 32 }],
} as const;
