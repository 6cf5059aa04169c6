import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ParticipantName } from '../../certs-dev/participants.ts';
import { until } from '../support/http-party.ts';
import type { Recipient } from '../support/http-party.ts';
import { signedDetached } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';
import { json, oinOf, purpose, to, xml } from '../support/twins/twin.ts';
import type { MakeDraft } from '../support/twins/twin.ts';

/** What the sources have carried: the bericht, whom it reaches, and what it answers when it answers something. */
type Carried = readonly [says: string, draft: MakeDraft, recipient: ParticipantName, first?: MakeDraft];

const GI = 'gi-jeugdbescherming-gelderland';
const VEILIG_THUIS = 'veilig-thuis-gelderland-midden';
const sentBy = (oin: string): readonly [RegExp, string] => [/(zender>\s*<\w+:organisatie>)\d{20}/, `$1${oin}`];
const URGENT = json('signaal', 'urgent-aan-gi');

const JUSTICE: readonly Carried[] = [
  ['C8, A1: verzoek tot onderzoek of a gemeente', xml('vtoDi01', 'minimaal'), 'rvdk'],
  ['C9: notificatie of the Raad to the gemeente', xml('notificatieDi01', 'intake-afgerond'), 'gemeente-arnhem'],
  ['C9: beslissing of the rechter to the gemeente', xml('notificatieDi01', 'maatregel-opgelegd'), 'gemeente-arnhem'],
  ['C4: notificatie jeugdreclassering of CJIB', xml('notificatiejrDi01', 'start-toezicht'), 'gemeente-arnhem'],
  ['C10: zorgmelding of the politie', xml('zorgmeldingDi01', 'minimaal'), 'gemeente-arnhem'],
  ['C10, A6, Z41: melding of the politie to Veilig Thuis', xml('vtMeldingDi01', 'melding-politie'), VEILIG_THUIS],
  ['A7: terugkoppeling of Veilig Thuis', xml('vtTerugkoppelingDi01', 'uitkomst-beoordeling'), 'politie'],
  ['A7, T9, Z12: Veilig Thuis hands over to the Raad', xml('vtoDi01', 'minimaal', sentBy(oinOf(VEILIG_THUIS))), 'rvdk'],
  ['T19: who told it, and its kenmerk, go along as they were', xml('vciDi01', 'veilig-thuis-aan-gi'), GI],
  ['H2: a case is brought in', xml('meldingGeneriekDi01', 'gemeente-aan-zvh'), 'zvh'],
  ['H2: and what became of it', xml('uitkomstMeldingGeneriekDi01', 'zvh-aan-gemeente'), 'gemeente-arnhem'],
];

const INDEX_AND_REGISTER: readonly Carried[] = [
  ['V1: a melding to the verwijsindex', json('virMelding', 'door-gi'), 'vir'],
  ['V5, V7: a signaal that others are involved', json('virSignaal', 'aan-gi'), GI],
  ['V8: a signaal that a youth moved', json('virSignaal', 'verhuizing'), 'regisseur'],
  ['V13: a signaal to Zorg voor Jeugd', json('virSignaal', 'aan-gi', to('zorg-voor-jeugd', 'ZVJ')), 'zorg-voor-jeugd'],
  ['T2, T3, T21: a melding of a huisarts', json('meldingBeroepskracht', 'huisarts'), VEILIG_THUIS],
  ['T4, A6: a melding of a school', json('meldingBeroepskracht', 'school'), VEILIG_THUIS],
  ['T10: a check in the register', json('vtRegisterCheck', 'gezin'), 'vt-register'],
  [
    'T10: and its result',
    json('vtRegisterUitslag', 'niet-betrokken'),
    VEILIG_THUIS,
    json('vtRegisterCheck', 'een-betrokkene'),
  ],
  ['T11: a removal from the register', json('vtRegisterVerwijdering', 'verwijdering'), 'vt-register'],
  ['T18: a calamiteit to the IGJ', json('verstrekkingToezicht', 'calamiteit'), 'igj'],
  ['A5, T17: what an invoice needs', json('facturatieControle', 'jeugdhulpaanbieder'), 'gemeente-arnhem'],
];

