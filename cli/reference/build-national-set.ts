import { isOin } from '../../gateway/domain/oin.ts';
import type { EndedMunicipality, ReferenceInstitution, ReferenceLists } from './reference-lists.ts';
import { WHOLE_MERGERS } from './whole-mergers.ts';

/** A row of a rule file, by its Dutch names. */
export type Row = Readonly<Record<string, unknown>>;

/** The rule files that follow from the reference lists, and what was left out of them. */
export interface NationalSet {
  readonly deelnemers: readonly Row[];
  readonly aansluitpunten: readonly Row[];
  readonly machtigingen: readonly Row[];
  readonly opvolging: readonly Row[];
  /** Sentences about what the lists name and the set doesn't have, or has under a test number. */
  readonly remarks: readonly string[];
}

/**
 * Makes a whole country of participants for a test environment: each gemeente with its three roles, two in three of them
 * served by a supplier; courts, GI's and the Raad from INS; CJIB, OM (through CJIB), politie, Veilig Thuis and VIR from the OIN register.
 */
export function buildNationalSet(lists: ReferenceLists): NationalSet {
  const parts = [municipalityRows(lists), institutionRows(lists.institutions), organisationRows(lists)];
  return {
    deelnemers: parts.flatMap(({ participants }) => participants),
    aansluitpunten: parts.flatMap(({ points }) => points),
    machtigingen: parts.flatMap(({ mandates }) => mandates),
    opvolging: lists.ended.map((one) => successionRow(one, lists.ended)),
    remarks: parts.flatMap(({ remarks }) => remarks),
  };
}

interface Rows {
  readonly participants: readonly Row[];
  readonly points: readonly Row[];
  readonly mandates: readonly Row[];
  readonly remarks: readonly string[];
}

function municipalityRows({ municipalities: listed }: ReferenceLists): Rows {
  const municipalities = listed.map((one, index) => {
    const supplier = index % 3 === 0 ? undefined : supplierOf(index);
    return { ...one, oin: one.oin ?? testOin(`00002${one.code}000`), supplier };
  });
  const suppliers = [...new Set(municipalities.flatMap(({ supplier }) => supplier ?? []))];
  const unnumbered = listed.filter(({ oin }) => oin === undefined).map(({ name }) => name);
  return {
    participants: [...municipalities.map(municipalityRow), ...suppliers.map(supplierRow)],
    points: municipalities.flatMap(({ code, oin, supplier }) =>
      MUNICIPALITY_POINTS.map(([role, name, application]) => ({
        ...point(`gemeente-${code}-${name}`, oin, role),
        ...(supplier === undefined ? {} : { eigenaar: supplier, url: pushUrl(suppliers.indexOf(supplier)) }),
        applicatie: application,
      })),
    ),
    mandates: municipalities.flatMap(({ oin, supplier }) =>
      supplier === undefined ? [] : [mandate(supplier, oin, ALL_TASKS)],
    ),
    remarks:
      unnumbered.length === 0
        ? []
        : [
            `${String(unnumbered.length)} gemeenten hebben in de lijst geen OIN en krijgen een testnummer: ${unnumbered.join(', ')}`,
          ],
  };
}

const municipalityRow = ({
  oin,
  name,
  code,
}: {
  readonly oin: string;
  readonly name: string;
  readonly code: string;
}): Row =>
  participant({ oin, naam: `Gemeente ${name}`, rollen: MUNICIPALITY_ROLES, categorie: 'gemeente', gemeentecode: code });

const supplierRow = (oin: string, index: number): Row =>
  participant({
    oin,
    naam: `Leverancier ${String(index + 1)} (test)`,
    rollen: ['LEVERANCIER'],
    categorie: 'leverancier',
  });

const ALL_TASKS = ['indienen', 'ondertekenen', 'ontvangen', 'inzien'];
const MUNICIPALITY_ROLES = ['GEMEENTE', 'GEMEENTE_NOTIFICATIES', 'GEMEENTE_ZORGMELDING'];

// Regeling justitiële keteninformatisering Jeugdwet, bijlage 5: three roles, each with a point of its own.
const MUNICIPALITY_POINTS = [
  ['GEMEENTE', 'verzoeker', 'Verzoeker-applicatie'],
  ['GEMEENTE_NOTIFICATIES', 'notificaties', 'Notificatie-applicatie'],
  ['GEMEENTE_ZORGMELDING', 'zorgmelding', 'Zorgmelding-applicatie'],
] as const;

// Of these two in three: one supplier for sixty gemeenten, as in practice.
const MUNICIPALITIES_PER_SUPPLIER = 90;
const supplierOf = (index: number): string =>
  testOin(`0000000${String(1 + Math.floor(index / MUNICIPALITIES_PER_SUPPLIER)).padStart(2, '0')}000`);

const testOin = (number: string): string => `00000099${number}`;
const pushUrl = (supplier: number): string => `https://localhost:${String(FIRST_PORT + supplier)}/berichten`;
const FIRST_PORT = 9201;

