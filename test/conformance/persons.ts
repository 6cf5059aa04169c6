import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REFERENCE_DATA } from '../support/normative.ts';

/** A test person: the StUF name of a field, without the prefix of its group, to the value that goes into it. */
export type Person = Readonly<Record<string, string>>;

/** Where the RvIG test persons stand; undefined where the reference data are absent. */
export function findTestPersons(): string | undefined {
  const file = path.join(REFERENCE_DATA, 'testpersonen', 'lo3_pl_data.sql');
  return existsSync(file) ? file : undefined;
}

/** Every test person that has a BSN and a name, with the address abroad or the described place where the set gives one. */
export function readTestPersons(file: string): readonly Person[] {
  const persons = new Map<string, Person>();
  const sql = readFileSync(file, 'utf8');
  for (const [key, type, , sequence, ...row] of rowsOf(sql, 'lo3_pl_persoon'))
    if (type === 'P' && sequence === '0' && key !== undefined) persons.set(key, personOf(row));
  for (const [key, sequence, ...row] of rowsOf(sql, 'lo3_pl_verblijfplaats')) {
    const person = persons.get(key ?? '');
    if (person !== undefined && key !== undefined && sequence === '0') persons.set(key, { ...person, ...placeOf(row) });
  }
  return [...persons.values()].filter(
    (person) => person['bsn'] !== undefined && (person['geslachtsnaam'] ?? '').length > 1,
  );
}

// The columns after a_nr: burger_service_nr, voor_naam, diakrit, titel, voorvoegsel, geslachts_naam, diakrit, geboorte_datum, plaats, land, geslacht.
function personOf(row: readonly (string | undefined)[]): Person {
  const [, bsn, given, , , prefix, surname, accented, born, , , sex] = row;
  const initials = given?.split(/[ -]+/).map((name) => `${name.charAt(0)}.`);
  return present({
    bsn,
    voornamen: given,
    voorletters: initials?.join(''),
    voorvoegselGeslachtsnaam: prefix,
    geslachtsnaam: accented ?? surname,
    volledigeNaam: [given, prefix, accented ?? surname].filter((part) => part !== undefined).join(' '),
    geboortedatum: born?.length === 8 ? born : undefined,
    geslachtsaanduiding: sex,
  });
}

// The columns after the number: gemeente, adres, begin, functie, gemeentedeel, begin adreshouding, land, vertrek, three lines abroad, …
function placeOf(row: readonly (string | undefined)[]): Person {
  const [, , , , , since, land, , line1, line2, line3] = row;
  return present({
    begindatumVerblijf: since?.length === 8 ? since : undefined,
    landcode: land,
    adresBuitenland1: line1,
    adresBuitenland2: line2,
    adresBuitenland3: line3,
  });
}

function* rowsOf(sql: string, table: string): Generator<readonly (string | undefined)[]> {
  for (const [, values = ''] of sql.matchAll(
    new RegExp(`^INSERT INTO public\\.${table} VALUES \\((.*)\\) ON CONFLICT`, 'gm'),
  ))
    yield [...values.matchAll(/(?:^|, )(?:'((?:[^']|'')*)'|([^',]+))/g)].map(([, quoted, bare]) =>
      bare === 'NULL' ? undefined : (quoted?.replaceAll("''", "'") ?? bare),
    );
}

function present(fields: Readonly<Record<string, string | undefined>>): Person {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined && field[1] !== ''),
  );
}
