import { describe, expect, it } from '@jest/globals';
import { compileJsonSchema } from '../../../gateway/codec/json-schema.ts';
import { findReplyProblems, formatTerm, toAnswersTypes, toReplyRule } from '../../../gateway/codec/reply-rules.ts';
import { readRuleSet } from '../../../gateway/codec/rule-set.ts';
import type { RuleProblem } from '../../../gateway/codec/rule-problem.ts';
import { toSendRule, toTypeRule } from '../../../gateway/codec/rule-set-rows.ts';
import type { JsonObject } from '../../../gateway/codec/strict-json.ts';
import type { RuleSet, SendRule, TypeRule } from '../../../gateway/domain/participants.ts';
import type { ReplyRule, ReplyTerm } from '../../../gateway/domain/reply-terms.ts';
import { changeRules, readRuleFiles } from '../../support/standing.ts';
import type { RuleChanges } from '../../support/standing.ts';
import { changeRow } from '../../support/workshop.ts';

describe('toReplyRule', () => {
  it.each<readonly [string, ReplyTerm]>([
    ['4 uur', { kind: 'hours', count: 4 }],
    ['1 werkdag', { kind: 'working-days', count: 1 }],
    ['5 werkdagen', { kind: 'working-days', count: 5 }],
    ['zelfde dag', { kind: 'same-day' }],
    ['direct', { kind: 'immediate' }],
  ])('reads a term of %s, which a notice writes the same way', (termijn, term) => {
    expect(toReplyRule({ typen: ['ucobDi01'], termijn })).toEqual({
      types: ['ucobDi01'],
      term,
      urgentTerm: undefined,
      reminder: undefined,
    });
    expect(formatTerm(term)).toBe(termijn);
  });

  it('reads the term of an urgent bericht and the reminder', () => {
    const member = {
      typen: ['a', 'b'],
      termijn: '5 werkdagen',
      termijnUrgent: 'direct',
      herinnering: '1 werkdag voor',
    };
    expect(toReplyRule(member)).toEqual({
      types: ['a', 'b'],
      term: { kind: 'working-days', count: 5 },
      urgentTerm: { kind: 'immediate' },
      reminder: { kind: 'working-days', count: 1 },
    });
    expect(toReplyRule({ ...member, herinnering: '12 uur voor' })?.reminder).toEqual({ kind: 'hours', count: 12 });
  });

  it('is nothing for a row that asks for no answer, and for what the schema would have refused', () => {
    expect(toReplyRule(undefined)).toBeUndefined();
    expect(toReplyRule({ typen: [], termijn: 'ooit' })).toBeUndefined();
    expect(toReplyRule({ termijn: 'direct', herinnering: '1 werkdag' })).toEqual({
      types: [],
      term: { kind: 'immediate' },
      urgentTerm: undefined,
      reminder: undefined,
    });
  });
});

describe('toAnswersTypes', () => {
  it('reads the types that an answer may name', () => {
    expect(toAnswersTypes({ typen: ['vcobDi01', 'vciDi01'] })).toEqual(['vcobDi01', 'vciDi01']);
    expect(toAnswersTypes('vcobDi01')).toEqual([]);
    expect(toAnswersTypes(undefined)).toBeUndefined();
  });
});

describe('a rule set that asks for answers', () => {
  const files = readRuleFiles();
  const rulesWith = (changes: RuleChanges): RuleSet => {
    const rules = readRuleSet(changeRules(files, changes));
    if (!rules.ok) throw new RangeError(JSON.stringify(rules.error));
    return rules.value;
  };
  const problemsWith = (changes: RuleChanges): readonly RuleProblem[] => {
    const rules = readRuleSet(changeRules(files, changes));
    return rules.ok ? [] : rules.error;
  };
  const reply = { typen: ['meldingStartTb'], termijn: '5 werkdagen', herinnering: '1 werkdag voor' };
  const ofType = { berichttypen: changeRow({ berichttype: 'opdrachtTb' }, { antwoord: reply }) };
  const ofRow = (antwoord: object): RuleChanges => ({
    verzendmatrix: changeRow({ id: 'opdracht-tb-rvdk-gi' }, { antwoord }),
  });
  const answering = (id: string, ...typen: readonly string[]): RuleChanges => ({
    verzendmatrix: changeRow({ id }, { antwoordOp: { typen } }),
  });

  it('takes them on a type and on a row', () => {
    const typed = rulesWith(ofType);
    expect(typed.types.get('opdrachtTb')?.reply?.types).toEqual(['meldingStartTb']);
    const rowed = rulesWith(ofRow({ ...reply, termijn: '2 werkdagen' }));
    const [row] = rowed.sendRules.get('opdrachtTb') ?? [];
    expect(row?.reply?.term).toEqual({ kind: 'working-days', count: 2 });
  });

  it('takes an answer on a row', () => {
    const [row] = rulesWith(answering('melding-start-tb-gi-rvdk', 'opdrachtTb')).sendRules.get('meldingStartTb') ?? [];
    expect(row?.answersTypes).toEqual(['opdrachtTb']);
  });

  it('refuses what it does not hold together', () => {
    expect(problemsWith(ofRow({ ...reply, typen: ['nietsDi01'] }))).toEqual([
      { file: 'verzendmatrix.yaml', row: 'opdracht-tb-rvdk-gi', problem: 'berichttype nietsDi01 is niet bekend' },
    ]);
  });
});

