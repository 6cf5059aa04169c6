import type { KeyKind } from './keys.ts';

/** A party of the development environment; `name` is its folder. */
export interface Participant {
  readonly name: string;
  readonly organisation: string;
  readonly oin: string;
  readonly gemeentecode?: string;
  readonly signingKeyKind: KeyKind;
}

/** The gateway's own organisation. */
export const GATEWAY = { organisation: 'Justitiële Informatiedienst', oin: '00000004000000002000' } as const;

/** The parties that get certificates; RSA and EC signing keys are mixed so that both algorithms are used. */
export const PARTICIPANTS = [
  {
    name: 'gemeente-arnhem',
    organisation: 'Gemeente Arnhem',
    oin: '00000001001825112000',
    gemeentecode: '0202',
    signingKeyKind: 'rsa-2048',
  },
  {
    name: 'gemeente-nijmegen',
    organisation: 'Gemeente Nijmegen',
    oin: '00000001001479179000',
    gemeentecode: '0268',
    signingKeyKind: 'rsa-2048',
  },
  {
    name: 'rvdk',
    organisation: 'Raad voor de Kinderbescherming',
    oin: '00000002003214436001',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'gi-jeugdbescherming-gelderland',
    organisation: 'Jeugdbescherming Gelderland',
    oin: '00000001802611266000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'cjib',
    organisation: 'Centraal Justitieel Incassobureau',
    oin: '00000004000000044000',
    signingKeyKind: 'ec-p256',
  },
  { name: 'politie', organisation: 'Politie', oin: '00000001816076790000', signingKeyKind: 'rsa-2048' },
  {
    name: 'veilig-thuis-gelderland-midden',
    organisation: 'Veilig Thuis Gelderland Midden',
    oin: '00000002802611266001',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'leverancier',
    organisation: 'Leverancier Jeugdsoftware (test)',
    oin: '00000099000000001000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'zorg-voor-jeugd',
    organisation: 'Zorg voor Jeugd (test)',
    oin: '00000099000000301000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'jgz-hoeksche-waard',
    organisation: 'Jeugdgezondheidszorg Hoeksche Waard (test)',
    oin: '00000099000000302000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'kinderdagverblijf',
    organisation: 'Kinderdagverblijf De Proef (test)',
    oin: '00000099000000303000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'jongerenwerk',
    organisation: 'Jongerenwerk De Proef (test)',
    oin: '00000099000000304000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'basisschool-ib',
    organisation: 'Intern begeleider Basisschool De Proef (test)',
    oin: '00000099000000305000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'regisseur',
    organisation: 'Regisseur sluitende aanpak Hoeksche Waard (test)',
    oin: '00000099000000306000',
    gemeentecode: '1963',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'zorgcoordinator',
    organisation: 'Jeugdteam Hoeksche Waard (test)',
    oin: '00000099000000307000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'netwerkvoorzitter',
    organisation: 'Voorzitter Jeugdnetwerk Hoeksche Waard (test)',
    oin: '00000099000000308000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'regionaal-coordinator',
    organisation: 'Regionaal coördinator Zuid-Holland Zuid (test)',
    oin: '00000099000000309000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'directie',
    organisation: 'Directieoverleg jeugdinstellingen Hoeksche Waard (test)',
    oin: '00000099000000310000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'wethouder',
    organisation: 'Coördinerend wethouder Hoeksche Waard (test)',
    oin: '00000099000000311000',
    gemeentecode: '1963',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'portefeuillehouder',
    organisation: 'Portefeuillehouder jeugd Hoeksche Waard (test)',
    oin: '00000099000000312000',
    gemeentecode: '1963',
    signingKeyKind: 'ec-p256',
  },
  { name: 'om', organisation: 'Openbaar Ministerie', oin: '00000004000000034000', signingKeyKind: 'ec-p256' },
  {
    name: 'rechtbank-gelderland',
    organisation: 'Rechtbank Gelderland',
    oin: '00000004000000150000',
    signingKeyKind: 'ec-p256',
  },
  { name: 'vir', organisation: 'Verwijsindex Risicojongeren', oin: '00000002006756402001', signingKeyKind: 'ec-p256' },
  {
    name: 'vt-register',
    organisation: 'Veilig Thuis-register (test)',
    oin: '00000099000000101000',
    signingKeyKind: 'ec-p256',
  },
  { name: 'halt', organisation: 'Stichting Halt (test)', oin: '00000099000000102000', signingKeyKind: 'ec-p256' },
  {
    name: 'huisarts',
    organisation: 'Huisartsenpraktijk De Proef (test)',
    oin: '00000099000000103000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'school',
    organisation: 'Basisschool De Proef (test)',
    oin: '00000099000000104000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'zvh',
    organisation: 'Zorg- en Veiligheidshuis (test)',
    oin: '00000099000000105000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'procesregisseur-zvh',
    organisation: 'Procesregie Zorg- en Veiligheidshuis (test)',
    oin: '00000099000000106000',
    signingKeyKind: 'ec-p256',
  },
  { name: 'zsm', organisation: 'ZSM (test)', oin: '00000099000000107000', signingKeyKind: 'ec-p256' },
  {
    name: 'niet-acute-zorg',
    organisation: 'Niet-acute zorg (test)',
    oin: '00000099000000108000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'jeugdhulpaanbieder',
    organisation: 'Jeugdhulp De Proef (test)',
    oin: '00000099000000109000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'igj',
    organisation: 'Inspectie Gezondheidszorg en Jeugd (test)',
    oin: '00000099000000110000',
    signingKeyKind: 'ec-p256',
  },
  {
    name: 'klachtencommissie',
    organisation: 'Klachtencommissie (test)',
    oin: '00000099000000111000',
    signingKeyKind: 'ec-p256',
  },
  { name: 'tuchtcollege', organisation: 'Tuchtcollege (test)', oin: '00000099000000112000', signingKeyKind: 'ec-p256' },
  { name: 'ombudsman', organisation: 'Kinderombudsman (test)', oin: '00000099000000113000', signingKeyKind: 'ec-p256' },
] as const satisfies readonly Participant[];

/** The folder name of a development participant. */
export type ParticipantName = (typeof PARTICIPANTS)[number]['name'];
