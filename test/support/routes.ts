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
  vtTerugkoppelingDi01: pulled('vt-terugkoppeling-veilig-thuis-politie', 'VEILIG_THUIS', ['politie', 'POLITIE']),
  zorgmeldingDi01: {
    senderRole: 'POLITIE',
    recipient: oinOf('gemeente-arnhem'),
    recipientRole: 'GEMEENTE_ZORGMELDING',
    connectionPoint: 'arnhem-zorgmeldingen',
    ruleId: 'zorgmelding-politie-gemeente-zorgmelding',
    deadline: SECOND_WORKING_DAY,
  },
  zorgmeldingTerugkoppelingDi01: pulled(
    'zorgmelding-terugkoppeling-gemeente-zorgmelding-politie',
    'GEMEENTE_ZORGMELDING',
    ['politie', 'POLITIE'],
  ),
  Bv01Bericht: toArnhem('bv01-rvdk-gemeente', 'RVDK'),
  Fo01Bericht: toArnhem('fo01-rvdk-gemeente', 'RVDK'),
  Fo03Bericht: toArnhem('fo03-rvdk-gemeente', 'RVDK'),
  meldingStartTb: {
    senderRole: 'GI',
    recipient: oinOf('rvdk'),
    recipientRole: 'RVDK',
    connectionPoint: 'rvdk-verzoeken',
    ruleId: 'melding-start-tb-gi-rvdk',
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
    ruleId: 'opdracht-tb-rvdk-gi',
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  },
  meldingGeneriekDi01: toVeiligThuis('melding-generiek-politie-veilig-thuis', 'POLITIE'),
  'meldingGeneriekDi01 gemeente-aan-zvh.xml': pulled('melding-generiek-gemeente-zvh', 'GEMEENTE', ['zvh', 'ZVH']),
  uciDi01: toVeiligThuis('uci-gi-veilig-thuis', 'GI'),
  ucobDi01: toVeiligThuis('ucob-gi-veilig-thuis', 'GI'),
  'uitkomstMeldingGeneriekDi01 veilig-thuis-aan-politie.xml': pulled(
    'uitkomst-melding-generiek-veilig-thuis-politie',
    'VEILIG_THUIS',
    ['politie', 'POLITIE'],
  ),
  'uitkomstMeldingGeneriekDi01 zvh-aan-gemeente.xml': toArnhem('uitkomst-melding-generiek-zvh-gemeente', 'ZVH'),
  vciDi01: toGi('vci-veilig-thuis-gi', 'VEILIG_THUIS'),
  'vciDi01 procesregisseur-plustaken-aan-gi.xml': toGi('vci-procesregisseur-zvh-gi', 'PROCESREGISSEUR_ZVH'),
  vcobDi01: toGi('vcob-veilig-thuis-gi', 'VEILIG_THUIS'),
  'vcobDi01 procesregisseur-aan-gi.xml': toGi('vcob-procesregisseur-zvh-gi', 'PROCESREGISSEUR_ZVH'),
  vtMeldingDi01: toVeiligThuis('vt-melding-politie-veilig-thuis', 'POLITIE'),
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
  'ketenregistratie niet-meer-bekend.json': pulled('ketenregistratie-veilig-thuis-zvj', 'VEILIG_THUIS', [
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
  meldingAfloopTb: toRvdk('melding-afloop-tb-gi-rvdk'),
  verzoekWijzigingTb: toRvdk('verzoek-wijziging-tb-gi-rvdk'),
  wijzigingTb: toGi('wijziging-tb-rvdk-gi', 'RVDK'),
  overdrachtTb: toRvdk('overdracht-tb-gi-rvdk'),
  overdrachtDocumentTb: toRvdk('overdracht-document-tb-gi-rvdk'),
  'virMelding door-gi.json': pulled('vir-melding-gi-vir', 'GI', ['vir', 'VIR']),
  'virMelding door-huisarts.json': pulled('vir-melding-huisarts-vir', 'HUISARTS', ['vir', 'VIR']),
  'virMelding door-meldingsbevoegde.json': pulled('vir-melding-meldingsbevoegde-vir', 'MELDINGSBEVOEGDE', [
    'vir',
    'VIR',
  ]),
  'virSignaal twee-melders.json': pulled('vir-signaal-vir-meldingsbevoegde', 'VIR', [
    'jgz-hoeksche-waard',
    'MELDINGSBEVOEGDE',
  ]),
  'virSignaal aan-gi.json': toGi('vir-signaal-vir-gi', 'VIR'),
  'virSignaal verhuizing.json': pulled('vir-signaal-vir-regisseur', 'VIR', ['regisseur', 'REGISSEUR']),
  vtRegisterCheck: pulled('vt-register-check-veilig-thuis-vt-register', 'VEILIG_THUIS', ['vt-register', 'VT_REGISTER']),
  vtRegisterUitslag: toVeiligThuis('vt-register-uitslag-vt-register-veilig-thuis', 'VT_REGISTER'),
  vtRegisterVerwijdering: pulled('vt-register-verwijdering-veilig-thuis-vt-register', 'VEILIG_THUIS', [
    'vt-register',
    'VT_REGISTER',
  ]),
  'meldingBeroepskracht huisarts.json': toVeiligThuis('melding-beroepskracht-huisarts-veilig-thuis', 'HUISARTS'),
  'meldingBeroepskracht school.json': toVeiligThuis('melding-beroepskracht-school-veilig-thuis', 'SCHOOL'),
  'facturatieControle gi.json': toArnhem('facturatie-controle-gi-gemeente', 'GI'),
  'facturatieControle jeugdhulpaanbieder.json': toArnhem(
    'facturatie-controle-jeugdhulpaanbieder-gemeente',
    'JEUGDHULPAANBIEDER',
  ),
  'verstrekkingToezicht klacht.json': pulled('verstrekking-toezicht-veilig-thuis-klachtencommissie', 'VEILIG_THUIS', [
    'klachtencommissie',
    'KLACHTENCOMMISSIE',
  ]),
  'verstrekkingToezicht calamiteit.json': pulled('verstrekking-toezicht-gi-igj', 'GI', ['igj', 'IGJ']),
  'zvhAfschaling overgedragen.json': toArnhem('zvh-afschaling-procesregisseur-zvh-gemeente', 'PROCESREGISSEUR_ZVH'),
  'zvhAfschaling doelen-bereikt.json': toGi('zvh-afschaling-zvh-gi', 'ZVH'),
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

function toRvdk(ruleId: string): Route {
  return {
    senderRole: 'GI',
    recipient: oinOf('rvdk'),
    recipientRole: 'RVDK',
    connectionPoint: 'rvdk-verzoeken',
    ruleId,
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  };
}

function toVeiligThuis(ruleId: string, senderRole: string): Route {
  return {
    senderRole,
    recipient: oinOf('veilig-thuis-gelderland-midden'),
    recipientRole: 'VEILIG_THUIS',
    connectionPoint: 'veilig-thuis-gelderland-midden',
    ruleId,
    deadline: NOW + FORTY_EIGHT_HOURS_MS,
  };
}

function toArnhem(ruleId: string, senderRole: string): Route {
  return {
    senderRole,
    recipient: oinOf('gemeente-arnhem'),
    recipientRole: 'GEMEENTE',
    connectionPoint: 'arnhem-notificaties',
    ruleId,
    deadline: SECOND_WORKING_DAY,
  };
}
