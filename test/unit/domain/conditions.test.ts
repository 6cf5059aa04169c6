import { describe, expect, it } from '@jest/globals';
import { CATEGORY, findBrokenCondition, findOpenConditions } from '../../../gateway/domain/conditions.ts';
import type {
  BrokenCondition,
  Condition,
  ConditionFacts,
  Declared,
  Demand,
  Fact,
  FactDemand,
} from '../../../gateway/domain/conditions.ts';

const NOW = Date.UTC(2026, 10, 25);
const PRESENT: Demand = { kind: 'present' };

const oneOf = (...values: readonly string[]): Demand => ({ kind: 'one-of', values });
const demand = (fact: Fact, asked: Demand): FactDemand => ({ fact, demand: asked });
const condition = (rule: string, demands: readonly FactDemand[], when: readonly FactDemand[] = []): Condition => ({
  rule,
  when,
  demands,
});

const admitted: Fact = { subject: 'sender', name: 'virToegelaten' };
const convenant: Fact = { subject: 'sender', name: 'convenantDatum' };
const partner: Fact = { subject: 'recipient', name: 'zvhPartner' };
const field: Fact = { subject: 'processing', name: 'field' };
const content: Fact = { subject: 'content', name: 'a/b' };
const urgency: Fact = { subject: 'urgency' };

function facts(given: Partial<ConditionFacts> & { readonly said?: Partial<Declared> } = {}): ConditionFacts {
  const { said, ...rest } = given;
  return {
    sender: { category: 'halt', attributes: { virToegelaten: true, convenantDatum: NOW } },
    recipient: { category: undefined, attributes: {} },
    declared: { urgency: 'nee', processing: { field: 'JB' }, contentAt: () => ['x'], ...said },
    now: NOW,
    ...rest,
  };
}

const broken = (demands: readonly FactDemand[], given = facts()): BrokenCondition | undefined =>
  findBrokenCondition([condition('V1', demands)], given);

