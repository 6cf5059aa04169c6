import { XmlDocument, XmlXPath } from 'libxml2-wasm';
import type { Violation } from '../domain/rejection.ts';
import { jsonTextsAt } from './content.ts';
import type { Content } from './content.ts';
import { textAt } from './envelope-json.ts';
import { decodedOctets } from './libxml2-text.ts';
import { isJsonObject } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { isElement, NS } from './xml-document.ts';

/** What a type asks of its berichten beside their schema (`bedrijfsregels` of a definition), compiled. */
export interface BusinessRules {
  /** The rules that the content breaks, each with its own name and the place it is about; never a value. */
  validate(content: Content): readonly Violation[];
}

/** Compiles the rules. Throws an Error that names the rule when one couldn't be judged, or would be judged as another. */
export function compileBusinessRules(rows: readonly JsonObject[]): BusinessRules {
  const rules = rows.map(compileRule);
  return {
    validate: (content) => rules.filter((rule) => !rule.holds(content)).map(({ violation }) => violation),
  };
}

interface Rule {
  readonly violation: Violation;
  readonly holds: Holds;
}

type Holds = (content: Content) => boolean;

function compileRule(row: JsonObject): Rule {
  const rule = textAt(row, 'regel') ?? '';
  const path = textAt(row, 'pad') ?? '';
  if (!RULE_NAME.test(rule)) throw new TypeError('a business rule has no name');
  if (!PLACE.test(path)) throw new TypeError(`${rule}: pad is no path of names`);
  const [kind = '', ...others] = Object.keys(row).filter((name) => name !== 'regel' && name !== 'pad');
  const compile = KINDS.get(kind);
  if (compile === undefined || others.length > 0) throw new TypeError(`${rule}: not one rule of a known kind`);
  try {
    return { violation: { path, rule }, holds: compile(row[kind]) };
  } catch (cause) {
    throw new TypeError(`${rule}: ${kind} can't be used`, { cause });
  }
}

/** An XPath that is true of a bericht as it should be. */
function compileCondition(source: JsonValue | undefined): Holds {
  const xpath = compileXPath(source, 'boolean');
  return (content) => content.format === 'xml' && content.document.document.eval(xpath) === true;
}

/** Nodes of which no two have the same text. */
function compileUnique(source: JsonValue | undefined): Holds {
  const xpath = compileXPath(source, 'object');
  return (content) => {
    if (content.format !== 'xml') return false;
    const texts = content.document.document.find(xpath).map((node) => node.content);
    const given = texts.filter((text) => text !== '');
    // A set, and not an XPath that compares each with each: time stays linear in their number.
    return new Set(given).size === given.length;
  };
}

/** Elements of base64 that hold no more than so many octets together. */
function compileTotal(limit: JsonValue | undefined): Holds {
  if (!isJsonObject(limit)) throw new TypeError('no limit');
  const xpath = compileXPath(limit['xpath'], 'object');
  const max = limit['octetten'];
  if (typeof max !== 'number') throw new TypeError('no number of octets');
  return (content) => {
    if (content.format !== 'xml') return false;
    const elements = content.document.document.find(xpath).filter(isElement);
    return elements.reduce((total, element) => total + decodedOctets(element), 0) <= max;
  };
}

/** A date of a JSON content that lies no more than so many years after another. */
function compilePeriod(period: JsonValue | undefined): Holds {
  if (!isJsonObject(period)) throw new TypeError('no period');
  const from = textAt(period, 'van');
  const until = textAt(period, 'tot');
  const years = period['jaren'];
  if (from === undefined || until === undefined || typeof years !== 'number') throw new TypeError('no whole period');
  return (content) => {
    const [begin, ...moreBegins] = jsonTextsAt(content, from).map(dayOf);
    const ends = jsonTextsAt(content, until).map(dayOf);
    if (begin === undefined || moreBegins.length > 0) return ends.length === 0;
    const last = addYears(begin, years);
    return ends.every((end) => end >= begin && end <= last);
  };
}

const KINDS: ReadonlyMap<string, (source: JsonValue | undefined) => Holds> = new Map([
  ['xpath', compileCondition],
  ['uniek', compileUnique],
  ['bijlagen', compileTotal],
  ['hoogstens', compilePeriod],
]);

/**
 * Compiles an XPath 1.0. libxml2 meets an unknown prefix or function only when it comes to it, so these are looked for
 * beforehand, as is the kind of result.
 */
function compileXPath(source: JsonValue | undefined, result: 'boolean' | 'object'): XmlXPath {
  if (typeof source !== 'string') throw new TypeError('no XPath');
  const outside = source.replace(/"[^"]*"|'[^']*'/g, "''");
  const prefixes = [...outside.matchAll(/([\w.-]+):(?!:)/g)].map(([, prefix]) => prefix);
  const functions = [...outside.matchAll(/([\w-]+)\s*\(/g)].map(([, name]) => name);
  if (prefixes.some((prefix) => !Object.hasOwn(PREFIXES, String(prefix)))) throw new TypeError('unknown prefix');
  if (functions.some((name) => !FUNCTIONS.has(String(name)))) throw new TypeError('unknown function');
  const xpath = XmlXPath.compile(source, PREFIXES);
  const empty = XmlDocument.fromString('<leeg/>');
  const outcome = empty.eval(xpath);
  empty.dispose();
  if (typeof outcome !== result) throw new TypeError(`not a ${result}`);
  return xpath;
}

function dayOf(text: string): string {
  return text.slice(0, DAY_LENGTH);
}

// As text: 29 February of a year that has none is still not after 1 March.
function addYears(day: string, years: number): string {
  return `${String(Number(day.slice(0, YEAR_LENGTH)) + years).padStart(YEAR_LENGTH, '0')}${day.slice(YEAR_LENGTH)}`;
}

const DAY_LENGTH = 10;
const YEAR_LENGTH = 4;
const RULE_NAME = /^[A-Z][A-Za-z0-9.-]{0,29}$/;
const PLACE = /^(\/@?[A-Za-z][A-Za-z0-9_.-]*){1,12}$/;
const PREFIXES = {
  JZ: 'http://www.stufstandaarden.nl/koppelvlak/jz0100',
  ZKN: 'http://www.egem.nl/StUF/sector/zkn/0310',
  BG: 'http://www.egem.nl/StUF/sector/bg/0310',
  StUF: NS.stuf,
  xmime: 'http://www.w3.org/2005/05/xmlmime',
} as const;
// XPath 1.0 section 4 and node tests; what takes time beyond linear (id, lang) isn't among them.
const FUNCTIONS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'boolean',
  'concat',
  'contains',
  'count',
  'false',
  'local-name',
  'normalize-space',
  'not',
  'number',
  'starts-with',
  'string',
  'string-length',
  'sum',
  'text',
  'translate',
  'true',
]);
