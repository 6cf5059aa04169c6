import type { Person } from './persons.ts';
import { isAbove, type Position } from './positions.ts';
import type { Random } from './random.ts';
import { valueOf, violationsOf } from './values.ts';
import { elementParticlesOf } from './xsd-derive.ts';
import type { AttributeUse, ElementParticle, GroupParticle, Particle, SimpleType } from './xsd-model.ts';

/** One element of a message, with the declaration that it was made from. */
export interface Item {
  readonly position: Position;
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly AttributeValue[];
  readonly content: readonly Content[];
  /** The groups that it stands in, outermost first: one object for one occurrence. */
  readonly occurrences: readonly Occurrence[];
}

/** An attribute in a message; `use` is absent on one that the type doesn't know. */
export interface AttributeValue {
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
  readonly use?: AttributeUse;
}

/** What stands in an element: elements and text, and in a changed message anything. */
export type Content = Item | string | Raw;

/** XML that goes into the message as it is. */
export interface Raw {
  readonly raw: string;
}

/** One time that a group of a content model is filled. */
export interface Occurrence {
  readonly group: GroupParticle;
}

/** What a message holds beyond what it must. */
export interface Plan {
  readonly wants: (position: Position) => boolean;
  readonly wantsAttribute: (position: Position) => boolean;
  /** How often, when at least once and not more than `max` times. */
  readonly times: (max: number) => number;
  /** Which of so many alternatives when none is wanted more than the others. */
  readonly alternative: (count: number, occurrence: number) => number;
}

/** Makes valid messages of one root element. */
export class MessageMaker {
  private readonly root: Position;
  private readonly persons: readonly Person[];
  private readonly random: Random;

  constructor(root: Position, persons: readonly Person[], random: Random) {
    this.root = root;
    this.persons = persons;
    this.random = random;
  }

  /** A message that holds what it must and what the plan wants. */
  make(plan: Plan): Item {
    return this.item(this.root, plan, { person: this.random.pick(this.persons), occurrences: [] });
  }

  private item(position: Position, plan: Plan, around: Around): Item {
    const { type, element } = position;
    const isPerson = type.attributes.some(({ name, fixed }) => name === 'entiteittype' && fixed === 'NPS');
    const person = isPerson ? this.random.pick(this.persons) : around.person;
    const required = type.attributes
      .filter((use) => use.required || plan.wantsAttribute(position))
      .map((use) => ({ name: use.name, namespace: use.namespace, value: this.attributeValue(use), use }));
    const text = type.simple && (element.fixed ?? this.text(type.simple, element.name, person));
    // An element whose type accepts no value at all can only be nil.
    const isNil = type.simple !== undefined && text === undefined;
    const attributes = isNil ? [...required, { name: 'nil', namespace: XSI, value: 'true' }] : required;
    const content = text === undefined ? this.group(position, plan, { person, occurrences: [] }) : [text];
    const { name, namespace } = element;
    return { position, name, namespace, attributes, content, occurrences: around.occurrences };
  }

  private group(position: Position, plan: Plan, around: Around): readonly Item[] {
    return position.content === undefined ? [] : this.fill(position.content, { position, plan, around });
  }

  private fill(particle: Particle, site: Site): readonly Item[] {
    const { position, plan } = site;
    const wanted = elementParticlesOf(particle).some((child) => plan.wants(childAt(position, child)));
    const times = wanted ? Math.max(particle.min, plan.times(particle.max)) : particle.min;
    return Array.from({ length: times }, (_, index) => this.occurrence(particle, site, index)).flat();
  }

  private occurrence(particle: Particle, site: Site, index: number): readonly Item[] {
    if (particle.kind === 'element') return [this.item(childAt(site.position, particle), site.plan, site.around)];
    const occurrences = [...site.around.occurrences, { group: particle }];
    const inside = { ...site, around: { ...site.around, occurrences } };
    if (particle.kind === 'sequence') return particle.items.flatMap((item) => this.fill(item, inside));
    return this.fill(this.alternative(particle, site, index), inside);
  }

  private alternative(choice: GroupParticle, { plan, position }: Site, index: number): Particle {
    const wanted = choice.items.filter((item) =>
      elementParticlesOf(item).some((child) => plan.wants(childAt(position, child))),
    );
    const among = wanted.length > 0 ? wanted : choice.items;
    const chosen = among[plan.alternative(among.length, index) % among.length];
    if (chosen === undefined) throw new Error(`a choice without alternatives in ${position.path}`);
    return chosen;
  }

  private attributeValue(use: AttributeUse): string {
    const value = use.fixed ?? valueOf(use.type, this.random);
    if (value === undefined) throw new Error(`no value for @${use.name}`);
    return value;
  }

