import type { Random } from '../conformance/random.ts';
import { URI } from '../support/xml-signer.ts';
import {
  ALGORITHMS,
  ATTRIBUTES,
  BERICHT,
  CHARACTERS,
  COMMENTS,
  CONTENTS,
  DECLARATIONS,
  KEY_INFOS,
  NAMES,
  OBJECTS,
  PARAMETERS,
  PARTS,
  REFERENCES,
  SPACES,
  TRANSFORMS,
  URIS,
  VALUES,
} from './mutation-values.ts';
import { readShape, splice } from './shape.ts';
import type { AttributeSpan, ElementSpan, Shape } from './shape.ts';

/** A changed document and the names of what was done to it, in order. */
export interface Mutant {
  readonly steps: readonly string[];
  readonly bytes: Buffer;
}

/** Changes a document in one to three ways, of which at most the last cuts through its octets. */
export function mutate(text: string, random: Random): Mutant {
  const steps: string[] = [];
  let changed = text;
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left -= 1) {
    const [name, change] = random.pick(WEIGHTED);
    const result = apply(change, changed, random);
    if (result === undefined || result === changed) continue;
    changed = result;
    steps.push(name);
  }
  const bytes = Buffer.from(changed);
  if (steps.length > 0 && random.between(1, 8) > 1) return { steps, bytes };
  const [name, change] = random.pick(BYTE_CHANGES);
  return { steps: [...steps, name], bytes: change(bytes, random) };
}

/** Changes a document in one to three ways, none of which cuts through its octets. */
export function mutateText(text: string, random: Random): { readonly steps: readonly string[]; readonly text: string } {
  const steps: string[] = [];
  let changed = text;
  for (let tries = random.between(1, 3); tries > 0 || steps.length === 0; tries -= 1) {
    const [name, change] = random.pick(WEIGHTED);
    const result = apply(change, changed, random);
    if (result === undefined || result === changed) continue;
    changed = result;
    steps.push(name);
  }
  return { steps, text: changed };
}

/** The changed text; undefined when earlier changes left too little to change. */
function apply(change: Change, text: string, random: Random): string | undefined {
  const shape = readShape(text);
  const isEnough = shape.elements.length > 1 && shape.attributes.length > 0 && shape.texts.length > 0;
  return isEnough ? change({ ...shape, random }) : undefined;
}

type Place = Shape & { readonly random: Random };
type Change = (place: Place) => string | undefined;
type ByteChange = (bytes: Buffer, random: Random) => Buffer;

const BYTE_CHANGES: readonly (readonly [string, ByteChange])[] = [
  [
    'flip a bit',
    (bytes, random) => {
      const at = random.between(0, bytes.length - 1);
      return withBytes(bytes, [at, at + 1], [bytes.readUInt8(at) ^ (1 << random.between(0, 7))]);
    },
  ],
  ['drop a byte', (bytes, random) => withBytes(bytes, atOf(bytes, random, 1), [])],
  ['add a byte', (bytes, random) => withBytes(bytes, atOf(bytes, random, 0), [random.between(0, 255)])],
  ['set a byte', (bytes, random) => withBytes(bytes, atOf(bytes, random, 1), [random.between(32, 126)])],
  [
    'repeat a run of bytes',
    (bytes, random) => {
      const [from] = atOf(bytes, random, 0);
      return withBytes(bytes, atOf(bytes, random, 0), bytes.subarray(from, from + random.between(1, 40)));
    },
  ],
  ['drop a run of bytes', (bytes, random) => withBytes(bytes, atOf(bytes, random, random.between(2, 40)), [])],
  ['cut off the end', (bytes, random) => bytes.subarray(0, -random.between(1, 40))],
  ['write as UTF-16', (bytes) => Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le')],
  ['put a byte order mark before it', (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])],
];

