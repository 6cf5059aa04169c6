import { crossTable } from './cross-table.ts';
import type { CrossTable } from './cross-table.ts';
import { SMALLEST_SHOWN } from './suppress.ts';
import type { Passage } from './traffic.ts';

/** The tables of a period, together safe to publish. */
export interface Published {
  /** Types that stand in the tables; every total counts these alone. */
  readonly types: readonly string[];
  /** Types that came too seldom, or that can't be told without telling too much; they stand in no table. */
  readonly withheld: readonly string[];
  readonly byState: CrossTable;
  readonly bySender: CrossTable;
  readonly byRecipient: CrossTable;
}

/** Under which all senders of a type are counted of which nobody may know who sent it. */
export const PROTECTED = '';

/**
 * Makes the tables by type. They share the totals of the types, so a total that one of them would suppress could be read
 * in another: such a type is left out of all of them, and of what they count together.
 */
export function publish(passages: readonly Passage[], isProtected: (type: string) => boolean): Published {
  const all = [...new Set(passages.map(typeOf))].sort();
  const frequent = all.filter((type) => passages.filter((one) => one.type === type).length >= SMALLEST_SHOWN);
  const found = settle(
    passages.filter(({ type }) => frequent.includes(type)),
    isProtected,
  );
  return { ...found, types: found.byState.rows, withheld: all.filter((type) => !found.byState.rows.includes(type)) };
}

function settle(
  passages: readonly Passage[],
  isProtected: (type: string) => boolean,
): Pick<Published, 'byState' | 'bySender' | 'byRecipient'> {
  const byState = crossTable(passages, { row: typeOf, column: ({ state }) => state });
  const bySender = crossTable(passages, {
    row: typeOf,
    column: ({ type, sender }) => (isProtected(type) ? PROTECTED : sender),
  });
  const byRecipient = crossTable(passages, { row: typeOf, column: ({ recipient }) => recipient });
  const tables = [byState, bySender, byRecipient];
  const untold = byState.rows.filter((type) => tables.some((table) => table.rowTotal(type) === undefined));
  if (untold.length === 0) return { byState, bySender, byRecipient };
  // One at a time: without it the others may be told.
  const countOf = (type: string): number => passages.filter((one) => one.type === type).length;
  const rarest = untold.reduce((rare, type) => (countOf(type) < countOf(rare) ? type : rare));
  return settle(
    passages.filter(({ type }) => type !== rarest),
    isProtected,
  );
}

/**
 * How often each rule of the send matrix let a bericht of the type through (Z23b); undefined is suppressed, and no map
 * means that none of them may be told. Rules tell roles of both parties: a count of rules says how often one role sent or
 * was sent to, which would undo what the tables by party hide of the type.
 */
export function countRules(
  passages: readonly Passage[],
  type: string,
  tables: Pick<Published, 'bySender' | 'byRecipient'>,
): ReadonlyMap<string, number | undefined> | undefined {
  const own = passages.filter((passage) => passage.type === type);
  const table = crossTable(own, { row: ({ senderRole }) => senderRole, column: ({ recipientRole }) => recipientRole });
  const isOne = table.rows.length === 1 && table.columns.length === 1;
  if (!isOne && (tables.bySender.hides(type) || tables.byRecipient.hides(type))) return undefined;
  const totals = [...table.rows.map(table.rowTotal), ...table.columns.map(table.columnTotal)];
  if (totals.includes(undefined)) return undefined;
  // Rules may have been renamed during the month: one pair of roles then went by both.
  const rulesOf = (one: Passage): string => {
    const same = own.filter(
      (other) => other.senderRole === one.senderRole && other.recipientRole === one.recipientRole,
    );
    return [...new Set(same.map(({ rule }) => rule))].sort().join(', ');
  };
  const firsts = table.rows.flatMap((senderRole) =>
    table.columns.flatMap((recipientRole) =>
      own.filter((one) => one.senderRole === senderRole && one.recipientRole === recipientRole).slice(0, 1),
    ),
  );
  return new Map(firsts.map((one) => [rulesOf(one), table.cell(one.senderRole, one.recipientRole)]));
}

/** The median and the 95th percentile (nearest rank) of the seconds to delivery; undefined when there are too few. */
export function percentilesOf(seconds: readonly number[]): { readonly p50: number; readonly p95: number } | undefined {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1];
  const [p50, p95] = [at(0.5), at(0.95)];
  return sorted.length < SMALLEST_SHOWN || p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
}

function typeOf({ type }: Passage): string {
  return type;
}
