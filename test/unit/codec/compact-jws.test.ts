import { createPrivateKey } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import { readCompact, signCompact } from '../../../gateway/codec/compact-jws.ts';
import type { JwsAlgorithm } from '../../../gateway/codec/jws.ts';
import { craft, ecKey, OIN, read, rsaKey } from '../../support/craft-certificate.ts';
import { createTestPki } from '../../support/pki.ts';

const pki = createTestPki();
const issued = pki.authority.issue({
  organisation: 'Gemeente',
  commonName: 'proef',
  oins: [OIN],
  usage: 'signing',
  keyKind: 'ec-p256',
});
const chain = parseCertificatesPem(issued.chainPem);
const privateKey = createPrivateKey(issued.privateKeyPem);
const claims = { berichtId: 'x', pogingen: 3, reden: null };
const good = signCompact({ typ: 'soort+jws', claims, privateKey, chain });
const [header, payload, signature] = good.split('.') as [string, string, string];

function readOf(text: string, typ = 'soort+jws', algorithms?: readonly JwsAlgorithm[]): unknown {
  const result = readCompact(text, typ, algorithms);
  return result.ok ? { ...result.value.claims } : result.error;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const members = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
const withHeader = (changes: Record<string, unknown>): string =>
  `${encode({ ...members, ...changes })}.${payload}.${signature}`;

describe('signCompact and readCompact', () => {
  it('give the claims back with the certificates that came along', () => {
    const result = readCompact(good, 'soort+jws');
    expect(result).toEqual({ ok: true, value: { claims, chain } });
  });

  it('sign with PS256 when the key is RSA, which only reads where it is allowed', () => {
    const key = rsaKey();
    const leaf = read(craft({ key, signing: 'rsa-sha256' }));
    const text = signCompact({ typ: 'soort+jws', claims, privateKey: key, chain: [leaf] });
    expect(readOf(text, 'soort+jws', ['ES256', 'PS256'])).toEqual(claims);
    expect(readOf(text, 'soort+jws', ['PS256'])).toEqual(claims);
    expect(readOf(text)).toBe('algorithm');
    expect(readOf(good, 'soort+jws', ['PS256'])).toBe('algorithm');
  });

  it('leave out claims that are undefined', () => {
    const text = signCompact({ typ: 'soort+jws', claims: { ...claims, eerder: undefined }, privateKey, chain });
    expect(readOf(text)).toEqual(claims);
  });

  it('throw on a key that is not that of the first certificate', () => {
    const request = { typ: 'soort+jws', claims, chain };
    expect(() => signCompact({ ...request, privateKey: ecKey() })).toThrow(RangeError);
    expect(() => signCompact({ ...request, privateKey, chain: [] })).toThrow(RangeError);
    expect(() => signCompact({ ...request, privateKey: rsaKey(1024) })).toThrow(RangeError);
  });
});

describe('readCompact', () => {
  it('refuses a receipt of another kind', () => {
    expect(readOf(good, 'andere+jws')).toBe('typ');
    expect(readOf(withHeader({ typ: 1 }))).toBe('typ');
    expect(readOf(withHeader({ typ: 'andere+jws' }))).toBe('typ');
  });

  it.each(['none', 'HS256', 'ES384', 'PS256', 1])('refuses the algorithm %p', (alg) => {
    expect(readOf(withHeader({ alg }))).toBe('algorithm');
  });

  it('refuses an algorithm that is not that of the key', () => {
    expect(readOf(withHeader({ alg: 'PS256' }), 'soort+jws', ['ES256', 'PS256'])).toBe('signature');
  });

  it('refuses other claims, another header and another signature under the same rest', () => {
    const other = signCompact({ typ: 'soort+jws', claims: { ...claims, pogingen: 4 }, privateKey, chain }).split('.');
    expect(readOf(`${header}.${other[1]!}.${signature}`)).toBe('signature');
    expect(readOf(`${header}.${payload}.${other[2]!}`)).toBe('signature');
    expect(readOf(withHeader({ x5c: (members['x5c'] as string[]).slice(0, 1) }))).toBe('signature');
    expect(readOf(withHeader({ x5c: [Buffer.from(craft({}).der).toString('base64')] }))).toBe('signature');
  });

  it.each([
    ['nothing', ''],
    ['one part', header],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${good}.${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['no claims', `${header}..${signature}`],
    ['claims that are a list', `${header}.${encode([])}.${signature}`],
    ['claims that are a text', `${header}.${encode('a')}.${signature}`],
    ['claims with padding', `${header}.${payload}=.${signature}`],
    ['claims with a name twice', `${header}.${Buffer.from('{"a":1,"a":1}').toString('base64url')}.${signature}`],
    ['a header that is a list', `${encode([])}.${payload}.${signature}`],
    ['a header with more in it', withHeader({ kid: '1' })],
    ['a header without typ', withHeader({ typ: undefined })],
    ['a header without alg', withHeader({ alg: undefined })],
    ['a header without x5c', withHeader({ x5c: undefined })],
    ['an empty x5c', withHeader({ x5c: [] })],
    ['an x5c that holds no certificate', withHeader({ x5c: ['YWJj'] })],
    ['a line break after it', `${good}\n`],
    ['more than 64 kB', `${header}.${'A'.repeat(65_536)}.${signature}`],
  ])('refuses %s as malformed', (_name, text) => {
    expect(readOf(text)).toBe('malformed');
  });
});
