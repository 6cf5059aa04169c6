import { printable } from '../output.ts';
import type { ReportTable, Value } from './build-report.ts';

/** The tables for a person: one under another, columns below each other. */
export function toText(tables: readonly ReportTable[]): readonly string[] {
  return tables.flatMap(({ title, keys, counts, rows }) => [
    '',
    title,
    ...(rows.length === 0 ? ['  geen'] : alignColumns([[...keys, ...counts], ...rows], keys.length)),
  ]);
}

/** The tables as CSV (RFC 4180): a line for each count, empty where it is suppressed. */
export function toCsv(tables: readonly ReportTable[]): readonly string[] {
  const names = [...new Set(tables.flatMap(({ keys }) => keys))];
  const lines = tables.flatMap(({ name, keys, counts, rows }) =>
    rows.flatMap((row) =>
      counts.map((count, index) => [
        name,
        ...names.map((key) => (keys.includes(key) ? row[keys.indexOf(key)] : '')),
        count,
        row[keys.length + index] ?? '',
      ]),
    ),
  );
  return [['tabel', ...names, 'maat', 'waarde'], ...lines].map((line) => line.map(toField).join(','));
}

/** The tables as JSON: by name, a list of objects; null is suppressed. */
export function toJson(tables: readonly ReportTable[]): object {
  return Object.fromEntries(
    tables.map(({ name, keys, counts, rows }) => [
      name,
      rows.map((row) => Object.fromEntries([...keys, ...counts].map((column, index) => [column, row[index] ?? null]))),
    ]),
  );
}

function alignColumns(rows: readonly (readonly Value[])[], keys: number): readonly string[] {
  const texts = rows.map((row) => row.map((value) => printable(String(value ?? SUPPRESSED))));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  return texts.map((row) => {
    const fields = row.map((text, column) => {
      const width = widths[column] ?? 0;
      return column < keys ? text.padEnd(width) : text.padStart(width);
    });
    return `  ${fields.join('  ')}`.trimEnd();
  });
}

function toField(value: Value): string {
  const text = printable(String(value ?? ''));
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** How a suppressed count shows. */
const SUPPRESSED = '*';