describe('findBrokenCondition', () => {
  it.each<readonly [string, Fact, readonly [Demand, boolean]]>([
    ['an attribute of the sender', admitted, [oneOf('true'), true]],
    ['an attribute that has another value', admitted, [oneOf('false'), false]],
    ['an attribute that nobody has', partner, [oneOf('true', 'false'), false]],
    ['the category', { subject: 'sender', name: CATEGORY }, [oneOf('school', 'halt'), true]],
    ['a category that is not there', { subject: 'recipient', name: CATEGORY }, [oneOf('halt'), false]],
    ['the urgency', urgency, [oneOf('nee'), true]],
    ['another urgency', urgency, [oneOf('ja'), false]],
    ['a member of the processing', field, [oneOf('JB', 'JR'), true]],
    ['another member of the processing', field, [oneOf('VT'), false]],
    ['a member that was not sent', { subject: 'processing', name: 'reason' }, [PRESENT, false]],
    ['a text of the content', content, [oneOf('x'), true]],
    ['another text of the content', content, [oneOf('y'), false]],
    ['a text of the content, whatever it is', content, [PRESENT, true]],
  ])('judges %s', (_what, fact, [asked, holds]) => {
    expect(broken([demand(fact, asked)])).toEqual(holds ? undefined : { rule: 'V1', fact });
  });

  it('asks every text at a path to be in the list, and one at least to be there', () => {
    const asked = [demand(content, oneOf('x', 'y'))];
    const holds = (texts: readonly string[]): boolean =>
      broken(asked, facts({ said: { contentAt: () => texts } })) === undefined;
    expect([['x', 'y'], ['x', 'z'], []].map(holds)).toEqual([true, false, false]);
  });

  it('takes a date that is to come, an empty text and a no for absent', () => {
    const with_ = (value: string | boolean | number): ConditionFacts =>
      facts({ sender: { category: undefined, attributes: { convenantDatum: value } } });
    const holds = (value: string | boolean | number): boolean =>
      broken([demand(convenant, PRESENT)], with_(value)) === undefined;
    expect([NOW, NOW + 1, '', 'x', true, false].map(holds)).toEqual([true, false, false, true, true, false]);
  });

  it('asks nothing of a bericht that its `when` does not mean, and all of one that it means', () => {
    const urgent = condition('Z49', [demand(content, oneOf('2'))], [demand(urgency, oneOf('ja'))]);
    expect(findBrokenCondition([urgent], facts())).toBeUndefined();
    expect(findBrokenCondition([urgent], facts({ said: { urgency: 'ja' } }))).toEqual({ rule: 'Z49', fact: content });
    expect(findBrokenCondition([urgent], facts({ said: { urgency: 'ja', contentAt: () => ['2'] } }))).toBeUndefined();
  });

  it('asks it also of one in which only one of several values is meant', () => {
    const rule = condition('H2', [demand(field, oneOf('VT'))], [demand(content, oneOf('x'))]);
    const holds = (texts: readonly string[]): boolean =>
      findBrokenCondition([rule], facts({ said: { contentAt: () => texts } })) === undefined;
    expect([['x', 'z'], ['z'], []].map(holds)).toEqual([false, true, true]);
  });

  it('names the first that does not hold', () => {
    const rows = [
      condition('V10', [demand(convenant, PRESENT)]),
      condition('V12', [demand(field, oneOf('JR'))]),
      condition('H2', [demand(partner, oneOf('true'))]),
    ];
    expect(findBrokenCondition(rows, facts())).toEqual({ rule: 'V12', fact: field });
    expect(findBrokenCondition([], facts())).toBeUndefined();
  });

  it('finds nothing on record about a recipient that is not there', () => {
    const asked = [demand(partner, oneOf('true'))];
    const category = [demand({ subject: 'recipient', name: CATEGORY }, PRESENT)];
    expect(broken(asked, facts({ recipient: undefined }))?.fact).toEqual(partner);
    expect(broken(category, facts({ recipient: undefined }))?.fact.subject).toBe('recipient');
  });

  it('judges without a bericht only what the parties are', () => {
    const advice = facts({ declared: undefined });
    for (const fact of [field, content, urgency]) expect(broken([demand(fact, oneOf('z'))], advice)).toBeUndefined();
    expect(broken([demand(partner, PRESENT)], advice)?.fact).toEqual(partner);
    const hung = condition('Z40', [demand(partner, PRESENT)], [demand(content, oneOf('x'))]);
    expect(findBrokenCondition([hung], advice)).toBeUndefined();
  });
});

describe('findOpenConditions', () => {
  const advice = facts({ declared: undefined });
  it('leaves what hangs on the bericht, without what the parties meet already', () => {
    const rows = [
      condition('V11', [demand(admitted, oneOf('true'))]),
      condition('V12', [demand(admitted, oneOf('true')), demand(field, oneOf('JB'))]),
      condition('Z40', [demand(content, oneOf('ja'))], [demand({ subject: 'sender', name: CATEGORY }, oneOf('halt'))]),
      condition(
        'Z41',
        [demand(content, oneOf('ja'))],
        [demand({ subject: 'sender', name: CATEGORY }, oneOf('school'))],
      ),
      condition('Z49', [demand(content, oneOf('2'))], [demand(urgency, oneOf('ja'))]),
      condition('H2', [demand(partner, PRESENT)], [demand(urgency, oneOf('ja'))]),
    ];
    expect(findOpenConditions(rows, advice)).toEqual([
      condition('V12', [demand(field, oneOf('JB'))]),
      condition('Z40', [demand(content, oneOf('ja'))]),
      condition('Z49', [demand(content, oneOf('2'))], [demand(urgency, oneOf('ja'))]),
      condition('H2', [demand(partner, PRESENT)], [demand(urgency, oneOf('ja'))]),
    ]);
  });

  it('leaves nothing of a row without conditions', () => {
    expect(findOpenConditions([], advice)).toEqual([]);
  });
});
