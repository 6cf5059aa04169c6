import { CATEGORY } from '../domain/conditions.ts';
import type { Condition, Demand, Fact, FactDemand } from '../domain/conditions.ts';
import { objectAt, textAt } from './envelope-json.ts';
import { isJsonArray } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { PROCESSING_WORDS } from './wire-words.ts';

/** A condition (`voorwaarde`) of a row of `verzendmatrix.yaml`, in which its schema found nothing wrong. */
export function toCondition(row: JsonObject): Condition {
  return {
    rule: textAt(row, 'regel') ?? '',
    when: toDemands(objectAt(row, 'als')),
    demands: toDemands(row),
  };
}

function toDemands(row: JsonObject): readonly FactDemand[] {
  return [...FACTS].flatMap(([group, toFact]) =>
    Object.entries(objectAt(row, group)).flatMap(([name, value]) => {
      const fact = toFact(name);
      return fact === undefined ? [] : [{ fact, demand: toDemand(value) }];
    }),
  );
}

/** A list of values, or the word `aanwezig`. */
function toDemand(value: JsonValue): Demand {
  return isJsonArray(value) ? { kind: 'one-of', values: value.map(String) } : { kind: 'present' };
}

function attributeOf(name: string): string {
  return name === 'categorie' ? CATEGORY : name;
}

type ToFact = (name: string) => Fact | undefined;

const FACTS: ReadonlyMap<string, ToFact> = new Map<string, ToFact>([
  ['afzender', (name) => ({ subject: 'sender', name: attributeOf(name) })],
  ['ontvanger', (name) => ({ subject: 'recipient', name: attributeOf(name) })],
  ['stuurgegevens', () => ({ subject: 'urgency' })],
  ['verwerking', toMember],
  ['inhoud', (name) => ({ subject: 'content', name })],
]);

function toMember(word: string): Fact | undefined {
  const name = PROCESSING_WORDS.fromWire(word);
  return name && { subject: 'processing', name };
}
