import { describe, expect, it } from '@jest/globals';
import { oinOf } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import type { RuleChanges, RuleRow } from '../../support/standing.ts';
import { outcomeIn, vary } from '../../support/variations.ts';
import type { Party, Variation } from '../../support/variations.ts';
import { addRows, changeRow, dropRow, openWorkshop, opdracht } from '../../support/workshop.ts';

const shop = openWorkshop();
const GI: Party = ['gi-jeugdbescherming-gelderland', 'GI'];
const SCHOOL: Party = ['school', 'SCHOOL'];
const VEILIG_THUIS: Party = ['veilig-thuis-gelderland-midden', 'VEILIG_THUIS'];
const POLITIE: Party = ['politie', 'POLITIE'];

const virMelding = (variation?: Variation): Bericht => vary('virMelding', 'door-gi', variation);
const ofHuisarts = (variation?: Variation): Bericht => vary('virMelding', 'door-huisarts', variation);
const virSignaal = (variation?: Variation): Bericht => vary('virSignaal', 'aan-gi', variation);
const verhuizing = (variation?: Variation): Bericht => vary('virSignaal', 'verhuizing', variation);
const huisarts = (variation?: Variation): Bericht => vary('meldingBeroepskracht', 'huisarts', variation);
const school = (variation?: Variation): Bericht => vary('meldingBeroepskracht', 'school', variation);
const toezicht = (to: Party, redenCode: string): Bericht =>
  vary('verstrekkingToezicht', 'calamiteit', { to, verwerking: { redenCode } });
const afschaling = (variation?: Variation): Bericht => vary('zvhAfschaling', 'doelen-bereikt', variation);
const factuur = (variation?: Variation): Bericht => vary('facturatieControle', 'jeugdhulpaanbieder', variation);
const check = (variation?: Variation): Bericht => vary('vtRegisterCheck', 'gezin', variation);

const withParty = ([name]: Party, change: RuleRow): RuleChanges => ({
  deelnemers: changeRow({ oin: oinOf(name) }, change),
});
const SENDER = 'ERR_SENDER_NOT_ADMITTED';
const RECIPIENT = 'ERR_RECIPIENT_NOT_ADMITTED';
const PURPOSE = 'ERR_PURPOSE_NOT_ALLOWED';
const FROM = '/stuurgegevens/afzender';
const TO = '/stuurgegevens/ontvanger';
const VERWERKING = '/stuurgegevens/verwerking';

/** One fact apart: what is refused and why, what passes, and the rules of the one that is refused where they differ. */
type Twin = readonly [what: string, refused: Bericht, outcome: string, allowed: Bericht, rules?: RuleChanges];

const VIR_TWINS: readonly Twin[] = [
  [
    'V11: a melding of a party that is not admitted',
    virMelding(),
    `${SENDER} V11 ${FROM}`,
    virMelding(),
    withParty(GI, { virToegelaten: false }),
  ],
  [
    'V11: a melding of a party of a category that the Besluit does not name',
    vary('virMelding', 'door-meldingsbevoegde'),
    `${SENDER} V11 ${FROM}`,
    vary('virMelding', 'door-meldingsbevoegde'),
    withParty(['jeugdhulpaanbieder', 'MELDINGSBEVOEGDE'], { categorie: 'kinderdagverblijf' }),
  ],
  [
    'V10: a melding under a convenant of tomorrow',
    ofHuisarts(),
    `${SENDER} V10 ${FROM}`,
    ofHuisarts(),
    withParty(['huisarts', 'HUISARTS'], { convenantDatum: '2026-11-26' }),
  ],
  [
    'V12: a melding out of diagnostiek',
    virMelding({ verwerking: { werkveld: 'DIAGNOSTIEK', toestemming: 'ja' } }),
    `${PURPOSE} V12 ${VERWERKING}/werkveld`,
    virMelding({ verwerking: { werkveld: 'VRIJWILLIG', toestemming: 'ja' } }),
  ],
  [
    'V12: a melding out of a klachtendossier',
    virMelding({ verwerking: { werkveld: 'KLACHT', toestemming: 'ja' } }),
    `${PURPOSE} V12 ${VERWERKING}/werkveld`,
    virMelding({ verwerking: { werkveld: 'JR' } }),
  ],
  [
    'T21: a melding of which the youth was not told, without a reason',
    virMelding({ verwerking: { betrokkeneGeinformeerd: 'nee' } }),
    `${PURPOSE} T21 ${VERWERKING}/redenCode`,
    virMelding({ verwerking: { betrokkeneGeinformeerd: 'nee', redenCode: 'VEILIGHEID_JEUGDIGE' } }),
  ],
  [
    'V4: a melding that stays for more than two years',
    virMelding({ inhoud: { verwijderdatum: '2028-11-24' } }),
    'ERR_BUSINESS_RULE V4 /inhoud/verwijderdatum',
    virMelding({ inhoud: { verwijderdatum: '2028-11-23' } }),
  ],
  [
    'V2, V3: a melding with its nature',
    virMelding({ inhoud: { aard: 'MISHANDELING' } }),
    'ERR_SCHEMA_INVALID unknown /inhoud/*',
    virMelding(),
  ],
  [
    'V5, V9: a signaal that holds more than who can be reached',
    virSignaal({ inhoud: { bsn: '999991383' } }),
    'ERR_SCHEMA_INVALID unknown /inhoud/*',
    virSignaal(),
  ],
  ['V6: a melding in the index sent to Veilig Thuis', virMelding({ to: VEILIG_THUIS }), 'ERR_ROUTE_NONE', virMelding()],
  [
    'V6: a melding to Veilig Thuis sent to the index',
    huisarts({ to: ['vir', 'VIR'] }),
    'ERR_ROUTE_NONE',
    huisarts({ to: VEILIG_THUIS }),
  ],
  [
    'V7: a signaal to a party that is not admitted',
    virSignaal(),
    `${RECIPIENT} V11 ${TO}`,
    virSignaal(),
    withParty(GI, { virToegelaten: false }),
  ],
  [
    'V8: a signaal to the regisseur that is about no move',
    verhuizing({ inhoud: { soort: 'MELDINGEN' } }),
    'ERR_CONTENT_NOT_ALLOWED V8 /inhoud/soort',
    verhuizing(),
  ],
  [
    'V10: a signaal to a gemeente without convenant',
    verhuizing(),
    `${RECIPIENT} V10 ${TO}`,
    verhuizing(),
    withParty(['regisseur', 'REGISSEUR'], { convenantDatum: undefined }),
  ],
  [
    'V13: a signaal of another than the VIR to the index of Zorg voor Jeugd',
    virSignaal({ from: GI, to: ['zorg-voor-jeugd', 'ZVJ'] }),
    'ERR_ROUTE_NONE',
    virSignaal({ to: ['zorg-voor-jeugd', 'ZVJ'] }),
  ],
];

