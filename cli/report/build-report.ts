import type { CrossTable } from './cross-table.ts';
import { countRules, percentilesOf, PROTECTED, publish } from './publish.ts';
import type { Published } from './publish.ts';
import { SMALLEST_SHOWN } from './suppress.ts';
import type { Passage, Traffic } from './traffic.ts';

/** A value of a report: a name, a count, or undefined where it is suppressed. */
export type Value = string | number | undefined;

/** One table of the report. */
export interface ReportTable {
  /** By which JSON and CSV name it. */
  readonly name: string;
  readonly title: string;
  /** What the first columns name, and what the columns after them count. */
  readonly keys: readonly string[];
  readonly counts: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** A party as the rules know it at the end of the period. */
export interface Party {
  readonly oin: string;
  readonly name: string;
  readonly municipality: string | undefined;
}

/** What the rules add to the log. */
export interface Known {
  readonly parties: ReadonlyMap<string, Party>;
  /** Whether nobody may know who sent a bericht of this type. */
  readonly isProtected: (type: string) => boolean;
}

/** Without rules nobody knows which types protect their sender: none is shown. */
export const NOTHING_KNOWN: Known = { parties: new Map(), isProtected: () => true };

/** The tables of a period. */
export function buildReport({ passages, missed }: Traffic, known: Known): readonly ReportTable[] {
  const published = publish(passages, known.isProtected);
  const nameOf = (oin: string): string => known.parties.get(oin)?.name ?? '';
  const tables = [
    typeTable(published),
    partyTable({ name: 'afzenders', title: 'Berichten per afzender' }, published.bySender, nameOf),
    partyTable({ name: 'ontvangers', title: 'Berichten per ontvanger' }, published.byRecipient, nameOf),
    latencyTable(passages, published),
    missedTable(missed),
    ruleTable(passages, published, known),
  ];
  return known.parties.size === 0 ? tables : [...tables, ...institutionTables(published, known)];
}

function typeTable({ types, withheld, byState }: Published): ReportTable {
  const cellsOf = (of: (state: string) => Value): readonly Value[] => [...STATES.keys()].map(of);
  return {
    name: 'berichttypen',
    title: 'Berichten per type en toestand aan het einde van de maand',
    keys: ['berichttype'],
    counts: ['aantal', ...STATES.values()],
    rows: [
      ...types.map((type) => [type, byState.rowTotal(type), ...cellsOf((state) => byState.cell(type, state))]),
      ...withheld.map((type) => [type, undefined, ...cellsOf(() => undefined)]),
      [TOTAL, byState.total, ...cellsOf((state) => (byState.columns.includes(state) ? byState.columnTotal(state) : 0))],
    ],
  };
}

// That a party stands beside a suppressed count would say that it sent something: those parties are told as one.
function partyTable(
  { name, title }: Pick<ReportTable, 'name' | 'title'>,
  table: CrossTable,
  nameOf: (oin: string) => string,
): ReportTable {
  const rowsOf = (type: string, countOf: (oin: string) => number | undefined): readonly (readonly Value[])[] => {
    const counts = table.columns.map((oin) => ({ oin, count: countOf(oin) }));
    const shown = counts.flatMap(({ oin, count }) =>
      count === undefined || count === 0
        ? []
        : [[type, oin, oin === PROTECTED ? 'afzender beschermd' : nameOf(oin), count]],
    );
    return counts.some(({ count }) => count === undefined) ? [...shown, [type, '', OTHERS, undefined]] : shown;
  };
  return {
    name,
    title,
    keys: ['berichttype', 'oin', 'naam'],
    counts: ['aantal'],
    rows: [
      ...table.rows.flatMap((type) => rowsOf(type, (oin) => table.cell(type, oin))),
      ...rowsOf(TOTAL, (oin) => table.columnTotal(oin)),
    ],
  };
}

function latencyTable(passages: readonly Passage[], { types, byState }: Published): ReportTable {
  const rows = types.map((type) => {
    const isTold = byState.cell(type, 'delivered') !== undefined;
    const seconds = passages.flatMap((one) => (one.type === type && one.seconds !== undefined ? [one.seconds] : []));
    const percentiles = isTold ? percentilesOf(seconds) : undefined;
    return [type, percentiles?.p50, percentiles?.p95];
  });
  return {
    name: 'doorlooptijd',
    title: 'Seconden van acceptatie tot aflevering',
    keys: ['berichttype'],
    counts: ['p50', 'p95'],
    rows,
  };
}

function missedTable(missed: ReadonlyMap<string, number>): ReportTable {
  return {
    name: 'termijnen',
    title: 'Verstreken termijnen van antwoorden, per type waarop geantwoord moest worden',
    keys: ['berichttype'],
    counts: ['verstreken'],
    rows: [...missed].sort().map(([type, count]) => [type, count < SMALLEST_SHOWN ? undefined : count]),
  };
}

function ruleTable(passages: readonly Passage[], published: Published, { isProtected }: Known): ReportTable {
  const rows = published.types.flatMap((type): readonly (readonly Value[])[] => {
    // A rule names the role of the sender.
    const counts = isProtected(type) ? undefined : countRules(passages, type, published);
    return counts === undefined ? [[type, OTHERS, undefined]] : [...counts].map(([rule, count]) => [type, rule, count]);
  });
  return {
    name: 'regels',
    title: 'Berichten per regel van de verzendmatrix',
    keys: ['berichttype', 'regel'],
    counts: ['aantal'],
    rows,
  };
}

// Rows of the tables by party, so that the one can't be set against the other.
function institutionTables(published: Published, known: Known): readonly ReportTable[] {
  const { bySender, byRecipient, withheld } = published;
  const rowsOf = (table: CrossTable, type: string): ReportTable['rows'] => [
    ...countsOf(table, type, known).map(({ oin, name, count }) => [oin, name, count]),
    ...(table.hides(type) ? [['', OTHERS, undefined]] : []),
    ['', TOTAL, table.rows.includes(type) || withheld.includes(type) ? table.rowTotal(type) : 0],
  ];
  const columns = { keys: ['oin', 'naam'], counts: ['aantal'] };
  return [
    signalTable(bySender, known),
    {
      ...columns,
      name: 'ketenregistraties',
      title: 'Ketenregistraties per instelling',
      rows: rowsOf(bySender, 'ketenregistratie'),
    },
    {
      ...columns,
      name: 'zorgcoordinatie',
      title: 'Begonnen zorgcoördinatie per coördinerende organisatie',
      rows: rowsOf(byRecipient, 'zorgcoordinatieToewijzing'),
    },
    idleTable(published, known),
  ];
}

function signalTable(bySender: CrossTable, known: Known): ReportTable {
  const rows = countsOf(bySender, 'signaal', known).map(({ municipality, oin, name, count }) => {
    const gemeente = municipality ?? '';
    return { gemeente, row: [gemeente, oin, name, count] };
  });
  return {
    name: 'signalen',
    title: 'Signalen per instelling, voor haar gemeente',
    keys: ['gemeentecode', 'oin', 'naam'],
    counts: ['aantal'],
    rows: rows.sort((a, b) => a.gemeente.localeCompare(b.gemeente)).map(({ row }) => row),
  };
}

function countsOf(
  table: CrossTable,
  type: string,
  { parties }: Known,
): readonly (Party & { readonly count: number })[] {
  return [...parties.values()].flatMap((party) => {
    const count = table.cell(type, party.oin);
    return count === undefined || count === 0 ? [] : [{ ...party, count }];
  });
}

// Whoever is missing here and in the counts would be one whose count is hidden: so who has no count that is told, is here.
function idleTable({ bySender, byRecipient }: Published, { parties }: Known): ReportTable {
  const isTold = (table: CrossTable, oin: string): boolean =>
    (table.columnTotal(oin) ?? 0) > 0 || table.rows.some((type) => (table.cell(type, oin) ?? 0) > 0);
  const idle = [...parties.values()].filter(({ oin }) => !isTold(bySender, oin) && !isTold(byRecipient, oin));
  return {
    name: 'zonder-verkeer',
    title: 'Aangesloten zonder verkeer, of met een aantal dat afgeschermd is',
    keys: ['oin', 'naam'],
    counts: ['aantal'],
    rows: idle.map(({ oin, name }) => [oin, name, undefined]),
  };
}

/** States at the end of a period, in Dutch. */
const STATES: ReadonlyMap<string, string> = new Map([
  ['delivered', 'afgeleverd'],
  ['refused', 'geweigerd'],
  ['expired', 'verlopen'],
  ['not-accepted', 'niet geaccepteerd'],
  ['open', 'open'],
]);

const TOTAL = 'totaal';
const OTHERS = 'overige';