// What leaves the canonical form as it is, if it is done outside what SignatureValue covers by its octets.
const SPELLING: readonly (readonly [string, Change])[] = [
  [
    'swap two attributes',
    (place) => {
      const [first, second] = attributePair(place);
      if (first === undefined || second === undefined) return undefined;
      const { text } = place;
      const swapped = text.slice(second.start, second.end) + text.slice(first.end, second.start);
      return splice(text, { start: first.start, end: second.end }, swapped + text.slice(first.start, first.end));
    },
  ],
  ['space in a tag', (place) => inTag(place, () => place.random.pick(SPACES))],
  [
    'other quotes',
    (place) => withAttribute(place, ({ name, value }) => (value.includes("'") ? undefined : ` ${name} = '${value}'`)),
  ],
  [
    'an empty element in the other form',
    ({ text, elements, random }) => {
      const empty = elements.filter(({ openEnd, closeStart }) => openEnd === closeStart);
      if (empty.length === 0) return undefined;
      const span = random.pick(empty);
      const tag = text.slice(span.start, span.openEnd);
      const other = tag.endsWith('/>') ? `${tag.slice(0, -2)}></${span.name}>` : `${tag.slice(0, -1)}/>`;
      return splice(text, span, other);
    },
  ],
  ['a character reference', (place) => inText(place, (one) => asReference(one, place.random))],
  ['a CDATA section', (place) => inText(place, (one) => `<![CDATA[${one.replace(/&[^;]*;/g, 'x')}]]>`)],
  ['carriage returns', (place) => replaceOne(place, '\n', place.random.pick(['\r\n', '\r', '&#13;\n']))],
  ['a line break in a text', (place) => inText(place, (one) => breakText(one, place.random))],
  ['white space between elements', (place) => betweenElements(place, place.random.pick(SPACES))],
  ['an XML declaration', ({ text, random }) => random.pick(DECLARATIONS) + text.replace(/^<\?xml[^>]*\?>/, '')],
  ['a comment between elements', (place) => betweenElements(place, place.random.pick(COMMENTS))],
  ['a comment in a text', (place) => inText(place, (one) => insertInto(one, '<!--x-->', place.random))],
  [
    'a comment at the borders',
    ({ text, random }) => (random.between(0, 1) === 0 ? `<!-- x -->${text}` : `${text}<!-- x -->\n`),
  ],
  ['an instruction', (place) => betweenElements(place, '<?x y?>')],
  ['an instruction in a text', (place) => inText(place, (one) => insertInto(one, '<?x y?>', place.random))],
  ['white space after the root', ({ text, random }) => text + random.pick(SPACES)],
];

const NAMESPACES: readonly (readonly [string, Change])[] = [
  ['an unused namespace', (place) => inTag(place, () => ` xmlns:n${String(place.random.between(1, 9))}="urn:n"`)],
  ['a namespace said again', (place) => inTag(place, (span) => declarationOf(place, span))],
  [
    'a default namespace',
    (place) => inTag(place, () => ` xmlns="${place.random.pick(['', 'urn:n', URI.ds, BERICHT])}"`),
  ],
  ['a prefix bound anew', (place) => inTag(place, (span) => ` xmlns:${prefixOf(span)}="${place.random.pick(URIS)}"`)],
  ['a relative namespace name', (place) => inTag(place, () => ' xmlns:r="relatief"')],
  ['the XML namespace declared', (place) => inTag(place, () => ' xmlns:xml="http://www.w3.org/XML/1998/namespace"')],
  [
    'a declaration moved',
    (place) => {
      const declared = place.attributes.filter(({ name }) => name.startsWith('xmlns'));
      if (declared.length === 0) return undefined;
      const { text, random } = place;
      const one = random.pick(declared);
      const to = random.pick(place.elements);
      const at = to.start + 1 + to.name.length;
      const written = text.slice(one.start, one.end);
      if (at > one.end) return splice(splice(text, { start: at, end: at }, written), one, '');
      return splice(splice(text, one, ''), { start: Math.min(at, one.start), end: Math.min(at, one.start) }, written);
    },
  ],
  [
    'a prefix renamed',
    ({ text, elements, random }) => {
      const prefixed = elements.filter(({ name }) => name.includes(':'));
      if (prefixed.length === 0) return undefined;
      const [prefix = ''] = random.pick(prefixed).name.split(':');
      const to = random.pick(['q', 'xades', 'ds', 'b', 'Ds']);
      return text.replaceAll(`${prefix}:`, `${to}:`).replaceAll(`xmlns:${prefix}=`, `xmlns:${to}=`);
    },
  ],
  ['an element in another namespace', (place) => renamed(place, ({ name }) => `b:${name.replace(/^.*:/, '')}`)],
];

