import { describe, expect, it } from '@jest/globals';
import { formatTerm } from '../../../gateway/codec/reply-rules.ts';
import { readRuleSet } from '../../../gateway/codec/rule-set.ts';
import type { SendRule } from '../../../gateway/domain/participants.ts';
import { readRuleFiles } from '../../support/standing.ts';

const read = readRuleSet(readRuleFiles());
if (!read.ok) throw new RangeError(JSON.stringify(read.error));
const rules = read.value;

const reporters = ['GI', 'HALT', 'HUISARTS', 'MELDINGSBEVOEGDE', 'POLITIE', 'RVDK', 'SCHOOL', 'VEILIG_THUIS'];

/** Who sends each type, and to whom, by hand. */
const ROLES: Readonly<Record<string, { readonly from: readonly string[]; readonly to: readonly string[] }>> = {
  opdrachtTb: { from: ['RVDK'], to: ['GI'] },
  meldingStartTb: { from: ['GI'], to: ['RVDK'] },
  meldingAfloopTb: { from: ['GI'], to: ['RVDK'] },
  verzoekWijzigingTb: { from: ['GI'], to: ['RVDK'] },
  wijzigingTb: { from: ['RVDK'], to: ['GI'] },
  overdrachtTb: { from: ['GI'], to: ['RVDK'] },
  overdrachtDocumentTb: { from: ['GI'], to: ['RVDK'] },
  virMelding: { from: reporters, to: ['VIR'] },
  virSignaal: { from: ['VIR'], to: [...reporters, 'REGISSEUR', 'ZVJ'] },
  vtRegisterCheck: { from: ['VEILIG_THUIS'], to: ['VT_REGISTER'] },
  vtRegisterUitslag: { from: ['VT_REGISTER'], to: ['VEILIG_THUIS'] },
  vtRegisterVerwijdering: { from: ['VEILIG_THUIS'], to: ['VT_REGISTER'] },
  meldingBeroepskracht: { from: ['HUISARTS', 'SCHOOL'], to: ['VEILIG_THUIS'] },
  facturatieControle: { from: ['GI', 'JEUGDHULPAANBIEDER'], to: ['GEMEENTE'] },
  verstrekkingToezicht: {
    from: ['GI', 'VEILIG_THUIS'],
    to: ['IGJ', 'KLACHTENCOMMISSIE', 'OMBUDSMAN', 'TUCHTCOLLEGE'],
  },
  zvhAfschaling: {
    from: ['PROCESREGISSEUR_ZVH', 'ZVH'],
    to: ['GEMEENTE', 'GI', 'OM', 'POLITIE', 'RVDK', 'VEILIG_THUIS'],
  },
};

const rowsOf = (type: string): readonly SendRule[] => rules.sendRules.get(type) ?? [];

describe('the rows of justice, Veilig Thuis, the VIR and the Zorg- en Veiligheidshuis', () => {
  it.each(Object.entries(ROLES))('let %s go from and to its roles, each pair once', (type, { from, to }) => {
    const pairs = from.flatMap((sender) => to.map((recipient) => `${sender} → ${recipient}`));
    const found = rowsOf(type).map(({ senderRole, recipientRole }) => `${senderRole} → ${recipientRole}`);
    expect([...found].sort()).toEqual(pairs.sort());
  });

  it('name the sources that they carry out', () => {
    const types = Object.keys(ROLES).filter((type) => !['opdrachtTb', 'meldingStartTb'].includes(type));
    expect(types.flatMap(rowsOf).filter(({ sources }) => sources.length === 0)).toEqual([]);
  });

  it('C3: know of no party but the GI that carries out toezicht en begeleiding', () => {
    const holders = [...rules.participants.values()].filter(({ roles }) => roles.includes('GI'));
    for (const { institutions } of holders) expect(institutions).toContainEqual(expect.stringMatching(/^AST\d{3,4}$/));
  });

  it('A4: carry nothing of a GI to a gemeente but what an invoice needs', () => {
    const ours = Object.keys(ROLES).flatMap(rowsOf);
    const toGemeente = ours.filter(
      ({ senderRole, recipientRole }) => senderRole === 'GI' && recipientRole === 'GEMEENTE',
    );
    expect(toGemeente.map(({ type }) => type)).toEqual(['facturatieControle']);
  });

  it('T1, T2: show no sender of a melding to Veilig Thuis', () => {
    expect(rules.types.get('meldingBeroepskracht')?.protectedReporter).toBe(true);
  });
});

describe('what must come back', () => {
  const row = (type: string): SendRule | undefined => rowsOf(type)[0];

  it('on a request to change an opdracht is the change, which names the request', () => {
    const reply = row('verzoekWijzigingTb')?.reply;
    expect([reply?.types, reply && formatTerm(reply.term)]).toEqual([['wijzigingTb'], '5 werkdagen']);
    expect(row('wijzigingTb')?.answersTypes).toEqual(['verzoekWijzigingTb']);
  });

  it('T10: on a check in the register is its result, which names the check', () => {
    const reply = row('vtRegisterCheck')?.reply;
    expect([reply?.types, reply && formatTerm(reply.term)]).toEqual([['vtRegisterUitslag'], '1 werkdag']);
    expect(row('vtRegisterUitslag')?.answersTypes).toEqual(['vtRegisterCheck']);
  });

  it('T11: after the result is the removal, within the ten weeks of Veilig Thuis, with a reminder', () => {
    const reply = row('vtRegisterUitslag')?.reply;
    expect([reply?.types, reply && formatTerm(reply.term)]).toEqual([['vtRegisterVerwijdering'], '50 werkdagen']);
    expect(reply?.reminder).toEqual({ kind: 'working-days', count: 5 });
    // An involvement may last longer than the register of traffic data: a removal then still goes through.
    expect(row('vtRegisterVerwijdering')?.answersTypes).toBeUndefined();
  });
});
