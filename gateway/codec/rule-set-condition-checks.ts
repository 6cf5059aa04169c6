import type { Condition, FactDemand } from '../domain/conditions.ts';
import type { RuleSet, SendRule, TypeRule } from '../domain/participants.ts';
import type { Purpose } from '../domain/purpose.ts';
import { findRepeated } from './rule-problem.ts';
import type { RuleProblem } from './rule-problem.ts';

/** Conditions of a row that could be told apart by nobody, refuse nobody, or refuse everybody; and its excuses. */
export function checkSendRule(rule: SendRule, rules: RuleSet): readonly RuleProblem[] {
  const report = (problem: string): RuleProblem => ({ file: 'verzendmatrix.yaml', row: rule.id, problem });
  return [
    ...findRepeated(rule.conditions.map((condition) => condition.rule)).map((name) =>
      report(`regel ${name} komt twee keer voor`),
    ),
    ...rule.conditions
      .filter(({ demands }) => demands.length === 0)
      .map((condition) => report(`voorwaarde ${condition.rule} stelt geen eis`)),
    ...unknownFields(rule.conditions, rules).map((field) => report(`werkveld ${field} staat niet in doelbinding.yaml`)),
    // Only who gave the assignment may be answered whatever the purpose.
    ...(rule.purposeFree && rule.answersTypes === undefined
      ? [report('doelbinding: nvt kan alleen met antwoordOp')]
      : []),
  ];
}

/** A purpose is judged by its field: a type that asks for any member of it asks for that one. */
export function checkTypeRule({ type, requiredProcessing }: TypeRule): readonly RuleProblem[] {
  if (requiredProcessing.length === 0 || requiredProcessing.includes('field')) return [];
  return [{ file: 'berichttypen.yaml', row: type, problem: 'verwerking vraagt altijd ook werkveld' }];
}

/** Rows of one field: a ground in two of them would leave open which consent it asks. */
export function checkPurposes(purposes: readonly Purpose[]): readonly RuleProblem[] {
  return findRepeated(purposes.flatMap(({ field, grounds }) => grounds.map((ground) => `${field} ${ground}`))).map(
    (row) => ({ file: 'doelbinding.yaml', row, problem: 'deze grondslag staat op twee rijen van het werkveld' }),
  );
}

function unknownFields(conditions: readonly Condition[], rules: RuleSet): readonly string[] {
  return conditions
    .flatMap(({ when, demands }) => [...when, ...demands])
    .flatMap(fieldsOf)
    .filter((field) => !rules.purposes.has(field));
}

function fieldsOf({ fact, demand }: FactDemand): readonly string[] {
  const isField = fact.subject === 'processing' && fact.name === 'field';
  return isField && demand.kind === 'one-of' ? demand.values : [];
}