const NODES: readonly (readonly [string, Change])[] = [
  ['an element dropped', ({ text, elements, random }) => splice(text, random.pick(elements.slice(1)), '')],
  ['an element twice', (place) => withElement(place, (one) => one + one)],
  [
    'an element copied elsewhere',
    ({ text, elements, random }) => {
      const span = random.pick(elements);
      return insertNear({ text, random }, text.slice(span.start, span.end), random.pick(elements));
    },
  ],
  [
    'an element moved',
    (place) => {
      const { text, elements, random } = place;
      const [from, to] = [random.pick(elements.slice(1)), random.pick(elements)];
      const moved = text.slice(from.start, from.end);
      if (to.start >= from.end) return splice(insertNear({ text, random }, moved, to), from, '');
      if (to.end > from.end) return undefined;
      return insertNear({ text: splice(text, from, ''), random }, moved, to);
    },
  ],
  ['an element wrapped', (place) => withElement(place, (one) => `<x>${one}</x>`)],
  ['an element unwrapped', ({ text, elements, random }) => unwrapped(text, random.pick(elements))],
  ['an element emptied', (place) => withContent(place, () => '')],
  ['an element filled', (place) => withContent(place, () => place.random.pick(CONTENTS))],
  ['an element renamed', (place) => renamed(place, ({ name }) => place.random.pick([`${name}x`, ...NAMES]))],
  [
    'two texts exchanged',
    ({ text, texts, random }) => {
      const [one, other] = [random.pick(texts), random.pick(texts)].sort((a, b) => a.start - b.start);
      if (one === undefined || other === undefined || one.start === other.start) return undefined;
      return splice(splice(text, other, text.slice(one.start, one.end)), one, text.slice(other.start, other.end));
    },
  ],
  ['a character of a text', (place) => inText(place, (one) => replaceAt(one, place.random))],
  ['space around a text', (place) => inText(place, (one) => place.random.pick([` ${one}`, `${one}\n`, one.trim()]))],
  ['the bericht around itself', ({ text }) => text.replace(/<\/b:inhoud>/, () => `${bare(text)}</b:inhoud>`)],
  [
    'the bericht in an Object',
    ({ text }) => inSignature(text, (prefix) => `<${prefix}Object>${bare(text)}</${prefix}Object>`),
  ],
  ['the signature again', ({ text, random }) => insertInto(text, signatureIn(text), random)],
  ['the signature first', ({ text }) => moveSignature(text)],
  ['an attribute dropped', (place) => withAttribute(place, () => '')],
  [
    'an attribute twice',
    (place) => withAttribute(place, ({ name, value }) => ` ${name}="${value}" ${name}="${value}"`),
  ],
  ['an attribute changed', (place) => withAttribute(place, ({ name }) => ` ${name}="${place.random.pick(VALUES)}"`)],
  ['an attribute added', (place) => inTag(place, () => place.random.pick(ATTRIBUTES))],
  [
    'two attribute values exchanged',
    ({ text, attributes, random }) => {
      const [one, other] = [random.pick(attributes), random.pick(attributes)].sort((a, b) => a.start - b.start);
      if (one === undefined || other === undefined || one.start === other.start) return undefined;
      const late = splice(text, other, ` ${other.name}="${one.value}"`);
      return splice(late, one, ` ${one.name}="${other.value}"`);
    },
  ],
];

