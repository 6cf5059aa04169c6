/**
 * Who may send what to whom, written by hand from the sources and from nothing in this repository: Bijlage 1 of the Regeling
 * justitiële keteninformatisering Jeugdwet, the StUF-koppelvlak Jeugdzorg 1.0.9 and the documents of the chain. `A B > C D` means
 * each of A and B to each of C and D. Whatever isn't here must be refused.
 */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  // Bijlage 1, 1: college, gecertificeerde instelling, Veilig Thuis or a jeugdhulpaanbieder designated by the college.
  vtoDi01: ['GEMEENTE GI VEILIG_THUIS JEUGDHULPAANBIEDER > RVDK'],
  // Bijlage 1, 2 to 5: to who filed the verzoek, or to the gemeente as recipient of notificaties.
  notificatieDi01: ['RVDK > GEMEENTE GEMEENTE_NOTIFICATIES GI VEILIG_THUIS JEUGDHULPAANBIEDER'],
  notificatiejrDi01: ['CJIB RVDK > GEMEENTE GEMEENTE_NOTIFICATIES'],
  zorgmeldingDi01: ['POLITIE > GEMEENTE_ZORGMELDING VEILIG_THUIS'],
  zorgmeldingTerugkoppelingDi01: ['GEMEENTE_ZORGMELDING VEILIG_THUIS > POLITIE'],
  vtMeldingDi01: ['POLITIE HALT > VEILIG_THUIS'],
  vtTerugkoppelingDi01: ['VEILIG_THUIS > POLITIE HALT'],
  // soortVerzoeker of the koppelvlak: Veilig Thuis, ZSM, OM, procesregisseur ZVH; asked are the ketenpartners.
  vcobDi01: ['VEILIG_THUIS ZSM OM PROCESREGISSEUR_ZVH > GEMEENTE GI RVDK POLITIE VEILIG_THUIS ZVH JEUGDHULPAANBIEDER'],
  ucobDi01: ['GEMEENTE GI RVDK POLITIE VEILIG_THUIS ZVH JEUGDHULPAANBIEDER > VEILIG_THUIS ZSM OM PROCESREGISSEUR_ZVH'],
  vciDi01: ['VEILIG_THUIS ZSM OM PROCESREGISSEUR_ZVH > GEMEENTE GI RVDK POLITIE VEILIG_THUIS ZVH JEUGDHULPAANBIEDER'],
  uciDi01: ['GEMEENTE GI RVDK POLITIE VEILIG_THUIS ZVH JEUGDHULPAANBIEDER > VEILIG_THUIS ZSM OM PROCESREGISSEUR_ZVH'],
  // soortMelding NAZ, VT, ZVH by the politie; an aanmelding to the ZVH by its partners.
  meldingGeneriekDi01: ['POLITIE > NIET_ACUTE_ZORG VEILIG_THUIS ZVH', 'GEMEENTE GI VEILIG_THUIS RVDK > ZVH'],
  uitkomstMeldingGeneriekDi01: ['NIET_ACUTE_ZORG VEILIG_THUIS ZVH > POLITIE', 'ZVH > GEMEENTE GI VEILIG_THUIS RVDK'],
  // Bijlage 1, 6 to 13: vrijwillige toezicht en begeleiding.
  opdrachtTb: ['RVDK > GI'],
  wijzigingTb: ['RVDK > GI'],
  meldingStartTb: ['GI > RVDK'],
  meldingAfloopTb: ['GI > RVDK'],
  verzoekWijzigingTb: ['GI > RVDK'],
  overdrachtTb: ['GI > RVDK'],
  overdrachtDocumentTb: ['GI > RVDK'],
  // Jeugdwet 7.1.1.2, Besluit Jeugdwet 7.1.1 to 7.1.7: who may be meldingsbevoegd, and a signal back to each of them. The toegang
  // of a gemeente and a jeugdhulpaanbieder report as MELDINGSBEVOEGDE, which such a party is beside its own role.
  virMelding: ['MELDINGSBEVOEGDE VEILIG_THUIS GI HUISARTS SCHOOL POLITIE HALT RVDK > VIR'],
  virSignaal: ['VIR > MELDINGSBEVOEGDE VEILIG_THUIS GI HUISARTS SCHOOL POLITIE HALT RVDK REGISSEUR ZVJ'],
  vtRegisterCheck: ['VEILIG_THUIS > VT_REGISTER'],
  vtRegisterUitslag: ['VT_REGISTER > VEILIG_THUIS'],
  vtRegisterVerwijdering: ['VEILIG_THUIS > VT_REGISTER'],
  meldingBeroepskracht: ['HUISARTS SCHOOL > VEILIG_THUIS'],
  facturatieControle: ['GI JEUGDHULPAANBIEDER > GEMEENTE'],
  verstrekkingToezicht: ['VEILIG_THUIS GI > KLACHTENCOMMISSIE TUCHTCOLLEGE IGJ OMBUDSMAN'],
  zvhAfschaling: ['ZVH PROCESREGISSEUR_ZVH > GEMEENTE GI POLITIE RVDK VEILIG_THUIS OM'],
  // Kadernota Zorg voor Jeugd: institutions signal, the politie and the chairs of networks don't (sections 4 and 9).
  signaal: [
    'MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE > ZVJ',
    'MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE > GI REGISSEUR',
  ],
  signaalIntrekking: [
    'MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE > ZVJ GI REGISSEUR',
  ],
  ketenregistratie: ['MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE > ZVJ'],
  matchNotificatie: [
    'ZVJ > MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE',
    'ZVJ > REGISSEUR ZORGCOORDINATOR REGIONAAL_COORDINATOR NETWERK_VOORZITTER',
  ],
  zorgcoordinatieToewijzing: ['ZVJ REGISSEUR > ZORGCOORDINATOR GI'],
  zorgcoordinatieOverdracht: ['ZORGCOORDINATOR > ZORGCOORDINATOR GI', 'GI > ZORGCOORDINATOR GI'],
  zorgcoordinatieAcceptatie: ['ZORGCOORDINATOR > ZORGCOORDINATOR GI', 'GI > ZORGCOORDINATOR GI'],
  // Section 6, step by step.
  escalatie: ['ZORGCOORDINATOR > REGISSEUR', 'REGISSEUR > DIRECTIE WETHOUDER', 'WETHOUDER > PORTEFEUILLEHOUDER'],
  escalatieUitspraak: ['DIRECTIE > REGISSEUR', 'PORTEFEUILLEHOUDER > DIRECTIE', 'DIRECTIE > ZORGCOORDINATOR'],
  // Section 12: contact over a signal is confirmed to who gave it; over a match, to the index that brought the parties together.
  contactBevestiging: [
    'ZVJ GI REGISSEUR > MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE',
    'MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE > ZVJ',
  ],
  betrokkenheidVraag: [
    'MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE > ZVJ',
  ],
  betrokkenheidAntwoord: [
    'ZVJ > MELDINGSBEVOEGDE GI VEILIG_THUIS HUISARTS SCHOOL ONDERWIJS_IB JEUGDHULPAANBIEDER GEMEENTE',
  ],
};

