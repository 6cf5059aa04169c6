import { constants, createHash, createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SignedXml } from 'xml-crypto';

import type { IssuedCertificate } from '../../certs-dev/authority.ts';

/** A bericht ready to POST: signed by code that shares nothing with the product. */
export interface SignedBericht {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly kenmerk: string;
}

/** A valid example of a type with a fresh kenmerk and time. */
export function freshExample(
  type: string,
  file: string,
  now = Date.now(),
): { readonly text: string; readonly kenmerk: string } {
  const version = type.endsWith('Di01') ? '1.0.9' : '1.0';
  const text = readFileSync(join('schemas/berichten', type, version, 'voorbeelden/geldig', file), 'utf8');
  const kenmerk = randomUUID();
  const time = new Date(now).toISOString();
  const fresh = text
    .replace(/(<(?:\w+:)?(?:referentienummer|kenmerk)>)[^<]*/, `$1${kenmerk}`)
    .replace(/("kenmerk":\s*")[^"]*/, `$1${kenmerk}`)
    .replace(/(<(?:\w+:)?tijdstip>)[^<]*/, `$1${time}`)
    .replace(/("tijdstip":\s*")[^"]*/, `$1${time}`);
  return { text: fresh, kenmerk };
}

/** Signs detached (JWS in `Payload-Signature`), PS256 or ES256 by the key. */
export function signedDetached(
  bericht: { readonly text: string | Uint8Array; readonly kenmerk: string },
  signing: IssuedCertificate,
  format: 'xml' | 'json',
): SignedBericht {
  const body = Buffer.from(bericht.text);
  const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
  const certificate = new X509Certificate(signing.certificatePem);
  const key = createPrivateKey(signing.privateKeyPem);
  const isEc = key.asymmetricKeyType === 'ec';
  const header = Buffer.from(
    JSON.stringify({
      alg: isEc ? 'ES256' : 'PS256',
      b64: false,
      crit: ['b64', 'sigT', 'sigD'],
      sigT: new Date().toISOString(),
      sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] },
      'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
      x5c: [certificate.raw.toString('base64')],
    }),
  ).toString('base64url');
  const input = Buffer.from(`${header}.digest: ${digest}`);
  const signature = isEc
    ? sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })
    : sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  return {
    body,
    kenmerk: bericht.kenmerk,
    headers: {
      'Content-Type': format === 'xml' ? 'application/xml' : 'application/json',
      Digest: digest,
      'Payload-Signature': `${header}..${signature.toString('base64url')}`,
    },
  };
}

/** Signs enveloped (XMLDSIG as last child of the wrapper) with xml-crypto; RSA keys only. */
export function signedEnveloped(
  bericht: { readonly text: string; readonly kenmerk: string },
  signing: IssuedCertificate,
): SignedBericht {
  const signer = new SignedXml({
    privateKey: signing.privateKeyPem,
    publicCert: signing.certificatePem,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  signer.addReference({
    xpath: '/*',
    isEmptyUri: true,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signer.computeSignature(bericht.text, { prefix: 'ds', location: { reference: '/*', action: 'append' } });
  const body = Buffer.from(signer.getSignedXml());
  return { body, kenmerk: bericht.kenmerk, headers: { 'Content-Type': 'application/xml' } };
}
