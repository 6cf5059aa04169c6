import { createHash, createPrivateKey, sign } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import type { Certificate } from '../../../gateway/codec/certificate.ts';
import {
  createDetachedSigner,
  digestHeaderOf,
  parseDetachedSignature,
  readDigestHeader,
  signDetached,
  verifyDetachedSignature,
} from '../../../gateway/codec/detached-signature.ts';
import type { DetachedSignature } from '../../../gateway/codec/detached-signature.ts';
import { craft, ecKey, NOW, OIN, read, rsaKey } from '../../support/craft-certificate.ts';
import { createTestPki } from '../../support/pki.ts';

const pki = createTestPki();
const subject = { organisation: 'Gemeente', commonName: 'proef', oins: [OIN], usage: 'signing' } as const;
const identities = {
  ES256: pki.authority.issue({ ...subject, keyKind: 'ec-p256' }),
  PS256: pki.authority.issue({ ...subject, keyKind: 'rsa-2048' }),
};
const body = Buffer.from('{"stuurgegevens":{}}');
const digestHeader = digestHeaderOf(body);
const digest = digestHeader.slice('SHA-256='.length);

const leafOf = (algorithm: keyof typeof identities): Certificate =>
  parseCertificatesPem(identities[algorithm].chainPem)[0]!;
const signatureOf = (algorithm: keyof typeof identities, includeChain = true): string =>
  signDetached({ ...identities[algorithm], digest, signedAt: NOW, includeChain });

function parse(value: string): DetachedSignature {
  const result = parseDetachedSignature(value);
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

const codeOf = (value: string): string => {
  const result = parseDetachedSignature(value);
  return result.ok ? 'taken' : result.error.code;
};

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const [goodHeader, goodSignature] = signatureOf('ES256').split('..') as [string, string];
const members = JSON.parse(Buffer.from(goodHeader, 'base64url').toString()) as Record<string, unknown>;

/** A header with members replaced, or left out where undefined. */
const withHeader = (changes: Record<string, unknown>): string =>
  `${encode(JSON.stringify({ ...members, ...changes }))}..${goodSignature}`;

describe.each(['ES256', 'PS256'] as const)('a detached signature with %s', (algorithm) => {
  it('is read and verified with the certificate it names', () => {
    const signature = parse(signatureOf(algorithm));
    expect(signature).toMatchObject({ algorithm, signedAt: NOW, thumbprint: leafOf(algorithm).thumbprint });
    expect(signature.offered).toEqual(parseCertificatesPem(identities[algorithm].chainPem));
    expect(verifyDetachedSignature(signature, digestHeader, signature.offered[0]!)).toBe(true);
  });

  it('may leave its certificates out', () => {
    const signature = parse(signatureOf(algorithm, false));
    expect(signature.offered).toEqual([]);
    expect(verifyDetachedSignature(signature, digestHeader, leafOf(algorithm))).toBe(true);
  });

  it('does not hold for another digest, another signing time or another certificate', () => {
    const signature = parse(signatureOf(algorithm));
    const leaf = leafOf(algorithm);
    expect(verifyDetachedSignature(signature, digestHeaderOf(Buffer.from('anders')), leaf)).toBe(false);
    const later = parse(signDetached({ ...identities[algorithm], digest, signedAt: NOW + 1 }));
    expect(verifyDetachedSignature({ ...signature, header: later.header }, digestHeader, leaf)).toBe(false);
    const other = leafOf(algorithm === 'ES256' ? 'PS256' : 'ES256');
    expect(verifyDetachedSignature(signature, digestHeader, other)).toBe(false);
  });

  it('does not hold for a certificate with the same key that the header does not name', () => {
    const renewed = pki.authority.issue({
      ...subject,
      keyKind: 'ec-p256',
      privateKeyPem: identities[algorithm].privateKeyPem,
    });
    const [leaf] = parseCertificatesPem(renewed.certificatePem);
    expect(verifyDetachedSignature(parse(signatureOf(algorithm)), digestHeader, leaf!)).toBe(false);
  });

  it('does not hold with any one bit of the signature changed', () => {
    const signature = parse(signatureOf(algorithm));
    for (let bit = 0; bit < signature.signature.length * 8; bit += 37) {
      const changed = Uint8Array.from(signature.signature);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyDetachedSignature({ ...signature, signature: changed }, digestHeader, leafOf(algorithm))).toBe(
        false,
      );
    }
  });
});

