import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { formatTerm } from '../../../gateway/codec/reply-rules.ts';
import { readRuleSet, RULE_FILES } from '../../../gateway/codec/rule-set.ts';
import type { SendRule } from '../../../gateway/domain/participants.ts';
import { changeRules, readRuleFiles } from '../../support/standing.ts';
import type { RuleChanges } from '../../support/standing.ts';

const read = readRuleSet(readRuleFiles());
if (!read.ok) throw new RangeError(JSON.stringify(read.error));
const rules = read.value;
const rows = [...rules.sendRules.values()].flat();

const institutions = ['GEMEENTE', 'GI', 'HUISARTS', 'JEUGDHULPAANBIEDER', 'MELDINGSBEVOEGDE', 'ONDERWIJS_IB', 'SCHOOL'];
const parties = [...institutions, 'VEILIG_THUIS'];
const coordinators = ['GI', 'ZORGCOORDINATOR'];

/** Who sends each type, and to whom, by hand. */
const ROLES: Readonly<Record<string, { readonly from: readonly string[]; readonly to: readonly string[] }>> = {
  signaal: { from: parties, to: ['GI', 'REGISSEUR', 'ZVJ'] },
  signaalIntrekking: { from: parties, to: ['GI', 'REGISSEUR', 'ZVJ'] },
  ketenregistratie: { from: parties, to: ['ZVJ'] },
  matchNotificatie: {
    from: ['ZVJ'],
    to: [...parties, 'NETWERK_VOORZITTER', 'REGIONAAL_COORDINATOR', 'REGISSEUR', 'ZORGCOORDINATOR'],
  },
  zorgcoordinatieToewijzing: { from: ['REGISSEUR', 'ZVJ'], to: coordinators },
  zorgcoordinatieOverdracht: { from: coordinators, to: coordinators },
  zorgcoordinatieAcceptatie: { from: coordinators, to: coordinators },
  betrokkenheidVraag: { from: parties, to: ['ZVJ'] },
  betrokkenheidAntwoord: { from: ['ZVJ'], to: parties },
};

const pairsOf = (type: string): readonly string[] =>
  (rules.sendRules.get(type) ?? []).map(({ senderRole, recipientRole }) => `${senderRole} → ${recipientRole}`).sort();

function row(type: string, senderRole: string, recipientRole: string): SendRule {
  const found = rules.sendRules
    .get(type)
    ?.find((rule) => rule.senderRole === senderRole && rule.recipientRole === recipientRole);
  if (found === undefined) throw new RangeError(`no row ${type} ${senderRole} → ${recipientRole}`);
  return found;
}

describe('the rows of Zorg voor Jeugd', () => {
  it.each(Object.entries(ROLES))('let %s go from and to its roles, each pair once', (type, { from, to }) => {
    const pairs = from.flatMap((sender) => to.map((recipient) => `${sender} → ${recipient}`));
    expect(pairsOf(type)).toEqual(pairs.sort());
  });

  it('Z49, Z53: let contact be confirmed to who gave the signal, and to the index after a match', () => {
    const toParties = ['GI', 'REGISSEUR', 'ZVJ'].flatMap((sender) => parties.map((party) => `${sender} → ${party}`));
    const toIndex = parties.map((party) => `${party} → ZVJ`);
    expect(pairsOf('contactBevestiging')).toEqual([...toParties, ...toIndex].sort());
    for (const party of parties) {
      expect(row('contactBevestiging', party, 'ZVJ').answersTypes).toEqual(['matchNotificatie']);
      const reply = row('matchNotificatie', 'ZVJ', party).reply;
      expect([reply?.types, reply && formatTerm(reply.term)]).toEqual([['contactBevestiging'], '5 werkdagen']);
    }
  });

  it('Z27–Z34: let an escalatie go up step by step, and its uitspraak down', () => {
    expect(pairsOf('escalatie')).toEqual([
      'REGISSEUR → DIRECTIE',
      'REGISSEUR → WETHOUDER',
      'WETHOUDER → PORTEFEUILLEHOUDER',
      'ZORGCOORDINATOR → REGISSEUR',
    ]);
    expect(pairsOf('escalatieUitspraak')).toEqual([
      'DIRECTIE → REGISSEUR',
      'DIRECTIE → ZORGCOORDINATOR',
      'PORTEFEUILLEHOUDER → DIRECTIE',
    ]);
  });

  it('Z8, Z14, Z15, Z41: let police and justice take no part, and a network only hear', () => {
    const types = new Set([...Object.keys(ROLES), 'escalatie', 'escalatieUitspraak']);
    const own = rows.filter(({ type }) => types.has(type));
    const outside = ['CJIB', 'HALT', 'OM', 'POLITIE', 'RECHTBANK', 'RVDK', 'ZSM', 'ZVH'];
    const isOutside = ({ senderRole, recipientRole }: SendRule): boolean =>
      outside.includes(senderRole) || outside.includes(recipientRole);
    expect(own.filter(isOutside)).toEqual([]);
    const listeners = ['NETWERK_VOORZITTER', 'REGIONAAL_COORDINATOR'];
    expect(rows.filter(({ senderRole }) => listeners.includes(senderRole))).toEqual([]);
    const heard = rows.filter(({ recipientRole }) => listeners.includes(recipientRole)).map(({ type }) => type);
    expect(heard).toEqual(['matchNotificatie', 'matchNotificatie']);
  });
});

