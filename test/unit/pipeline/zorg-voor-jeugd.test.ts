import { describe, expect, it } from '@jest/globals';
import { PARTICIPANTS } from '../../../certs-dev/participants.ts';
import type { ParticipantName } from '../../../certs-dev/participants.ts';
import { judge } from '../../../gateway/pipeline/judge.ts';
import { NOW, oinOf } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import type { RuleChanges, RuleRow } from '../../support/standing.ts';
import { outcomeIn, vary } from '../../support/variations.ts';
import type { Party, Variation } from '../../support/variations.ts';
import { changeRow, openWorkshop } from '../../support/workshop.ts';

const shop = openWorkshop();

const JGZ: Party = ['jgz-hoeksche-waard', 'MELDINGSBEVOEGDE'];
const INDEX: Party = ['zorg-voor-jeugd', 'ZVJ'];
const GI: Party = ['gi-jeugdbescherming-gelderland', 'GI'];
const REGISSEUR: Party = ['regisseur', 'REGISSEUR'];
const COORDINATOR: Party = ['zorgcoordinator', 'ZORGCOORDINATOR'];

const outcomeOf = (bericht: Bericht, rules?: RuleChanges): string =>
  outcomeIn(shop, bericht, rules === undefined ? {} : { rules });

const CONVENANT = { convenantDatum: '2026-01-01' };
const laag = (variation?: Variation): Bericht => vary('signaal', 'laag', variation);
const urgent = (variation?: Variation): Bericht => vary('signaal', 'urgent-aan-gi', variation);
const convenant = (name: ParticipantName): RuleChanges => ({
  deelnemers: changeRow({ oin: oinOf(name) }, CONVENANT),
});
const kinderdagverblijf = (variation?: Variation): Bericht => vary('signaal', 'kinderdagverblijf', variation);
const escalatie = (stap: number, from: Party, to: Party): Bericht =>
  vary('escalatie', 'stap-1-regisseur', { from, to, inhoud: { stap } });
const DIRECTIE: Party = ['directie', 'DIRECTIE'];
const WETHOUDER: Party = ['wethouder', 'WETHOUDER'];
const PORTEFEUILLEHOUDER: Party = ['portefeuillehouder', 'PORTEFEUILLEHOUDER'];
const opdracht = (variation: Variation): Bericht => vary('escalatieUitspraak', 'opdracht', variation);

type Twin = readonly [
  what: string,
  refused: Bericht,
  outcome: string,
  allowed: Bericht,
  rules?: { readonly refused?: RuleChanges; readonly allowed?: RuleChanges },
];

const JONGERENWERK: Party = ['jongerenwerk', 'MELDINGSBEVOEGDE'];
const CONTENT = 'ERR_CONTENT_NOT_ALLOWED';

