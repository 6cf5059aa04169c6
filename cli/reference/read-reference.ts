import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFault } from '../fault.ts';
import { readInput, reasonOf } from '../files.ts';
import { readZip } from '../zip/read-zip.ts';
import { readCsv } from './read-csv.ts';
import type { CsvRow } from './read-csv.ts';
import { readSheet } from './read-workbook.ts';
import type { EndedMunicipality, ReferenceInstitution, ReferenceLists } from './reference-lists.ts';

/** Reads the lists in a folder that has `referentie/*.csv` and the StUF reference lists (INS) as `stuf-jz/*Referentielijsten*.zip`. */
export function readReferenceLists(folder: string): ReferenceLists {
  const csv = (file: string, columns: readonly string[]): readonly CsvRow[] =>
    readCsv(readInput(join(folder, 'referentie', file), 'De lijst'), { file, columns });
  const oins = new Map(
    csv('oin-mapping.csv', ['oinID', 'cbs_id']).map((row) => [cell(row, 'cbs_id').slice(2), toOin(cell(row, 'oinID'))]),
  );
  return {
    municipalities: csv('gemeenten-2023.csv', ['gemeentecode', 'naam']).map((row) => {
      const code = cell(row, 'gemeentecode');
      return { code, name: cell(row, 'naam'), oin: oins.get(code) };
    }),
    institutions: readInstitutions(folder),
    organisations: csv('oin_register.csv', ['organisatienaam', 'oin']).map((row) => ({
      name: cell(row, 'organisatienaam'),
      oin: cell(row, 'oin'),
    })),
    ended: csv('tabel33-gemeenten.csv', [CODE, NAME, SUCCESSOR, END])
      .map(toEnded)
      .filter(({ code, ended }) => ended !== '' && /^\d{4}$/.test(code)),
  };
}

const CODE = '92.10 Gemeentecode';
const NAME = '92.11 Omschrijving';
const SUCCESSOR = '92.12 Nieuwe code';
const END = '99.99 Datum einde';

function toEnded(row: CsvRow): EndedMunicipality {
  return { code: cell(row, CODE), name: cell(row, NAME), successor: cell(row, SUCCESSOR), ended: cell(row, END) };
}

// The export lost the leading zeros of what it took for numbers.
const toOin = (digits: string): string => digits.padStart(20, '0');

function readInstitutions(folder: string): readonly ReferenceInstitution[] {
  const archive = listFolder(join(folder, 'stuf-jz')).find((name) => /Referentielijsten.*\.zip$/.test(name));
  if (archive === undefined) throw new CommandFault(`In ${folder} ontbreekt stuf-jz/…Referentielijsten….zip.`);
  const [workbook] = [
    ...readZip(readInput(join(folder, 'stuf-jz', archive), 'De lijst'), archive, { mayHoldArchives: true }),
  ].filter(([name]) => name.endsWith('.xlsx'));
  if (workbook === undefined) throw new CommandFault(`${archive} bevat geen werkmap (.xlsx).`);
  const [, names = new Map<string, string>(), ...rows] = readSheet(readZip(workbook[1], workbook[0]), /^INS /);
  const columnOf = new Map([...names].map(([letter, name]) => [name, letter]));
  const valueOf = (row: ReadonlyMap<string, string>, name: string): string | undefined =>
    row.get(columnOf.get(name) ?? '');
  return rows.map((row) => ({
    code: valueOf(row, 'IDINST') ?? '',
    name: valueOf(row, 'CORRNMINST') ?? valueOf(row, 'NMINST1') ?? '',
    oin: valueOf(row, 'OINR'),
    ended: valueOf(row, 'DTOPHINST'),
  }));
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new CommandFault(`De map ${folder} is niet te lezen: ${reasonOf(cause)}.`, { cause });
  }
}

const cell = (row: CsvRow, name: string): string => row.get(name) ?? '';
