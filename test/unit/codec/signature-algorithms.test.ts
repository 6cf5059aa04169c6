import { constants, generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Certificate } from '../../../gateway/codec/certificate.ts';
import { decodeBase64 } from '../../../gateway/codec/signature-algorithms.ts';
import { verifyEnvelopedSignature } from '../../../gateway/codec/xml-signature.ts';
import { createMessages, createSigner, signMessage } from '../../support/signed-xml.ts';
import { REFERENCE, URI } from '../../support/xml-signer.ts';
import type { Filling, SignatureParts } from '../../support/xml-signer.ts';

const rsa = createSigner('rsa-2048');
const p256 = createSigner('ec-p256');
const p384 = createSigner('ec-p384');
const { accepted, dispose } = createMessages();
afterEach(dispose);

const sign = (parts: SignatureParts = {}, filling: Filling = rsa): string => signMessage(filling, parts);

describe('verifyEnvelopedSignature', () => {
  const pss = (hash: string, saltLength: number): Filling => ({
    ...rsa,
    hash,
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
  });
  const verifies = (text: string, certificate: Certificate): boolean =>
    verifyEnvelopedSignature(accepted(text), certificate);
  const withHash = (hash: 'sha256' | 'sha384' | 'sha512', algorithm: string, filling: Filling): string =>
    sign({ algorithm, references: REFERENCE.replace(URI.sha256, URI[hash]) }, { ...filling, hash });

  it.each([
    ['sha256', 32],
    ['sha384', 48],
    ['sha512', 64],
  ] as const)('takes RSA-PSS with %s and a salt of %d octets, no other', (hash, salt) => {
    const algorithm = `${URI.more2007}${hash}-rsa-MGF1`;
    expect(verifies(withHash(hash, algorithm, pss(hash, salt)), rsa.certificate)).toBe(true);
    expect(verifies(withHash(hash, algorithm, pss(hash, salt - 1)), rsa.certificate)).toBe(false);
    expect(verifies(withHash(hash, algorithm, rsa), rsa.certificate)).toBe(false);
  });

  it.each(['sha256', 'sha384', 'sha512'] as const)('takes RSA PKCS#1 and ECDSA with %s', (hash) => {
    expect(verifies(withHash(hash, `${URI.more}rsa-${hash}`, rsa), rsa.certificate)).toBe(true);
    expect(verifies(withHash(hash, `${URI.more}ecdsa-${hash}`, p256), p256.certificate)).toBe(true);
    expect(verifies(withHash(hash, `${URI.more}ecdsa-${hash}`, p384), p384.certificate)).toBe(true);
  });

  it('refuses an ECDSA signature in DER, or of another curve', () => {
    const der = sign({ algorithm: `${URI.more}ecdsa-sha256` }, { ...p256, options: { dsaEncoding: 'der' } });
    expect(verifies(der, p256.certificate)).toBe(false);
    expect(verifies(sign({ algorithm: `${URI.more}ecdsa-sha256` }, p256), p384.certificate)).toBe(false);
  });

  it('refuses a key of another kind than the algorithm', () => {
    const text = sign();
    expect(verifies(text, p256.certificate)).toBe(false);
    expect(verifies(sign({ algorithm: `${URI.more}ecdsa-sha256` }, p256), rsa.certificate)).toBe(false);
    const keys = [
      generateKeyPairSync('rsa', { modulusLength: 1024 }),
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
      generateKeyPairSync('ed25519'),
    ];
    for (const { publicKey, privateKey } of keys) {
      const weak = { publicKey, der: Buffer.alloc(0) } as unknown as Certificate;
      const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const isRsa = publicKey.asymmetricKeyType === 'rsa';
      expect(isRsa ? verifies(sign({}, { privateKeyPem }), weak) : verifies(text, weak)).toBe(false);
      expect(verifies(sign({ algorithm: `${URI.more}ecdsa-sha256` }, p256), weak)).toBe(false);
    }
  });

  it('refuses an RSA key so long that verifying would be a burden', () => {
    const publicKey = { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength: 16_384 } };
    expect(verifies(sign(), { publicKey, der: Buffer.alloc(0) } as unknown as Certificate)).toBe(false);
    expect(verifies(sign(), { publicKey: {}, der: Buffer.alloc(0) } as unknown as Certificate)).toBe(false);
  });
});

describe('decodeBase64', () => {
  it('takes canonical base64 with XML white space in it', () => {
    expect(decodeBase64(' QU\r\nJD\tRA== ')?.toString()).toBe('ABCD');
  });

  it.each(['', ' ', 'QUJDRA', 'QUJDRA=', 'QUJDRB==', 'QUJD-_', 'QU\u00a0JD', '*QUJD', 'QUJD=QUJD', 'QUJDRA==QUJD'])(
    'refuses %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );
});