const TWINS: readonly Twin[] = [
  [
    'V10, Z5: a signaal of a party without convenant',
    laag({ from: JONGERENWERK }),
    'ERR_SENDER_NOT_ADMITTED V10 /stuurgegevens/afzender',
    laag({ from: JONGERENWERK }),
    { allowed: convenant('jongerenwerk') },
  ],
  [
    'T22: a signaal for another purpose',
    laag({ verwerking: { werkveld: 'JB' } }),
    'ERR_PURPOSE_NOT_ALLOWED T22 /stuurgegevens/verwerking/werkveld',
    laag(),
  ],
  [
    'Z61: a signaal that says nothing of informing the youth',
    laag({ verwerking: { betrokkeneGeinformeerd: undefined } }),
    'ERR_PROCESSING_INCOMPLETE required /stuurgegevens/verwerking/betrokkeneGeinformeerd',
    laag({ verwerking: { betrokkeneGeinformeerd: 'ja' } }),
  ],
  [
    'Z61: a signaal of which the youth was not told, without a reason',
    laag({ verwerking: { betrokkeneGeinformeerd: 'nee' } }),
    'ERR_PURPOSE_NOT_ALLOWED Z61 /stuurgegevens/verwerking/redenCode',
    laag({ verwerking: { betrokkeneGeinformeerd: 'nee', redenCode: 'NIET_BEREIKBAAR' } }),
  ],
  ['Z49: code 2 in no hurry', laag({ inhoud: { code: 2 } }), `${CONTENT} Z49 /inhoud/code`, laag()],
  [
    'Z52: code 1 in a hurry',
    laag({ stuur: { urgent: 'ja' } }),
    `${CONTENT} Z52 /inhoud/code`,
    laag({ stuur: { urgent: 'ja' }, inhoud: { code: 2 } }),
  ],
  [
    'Z40: a kinderdagverblijf that consulted no JGZ',
    kinderdagverblijf({ inhoud: { overlegJgz: undefined, jgzOin: undefined } }),
    `${CONTENT} Z40 /inhoud/overlegJgz`,
    kinderdagverblijf(),
  ],
  [
    'Z10: a signaal that is not urgent to who coordinates',
    laag({ to: GI, inhoud: { bjzBetrokken: true } }),
    `${CONTENT} Z10 /inhoud/code`,
    laag({ to: INDEX, inhoud: { bjzBetrokken: true } }),
  ],
  [
    'Z25: an urgent signaal to the GI, Bureau Jeugdzorg not being involved',
    urgent({ inhoud: { bjzBetrokken: false } }),
    `${CONTENT} Z25 /inhoud/bjzBetrokken`,
    urgent(),
  ],
  [
    'Z24, Z26: an urgent signaal to the regisseur, Bureau Jeugdzorg being involved',
    urgent({ to: REGISSEUR }),
    `${CONTENT} Z26 /inhoud/bjzBetrokken`,
    urgent({ to: REGISSEUR, inhoud: { bjzBetrokken: false } }),
  ],
  [
    'Z23: a match in the family to who does not coordinate',
    vary('matchNotificatie', 'gezin', { to: JGZ }),
    `${CONTENT} Z23 /inhoud/soort`,
    vary('matchNotificatie', 'gezin'),
  ],
  [
    'Z17: coordination to who may not coordinate',
    vary('zorgcoordinatieToewijzing', 'door-de-regisseur', { to: GI }),
    'ERR_RECIPIENT_NOT_ADMITTED Z17 /stuurgegevens/ontvanger',
    vary('zorgcoordinatieToewijzing', 'door-de-regisseur', { to: GI }),
    { refused: { deelnemers: changeRow({ oin: oinOf(GI[0]) }, { kanCoordineren: false }) } },
  ],
  [
    'Z25: coordination from the index to another than the GI, Bureau Jeugdzorg being involved',
    vary('zorgcoordinatieToewijzing', 'door-de-index', { to: COORDINATOR }),
    `${CONTENT} Z25 /inhoud/bjzBetrokken`,
    vary('zorgcoordinatieToewijzing', 'door-de-index'),
  ],
  [
    'Z28: the first step of an escalatie under another number',
    escalatie(2, COORDINATOR, REGISSEUR),
    `${CONTENT} Z28 /inhoud/stap`,
    escalatie(1, COORDINATOR, REGISSEUR),
  ],
  [
    'Z29: the second',
    escalatie(1, REGISSEUR, DIRECTIE),
    `${CONTENT} Z29 /inhoud/stap`,
    escalatie(2, REGISSEUR, DIRECTIE),
  ],
  [
    'Z31: the third',
    escalatie(2, REGISSEUR, WETHOUDER),
    `${CONTENT} Z31 /inhoud/stap`,
    escalatie(3, REGISSEUR, WETHOUDER),
  ],
  [
    'Z32: the fourth',
    escalatie(3, WETHOUDER, PORTEFEUILLEHOUDER),
    `${CONTENT} Z32 /inhoud/stap`,
    escalatie(4, WETHOUDER, PORTEFEUILLEHOUDER),
  ],
  [
    'Z30: an assignment by the directors',
    opdracht({ from: DIRECTIE, to: REGISSEUR }),
    `${CONTENT} Z30 /inhoud/besluit`,
    opdracht({ from: DIRECTIE, to: REGISSEUR, inhoud: { besluit: 'OVEREENSTEMMING' } }),
  ],
  [
    'Z33: a ruling that is no assignment',
    opdracht({ inhoud: { besluit: 'OVEREENSTEMMING' } }),
    `${CONTENT} Z33 /inhoud/besluit`,
    opdracht({}),
  ],
  [
    'Z34: an instruction to the coordinator that is no assignment',
    opdracht({ from: DIRECTIE, to: COORDINATOR, inhoud: { besluit: 'OVEREENSTEMMING' } }),
    `${CONTENT} Z34 /inhoud/besluit`,
    opdracht({ from: DIRECTIE, to: COORDINATOR }),
  ],
  [
    'Z14: a signaal of a network',
    laag({ from: ['netwerkvoorzitter', 'NETWERK_VOORZITTER'] }),
    'ERR_ROUTE_NONE',
    laag({ from: ['basisschool-ib', 'ONDERWIJS_IB'] }),
  ],
  ['Z41: a signaal of the police', laag({ from: ['politie', 'POLITIE'] }), 'ERR_ROUTE_NONE', laag()],
  ['Z35: a crisis', laag({ stuur: { urgent: 'crisis' } }), 'ERR_CRISIS_NOT_CARRIED', laag()],
];

