import { XmlXPath } from 'libxml2-wasm';
import type { XmlElement } from 'libxml2-wasm';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { decodeBase64, DIGESTS, SIGNATURES } from './signature-algorithms.ts';
import type { DigestName, SignatureAlgorithm } from './signature-algorithms.ts';
import { readSignedProperties } from './xades.ts';
import type { SignedProperties } from './xades.ts';
import { childElements, isNamed, NS, textOf } from './xml-document.ts';

/** A ds:Signature with exactly the structure of the profile; nothing of it is verified yet. */
export interface SignatureStructure {
  readonly signedInfo: XmlElement;
  readonly algorithm: string;
  readonly method: SignatureAlgorithm;
  readonly value: Uint8Array;
  readonly offered: readonly Certificate[];
  /** Digest of the document without this signature. */
  readonly documentDigest: ReferenceDigest;
  /** XAdES properties and their digest, when the signature has them. */
  readonly properties: SignedProperties | undefined;
  readonly propertiesDigest: ReferenceDigest | undefined;
}

/** A digest as a ds:Reference states it. */
export interface ReferenceDigest {
  readonly name: DigestName;
  readonly value: Buffer;
}

/** Why a ds:Signature isn't of the profile. */
export type StructureRefusal = 'ERR_SIGNATURE_MALFORMED' | 'ERR_SIGNATURE_ALGORITHM';

/**
 * Reads a ds:Signature of the profile: every element in its place, no attribute or text besides, every algorithm of the
 * list. What has no meaning here is refused instead of skipped, for another reader might give it one.
 */
export function readSignatureStructure(element: XmlElement): SignatureStructure | StructureRefusal {
  try {
    return readSignature(element);
  } catch (error) {
    if (error instanceof Deviation) return error.code;
    throw error;
  }
}

/** Ends the reading at the first deviation, wherever it stands; never leaves this file. */
class Deviation extends Error {
  readonly code: StructureRefusal;

  constructor(code: StructureRefusal) {
    super(code);
    this.code = code;
  }
}

function readSignature(element: XmlElement): SignatureStructure {
  expect(element.find(LOOSE_NODES).length === 0);
  // XMLDSIG 4.2: SignedInfo, SignatureValue, KeyInfo?, Object*; of Object only the one that holds XAdES properties.
  const [signedInfo, signatureValue, keyInfo, object] = readSequence(element, SIGNATURE);
  const properties = object === undefined ? undefined : readObject(object, need(element.attr('Id')).value);
  return {
    ...readSignedInfo(need(signedInfo), properties === undefined ? undefined : `#${properties.id}`),
    signedInfo: need(signedInfo),
    value: readOctets(need(signatureValue), ID),
    offered: keyInfo === undefined ? [] : readKeyInfo(keyInfo),
    properties,
  };
}

type SignedInfo = Pick<SignatureStructure, 'algorithm' | 'method' | 'documentDigest' | 'propertiesDigest'>;

function readSignedInfo(element: XmlElement, propertiesUri: string | undefined): SignedInfo {
  const [canonicalization, signatureMethod, ...references] = readSequence(element, SIGNED_INFO);
  // XMLDSIG 4.4.1 and exc-c14n 4: no InclusiveNamespaces child, so the octets depend on nothing outside SignedInfo.
  expectAlgorithms([readAlgorithm(need(canonicalization))], [NS.exc]);
  const algorithm = readAlgorithm(need(signatureMethod));
  const ofDocument = need(references.find((reference) => reference?.attr('URI')?.value === ''));
  const ofProperties = references.find((reference) => reference !== undefined && reference !== ofDocument);
  // Properties that no Reference covers would be unsigned content inside the signature.
  expect((ofProperties === undefined) === (propertiesUri === undefined));
  expect(ofProperties?.attr('URI')?.value === propertiesUri);
  return {
    algorithm,
    method: needAlgorithm(SIGNATURES.get(algorithm)),
    documentDigest: readReference(ofDocument, DOCUMENT_REFERENCE),
    propertiesDigest: ofProperties === undefined ? undefined : readReference(ofProperties, PROPERTIES_REFERENCE),
  };
}

interface ReferenceRule {
  readonly type: string | undefined;
  readonly attributes: readonly string[];
  readonly transforms: readonly string[];
}

function readReference(element: XmlElement, rule: ReferenceRule): ReferenceDigest {
  const [transforms, digestMethod, digestValue] = readSequence(element, { ...REFERENCE, attributes: rule.attributes });
  expect(element.attr('Type')?.value === rule.type && hasOnlyAttributes(need(transforms), []));
  const applied = childElements(need(transforms));
  expect(applied.every((one) => isNamed(one, NS.ds, 'Transform')));
  // XMLDSIG 6.6: any other transform could take what is read out of what is signed.
  expectAlgorithms(applied.map(readAlgorithm), rule.transforms);
  const name = needAlgorithm(DIGESTS.get(readAlgorithm(need(digestMethod))));
  return { name, value: readOctets(need(digestValue), []) };
}

/**
 * Certificates of ds:X509Data (XMLDSIG 4.5.4), leaf first as a rule. They are candidates only: which of them may sign is
 * judged elsewhere. Names and key values beside them are hints that nothing here follows; any other child is refused.
 */
function readKeyInfo(keyInfo: XmlElement): readonly Certificate[] {
  const hints = childElements(keyInfo);
  expect(
    hasOnlyAttributes(keyInfo, ID) && hints.every((hint) => hint.namespaceUri === NS.ds && KEY_HINTS.has(hint.name)),
  );
  const parts = hints.filter((hint) => hint.name === 'X509Data').flatMap(childElements);
  expect(parts.every((part) => part.namespaceUri === NS.ds && X509_PARTS.has(part.name)));
  const encoded = parts.filter((part) => part.name === 'X509Certificate');
  expect(encoded.length <= MAX_CERTIFICATES);
  return encoded.map((part) => readCertificate(readOctets(part, [])));
}

