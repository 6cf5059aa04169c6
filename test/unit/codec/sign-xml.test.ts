import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SignedXml } from 'xml-crypto';
import { parseCertificate } from '../../../gateway/codec/certificate.ts';
import { signEnveloped } from '../../../gateway/codec/sign-xml.ts';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import type { XmlMessage } from '../../../gateway/codec/xml-document.ts';
import { readEnvelopedSignature, verifyEnvelopedSignature } from '../../../gateway/codec/xml-signature.ts';
import type { EnvelopedSignature } from '../../../gateway/codec/xml-signature.ts';
import { createTestPki } from '../../support/pki.ts';

const pki = createTestPki();
const AT = Date.UTC(2026, 10, 22, 10, 15, 30, 123);
const DOCUMENT =
  '<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- </b:bericht> --><b:bericht xmlns:b="urn:doorgeefluik:bericht:1"\n' +
  " b:x = '1' xmlns='urn:x' ><b:inhoud><a  b=\"2\"/>\t&#xE9;&amp;<![CDATA[<]]></b:inhoud >\n</b:bericht >\n<!-- na -->\n";

const issue = (
  keyKind: 'ec-p256' | 'ec-p384' | 'rsa-2048',
): { chainPem: string; privateKeyPem: string; certificatePem: string } =>
  pki.authority.issue({
    organisation: 'Ondertekenaar',
    commonName: 'o',
    oins: ['00000099000000001000'],
    usage: 'signing',
    keyKind,
  });

const opened: XmlMessage[] = [];
afterEach(() => {
  for (const message of opened.splice(0)) message.dispose();
});

function read(bytes: Uint8Array): EnvelopedSignature {
  const message = openXml(bytes);
  if (!message.ok) throw new Error(message.error.code);
  opened.push(message.value);
  const signature = readEnvelopedSignature(message.value);
  if (!signature.ok || signature.value === undefined) throw new Error(JSON.stringify(signature));
  return signature.value;
}

describe('signEnveloped', () => {
  it.each([
    ['rsa-2048', 'rsa-sha256'],
    ['ec-p256', 'ecdsa-sha256'],
    ['ec-p384', 'ecdsa-sha384'],
  ] as const)('signs with a key %s by %s, with and without a time', (kind, algorithm) => {
    const identity = issue(kind);
    for (const signedAt of [undefined, AT]) {
      const signature = read(
        signEnveloped(Buffer.from(DOCUMENT), { ...identity, ...(signedAt === undefined ? {} : { signedAt }) }),
      );
      const [signer, ...others] = signature.offered;
      expect(signature.algorithm).toBe(`http://www.w3.org/2001/04/xmldsig-more#${algorithm}`);
      expect(signature.signedAt).toBe(signedAt);
      expect(others).toHaveLength(1);
      expect(signer?.x509.fingerprint256).toBe(new X509Certificate(identity.certificatePem).fingerprint256);
      expect(signer !== undefined && verifyEnvelopedSignature(signature, signer)).toBe(true);
    }
  });

  it('inserts the signature before the end tag of the root and changes no other octet', () => {
    const signed = Buffer.from(signEnveloped(Buffer.from(DOCUMENT), { ...issue('ec-p256'), signedAt: AT })).toString();
    expect(signed.replace(/<ds:Signature .*<\/ds:Signature>/, '')).toBe(DOCUMENT);
    expect(signed).toContain('</ds:Signature></b:bericht >');
  });

  it.each([undefined, AT])('makes what xml-crypto verifies, signed at %p', (signedAt) => {
    const identity = issue('rsa-2048');
    const signed = Buffer.from(
      signEnveloped(Buffer.from(DOCUMENT), { ...identity, ...(signedAt === undefined ? {} : { signedAt }) }),
    );
    const verifier = new SignedXml({ publicCert: identity.certificatePem, getCertFromKeyInfo: () => null });
    verifier.loadSignature(/<ds:Signature .*<\/ds:Signature>/.exec(signed.toString())?.[0] ?? '');
    expect(verifier.checkSignature(signed.toString())).toBe(true);
  });

  it('binds the certificate it names', () => {
    const identity = issue('ec-p256');
    const { certificatePem } = pki.authority.issue({
      organisation: 'Ander',
      commonName: 'a',
      oins: ['00000099000000002000'],
      usage: 'signing',
      keyKind: 'ec-p256',
      privateKeyPem: identity.privateKeyPem,
    });
    const other = parseCertificate(new X509Certificate(certificatePem).raw);
    const sameKey = other?.x509.publicKey.equals(createPublicKey(identity.privateKeyPem));
    expect(sameKey).toBe(true);
    const verifies = (request: object): boolean =>
      other !== undefined &&
      verifyEnvelopedSignature(read(signEnveloped(Buffer.from(DOCUMENT), { ...identity, ...request })), other);
    expect(verifies({})).toBe(true);
    expect(verifies({ signedAt: AT })).toBe(false);
  });

  it.each(['<b:bericht xmlns:b="urn:doorgeefluik:bericht:1"/>', '<a></b>', '<r xmlns="relatief"></r>'])(
    'does not sign %j',
    (text) => {
      expect(() => signEnveloped(Buffer.from(text), issue('ec-p256'))).toThrow(TypeError);
    },
  );

  it('does not sign with a key or chain that is not of the profile', () => {
    const identity = issue('ec-p256');
    const pem = (pair: {
      privateKey: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer };
    }): string => pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const privateKeyPem of [
      pem(generateKeyPairSync('ed25519')),
      pem(generateKeyPairSync('ec', { namedCurve: 'secp521r1' })),
    ]) {
      expect(() => signEnveloped(Buffer.from(DOCUMENT), { ...identity, privateKeyPem })).toThrow(TypeError);
    }
    expect(() => signEnveloped(Buffer.from(DOCUMENT), { ...identity, chainPem: '', signedAt: AT })).toThrow(TypeError);
  });
});