const VT_TWINS: readonly Twin[] = [
  [
    'T3: a melding of a huisarts on another ground',
    huisarts({ verwerking: { grondslag: 'WET' } }),
    `${PURPOSE} T3 ${VERWERKING}/grondslag`,
    huisarts({ verwerking: { grondslag: 'REDELIJK_VERMOEDEN' } }),
  ],
  [
    'T3: a melding of a huisarts without a ground',
    huisarts({ verwerking: { grondslag: undefined } }),
    `ERR_PROCESSING_INCOMPLETE required ${VERWERKING}/grondslag`,
    huisarts(),
  ],
  [
    'T4: a melding of a school on another ground',
    school({ verwerking: { grondslag: 'TOESTEMMING', toestemming: 'ja' } }),
    `${PURPOSE} T4 ${VERWERKING}/grondslag`,
    school({ verwerking: { grondslag: 'NOODZAAK_STOPPEN' } }),
  ],
  [
    'T1: a melding that does not say whether its melder may be named',
    school({ inhoud: { melderIdentiteitVrijgeven: undefined } }),
    'ERR_SCHEMA_INVALID required /inhoud/melderIdentiteitVrijgeven',
    school({ inhoud: { melderIdentiteitVrijgeven: 'ja' } }),
  ],
  [
    'T2: a melder who may not be named, without a reason',
    huisarts({ inhoud: { redenCode: undefined } }),
    'ERR_CONTENT_NOT_ALLOWED T2 /inhoud/redenCode',
    huisarts({ inhoud: { redenCode: undefined, melderIdentiteitVrijgeven: 'ja' } }),
  ],
  [
    'T10: a check in the register for another purpose',
    check({ verwerking: { werkveld: 'JB' } }),
    `${PURPOSE} T10 ${VERWERKING}/werkveld`,
    check(),
  ],
  ['T10: a check in the register by another party', check({ from: GI }), 'ERR_ROUTE_NONE', check()],
  [
    'T10: a result that says yes and names nobody',
    vary('vtRegisterUitslag', 'niet-betrokken', { inhoud: { betrokken: 'ja' } }),
    'ERR_SCHEMA_INVALID required /inhoud/organisaties other /inhoud',
    vary('vtRegisterUitslag', 'niet-betrokken'),
  ],
  [
    'T11: a removal by another party',
    vary('vtRegisterVerwijdering', 'verwijdering', { from: POLITIE }),
    'ERR_ROUTE_NONE',
    vary('vtRegisterVerwijdering', 'verwijdering'),
  ],
];

const KLACHTENCOMMISSIE: Party = ['klachtencommissie', 'KLACHTENCOMMISSIE'];
const TUCHTCOLLEGE: Party = ['tuchtcollege', 'TUCHTCOLLEGE'];
const IGJ: Party = ['igj', 'IGJ'];
const OMBUDSMAN: Party = ['ombudsman', 'OMBUDSMAN'];