describe('what Zorg voor Jeugd refuses, and its twin that passes', () => {
  it.each(TWINS)('%s', (...[, refused, outcome, allowed, rules]) => {
    expect(outcomeOf(refused, rules?.refused)).toBe(outcome);
    expect(outcomeOf(allowed, rules?.allowed)).toBe('accepted');
  });

  it('Z40: a peuterspeelzaal that consulted no JGZ, or has none on record', () => {
    const rules = (jgzOin?: string): RuleChanges => ({
      deelnemers: changeRow({ oin: oinOf(JONGERENWERK[0]) }, { categorie: 'peuterspeelzaal', ...CONVENANT, jgzOin }),
    });
    const own = laag({ from: JONGERENWERK });
    const consulted = laag({ from: JONGERENWERK, inhoud: { overlegJgz: true, jgzOin: oinOf(JGZ[0]) } });
    expect(outcomeOf(own, rules(oinOf(JGZ[0])))).toBe(`${CONTENT} Z40 /inhoud/overlegJgz`);
    expect(outcomeOf(consulted, rules())).toBe('ERR_SENDER_NOT_ADMITTED Z40 /stuurgegevens/afzender');
    expect(outcomeOf(consulted, rules(oinOf(JGZ[0])))).toBe('accepted');
  });

  it('Z45: actie, relatie and proces, which do not exist', () => {
    for (const berichttype of ['actie', 'relatie', 'proces']) {
      expect(outcomeOf(laag({ stuur: { berichttype } }))).toBe('ERR_MESSAGE_TYPE_UNKNOWN');
    }
  });

  it('Z32: takes a gemeentecode to the portefeuillehouder there, and to no one elsewhere', () => {
    const to = (gemeentecode: string): Bericht =>
      vary('escalatie', 'stap-4-portefeuillehouder', {
        stuur: { ontvanger: { gemeentecode, rol: 'PORTEFEUILLEHOUDER' } },
      });
    expect(outcomeOf(to('1963'))).toBe('accepted');
    expect(outcomeOf(to('0202'))).toBe('ERR_RECIPIENT_UNKNOWN');
  });

  it('Z24: takes an urgent signaal to the function of the regisseur, by gemeentecode', () => {
    const ontvanger = { gemeentecode: '1963', rol: 'REGISSEUR' };
    expect(outcomeOf(urgent({ stuur: { ontvanger }, inhoud: { bjzBetrokken: false } }))).toBe('accepted');
  });

  it('Z43: lets a party that the VIR does not admit give its signaal to the index', () => {
    const admitted = (virToegelaten: boolean): RuleChanges => ({
      deelnemers: changeRow({ oin: oinOf(JGZ[0]) }, { virToegelaten }),
    });
    expect([outcomeOf(laag(), admitted(true)), outcomeOf(laag(), admitted(false))]).toEqual(['accepted', 'accepted']);
  });
});

const none = (): RuleRow => ({});
const byRecipient =
  (member: string, values: RuleRow) =>
  (recipient: string): RuleRow => ({ [member]: values[recipient] });

/** Of each type an example, and what its content must say on the way to this recipient. */
const MINIMAL: Readonly<Record<string, readonly [string, (recipient: string) => RuleRow]>> = {
  signaal: ['laag', (recipient): RuleRow => ({ code: recipient === 'ZVJ' ? 1 : 2, bjzBetrokken: recipient === 'GI' })],
  signaalIntrekking: ['intrekking', none],
  ketenregistratie: ['bekend', none],
  matchNotificatie: ['jeugdige', none],
  zorgcoordinatieToewijzing: ['door-de-index', byRecipient('bjzBetrokken', { GI: true, ZORGCOORDINATOR: false })],
  zorgcoordinatieOverdracht: ['warm', none],
  zorgcoordinatieAcceptatie: ['aanvaard', none],
  escalatie: [
    'stap-1-regisseur',
    byRecipient('stap', { REGISSEUR: 1, DIRECTIE: 2, WETHOUDER: 3, PORTEFEUILLEHOUDER: 4 }),
  ],
  escalatieUitspraak: [
    'opdracht',
    byRecipient('besluit', { REGISSEUR: 'OVEREENSTEMMING', DIRECTIE: 'OPDRACHT', ZORGCOORDINATOR: 'OPDRACHT' }),
  ],
  contactBevestiging: ['door-de-gi', none],
  betrokkenheidVraag: ['na-urgent-signaal', none],
  betrokkenheidAntwoord: ['niemand-anders', none],
};

