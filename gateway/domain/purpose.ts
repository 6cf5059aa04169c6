import type { Condition } from './conditions.ts';
import type { Processing } from './message.ts';

/** What one field of work (*werkveld*) may process on: a row of the purposes that are allowed. */
export interface Purpose {
  /** The name of the rule in a refusal. */
  readonly rule: string;
  readonly field: string;
  readonly grounds: readonly string[];
  /** Consent values that will do with these grounds; empty when consent plays no part. */
  readonly consents: readonly string[];
}

/** What is wrong with the purpose of a bericht, and by which rule. */
export interface WrongPurpose {
  readonly rule: string;
  readonly member: 'field' | 'ground' | 'consent';
}

/** The purposes that remain for berichten that must meet these conditions: of the fields of work that every one of them allows. */
export function findPurposes(
  purposes: ReadonlyMap<string, readonly Purpose[]>,
  conditions: readonly Condition[],
): readonly Purpose[] {
  const demands = conditions.filter(({ when }) => when.length === 0).flatMap((condition) => condition.demands);
  const isAllowed = (purpose: Purpose): boolean =>
    demands.every(({ fact, demand }) => {
      const isField = fact.subject === 'processing' && fact.name === 'field';
      return !isField || demand.kind === 'present' || demand.values.includes(purpose.field);
    });
  return [...purposes.values()].flat().filter(isAllowed);
}

/** The rule for a purpose that is unknown: whatever isn't allowed would need consent, and nothing says whose. */
export const UNKNOWN_PURPOSE = 'T22';

/** Holds purpose, ground and consent against the rows of the field; undefined when one of them allows it. */
export function findWrongPurpose(
  { field = '', ground, consent = '' }: Processing,
  purposes: ReadonlyMap<string, readonly Purpose[]>,
): WrongPurpose | undefined {
  const rows = purposes.get(field) ?? [];
  const [first] = rows;
  if (first === undefined) return { rule: UNKNOWN_PURPOSE, member: 'field' };
  const grounded = rows.filter(({ grounds }) => ground === undefined || grounds.includes(ground));
  const [allowing] = grounded;
  if (allowing === undefined) return { rule: first.rule, member: 'ground' };
  return grounded.some(({ consents }) => consents.length === 0 || consents.includes(consent))
    ? undefined
    : { rule: allowing.rule, member: 'consent' };
}