const OTHER_TWINS: readonly Twin[] = [
  [
    'T12, T13: data of the vrijwillig kader without consent',
    factuur({ verwerking: { toestemming: 'nee' } }),
    `${PURPOSE} T13 ${VERWERKING}/toestemming`,
    factuur({ verwerking: { werkveld: 'JB', toestemming: 'nee' } }),
  ],
  [
    'T13: data of a klacht without consent',
    vary('verstrekkingToezicht', 'klacht', { verwerking: { toestemming: 'nvt' } }),
    `${PURPOSE} T13 ${VERWERKING}/toestemming`,
    vary('verstrekkingToezicht', 'klacht'),
  ],
  [
    'A5, T17: an invoice with a diagnose',
    factuur({ inhoud: { diagnose: 'F90' } }),
    'ERR_SCHEMA_INVALID unknown /inhoud/*',
    factuur(),
  ],
  ['A5: an invoice to another than a gemeente', factuur({ to: VEILIG_THUIS }), 'ERR_ROUTE_NONE', factuur()],
  [
    'H2, H4: an afschaling to who is no partner',
    afschaling(),
    `${RECIPIENT} H4 ${TO}`,
    afschaling(),
    withParty(GI, { zvhPartner: false }),
  ],
  [
    'H2: an afschaling for another purpose',
    afschaling({ verwerking: { werkveld: 'JR' } }),
    `${PURPOSE} H2 ${VERWERKING}/werkveld`,
    afschaling(),
  ],
  ['H5: an afschaling to who is only drawn in', afschaling({ to: SCHOOL }), 'ERR_ROUTE_NONE', afschaling()],
  ...(
    [
      [KLACHTENCOMMISSIE, 'KLACHT', 'TUCHT'],
      [TUCHTCOLLEGE, 'TUCHT', 'CALAMITEIT'],
      [IGJ, 'CALAMITEIT', 'VERZOEK_OMBUDSMAN'],
      [OMBUDSMAN, 'VERZOEK_OMBUDSMAN', 'KLACHT'],
    ] as const
  ).map(([to, own, other]): Twin => [
    `T18: ${to[1]} for the reason of another`,
    toezicht(to, other),
    `${PURPOSE} T18 ${VERWERKING}/redenCode`,
    toezicht(to, own),
  ]),
];

describe.each([
  ['the VIR', VIR_TWINS],
  ['Veilig Thuis and its register', VT_TWINS],
  ['invoices, oversight and the Zorg- en Veiligheidshuis', OTHER_TWINS],
])('%s', (...[, twins]) => {
  it.each(twins)('refuses %s, and takes its twin', (...[, refused, outcome, allowed, rules]) => {
    expect(outcomeIn(shop, refused, rules === undefined ? {} : { rules })).toBe(outcome);
    expect(outcomeIn(shop, allowed)).toBe('accepted');
  });
});

describe('het OM', () => {
  const { tls, signing } = shop.pki.participant('cjib');
  const sending = { caller: tls, signer: signing };
  const bericht = opdracht({ afzender: { oin: oinOf('om'), rol: 'OM' } });
  const row = { id: 'opdracht-om-gi', berichttype: 'opdrachtTb', afzender: 'OM', ontvanger: 'GI' };
  const rules: RuleChanges = { verzendmatrix: addRows(row) };

  it('C4: sends over the CJIB, which brings and signs for it', () => {
    expect(outcomeIn(shop, bericht, { rules, sending })).toBe('accepted');
    const mandate = { gemachtigde: oinOf('cjib'), namens: oinOf('om') };
    const unable = changeRow(mandate, { taken: ['ontvangen'] });
    expect(outcomeIn(shop, bericht, { rules: { ...rules, machtigingen: unable }, sending })).toBe(
      'ERR_MANDATE_SUBMIT_MISSING',
    );
  });

  it('C4: is the only one for which the CJIB may', () => {
    const police = opdracht({ afzender: { oin: oinOf('politie'), rol: 'POLITIE' } });
    const ofPolice = { verzendmatrix: addRows({ ...row, id: 'opdracht-politie-gi', afzender: 'POLITIE' }) };
    expect(outcomeIn(shop, police, { rules: ofPolice, sending })).toBe('ERR_MANDATE_SUBMIT_MISSING');
  });

  it('C4: has no point that the CJIB does not own', () => {
    const points = [...shop.plain.rules.points.values()].filter(({ recipient }) => recipient === oinOf('om'));
    expect(points.map(({ owner }) => owner)).toEqual([oinOf('cjib')]);
    const without = dropRow({ gemachtigde: oinOf('cjib') });
    expect(() => shop.withRules({ machtigingen: without })).toThrow();
  });
});
