import { describe, expect, it } from '@jest/globals';
import {
  answerableSince,
  expectedReply,
  isAwaited,
  isWithinTerm,
  nextReplyStep,
  replyMoments,
  UNBEGUN,
} from '../../../gateway/domain/reply-terms.ts';
import type { ReminderLead, ReplyNote, ReplyTerm } from '../../../gateway/domain/reply-terms.ts';

const days = (count: number): ReminderLead => ({ kind: 'working-days', count });
const hours = (count: number): ReminderLead => ({ kind: 'hours', count });
const SAME_DAY: ReplyTerm = { kind: 'same-day' };
const IMMEDIATE: ReplyTerm = { kind: 'immediate' };

// Times in Europe/Amsterdam; the term of a day ends with its last millisecond.
const due = (term: ReplyTerm, from: string): string =>
  local(replyMoments({ term, reminder: undefined }, Date.parse(from)).dueAt);
const reminded = (term: ReplyTerm, reminder: ReminderLead, from: string): string | undefined => {
  const { remindAt } = replyMoments({ term, reminder }, Date.parse(from));
  return remindAt === undefined ? undefined : local(remindAt);
};
const local = (at: number): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Amsterdam', dateStyle: 'short', timeStyle: 'medium' });

describe('expectedReply', () => {
  const rule = { types: ['ucobDi01'], term: days(5), urgentTerm: undefined, reminder: days(1) };

  it('takes the term of urgent berichten where there is one', () => {
    expect(expectedReply({ ...rule, urgentTerm: IMMEDIATE }, true)?.term).toEqual(IMMEDIATE);
    expect(expectedReply({ ...rule, urgentTerm: IMMEDIATE }, false)).toEqual({
      types: ['ucobDi01'],
      term: days(5),
      reminder: days(1),
    });
    expect(expectedReply(rule, true)?.term).toEqual(days(5));
    expect(expectedReply(undefined, true)).toBeUndefined();
  });
});

describe('replyMoments', () => {
  it.each([
    ['on a Wednesday', '2026-11-25T09:00:00Z', '2026-12-02 23:59:59'],
    ['on a Friday evening', '2026-11-27T22:30:00Z', '2026-12-04 23:59:59'],
    ['on Saturday just after midnight, still Friday in UTC', '2026-11-27T23:30:00Z', '2026-12-04 23:59:59'],
    ['on a Sunday', '2026-11-29T12:00:00Z', '2026-12-04 23:59:59'],
  ])('ends 5 werkdagen that begin %s', (_, from, to) => {
    expect(due(days(5), from)).toBe(to);
  });

  it.each([
    ['Kerst and Nieuwjaarsdag', '2026-12-24T09:00:00Z', '2026-12-29 23:59:59'],
    ['Nieuwjaarsdag', '2026-12-31T09:00:00Z', '2027-01-05 23:59:59'],
    ['Goede Vrijdag and Pasen', '2026-04-02T09:00:00Z', '2026-04-08 23:59:59'],
    ['Koningsdag', '2026-04-24T09:00:00Z', '2026-04-29 23:59:59'],
    ['5 mei', '2026-05-04T09:00:00Z', '2026-05-07 23:59:59'],
    ['Hemelvaartsdag', '2026-05-13T09:00:00Z', '2026-05-18 23:59:59'],
    ['Pinksteren', '2026-05-22T09:00:00Z', '2026-05-27 23:59:59'],
    ['a Koningsdag moved to Saturday, which costs no werkdag', '2025-04-25T09:00:00Z', '2025-04-29 23:59:59'],
    ['the end of summer time', '2026-10-23T09:00:00Z', '2026-10-27 23:59:59'],
    ['the begin of summer time', '2026-03-27T09:00:00Z', '2026-03-31 23:59:59'],
  ])('lets 2 werkdagen step over %s', (_, from, to) => {
    expect(due(days(2), from)).toBe(to);
  });

  it('ends the same day at midnight in Amsterdam, of the next werkdag when the day is none', () => {
    expect(due(SAME_DAY, '2026-11-25T09:00:00Z')).toBe('2026-11-25 23:59:59');
    expect(due(SAME_DAY, '2026-11-25T22:59:59Z')).toBe('2026-11-25 23:59:59');
    expect(due(SAME_DAY, '2026-11-25T23:00:00Z')).toBe('2026-11-26 23:59:59');
    expect(due(SAME_DAY, '2026-11-28T09:00:00Z')).toBe('2026-11-30 23:59:59');
    expect(due(SAME_DAY, '2026-12-25T09:00:00Z')).toBe('2026-12-28 23:59:59');
  });

  it('lets hours run through nights, weekends, holidays and the change of the clock', () => {
    expect(due(hours(4), '2026-12-24T22:00:00Z')).toBe('2026-12-25 03:00:00');
    expect(due(hours(2), '2026-10-25T00:30:00Z')).toBe('2026-10-25 03:30:00');
    expect(due(hours(2), '2026-03-29T00:30:00Z')).toBe('2026-03-29 04:30:00');
  });

  it('reminds at once of what has to be done at once, and finds it missed after an hour', () => {
    const from = Date.parse('2026-11-28T02:00:00Z');
    expect(replyMoments({ term: IMMEDIATE, reminder: days(1) }, from)).toEqual({
      remindAt: from,
      dueAt: from + 3_600_000,
    });
  });

  it('reminds at half past eight on the werkdag before the end', () => {
    expect(reminded(days(5), days(1), '2026-11-25T09:00:00Z')).toBe('2026-12-01 08:30:00');
    expect(reminded(days(2), days(1), '2026-12-24T09:00:00Z')).toBe('2026-12-28 08:30:00');
    expect(reminded(days(5), days(2), '2026-03-25T09:00:00Z')).toBe('2026-03-30 08:30:00');
  });

  it('reminds hours before the end', () => {
    expect(reminded(hours(24), hours(4), '2026-11-25T09:00:00Z')).toBe('2026-11-26 06:00:00');
    expect(reminded(SAME_DAY, hours(6), '2026-11-25T09:00:00Z')).toBe('2026-11-25 17:59:59');
  });

  it('does not remind before the term begins', () => {
    expect(reminded(SAME_DAY, hours(6), '2026-11-25T19:00:00Z')).toBeUndefined();
    expect(reminded(hours(1), days(1), '2026-11-25T19:00:00Z')).toBeUndefined();
  });
});