/** The parsed certificate; kept for a while, since parsing one takes longer than verifying a signature with it. */
function readCertificate(der: Buffer): Certificate {
  const key = der.toString('latin1');
  const certificate = recent.get(key) ?? need(parseCertificate(der));
  if (recent.size === MAX_RECENT) recent.clear();
  recent.set(key, certificate);
  return certificate;
}

/** ds:Object with the XAdES properties of this signature (ETSI EN 319 132-1 clauses 4.3.1, 4.3.2); nothing unsigned. */
function readObject(object: XmlElement, signatureId: string): SignedProperties {
  const [qualifying] = readSequence(object, OBJECT);
  const [signed] = readSequence(need(qualifying), QUALIFYING_PROPERTIES);
  expect(need(qualifying).attr('Target')?.value === `#${signatureId}` && hasOnlyAttributes(need(signed), ID));
  const id = need(need(signed).attr('Id')).value;
  // The Reference is followed by place, not by search; a second bearer of the ID would lead another reader elsewhere.
  expect(object.find(IDS).filter((node) => node.content === id).length === 1);
  return need(readSignedProperties(need(signed), id));
}

interface SequenceRule {
  readonly namespace: string;
  readonly attributes: readonly string[];
  /** Local names of the children in order; `?` marks one that may be absent. */
  readonly children: readonly string[];
}

/** The children of the element by the place of their rule. */
function readSequence(element: XmlElement, rule: SequenceRule): readonly (XmlElement | undefined)[] {
  const present = [...childElements(element)];
  const placed = rule.children.map((name) => {
    const [next] = present;
    return next !== undefined && isNamed(next, rule.namespace, name.replace('?', '')) ? present.shift() : undefined;
  });
  const isComplete = placed.every(
    (child, index) => child !== undefined || rule.children[index]?.endsWith('?') === true,
  );
  expect(isComplete && present.length === 0 && hasOnlyAttributes(element, rule.attributes));
  return placed;
}

/** The Algorithm of a method that takes no parameters: no other attribute, no child, no text. */
function readAlgorithm(element: XmlElement): string {
  expect(
    hasOnlyAttributes(element, ['Algorithm']) && childElements(element).length === 0 && BLANK.test(textOf(element)),
  );
  return need(element.attr('Algorithm')).value;
}

function readOctets(element: XmlElement, attributes: readonly string[]): Buffer {
  expect(hasOnlyAttributes(element, attributes) && childElements(element).length === 0);
  return need(decodeBase64(textOf(element)));
}

function expect(holds: boolean): void {
  if (!holds) throw new Deviation('ERR_SIGNATURE_MALFORMED');
}

function expectAlgorithms(found: readonly string[], expected: readonly string[]): void {
  const isExact = found.length === expected.length && found.every((uri, index) => uri === expected[index]);
  if (!isExact) throw new Deviation('ERR_SIGNATURE_ALGORITHM');
}

function need<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Deviation('ERR_SIGNATURE_MALFORMED');
  return value;
}

function needAlgorithm<T>(value: T | undefined): T {
  if (value === undefined) throw new Deviation('ERR_SIGNATURE_ALGORITHM');
  return value;
}

function hasOnlyAttributes(element: XmlElement, names: readonly string[]): boolean {
  return element.attrs.every((attribute) => attribute.namespaceUri === '' && names.includes(attribute.name));
}

const MAX_CERTIFICATES = 8;
const recent = new Map<string, Certificate>();
const MAX_RECENT = 1000;
const BLANK = /^[ \t\r\n]*$/;
const ID = ['Id'];
const SIGNATURE: SequenceRule = {
  namespace: NS.ds,
  attributes: ID,
  children: ['SignedInfo', 'SignatureValue', 'KeyInfo?', 'Object?'],
};
const SIGNED_INFO: SequenceRule = {
  namespace: NS.ds,
  attributes: ID,
  children: ['CanonicalizationMethod', 'SignatureMethod', 'Reference', 'Reference?'],
};
const REFERENCE = { namespace: NS.ds, children: ['Transforms', 'DigestMethod', 'DigestValue'] } as const;
const OBJECT: SequenceRule = { namespace: NS.xades, attributes: ID, children: ['QualifyingProperties'] };
const QUALIFYING_PROPERTIES: SequenceRule = {
  namespace: NS.xades,
  attributes: ['Id', 'Target'],
  children: ['SignedProperties'],
};
// XMLDSIG 4.4.3.3 and 6.6.4: URI="" is the whole document without comments, the transform leaves this signature out.
const DOCUMENT_REFERENCE: ReferenceRule = {
  type: undefined,
  attributes: ['Id', 'URI'],
  transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', NS.exc],
};
// ETSI EN 319 132-1 clause 4.4.2.
const PROPERTIES_REFERENCE: ReferenceRule = {
  type: 'http://uri.etsi.org/01903#SignedProperties',
  attributes: ['Id', 'Type', 'URI'],
  transforms: [NS.exc],
};
const KEY_HINTS: ReadonlySet<string> = new Set(['KeyName', 'KeyValue', 'X509Data']);
const X509_PARTS: ReadonlySet<string> = new Set(['X509Certificate', 'X509IssuerSerial', 'X509SKI', 'X509SubjectName']);

// Comments, instructions, and text beside child elements: no rule gives them a meaning inside a signature.
const LOOSE_NODES = XmlXPath.compile(
  './/comment() | .//processing-instruction() | descendant-or-self::*[*]/text()[normalize-space()]',
);
const IDS = XmlXPath.compile("//@*[translate(local-name(), 'ID', 'id') = 'id']");
