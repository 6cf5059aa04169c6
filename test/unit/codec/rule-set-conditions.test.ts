import { describe, expect, it } from '@jest/globals';
import { toCondition } from '../../../gateway/codec/rule-set-conditions.ts';
import { readRuleSet } from '../../../gateway/codec/rule-set.ts';
import type { RuleProblem } from '../../../gateway/codec/rule-problem.ts';
import { changeRules, readRuleFiles } from '../../support/standing.ts';
import type { RuleChanges, RuleRow } from '../../support/standing.ts';
import { addRows, changeRow } from '../../support/workshop.ts';

const files = readRuleFiles();

function problemsWith(changes: RuleChanges): readonly RuleProblem[] {
  const read = readRuleSet(changeRules(files, changes));
  return read.ok ? [] : read.error;
}

const withRow = (change: RuleRow): RuleChanges => ({ verzendmatrix: changeRow({ id: 'opdracht-tb-rvdk-gi' }, change) });
const withCondition = (...voorwaarden: readonly RuleRow[]): RuleChanges => withRow({ voorwaarden });
const inMatrix = (problem: string): RuleProblem => ({
  file: 'verzendmatrix.yaml',
  row: 'opdracht-tb-rvdk-gi',
  problem,
});

describe('toCondition', () => {
  it('reads every kind of demand', () => {
    const row = {
      regel: 'V10',
      als: { stuurgegevens: { urgent: ['ja'] }, afzender: { categorie: ['school'] } },
      afzender: { convenantDatum: 'aanwezig', virToegelaten: [true] },
      ontvanger: { zvhPartner: [true] },
      verwerking: { werkveld: ['JB', 'JR'], anders: ['x'] },
      inhoud: { 'a/b': [1, 'x'] },
    };
    expect(toCondition(row)).toEqual({
      rule: 'V10',
      when: [
        { fact: { subject: 'sender', name: 'category' }, demand: { kind: 'one-of', values: ['school'] } },
        { fact: { subject: 'urgency' }, demand: { kind: 'one-of', values: ['ja'] } },
      ],
      demands: [
        { fact: { subject: 'sender', name: 'convenantDatum' }, demand: { kind: 'present' } },
        { fact: { subject: 'sender', name: 'virToegelaten' }, demand: { kind: 'one-of', values: ['true'] } },
        { fact: { subject: 'recipient', name: 'zvhPartner' }, demand: { kind: 'one-of', values: ['true'] } },
        { fact: { subject: 'processing', name: 'field' }, demand: { kind: 'one-of', values: ['JB', 'JR'] } },
        { fact: { subject: 'content', name: 'a/b' }, demand: { kind: 'one-of', values: ['1', 'x'] } },
      ],
    });
  });

  it('reads a row of nothing', () => {
    expect(toCondition({})).toEqual({ rule: '', when: [], demands: [] });
  });
});

describe('readRuleSet, conditions and purposes', () => {
  it('takes a row with everything a row can have', () => {
    const row = {
      bronnen: ['V11', 'Z23b'],
      voorwaarden: [
        { regel: 'V11', afzender: { virToegelaten: [true], convenantDatum: 'aanwezig' } },
        { regel: 'Z40', als: { stuurgegevens: { urgent: ['ja'] } }, inhoud: { 'a/b': ['x', 2, true] } },
      ],
      antwoordOp: { typen: ['meldingStartTb'] },
      doelbinding: 'nvt',
    };
    const read = readRuleSet(changeRules(files, withRow(row)));
    const rule = read.ok
      ? read.value.sendRules.get('opdrachtTb')?.find(({ id }) => id === 'opdracht-tb-rvdk-gi')
      : undefined;
    expect(rule).toMatchObject({ sources: ['V11', 'Z23b'], answersTypes: ['meldingStartTb'], purposeFree: true });
    expect(rule?.conditions.map((condition) => condition.rule)).toEqual(['V11', 'Z40']);
  });

  it.each<[string, RuleRow]>([
    ['an attribute that parties have not', { regel: 'V1', afzender: { virToegelatten: [true] } }],
    ['a member that verwerking has not', { regel: 'V1', verwerking: { veld: ['JB'] } }],
    ['a path that would be more than names', { regel: 'V1', inhoud: { "a']/x": ['y'] } }],
    ['an empty list', { regel: 'V1', inhoud: { a: [] } }],
    ['a date with a value', { regel: 'V1', afzender: { convenantDatum: ['2026-01-01'] } }],
    ['another word than aanwezig', { regel: 'V1', inhoud: { a: 'afwezig' } }],
    ['a demand on the urgency', { regel: 'V1', stuurgegevens: { urgent: ['ja'] } }],
    ['no rule', { afzender: { virToegelaten: [true] } }],
  ])('refuses a condition with %s', (_what, row) => {
    expect(problemsWith(withCondition(row)).map(({ file }) => file)).toContain('verzendmatrix.yaml');
  });

  it('refuses the same rule twice in a row, a condition without demand and a werkveld without purposes', () => {
    const twice = { regel: 'V11', afzender: { virToegelaten: [true] } };
    expect(problemsWith(withCondition(twice, { ...twice }))).toEqual([inMatrix('regel V11 komt twee keer voor')]);
    expect(problemsWith(withCondition({ regel: 'V11', als: { inhoud: { a: ['x'] } } }))).toEqual([
      inMatrix('voorwaarde V11 stelt geen eis'),
    ]);
    const fields = {
      regel: 'V12',
      als: { verwerking: { werkveld: ['ABC'] } },
      verwerking: { werkveld: ['JB', 'DEF'] },
    };
    expect(problemsWith(withCondition(fields))).toEqual([
      inMatrix('werkveld ABC staat niet in doelbinding.yaml'),
      inMatrix('werkveld DEF staat niet in doelbinding.yaml'),
    ]);
    expect(problemsWith(withCondition({ regel: 'V12', verwerking: { werkveld: 'aanwezig' } }))).toEqual([]);
  });

  it('refuses doelbinding: nvt on a row that is no answer, and an answer to no type', () => {
    expect(problemsWith(withRow({ doelbinding: 'nvt' }))).toEqual([
      inMatrix('doelbinding: nvt kan alleen met antwoordOp'),
    ]);
    expect(problemsWith(withRow({ antwoordOp: { typen: ['nietDi01'] } }))).toEqual([
      inMatrix('berichttype nietDi01 is niet bekend'),
    ]);
  });

  it('refuses a type that asks for a purpose and not for its werkveld', () => {
    expect(
      problemsWith({ berichttypen: changeRow({ berichttype: 'opdrachtTb' }, { verwerking: ['grondslag'] }) }),
    ).toEqual([{ file: 'berichttypen.yaml', row: 'opdrachtTb', problem: 'verwerking vraagt altijd ook werkveld' }]);
  });

  it('refuses a grondslag on two rows of a werkveld', () => {
    const row = { regel: 'T12', werkveld: 'JB', grondslagen: ['WET'], toestemming: ['ja'] };
    expect(problemsWith({ doelbinding: addRows(row) })).toEqual([
      { file: 'doelbinding.yaml', row: 'JB WET', problem: 'deze grondslag staat op twee rijen van het werkveld' },
    ]);
  });
});