/** The first day of what the set says; also that of what the lists date later, since they are of several years. */
const FROM = '2026-01-01';

const participant = (row: Row): Row => ({ ...row, vanaf: FROM });

const point = (id: string, recipient: string, role: string): Row => ({
  id,
  ontvanger: recipient,
  rol: role,
  formaten: ['xml', 'json'],
  handtekeningen: ['losstaand', 'ingesloten'],
});

const mandate = (holder: string, grantor: string, tasks: readonly string[]): Row => ({
  gemachtigde: holder,
  namens: grantor,
  taken: tasks,
  vanaf: FROM,
});

// AR courts and AST institutions answer to a code of their own; the RC locations of the Raad share its OIN and its one point.
function institutionRows(institutions: readonly ReferenceInstitution[]): Rows {
  const live = institutions.filter(({ ended }) => ended === undefined);
  const locations = live.filter(({ code }) => code.startsWith('RC')).map(({ code }) => code);
  const rows = live.flatMap(({ code, name, oin }) => {
    const kind = INSTITUTION_KINDS.find(({ prefix }) => code.startsWith(prefix));
    if (kind === undefined || oin === undefined) return [];
    const { role, category, fixedName } = kind;
    const codes = role === 'RVDK' ? locations : [code];
    return [
      {
        participant: { oin, naam: fixedName ?? name, rollen: [role], categorie: category, instantiecodes: codes },
        point: { ...point(code.toLowerCase(), oin, role), instantiecodes: codes, applicatie: `${code}-applicatie` },
      },
    ];
  });
  const left = live.filter(({ code, oin }) => oin === undefined && !locations.includes(code));
  return {
    participants: rows.map((row) => participant(row.participant)),
    points: rows.map((row) => row.point),
    mandates: [],
    remarks:
      left.length === 0
        ? []
        : [`zonder OIN in de lijst, dus niet opgenomen: ${left.map(({ code, name }) => `${code} ${name}`).join(', ')}`],
  };
}

interface InstitutionKind {
  readonly prefix: string;
  readonly role: string;
  readonly category: string;
  readonly fixedName?: string;
}

const INSTITUTION_KINDS: readonly InstitutionKind[] = [
  { prefix: 'AR', role: 'RECHTBANK', category: 'rechtspraak' },
  { prefix: 'AST', role: 'GI', category: 'gecertificeerde-instelling' },
  { prefix: 'RC', role: 'RVDK', category: 'raad', fixedName: 'Raad voor de Kinderbescherming' },
];

function organisationRows({ organisations }: ReferenceLists): Rows {
  const rows = ORGANISATIONS.flatMap(([pattern, role, category]) =>
    organisations
      .filter(({ name, oin }) => pattern.test(name) && isOin(oin))
      .map(({ name, oin }, index) => ({
        oin,
        role,
        participant: participant({ oin, naam: name, rollen: [role], categorie: category }),
        point: {
          ...point(`${role.toLowerCase().replaceAll('_', '-')}-${String(index + 1)}`, oin, role),
          applicatie: `${role}-applicatie`,
        },
      })),
  );
  const cjib = rows.find(({ role }) => role === 'CJIB');
  const om = rows.find(({ role }) => role === 'OM');
  return {
    participants: rows.map((row) => row.participant),
    // The OM has no connection of its own: CJIB brings, signs and receives for it.
    points: rows.map((row) => (row === om && cjib !== undefined ? { ...row.point, eigenaar: cjib.oin } : row.point)),
    mandates: om === undefined || cjib === undefined ? [] : [mandate(cjib.oin, om.oin, ALL_TASKS)],
    remarks: [],
  };
}

const ORGANISATIONS = [
  [/^Centraal Justitieel Incassobureau$/, 'CJIB', 'justitie'],
  [/^Openbaar Ministerie$/, 'OM', 'justitie'],
  [/^Politie$/, 'POLITIE', 'politie'],
  [/^(?:AMHK|(?:Stichting )?Veilig Thuis) /, 'VEILIG_THUIS', 'veilig-thuis'],
  [/Verwijsindex$/, 'VIR', 'verwijsindex'],
] as const;

// A chain of table 33 ends in a gemeente that exists: that one is what a sender can use.
function successionRow(one: EndedMunicipality, ended: readonly EndedMunicipality[]): Row {
  const last = lastSuccessor(one, ended);
  return {
    gemeentecode: one.code,
    opvolgers: last === undefined ? [] : [last],
    geheel: last !== undefined && WHOLE_MERGERS.has(one.code),
    vanaf: `${one.ended.slice(0, 4)}-${one.ended.slice(4, 6)}-${one.ended.slice(6)}`,
  };
}

function lastSuccessor(one: EndedMunicipality, ended: readonly EndedMunicipality[]): string | undefined {
  const seen = new Set([one.code]);
  let code = one.successor;
  for (;;) {
    if (code === '' || seen.has(code)) return undefined;
    seen.add(code);
    const next = ended.find((row) => row.code === code);
    if (next === undefined) return code;
    code = next.successor;
  }
}
