import type { ParticipantName } from '../../certs-dev/participants.ts';
import { NOW, oinOf } from './berichten.ts';
import type { Bericht } from './berichten.ts';

/** CORV's own term: 16 attempts, 3 hours apart. */
export const FORTY_EIGHT_HOURS_MS = 48 * 3_600_000;

/** Wednesday 25 November 2026, 10:00 UTC: the second werkdag after it is Friday, 17:00 in Amsterdam is 16:00 UTC. */
export const SECOND_WORKING_DAY = Date.UTC(2026, 10, 27, 16);

/** Where a valid example goes by the rules of the repository: the facts of its route. */
export function routeOf({ type, name }: Pick<Bericht, 'type' | 'name'>): Route {
  const route = ROUTES[`${type} ${name}`] ?? ROUTES[type];
  if (route === undefined) throw new RangeError(`no route of ${type} ${name}`);
  return route;
}

type Route = Readonly<Record<string, unknown>>;

/** By type, or by type and example where the examples of a type go to more than one point. */
const ROUTES: Readonly<Record<string, Route>> = {
  Bv01Bericht: backToArnhem('bv01-rvdk-gemeente'),
  Fo01Bericht: backToArnhem('fo01-rvdk-gemeente'),
  Fo03Bericht: backToArnhem('fo03-rvdk-gemeente'),
  meldingStartTb: {
    senderRole: 'GI',
    recipient: oinOf('rvdk'),
    recipientRole: 'RVDK',
    connectionPoint: 'rvdk-verzoeken',
    ruleId: 'melding-start-gi-rvdk',
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  },
  notificatieDi01: {
    senderRole: 'RVDK',
    recipient: oinOf('gemeente-arnhem'),
    recipientRole: 'GEMEENTE',
    connectionPoint: 'arnhem-notificaties',
    ruleId: 'notificatie-rvdk-gemeente',
    deadline: SECOND_WORKING_DAY,
  },
  notificatiejrDi01: {
    senderRole: 'CJIB',
    recipient: oinOf('gemeente-arnhem'),
    recipientRole: 'GEMEENTE',
    connectionPoint: 'arnhem-notificaties',
    ruleId: 'notificatiejr-cjib-gemeente',
    deadline: SECOND_WORKING_DAY,
  },
  opdrachtTb: {
    senderRole: 'RVDK',
    recipient: oinOf('gi-jeugdbescherming-gelderland'),
    recipientRole: 'GI',
    connectionPoint: 'gi-gelderland',
    ruleId: 'opdracht-rvdk-gi',
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  },
  vtMeldingDi01: {
    senderRole: 'POLITIE',
    recipient: oinOf('veilig-thuis-gelderland-midden'),
    recipientRole: 'VEILIG_THUIS',
    connectionPoint: 'veilig-thuis-gelderland-midden',
    ruleId: 'vtmelding-politie-veiligthuis',
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  },
  vtoDi01: {
    senderRole: 'GEMEENTE',
    recipient: oinOf('rvdk'),
    recipientRole: 'RVDK',
    connectionPoint: 'rvdk-verzoeken',
    ruleId: 'vto-gemeente-rvdk',
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  },
  'signaal laag.json': pulled('signaal-meldingsbevoegde-zvj', 'MELDINGSBEVOEGDE', ['zorg-voor-jeugd', 'ZVJ']),
  'signaal kinderdagverblijf.json': pulled('signaal-meldingsbevoegde-zvj', 'MELDINGSBEVOEGDE', [
    'zorg-voor-jeugd',
    'ZVJ',
  ]),
  signaalIntrekking: pulled('signaal-intrekking-meldingsbevoegde-zvj', 'MELDINGSBEVOEGDE', ['zorg-voor-jeugd', 'ZVJ']),
  'ketenregistratie bekend.json': pulled('ketenregistratie-onderwijs-ib-zvj', 'ONDERWIJS_IB', [
    'zorg-voor-jeugd',
    'ZVJ',
  ]),
  'ketenregistratie niet-meer-bekend.json': pulled('ketenregistratie-veiligthuis-zvj', 'VEILIG_THUIS', [
    'zorg-voor-jeugd',
    'ZVJ',
  ]),
  'matchNotificatie jeugdige.json': pulled('match-notificatie-zvj-meldingsbevoegde', 'ZVJ', [
    'jgz-hoeksche-waard',
    'MELDINGSBEVOEGDE',
  ]),
  'matchNotificatie gezin.json': pulled('match-notificatie-zvj-zorgcoordinator', 'ZVJ', [
    'zorgcoordinator',
    'ZORGCOORDINATOR',
  ]),
  'zorgcoordinatieToewijzing door-de-regisseur.json': pulled(
    'zorgcoordinatie-toewijzing-regisseur-zorgcoordinator',
    'REGISSEUR',
    ['zorgcoordinator', 'ZORGCOORDINATOR'],
  ),
  'zorgcoordinatieOverdracht beeindigd.json': pulled('zorgcoordinatie-overdracht-gi-zorgcoordinator', 'GI', [
    'zorgcoordinator',
    'ZORGCOORDINATOR',
  ]),
  zorgcoordinatieAcceptatie: pulled('zorgcoordinatie-acceptatie-gi-zorgcoordinator', 'GI', [
    'zorgcoordinator',
    'ZORGCOORDINATOR',
  ]),
  'escalatie stap-1-regisseur.json': pulled('escalatie-zorgcoordinator-regisseur', 'ZORGCOORDINATOR', [
    'regisseur',
    'REGISSEUR',
  ]),
  'escalatie stap-4-portefeuillehouder.json': pulled('escalatie-wethouder-portefeuillehouder', 'WETHOUDER', [
    'portefeuillehouder',
    'PORTEFEUILLEHOUDER',
  ]),
  'escalatieUitspraak opdracht.json': pulled('escalatie-uitspraak-portefeuillehouder-directie', 'PORTEFEUILLEHOUDER', [
    'directie',
    'DIRECTIE',
  ]),
  'escalatieUitspraak geen-overeenstemming.json': pulled('escalatie-uitspraak-directie-regisseur', 'DIRECTIE', [
    'regisseur',
    'REGISSEUR',
  ]),
  contactBevestiging: pulled('contact-bevestiging-gi-meldingsbevoegde', 'GI', [
    'jgz-hoeksche-waard',
    'MELDINGSBEVOEGDE',
  ]),
  betrokkenheidVraag: pulled('betrokkenheid-vraag-meldingsbevoegde-zvj', 'MELDINGSBEVOEGDE', [
    'zorg-voor-jeugd',
    'ZVJ',
  ]),
  betrokkenheidAntwoord: pulled('betrokkenheid-antwoord-zvj-meldingsbevoegde', 'ZVJ', [
    'jgz-hoeksche-waard',
    'MELDINGSBEVOEGDE',
  ]),
  'signaal urgent-aan-gi.json': toGi('signaal-meldingsbevoegde-gi', 'MELDINGSBEVOEGDE'),
  'zorgcoordinatieToewijzing door-de-index.json': toGi('zorgcoordinatie-toewijzing-zvj-gi', 'ZVJ'),
  'zorgcoordinatieOverdracht warm.json': toGi('zorgcoordinatie-overdracht-zorgcoordinator-gi', 'ZORGCOORDINATOR'),
};

/** To a party whose one point is pulled and has the party's name. */
function pulled(ruleId: string, senderRole: string, [name, recipientRole]: readonly [ParticipantName, string]): Route {
  return {
    senderRole,
    recipient: oinOf(name),
    recipientRole,
    connectionPoint: name,
    ruleId,
    deadline: SECOND_WORKING_DAY,
  };
}

/** An answer of the RvdK to what the gemeente sent. */
function backToArnhem(ruleId: string): Route {
  return {
    senderRole: 'RVDK',
    recipient: oinOf('gemeente-arnhem'),
    recipientRole: 'GEMEENTE',
    connectionPoint: 'arnhem-notificaties',
    ruleId,
    deadline: SECOND_WORKING_DAY,
  };
}

function toGi(ruleId: string, senderRole: string): Route {
  return {
    senderRole,
    recipient: oinOf('gi-jeugdbescherming-gelderland'),
    recipientRole: 'GI',
    connectionPoint: 'gi-gelderland',
    ruleId,
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  };
}