const SIGNATURE: readonly (readonly [string, Change])[] = [
  ['an algorithm changed', (place) => withNamed(place, 'Algorithm', place.random.pick(ALGORITHMS))],
  ['a URI changed', (place) => withNamed(place, 'URI', place.random.pick(REFERENCES))],
  ['a Type changed', (place) => withNamed(place, 'Type', place.random.pick(ALGORITHMS))],
  [
    'an Id or Target changed',
    (place) => withNamed(place, place.random.pick(['Id', 'Target']), place.random.pick(VALUES)),
  ],
  [
    'a transform added',
    (place) => nearNamed(place, 'Transform', (prefix) => place.random.pick(TRANSFORMS).replaceAll('ds:', prefix)),
  ],
  [
    'a transform dropped',
    ({ text, elements, random }) => {
      const found = named(elements, 'Transform');
      return found.length === 0 ? undefined : splice(text, random.pick(found), '');
    },
  ],
  ['a reference twice', (place) => twice(place, 'Reference')],
  ['a part of the signature twice', (place) => twice(place, place.random.pick(PARTS))],
  [
    'a parameter of a method',
    (place) => {
      const found = named(
        place.elements,
        place.random.pick(['SignatureMethod', 'DigestMethod', 'CanonicalizationMethod', 'Transform']),
      );
      if (found.length === 0) return undefined;
      const span = place.random.pick(found);
      const tag = place.text.slice(span.start, span.openEnd).replace(/\/?>$/, '');
      return splice(
        place.text,
        span,
        `${tag}>${place.random.pick(PARAMETERS).replaceAll('ds:', prefixed(span))}</${span.name}>`,
      );
    },
  ],
  [
    'an Object added',
    ({ text, random }) => inSignature(text, (prefix) => random.pick(OBJECTS).replaceAll('ds:', prefix)),
  ],
  [
    'something in KeyInfo',
    ({ text, elements, random }) => {
      const [keyInfo] = named(elements, 'KeyInfo');
      if (keyInfo === undefined) return undefined;
      return insertNear({ text, random }, random.pick(KEY_INFOS).replaceAll('ds:', prefixed(keyInfo)), keyInfo);
    },
  ],
  ['base64 spelt otherwise', (place) => inBase64(place, (one) => otherBase64(one, place.random))],
  [
    'a comment in base64',
    (place) => inBase64(place, (one) => insertInto(one, place.random.pick(COMMENTS), place.random)),
  ],
];

const WEIGHTED = [...SPELLING, ...SPELLING, ...NAMESPACES, ...NODES, ...SIGNATURE, ...SIGNATURE];

function atOf(bytes: Buffer, random: Random, length: number): readonly [number, number] {
  const from = random.between(0, Math.max(0, bytes.length - length));
  return [from, from + length];
}

function withBytes(bytes: Buffer, [from, to]: readonly [number, number], by: Iterable<number>): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from([...by]), bytes.subarray(to)]);
}

function withAttribute(place: Place, write: (one: AttributeSpan) => string | undefined): string | undefined {
  const one = place.random.pick(place.attributes);
  const written = write(one);
  return written === undefined ? undefined : splice(place.text, one, written);
}

function withNamed({ text, attributes, random }: Place, name: string, value: string): string | undefined {
  const found = attributes.filter((one) => one.name === name);
  return found.length === 0 ? undefined : splice(text, random.pick(found), ` ${name}="${value}"`);
}

function attributePair({ text, attributes, random }: Place): readonly AttributeSpan[] {
  const pairs = attributes.flatMap((one, index) => {
    const next = attributes[index + 1];
    return next !== undefined && !text.slice(one.end, next.start).includes('>') ? [[one, next]] : [];
  });
  return pairs.length === 0 ? [] : random.pick(pairs);
}

function inTag({ text, elements, random }: Place, write: (span: ElementSpan) => string): string {
  const span = random.pick(elements);
  const at = span.start + 1 + span.name.length;
  return splice(text, { start: at, end: at }, write(span));
}

function inText({ text, texts, random }: Place, write: (one: string) => string): string | undefined {
  const filled = texts.filter(({ start, end }) => text.slice(start, end).trim() !== '');
  if (filled.length === 0) return undefined;
  const span = random.pick(filled);
  return splice(text, span, write(text.slice(span.start, span.end)));
}

function inBase64({ text, elements, random }: Place, write: (one: string) => string): string | undefined {
  const found = elements.filter(({ name }) => /(?:DigestValue|SignatureValue|X509Certificate)$/.test(name));
  if (found.length === 0) return undefined;
  const { openEnd: start, closeStart: end } = random.pick(found);
  return splice(text, { start, end }, write(text.slice(start, end)));
}

