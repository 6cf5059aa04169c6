import { matches, matching } from './patterns.ts';
import type { Random } from './random.ts';
import { enumerationOf, limitOf, patternSetsOf, type SimpleType } from './xsd-model.ts';

/** The names of the facets that the value violates; `datatype` stands for the built-in type. */
export function violationsOf(type: SimpleType, text: string): readonly string[] {
  const value = isText(type) && type.builtin !== 'token' ? text : text.trim().replace(/\s+/g, ' ');
  const lexical = LEXICAL[type.builtin];
  if (lexical !== undefined && !lexical.test(value)) return ['datatype'];
  const enumeration = enumerationOf(type);
  return [
    ...(enumeration.length > 0 && !enumeration.includes(value) ? ['enumeration'] : []),
    ...patternSetsOf(type).flatMap((patterns, index) =>
      patterns.some((pattern) => matches(pattern, value)) ? [] : [`pattern ${String(index)}`],
    ),
    ...Object.entries(CHECKS).flatMap(([name, holds]) => {
      const limit = limitOf(type, name);
      return limit === undefined || holds(value, limit) ? [] : [name];
    }),
  ];
}

/** A value that the type accepts; undefined for a type whose facets contradict each other. */
export function valueOf(type: SimpleType, random: Random): string | undefined {
  const enumeration = enumerationOf(type);
  if (enumeration.length > 0) return random.pick(enumeration);
  const fitting = candidates(type, random).filter((value) => violationsOf(type, value).length === 0);
  return fitting.find((value) => value !== '') ?? fitting[0];
}

/** Whether any built-in rule but length applies to text of the type. */
export function isText(type: SimpleType): boolean {
  return LEXICAL[type.builtin] === undefined;
}

/** Values of many lengths and forms, valid or not, the likeliest first. */
export function candidates(type: SimpleType, random: Random): readonly string[] {
  const patterned = patternSetsOf(type).flatMap((patterns) =>
    Array.from({ length: 6 }, () => matching(random.pick(patterns), random)),
  );
  if (type.builtin === 'boolean') return [random.pick(['true', 'false', '1', '0'])];
  if (type.builtin === 'base64Binary') return [BASE64.slice(0, 4 * random.between(1, 20))];
  if (!isText(type)) return [...patterned, ...numbers(type, random)];
  const most = limitOf(type, 'length') ?? limitOf(type, 'maxLength') ?? 60;
  const least = limitOf(type, 'length') ?? limitOf(type, 'minLength') ?? 1;
  const words = textOf(random.between(least, Math.min(most, least + 40)), random);
  return [...patterned, words, textOf(most, random), textOf(least, random)];
}

/** Text of exactly that many characters, not beginning or ending in white space. */
export function textOf(length: number, random: Random): string {
  const start = random.between(0, WORDS.length - 1);
  const text = WORDS.slice(start).repeat(Math.ceil((length + 1) / (WORDS.length - start)));
  return text.slice(0, length).replace(/^ | $/g, 'x');
}

/** The length as XSD counts it: in characters, not in UTF-16 code units. */
export function lengthOf(value: string): number {
  return Array.from(value).length;
}

function numbers(type: SimpleType, random: Random): readonly string[] {
  const digits = limitOf(type, 'totalDigits') ?? 5;
  const high = Math.min(limitOf(type, 'maxInclusive') ?? Infinity, 10 ** Math.min(digits, 12) - 1);
  return [String(random.between(1, high)), String(high), '1', '0'];
}

const CHECKS: Readonly<Record<string, (value: string, limit: number) => boolean>> = {
  length: (value, limit) => lengthOf(value) === limit,
  minLength: (value, limit) => lengthOf(value) >= limit,
  maxLength: (value, limit) => lengthOf(value) <= limit,
  minInclusive: (value, limit) => Number(value) >= limit,
  maxInclusive: (value, limit) => Number(value) <= limit,
  totalDigits: (value, limit) => significantOf(value).replace('.', '').length <= limit,
  fractionDigits: (value, limit) => (significantOf(value).split('.')[1] ?? '').length <= limit,
};

function significantOf(value: string): string {
  const unsigned = value.replace(/^[+-]/, '').replace(/^0+(?=\d)/, '');
  return unsigned.includes('.') ? unsigned.replace(/\.?0+$/, '') : unsigned;
}

const LEXICAL: Readonly<Record<string, RegExp>> = {
  boolean: /^(?:true|false|1|0)$/,
  decimal: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/,
  integer: /^[+-]?\d+$/,
  nonNegativeInteger: /^(?:\+?\d+|-0+)$/,
  positiveInteger: /^\+?0*[1-9]\d*$/,
  base64Binary: /^(?:[A-Za-z0-9+/ ]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};
const BASE64 = Buffer.from('Dit is geen werkelijk document maar een bijlage om mee te toetsen.').toString('base64');
const WORDS =
  'Gesprek gehad met moeder en school, zie ook het verslag van de wijkagent; vervolgafspraak over twee weken bij het gezin thuis. ';