describe('findReplyProblems', () => {
  const reply: ReplyRule = {
    types: ['ucobDi01'],
    term: { kind: 'working-days', count: 5 },
    urgentTerm: undefined,
    reminder: { kind: 'working-days', count: 1 },
  };
  const type = toTypeRule({ berichttype: 'ucobDi01' });
  const find = (change: { readonly type?: Partial<TypeRule>; readonly row?: Partial<SendRule> }): unknown => {
    const row = { ...toSendRule({ id: 'rij', berichttype: 'a', afzender: 'A', ontvanger: 'B' }), ...change.row };
    const rules = { types: new Map([['ucobDi01', { ...type, ...change.type }]]), sendRules: new Map([['a', [row]]]) };
    return findReplyProblems(rules);
  };

  it('finds nothing wrong in what holds together', () => {
    expect(find({ type: { reply }, row: { reply, answersTypes: ['ucobDi01'] } })).toEqual([]);
    expect(find({})).toEqual([]);
  });

  it('names types that it does not know, on a type and on a row', () => {
    const problem = 'berichttype nietsDi01 is niet bekend';
    const unknown = { ...reply, types: ['nietsDi01'] };
    expect(find({ type: { reply: unknown } })).toEqual([{ file: 'berichttypen.yaml', row: 'ucobDi01', problem }]);
    expect(find({ row: { reply: unknown } })).toEqual([{ file: 'verzendmatrix.yaml', row: 'rij', problem }]);
    expect(find({ row: { answersTypes: ['nietsDi01'] } })).toEqual([
      { file: 'verzendmatrix.yaml', row: 'rij', problem },
    ]);
  });

  it('names a reminder that would come before its term', () => {
    expect(find({ row: { reply: { ...reply, reminder: { kind: 'working-days', count: 5 } } } })).toEqual([
      { file: 'verzendmatrix.yaml', row: 'rij', problem: 'de herinnering valt niet binnen de termijn' },
    ]);
  });
});

describe('the schema of a term', () => {
  const schema = readRuleFiles().get('schemas/verzendmatrix.schema.json') ?? '';
  const matrix = compileJsonSchema({ main: JSON.parse(schema) as JsonObject });
  const accepts = (antwoord: JsonObject): boolean => {
    const row = { id: 'ab', berichttype: 'aB', afzender: 'AB', ontvanger: 'AB', antwoord };
    return matrix.validate({ verzendmatrix: [row] }).length === 0;
  };

  it.each(['4 uur', '999 uur', '1 werkdag', '2 werkdagen', '60 werkdagen', 'zelfde dag', 'direct'])(
    'takes %s',
    (termijn) => {
      expect(accepts({ typen: ['aB'], termijn })).toBe(true);
    },
  );

  it.each(['5 dagen', '0 uur', '1 werkdagen', '61 werkdagen', '1000 uur', 'Direct', ''])('refuses "%s"', (termijn) => {
    expect(accepts({ typen: ['aB'], termijn })).toBe(false);
  });

  it('takes a reminder only before something', () => {
    expect(accepts({ typen: ['aB'], termijn: 'direct', herinnering: '1 werkdag voor' })).toBe(true);
    expect(accepts({ typen: ['aB'], termijn: 'direct', herinnering: '1 werkdag' })).toBe(false);
    expect(accepts({ typen: [], termijn: 'direct' })).toBe(false);
  });
});
