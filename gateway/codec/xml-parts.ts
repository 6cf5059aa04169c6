import type { XmlElement } from 'libxml2-wasm';
import { decodeBase64 } from './signature-algorithms.ts';
import { childElements, isNamed, textOf } from './xml-document.ts';

/** Why a ds:Signature isn't of the profile. */
export type StructureRefusal = 'ERR_SIGNATURE_MALFORMED' | 'ERR_SIGNATURE_ALGORITHM';

/** Ends the reading of a signature at the first deviation, wherever it stands; `readSignatureStructure` makes a refusal of it. */
export class Deviation extends Error {
  readonly code: StructureRefusal;

  constructor(code: StructureRefusal) {
    super(code);
    this.code = code;
  }
}

/** What an element may consist of. */
export interface SequenceRule {
  readonly namespace: string;
  readonly attributes: readonly string[];
  /** Local names of the children in order; `?` marks one that may be absent. */
  readonly children: readonly string[];
}

/** The children of the element by the place of their rule; a deviation when it holds anything else. */
export function readSequence(element: XmlElement, rule: SequenceRule): readonly (XmlElement | undefined)[] {
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

/** The octets of an element that holds base64 alone. */
export function readOctets(element: XmlElement, attributes: readonly string[] = []): Buffer {
  return need(decodeBase64(readText(element, attributes)));
}

/** The text of an element that holds no other element. */
export function readText(element: XmlElement, attributes: readonly string[] = []): string {
  expect(hasOnlyAttributes(element, attributes) && childElements(element).length === 0);
  return textOf(element);
}

/** A deviation unless it holds. */
export function expect(holds: boolean): void {
  if (!holds) throw new Deviation('ERR_SIGNATURE_MALFORMED');
}

/** The value; a deviation when there is none. */
export function need<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Deviation('ERR_SIGNATURE_MALFORMED');
  return value;
}

/** Whether every attribute of the element is one of these, without a namespace. */
export function hasOnlyAttributes(element: XmlElement, names: readonly string[]): boolean {
  return element.attrs.every((attribute) => attribute.namespaceUri === '' && names.includes(attribute.name));
}

/** The one attribute that any element of a signature may have. */
export const ID: readonly string[] = ['Id'];
