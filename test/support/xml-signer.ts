import { createHash, sign } from 'node:crypto';
import type { SigningOptions } from 'node:crypto';
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm';

/** URIs of the profile, written out once more so that the tests don't lean on the code under test. */
export const URI = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
  exc: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
  more: 'http://www.w3.org/2001/04/xmldsig-more#',
  more2007: 'http://www.w3.org/2007/05/xmldsig-more#',
  properties: 'http://uri.etsi.org/01903#SignedProperties',
} as const;

/** A whole document whose signature still has `{digest}`, `{propertiesDigest}` and `{value}` to be filled in. */
export type Template = string;

/** How a template is filled in. */
export interface Filling {
  readonly privateKeyPem: string;
  /** Of both digests and of the signature; SHA-256 unless given. */
  readonly hash?: string;
  readonly options?: SigningOptions;
}

/**
 * Computes digests and signature of a template whatever its structure, so that a document which breaks one rule of the
 * profile is otherwise signed rightly. The signature is the first `<ds:Signature`, up to the last `</ds:Signature>`.
 */
export function fillTemplate(template: Template, filling: Filling): string {
  const hash = filling.hash ?? 'sha256';
  const digestOf = (text: string): string => createHash(hash).update(canonicalOf(text)).digest('base64');
  const without = template.replace(/<ds:Signature[ >][^]*<\/ds:Signature>/, '');
  const properties = /<xades:SignedProperties[ >][^]*?<\/xades:SignedProperties>/.exec(template)?.[0] ?? '<none/>';
  const digested = template
    .replaceAll('{digest}', digestOf(without))
    .replaceAll('{propertiesDigest}', digestOf(declare(properties)));
  const signedInfo = /<ds:SignedInfo[ >][^]*?<\/ds:SignedInfo>/.exec(digested)?.[0] ?? '<none/>';
  const key = { key: filling.privateKeyPem, dsaEncoding: 'ieee-p1363', ...filling.options } as const;
  return digested.replaceAll('{value}', sign(hash, canonicalOf(declare(signedInfo)), key).toString('base64'));
}

/** Exclusive canonical form of a document. */
export function canonicalOf(text: string): Buffer {
  const document = XmlDocument.fromString(text);
  const canonical = document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
  document.dispose();
  return Buffer.from(canonical);
}

function declare(fragment: string): string {
  const missing = ['ds', 'xades'].filter(
    (prefix) => !fragment.slice(0, fragment.indexOf('>')).includes(`xmlns:${prefix}=`),
  );
  const declarations = missing.map((prefix) => ` xmlns:${prefix}="${prefix === 'ds' ? URI.ds : URI.xades}"`);
  return fragment.replace(/^<[\w:]+/, (start) => start + declarations.join(''));
}

/** The wrapper with routing data and an inhoud. */
export const CONTENT =
  '<b:stuurgegevens><b:kenmerk>0001</b:kenmerk></b:stuurgegevens>' +
  '<b:inhoud><o:opdracht xmlns:o="urn:example:opdracht"><o:naam>Zoë</o:naam></o:opdracht></b:inhoud>';

/** The wrapper around content and signature. */
export function wrap(content: string): string {
  return `<b:bericht xmlns:b="urn:doorgeefluik:bericht:1">${content}</b:bericht>`;
}

/** A Reference to the whole document, as the profile has it. */
export const REFERENCE =
  `<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="${URI.enveloped}"/><ds:Transform Algorithm="${URI.exc}"/>` +
  `</ds:Transforms><ds:DigestMethod Algorithm="${URI.sha256}"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>`;

/** A Reference to the signed properties `#p`, as the profile has it. */
export const PROPERTIES_REFERENCE =
  `<ds:Reference Type="${URI.properties}" URI="#p"><ds:Transforms><ds:Transform Algorithm="${URI.exc}"/></ds:Transforms>` +
  `<ds:DigestMethod Algorithm="${URI.sha256}"/><ds:DigestValue>{propertiesDigest}</ds:DigestValue></ds:Reference>`;

/** ds:Object with the given signed signature properties. */
export function objectOf(properties: string): string {
  return (
    `<ds:Object><xades:QualifyingProperties xmlns:xades="${URI.xades}" Target="#s"><xades:SignedProperties Id="p">` +
    `<xades:SignedSignatureProperties>${properties}</xades:SignedSignatureProperties></xades:SignedProperties>` +
    '</xades:QualifyingProperties></ds:Object>'
  );
}

/** What a signature is made of; each part has the form of the profile unless given. */
export interface SignatureParts {
  readonly algorithm?: string;
  readonly references?: string;
  readonly keyInfo?: string;
  readonly object?: string;
}

/** A signature template of the profile, RSA with SHA-256 unless said otherwise. */
export function signatureOf(parts: SignatureParts = {}): Template {
  return (
    `<ds:Signature xmlns:ds="${URI.ds}" Id="s"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${URI.exc}"/>` +
    `<ds:SignatureMethod Algorithm="${parts.algorithm ?? `${URI.more}rsa-sha256`}"/>${parts.references ?? REFERENCE}</ds:SignedInfo>` +
    `<ds:SignatureValue>{value}</ds:SignatureValue>${parts.keyInfo ?? ''}${parts.object ?? ''}</ds:Signature>`
  );
}
