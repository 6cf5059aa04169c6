import { describe, expect, it } from '@jest/globals';
import { findPurposes, findWrongPurpose } from '../../../gateway/domain/purpose.ts';
import type { Condition, Demand, Fact } from '../../../gateway/domain/conditions.ts';
import type { Purpose } from '../../../gateway/domain/purpose.ts';
import type { Processing } from '../../../gateway/domain/message.ts';

const law: Purpose = { rule: 'T12', field: 'VT', grounds: ['WET'], consents: [] };
const consent: Purpose = { rule: 'T6', field: 'VT', grounds: ['TOESTEMMING'], consents: ['ja'] };
const complaint: Purpose = { rule: 'T13', field: 'KLACHT', grounds: ['WET', 'TOESTEMMING'], consents: ['ja'] };
const purposes = new Map([
  ['VT', [law, consent]],
  ['KLACHT', [complaint]],
]);

describe('findWrongPurpose', () => {
  it.each<[Processing, ReturnType<typeof findWrongPurpose>]>([
    [{ field: 'VT', ground: 'WET' }, undefined],
    [{ field: 'VT', ground: 'WET', consent: 'nee' }, undefined],
    [{ field: 'VT', ground: 'TOESTEMMING', consent: 'ja' }, undefined],
    [
      { field: 'VT', ground: 'TOESTEMMING', consent: 'nee' },
      { rule: 'T6', member: 'consent' },
    ],
    [
      { field: 'VT', ground: 'TOESTEMMING' },
      { rule: 'T6', member: 'consent' },
    ],
    [
      { field: 'VT', ground: 'REDELIJK_VERMOEDEN' },
      { rule: 'T12', member: 'ground' },
    ],
    [{ field: 'KLACHT', consent: 'ja' }, undefined],
    [
      { field: 'KLACHT', consent: 'nvt' },
      { rule: 'T13', member: 'consent' },
    ],
    [
      { field: 'JB', ground: 'WET' },
      { rule: 'T22', member: 'field' },
    ],
    [{ ground: 'WET' }, { rule: 'T22', member: 'field' }],
  ])('of %j is %j', (processing, wrong) => {
    expect(findWrongPurpose(processing, purposes)).toEqual(wrong);
  });
});

describe('findPurposes', () => {
  const asking = (fact: Fact, demand: Demand, when: Condition['when'] = []): Condition => ({
    rule: 'V12',
    when,
    demands: [{ fact, demand }],
  });
  const field: Fact = { subject: 'processing', name: 'field' };
  const onlyVt: Demand = { kind: 'one-of', values: ['VT'] };

  it.each<[string, readonly Condition[], readonly Purpose[]]>([
    ['all, without a condition', [], [law, consent, complaint]],
    ['those of the fields that a condition allows', [asking(field, onlyVt)], [law, consent]],
    ['all, where the field must only be there', [asking(field, { kind: 'present' })], [law, consent, complaint]],
    [
      'all, where the condition is of something else',
      [asking({ subject: 'processing', name: 'ground' }, onlyVt), asking({ subject: 'urgency' }, onlyVt)],
      [law, consent, complaint],
    ],
    [
      'all, where the condition does not mean every bericht',
      [asking(field, onlyVt, [{ fact: { subject: 'urgency' }, demand: onlyVt }])],
      [law, consent, complaint],
    ],
  ])('leaves %s', (_, conditions, expected) => {
    expect(findPurposes(purposes, conditions)).toEqual(expected);
  });
});
