import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { verifyEnvelopedSignature } from '../../../gateway/codec/xml-signature.ts';
import { createMessages, createSigner, signMessage } from '../../support/signed-xml.ts';
import { objectOf, PROPERTIES_REFERENCE, REFERENCE, URI } from '../../support/xml-signer.ts';
import type { SignatureParts } from '../../support/xml-signer.ts';

const rsa = createSigner('rsa-2048');
const p256 = createSigner('ec-p256');
const { read, accepted, dispose } = createMessages();
afterEach(dispose);

describe('XAdES signed properties', () => {
  const TIME = '<xades:SigningTime>2026-11-22T11:15:30.5+01:00</xades:SigningTime>';
  const certOf = (der: string, algorithm: string = URI.sha256): string =>
    `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="${algorithm}"/><ds:DigestValue>` +
    `${createHash('sha256').update(Buffer.from(der, 'base64')).digest('base64')}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>`;
  const partsOf = (properties: string): SignatureParts => ({
    references: REFERENCE + PROPERTIES_REFERENCE,
    object: objectOf(properties),
  });
  const withProperties = (properties: string, edit = (template: string): string => template): string =>
    signMessage(rsa, partsOf(properties), edit);

  it('give the signing time, in whichever order the References stand', () => {
    const at = Date.UTC(2026, 10, 22, 10, 15, 30, 500);
    expect(accepted(withProperties(TIME)).signedAt).toBe(at);
    const reversed = signMessage(rsa, { references: PROPERTIES_REFERENCE + REFERENCE, object: objectOf(TIME) });
    expect(accepted(reversed).signedAt).toBe(at);
    expect(verifyEnvelopedSignature(accepted(reversed), rsa.certificate)).toBe(true);
    expect(accepted(withProperties('')).signedAt).toBeUndefined();
  });

  it('are refused when their canonical form is not defined', () => {
    const text = withProperties(TIME).replace(
      '<xades:SignedProperties ',
      '<xades:SignedProperties xmlns:r="relatief" ',
    );
    expect(read(text)).toBe('ERR_SIGNATURE_DIGEST');
  });

  it('bind the certificate they name', () => {
    const verifies = (properties: string): boolean =>
      verifyEnvelopedSignature(accepted(withProperties(properties)), rsa.certificate);
    expect(verifies(TIME)).toBe(true);
    expect(verifies(certOf(rsa.base64))).toBe(true);
    expect(verifies(certOf(p256.base64))).toBe(false);
    expect(verifies(certOf(rsa.base64, 'http://www.w3.org/2000/09/xmldsig#sha1'))).toBe(false);
    expect(verifies('<xades:SigningCertificateV2/>')).toBe(false);
    expect(
      verifies('<xades:SigningCertificate><xades:Cert><xades:CertDigest/></xades:Cert></xades:SigningCertificate>'),
    ).toBe(false);
    expect(verifies(certOf(rsa.base64).replaceAll('SigningCertificateV2', 'SigningCertificate'))).toBe(true);
    expect(verifies(certOf(rsa.base64).replace(/<ds:DigestValue>./, '<ds:DigestValue>*'))).toBe(false);
  });

  it.each<[string, string, (template: string) => string]>([
    ['other properties than were signed', 'ERR_SIGNATURE_DIGEST', (t) => t.replace('{propertiesDigest}', 'QUJD')],
    [
      'properties that no Reference covers',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace(/<ds:Reference Type.*?<\/ds:Reference>/, ''),
    ],
    ['a Reference to something else', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('URI="#p"', 'URI="#q"')],
    ['another Type', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(URI.properties, 'urn:x')],
    [
      'another transform',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace(/(URI="#p"><ds:Transforms>)/, `$1<ds:Transform Algorithm="${URI.enveloped}"/>`),
    ],
    ['properties for another signature', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('Target="#s"', 'Target="#t"')],
    ['a signature without Id', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(' Id="s"', '')],
    ['properties without Id', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(' Id="p"', '')],
    ['an attribute on the properties', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(' Id="p"', ' Id="p" x="1"')],
    [
      'unsigned properties',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</xades:Qual', '<xades:UnsignedProperties/></xades:Qual'),
    ],
    ['a second Object', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('</ds:Signature>', '<ds:Object/></ds:Signature>')],
    ['a second bearer of the Id', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('<b:inhoud>', '<b:inhoud id="p">')],
    ['two signing times', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(TIME, TIME + TIME)],
    [
      'two naming of certificates',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace(TIME, certOf(rsa.base64) + certOf(rsa.base64)),
    ],
    [
      'two sets of properties',
      'ERR_SIGNATURE_MALFORMED',
      (t) =>
        t.replace(
          '</xades:SignedSignatureProperties>',
          '</xades:SignedSignatureProperties><xades:SignedSignatureProperties/>',
        ),
    ],
    ['a time without offset', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('+01:00', '')],
    ['a time that is none', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('2026-11', '2026-13')],
  ])('answers to %s with %s', (_name, code, edit) => {
    expect(read(withProperties(TIME, edit))).toBe(code);
  });
});
