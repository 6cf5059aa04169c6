import { describe, expect, it } from '@jest/globals';
import type { ParticipantName } from '../../../certs-dev/participants.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import type { Participant } from '../../../gateway/domain/participants.ts';
import { describeAddress, findRoute } from '../../../gateway/pipeline/route.ts';
import type { RouteQuestion } from '../../../gateway/pipeline/route.ts';
import { NOW, oinOf } from '../../support/berichten.ts';
import { changeRow, openWorkshop } from '../../support/workshop.ts';

const { plain, withRules } = openWorkshop();
const typeRule = plain.rules.types.get('opdrachtTb')!;
const partyOf = (name: ParticipantName): Participant => plain.rules.participants.get(oinOf(name) as Oin)!;
const question: RouteQuestion = {
  typeRule,
  sender: partyOf('rvdk'),
  senderRoles: ['RVDK'],
  address: { kind: 'institution', institution: 'AST095' },
};

describe('findRoute, asked without a bericht', () => {
  it('answers where it would go and by which rule', () => {
    const found = findRoute(question, plain.rules, NOW);
    expect(found.ok && [found.value.point.id, found.value.rule.id, found.value.addressed]).toEqual([
      'gi-gelderland',
      'opdracht-tb-rvdk-gi',
      'instantiecode:AST095',
    ]);
  });

  it('judges format and form only when they are given', () => {
    const veiligThuis: RouteQuestion = {
      typeRule: plain.rules.types.get('vtMeldingDi01')!,
      sender: partyOf('politie'),
      senderRoles: ['POLITIE'],
      address: { kind: 'oin', oin: oinOf('veilig-thuis-gelderland-midden'), role: 'VEILIG_THUIS' },
    };
    const codes = [{}, { format: 'json' }, { form: 'enveloped' }, { format: 'xml', form: 'detached' }] as const;
    const { rules } = withRules({
      aansluitpunten: changeRow({ id: 'veilig-thuis-gelderland-midden' }, { formaten: ['xml'] }),
    });
    const outcomes = codes.map((given) => findRoute({ ...veiligThuis, ...given }, rules, NOW));
    expect(outcomes.map((outcome) => outcome.ok || outcome.error.code)).toEqual([
      true,
      'ERR_RECIPIENT_FORMAT',
      'ERR_RECIPIENT_FORMAT',
      true,
    ]);
  });

  it('tells two roles of a sender apart by its system only, and only when it has a point there', () => {
    const answer: RouteQuestion = {
      typeRule: plain.rules.types.get('Bv01Bericht')!,
      sender: partyOf('gemeente-arnhem'),
      senderRoles: partyOf('gemeente-arnhem').roles,
      address: { kind: 'oin', oin: oinOf('rvdk'), role: 'RVDK' },
    };
    const senderSystem = { application: 'jeugd-applicatie', administration: undefined };
    const outcomes = [
      answer,
      { ...answer, senderSystem },
      { ...answer, senderSystem, sender: partyOf('leverancier') },
    ].map((asked) => findRoute(asked, plain.rules, NOW));
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.rule.senderRole : outcome.error.code))).toEqual([
      'ERR_ROUTE_AMBIGUOUS',
      'GEMEENTE',
      'ERR_ROUTE_AMBIGUOUS',
    ]);
  });

  it('answers with the stop of a recipient, and with no rule to who has no role', () => {
    const stopped = withRules({ stop: { deelnemers: [oinOf('gi-jeugdbescherming-gelderland')] } });
    expect(findRoute(question, stopped.rules, NOW)).toMatchObject({ error: { code: 'ERR_EMERGENCY_STOP' } });
    expect(findRoute({ ...question, senderRoles: [] }, stopped.rules, NOW)).toMatchObject({
      error: { code: 'ERR_ROUTE_NONE' },
    });
  });

  it('judges of the conditions only what the parties are, and asks for no purpose', () => {
    const voorwaarden = [
      { regel: 'Z40', inhoud: { 'toezicht/soort': ['nergens'] }, verwerking: { werkveld: ['VT'] } },
      { regel: 'V11', afzender: { virToegelaten: [true] } },
    ];
    const strict = { verzendmatrix: changeRow({ id: 'opdracht-tb-rvdk-gi' }, { voorwaarden }) };
    const barred = { ...partyOf('rvdk'), attributes: { virToegelaten: false } };
    const refused = findRoute({ ...question, sender: barred }, withRules(strict).rules, NOW);
    expect(refused).toEqual({
      ok: false,
      error: { code: 'ERR_SENDER_NOT_ADMITTED', violations: [{ path: '/stuurgegevens/afzender', rule: 'V11' }] },
    });
    const admitted = { ...partyOf('rvdk'), attributes: { virToegelaten: true } };
    expect(findRoute({ ...question, sender: admitted }, withRules(strict).rules, NOW).ok).toBe(true);
  });

  it('takes a point of a recipient that is unknown for one that ended', () => {
    const rules = {
      ...plain.rules,
      participants: new Map(
        [...plain.rules.participants].filter(([oin]) => oin !== (oinOf('gi-jeugdbescherming-gelderland') as Oin)),
      ),
    };
    expect(findRoute(question, rules, NOW)).toMatchObject({ error: { code: 'ERR_RECIPIENT_ENDED' } });
  });
});

describe('describeAddress', () => {
  it('says how each kind was addressed', () => {
    expect([
      describeAddress({ kind: 'oin', oin: '1', role: 'GI' }),
      describeAddress({ kind: 'municipality', municipality: '0202', role: 'GEMEENTE' }),
      describeAddress({ kind: 'institution', institution: 'AST095' }),
      describeAddress({ kind: 'stuf', oin: '1', application: 'a', administration: 'b' }),
    ]).toEqual(['oin:1/GI', 'gemeentecode:0202/GEMEENTE', 'instantiecode:AST095', 'oin:1']);
  });
});
