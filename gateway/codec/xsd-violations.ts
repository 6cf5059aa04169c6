import type { Violation } from '../domain/rejection.ts';
import { readTreeElement } from './libxml2-validation.ts';
import type { SchemaError } from './libxml2-validation.ts';

/** What a validity error breaks: a closed list. */
export type SchemaRule =
  | 'required'
  | 'unknown'
  | 'type'
  | 'pattern'
  | 'minLength'
  | 'maxLength'
  | 'enum'
  | 'minimum'
  | 'maximum'
  | 'occurs'
  | 'fixed'
  | 'other';

/**
 * Describes a validity error by place and rule. Names come out only if the schema itself has them, `*` for any other, and
 * values never: libxml2's text serves to find such a name in it and is not passed on.
 */
export function describeViolation(error: SchemaError, names: ReadonlySet<string>): Violation {
  const text = error.text();
  if (error.code === ELEMENT_CONTENT) return describeContent(error.node, text, names);
  const path = pathOf(error.node, names);
  const attribute = ATTRIBUTE.exec(text);
  return {
    path: attribute === null ? path : `${path}/@${knownName(attribute[1], names)}`,
    rule: RULES.get(error.code) ?? 'other',
  };
}

/** An element too many, or too few, in the content model (XML Schema 1, cvc-complex-type.2.4). */
function describeContent(node: number, text: string, names: ReadonlySet<string>): Violation {
  const path = pathOf(node, names);
  // The element the model asks for here, when it is one of the schema and the only one.
  const expected = knownName(EXPECTED.exec(text)?.[1], names);
  if (text.includes("': Missing child element(s)."))
    return { path: expected === ANY ? path : `${path}/${expected}`, rule: 'required' };
  if (path.endsWith(ANY)) return { path, rule: 'unknown' };
  if (REPEATED.test(path)) return { path, rule: 'occurs' };
  return expected === ANY ? { path, rule: 'unknown' } : { path: path.replace(/[^/]+$/, expected), rule: 'required' };
}

/** Names from the root down, with a 1-based position where siblings share a name; empty for what is no element. */
function pathOf(node: number, names: ReadonlySet<string>): string {
  const element = readTreeElement(node);
  if (element === undefined) return '';
  const { position, hasNamesake, parent } = element;
  const name = knownName(element.name, names);
  const place = name === ANY || !hasNamesake ? name : `${name}[${String(position)}]`;
  return `${pathOf(parent, names)}/${place}`;
}

function knownName(name: string | undefined, names: ReadonlySet<string>): string {
  return name !== undefined && names.has(name) ? name : ANY;
}

const ANY = '*';
const REPEATED = /\[(?!1\])\d+\]$/;
const ELEMENT_CONTENT = 1871;
const EXPECTED = /Expected is \( (?:\{[^{}]*\})?([^ (){}*]+) \)\.\s*$/;
const ATTRIBUTE = /^Element '[^']*'(?:,|: The) attribute '(?:\{[^{}]*\})?([^']+)'/;

// xmlParserErrors of libxml2's xmlerror.h; a code that isn't here is `other`.
const RULES: ReadonlyMap<number, SchemaRule> = new Map([
  [1824, 'type'],
  [1825, 'type'],
  [1826, 'type'],
  [1827, 'unknown'],
  [1828, 'type'],
  [1831, 'minLength'],
  [1832, 'maxLength'],
  [1833, 'minimum'],
  [1834, 'maximum'],
  [1835, 'minimum'],
  [1836, 'maximum'],
  [1839, 'pattern'],
  [1840, 'enum'],
  [1841, 'unknown'],
  [1842, 'type'],
  [1843, 'type'],
  [1845, 'unknown'],
  [1851, 'type'],
  [1852, 'type'],
  [1857, 'fixed'],
  [1858, 'fixed'],
  [1866, 'unknown'],
  [1867, 'unknown'],
  [1868, 'required'],
  [1874, 'fixed'],
]);
