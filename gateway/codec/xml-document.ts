import { ParseOption, XmlDocument, XmlElement, XmlParseError, XmlXPath } from 'libxml2-wasm';
import type { XmlNode } from 'libxml2-wasm';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { scanXml } from './xml-scan.ts';
import type { XmlFacts } from './xml-scan.ts';

/**
 * A parsed document in libxml2's memory. The caller disposes of it on every path; its elements may not be used after.
 */
export interface XmlMessage {
  readonly document: XmlDocument;
  readonly rootName: string;
  readonly rootNamespace: string;
  readonly facts: XmlFacts;
  /** Moves the element and all within it to a document of its own, which lives as long as the message. */
  detach(element: XmlElement): XmlDocument;
  dispose(): void;
}

/** Namespaces of the wire formats and of XML signatures. */
export const NS = {
  bericht: 'urn:doorgeefluik:bericht:1',
  bevestiging: 'urn:doorgeefluik:bevestiging:1',
  stuf: 'http://www.egem.nl/StUF/StUF0301',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
  exc: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const;

/** Scans, then parses the octets. What is refused has left nothing in libxml2's memory. */
export function openXml(bytes: Uint8Array): Result<XmlMessage, Rejection> {
  const facts = scanXml(bytes);
  if (!facts.ok) return facts;
  const document = parseDocument(bytes, facts.value);
  if (document === undefined) return err(rejection('ERR_XML_MALFORMED'));
  const { root } = document;
  const owned = [document];
  return ok({
    document,
    rootName: root.name,
    rootNamespace: root.namespaceUri,
    facts: facts.value,
    detach: (element) => {
      const part = XmlDocument.create();
      // Parts go first: their namespace references point into the document they came from.
      owned.unshift(part);
      part.root = element;
      return part;
    },
    dispose: () => {
      for (const one of owned) one.dispose();
    },
  });
}

/** The first child element of the name; undefined when there is none. */
export function childElement(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return childElements(element).find((child) => isNamed(child, namespace, name));
}

/** All child elements, in document order. */
export function childElements(element: XmlElement): readonly XmlElement[] {
  // By XPath: in libxml2-wasm a processing instruction has no `next`, so walking siblings would end at one.
  return element.find(CHILDREN).filter(isElement);
}

/** Whether the element has this expanded name. */
export function isNamed(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespaceUri === namespace;
}

/**
 * The whole text of an element that holds only text. Text around comments, processing instructions and CDATA borders is
 * joined, so none of these can shorten a value.
 */
export function textOf(element: XmlElement): string {
  return element.content;
}

/** Whether the document holds any ds:Signature but the allowed one. */
export function hasSignatureElsewhere(message: XmlMessage, allowed: XmlElement | undefined): boolean {
  return findSignatures(message).some((signature) => allowed === undefined || !signature.isSameNode(allowed));
}

/** Every ds:Signature of the document, in document order. */
export function findSignatures(message: XmlMessage): readonly XmlElement[] {
  return message.document.find(SIGNATURES).filter(isElement);
}

/** Whether the node is an element. */
export function isElement(node: XmlNode): node is XmlElement {
  return node instanceof XmlElement;
}

function parseDocument(bytes: Uint8Array, facts: XmlFacts): XmlDocument | undefined {
  try {
    return XmlDocument.fromBuffer(bytes, { encoding: 'utf-8', option: facts.hugeText ? HUGE_OPTIONS : OPTIONS });
  } catch (error) {
    if (error instanceof XmlParseError) return undefined;
    throw error;
  }
}

// No document type can occur (the scan refuses it); the first three keep libxml2 from every outside source all the same.
// IDs aren't indexed: nothing here finds an element by its ID.
const OPTIONS: ParseOption =
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_SKIP_IDS |
  ParseOption.XML_PARSE_COMPACT;
const HUGE_OPTIONS: ParseOption = OPTIONS | ParseOption.XML_PARSE_HUGE;

// Compiled once and kept for the life of the process.
const CHILDREN = XmlXPath.compile('*');
const SIGNATURES = XmlXPath.compile('//ds:Signature', { ds: NS.ds });
