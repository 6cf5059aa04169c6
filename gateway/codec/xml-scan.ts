import { isUtf8 } from 'node:buffer';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, RejectionCode } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';

/** Upper bounds of what is parsed; each is a count, lengths are bytes. */
export interface XmlLimits {
  readonly depth: number;
  readonly elements: number;
  readonly attributesPerElement: number;
  readonly attributes: number;
  readonly nameLength: number;
  /** Namespace declarations in the whole document. */
  readonly namespaces: number;
  /** Namespace declarations in force at one place; canonicalisation searches them for every element. */
  readonly namespacesInScope: number;
  /** Comments and processing instructions together. */
  readonly notes: number;
}

/** What is accepted from outside. */
export const XML_LIMITS: XmlLimits = {
  depth: 64,
  elements: 200_000,
  attributesPerElement: 64,
  attributes: 400_000,
  nameLength: 256,
  namespaces: 50_000,
  namespacesInScope: 64,
  notes: 10_000,
};

/** What the scan saw. Positions and lengths are bytes. */
export interface XmlFacts {
  /** Whether a run of text or an attribute value is so long that libxml2 parses it in HUGE mode only. */
  readonly hugeText: boolean;
  readonly largestText: number;
  readonly hasProcessingInstruction: boolean;
  readonly hasComment: boolean;
  readonly hasCdata: boolean;
  /** Whether a comment or processing instruction stands in an element that also holds text, and so splits a value. */
  readonly splitsText: boolean;
  /** Where the end tag of the root begins; undefined for an empty-element tag. */
  readonly rootEnd: number | undefined;
}

/**
 * Checks the octets before any XML library reads them: strict UTF-8 without byte order mark, XML 1.0, no document type
 * declaration, bounded depth and counts. One linear pass; well-formedness beyond what bounds need is left to the parser.
 */
export function scanXml(bytes: Uint8Array, limits: XmlLimits = XML_LIMITS): Result<XmlFacts, Rejection> {
  const start = findContent(bytes);
  if (typeof start === 'string') return err(rejection(start));
  const scan = createScan(bytes, limits);
  for (let at = start; at < bytes.length;) at = scanRun(scan, at);
  if (scan.refusal !== undefined) return err(rejection(scan.refusal));
  if (scan.depth !== 0 || scan.elements === 0) return err(rejection('ERR_XML_MALFORMED'));
  const { largestText, hasProcessingInstruction, hasComment, hasCdata, splitsText, rootEnd } = scan;
  const seen = { largestText, hasProcessingInstruction, hasComment, hasCdata, splitsText, rootEnd };
  return ok({ hugeText: largestText > HUGE_BYTES, ...seen });
}

interface Scan {
  readonly bytes: Uint8Array;
  readonly limits: XmlLimits;
  /** Per depth: what the open element holds so far, and how many namespace declarations are in force. */
  readonly content: Uint8Array;
  readonly namespacesAt: Uint32Array;
  refusal: RejectionCode | undefined;
  depth: number;
  elements: number;
  attributes: number;
  namespaces: number;
  notes: number;
  largestText: number;
  hasProcessingInstruction: boolean;
  hasComment: boolean;
  hasCdata: boolean;
  splitsText: boolean;
  rootEnd: number | undefined;
}

function createScan(bytes: Uint8Array, limits: XmlLimits): Scan {
  return {
    bytes,
    limits,
    content: new Uint8Array(limits.depth + 1),
    namespacesAt: new Uint32Array(limits.depth + 1),
    refusal: undefined,
    depth: 0,
    elements: 0,
    attributes: 0,
    namespaces: 0,
    notes: 0,
    largestText: 0,
    hasProcessingInstruction: false,
    hasComment: false,
    hasCdata: false,
    splitsText: false,
    rootEnd: undefined,
  };
}

/** Where the document goes on after its XML declaration, or why its encoding or version is refused. */
function findContent(bytes: Uint8Array): number | RejectionCode {
  // XML 1.0 appendix F: parsers guess UTF-16 and UTF-32 from a first `<` beside zero octets, so those never pass.
  if (!isUtf8(bytes) || startsWith(bytes, 0, BYTE_ORDER_MARK) || bytes.subarray(0, 4).includes(0)) {
    return 'ERR_ENCODING_NOT_UTF8';
  }
  if (!isXmlDeclaration(bytes, 0)) return 0;
  const end = bytes.subarray(0, DECLARATION_BYTES).indexOf(GREATER_THAN) + 1;
  const declaration = DECLARATION.exec(String.fromCharCode(...bytes.subarray(0, end)));
  if (declaration === null) return 'ERR_XML_MALFORMED';
  return /^(utf-8)?$/i.test(declaration[1] ?? '') ? end : 'ERR_ENCODING_NOT_UTF8';
}

