import { XMLParser } from 'fast-xml-parser';

/** What one schema file declares and refers to, read without compiling it. */
export interface XsdFile {
  readonly namespace: string;
  /** Names of its global elements. */
  readonly elements: readonly string[];
  readonly references: readonly XsdReference[];
  /** Versions of the koppelvlak that it says of itself (`StUF:patch` in its appinfo), such as `1.0.9`. */
  readonly patches: readonly string[];
}

/** An include or import that names a file. */
export interface XsdReference {
  readonly kind: 'include' | 'import';
  /** As written; see `resolvePath`. */
  readonly location: string;
}

/** Reads a schema file; undefined when it is no XSD of a namespace, or declares a document type. */
export function readXsdFile(bytes: Uint8Array): XsdFile | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  // No published XSD needs one, and its entities would be read before any check.
  if (text.includes('<!DOCTYPE')) return undefined;
  const root = childrenOf(parseTree(text), 'schema')[0];
  const namespace = textOf(root, '@targetNamespace');
  if (root === undefined || namespace === undefined) return undefined;
  return {
    namespace,
    elements: childrenOf(root, 'element').flatMap((element) => textOf(element, '@name') ?? []),
    references: REFERENCES.flatMap((kind) =>
      childrenOf(root, kind).flatMap((node) => {
        const location = textOf(node, '@schemaLocation');
        return location === undefined ? [] : [{ kind, location }];
      }),
    ),
    patches: childrenOf(root, 'annotation')
      .flatMap((node) => childrenOf(node, 'appinfo'))
      .flatMap((node) => textOf(node, 'patch') ?? [])
      .filter((patch) => VERSION.test(patch)),
  };
}

/** The path that a location in a file means; undefined for one outside the files, as an address or above their root. */
export function resolvePath(from: string, location: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:|^\//.test(location)) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of location.split('/')) {
    if (part === '.' || part === '') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

function parseTree(text: string): unknown {
  try {
    return READER.parse(text);
  } catch {
    // Whoever needs the file is told by libxml2 what is wrong with it.
    return undefined;
  }
}

type Node = Readonly<Record<string, unknown>>;

function childrenOf(node: unknown, name: string): readonly Node[] {
  const child = isNode(node) ? node[name] : undefined;
  const list: readonly unknown[] = Array.isArray(child) ? child : [child];
  return list.filter(isNode);
}

function textOf(node: unknown, name: string): string | undefined {
  const value = isNode(node) ? node[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const READER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
});
const REFERENCES = ['include', 'import'] as const;
const VERSION = /^\d{1,3}\.\d{1,3}\.\d{1,3}$/;