function otherBase64(base64: string, random: Random): string {
  return random.pick([
    base64.replace(/=+$/, ''),
    `${base64}=`,
    `${base64}====`,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
    base64.replace(/.(?=={0,2}$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
    base64.replace(/(.{20})/, '$1\n'),
    base64.replace(/(.{20})/, '$1&#13;&#9;'),
    base64.replace(/(.{20})/, '$1*'),
    base64.replace(/(.{20})/, '$1\u00a0'),
    ` ${base64}\n`,
    `${base64}AAAA`,
  ]);
}

function betweenElements({ text, elements, random }: Place, what: string): string {
  const span = random.pick(elements);
  const at = random.pick([span.start, span.end, span.openEnd]);
  return splice(text, { start: at, end: at }, what);
}

function withElement({ text, elements, random }: Place, write: (one: string) => string): string {
  const span = random.pick(elements.slice(1));
  return splice(text, span, write(text.slice(span.start, span.end)));
}

function withContent({ text, elements, random }: Place, write: () => string): string {
  const { openEnd: start, closeStart: end } = random.pick(elements);
  return splice(text, { start, end }, write());
}

function renamed({ text, elements, random }: Place, write: (span: ElementSpan) => string): string {
  const span = random.pick(elements);
  const name = write(span);
  const open = `<${name}${text.slice(span.start + 1 + span.name.length, span.openEnd)}`;
  const rest = text.slice(span.openEnd, span.closeStart);
  return splice(text, span, span.closeStart === span.end ? open : `${open + rest}</${name}>`);
}

function unwrapped(text: string, span: ElementSpan): string {
  return splice(text, span, text.slice(span.openEnd, span.closeStart));
}

function insertNear({ text, random }: Pick<Place, 'text' | 'random'>, what: string, span: ElementSpan): string {
  const at = random.pick([span.start, span.openEnd, span.closeStart, span.end]);
  return splice(text, { start: at, end: at }, what);
}

function insertInto(text: string, what: string, random: Random): string {
  const at = random.between(0, text.length);
  return splice(text, { start: at, end: at }, what);
}

function named(elements: readonly ElementSpan[], local: string): readonly ElementSpan[] {
  return elements.filter(({ name }) => name.replace(/^.*:/, '') === local);
}

function twice({ text, elements, random }: Place, local: string): string | undefined {
  const found = named(elements, local);
  if (found.length === 0) return undefined;
  const span = random.pick(found);
  return splice(text, span, text.slice(span.start, span.end).repeat(2));
}

function nearNamed(place: Place, local: string, write: (prefix: string) => string): string | undefined {
  const found = named(place.elements, local);
  if (found.length === 0) return undefined;
  const span = place.random.pick(found);
  const at = place.random.pick([span.start, span.end]);
  return splice(place.text, { start: at, end: at }, write(prefixed(span)));
}

function prefixed({ name }: ElementSpan): string {
  return name.includes(':') ? name.replace(/[^:]*$/, '') : '';
}

function prefixOf(span: ElementSpan): string {
  return span.name.includes(':') ? prefixed(span).slice(0, -1) : 'ds';
}

function declarationOf({ attributes, random }: Place, span: ElementSpan): string {
  const before = attributes.filter(({ name, start }) => name.startsWith('xmlns') && start < span.start);
  if (before.length === 0) return ' ';
  const { name, value } = random.pick(before);
  return ` ${name}="${value}"`;
}

function bare(text: string): string {
  return text.replace(/^<\?xml[^>]*\?>/, '');
}

const IN_TEXT = /<((?:\w+:)?)Signature[ >][^]*<\/(?:\w+:)?Signature>/;

function signatureIn(text: string): string {
  return IN_TEXT.exec(text)?.[0] ?? '';
}

function inSignature(text: string, write: (prefix: string) => string): string {
  return text.replace(/<\/((?:\w+:)?)Signature>/, (end, prefix: string) => write(prefix) + end);
}

function moveSignature(text: string): string {
  const signature = signatureIn(text);
  return text.replace(IN_TEXT, '').replace(/(<(?:\w+:)?bericht[^>]*>)/, (root) => root + signature);
}

function replaceOne({ text, random }: Place, what: string, by: string): string | undefined {
  const parts = text.split(what);
  if (parts.length === 1) return undefined;
  const at = random.between(1, parts.length - 1);
  return parts.slice(0, at).join(what) + by + parts.slice(at).join(what);
}

function asReference(text: string, random: Random): string {
  const plain = text.search(/[A-Za-z0-9]/);
  if (plain < 0 || text.includes('&')) return text;
  const code = text.charCodeAt(plain);
  const written = random.pick([`&#${String(code)};`, `&#x${code.toString(16)};`, `&#x000${code.toString(16)};`]);
  return splice(text, { start: plain, end: plain + 1 }, written);
}

function breakText(text: string, random: Random): string {
  return insertInto(text, random.pick(SPACES), random);
}

function replaceAt(text: string, random: Random): string {
  const at = random.between(0, text.length - 1);
  return splice(text, { start: at, end: at + 1 }, random.pick(CHARACTERS));
}
