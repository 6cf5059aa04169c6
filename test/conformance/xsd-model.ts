/** A simple type: a built-in type and the facets of each restriction on the way from it, the widest first. */
export interface SimpleType {
  readonly name: string;
  readonly builtin: string;
  readonly steps: readonly FacetStep[];
}

/** The constraining facets of one restriction. */
export interface FacetStep {
  readonly patterns: readonly string[];
  readonly enumeration: readonly string[];
  /** `length`, `minLength`, `maxLength`, `minInclusive`, `maxInclusive`, `totalDigits`, `fractionDigits`. */
  readonly limits: Readonly<Record<string, number>>;
}

/** A complex type after all derivation: what an element of it holds and carries. */
export interface ComplexType {
  readonly name: string;
  readonly content: Particle | undefined;
  readonly simple: SimpleType | undefined;
  readonly attributes: readonly AttributeUse[];
}

/** An attribute as a type uses it. */
export interface AttributeUse {
  readonly name: string;
  readonly namespace: string;
  readonly type: SimpleType;
  readonly required: boolean;
  readonly fixed: string | undefined;
}

/** An element as a content model declares it. */
export interface ElementDeclaration {
  readonly name: string;
  readonly namespace: string;
  readonly nillable: boolean;
  readonly fixed: string | undefined;
  /** Read on demand: types may hold themselves. */
  readonly type: () => ComplexType;
}

interface Occurrence {
  readonly min: number;
  readonly max: number;
}

export interface ElementParticle extends Occurrence {
  readonly kind: 'element';
  readonly element: ElementDeclaration;
}

export interface GroupParticle extends Occurrence {
  readonly kind: 'sequence' | 'choice';
  readonly items: readonly Particle[];
}

/** Part of a content model; `max` is Infinity for `unbounded`. */
export type Particle = ElementParticle | GroupParticle;

/** The enumeration in force: that of the narrowest restriction which has one. */
export function enumerationOf(type: SimpleType): readonly string[] {
  return type.steps.findLast(({ enumeration }) => enumeration.length > 0)?.enumeration ?? [];
}

/** The limit in force, if any restriction sets one. */
export function limitOf(type: SimpleType, limit: string): number | undefined {
  return type.steps.findLast(({ limits }) => limits[limit] !== undefined)?.limits[limit];
}

/** The pattern sets in force: a value matches one pattern of every set. */
export function patternSetsOf(type: SimpleType): readonly (readonly string[])[] {
  return type.steps.map(({ patterns }) => patterns).filter((patterns) => patterns.length > 0);
}
