import { describe, expect, it } from '@jest/globals';
import { expandSendRow } from '../../../gateway/codec/rule-set-expand.ts';

describe('a row of the send matrix that lists', () => {
  it('is a row for each type and pair of roles, with all else as it stands', () => {
    const row = {
      berichttype: ['vcobDi01', 'vciDi01'],
      afzender: ['VEILIG_THUIS', 'OM'],
      ontvanger: 'GI',
      bronnen: ['T5'],
    };
    expect(expandSendRow(row)).toEqual([
      {
        id: 'vcob-veilig-thuis-gi',
        berichttype: 'vcobDi01',
        afzender: 'VEILIG_THUIS',
        ontvanger: 'GI',
        bronnen: ['T5'],
      },
      { id: 'vcob-om-gi', berichttype: 'vcobDi01', afzender: 'OM', ontvanger: 'GI', bronnen: ['T5'] },
      { id: 'vci-veilig-thuis-gi', berichttype: 'vciDi01', afzender: 'VEILIG_THUIS', ontvanger: 'GI', bronnen: ['T5'] },
      { id: 'vci-om-gi', berichttype: 'vciDi01', afzender: 'OM', ontvanger: 'GI', bronnen: ['T5'] },
    ]);
  });

  it.each([
    ['Bv01Bericht', 'bv01-rvdk-gi'],
    ['meldingGeneriekDi01', 'melding-generiek-rvdk-gi'],
    ['vtRegisterCheck', 'vt-register-check-rvdk-gi'],
  ])('calls %s from RVDK to GI %s', (berichttype, id) => {
    expect(expandSendRow({ berichttype, afzender: 'RVDK', ontvanger: 'GI' })).toEqual([
      { id, berichttype, afzender: 'RVDK', ontvanger: 'GI' },
    ]);
  });

  it('keeps the name that it gives itself', () => {
    const row = { id: 'eigen-naam', berichttype: 'signaal', afzender: 'GI', ontvanger: 'ZVJ' };
    expect(expandSendRow(row)).toEqual([row]);
  });
});
