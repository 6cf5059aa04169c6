import type { XmlElement } from 'libxml2-wasm';
import { XmlNodeSetStruct, XmlTreeCommonStruct } from 'libxml2-wasm/lib/libxml2.mjs';

// Reaches below the public face of libxml2-wasm, whose exact version is pinned: through that face a text is copied twice
// before its length is known, and an attachment is most of the largest berichten.
declare module 'libxml2-wasm/lib/nodes.mjs' {
  interface XmlNode {
    /** Address of the C structure. */
    readonly _nodePtr: number;
  }
}

/** How many octets the base64 text of an element stands for, white space left out of account; copies nothing. */
export function decodedOctets(element: XmlElement): number {
  const memory = new Uint8Array(XmlNodeSetStruct.nodeTable(0, 0).buffer);
  let characters = 0;
  let node = XmlTreeCommonStruct.children(element._nodePtr);
  for (; node !== 0; node = XmlTreeCommonStruct.next(node)) {
    if (TEXTS.has(XmlTreeCommonStruct.type(node))) characters += countBase64(memory, contentOf(node));
  }
  return Math.floor((characters * 3) / 4);
}

/** Address of the text of a text node. */
function contentOf(node: number): number {
  // struct _xmlNode has `content` two pointers of four octets after `doc`.
  return XmlTreeCommonStruct.doc(node + 8);
}

function countBase64(memory: Uint8Array, from: number): number {
  let count = 0;
  for (let at = from; memory[at] !== 0; at += 1) {
    // Space, tab and line ends are below the alphabet, and '=' stands for no octet.
    if (Number(memory[at]) > SPACE && memory[at] !== PADDING) count += 1;
  }
  return count;
}

const SPACE = 0x20;
const PADDING = 0x3d;
// Text and CDATA.
const TEXTS: ReadonlySet<number> = new Set([3, 4]);