describe('isWithinTerm', () => {
  it.each<readonly [ReminderLead, ReplyTerm, boolean]>([
    [hours(3), hours(4), true],
    [hours(4), hours(4), false],
    [days(1), hours(48), false],
    [days(1), days(2), true],
    [days(2), days(2), false],
    [hours(47), days(2), true],
    [hours(48), days(2), false],
    [hours(23), SAME_DAY, true],
    [hours(24), SAME_DAY, false],
    [days(1), SAME_DAY, false],
    [hours(1), IMMEDIATE, false],
  ])('of %j in %j is %s', (reminder, term, isWithin) => {
    expect(isWithinTerm(reminder, term)).toBe(isWithin);
  });
});

describe('nextReplyStep', () => {
  const note = (kind: ReplyNote['kind']): ReplyNote => ({
    kind,
    at: 5,
    sender: { id: 'a', taken: false },
    recipient: { id: 'b', taken: false },
  });
  const running = { ...UNBEGUN, moments: { remindAt: 10, dueAt: 20 } };

  it('is the reminder, then the missed term, then nothing', () => {
    expect(nextReplyStep(running)).toEqual({ kind: 'reminded', at: 10 });
    expect(nextReplyStep({ ...running, notes: [note('reminded')] })).toEqual({ kind: 'missed', at: 21 });
    expect(nextReplyStep({ ...running, notes: [note('reminded'), note('missed')] })).toBeUndefined();
    const without = { ...running, moments: { remindAt: undefined, dueAt: 20 } };
    expect(nextReplyStep(without)).toEqual({ kind: 'missed', at: 21 });
  });

  it('is nothing before the delivery, after the answer, or where none is expected', () => {
    expect(nextReplyStep(UNBEGUN)).toBeUndefined();
    expect(nextReplyStep({ ...running, answeredAt: 3 })).toBeUndefined();
    expect(nextReplyStep(undefined)).toBeUndefined();
    expect(isAwaited(UNBEGUN)).toBe(true);
    expect(isAwaited({ ...UNBEGUN, answeredAt: 3 })).toBe(false);
  });
});

describe('answerableSince', () => {
  it.each([
    ['2026-11-25T10:00:00.123Z', '2026-06-25T10:00:00.123Z'],
    ['2026-07-31T23:59:59.999Z', '2026-02-28T23:59:59.999Z'],
    ['2028-07-30T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['2027-03-31T12:00:00.000Z', '2026-10-31T12:00:00.000Z'],
  ])('five months before %s is %s', (now, since) => {
    expect(new Date(answerableSince(Date.parse(now))).toISOString()).toBe(since);
  });
});
