import { findHidden } from './protection.ts';

/** A table of counts as it may be published; undefined is suppressed. */
export interface Suppressed {
  readonly cells: readonly (readonly (number | undefined)[])[];
  readonly rowTotals: readonly (number | undefined)[];
  readonly columnTotals: readonly (number | undefined)[];
  readonly total: number | undefined;
}

/** Counts from 1 up to this one may say who it was about (Z58). */
export const SMALLEST_SHOWN = 5;

/**
 * Suppresses each cell and total from 1 to 4, and as many others as it takes that whoever has the rest of the table, rows,
 * columns and totals together, can't rule out that a suppressed count below 5 is 5 or more. A zero is told: nobody is in it.
 */
export function suppress(counts: readonly (readonly number[])[]): Suppressed {
  const table = withTotals(counts);
  const hidden = findHidden(table, SMALLEST_SHOWN);
  const isHidden = table.map((line) => line.map(() => false));
  for (const { row, column } of hidden) isHidden[row]?.splice(column, 1, true);
  const shown = table.map((line, row) =>
    line.map((value, column) => (isHidden[row]?.[column] === false ? value : undefined)),
  );
  const rows = shown.slice(0, -1);
  const totals = shown.at(-1) ?? [];
  return {
    cells: rows.map((line) => line.slice(0, -1)),
    rowTotals: rows.map((line) => line.at(-1)),
    columnTotals: totals.slice(0, -1),
    total: totals.at(-1),
  };
}

function withTotals(counts: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const columns = (counts[0] ?? []).map((_, column) => sum(counts.map((row) => row[column] ?? 0)));
  return [...counts, columns].map((row) => [...row, sum(row)]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
