import { parse } from 'csv-parse/sync';
import { codeOf, CommandFault } from '../fault.ts';

/** A row of a CSV file, by the names of its first line. */
export type CsvRow = ReadonlyMap<string, string>;

/** Reads CSV in UTF-8 or, with its byte order mark, UTF-16. Throws CommandFault when it is none or lacks one of the columns. */
export function readCsv(
  bytes: Uint8Array,
  wanted: { readonly file: string; readonly columns: readonly string[] },
): readonly CsvRow[] {
  const [names = [], ...rows] = readLines(bytes, wanted.file);
  const missing = wanted.columns.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new CommandFault(`${wanted.file} mist de kolom ${missing.join(', ')}: is dit de bedoelde lijst?`);
  }
  return rows.map((row) => new Map(names.map((name, index) => [name, row[index] ?? ''])));
}

function readLines(bytes: Uint8Array, file: string): readonly (readonly string[])[] {
  try {
    return parse(decode(bytes), { bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (cause) {
    throw new CommandFault(`${file} is geen CSV (${codeOf(cause)}).`, { cause });
  }
}

function decode(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
