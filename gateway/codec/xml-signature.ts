import { createHash } from 'node:crypto';
import { XmlCData, XmlXPath } from 'libxml2-wasm';
import type { XmlElement } from 'libxml2-wasm';
import type { Instant } from '../domain/message.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, RejectionCode } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { Certificate } from './certificate.ts';
import { verifyOctets } from './signature-algorithms.ts';
import type { SignedOctets } from './signature-algorithms.ts';
import type { CertificateDigest, SignedProperties } from './xades.ts';
import { canonicalize, digestCanonical } from './xml-canonical.ts';
import { childElements, findSignatures, isNamed, NS } from './xml-document.ts';
import type { XmlMessage } from './xml-document.ts';
import { readSignatureStructure } from './xml-signature-structure.ts';
import type { ReferenceDigest, SignatureStructure } from './xml-signature-structure.ts';

/** An enveloped signature whose structure and digests hold; whose it is, `verifyEnvelopedSignature` says. */
export interface EnvelopedSignature {
  /** The ds:Signature, taken out of the document: what is left there is what the signature covers. */
  readonly element: XmlElement;
  /** SignatureMethod identifier. */
  readonly algorithm: string;
  /** Certificates of KeyInfo, unverified candidates. */
  readonly offered: readonly Certificate[];
  /** XAdES signing time, inside what is signed; undefined when the signature names none. */
  readonly signedAt: Instant | undefined;
  /** SHA-256 (base64) of the canonical octets the signature covers. */
  readonly octetsDigest: string;
  /** The canonical SignedInfo and the signature over it. */
  readonly signed: SignedOctets;
  /** XAdES digests of the signing certificate; undefined when the signature names none. */
  readonly certificates: readonly CertificateDigest[] | undefined;
}

/** The expanded name of a document element that may hold an enveloped signature. */
export interface RootName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads the enveloped signature of the document and checks its structure and digests; undefined when there is none.
 * It takes the signature out of the document, so that all that is read from it afterwards is what was signed. Reading
 * the same message again gives the same answer.
 */
export function readEnvelopedSignature(
  message: XmlMessage,
  root: RootName = WRAPPER,
): Result<EnvelopedSignature | undefined, Rejection> {
  const known = outcomes.get(message);
  if (known !== undefined) return known;
  const read = readSignature(message, root);
  const outcome = typeof read === 'string' ? err(rejection(read)) : ok(read);
  outcomes.set(message, outcome);
  return outcome;
}

/**
 * Whether the signature over SignedInfo verifies with the key of the certificate (XMLDSIG 3.2.2), and the certificate is
 * the one that XAdES properties name, if they name any (ETSI EN 319 132-1 clause 5.2.2).
 */
export function verifyEnvelopedSignature(signature: EnvelopedSignature, certificate: Certificate): boolean {
  const { certificates, signed } = signature;
  const { der, publicKey } = certificate;
  const isNamedBy = ({ name, value }: CertificateDigest): boolean =>
    createHash(name).update(der).digest().equals(value);
  if (certificates !== undefined && !certificates.some(isNamedBy)) return false;
  return verifyOctets(signed, publicKey);
}

function readSignature(message: XmlMessage, root: RootName): EnvelopedSignature | RejectionCode | undefined {
  const [element, ...others] = findSignatures(message);
  if (element === undefined) return undefined;
  // XMLDSIG 3.2 validates one signature; which of two would count, each reader decides for itself.
  if (others.length > 0) return 'ERR_SIGNATURE_MULTIPLE';
  // XMLDSIG 6.6.4 takes this signature out wherever it stands; of one place, only the wrapper's schema knows the meaning.
  if (!isInPlace(message, element, root)) return 'ERR_SIGNATURE_MISPLACED';
  // Comments are not signed (XMLDSIG 4.4.3.3), so anyone on the way could set one inside a value, where many readers stop.
  if (message.facts.splitsText) return 'ERR_SIGNATURE_MALFORMED';
  // Inside the signature a border of CDATA splits a value all the same: javax.xml.crypto stops at one.
  if (message.facts.hasCdata && element.find(TEXTS).some((text) => text instanceof XmlCData)) {
    return 'ERR_SIGNATURE_MALFORMED';
  }
  const structure = readSignatureStructure(element);
  return typeof structure === 'string' ? structure : checkDigests(message, element, structure);
}

/** The one place of a signature: last child element of a root that may hold one. */
function isInPlace(message: XmlMessage, element: XmlElement, root: RootName): boolean {
  const documentElement = message.document.root;
  const last = childElements(documentElement).at(-1);
  return isNamed(documentElement, root.namespace, root.name) && last?.isSameNode(element) === true;
}

function checkDigests(
  message: XmlMessage,
  element: XmlElement,
  structure: SignatureStructure,
): EnvelopedSignature | RejectionCode {
  // XMLDSIG 6.6.4: the enveloped-signature transform takes the signature out of the octets.
  const apart = message.detach(element);
  const { documentDigest, properties, propertiesDigest } = structure;
  // XMLDSIG 3.2.1: each Reference by itself; the digest is of the octets as canonicalised here, never of a copy.
  const [octetsDigest, actual] = digestCanonical(message.document, ['sha256', documentDigest.name]);
  if (octetsDigest === undefined || actual?.equals(documentDigest.value) !== true) return 'ERR_SIGNATURE_DIGEST';
  if (!holdsProperties(message, properties, propertiesDigest)) return 'ERR_SIGNATURE_DIGEST';
  // XMLDSIG 3.2.2: what is verified is the canonical form, alone. Exclusive, it draws no namespace from around it.
  const octets = canonicalize(message.detach(structure.signedInfo));
  // What no digest covers must have a canonical form too: others put the whole document into it before they leave that out.
  if (octets === undefined || canonicalize(apart) === undefined) return 'ERR_SIGNATURE_MALFORMED';
  return {
    element,
    algorithm: structure.algorithm,
    offered: structure.offered,
    signedAt: properties?.signedAt,
    octetsDigest: octetsDigest.toString('base64'),
    signed: { algorithm: structure.method, octets, value: structure.value },
    certificates: properties?.certificates,
  };
}

function holdsProperties(
  message: XmlMessage,
  properties: SignedProperties | undefined,
  digest: ReferenceDigest | undefined,
): boolean {
  if (properties === undefined || digest === undefined) return true;
  const [actual] = digestCanonical(message.detach(properties.element), [digest.name]);
  return actual?.equals(digest.value) === true;
}

const WRAPPER: RootName = { namespace: NS.bericht, name: 'bericht' };
const TEXTS = XmlXPath.compile('.//text()');
const outcomes = new WeakMap<XmlMessage, Result<EnvelopedSignature | undefined, Rejection>>();