function isXmlDeclaration(bytes: Uint8Array, at: number): boolean {
  const end = at + DECLARATION_START.length;
  return startsWith(bytes, at, DECLARATION_START) && (bytes[end] === QUESTION || skipSpace(bytes, end) > end);
}

/** Reads text up to the next markup, then the markup; answers where to go on. */
function scanRun(scan: Scan, from: number): number {
  const { bytes } = scan;
  let at = from;
  while (at < bytes.length && bytes[at] !== LESS_THAN) at += 1;
  if (at > from) noteText(scan, from, at);
  if (at === bytes.length) return at;
  const next = bytes[at + 1];
  if (next === SLASH) return scanEndTag(scan, at);
  if (next === EXCLAMATION) return scanDeclaration(scan, at);
  if (next === QUESTION) return scanInstruction(scan, at);
  return scanStartTag(scan, at);
}

function noteText(scan: Scan, from: number, to: number): void {
  if (to - from > scan.largestText) scan.largestText = to - from;
  if (skipSpace(scan.bytes, from) >= to) return;
  // XML 1.0 production 1: only comments, instructions and white space stand outside the root.
  if (scan.depth === 0) refuse(scan, 'ERR_XML_MALFORMED');
  else noteContent(scan, TEXT);
}

function noteContent(scan: Scan, kind: number): void {
  const seen = Number(scan.content[scan.depth]) | kind;
  scan.content[scan.depth] = seen;
  if (seen === (TEXT | NOTE)) scan.splitsText = true;
}

function scanEndTag(scan: Scan, at: number): number {
  if (scan.depth === 0) return refuse(scan, 'ERR_XML_MALFORMED');
  const end = scan.bytes.indexOf(GREATER_THAN, at);
  if (end < 0) return refuse(scan, 'ERR_XML_MALFORMED');
  if (end - at > scan.limits.nameLength + TAG_SPACE) return refuse(scan, 'ERR_XML_LIMIT');
  scan.depth -= 1;
  if (scan.depth === 0) scan.rootEnd = at;
  return end + 1;
}

/** `<!`: a comment or a CDATA section; every other declaration belongs to a document type, which is never accepted. */
function scanDeclaration(scan: Scan, at: number): number {
  if (startsWith(scan.bytes, at, COMMENT_START)) {
    scan.hasComment = true;
    return scanNote(scan, at + COMMENT_START.length, COMMENT_END);
  }
  if (!startsWith(scan.bytes, at, CDATA_START)) return refuse(scan, 'ERR_XML_DOCTYPE');
  scan.hasCdata = true;
  const from = at + CDATA_START.length;
  const end = findEnd(scan.bytes, from, CDATA_END);
  if (end < 0 || scan.depth === 0) return refuse(scan, 'ERR_XML_MALFORMED');
  scan.largestText = Math.max(scan.largestText, end - from);
  noteContent(scan, TEXT);
  return end + CDATA_END.length;
}

function scanInstruction(scan: Scan, at: number): number {
  // XML 1.0 production 17 reserves the target `xml`: a declaration stands at the very start only.
  if (isXmlDeclaration(scan.bytes, at)) return refuse(scan, 'ERR_XML_MALFORMED');
  scan.hasProcessingInstruction = true;
  return scanNote(scan, at + 2, INSTRUCTION_END);
}

function scanNote(scan: Scan, from: number, terminator: readonly number[]): number {
  const end = findEnd(scan.bytes, from, terminator);
  if (end < 0) return refuse(scan, 'ERR_XML_MALFORMED');
  scan.notes += 1;
  if (scan.notes > scan.limits.notes) return refuse(scan, 'ERR_XML_LIMIT');
  scan.largestText = Math.max(scan.largestText, end - from);
  noteContent(scan, NOTE);
  return end + terminator.length;
}

function scanStartTag(scan: Scan, open: number): number {
  const { bytes, limits } = scan;
  if (scan.depth === 0 && scan.elements > 0) return refuse(scan, 'ERR_XML_MALFORMED');
  scan.elements += 1;
  if (scan.elements > limits.elements || scan.depth === limits.depth) return refuse(scan, 'ERR_XML_LIMIT');
  const attributesBefore = scan.attributes;
  const namespacesBefore = scan.namespaces;
  let at = skipSpace(bytes, scanName(scan, open + 1));
  while (at < bytes.length && bytes[at] !== GREATER_THAN && bytes[at] !== SLASH)
    at = skipSpace(bytes, scanAttribute(scan, at));
  if (at >= bytes.length) return refuse(scan, 'ERR_XML_MALFORMED');
  if (scan.attributes - attributesBefore > limits.attributesPerElement) return refuse(scan, 'ERR_XML_LIMIT');
  return closeStartTag(scan, at, scan.namespaces - namespacesBefore);
}

