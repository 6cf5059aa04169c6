import { describe, expect, it } from '@jest/globals';

import { judge } from '../../../gateway/pipeline/judge.ts';
import { NOW } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import { vary } from '../../support/variations.ts';
import { openWorkshop } from '../../support/workshop.ts';

const HOUR = 3_600_000;
const shop = openWorkshop();

describe('the hour of the day', () => {
  it('Z54: makes no difference for a signaal, nor for what is refused, in a whole week', () => {
    const outcomes = (bericht: Bericht): readonly string[] => {
      const incoming = shop.sendAs(bericht);
      return Array.from({ length: 168 }, (_, hour) => {
        const judged = judge(incoming, { ...shop.plain, now: NOW + hour * HOUR });
        return judged.ok ? 'accepted' : judged.error.code;
      });
    };
    expect(new Set(outcomes(vary('signaal', 'laag')))).toEqual(new Set(['accepted']));
    expect(new Set(outcomes(vary('signaal', 'laag', { stuur: { urgent: 'crisis' } })))).toEqual(
      new Set(['ERR_CRISIS_NOT_CARRIED']),
    );
  });
});
