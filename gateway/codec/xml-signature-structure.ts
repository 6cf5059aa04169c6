import { XmlXPath } from 'libxml2-wasm';
import type { XmlElement } from 'libxml2-wasm';
import type { Certificate } from './certificate.ts';
import { readKeyInfo } from './key-info.ts';
import { DIGESTS, SIGNATURES } from './signature-algorithms.ts';
import type { DigestName, SignatureAlgorithm } from './signature-algorithms.ts';
import { readSignedProperties } from './xades.ts';
import type { SignedProperties } from './xades.ts';
import { childElements, isNamed, NS } from './xml-document.ts';
import { Deviation, expect, hasOnlyAttributes, ID, need, readOctets, readSequence, readText } from './xml-parts.ts';
import type { SequenceRule, StructureRefusal } from './xml-parts.ts';

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

function readSignature(element: XmlElement): SignatureStructure {
  // XMLDSIG 4.4.3.3: comments are not signed, and inside a signature no section gives them or instructions a meaning.
  expect(element.find(LOOSE_NODES).length === 0);
  // XMLDSIG 4.2: SignedInfo, SignatureValue, KeyInfo?, Object*; of Object only the one that holds XAdES properties.
  const [signedInfo, signatureValue, keyInfo, object] = readSequence(element, SIGNATURE);
  const properties = object === undefined ? undefined : readObject(object, need(element.attr('Id')).value);
  return {
    ...readSignedInfo(need(signedInfo), properties === undefined ? undefined : `#${properties.id}`),
    signedInfo: need(signedInfo),
    // XMLDSIG 4.3: base64, whose octets verifyOctets measures against the key.
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
  // XMLDSIG 4.4.2: HMACOutputLength and other parameters of a method are children, and readAlgorithm takes none.
  const algorithm = readAlgorithm(need(signatureMethod));
  // XMLDSIG 4.4.3.1 and 4.4.3.3: the one URI that names the document, and no other is ever followed.
  const ofDocument = need(references.find((reference) => reference?.attr('URI')?.value === ''));
  const ofProperties = references.find((reference) => reference !== undefined && reference !== ofDocument);
  // ETSI EN 319 132-1 clause 4.4.2: properties that no Reference covers would be unsigned content inside the signature.
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
  // XMLDSIG 4.4.3.1: Type is a hint that validation may ignore, so it says what the Reference is or isn't there.
  expect(element.attr('Type')?.value === rule.type && hasOnlyAttributes(need(transforms), []));
  const applied = childElements(need(transforms));
  expect(applied.every((one) => isNamed(one, NS.ds, 'Transform')));
  // XMLDSIG 4.4.3.4 and 6.6: any other transform could take what is read out of what is signed.
  expectAlgorithms(applied.map(readAlgorithm), rule.transforms);
  // XMLDSIG 4.4.3.5 and 4.4.3.6.
  const name = needAlgorithm(DIGESTS.get(readAlgorithm(need(digestMethod))));
  return { name, value: readOctets(need(digestValue)) };
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

/** The Algorithm of a method that takes no parameters: no other attribute, no child, no text. */
function readAlgorithm(element: XmlElement): string {
  expect(BLANK.test(readText(element, ['Algorithm'])));
  return need(element.attr('Algorithm')).value;
}

function expectAlgorithms(found: readonly string[], expected: readonly string[]): void {
  const isExact = found.length === expected.length && found.every((uri, index) => uri === expected[index]);
  if (!isExact) throw new Deviation('ERR_SIGNATURE_ALGORITHM');
}

function needAlgorithm<T>(value: T | undefined): T {
  if (value === undefined) throw new Deviation('ERR_SIGNATURE_ALGORITHM');
  return value;
}

const BLANK = /^[ \t\r\n]*$/;
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
// Comments, instructions, and text beside child elements: no rule gives them a meaning inside a signature.
const LOOSE_NODES = XmlXPath.compile(
  './/comment() | .//processing-instruction() | descendant-or-self::*[*]/text()[normalize-space()]',
);
const IDS = XmlXPath.compile("//@*[translate(local-name(), 'ID', 'id') = 'id']");
