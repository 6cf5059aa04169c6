import { suppress } from './suppress.ts';

/** A published table of counts by two names; undefined is suppressed. */
export interface CrossTable {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly total: number | undefined;
  readonly rowTotal: (row: string) => number | undefined;
  readonly columnTotal: (column: string) => number | undefined;
  readonly cell: (row: string, column: string) => number | undefined;
  /** Whether anything in the row is suppressed. */
  readonly hides: (row: string) => boolean;
}

/** Counts items by two names, and suppresses what is too small. */
export function crossTable<T>(
  items: readonly T[],
  names: { readonly row: (item: T) => string; readonly column: (item: T) => string },
): CrossTable {
  const counts = new Map<string, Map<string, number>>();
  const columns = [...new Set(items.map(names.column))].sort();
  for (const item of items) {
    const [row, column] = [names.row(item), names.column(item)];
    const line = counts.get(row) ?? new Map<string, number>();
    counts.set(row, line.set(column, (line.get(column) ?? 0) + 1));
  }
  const rows = [...counts.keys()].sort();
  const shown = suppress(rows.map((row) => columns.map((column) => counts.get(row)?.get(column) ?? 0)));
  const cellsOf = (row: string): readonly (number | undefined)[] => shown.cells[rows.indexOf(row)] ?? [];
  return {
    rows,
    columns,
    total: shown.total,
    rowTotal: (row) => shown.rowTotals[rows.indexOf(row)],
    columnTotal: (column) => shown.columnTotals[columns.indexOf(column)],
    cell: (row, column) => (columns.includes(column) ? cellsOf(row)[columns.indexOf(column)] : 0),
    hides: (row) => cellsOf(row).includes(undefined),
  };
}
