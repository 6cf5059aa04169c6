import type { Facet, Probe } from './facets.ts';
import { nearMisses } from './patterns.ts';
import { Random } from './random.ts';
import { candidates, isText, lengthOf, textOf, violationsOf } from './values.ts';
import { enumerationOf, limitOf, patternSetsOf, type SimpleType } from './xsd-model.ts';

/** Puts a value in the place that the facets are about. */
export type Put = (value: string) => Probe['edit'];

/** A facet without its position. */
export type ValueFacet = Omit<Facet, 'position'>;

/** The facets of a simple type, tried with values put in its place. */
export function valueFacets(type: SimpleType, put: Put): readonly ValueFacet[] {
  return [...namedFacets(type, put), { kind: 'value', probes: freeProbes(type, put), extra: true }];
}

/** The same without what no facet speaks of. */
export function namedFacets(type: SimpleType, put: Put): readonly ValueFacet[] {
  return [
    ...datatypeFacets(type, put),
    ...enumerationFacets(type, put),
    ...patternFacets(type, put),
    ...LIMITS.flatMap((limit) => limitFacets(type, limit, put)),
  ];
}

function datatypeFacets(type: SimpleType, put: Put): readonly ValueFacet[] {
  if (isText(type)) return [];
  const wrong = [...(WRONG[type.builtin] ?? []), 'x', 'één'];
  const probes = wrong.map((value): Probe => ({ name: `"${value}"`, accepted: false, edit: put(value) }));
  return [{ kind: `datatype ${type.builtin}`, probes }];
}

function enumerationFacets(type: SimpleType, put: Put): readonly ValueFacet[] {
  const values = enumerationOf(type);
  if (values.length === 0) return [];
  const removed = type.steps.flatMap(({ enumeration }) => enumeration).filter((value) => !values.includes(value));
  const wrong = ['onbekend', flipped(values[0] ?? ''), `${values[0] ?? ''}x`, ...new Set(removed)];
  const probe = (value: string): Probe => ({
    name: `"${value}"`,
    accepted: values.includes(value),
    edit: put(value),
  });
  return [
    ...values.map((value) => ({ kind: `enumeration "${value}"`, probes: [probe(value)] })),
    { kind: 'enumeration closed', probes: [...new Set(wrong)].map(probe) },
  ];
}

function patternFacets(type: SimpleType, put: Put): readonly ValueFacet[] {
  return patternSetsOf(type).map((patterns, index) => {
    const misses = patterns
      .flatMap((pattern) => nearMisses(pattern, new Random(index)))
      .filter((value) => violationsOf(type, value).includes(`pattern ${String(index)}`));
    return {
      kind: `pattern ${patterns.join('|')}`,
      probes: [
        { name: 'matching', accepted: true, edit: drawn(put, (random) => fitting(type, random)) },
        ...misses.map((value): Probe => ({ name: `not matching "${value}"`, accepted: false, edit: put(value) })),
      ],
    };
  });
}

function limitFacets(type: SimpleType, limit: Limit, put: Put): readonly ValueFacet[] {
  const bound = limitOf(type, limit);
  if (bound === undefined) return [];
  const at = (name: string, size: number, accepted: boolean): Probe => ({
    name,
    accepted,
    edit: drawn(put, (random) => sized({ type, limit, size, accepted }, random)),
  });
  const beyond = {
    low: [at(`${String(bound)} - 1`, bound - 1, false)],
    high: [at(`${String(bound)} + 1`, bound + 1, false)],
    both: [at(`${String(bound)} - 1`, bound - 1, false), at(`${String(bound)} + 1`, bound + 1, false)],
  }[SIDE[limit]];
  // Another facet may forbid the very bound, as nine digits do under a greatest length of 20; then only what lies beyond is tried.
  const reachable = sized({ type, limit, size: bound, accepted: true }, new Random(0)) !== undefined;
  const probes = reachable ? [at(String(bound), bound, true), ...beyond] : beyond;
  return [{ kind: `${limit} ${String(bound)}`, probes }];
}

