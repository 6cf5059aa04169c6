import { CATEGORY } from '../domain/conditions.ts';
import type { Condition, Fact, FactDemand } from '../domain/conditions.ts';
import { PROCESSING_WORDS } from './wire-words.ts';

/** A condition of the send matrix as a sentence (Dutch), for who has to meet it. Made of the rule alone, of no bericht. */
export function describeCondition({ when, demands }: Condition): string {
  const must = demands.map(describeDemand).join(' en ');
  return when.length === 0 ? must : `als ${when.map(describeDemand).join(' en ')}, dan ${must}`;
}

function describeDemand({ fact, demand }: FactDemand): string {
  const subject = describeFact(fact);
  if (demand.kind === 'present') return `${subject} is bekend`;
  const values = demand.values.map((value) => VALUE_WORDS.get(value) ?? value);
  const last = values.slice(-1).join('');
  return `${subject} is ${values.length < 2 ? last : `${values.slice(0, -1).join(', ')} of ${last}`}`;
}

function describeFact(fact: Fact): string {
  switch (fact.subject) {
    case 'sender':
      return `${nameOf(fact.name)} van de afzender`;
    case 'recipient':
      return `${nameOf(fact.name)} van de ontvanger`;
    case 'urgency':
      return 'urgent in stuurgegevens';
    case 'processing':
      return `${PROCESSING_WORDS.toWire(fact.name)} in verwerking`;
    case 'content':
      return `${fact.name} in inhoud`;
  }
}

function nameOf(name: string): string {
  return name === CATEGORY ? 'categorie' : name;
}

const VALUE_WORDS: ReadonlyMap<string, string> = new Map([
  ['true', 'ja'],
  ['false', 'nee'],
]);