describe('verifyDetachedSignature on algorithms', () => {
  const signed = (algorithm: keyof typeof identities, options: object, hash = 'sha256'): boolean => {
    const signature = parse(signatureOf(algorithm));
    const key = createPrivateKey(identities[algorithm].privateKeyPem);
    const input = Buffer.from(`${signature.header}.digest: ${digestHeader}`);
    const other = sign(hash, input, { key, ...options });
    return verifyDetachedSignature({ ...signature, signature: other }, digestHeader, leafOf(algorithm));
  };

  it('takes PSS with a salt of 32 octets only, and no other padding or digest', () => {
    expect(signed('PS256', { padding: 6, saltLength: 32 })).toBe(true);
    expect(signed('PS256', { padding: 6, saltLength: 20 })).toBe(false);
    expect(signed('PS256', { padding: 6, saltLength: 64 })).toBe(false);
    expect(signed('PS256', { padding: 1 })).toBe(false);
    expect(signed('PS256', { padding: 6, saltLength: 32 }, 'sha512')).toBe(false);
  });

  it('takes r and s side by side only, not the DER form', () => {
    expect(signed('ES256', { dsaEncoding: 'ieee-p1363' })).toBe(true);
    expect(signed('ES256', { dsaEncoding: 'der' })).toBe(false);
  });

  it.each([
    ['an RSA key under 2048 bits', 'PS256', rsaKey(1024), { padding: 6, saltLength: 32 }, 'rsa-sha256'],
    ['a key on another curve', 'ES256', ecKey('secp384r1'), { dsaEncoding: 'ieee-p1363' }, 'ecdsa-sha256'],
  ] as const)('refuses %s', (...[, algorithm, key, options, signing]) => {
    const leaf = read(craft({ key, signing }));
    const header = encode(JSON.stringify({ ...members, alg: algorithm, 'x5t#S256': leaf.thumbprint, x5c: undefined }));
    const value = sign('sha256', Buffer.from(`${header}.digest: ${digestHeader}`), { key, ...options });
    const signature = parse(`${header}..${value.toString('base64url')}`);
    expect(verifyDetachedSignature(signature, digestHeader, leaf)).toBe(false);
  });
});

