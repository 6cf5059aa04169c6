import { all, answersNothing, body, from, json, purpose, to, xml } from './twin.ts';
import type { Twin } from './twin.ts';

const BY_GI = json('virMelding', 'door-gi');
const CHECK = json('vtRegisterCheck', 'gezin');
const URGENT = json('signaal', 'urgent-aan-gi');
const WITHOUT_CONSENT = purpose({ werkveld: 'VRIJWILLIG', toestemming: 'nee' });

/** The verwijsindex risicojongeren. */
export const VIR: readonly Twin[] = [
  {
    id: 'V2',
    says: 'BSN, who reports and when, and nothing else',
    right: BY_GI,
    wrong: json('virMelding', 'door-gi', body({ omschrijving: 'zorgen over thuis' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'V3',
    says: 'nothing about the nature of a report or a treatment',
    right: BY_GI,
    wrong: json('virMelding', 'door-gi', body({ aard: 'behandeling' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'V4',
    says: 'a report is removed within two years',
    right: BY_GI,
    wrong: json('virMelding', 'door-gi', body({ verwijderdatum: '2028-11-24' })),
    code: 'ERR_BUSINESS_RULE',
    rule: 'V4',
  },
  {
    id: 'V6',
    says: 'a report to the verwijsindex is none to Veilig Thuis',
    right: BY_GI,
    wrong: json('virMelding', 'door-gi', to('veilig-thuis-gelderland-midden', 'VEILIG_THUIS')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'V9',
    says: 'a signal holds contact data, no content',
    right: json('virSignaal', 'aan-gi'),
    wrong: json('virSignaal', 'aan-gi', body({ toelichting: 'schuldhulp' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'V10',
    says: 'who signed no convenant takes no part',
    right: json('signaal', 'laag'),
    wrong: json('signaal', 'laag', from('jongerenwerk', 'MELDINGSBEVOEGDE')),
    code: 'ERR_SENDER_NOT_ADMITTED',
    rule: 'V10',
  },
  {
    id: 'V11',
    says: 'only who is admitted by amvb reports to the verwijsindex',
    right: json('virMelding', 'door-meldingsbevoegde'),
    wrong: json('virMelding', 'door-meldingsbevoegde', from('kinderdagverblijf', 'MELDINGSBEVOEGDE')),
    code: 'ERR_SENDER_NOT_ADMITTED',
    rule: 'V11',
  },
  {
    id: 'V12',
    says: 'a gecertificeerde instelling reports nothing from diagnostiek',
    right: json('virMelding', 'door-gi', purpose({ toestemming: 'ja' })),
    wrong: json('virMelding', 'door-gi', purpose({ toestemming: 'ja', werkveld: 'DIAGNOSTIEK' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'V12',
  },
];

/** Veilig Thuis, its register, and who supervises. */
export const VEILIG_THUIS: readonly Twin[] = [
  {
    id: 'T1',
    says: 'whether the identity of the melder may be told is said, and nothing of it is free text',
    right: json('meldingBeroepskracht', 'huisarts'),
    wrong: json('meldingBeroepskracht', 'huisarts', body({ melderIdentiteitVrijgeven: 'misschien' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'T3',
    says: 'a huisarts reports without consent only to stop violence or on reasonable suspicion',
    right: json('meldingBeroepskracht', 'huisarts'),
    wrong: json('meldingBeroepskracht', 'huisarts', purpose({ grondslag: 'WET' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'T3',
  },
  {
    id: 'T4',
    says: 'and so does a school',
    right: json('meldingBeroepskracht', 'school'),
    wrong: json('meldingBeroepskracht', 'school', purpose({ grondslag: 'WET' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'T4',
  },
  {
    id: 'T5',
    says: 'Veilig Thuis asks others only after a melding',
    right: xml('vcobDi01', 'veilig-thuis-aan-gi'),
    wrong: xml('vcobDi01', 'veilig-thuis-aan-gi', [/(<JZ:code>)01/, '$103']),
    code: 'ERR_CONTENT_NOT_ALLOWED',
    rule: 'T5',
  },
  {
    id: 'T6',
    says: 'with consent as the ground there is consent',
    right: json('vtRegisterCheck', 'gezin', purpose({ grondslag: 'TOESTEMMING', toestemming: 'ja' })),
    wrong: json('vtRegisterCheck', 'gezin', purpose({ grondslag: 'TOESTEMMING', toestemming: 'nee' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'T6',
  },
  {
    id: 'T12',
    says: 'Veilig Thuis, jeugdbescherming and jeugdreclassering work by law, without consent',
    right: json('meldingStartTb', 'melding-start', purpose({ werkveld: 'JR', grondslag: 'WET', toestemming: 'nvt' })),
    wrong: json(
      'meldingStartTb',
      'melding-start',
      purpose({ werkveld: 'JR', grondslag: 'TOESTEMMING', toestemming: 'nvt' }),
    ),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'T12',
  },
  {
    id: 'T13',
    says: 'diagnostiek, vrijwillig kader and klachten need consent',
    right: json('facturatieControle', 'gi', purpose({ werkveld: 'VRIJWILLIG', toestemming: 'ja' })),
    wrong: json('facturatieControle', 'gi', purpose({ werkveld: 'VRIJWILLIG', toestemming: 'nee' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'T13',
  },
  {
    id: 'T15',
    says: 'each time a purpose is given',
    right: CHECK,
    wrong: json('vtRegisterCheck', 'gezin', ({ stuurgegevens }) => {
      delete stuurgegevens.verwerking['grondslag'];
    }),
    code: 'ERR_PROCESSING_INCOMPLETE',
  },
  {
    id: 'T17',
    says: 'the gemeente gets data to check invoices, no content',
    right: json('facturatieControle', 'gi'),
    wrong: json('facturatieControle', 'gi', body({ behandelverslag: 'x' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'T18',
    says: 'each supervisor is given data for its own reason only',
    right: json('verstrekkingToezicht', 'calamiteit'),
    wrong: json('verstrekkingToezicht', 'calamiteit', purpose({ redenCode: 'KLACHT' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'T18',
  },
  {
    id: 'T22',
    says: 'a purpose that isn’t known is none',
    right: json('signaal', 'laag'),
    wrong: json('signaal', 'laag', purpose({ werkveld: 'JR' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
  },
  {
    id: 'T10',
    says: 'the register is asked by Veilig Thuis alone',
    right: CHECK,
    wrong: json('vtRegisterCheck', 'gezin', all(from('rvdk', 'RVDK'))),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'T14',
    says: 'what is an answer to who asked may go for every purpose',
    first: URGENT,
    right: json('contactBevestiging', 'door-de-gi', WITHOUT_CONSENT),
    wrong: json('contactBevestiging', 'door-de-gi', all(WITHOUT_CONSENT, answersNothing)),
    code: 'ERR_REPLY_UNKNOWN',
  },
];
