import { describe, expect, it } from '@jest/globals';
import { toRoutingBody } from '../../../gateway/codec/status-json.ts';
import type { RoutingBody } from '../../../gateway/codec/status-json.ts';
import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import type { RoutingQuestion } from '../../../gateway/ports/gateway-api.ts';
import { advise } from '../../../gateway/services/advise.ts';
import { NOW } from '../../support/berichten.ts';
import { openWorkshop } from '../../support/workshop.ts';
import type { RuleChanges, RuleRow } from '../../support/standing.ts';

const ARNHEM = '00000001001825112000';
const RVDK = '00000002003214436001';
const workshop = openWorkshop();

const edit =
  (id: string, change: object) =>
  (rows: readonly RuleRow[]): readonly unknown[] =>
    rows.map((row) =>
      row['id'] === id || row['oin'] === id || row['berichttype'] === id ? { ...row, ...change } : row,
    );

/** What the RvdK is told about a vtoDi01 of gemeente Arnhem to itself. */
function ask(question: Partial<RoutingQuestion> = {}, rules: RuleChanges = {}): RoutingBody {
  const standing = Object.keys(rules).length === 0 ? workshop.plain : workshop.withRules(rules);
  const [certificate] = parseCertificatesPem(workshop.pki.participant('rvdk').tls.chainPem);
  if (certificate === undefined) throw new Error('the participant has a certificate');
  const clock = { now: () => NOW, sleep: () => Promise.resolve() };
  const advice = advise(
    { standing: () => standing, clock },
    { certificate: certificate.x509.raw },
    {
      messageType: 'vtoDi01',
      sender: ARNHEM,
      senderRole: undefined,
      role: 'RVDK',
      oin: RVDK,
      municipality: undefined,
      institution: undefined,
      ...question,
    },
  );
  if (!advice.ok) throw new Error(advice.error.code);
  return toRoutingBody(advice.value);
}

