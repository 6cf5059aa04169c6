import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm';
import type { Instant } from '../domain/message.ts';
import { canonicalize } from './xml-canonical.ts';
import { NS, openXml } from './xml-document.ts';

/** With what, and when, a document is signed. */
export interface SigningRequest {
  readonly privateKeyPem: string;
  /** Certificates in PEM, the signer's first; all are offered in KeyInfo. */
  readonly chainPem: string;
  /** When given, XAdES properties say this time and the signing certificate. */
  readonly signedAt?: Instant;
}

/**
 * Puts an enveloped signature as last child in the document and changes no other octet. RSA keys sign with PKCS#1 v1.5
 * and SHA-256, which every tool verifies; P-256 and P-384 with ECDSA. Throws TypeError for a document or key that can't be.
 */
export function signEnveloped(xml: Uint8Array, request: SigningRequest): Uint8Array {
  const key = createPrivateKey(request.privateKeyPem);
  const method = chooseMethod(key);
  const [signer, ...chain] = readChain(request.chainPem);
  if (signer === undefined) throw new TypeError('the chain holds no certificate');
  const { rootEnd, octets } = readDocument(xml);
  const documentDigest = digest(octets);
  const properties =
    request.signedAt === undefined ? undefined : describeProperties(request.signedAt, documentDigest, signer);
  const references = [referenceTo({ uri: '', transforms: [ENVELOPED, NS.exc], digestValue: documentDigest })];
  if (properties !== undefined) references.push(referenceTo(properties.reference));
  const signedInfo =
    `<ds:SignedInfo xmlns:ds="${NS.ds}">` +
    algorithm('CanonicalizationMethod', NS.exc) +
    algorithm('SignatureMethod', method.uri) +
    `${references.join('')}</ds:SignedInfo>`;
  const value = sign(method.digest, canonicalOf(signedInfo), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
  const keyInfo = [signer, ...chain].map((one) => `<ds:X509Certificate>${one.toString('base64')}</ds:X509Certificate>`);
  const signature =
    `<ds:Signature xmlns:ds="${NS.ds}"${properties?.signatureId ?? ''}>${signedInfo}` +
    `<ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data>${keyInfo.join('')}</ds:X509Data></ds:KeyInfo>${properties?.object ?? ''}</ds:Signature>`;
  return Buffer.concat([xml.subarray(0, rootEnd), Buffer.from(signature), xml.subarray(rootEnd)]);
}

function readDocument(xml: Uint8Array): { readonly rootEnd: number; readonly octets: Uint8Array } {
  const opened = openXml(xml);
  if (!opened.ok) throw new TypeError(`the document is refused: ${opened.error.code}`);
  const octets = canonicalize(opened.value.document);
  const { rootEnd } = opened.value.facts;
  opened.value.dispose();
  if (rootEnd === undefined || octets === undefined) throw new TypeError('the document can not hold a signature');
  return { rootEnd, octets };
}

interface Reference {
  readonly uri: string;
  readonly type?: string;
  readonly transforms: readonly string[];
  readonly digestValue: string;
}

function referenceTo({ uri, type, transforms, digestValue }: Reference): string {
  const typed = type === undefined ? '' : ` Type="${type}"`;
  return (
    `<ds:Reference${typed} URI="${uri}"><ds:Transforms>` +
    transforms.map((uri) => algorithm('Transform', uri)).join('') +
    `</ds:Transforms>${algorithm('DigestMethod', SHA256)}<ds:DigestValue>${digestValue}</ds:DigestValue></ds:Reference>`
  );
}

interface Properties {
  readonly signatureId: string;
  readonly object: string;
  readonly reference: Reference;
}

/** XAdES baseline B properties (ETSI EN 319 132-1 clauses 5.2.1 and 5.2.2). */
function describeProperties(signedAt: Instant, documentDigest: string, signer: Buffer): Properties {
  // IDs drawn from what is signed can't meet one that stands in the document.
  const id = `s-${createHash('sha256').update(documentDigest).digest('hex').slice(0, 32)}`;
  const properties =
    `<xades:SignedProperties xmlns:ds="${NS.ds}" xmlns:xades="${NS.xades}" Id="${id}-p"><xades:SignedSignatureProperties>` +
    `<xades:SigningTime>${new Date(signedAt).toISOString()}</xades:SigningTime>` +
    `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>${algorithm('DigestMethod', SHA256)}` +
    `<ds:DigestValue>${digest(signer)}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>` +
    '</xades:SignedSignatureProperties></xades:SignedProperties>';
  const qualifying = `<xades:QualifyingProperties xmlns:xades="${NS.xades}" Target="#${id}">${properties}</xades:QualifyingProperties>`;
  const digestValue = digest(canonicalOf(properties));
  return {
    signatureId: ` Id="${id}"`,
    object: `<ds:Object>${qualifying}</ds:Object>`,
    reference: {
      uri: `#${id}-p`,
      type: 'http://uri.etsi.org/01903#SignedProperties',
      transforms: [NS.exc],
      digestValue,
    },
  };
}

interface Method {
  readonly uri: string;
  readonly digest: 'sha256' | 'sha384';
}

function chooseMethod(key: KeyObject): Method {
  const method = METHODS.get(key.asymmetricKeyDetails?.namedCurve ?? String(key.asymmetricKeyType));
  if (method === undefined) throw new TypeError('the key is neither RSA nor P-256 nor P-384');
  return method;
}

function readChain(pem: string): readonly Buffer[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return certificates.map((one) => new X509Certificate(one).raw);
}

function algorithm(name: string, uri: string): string {
  return `<ds:${name} Algorithm="${uri}"></ds:${name}>`;
}

/** Canonical octets of a fragment of ours that declares the namespaces it uses. */
function canonicalOf(fragment: string): Uint8Array {
  const document = XmlDocument.fromString(fragment);
  const octets = document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
  document.dispose();
  return Buffer.from(octets);
}

function digest(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('base64');
}

const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const METHODS: ReadonlyMap<string, Method> = new Map([
  ['rsa', { uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', digest: 'sha256' }],
  ['prime256v1', { uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256', digest: 'sha256' }],
  ['secp384r1', { uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384', digest: 'sha384' }],
]);
