import { all, answersNothing, body, from, json, purpose, to, xml } from './twin.ts';
import type { Twin } from './twin.ts';

const LOW = json('signaal', 'laag');
const NURSERY = json('signaal', 'kinderdagverblijf');

/** Zorg voor Jeugd: signals, coordination, escalation. */
export const ZORG_VOOR_JEUGD: readonly Twin[] = [
  refusedBySchema('Z1', 'dat-informatie only: no field for content', body({ toelichting: 'x' })),
  {
    id: 'Z5',
    says: 'who signed the convenant takes part',
    right: json('ketenregistratie', 'bekend'),
    wrong: json('ketenregistratie', 'bekend', from('jongerenwerk', 'MELDINGSBEVOEGDE')),
    code: 'ERR_SENDER_NOT_ADMITTED',
    rule: 'V10',
  },
  {
    id: 'Z8',
    says: 'the regionaal coördinator gets a match; the politie doesn’t',
    right: json('matchNotificatie', 'jeugdige', to('regionaal-coordinator', 'REGIONAAL_COORDINATOR')),
    wrong: json('matchNotificatie', 'jeugdige', to('politie', 'POLITIE')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'Z10',
    says: 'only an urgent signal goes to who coordinates at once',
    right: json('signaal', 'urgent-aan-gi'),
    wrong: json('signaal', 'urgent-aan-gi', all(body({ code: 1 }), urgent('nee'))),
    code: 'ERR_CONTENT_NOT_ALLOWED',
    rule: 'Z10',
  },
  {
    id: 'Z14',
    says: 'parties signal themselves, a network doesn’t',
    right: LOW,
    wrong: json('signaal', 'laag', from('netwerkvoorzitter', 'NETWERK_VOORZITTER')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'Z15',
    says: 'the chair of a network is connected: it receives',
    right: json('matchNotificatie', 'jeugdige', to('netwerkvoorzitter', 'NETWERK_VOORZITTER')),
    wrong: json('signaal', 'laag', all(from('netwerkvoorzitter', 'NETWERK_VOORZITTER'))),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'Z16',
    says: 'coordination is assigned by the index or the regisseur',
    right: json('zorgcoordinatieToewijzing', 'door-de-index'),
    wrong: json('zorgcoordinatieToewijzing', 'door-de-index', from('wethouder', 'WETHOUDER')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'Z24',
    says: 'a report comes in at the regisseur of the gemeente, found by its code',
    right: json('signaal', 'urgent-aan-gi', all(body({ bjzBetrokken: false }), byCode('1963', 'REGISSEUR'))),
    wrong: json('signaal', 'urgent-aan-gi', all(body({ bjzBetrokken: false }), byCode('0282', 'REGISSEUR'))),
    code: 'ERR_MUNICIPALITY_ENDED',
  },
  {
    id: 'Z25',
    says: 'bureau jeugdzorg involved: it coordinates',
    right: json('signaal', 'urgent-aan-gi'),
    wrong: json('signaal', 'urgent-aan-gi', body({ bjzBetrokken: false })),
    code: 'ERR_CONTENT_NOT_ALLOWED',
    rule: 'Z25',
  },
  {
    id: 'Z26',
    says: 'not involved: the regisseur does',
    right: json('signaal', 'urgent-aan-gi', all(body({ bjzBetrokken: false }), to('regisseur', 'REGISSEUR'))),
    wrong: json('signaal', 'urgent-aan-gi', to('regisseur', 'REGISSEUR')),
    code: 'ERR_CONTENT_NOT_ALLOWED',
    rule: 'Z26',
  },
  {
    id: 'Z27',
    says: 'an escalation has a kind of its own and is no crisis',
    right: json('escalatie', 'stap-1-regisseur'),
    wrong: json('escalatie', 'stap-1-regisseur', urgent('crisis')),
    code: 'ERR_CRISIS_NOT_CARRIED',
  },
  {
    id: 'Z32',
    says: 'the wethouder reaches the bestuurder of the gemeente where the youth is registered',
    right: json('escalatie', 'stap-4-portefeuillehouder', byCode('1963', 'PORTEFEUILLEHOUDER')),
    wrong: json('escalatie', 'stap-4-portefeuillehouder', byCode('0282', 'PORTEFEUILLEHOUDER')),
    code: 'ERR_MUNICIPALITY_ENDED',
  },
  {
    id: 'Z35',
    says: 'a crisis doesn’t go this way',
    right: LOW,
    wrong: json('signaal', 'laag', urgent('crisis')),
    code: 'ERR_CRISIS_NOT_CARRIED',
  },
  refusedBySchema('Z36', 'who signals confirms that the criteria of the law are met', body({ voldoetAanArt2j: false })),
  refusedBySchema('Z51', 'a report meets article 2j', body({ voldoetAanArt2j: undefined })),
  {
    id: 'Z38',
    says: 'the connected institutions signal; who isn’t one doesn’t',
    right: NURSERY,
    wrong: json('signaal', 'laag', from('rechtbank-gelderland', 'RECHTBANK')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'Z40',
    says: 'a kinderdagverblijf signals after consultation with the JGZ',
    right: NURSERY,
    wrong: json('signaal', 'kinderdagverblijf', body({ overlegJgz: undefined, jgzOin: undefined })),
    code: 'ERR_CONTENT_NOT_ALLOWED',
    rule: 'Z40',
  },
  {
    id: 'Z41',
    says: 'the politie doesn’t signal, it has its zorgmelding',
    right: xml('zorgmeldingDi01', 'minimaal'),
    wrong: json('signaal', 'laag', from('politie', 'POLITIE')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'Z42',
    says: 'a huisarts may join and then signals',
    right: json('ketenregistratie', 'bekend', from('huisarts', 'HUISARTS')),
    wrong: json('ketenregistratie', 'bekend', from('huisarts', 'SCHOOL')),
    code: 'ERR_SENDER_UNKNOWN',
  },
  {
    id: 'Z43',
    says: 'a report of who isn’t admitted stays out of the verwijsindex',
    right: json('ketenregistratie', 'bekend', from('kinderdagverblijf', 'MELDINGSBEVOEGDE')),
    wrong: json('virMelding', 'door-meldingsbevoegde', from('kinderdagverblijf', 'MELDINGSBEVOEGDE')),
    code: 'ERR_SENDER_NOT_ADMITTED',
    rule: 'V11',
  },
  {
    id: 'Z45',
    says: 'acties, relaties and proces are off',
    right: LOW,
    wrong: json('signaal', 'laag', ({ stuurgegevens }) => {
      stuurgegevens['berichttype'] = 'actie';
    }),
    code: 'ERR_MESSAGE_TYPE_UNKNOWN',
  },
  {
    id: 'Z46',
    says: 'a withdrawal goes to who has the signal and tells nothing more',
    right: json('signaalIntrekking', 'intrekking'),
    wrong: json('signaalIntrekking', 'intrekking', body({ reden: 'zorg is weg' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'Z47',
    says: 'the index tells of a match; nobody else can',
    right: json('matchNotificatie', 'jeugdige'),
    wrong: json('matchNotificatie', 'jeugdige', from('jgz-hoeksche-waard', 'MELDINGSBEVOEGDE')),
    code: 'ERR_ROUTE_NONE',
  },
  {
    id: 'Z49',
    says: 'two weights: a signal that isn’t urgent has code 1',
    right: LOW,
    wrong: json('signaal', 'laag', body({ code: 2 })),
    code: 'ERR_CONTENT_NOT_ALLOWED',
    rule: 'Z49',
  },
  refusedBySchema('Z50', 'no checklist of risks', body({ risicos: ['armoede'] })),
  {
    id: 'Z52',
    says: 'urgent is code 2',
    right: json('signaal', 'urgent-aan-gi'),
    wrong: json('signaal', 'urgent-aan-gi', body({ code: 1 })),
    code: 'ERR_CONTENT_NOT_ALLOWED',
  },
  {
    id: 'Z54',
    says: 'a signal is given at any hour, at night on a Sunday too; only its age counts',
    right: json('signaal', 'laag', atNight(0)),
    wrong: json('signaal', 'laag', atNight(1)),
    code: 'ERR_SIGNATURE_TIME_OLD',
  },
  {
    id: 'Z60',
    says: 'the intern begeleider of a school is connected and registers',
    right: json('ketenregistratie', 'bekend'),
    wrong: json('ketenregistratie', 'bekend', from('basisschool-ib', 'SCHOOL')),
    code: 'ERR_SENDER_UNKNOWN',
  },
  {
    id: 'Z61',
    says: 'the youth is informed, or a reason is given why not',
    right: json('signaal', 'laag', purpose({ betrokkeneGeinformeerd: 'nee', redenCode: 'VEILIGHEID_JEUGDIGE' })),
    wrong: json('signaal', 'laag', purpose({ betrokkeneGeinformeerd: 'nee' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'Z61',
  },
  {
    id: 'Z17',
    says: 'only who can coordinate is assigned it',
    right: json('zorgcoordinatieToewijzing', 'door-de-index', assignedTo('zorgcoordinator')),
    // In the rules of this test it has the role, and not the attribute.
    wrong: json('zorgcoordinatieToewijzing', 'door-de-index', assignedTo('jongerenwerk')),
    code: 'ERR_RECIPIENT_NOT_ADMITTED',
    rule: 'Z17',
  },
  {
    id: 'Z20',
    says: 'who takes coordination over accepts a handover that was offered to it',
    first: json('zorgcoordinatieOverdracht', 'warm'),
    right: json('zorgcoordinatieAcceptatie', 'aanvaard'),
    wrong: json('zorgcoordinatieAcceptatie', 'aanvaard', answersNothing),
    code: 'ERR_REPLY_UNKNOWN',
  },
  {
    id: 'Z48',
    says: 'the notice of a match names nobody',
    right: json('matchNotificatie', 'jeugdige'),
    wrong: json('matchNotificatie', 'jeugdige', body({ voornamen: 'Mira' })),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'Z53',
    says: 'who gives an urgent signal hears at once that contact was made, over that signal only',
    first: json('signaal', 'urgent-aan-gi'),
    right: json('contactBevestiging', 'door-de-gi'),
    wrong: json('contactBevestiging', 'door-de-gi', answersNothing),
    code: 'ERR_REPLY_UNKNOWN',
  },
];

function refusedBySchema(id: string, says: string, change: Parameters<typeof json>[2]): Twin {
  return { id, says, right: LOW, wrong: json('signaal', 'laag', change), code: 'ERR_SCHEMA_INVALID' };
}

function assignedTo(name: Parameters<typeof to>[0]): ReturnType<typeof all> {
  return all(to(name, 'ZORGCOORDINATOR'), body({ bjzBetrokken: false }));
}

function urgent(value: string): NonNullable<Parameters<typeof json>[2]> {
  return ({ stuurgegevens }) => {
    stuurgegevens['urgent'] = value;
  };
}

function byCode(gemeentecode: string, rol: string): NonNullable<Parameters<typeof json>[2]> {
  return ({ stuurgegevens }) => {
    stuurgegevens.ontvanger = { gemeentecode, rol };
  };
}

/** At 03:00 of the Sunday just past, or some weeks before. */
function atNight(weeksBefore: number): NonNullable<Parameters<typeof json>[2]> {
  return ({ stuurgegevens }) => {
    const now = new Date();
    const night = new Date(now);
    night.setUTCHours(2, 0, 0, 0);
    night.setUTCDate(night.getUTCDate() - night.getUTCDay());
    if (night > now) night.setUTCDate(night.getUTCDate() - WEEK_DAYS);
    night.setUTCDate(night.getUTCDate() - weeksBefore * WEEK_DAYS);
    stuurgegevens['tijdstip'] = night.toISOString();
  };
}

const WEEK_DAYS = 7;
