import { createPublicKey } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createMessages, createSigner, signMessage } from '../../support/signed-xml.ts';
import type { Signer } from '../../support/signed-xml.ts';
import { URI } from '../../support/xml-signer.ts';

const rsa = createSigner('rsa-2048');
const other = createSigner('rsa-2048');
const p256 = createSigner('ec-p256');
const p384 = createSigner('ec-p384');
const { read, dispose } = createMessages();
afterEach(dispose);

const DSIG11 = 'http://www.w3.org/2009/xmldsig11#';
const MALFORMED = 'ERR_SIGNATURE_MALFORMED';

/** How many certificates a signature offers with this in its KeyInfo, or why it is refused. */
function offered(content: string): number | string | undefined {
  const signature = read(signMessage(rsa, { keyInfo: `<ds:KeyInfo>${content}</ds:KeyInfo>` }));
  return typeof signature === 'object' ? signature.offered.length : signature;
}

const x509 = (signer: Signer): string =>
  `<ds:X509Data><ds:X509Certificate>${signer.base64}</ds:X509Certificate></ds:X509Data>`;

const data = (content: string): string => `<ds:X509Data>${content}</ds:X509Data>`;

const jwkOf = (signer: Signer): Record<string, unknown> => ({
  ...createPublicKey(signer.privateKeyPem).export({ format: 'jwk' }),
});

function rsaValue(signer: Signer, before: readonly number[] = []): string {
  const { n, e } = jwkOf(signer);
  const modulus = Buffer.concat([Buffer.from(before), Buffer.from(String(n), 'base64url')]).toString('base64');
  const exponent = Buffer.from(String(e), 'base64url').toString('base64');
  return `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${modulus}</ds:Modulus><ds:Exponent>${exponent}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`;
}

function curveValue(signer: Signer, curve: string): string {
  const { x, y } = jwkOf(signer);
  const point = Buffer.concat([Buffer.from([4]), ...[x, y].map((part) => Buffer.from(String(part), 'base64url'))]);
  return (
    `<ds:KeyValue><k:ECKeyValue xmlns:k="${DSIG11}"><k:NamedCurve URI="urn:oid:${curve}"/>` +
    `<k:PublicKey>${point.toString('base64')}</k:PublicKey></k:ECKeyValue></ds:KeyValue>`
  );
}

const P256 = '1.2.840.10045.3.1.7';
const P384 = '1.3.132.0.34';
const SERIAL =
  '<ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>12</ds:X509SerialNumber></ds:X509IssuerSerial>';

describe('KeyInfo', () => {
  it.each<[string, string, number]>([
    ['a name', '<ds:KeyName>naam</ds:KeyName>', 0],
    ['certificates of two X509Data', x509(rsa) + x509(p256), 2],
    [
      'names of the certificate',
      data(`${SERIAL}<ds:X509SKI>AAAA</ds:X509SKI><ds:X509SubjectName>CN=x</ds:X509SubjectName>`),
      0,
    ],
    ['the RSA key of its certificate', rsaValue(rsa) + x509(rsa), 1],
    ['the RSA key of its certificate with a zero octet before it', rsaValue(rsa, [0]) + x509(rsa), 1],
    ['the P-256 key of its certificate', x509(p256) + curveValue(p256, P256), 1],
    ['the P-384 key of one of its certificates', x509(rsa) + x509(p384) + curveValue(p384, P384), 2],
  ])('may hold %s', (_name, content, count) => {
    expect(offered(content)).toBe(count);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['an empty name', '<ds:KeyName/>'],
    ['an element in a name', '<ds:KeyName><b:x/></ds:KeyName>'],
    ['an attribute on a name', '<ds:KeyName URI="x">naam</ds:KeyName>'],
    ['an unknown hint', '<ds:MgmtData>x</ds:MgmtData>'],
    ['a name of another namespace', '<b:KeyName>naam</b:KeyName>'],
    ['an empty X509Data', '<ds:X509Data/>'],
    ['an attribute on X509Data', '<ds:X509Data URI="x"><ds:X509SKI>AAAA</ds:X509SKI></ds:X509Data>'],
    ['an unknown part of X509Data', data('<ds:X509Digest>AAAA</ds:X509Digest>')],
    ['a part of another namespace', data('<b:X509SKI>AAAA</b:X509SKI>')],
    ['a certificate that is none', data('<ds:X509Certificate>AAAA</ds:X509Certificate>')],
    ['an empty subject name', data('<ds:X509SubjectName/>')],
    ['a key identifier that is not base64', data('<ds:X509SKI>*</ds:X509SKI>')],
    [
      'an issuer without serial number',
      data('<ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName></ds:X509IssuerSerial>'),
    ],
    ['an empty issuer', data(SERIAL.replace('CN=x', ''))],
    ['a serial number that is none', data(SERIAL.replace('12', '12 '))],
    ['a key value without a certificate', rsaValue(rsa)],
    ['the key value of another', rsaValue(other) + x509(rsa)],
    ['the key value of another kind', rsaValue(rsa) + x509(p256)],
    ['the curve key of another', curveValue(p256, P256) + x509(p384)],
    ['a curve key under the name of another curve', curveValue(p256, P384) + x509(p256)],
    ['an empty key value', `<ds:KeyValue/>${x509(rsa)}`],
    ['text as key value', `<ds:KeyValue>x</ds:KeyValue>${x509(rsa)}`],
    ['two keys in one key value', rsaValue(rsa).replace(/(<ds:RSAKeyValue>.*<\/ds:RSAKeyValue>)/, '$1$1') + x509(rsa)],
    ['an attribute on a key value', rsaValue(rsa).replace('<ds:KeyValue', '<ds:KeyValue URI="x"') + x509(rsa)],
    ['an RSA key of another namespace', rsaValue(rsa).replaceAll('ds:RSAKeyValue', 'b:RSAKeyValue') + x509(rsa)],
    ['an RSA key without exponent', rsaValue(rsa).replace(/<ds:Exponent>.*<\/ds:Exponent>/, '') + x509(rsa)],
    ['a key of an unknown kind', `<ds:KeyValue><ds:DSAKeyValue/></ds:KeyValue>${x509(rsa)}`],
    ['a curve key of another namespace', curveValue(p256, P256).replace(DSIG11, URI.ds) + x509(p256)],
    ['a curve without a name', curveValue(p256, P256).replace(/ URI="[^"]*"/, '') + x509(p256)],
    [
      'a curve with content',
      curveValue(p256, P256).replace('/><k:PublicKey', '><k:x/></k:NamedCurve><k:PublicKey') + x509(p256),
    ],
  ])('is refused with %s', (_name, content) => {
    expect(offered(content)).toBe(MALFORMED);
  });
});
