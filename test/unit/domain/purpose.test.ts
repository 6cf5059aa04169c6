import { describe, expect, it } from '@jest/globals';
import { findWrongPurpose } from '../../../gateway/domain/purpose.ts';
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