const ZORG_VOOR_JEUGD: readonly Carried[] = [
  ['Z2: a signaal', json('signaal', 'laag'), 'zorg-voor-jeugd'],
  ['Z2, Z44: a ketenregistratie', json('ketenregistratie', 'bekend'), 'zorg-voor-jeugd'],
  ['Z10, Z52: an urgent signaal to who coordinates', URGENT, GI],
  [
    'Z61: a signaal of which the youth isn’t told, and why',
    json('signaal', 'laag', purpose({ betrokkeneGeinformeerd: 'nee', redenCode: 'VEILIGHEID_JEUGDIGE' })),
    'zorg-voor-jeugd',
  ],
  ['Z46: an intrekking', json('signaalIntrekking', 'intrekking'), 'zorg-voor-jeugd'],
  ['Z10, Z16, Z47: a match', json('matchNotificatie', 'jeugdige'), 'jgz-hoeksche-waard'],
  ['Z23: a match within a family', json('matchNotificatie', 'gezin'), 'zorgcoordinator'],
  [
    'Z22: a match with help to a parent',
    json('matchNotificatie', 'gezin', ({ inhoud }) => {
      inhoud['soort'] = 'VOLWASSENE';
    }),
    'zorgcoordinator',
  ],
  [
    'Z8: a match for the region',
    json('matchNotificatie', 'jeugdige', to('regionaal-coordinator', 'REGIONAAL_COORDINATOR')),
    'regionaal-coordinator',
  ],
  [
    'Z60: a match to the intern begeleider',
    json('matchNotificatie', 'jeugdige', to('basisschool-ib', 'ONDERWIJS_IB')),
    'basisschool-ib',
  ],
  ['Z12, Z20: coordination is handed over', json('zorgcoordinatieOverdracht', 'warm'), GI],
  ['Z12: coordination ends', json('zorgcoordinatieOverdracht', 'beeindigd'), 'zorgcoordinator'],
  ['Z12, Z21, Z28: an escalatie', json('escalatie', 'stap-1-regisseur'), 'regisseur'],
  ['Z33: the assignment of the portefeuillehouder', json('escalatieUitspraak', 'opdracht'), 'directie'],
  ['Z56: the question who is involved', json('betrokkenheidVraag', 'na-urgent-signaal'), 'zorg-voor-jeugd'],
  [
    'Z53, Z56: and its answer',
    json('betrokkenheidAntwoord', 'anderen-betrokken'),
    'jgz-hoeksche-waard',
    json('betrokkenheidVraag', 'na-urgent-signaal'),
  ],
  ['Z49, Z53: contact was made', json('contactBevestiging', 'door-de-gi'), 'jgz-hoeksche-waard', URGENT],
];

let bed: Testbed;

beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

/** Submits; answers its id, its kenmerk and the octets that went. */
async function submit(make: MakeDraft, answered?: string): Promise<{ id: string; kenmerk: string; octets: Buffer }> {
  const draft = make(answered);
  const bericht = signedDetached(draft, bed.pki.participant(draft.by).signing, draft.format);
  const answer = await bed.submit(draft.by, bericht);
  expect([answer.status, answer.body.toString()]).toEqual([202, expect.stringContaining('"bevestiging"')]);
  return { id: String(answer.json()['berichtId']), kenmerk: draft.kenmerk, octets: bericht.body };
}

/** The octets that the recipient got, pushed or out of its postbus. */
async function take(recipient: ParticipantName, id: string): Promise<Buffer | undefined> {
  const pushed = pushedTo(recipient);
  if (pushed !== undefined) {
    const find = (): Buffer | undefined => pushed.received.find(({ headers }) => headers['bericht-id'] === id)?.body;
    await until(() => find() !== undefined, 60_000, `a push of ${id}`);
    return find();
  }
  for (;;) {
    const pulled = await bed.get(recipient, '/v1/postbus?wacht=15');
    if (pulled.status !== 200) return undefined;
    const own = String(pulled.headers['bericht-id']);
    expect((await bed.post(recipient, `/v1/postbus/${own}/bevestiging`)).status).toBe(204);
    if (own === id) return pulled.body;
  }
}

/** Who has its berichten pushed. */
function pushedTo(recipient: ParticipantName): Recipient | undefined {
  const pushed = new Map<ParticipantName, Recipient>([
    ['rvdk', bed.rvdk],
    [GI, bed.gi],
    [VEILIG_THUIS, bed.veiligThuis],
  ]);
  return pushed.get(recipient);
}

describe.each([
  ['CORV and the zorg- en veiligheidshuis', JUSTICE],
  ['the verwijsindex, Veilig Thuis and its register', INDEX_AND_REGISTER],
  ['Zorg voor Jeugd', ZORG_VOOR_JEUGD],
])('%s', (_name, carried) => {
  it.each(carried)('%s', async (...[, make, recipient, first]: Carried) => {
    const answered = first === undefined ? undefined : (await submit(first)).kenmerk;
    const { id, octets } = await submit(make, answered);
    expect((await take(recipient, id))?.equals(octets)).toBe(true);
  });
});
