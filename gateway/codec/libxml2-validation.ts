import type { XmlDocument, XsdValidator } from 'libxml2-wasm';
import {
  addFunction,
  XmlErrorStruct,
  xmlSchemaFreeValidCtxt,
  xmlSchemaNewValidCtxt,
  xmlSchemaSetValidStructuredErrors,
  xmlSchemaValidateDoc,
  XmlTreeCommonStruct,
} from 'libxml2-wasm/lib/libxml2.mjs';

// The one file that reaches below the public face of libxml2-wasm, whose exact version is pinned. That face gives no error
// code, and works out an XPath for every error: time quadratic in the number of siblings, for whoever sends many errors.
declare module 'libxml2-wasm/lib/libxml2.mjs' {
  export const addFunction: (callback: (context: number, error: number) => void, signature: 'vii') => number;
}
declare module 'libxml2-wasm/lib/disposable.mjs' {
  interface XmlDisposable<T extends XmlDisposable<T>> {
    /** Address of the C structure; 0 once disposed of. */
    readonly _ptr: number;
  }
}

/** A validity error as libxml2 reports it; only good until the callback it was given to returns. */
export interface SchemaError {
  /** xmlParserErrors of libxml2's xmlerror.h, 1801 to 1879. */
  readonly code: number;
  /** Address of the node, 0 for none. */
  readonly node: number;
  /** libxml2's text, which may hold values of the document. */
  readonly text: () => string;
}

/** Validates, giving each error to the callback as it is found. Answers whether the document is valid. */
export function validateDocument(
  validator: XsdValidator,
  document: XmlDocument,
  take: (error: SchemaError) => void,
): boolean {
  const context = xmlSchemaNewValidCtxt(validator._ptr);
  receiver = take;
  xmlSchemaSetValidStructuredErrors(context, onError, 0);
  const result = xmlSchemaValidateDoc(context, document._ptr);
  xmlSchemaFreeValidCtxt(context);
  if (result < 0) throw new TypeError('the schema or the document was disposed of');
  return result === 0;
}

/** An element of the tree, by its address. */
export interface TreeElement {
  readonly name: string;
  /** 1-based among sibling elements of the same local name. */
  readonly position: number;
  readonly hasNamesake: boolean;
  readonly parent: number;
}

/** The element at the address; undefined for any other node and for address 0. */
export function readTreeElement(node: number): TreeElement | undefined {
  if (!isElementAt(node)) return undefined;
  const name = XmlTreeCommonStruct.name_(node);
  const { prev, next } = XmlTreeCommonStruct;
  let position = 1;
  for (let at = findNamesake(prev(node), name, prev); at !== 0; at = findNamesake(prev(at), name, prev)) position += 1;
  const hasNamesake = position > 1 || findNamesake(next(node), name, next) !== 0;
  return { name, position, hasNamesake, parent: XmlTreeCommonStruct.parent(node) };
}

/** The first element of the name from this sibling on; 0 when there is none. */
function findNamesake(from: number, name: string, step: (from: number) => number): number {
  let at = from;
  while (at !== 0 && !(isElementAt(at) && XmlTreeCommonStruct.name_(at) === name)) at = step(at);
  return at;
}

function isElementAt(node: number): boolean {
  return node !== 0 && XmlTreeCommonStruct.type(node) === ELEMENT_NODE;
}

// libxml2 calls back while it validates, which is synchronous: there is one receiver at a time.
let receiver: (error: SchemaError) => void;
const onError = addFunction((_context, error) => {
  receiver({
    // struct _xmlError begins with domain and code, each four octets: where a node has its type.
    code: XmlTreeCommonStruct.type(error),
    node: XmlErrorStruct.node(error),
    text: () => XmlErrorStruct.message(error),
  });
}, 'vii');
const ELEMENT_NODE = 1;
