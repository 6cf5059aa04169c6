import path from 'node:path';
import { XmlDocument, XmlElement } from 'libxml2-wasm';

/** One element of a schema document, with what its prefixes mean there. */
export interface XsdNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XsdNode[];
  readonly prefixes: Readonly<Record<string, string>>;
  readonly schema: SchemaHead;
}

/** What a schema document says about all that is declared in it. */
export interface SchemaHead {
  readonly file: string;
  readonly targetNamespace: string;
  readonly qualifiedElements: boolean;
  readonly qualifiedAttributes: boolean;
}

/** Global components of a set of schema documents by kind and `{namespace}name`. */
export type XsdComponents = ReadonlyMap<string, XsdNode>;

/** Reads the entry and every document that it includes or imports, directly or not, from among the files. */
export function readXsdComponents(files: ReadonlyMap<string, Buffer>, entry: string): XsdComponents {
  const components = new Map<string, XsdNode>();
  const waiting = [entry];
  const seen = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const root = readDocument(file, files);
    for (const child of root.children) {
      const location = child.attributes['schemaLocation'];
      if ((child.tag === 'include' || child.tag === 'import') && location !== undefined)
        waiting.push(path.posix.join(path.posix.dirname(file), location));
      else addComponent(components, child);
    }
  }
  return components;
}

/** The key under which a component of that kind and name stands. */
export function componentKey(kind: string, name: string): string {
  return `${kind} ${name}`;
}

/** `{namespace}name` for a prefixed name in a schema document. */
export function resolveName(node: XsdNode, name: string): string {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  return `{${node.prefixes[prefix] ?? ''}}${name.slice(colon + 1)}`;
}

/** The children of these tags, annotations being none. */
export function childrenOf(node: XsdNode, ...tags: readonly string[]): readonly XsdNode[] {
  return node.children.filter(({ tag }) => tags.includes(tag));
}

/** The only child of one of these tags. */
export function childOf(node: XsdNode, ...tags: readonly string[]): XsdNode | undefined {
  return childrenOf(node, ...tags)[0];
}

function addComponent(components: Map<string, XsdNode>, node: XsdNode): void {
  const name = node.attributes['name'];
  if (name === undefined) return;
  const key = componentKey(node.tag, `{${node.schema.targetNamespace}}${name}`);
  const other = components.get(key);
  if (other !== undefined && other.schema.file !== node.schema.file)
    throw new Error(`${key} is declared in ${other.schema.file} and in ${node.schema.file}`);
  components.set(key, node);
}

function readDocument(file: string, files: ReadonlyMap<string, Buffer>): XsdNode {
  const bytes = files.get(file);
  if (bytes === undefined) throw new Error(`${file} is not among the schema files`);
  const document = XmlDocument.fromBuffer(bytes);
  try {
    const attributes = attributesOf(document.root);
    return readNode(document.root, {
      file,
      targetNamespace: attributes['targetNamespace'] ?? '',
      qualifiedElements: attributes['elementFormDefault'] === 'qualified',
      qualifiedAttributes: attributes['attributeFormDefault'] === 'qualified',
    });
  } finally {
    document.dispose();
  }
}

function readNode(element: XmlElement, schema: SchemaHead): XsdNode {
  const children: XsdNode[] = [];
  for (let child = element.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlElement && child.name !== 'annotation') children.push(readNode(child, schema));
  }
  return {
    tag: element.name,
    attributes: attributesOf(element),
    children,
    prefixes: { ...element.namespaces },
    schema,
  };
}

function attributesOf(element: XmlElement): Record<string, string> {
  return Object.fromEntries(element.attrs.map((attribute) => [attribute.name, attribute.value]));
}