describe('parseDetachedSignature', () => {
  it('takes the members and the critical names in any order', () => {
    const reversed = Object.fromEntries(Object.entries(members).toReversed());
    expect(codeOf(`${encode(JSON.stringify(reversed))}..${goodSignature}`)).toBe('taken');
    expect(codeOf(withHeader({ crit: ['sigD', 'b64', 'sigT'] }))).toBe('taken');
    expect(codeOf(withHeader({ x5c: undefined }))).toBe('taken');
    expect(codeOf(withHeader({ sigT: '2026-11-22T10:15:30Z' }))).toBe('taken');
  });

  it.each(['none', 'HS256', 'RS256', 'ES384', 'PS512', 'EdDSA', '', 'ps256'])(
    'refuses the algorithm %p as ERR_SIGNATURE_ALGORITHM',
    (alg) => {
      expect(codeOf(withHeader({ alg }))).toBe('ERR_SIGNATURE_ALGORITHM');
    },
  );

  it.each<[string, Record<string, unknown>]>([
    ['no alg', { alg: undefined }],
    ['an alg that is no text', { alg: 256 }],
    ['no b64', { b64: undefined }],
    ['b64 true', { b64: true }],
    ['b64 as text', { b64: 'false' }],
    ['no crit', { crit: undefined }],
    ['crit that is no list', { crit: 'b64' }],
    ['crit without sigD', { crit: ['b64', 'sigT'] }],
    ['crit with one more', { crit: ['b64', 'sigT', 'sigD', 'alg'] }],
    ['crit with one twice', { crit: ['b64', 'sigT', 'sigT'] }],
    ['no sigT', { sigT: undefined }],
    ['sigT that is no text', { sigT: 1 }],
    ['sigT with an offset', { sigT: '2026-11-22T10:15:30+01:00' }],
    ['sigT on a day that does not exist', { sigT: '2026-02-30T10:15:30Z' }],
    ['no sigD', { sigD: undefined }],
    ['sigD that is no object', { sigD: ['digest'] }],
    ['sigD that is null', { sigD: null }],
    ['another mId', { sigD: { mId: 'http://uri.etsi.org/19182/ObjectIdByURI', pars: ['digest'] } }],
    ['no mId', { sigD: { pars: ['digest'] } }],
    ['more in sigD', { sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'], ctys: [] } }],
    ['another header signed', { sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['host'] } }],
    ['one more header signed', { sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest', 'host'] } }],
    ['no header signed', { sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: [] } }],
    ['no thumbprint', { 'x5t#S256': undefined }],
    ['a thumbprint that is no text', { 'x5t#S256': 1 }],
    ['a thumbprint of another length', { 'x5t#S256': 'YWJj' }],
    ['a thumbprint with padding', { 'x5t#S256': `${String(members['x5t#S256'])}=` }],
    ['the thumbprint of another certificate', { 'x5t#S256': leafOf('PS256').thumbprint }],
    ['an empty x5c', { x5c: [] }],
    ['x5c that is no list', { x5c: (members['x5c'] as string[])[0] }],
    ['x5c with something else than text', { x5c: [1] }],
    ['x5c with text that is no certificate', { x5c: ['YWJj'] }],
    ['x5c in base64url', { x5c: [encode('\xff\xff\xff')] }],
    ['x5c with a bad certificate behind the leaf', { x5c: [(members['x5c'] as string[])[0], 'YWJj'] }],
    ['x5c with five certificates', { x5c: Array.from({ length: 5 }, () => (members['x5c'] as string[])[0]) }],
    ['a jwk', { jwk: {} }],
    ['a kid', { kid: '1' }],
    ['a typ', { typ: 'JOSE' }],
  ])('refuses %s as ERR_SIGNATURE_MALFORMED', (_name, changes) => {
    expect(codeOf(withHeader(changes))).toBe('ERR_SIGNATURE_MALFORMED');
  });

  const text = JSON.stringify(members);
  it.each([
    ['nothing', ''],
    ['a header alone', goodHeader],
    ['no empty part', `${goodHeader}.${goodSignature}`],
    ['a payload', `${goodHeader}.YQ.${goodSignature}`],
    ['a fourth part', `${goodHeader}..${goodSignature}.`],
    ['no header', `..${goodSignature}`],
    ['no signature', `${goodHeader}..`],
    ['a signature with padding', `${goodHeader}..${goodSignature}==`],
    ['a signature with stray bits', `${goodHeader}..YR`],
    ['white space around it', ` ${goodHeader}..${goodSignature}`],
    ['white space after it', `${goodHeader}..${goodSignature} `],
    ['a header that is no JSON', `${encode('{')}..${goodSignature}`],
    ['a header that is a list', `${encode('[]')}..${goodSignature}`],
    ['a header that is null', `${encode('null')}..${goodSignature}`],
    ['a header with a name twice', `${encode(text.replace('{', '{"alg":"ES256",'))}..${goodSignature}`],
    ['a header over 16 kB', `${encode(text.replace('{', `{${' '.repeat(16_384)}`))}..${goodSignature}`],
  ])('refuses %s as ERR_SIGNATURE_MALFORMED', (_name, value) => {
    expect(codeOf(value)).toBe('ERR_SIGNATURE_MALFORMED');
  });
});

describe('createDetachedSigner', () => {
  it('signs with one key as often as asked', () => {
    const signer = createDetachedSigner(identities.ES256);
    for (const signedAt of [NOW, NOW + 1]) {
      const signature = parse(signer.sign(digest, signedAt));
      expect(signature.signedAt).toBe(signedAt);
      expect(verifyDetachedSignature(signature, digestHeader, leafOf('ES256'))).toBe(true);
    }
  });

  it('throws when the key is not that of the certificate, or there is none', () => {
    const { chainPem } = identities.PS256;
    expect(() => createDetachedSigner({ ...identities.ES256, chainPem })).toThrow(RangeError);
    expect(() => createDetachedSigner({ ...identities.ES256, chainPem: '' })).toThrow(RangeError);
  });

  it('throws on a key of another kind', () => {
    const other = pki.authority.issue({ ...subject, keyKind: 'ec-p384' });
    expect(() => createDetachedSigner(other)).toThrow(RangeError);
  });
});

describe('digestHeaderOf and readDigestHeader', () => {
  it('write and read one SHA-256', () => {
    expect(digestHeader).toBe(`SHA-256=${createHash('sha256').update(body).digest('base64')}`);
    expect(readDigestHeader(digestHeader)).toBe(digest);
  });

  it.each([
    ['nothing', ''],
    ['a digest alone', digest],
    ['another algorithm', digestHeader.replace('256', '512')],
    ['a small name', digestHeader.toLowerCase()],
    ['two digests', `${digestHeader},${digestHeader}`],
    ['no padding', digestHeader.replace(/=$/, '')],
    ['stray bits', `SHA-256=${'A'.repeat(42)}B=`],
    ['another length', 'SHA-256=YWJj'],
    ['white space', `${digestHeader} `],
    ['the form of RFC 9530', `sha-256=:${digest}:`],
  ])('refuse %s', (_name, value) => {
    expect(readDigestHeader(value)).toBeUndefined();
  });
});