describe('the routing question', () => {
  it('is answered for another sender than who asks', () => {
    expect(ask()).toMatchObject({
      toegestaan: true,
      regel: 'vto-gemeente-rvdk',
      ontvanger: { oin: RVDK, rol: 'RVDK' },
      termijnUren: 48,
      voorwaarden: [],
      doelbinding: [],
      informerenNodig: false,
      antwoordOp: [],
    });
    expect(ask({ senderRole: 'GEMEENTE' }).toegestaan).toBe(true);
    expect(ask({ sender: undefined })).toMatchObject({ toegestaan: false, weigering: { code: 'ERR_ROUTE_NONE' } });
  });

  it.each<[string, string, Partial<RoutingQuestion>, RuleChanges?]>([
    ['a sender that nobody knows', 'ERR_SENDER_UNKNOWN', { sender: '00000001001111111000' }],
    ['a sender that is no OIN', 'ERR_SENDER_UNKNOWN', { sender: 'x' }],
    ['a role that the sender has not', 'ERR_SENDER_UNKNOWN', { senderRole: 'POLITIE' }],
    ['a sender that ended', 'ERR_SENDER_ENDED', {}, { deelnemers: edit(ARNHEM, { tot: '2020-01-01' }) }],
    ['a sender that was stopped', 'ERR_EMERGENCY_STOP', {}, { stop: { deelnemers: [ARNHEM] } }],
    ['a type that was stopped', 'ERR_EMERGENCY_STOP', {}, { stop: { berichttypen: ['vtoDi01'] } }],
    ['a type that nobody knows', 'ERR_MESSAGE_TYPE_UNKNOWN', { messageType: 'x' }],
    ['a recipient that nobody knows', 'ERR_RECIPIENT_UNKNOWN', { oin: '00000001001111111000' }],
  ])('is answered with no for %s', (...[, code, question, rules]) => {
    expect(ask(question, rules)).toMatchObject({
      toegestaan: false,
      weigering: { code },
      regel: null,
      voorwaarden: [],
      doelbinding: [],
      informerenNodig: null,
    });
  });

  it('names the rule that refuses, where it is a fact of the sender', () => {
    const voorwaarden = [{ regel: 'V11', afzender: { virToegelaten: [true] } }];
    expect(
      ask(
        {},
        {
          verzendmatrix: edit('vto-gemeente-rvdk', { voorwaarden }),
          deelnemers: edit(ARNHEM, { virToegelaten: false }),
        },
      ),
    ).toMatchObject({
      toegestaan: false,
      weigering: { code: 'ERR_SENDER_NOT_ADMITTED', fouten: [{ regel: 'V11' }] },
    });
  });

  it('P2: names the conditions that the bericht will have to meet, and the grounds and consent that will do', () => {
    const voorwaarden = [
      { regel: 'V11', afzender: { virToegelaten: [true] } },
      { regel: 'V12', verwerking: { werkveld: ['VT'] } },
      {
        regel: 'T21',
        als: { verwerking: { betrokkeneGeinformeerd: ['nee'] } },
        verwerking: { redenCode: ['NIET_BEREIKBAAR'] },
      },
      { regel: 'Z9', inhoud: { 'object/soort': ['a', 'b'] } },
    ];
    const answer = ask(
      {},
      {
        verzendmatrix: edit('vto-gemeente-rvdk', {
          voorwaarden,
          antwoord: { typen: ['notificatieDi01'], termijn: '2 werkdagen' },
        }),
        berichttypen: edit('vtoDi01', { verwerking: ['werkveld', 'grondslag', 'betrokkeneGeinformeerd'] }),
        deelnemers: edit(ARNHEM, { virToegelaten: true }),
      },
    );
    expect(answer).toMatchObject({
      toegestaan: true,
      verwerking: ['werkveld', 'grondslag', 'betrokkeneGeinformeerd'],
      informerenNodig: true,
      antwoord: { berichttypen: ['notificatieDi01'], termijn: '2 werkdagen', termijnUrgent: null },
    });
    expect(answer.voorwaarden).toEqual([
      { regel: 'V12', omschrijving: 'werkveld in verwerking is VT' },
      {
        regel: 'T21',
        omschrijving: 'als betrokkeneGeinformeerd in verwerking is nee, dan redenCode in verwerking is NIET_BEREIKBAAR',
      },
      { regel: 'Z9', omschrijving: 'object/soort in inhoud is a of b' },
    ]);
    expect(new Set(answer.doelbinding.map(({ werkveld }) => werkveld))).toEqual(new Set(['VT']));
    expect(answer.doelbinding).toContainEqual({
      regel: 'T6',
      werkveld: 'VT',
      grondslagen: ['TOESTEMMING'],
      toestemming: ['ja'],
      toestemmingNodig: true,
    });
  });

  it('T14: names no purpose where an answer needs none', () => {
    const answer = ask(
      {},
      {
        verzendmatrix: edit('vto-gemeente-rvdk', { antwoordOp: { typen: ['notificatieDi01'] }, doelbinding: 'nvt' }),
        berichttypen: edit('vtoDi01', { verwerking: ['werkveld'] }),
      },
    );
    expect(answer).toMatchObject({ toegestaan: true, doelbinding: [], antwoordOp: ['notificatieDi01'] });
  });

  it('Z55: tells whether the point is there in office hours only', () => {
    const open = (kantooruren: boolean): RuleChanges => ({ aansluitpunten: edit('rvdk-verzoeken', { kantooruren }) });
    expect([ask({}, open(true)).kantooruren, ask({}, open(false)).kantooruren]).toEqual([true, false]);
  });

  it('P3: says that no rights can be derived from it, whatever the answer', () => {
    for (const answer of [ask(), ask({ messageType: 'x' })]) expect(answer.voorbehoud).toContain('geen rechten');
  });
});
