import { all, body, broughtBy, from, json, oinOf, to, xml } from './twin.ts';
import type { Twin } from './twin.ts';

const VTO = xml('vtoDi01', 'minimaal');
const toPoint = (oin: string): readonly [RegExp, string] => [/(ontvanger>\s*<\w+:organisatie>)\d{20}/, `$1${oin}`];

/** CORV, and the rules on jeugdhulp of the Autoriteit Persoonsgegevens. */
export const CORV: readonly Twin[] = [
  {
    id: 'C2',
    says: 'a partner acts in the roles it has',
    right: json('facturatieControle', 'jeugdhulpaanbieder'),
    wrong: json('facturatieControle', 'jeugdhulpaanbieder', ({ stuurgegevens }) => {
      stuurgegevens.afzender.rol = 'GI';
    }),
    code: 'ERR_SENDER_UNKNOWN',
  },
  {
    id: 'C3',
    says: 'a gecertificeerde instelling is one by its code in force',
    right: json('opdrachtTb', 'opdracht', ({ stuurgegevens }) => {
      stuurgegevens.ontvanger = { instantiecode: 'AST095' };
    }),
    wrong: json('opdrachtTb', 'opdracht', ({ stuurgegevens }) => {
      stuurgegevens.ontvanger = { instantiecode: 'AST078' };
    }),
    code: 'ERR_RECIPIENT_UNKNOWN',
  },
  {
    id: 'C4',
    says: 'the OM sends through CJIB and nobody else',
    right: broughtBy('cjib', xml('vcobDi01', 'veilig-thuis-aan-gi', ...byTheOm())),
    wrong: broughtBy('politie', xml('vcobDi01', 'veilig-thuis-aan-gi', ...byTheOm())),
    code: 'ERR_MANDATE_SUBMIT_MISSING',
  },
  {
    id: 'C11',
    says: 'data don’t end where they don’t belong',
    right: xml('vtMeldingDi01', 'melding-politie'),
    wrong: xml('vtMeldingDi01', 'melding-politie', toPoint(oinOf('rvdk'))),
    code: 'ERR_RECIPIENT_UNKNOWN',
  },
  {
    id: 'C13',
    says: 'a bericht reaches the right organisation, or its sender hears that there is none',
    right: json('facturatieControle', 'gi', ({ stuurgegevens }) => {
      stuurgegevens.ontvanger = { gemeentecode: '0268', rol: 'GEMEENTE' };
    }),
    wrong: json('facturatieControle', 'gi', ({ stuurgegevens }) => {
      stuurgegevens.ontvanger = { gemeentecode: '0282', rol: 'GEMEENTE' };
    }),
    code: 'ERR_MUNICIPALITY_ENDED',
  },
  {
    id: 'A1',
    says: 'nothing goes along that the list of the bericht doesn’t name',
    right: VTO,
    wrong: xml('vtoDi01', 'minimaal', [/(<\/\w+:stuurgegevens>)/, '$1<inkomen>modaal</inkomen>']),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'A2',
    says: 'a gemeente has a point for each of its roles, where it has them',
    right: xml('notificatieDi01', 'intake-afgerond'),
    wrong: xml('notificatieDi01', 'intake-afgerond', toPoint(oinOf('jongerenwerk'))),
    code: 'ERR_RECIPIENT_UNKNOWN',
  },
  {
    id: 'A4',
    says: 'a gecertificeerde instelling sends the gemeente no content',
    right: xml('vtoDi01', 'minimaal', byTheGi()),
    wrong: xml('vtoDi01', 'minimaal', byTheGi(), toPoint(oinOf('gemeente-arnhem'))),
    code: 'ERR_RECIPIENT_UNKNOWN',
  },
  {
    id: 'A5',
    says: 'for its invoices a gemeente gets a closed set of data',
    right: json('facturatieControle', 'jeugdhulpaanbieder'),
    wrong: json('facturatieControle', 'jeugdhulpaanbieder', body({ diagnose: 'F90.0' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'C8',
    says: 'a gemeente files the verzoek tot onderzoek with the Raad; a politie doesn’t',
    right: VTO,
    wrong: xml('vtoDi01', 'minimaal', [/(zender>\s*<\w+:organisatie>)\d{20}/, `$1${oinOf('politie')}`]),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'P1',
    says: 'a bericht that says that, not what, carries no attachment',
    right: json('meldingBeroepskracht', 'huisarts'),
    wrong: json('meldingBeroepskracht', 'huisarts', body({ bijlage: 'JVBERi0xLjQK' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'A6',
    says: 'Veilig Thuis takes meldingen of professionals; another party doesn’t',
    right: json('meldingBeroepskracht', 'school'),
    wrong: json('meldingBeroepskracht', 'school', to('rvdk', 'RVDK')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'SKN',
    says: 'the strafrechtketennummer goes to no gemeente',
    right: json('opdrachtTb', 'opdracht'),
    wrong: json('opdrachtTb', 'opdracht', all(from('rvdk', 'RVDK'), to('gemeente-arnhem', 'GEMEENTE'))),
    code: 'ERR_ROUTE_NONE',
  },
];

// soortVerzoeker 03 is the OM, reason 06 its decision on the case.
function byTheOm(): readonly (readonly [RegExp, string])[] {
  return [
    [/(zender>\s*<\w+:organisatie>)\d{20}/, `$1${oinOf('om')}`],
    [/(zender>\s*<\w+:organisatie>\d{20}<\/\w+:organisatie>\s*<\w+:applicatie>)[^<]*/, '$1OM-applicatie'],
    [/(soortVerzoeker>)05/, '$103'],
    [/(<JZ:code>)01/, '$106'],
  ];
}

function byTheGi(): readonly [RegExp, string] {
  return [/(zender>\s*<\w+:organisatie>)\d{20}/, `$1${oinOf('gi-jeugdbescherming-gelderland')}`];
}
