import type { Instant, Processing } from './message.ts';

/** A fact that a row of the send matrix looks at: an attribute of a party, a member of `verwerking`, a path in `inhoud`. */
export type Fact =
  | { readonly subject: 'sender' | 'recipient' | 'content'; readonly name: string }
  | { readonly subject: 'processing'; readonly name: keyof Processing }
  | { readonly subject: 'urgency' };

/** What a fact must be: there (a date: and not in the future), or one of these values. */
export type Demand = { readonly kind: 'present' } | { readonly kind: 'one-of'; readonly values: readonly string[] };

/** A fact and what is asked of it. */
export interface FactDemand {
  readonly fact: Fact;
  readonly demand: Demand;
}

/** A condition (*voorwaarde*) of a row of the send matrix. */
export interface Condition {
  /** The name of the rule in a refusal. */
  readonly rule: string;
  /** Only berichten of which all of this is so must meet the demands; empty: every one. */
  readonly when: readonly FactDemand[];
  readonly demands: readonly FactDemand[];
}

/** A fact on record about a party; dates as instants. */
export type PartyFact = string | boolean | Instant;

/** What conditions may know of a sender or recipient. */
export interface PartyFacts {
  readonly category: string | undefined;
  readonly attributes: Readonly<Record<string, PartyFact>>;
}

/** What a bericht says of itself, from inside its signed bytes. */
export interface Declared {
  readonly urgency: string;
  readonly processing: Processing;
  /** The texts at a path of names in the content; they serve to refuse and go nowhere else. */
  contentAt(path: string): readonly string[];
}

/** What the conditions of a row are held against. */
export interface ConditionFacts {
  readonly sender: PartyFacts;
  /** Absent when nothing is on record: that meets no demand. */
  readonly recipient: PartyFacts | undefined;
  /** Absent when only asked for advice: what hangs on it isn't judged then. */
  readonly declared: Declared | undefined;
  readonly now: Instant;
}

/** The fact that isn't as asked, with the rule that asks it. */
export interface BrokenCondition {
  readonly rule: string;
  readonly fact: Fact;
}

/** The first condition that doesn't hold; undefined when all hold, or can't be judged without a bericht. */
export function findBrokenCondition(
  conditions: readonly Condition[],
  facts: ConditionFacts,
): BrokenCondition | undefined {
  for (const { rule, when, demands } of conditions) {
    // Of several values one is enough to make a rule apply; all of them must be as demanded.
    const applies = when.every((demand) => isMet(demand, facts, 'some') === true);
    const broken = applies ? demands.find((demand) => isMet(demand, facts) === false) : undefined;
    if (broken !== undefined) return { rule, fact: broken.fact };
  }
  return undefined;
}

/**
 * What is left for a bericht to meet when only the parties are known: the conditions that hang on what it says, without the facts that
 * are as asked already.
 */
export function findOpenConditions(conditions: readonly Condition[], facts: ConditionFacts): readonly Condition[] {
  return conditions.flatMap(({ rule, when, demands }) => {
    const isExcluded = when.some((demand) => isMet(demand, facts) === false);
    const open = demands.filter((demand) => isMet(demand, facts) !== true);
    if (isExcluded || open.length === 0) return [];
    return [{ rule, when: when.filter((demand) => isMet(demand, facts) !== true), demands: open }];
  });
}

/** Whether the fact is as asked; undefined when there is no bericht to know it from. */
function isMet(
  { fact, demand }: FactDemand,
  facts: ConditionFacts,
  howMany: 'some' | 'every' = 'every',
): boolean | undefined {
  const values = valuesOf(fact, facts);
  if (values === undefined) return undefined;
  if (values.length === 0) return false;
  return demand.kind === 'present'
    ? values[howMany]((value) => isPresent(value, facts.now))
    : values[howMany]((value) => demand.values.includes(String(value)));
}

function valuesOf(fact: Fact, { sender, recipient, declared }: ConditionFacts): readonly PartyFact[] | undefined {
  switch (fact.subject) {
    case 'sender':
      return listOf(factOf(sender, fact.name));
    case 'recipient':
      return listOf(factOf(recipient, fact.name));
    case 'urgency':
      return declared && [declared.urgency];
    case 'processing':
      return declared && listOf(declared.processing[fact.name]);
    case 'content':
      return declared?.contentAt(fact.name);
  }
}

function factOf(party: PartyFacts | undefined, name: string): PartyFact | undefined {
  return name === CATEGORY ? party?.category : party?.attributes[name];
}

function listOf<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function isPresent(value: PartyFact, now: Instant): boolean {
  return typeof value === 'number' ? value <= now : value !== '' && value !== false;
}

/** The name of a party's category among the names of its attributes. */
export const CATEGORY = 'category';