interface Size {
  readonly type: SimpleType;
  readonly limit: Limit;
  readonly size: number;
  readonly accepted: boolean;
}

// A value of that size which breaks the one facet alone, or none; failing that, for what must be refused, one that breaks more.
function sized({ type, limit, size, accepted }: Size, random: Random): string | undefined {
  const made = makeSized(limit, size, random);
  const all = [...candidates(type, random), ...made];
  const alone = all.find((value) => {
    const broken = violationsOf(type, value);
    return made.length > 0 && measure(limit, value) === size && broken.every((facet) => !accepted && facet === limit);
  });
  return alone ?? (accepted ? undefined : made.find((value) => violationsOf(type, value).includes(limit)));
}

function makeSized(limit: Limit, size: number, random: Random): readonly string[] {
  if (size < 0 && limit !== 'minInclusive') return [];
  switch (limit) {
    case 'length':
    case 'minLength':
    case 'maxLength':
      return ['1234567890'.repeat(Math.ceil(size / 10)).slice(0, size), textOf(size, random)];
    case 'minInclusive':
    case 'maxInclusive':
      return [String(size)];
    case 'totalDigits':
      return ['1234567891'.repeat(Math.ceil(size / 10)).slice(0, size)];
    case 'fractionDigits':
      return [`1.${'5'.repeat(size)}`];
  }
}

function measure(limit: Limit, value: string): number {
  switch (limit) {
    case 'length':
    case 'minLength':
    case 'maxLength':
      return lengthOf(value);
    case 'minInclusive':
    case 'maxInclusive':
      return Number(value);
    case 'totalDigits':
      return value.replace('.', '').length;
    case 'fractionDigits':
      return value.split('.')[1]?.length ?? 0;
  }
}

// What no facet speaks of by name but a schema may still differ in.
function freeProbes(type: SimpleType, put: Put): readonly Probe[] {
  const numeric = isText(type) ? [] : ['+7', '007', '7.0', '-0', '1e3', '7,5'];
  const free = [
    ...numeric,
    '',
    ' ',
    'é<&>"\u20ac\u{1f642}',
    '0',
    '-1',
    '20261123',
    '2026-11-23',
    '123456789',
    'J',
    'Ja',
    'a\nb',
    'x'.repeat(2000),
  ];
  return [
    ...free.map((value): Probe => ({
      name: value === '' ? 'empty' : `"${value.slice(0, 12)}"`,
      accepted: violationsOf(type, value).length === 0,
      edit: put(value),
    })),
    {
      name: 'in white space',
      edit: drawn(put, (random) => ` ${fitting(type, random) ?? ''}\n`),
    },
  ];
}

function fitting(type: SimpleType, random: Random): string | undefined {
  return candidates(type, random).find((value) => violationsOf(type, value).length === 0);
}

function drawn(put: Put, value: (random: Random) => string | undefined): Probe['edit'] {
  return (site, random) => {
    const drawnValue = value(random);
    return drawnValue === undefined ? undefined : put(drawnValue)(site, random);
  };
}

function flipped(value: string): string {
  return value === value.toUpperCase() ? value.toLowerCase() : value.toUpperCase();
}

const LIMITS = [
  'length',
  'minLength',
  'maxLength',
  'minInclusive',
  'maxInclusive',
  'totalDigits',
  'fractionDigits',
] as const;
type Limit = (typeof LIMITS)[number];
const SIDE: Readonly<Record<Limit, 'low' | 'high' | 'both'>> = {
  length: 'both',
  minLength: 'low',
  maxLength: 'high',
  minInclusive: 'low',
  maxInclusive: 'high',
  totalDigits: 'high',
  fractionDigits: 'high',
};
const WRONG: Readonly<Record<string, readonly string[]>> = {
  boolean: ['ja', 'TRUE', '2'],
  decimal: ['1,5', '1e3', '--1'],
  integer: ['1.5', '1e3'],
  nonNegativeInteger: ['-1', '1.5'],
  positiveInteger: ['0', '-1', '1.5'],
  base64Binary: ['*', 'abc', 'ab=c'],
};