describe('matchNotificatie', () => {
  const set = (changes: RuleChanges): string => {
    const changed = readRuleSet(changeRules(readRuleFiles(), changes));
    return changed.ok ? 'accepted' : changed.error.map(({ problem }) => problem).join();
  };

  it('Z47: is the one type that no emergency stop switches off', () => {
    expect(set({ stop: { berichttypen: ['matchNotificatie'] } })).toBe(
      'berichttype matchNotificatie kent geen noodstop',
    );
    const others = [...rules.types.keys()].filter((type) => type !== 'matchNotificatie');
    expect(set({ stop: { berichttypen: others } })).toBe('accepted');
  });

  it('Z47: has no setting of its own', () => {
    for (const file of [
      'schemas/gateway.schema.json',
      ...RULE_FILES.map((name) => `routing-rules/schemas/${name}.schema.json`),
    ]) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/match/i);
    }
  });
});

describe('the terms of Zorg voor Jeugd', () => {
  it('Z49, Z53: are five werkdagen for contact over a signaal, and at once when it is urgent', () => {
    const reply = rules.types.get('signaal')?.reply;
    expect(reply?.types).toEqual(['contactBevestiging']);
    expect([reply?.term, reply?.urgentTerm].map((term) => term && formatTerm(term))).toEqual(['5 werkdagen', 'direct']);
    expect((rules.sendRules.get('signaal') ?? []).filter((rule) => rule.reply !== undefined)).toEqual([]);
  });

  it('Z29–Z34: are four times two werkdagen and the same day for an escalatie', () => {
    const steps = [
      row('escalatie', 'ZORGCOORDINATOR', 'REGISSEUR'),
      row('escalatie', 'REGISSEUR', 'DIRECTIE'),
      row('escalatieUitspraak', 'DIRECTIE', 'REGISSEUR'),
      row('escalatie', 'WETHOUDER', 'PORTEFEUILLEHOUDER'),
      row('escalatieUitspraak', 'PORTEFEUILLEHOUDER', 'DIRECTIE'),
    ];
    expect(steps.map(({ reply }) => [reply?.types.join(), reply && formatTerm(reply.term)])).toEqual([
      ['escalatie', '2 werkdagen'],
      ['escalatieUitspraak', '2 werkdagen'],
      ['escalatie,zorgcoordinatieToewijzing', '2 werkdagen'],
      ['escalatieUitspraak', '2 werkdagen'],
      ['escalatieUitspraak', 'zelfde dag'],
    ]);
    const others = rows.filter(({ type, reply }) => type.startsWith('escalatie') && reply !== undefined);
    expect(others.map(({ id }) => id).sort()).toEqual(steps.map(({ id }) => id).sort());
  });

  it('Z20, Z49, Z56: an answer names what it answers', () => {
    const answers = rows.flatMap(({ type, answersTypes }) =>
      answersTypes === undefined ? [] : [[type, ...answersTypes]],
    );
    const kinds = [...new Set(answers.map((names) => names.join(' ← ')))];
    expect(kinds).toEqual(
      expect.arrayContaining([
        'betrokkenheidAntwoord ← betrokkenheidVraag',
        'contactBevestiging ← signaal',
        'contactBevestiging ← matchNotificatie',
        'escalatieUitspraak ← escalatie',
        'zorgcoordinatieAcceptatie ← zorgcoordinatieOverdracht',
      ]),
    );
    for (const type of ['betrokkenheidAntwoord', 'contactBevestiging', 'zorgcoordinatieAcceptatie']) {
      expect((rules.sendRules.get(type) ?? []).filter(({ answersTypes }) => answersTypes === undefined)).toEqual([]);
    }
  });
});
