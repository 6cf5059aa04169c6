import type { XmlElement } from 'libxml2-wasm';
import type { Instant } from '../domain/message.ts';
import { decodeBase64, DIGESTS } from './signature-algorithms.ts';
import type { DigestName } from './signature-algorithms.ts';
import { childElements, isNamed, NS, textOf } from './xml-document.ts';

/** What the XAdES signed properties of a signature say (ETSI EN 319 132-1). */
export interface SignedProperties {
  readonly element: XmlElement;
  readonly id: string;
  /** Clause 5.2.1; undefined when absent. */
  readonly signedAt: Instant | undefined;
  /** Clause 5.2.2: digests of the signing certificate and its chain; undefined when the property is absent. */
  readonly certificates: readonly CertificateDigest[] | undefined;
}

/** A digest that names a certificate by its DER octets. */
export interface CertificateDigest {
  readonly name: DigestName;
  readonly value: Uint8Array;
}

/** Reads the signing time and certificate from xades:SignedProperties with this ID; undefined when they don't parse. */
export function readSignedProperties(element: XmlElement, id: string): SignedProperties | undefined {
  const signature = childrenOf([element], ['SignedSignatureProperties']);
  const times = childrenOf(signature, ['SigningTime']);
  const certificates = childrenOf(signature, ['SigningCertificate', 'SigningCertificateV2']);
  // Clauses 5.2.1 and 5.2.2: each at most once, so that no reader can see another time or certificate than this one.
  if (signature.length > 1 || times.length > 1 || certificates.length > 1) return undefined;
  const [signedAt] = times.map((time) => parseSigningTime(textOf(time)));
  if (times.length === 1 && signedAt === undefined) return undefined;
  return { element, id, signedAt, certificates: certificates.length === 1 ? readDigests(certificates) : undefined };
}

function readDigests(certificates: readonly XmlElement[]): readonly CertificateDigest[] {
  return childrenOf(childrenOf(certificates, ['Cert']), ['CertDigest']).flatMap((digest) => {
    // XMLDSIG 4.4.3.5 and 4.4.3.6, by the type of ds:DigestMethod and ds:DigestValue.
    const [method, value] = childElements(digest);
    const name = DIGESTS.get(method?.attr('Algorithm')?.value ?? '');
    const octets = value === undefined ? undefined : decodeBase64(textOf(value));
    // One in another algorithm names no certificate here; when none is left the signature names no certificate at all.
    return name === undefined || octets === undefined ? [] : [{ name, value: octets }];
  });
}

function childrenOf(parents: readonly XmlElement[], names: readonly string[]): readonly XmlElement[] {
  return parents.flatMap(childElements).filter((child) => names.some((name) => isNamed(child, NS.xades, name)));
}

/** An xs:dateTime with its offset: without one it would not be an instant. */
function parseSigningTime(text: string): Instant | undefined {
  const trimmed = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const instant = DATE_TIME.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
