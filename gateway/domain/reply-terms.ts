import type { Instant } from './message.ts';
import { openingOf } from './office-hours.ts';
import { addWorkingDays, instantOf, isWorkingDay, localDayOf, shiftDay, workingDaysBefore } from './working-days.ts';
import type { LocalDay } from './working-days.ts';

/** How long an answer may take: a number of hours or werkdagen, until the end of the day, or at once. */
export type ReplyTerm =
  | { readonly kind: 'hours'; readonly count: number }
  | { readonly kind: 'working-days'; readonly count: number }
  | { readonly kind: 'same-day' }
  | { readonly kind: 'immediate' };

/** How long before the end of a term its reminder goes. */
export type ReminderLead = Extract<ReplyTerm, { readonly count: number }>;

/** What a rule says must come back: one of these types, within the term. */
export interface ReplyRule {
  readonly types: readonly string[];
  readonly term: ReplyTerm;
  /** The term of an urgent bericht, where it has one of its own. */
  readonly urgentTerm: ReplyTerm | undefined;
  readonly reminder: ReminderLead | undefined;
}

/** What must come back on one bericht. */
export interface ExpectedReply {
  readonly types: readonly string[];
  readonly term: ReplyTerm;
  readonly reminder: ReminderLead | undefined;
}

/** When the reminder goes, if one does, and the last moment at which the answer is in time. */
export interface ReplyMoments {
  readonly remindAt: Instant | undefined;
  readonly dueAt: Instant;
}

/** What became of the answer to a bericht on which one is expected. */
export interface ReplyProgress {
  /** Unknown until the bericht is delivered: the term begins there. */
  readonly moments: ReplyMoments | undefined;
  /** When an answer was accepted; it may be before the delivery is on record. */
  readonly answeredAt: Instant | undefined;
  readonly notes: readonly ReplyNote[];
}

/** A reminder, or that the term was missed: on record once, told to both parties. */
export interface ReplyNote {
  readonly kind: ReplyNoteKind;
  readonly at: Instant;
  /** The ids of the notices, and whether the party has it. */
  readonly sender: NoticeState;
  readonly recipient: NoticeState;
}

/** The two things a running term can come to before its answer. */
export type ReplyNoteKind = 'reminded' | 'missed';

/** A notice to one party. */
export interface NoticeState {
  readonly id: string;
  readonly taken: boolean;
}

/** A term that has not begun. */
export const UNBEGUN: ReplyProgress = { moments: undefined, answeredAt: undefined, notes: [] };

/** What a running term comes to next, and when; undefined once it is answered or missed. */
export function nextReplyStep(
  progress: ReplyProgress | undefined,
): { readonly kind: ReplyNoteKind; readonly at: Instant } | undefined {
  if (progress?.moments === undefined || !isAwaited(progress)) return undefined;
  const { remindAt, dueAt } = progress.moments;
  const isReminded = remindAt === undefined || progress.notes.length > 0;
  // The last moment itself is still in time.
  return isReminded ? { kind: 'missed', at: dueAt + 1 } : { kind: 'reminded', at: remindAt };
}

/** Whether an answer would still be in time. */
export function isAwaited({ answeredAt, notes }: ReplyProgress): boolean {
  return answeredAt === undefined && !notes.some(({ kind }) => kind === 'missed');
}

/** The instant from which on a bericht was accepted in the last five months (calendar months, in UTC). */
export function answerableSince(now: Instant): Instant {
  const at = new Date(now);
  const month = at.getUTCMonth() - ANSWERABLE_MONTHS;
  const lastDay = new Date(Date.UTC(at.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(at.getUTCFullYear(), month, Math.min(at.getUTCDate(), lastDay));
  return midnight + (now - Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
}

/** What the rule expects on a bericht of this urgency (wire value `ja` is urgent). */
export function expectedReply(rule: ReplyRule | undefined, isUrgent: boolean): ExpectedReply | undefined {
  if (rule === undefined) return undefined;
  const { types, term, urgentTerm, reminder } = rule;
  return { types, term: isUrgent ? (urgentTerm ?? term) : term, reminder };
}

/**
 * The moments of a term that begins at the delivery. Werkdagen and days end at midnight in Europe/Amsterdam, hours run
 * through nights, weekends and holidays (Algemene termijnenwet art. 4).
 */
export function replyMoments({ term, reminder }: Omit<ExpectedReply, 'types'>, deliveredAt: Instant): ReplyMoments {
  const dueAt = dueOf(term, deliveredAt);
  // At once: whoever has to act is told at once.
  if (term.kind === 'immediate') return { remindAt: deliveredAt, dueAt };
  const remindAt = reminder === undefined ? undefined : reminderOf(reminder, dueAt);
  return { remindAt: remindAt !== undefined && remindAt > deliveredAt ? remindAt : undefined, dueAt };
}

/** Whether a reminder this long before the end can fall within the term. */
export function isWithinTerm(reminder: ReminderLead, term: ReplyTerm): boolean {
  switch (term.kind) {
    case 'hours':
      return reminder.kind === 'hours' && reminder.count < term.count;
    case 'working-days':
      return reminder.count < (reminder.kind === 'hours' ? term.count * DAY_HOURS : term.count);
    case 'same-day':
      return reminder.kind === 'hours' && reminder.count < DAY_HOURS;
    case 'immediate':
      return false;
  }
}

function dueOf(term: ReplyTerm, from: Instant): Instant {
  switch (term.kind) {
    case 'hours':
      return from + term.count * HOUR_MS;
    case 'working-days':
      return endOf(addWorkingDays(localDayOf(from), term.count));
    case 'same-day':
      return endOf(workingDayFrom(localDayOf(from)));
    case 'immediate':
      return from + IMMEDIATE_GRACE_MS;
  }
}

function reminderOf(reminder: ReminderLead, dueAt: Instant): Instant {
  if (reminder.kind === 'hours') return dueAt - reminder.count * HOUR_MS;
  return openingOf(workingDaysBefore(localDayOf(dueAt), reminder.count));
}

// A day that is no werkdag carries over to the next that is (Algemene termijnenwet art. 1).
function workingDayFrom(day: LocalDay): LocalDay {
  return isWorkingDay(day) ? day : addWorkingDays(day, 1);
}

function endOf(day: LocalDay): Instant {
  return instantOf(shiftDay(day, 1), 0) - 1;
}

// Traffic data go after six months (Regeling art. 4.2): five are always there.
const ANSWERABLE_MONTHS = 5;
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
// "Direct" has no number in the agreements. An hour is long enough for an answer and short enough to notice that none came.
const IMMEDIATE_GRACE_MS = HOUR_MS;