describe('what Zorg voor Jeugd carries', () => {
  it.each([
    ['Z2', laag()],
    ['Z2, Z44', vary('ketenregistratie', 'bekend')],
    ['Z12', vary('zorgcoordinatieOverdracht', 'beeindigd')],
    ['Z20', vary('zorgcoordinatieOverdracht', 'warm')],
    ['Z20, its acceptance', vary('zorgcoordinatieAcceptatie', 'aanvaard')],
    ['Z21, Z28', escalatie(1, COORDINATOR, REGISSEUR)],
    ['Z22', vary('matchNotificatie', 'gezin', { inhoud: { soort: 'VOLWASSENE' } })],
    ['Z23', vary('matchNotificatie', 'gezin')],
    ['Z33', opdracht({})],
    ['Z46', vary('signaalIntrekking', 'intrekking')],
    ['Z47', vary('matchNotificatie', 'jeugdige')],
    ['Z49, Z53', vary('contactBevestiging', 'door-de-gi')],
    ['Z56', vary('betrokkenheidVraag', 'na-urgent-signaal')],
    ['Z56, its answer', vary('betrokkenheidAntwoord', 'anderen-betrokken')],
    ['Z60', laag({ from: ['basisschool-ib', 'ONDERWIJS_IB'] })],
  ])('%s', (_id, bericht) => {
    expect(outcomeOf(bericht)).toBe('accepted');
  });

  it.each([
    [
      'Z48: a match with the name of the youth',
      vary('matchNotificatie', 'jeugdige', { inhoud: { voornamen: 'Mira' } }),
    ],
    [
      'Z48: a match with the name of a professional',
      vary('matchNotificatie', 'jeugdige', { inhoud: { naamMedewerker: 'A. Jansen' } }),
    ],
    ['Z50: a signaal with a list of risks', laag({ inhoud: { risicos: ['ARMOEDE'] } })],
    ['Z36, Z51: a signaal that does not meet art. 2j', laag({ inhoud: { voldoetAanArt2j: false } })],
    ['Z35: a signaal of code 3', laag({ inhoud: { code: 3 } })],
    ['Z60: a match of one institution', vary('matchNotificatie', 'jeugdige', { inhoud: { aantalInstellingen: 1 } })],
    ['P1: a signaal with an attachment', laag({ inhoud: { bijlage: 'JVBERi0=' } })],
  ])('not %s', (_what, bericht) => {
    expect(outcomeOf(bericht)).toMatch(/^ERR_SCHEMA_INVALID /);
  });
});

describe('every row of Zorg voor Jeugd', () => {
  const rows = [...shop.plain.rules.sendRules.values()].flat().filter(({ type }) => type in MINIMAL);

  it.each(rows)('lets $id through', ({ id, type, senderRole, recipientRole }) => {
    const [example, inhoud] = MINIMAL[type] ?? ['', (): RuleRow => ({})];
    const sender = participantOf(senderRole);
    const varied = vary(type, example, {
      from: [sender, senderRole],
      to: [participantOf(recipientRole), recipientRole],
      inhoud: inhoud(recipientRole),
      stuur: type === 'signaal' && recipientRole !== 'ZVJ' ? { urgent: 'ja' } : {},
    });
    const judged = judge(shop.sendAs(varied), { ...shop.plain, now: NOW });
    expect(judged.ok ? judged.value.facts.ruleId : judged.error).toBe(id);
  });
});

/** A development participant that has the role, and a convenant where one is asked for. */
function participantOf(role: string): ParticipantName {
  const found = PARTICIPANTS.find(({ name, oin }) => {
    const party = [...shop.plain.rules.participants.values()].find((one) => one.oin === oin);
    return party?.roles.includes(role) === true && name !== 'kinderdagverblijf';
  });
  if (found === undefined) throw new RangeError(`nobody is ${role}`);
  return found.name;
}
