import type { Fact } from '../domain/conditions.ts';
import { objectAt } from './envelope-json.ts';
import { isJsonArray, isJsonObject } from './strict-json.ts';
import type { JsonValue } from './strict-json.ts';
import { isElement, NS, textOf } from './xml-document.ts';
import type { XmlMessage } from './xml-document.ts';
import { PROCESSING_WORDS } from './wire-words.ts';

/** What a bericht consists of, once read by the one parser of its format. */
export type Content =
  | { readonly format: 'json'; readonly value: JsonValue }
  | { readonly format: 'xml'; readonly document: XmlMessage; readonly stuf: boolean };

/**
 * The texts at a path of names such as `jeugdige/bsn`: below `inhoud`, in our wrapper below the document it holds, and in
 * StUF below the document element. Lists are walked through; null is no text.
 */
export function textsAt(content: Content, path: string): readonly string[] {
  if (content.format === 'json') return jsonTextsAt(content, path);
  const names = path.split('/');
  // Names come from the rules, whose schema leaves them no quote; schemas leave a document no second meaning of a name.
  const steps = [content.stuf ? '/*' : WRAPPED, ...names.map((name) => `*[local-name()='${name}']`)];
  const found = content.document.document.find(steps.join('/')).filter(isElement);
  return found.map((element) => textOf(element).trim());
}

/** The texts at a path of names below the `inhoud` of a JSON bericht; none in XML. */
export function jsonTextsAt(content: Content, path: string): readonly string[] {
  return content.format === 'json' ? jsonTexts([objectAt(content.value, 'inhoud')], path.split('/')) : [];
}

/** The place of a fact in names of the schema, for a refusal; without a bericht as in JSON. */
export function placeOf(fact: Fact, content?: Content): string {
  const { root, control, sender } = placesIn(content);
  switch (fact.subject) {
    case 'sender':
      return control + sender;
    case 'recipient':
      return `${control}/ontvanger`;
    case 'urgency':
      return `${control}/urgent`;
    case 'processing':
      return `${control}/verwerking/${PROCESSING_WORDS.toWire(fact.name)}`;
    case 'content':
      return `${root}/${fact.name}`;
  }
}

interface Places {
  readonly root: string;
  readonly control: string;
  readonly sender: string;
}

function placesIn(content: Content | undefined): Places {
  if (content?.format !== 'xml') return { root: '/inhoud', control: '/stuurgegevens', sender: '/afzender' };
  const { rootName, document } = content.document;
  if (content.stuf) return { root: `/${rootName}`, control: `/${rootName}/stuurgegevens`, sender: '/zender' };
  const inner = document.find(WRAPPED).filter(isElement);
  return {
    root: ['/bericht/inhoud', ...inner.map(({ name }) => name)].join('/'),
    control: '/bericht/stuurgegevens',
    sender: '/afzender',
  };
}

function jsonTexts(values: readonly JsonValue[], names: readonly string[]): readonly string[] {
  const items = values.flatMap((value) => (isJsonArray(value) ? [...value] : [value]));
  const [name, ...rest] = names;
  if (name === undefined) return items.filter((item) => item !== null).map(toText);
  return jsonTexts(
    items.flatMap((item) => memberOf(item, name)),
    rest,
  );
}

function memberOf(value: JsonValue, name: string): readonly JsonValue[] {
  const member = isJsonObject(value) ? value[name] : undefined;
  return member === undefined ? [] : [member];
}

// An object is there, and equal to no text.
function toText(value: JsonValue): string {
  return typeof value === 'object' ? '{}' : String(value);
}

const WRAPPED = `/*/*[local-name()='inhoud' and namespace-uri()='${NS.bericht}']/*`;