  private text(type: SimpleType, name: string, person: Person): string | undefined {
    const known = person[name.slice(name.lastIndexOf('.') + 1)] ?? FIELDS[name];
    return known !== undefined && violationsOf(type, known).length === 0 ? known : valueOf(type, this.random);
  }
}

interface Around {
  readonly person: Person;
  readonly occurrences: readonly Occurrence[];
}

interface Site {
  readonly position: Position;
  readonly plan: Plan;
  readonly around: Around;
}

/** What the message must hold, and nothing else. */
export const MINIMAL: Plan = {
  wants: () => false,
  wantsAttribute: () => false,
  times: () => 1,
  alternative: (_, occurrence) => occurrence,
};

/** As little as possible but all that may stand directly in the element at that position; `turn` chooses among alternatives. */
export function carrierOf(target: Position, turn: number): Plan {
  return {
    wants: (position) => isAbove(position, target) || position.parent === target,
    wantsAttribute: (position) => position === target || position.parent === target,
    times: () => 1,
    alternative: (count, occurrence) => (turn + occurrence) % count,
  };
}

/** Optional parts by chance. */
export function randomPlan(random: Random, share: number): Plan {
  return {
    wants: () => random.fraction() < share,
    wantsAttribute: () => random.fraction() < share,
    times: (max) => random.between(1, Math.min(max, 3)),
    alternative: (count) => random.between(0, count - 1),
  };
}

/** The items of the message at every position, each with its parents, the root first. */
export function* itemsOf(item: Item, parents: readonly Item[] = []): Generator<readonly [Item, readonly Item[]]> {
  yield [item, parents];
  for (const child of childItemsOf(item)) yield* itemsOf(child, [...parents, item]);
}

/** The elements that stand in the item. */
export function childItemsOf(item: Item): readonly Item[] {
  return item.content.filter(isItem);
}

/** What replaces an item in a changed copy of the message. */
export type Edit = ReadonlyMap<Item, readonly Item[]>;

/** The change that gives the item another name, other attributes or other content. */
export function changed(item: Item, change: Partial<Item>): Edit {
  return new Map([[item, [{ ...item, ...change }]]]);
}

/** The message as XML, with the changes. */
export function toXml(root: Item, edit: Edit = new Map()): string {
  const declarations = Object.entries(PREFIXES).map(([namespace, prefix]) => ` xmlns:${prefix}="${namespace}"`);
  const body = (edit.get(root) ?? [root]).map((part) => write(part, edit, declarations.join('')));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body.join('')}\n`;
}

function write(part: Content, edit: Edit, declarations = ''): string {
  if (typeof part === 'string') return escaped(part);
  if ('raw' in part) return part.raw;
  const name = qualified(part.namespace, part.name);
  const attributes = part.attributes.map(
    (attribute) => ` ${qualified(attribute.namespace, attribute.name)}="${escaped(attribute.value)}"`,
  );
  const content = part.content
    .flatMap((child): readonly Content[] => (isItem(child) ? (edit.get(child) ?? [child]) : [child]))
    .map((child) => write(child, edit));
  return `<${name}${declarations}${attributes.join('')}>${content.join('')}</${name}>`;
}

function isItem(content: Content): content is Item {
  return typeof content !== 'string' && 'position' in content;
}

function qualified(namespace: string, name: string): string {
  if (namespace === '') return name;
  return `${prefixOf(namespace)}:${name}`;
}

/** The prefix that every message declares for the namespace. */
export function prefixOf(namespace: string): string {
  const prefix = PREFIXES[namespace];
  if (prefix === undefined) throw new Error(`no prefix for ${namespace}`);
  return prefix;
}

function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

function childAt(position: Position, particle: ElementParticle): Position {
  const child = position.children.get(particle);
  if (child === undefined) throw new Error(`${position.path} has no ${particle.element.name}`);
  return child;
}

export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
export const FOREIGN = 'urn:voorbeeld:vreemd';

const PREFIXES: Readonly<Record<string, string>> = {
  'http://www.stufstandaarden.nl/koppelvlak/jz0100': 'JZ',
  'http://www.egem.nl/StUF/sector/zkn/0310': 'ZKN',
  'http://www.egem.nl/StUF/sector/bg/0310': 'BG',
  'http://www.egem.nl/StUF/StUF0301': 'StUF',
  'http://www.w3.org/2005/05/xmlmime': 'xmime',
  [XSI]: 'xsi',
  [FOREIGN]: 'vreemd',
};

// For what the test persons have no value of: their addresses in the Netherlands are not in the set.
const FIELDS: Readonly<Record<string, string>> = {
  'wpl.woonplaatsNaam': "'s-Gravenhage",
  'gor.openbareRuimteNaam': 'Turfmarkt',
  'gor.straatnaam': 'Turfmarkt',
  'aoa.postcode': '2511DP',
  'aoa.huisnummer': '147',
  tijdstipBericht: '20261123101500000',
};