function closeStartTag(scan: Scan, at: number, declared: number): number {
  const inScope = Number(scan.namespacesAt[scan.depth]) + declared;
  if (inScope > scan.limits.namespacesInScope) return refuse(scan, 'ERR_XML_LIMIT');
  if (scan.bytes[at] === SLASH) return scan.bytes[at + 1] === GREATER_THAN ? at + 2 : refuse(scan, 'ERR_XML_MALFORMED');
  scan.depth += 1;
  scan.content[scan.depth] = 0;
  scan.namespacesAt[scan.depth] = inScope;
  return at + 1;
}

/** Reads `name="value"`; answers where the value ended. */
function scanAttribute(scan: Scan, from: number): number {
  const { bytes, limits } = scan;
  const equals = skipSpace(bytes, scanName(scan, from));
  if (bytes[equals] !== EQUALS) return refuse(scan, 'ERR_XML_MALFORMED');
  const open = skipSpace(bytes, equals + 1);
  const end = findValueEnd(bytes, open);
  if (end < 0) return refuse(scan, 'ERR_XML_MALFORMED');
  scan.largestText = Math.max(scan.largestText, end - open - 1);
  scan.attributes += 1;
  if (startsWith(bytes, from, NAMESPACE_START)) scan.namespaces += 1;
  if (scan.attributes > limits.attributes || scan.namespaces > limits.namespaces) return refuse(scan, 'ERR_XML_LIMIT');
  return end + 1;
}

/** The closing quote of the value that opens here, or -1. */
function findValueEnd(bytes: Uint8Array, open: number): number {
  const quote = bytes[open];
  if (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE) return -1;
  let end = open + 1;
  // XML 1.0 production 10: a value holds no `<`, so nothing that looks like markup hides in one.
  while (end < bytes.length && bytes[end] !== quote && bytes[end] !== LESS_THAN) end += 1;
  return bytes[end] === quote ? end : -1;
}

function scanName(scan: Scan, from: number): number {
  const { bytes } = scan;
  let at = from;
  while (at < bytes.length && ENDS_NAME[Number(bytes[at])] === 0) at += 1;
  if (at === from) return refuse(scan, 'ERR_XML_MALFORMED');
  return at - from > scan.limits.nameLength ? refuse(scan, 'ERR_XML_LIMIT') : at;
}

/** Keeps the first refusal and answers the end of the document, so that every loop stops. */
function refuse(scan: Scan, code: RejectionCode): number {
  scan.refusal ??= code;
  return scan.bytes.length;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === LINE_FEED || bytes[at] === TAB || bytes[at] === CARRIAGE_RETURN) at += 1;
  return at;
}

function startsWith(bytes: Uint8Array, at: number, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[at + index] === byte);
}

function findEnd(bytes: Uint8Array, from: number, terminator: readonly number[]): number {
  const last = Number(terminator.at(-1));
  const before = terminator.length - 1;
  let at = bytes.indexOf(last, from + before);
  while (at >= 0 && !startsWith(bytes, at - before, terminator)) at = bytes.indexOf(last, at + 1);
  return at < 0 ? at : at - before;
}

const octets = (text: string): readonly number[] => Array.from(text, (character) => character.charCodeAt(0));

// libxml2 refuses text over 10,000,000 octets unless HUGE is set; below this it isn't needed.
const HUGE_BYTES = 9_000_000;
const [TEXT, NOTE] = [1, 2];
/** Octets of an end tag that aren't its name: `</`, and white space before `>`. */
const TAG_SPACE = 64;
const DECLARATION_BYTES = 256;
// XML 1.0 productions 23 to 32; read from at most DECLARATION_BYTES octets.
const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][A-Za-z0-9._-]*)["'])?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>$/;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const DECLARATION_START = octets('<?xml');
const [COMMENT_START, COMMENT_END] = [octets('<!--'), octets('-->')];
const [CDATA_START, CDATA_END] = [octets('<![CDATA['), octets(']]>')];
const INSTRUCTION_END = octets('?>');
const NAMESPACE_START = octets('xmlns');
const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [EXCLAMATION, DOUBLE_QUOTE, SINGLE_QUOTE, SLASH] = [0x21, 0x22, 0x27, 0x2f];
const [LESS_THAN, EQUALS, GREATER_THAN, QUESTION] = [0x3c, 0x3d, 0x3e, 0x3f];
const ENDS_NAME = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x26, 0x27, 0x2f, 0x3c, 0x3d, 0x3e].includes(byte) ? 1 : 0,
);
