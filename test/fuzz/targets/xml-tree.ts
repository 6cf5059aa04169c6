import { createRequire } from 'node:module';

interface DomNode {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly namespaceURI?: string | null;
  readonly localName?: string;
  readonly target?: string;
  readonly prefix?: string | null;
  readonly attributes?: ArrayLike<DomNode> | null;
  readonly childNodes: ArrayLike<DomNode> | null;
}

interface Parser {
  parseFromString(text: string, type: string): DomNode;
}

// The declarations of this package bring the whole of the browser's names into the project.
const { DOMParser } = createRequire(import.meta.url)('@xmldom/xmldom') as {
  readonly DOMParser: new (options: object) => Parser;
};

function fail(message: string): never {
  throw new RangeError(message);
}

const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig# Signature';

/**
 * What a document says, by a parser that shares nothing with the product's: names with their namespaces and prefixes, attributes in order,
 * joined text, without comments, and without the signature that is the root's child.
 */
export function readTree(text: string): string {
  const document = new DOMParser({
    errorHandler: { warning: () => undefined, error: fail, fatalError: fail },
  }).parseFromString(text, 'text/xml');
  const parts: unknown[] = [];
  for (const child of Array.from(document.childNodes ?? [])) parts.push(...write(child, 0));
  return JSON.stringify(join(parts));
}

function write(node: DomNode, depth: number): readonly unknown[] {
  switch (node.nodeType) {
    // Around the root there is nothing but white space, and the XML declaration, which this parser takes for an instruction.
    case TEXT:
    case CDATA:
      return depth === 0 ? [] : [node.nodeValue];
    case INSTRUCTION:
      return node.target === 'xml' ? [] : [['?', node.target, node.nodeValue]];
    case ELEMENT:
      return depth === 1 && nameOf(node) === SIGNATURE ? [] : [writeElement(node, depth)];
    default:
      return [];
  }
}

function writeElement(node: DomNode, depth: number): unknown {
  const attributes = Array.from(node.attributes ?? [])
    .filter(({ namespaceURI }) => namespaceURI !== 'http://www.w3.org/2000/xmlns/')
    .map((attribute) => [nameOf(attribute), attribute.nodeValue])
    .sort();
  const content = Array.from(node.childNodes ?? []).flatMap((child) => write(child, depth + 1));
  return [nameOf(node), node.prefix ?? '', attributes, join(content)];
}

function nameOf({ namespaceURI, localName }: DomNode): string {
  return `${namespaceURI ?? ''} ${String(localName)}`;
}

/** Neighbouring texts as one, empty ones left out. */
function join(parts: readonly unknown[]): readonly unknown[] {
  const joined: unknown[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  return joined;
}

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;
const INSTRUCTION = 7;
