import { XMLParser } from 'fast-xml-parser';
import { CommandFault } from '../fault.ts';

/** A sheet of a spreadsheet: each row's cells by their column letters; empty cells are absent. */
export type Sheet = readonly ReadonlyMap<string, string>[];

/**
 * Reads the first sheet with such a name of an Office Open XML workbook (ECMA-376 part 1, section 18), given the files in it.
 * Texts only: numbers come as they are written, formulas as their value.
 */
export function readSheet(files: ReadonlyMap<string, Uint8Array>, name: RegExp): Sheet {
  const workbook = readXml(files, 'xl/workbook.xml');
  const sheet = childrenOf(workbook, 'workbook', 'sheets', 'sheet').find((one) => name.test(attributeOf(one, 'name')));
  if (sheet === undefined)
    throw new CommandFault('Het werkblad met de instanties (INS …) ontbreekt in de referentielijsten.');
  const relations = childrenOf(readXml(files, 'xl/_rels/workbook.xml.rels'), 'Relationships', 'Relationship');
  const target = relations.find((one) => attributeOf(one, 'Id') === attributeOf(sheet, 'r:id'));
  const texts = childrenOf(readXml(files, 'xl/sharedStrings.xml'), 'sst', 'si').map(textOf);
  const rows = childrenOf(readXml(files, `xl/${attributeOf(target, 'Target')}`), 'worksheet', 'sheetData', 'row');
  return rows.map(
    (row) =>
      new Map(
        childrenOf(row, 'c').flatMap((cell) => {
          const value = cellText(cell, texts);
          return value === '' ? [] : [[attributeOf(cell, 'r').replace(/\d+$/, ''), value] as const];
        }),
      ),
  );
}

// What the parser makes of an element: a text, or its children and attributes (`@name`) by name.
type Parsed = unknown;

function readXml(files: ReadonlyMap<string, Uint8Array>, path: string): Parsed {
  const bytes = files.get(path);
  if (bytes === undefined) throw new CommandFault(`De referentielijsten zijn geen werkmap: ${path} ontbreekt.`);
  return PARSER.parse(Buffer.from(bytes).toString('utf8'));
}

const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: true,
});

function cellText(cell: Parsed, texts: readonly string[]): string {
  const value = textOf(memberOf(cell, 'v'));
  return attributeOf(cell, 't') === 's' ? (texts[Number(value)] ?? '') : value;
}

function childrenOf(parsed: Parsed, ...path: readonly string[]): readonly Parsed[] {
  const [last = ''] = path.slice(-1);
  const parent = path.slice(0, -1).reduce(memberOf, parsed);
  const found = memberOf(parent, last);
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

function memberOf(parsed: Parsed, name: string): Parsed {
  return typeof parsed === 'object' && parsed !== null
    ? Object.entries(parsed).find(([key]) => key === name)?.[1]
    : undefined;
}

function attributeOf(parsed: Parsed, name: string): string {
  const value = memberOf(parsed, `@${name}`);
  return typeof value === 'string' ? value : '';
}

// A shared string is one text or several runs of it.
function textOf(parsed: Parsed): string {
  if (parsed === undefined) return '';
  if (typeof parsed === 'string') return parsed;
  const runs = childrenOf(parsed, 'r').map((run) => textOf(memberOf(run, 't')));
  return textOf(memberOf(parsed, 't')) + textOf(memberOf(parsed, '#text')) + runs.join('');
}