// An end node answers what it got: each pair of a StUF Di01 the other way round (StUF 03.01, bevestigings- en foutberichten).
const ANSWERS = ['Bv01Bericht', 'Fo01Bericht', 'Fo03Bericht'];

/** Every allowed combination as `type sender recipient`. */
export function allowedPairs(): ReadonlySet<string> {
  const direct = Object.entries(TABLE).flatMap(([type, lines]) => lines.flatMap((line) => expand(type, line)));
  const answered = direct.filter(([type]) => type.endsWith('Di01'));
  const answers = ANSWERS.flatMap((type) =>
    answered.map(([, sender, recipient]) => [type, recipient, sender] as const),
  );
  return new Set([...direct, ...answers].map((triple) => triple.join(' ')));
}

type Triple = readonly [type: string, sender: string, recipient: string];

function expand(type: string, line: string): readonly Triple[] {
  const [senders = [], recipients = []] = line.split(' > ').map((side) => side.split(' '));
  return senders.flatMap((sender) => recipients.map((recipient) => [type, sender, recipient] as const));
}

/** Every type of the chain and every role of its parties, named by the same sources. */
export const TYPES: readonly string[] = [...Object.keys(TABLE), ...ANSWERS];
export const ROLES: readonly string[] = (
  'GEMEENTE GEMEENTE_NOTIFICATIES GEMEENTE_ZORGMELDING RVDK GI VEILIG_THUIS JEUGDHULPAANBIEDER POLITIE HALT CJIB OM RECHTBANK ZVH ' +
  'PROCESREGISSEUR_ZVH ZSM NIET_ACUTE_ZORG VIR ZVJ VT_REGISTER MELDINGSBEVOEGDE HUISARTS SCHOOL ONDERWIJS_IB REGISSEUR ' +
  'ZORGCOORDINATOR NETWERK_VOORZITTER REGIONAAL_COORDINATOR DIRECTIE WETHOUDER PORTEFEUILLEHOUDER KLACHTENCOMMISSIE ' +
  'TUCHTCOLLEGE IGJ OMBUDSMAN LEVERANCIER'
).split(' ');
