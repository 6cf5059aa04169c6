import { XmlDocument, XmlElement, XmlXPath } from 'libxml2-wasm';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import { scanXml } from '../../../gateway/codec/xml-scan.ts';
import type { XmlFacts, XmlLimits } from '../../../gateway/codec/xml-scan.ts';
import { readExamples } from '../seeds.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateXmlTree } from '../mutate/xml.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';
import { hasDeclaration } from './xml-markup.ts';

// So small that inputs of some hundred octets reach them.
const LIMITS: XmlLimits = {
  depth: 8,
  elements: 60,
  attributesPerElement: 6,
  attributes: 60,
  nameLength: 40,
  namespaces: 12,
  namespacesInScope: 6,
  notes: 4,
};

const SMALL = [
  '<a/>',
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a b="c"><!-- d --><e>f<![CDATA[g]]>&amp;h</e><?i j?></a>\n<!-- k -->',
  '<p:a xmlns:p="urn:p" xmlns="urn:q" p:b="1"><c xmlns="" d=\'2\'/> text </p:a>',
];

const target: FuzzTarget = {
  invariant:
    'what is accepted has no document type or entity, is within its limits by the count of the parser, and is as the scan says; all else is refused',
  seeds: [...readExamples('xml', 8), ...SMALL].map((text) => Buffer.from(text)),
  mutators: [
    mutateXmlTree(),
    mutateXmlTree(),
    mutateBytes(['<!DOCTYPE', '<![CDATA[', ']]>', '<!--', '-->', '<?', '?>', 'xmlns:', '&#']),
  ],
  run: (input) => {
    judgeWhole(input);
    judgeScan(input);
  },
};

function judgeWhole(input: Buffer): void {
  const opened = openXml(input);
  if (!opened.ok) {
    must(CODES.has(opened.error.code), `refuses with ${opened.error.code}`);
    return;
  }
  const message = opened.value;
  try {
    must(!hasDeclaration(input.toString('utf8')), 'accepts a document type or entity');
    must(Buffer.from(input.toString('utf8')).equals(input), 'accepts what is no UTF-8');
    must(message.document.dtd === null, 'the parser saw a document type');
    judgeFacts(message.document, message.facts, input);
  } finally {
    message.dispose();
  }
}

function judgeFacts(document: XmlDocument, facts: XmlFacts, input: Buffer): void {
  const comments = document.find(COMMENTS);
  must(facts.hasComment === comments.length > 0, 'the scan and the parser differ on comments');
  const instructions = document.find(INSTRUCTIONS);
  must(facts.hasProcessingInstruction === instructions.length > 0, 'the scan and the parser differ on instructions');
  // What splits a value by the parser's own tree must be told; the scan may say it of more.
  if (document.find(SPLIT).length > 0) must(facts.splitsText, 'a value is split and the scan says not');
  const end = facts.rootEnd;
  if (end !== undefined)
    must(input.toString('latin1', end, end + 2) === '</', 'the root does not end where the scan says');
}

function judgeScan(input: Buffer): void {
  const scanned = scanXml(input, LIMITS);
  if (!scanned.ok) return;
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(input);
  } catch {
    return;
  }
  try {
    const elements = document.find(ELEMENTS).filter((node) => node instanceof XmlElement);
    must(elements.length <= LIMITS.elements, 'more elements than allowed');
    must(document.find(TOO_DEEP).length === 0, 'deeper than allowed');
    must(document.find(NOTES).length <= LIMITS.notes, 'more comments and instructions than allowed');
    for (const element of elements) judgeElement(element);
  } finally {
    document.dispose();
  }
}

function judgeElement(element: XmlElement): void {
  const declared = Object.keys(element.nsDeclarations).length;
  must(element.attrs.length + declared <= LIMITS.attributesPerElement, 'more attributes than allowed');
  const name = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`;
  must(Buffer.byteLength(name) <= LIMITS.nameLength, 'a longer name than allowed');
}

const CODES: ReadonlySet<string> = new Set([
  'ERR_XML_MALFORMED',
  'ERR_XML_DOCTYPE',
  'ERR_XML_LIMIT',
  'ERR_ENCODING_NOT_UTF8',
]);
const COMMENTS = XmlXPath.compile('//comment()');
const INSTRUCTIONS = XmlXPath.compile('//processing-instruction()');
const NOTES = XmlXPath.compile('//comment() | //processing-instruction()');
const ELEMENTS = XmlXPath.compile('//*');
const TOO_DEEP = XmlXPath.compile(`/*${'/*'.repeat(LIMITS.depth)}`);
const SPLIT = XmlXPath.compile('//*[text()[normalize-space()]][comment() or processing-instruction()]');

export default target;
