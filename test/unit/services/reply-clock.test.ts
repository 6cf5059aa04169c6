import { afterEach, describe, expect, it } from '@jest/globals';
import { readRuleSet } from '../../../gateway/codec/rule-set.ts';
import type { Instant, MessageId } from '../../../gateway/domain/message.ts';
import type { RuleSet } from '../../../gateway/domain/participants.ts';
import { expectedReply, replyMoments } from '../../../gateway/domain/reply-terms.ts';
import type { ExpectedReply } from '../../../gateway/domain/reply-terms.ts';
import { openReplyClock } from '../../support/reply-clock.ts';
import type { ReplyClock } from '../../support/reply-clock.ts';
import { readRuleFiles } from '../../support/standing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const rules = readRules();
let timer: ReplyClock;

afterEach(() => timer.close());

function readRules(): RuleSet {
  const read = readRuleSet(readRuleFiles());
  if (!read.ok) throw new RangeError(JSON.stringify(read.error));
  return read.value;
}

/** What the rules of the repository expect on a bericht that goes by a row, or is of a type. */
function expectedBy(name: string, isUrgent = false): ExpectedReply {
  const row = [...rules.sendRules.values()].flat().find(({ id }) => id === name);
  const reply = expectedReply(row?.reply ?? rules.types.get(row?.type ?? name)?.reply, isUrgent);
  if (reply === undefined) throw new RangeError(`no answer is expected by ${name}`);
  return reply;
}

/** The instant of a wall clock in Amsterdam, as `2026-11-25 10:00`. */
function at(local: string): Instant {
  const utc = Date.parse(`${local.replace(' ', 'T')}Z`);
  const found = [utc - 2 * HOUR, utc - HOUR].find((instant) => toLocal(instant) === local.slice(0, 16));
  if (found === undefined) throw new RangeError(local);
  return found;
}

function toLocal(instant: Instant): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZone: 'Europe/Amsterdam' }).slice(0, 16);
}

function notesOf(messageId: MessageId): readonly string[] {
  const notes = timer.register().find(messageId)?.reply?.notes ?? [];
  return notes.map(({ kind, at: noted }) => `${kind} ${toLocal(noted)}`);
}

const names = (): readonly string[] => timer.events.map(({ name }) => name).filter((name) => name.startsWith('Reply'));

interface Case {
  readonly id: string;
  readonly by: string;
  readonly urgent?: boolean;
  readonly over: string;
  readonly delivered: string;
  readonly remind?: string;
  /** The last minute that is in time. */
  readonly due: string;
}

const CASES: readonly Case[] = [
  {
    id: 'Z49',
    by: 'signaal',
    over: 'a weekend',
    delivered: '2026-11-25 10:00',
    remind: '2026-12-01 08:30',
    due: '2026-12-02 23:59',
  },
  {
    id: 'Z49',
    by: 'signaal',
    over: 'Kerst',
    delivered: '2026-12-22 16:45',
    remind: '2026-12-29 08:30',
    due: '2026-12-30 23:59',
  },
  {
    id: 'Z49 and Z53',
    by: 'signaal',
    urgent: true,
    over: 'a Saturday night',
    delivered: '2026-11-28 02:10',
    remind: '2026-11-28 02:10',
    due: '2026-11-28 03:10',
  },
  {
    id: 'Z49 and Z53',
    by: 'signaal',
    urgent: true,
    over: 'eerste kerstdag',
    delivered: '2026-12-25 12:00',
    remind: '2026-12-25 12:00',
    due: '2026-12-25 13:00',
  },
  {
    id: 'Z29',
    by: 'escalatie-zorgcoordinator-regisseur',
    over: 'Goede Vrijdag and Pasen',
    delivered: '2026-04-02 11:00',
    remind: '2026-04-07 08:30',
    due: '2026-04-08 23:59',
  },
  {
    id: 'Z30',
    by: 'escalatie-regisseur-directie',
    over: 'Hemelvaartsdag',
    delivered: '2026-05-13 09:00',
    remind: '2026-05-15 08:30',
    due: '2026-05-18 23:59',
  },
  {
    id: 'Z31',
    by: 'escalatie-uitspraak-directie-regisseur',
    over: 'Pinksteren',
    delivered: '2026-05-22 17:30',
    remind: '2026-05-26 08:30',
    due: '2026-05-27 23:59',
  },
  {
    id: 'Z33',
    by: 'escalatie-wethouder-portefeuillehouder',
    over: 'Koningsdag',
    delivered: '2026-04-24 09:00',
    remind: '2026-04-28 08:30',
    due: '2026-04-29 23:59',
  },
  {
    id: 'Z33',
    by: 'escalatie-wethouder-portefeuillehouder',
    over: 'a Koningsdag moved from Sunday to Saturday',
    delivered: '2031-04-25 09:00',
    remind: '2031-04-28 08:30',
    due: '2031-04-29 23:59',
  },
  {
    id: 'Z34',
    by: 'escalatie-uitspraak-portefeuillehouder-directie',
    over: 'the day itself',
    delivered: '2026-05-06 09:00',
    due: '2026-05-06 23:59',
  },
  {
    id: 'Z34',
    by: 'escalatie-uitspraak-portefeuillehouder-directie',
    over: 'a day that is no werkdag',
    delivered: '2026-05-02 09:00',
    due: '2026-05-04 23:59',
  },
  {
    id: 'T5 (vcob → ucob)',
    by: 'vcobDi01',
    over: 'Nieuwjaarsdag',
    delivered: '2026-12-31 15:00',
    remind: '2027-01-04 08:30',
    due: '2027-01-05 23:59',
  },
  {
    id: 'T5 (vci → uci)',
    by: 'vciDi01',
    over: 'the end of summer time',
    delivered: '2026-10-23 10:00',
    remind: '2026-10-29 08:30',
    due: '2026-10-30 23:59',
  },
  {
    id: 'C3 (verzoekWijzigingTb → wijzigingTb)',
    by: 'verzoek-wijziging-tb-gi-rvdk',
    over: '5 mei',
    delivered: '2026-05-04 10:00',
    remind: '2026-05-11 08:30',
    due: '2026-05-12 23:59',
  },
  {
    id: 'T10 (check → uitslag)',
    by: 'vt-register-check-veilig-thuis-vt-register',
    over: 'the begin of summer time',
    delivered: '2026-03-27 10:00',
    due: '2026-03-30 23:59',
  },
  {
    id: 'T11 (uitslag → verwijdering)',
    by: 'vt-register-uitslag-vt-register-veilig-thuis',
    over: 'ten weeks',
    delivered: '2026-06-01 10:00',
    remind: '2026-08-03 08:30',
    due: '2026-08-10 23:59',
  },
];

describe('the terms of the documents, on a shifted clock', () => {
  it.each(CASES)('$id: $by over $over', async ({ by, urgent = false, delivered, remind, due }) => {
    timer = await openReplyClock(at(delivered));
    const messageId = await timer.deliver(expectedBy(by, urgent));
    const reminded = remind === undefined ? [] : [`reminded ${remind}`];
    if (remind !== undefined) {
      if (remind !== delivered) {
        await timer.moveTo(at(remind) - 1);
        expect(notesOf(messageId)).toEqual([]);
      }
      await timer.moveTo(at(remind));
      expect(notesOf(messageId)).toEqual(reminded);
    }
    // The last moment is in time; one millisecond later it was missed.
    const last = urgent ? at(due) : at(due) + MINUTE - 1;
    await timer.moveTo(last);
    expect(notesOf(messageId)).toEqual(reminded);
    await timer.moveTo(last + 1);
    expect(notesOf(messageId)).toEqual([...reminded, `missed ${toLocal(last + 1)}`]);
    await timer.moveTo(last + 40 * 24 * HOUR);
    expect(notesOf(messageId)).toHaveLength(reminded.length + 1);
    expect(names()).toEqual(remind === undefined ? ['ReplyMissed'] : ['ReplyReminded', 'ReplyMissed']);
    expect(timer.register().pendingNotices(recipientOf(messageId))).toHaveLength(reminded.length + 1);
  });

  it.each(CASES)('$id: $by over $over ends with its answer in the last moment', async (one) => {
    const { by, urgent = false, delivered, due, remind } = one;
    timer = await openReplyClock(at(delivered));
    const messageId = await timer.deliver(expectedBy(by, urgent));
    await timer.moveTo(urgent ? at(due) : at(due) + MINUTE - 1);
    await timer.answer(messageId);
    await timer.moveTo(at(due) + 40 * 24 * HOUR);
    expect(names()).toEqual(remind === undefined ? [] : ['ReplyReminded']);
  });

  it('Z29–Z34: four steps of 2 werkdagen and the same day take 8 werkdagen when each waits to the last', async () => {
    let now = at('2026-11-23 09:00');
    timer = await openReplyClock(now);
    const steps = [
      'escalatie-zorgcoordinator-regisseur',
      'escalatie-regisseur-directie',
      'escalatie-uitspraak-directie-regisseur',
      'escalatie-wethouder-portefeuillehouder',
      'escalatie-uitspraak-portefeuillehouder-directie',
    ];
    const ends: string[] = [];
    for (const step of steps) {
      const reply = expectedBy(step);
      const messageId = await timer.deliver(reply);
      now = replyMoments(reply, now).dueAt;
      ends.push(toLocal(now));
      await timer.moveTo(now);
      await timer.answer(messageId);
    }
    expect(ends).toEqual([
      '2026-11-25 23:59',
      '2026-11-27 23:59',
      '2026-12-01 23:59',
      '2026-12-03 23:59',
      '2026-12-03 23:59',
    ]);
    await timer.moveTo(now + 40 * 24 * HOUR);
    expect(names().filter((name) => name === 'ReplyMissed')).toEqual([]);
  });

  it('a term that passed while the gateway stood still is reminded of and then missed, each once', async () => {
    timer = await openReplyClock(at('2026-11-25 10:00'));
    const messageId = await timer.deliver(expectedBy('signaal'));
    await timer.moveTo(at('2027-01-04 10:00'));
    await timer.moveTo(at('2027-01-04 10:01'));
    expect(notesOf(messageId)).toEqual(['reminded 2027-01-04 10:00', 'missed 2027-01-04 10:00']);
    expect(names()).toEqual(['ReplyReminded', 'ReplyMissed']);
  });

  it('a bericht on which no answer is expected has no term', async () => {
    timer = await openReplyClock(at('2026-11-25 10:00'));
    await timer.deliver(undefined);
    await timer.moveTo(at('2027-06-01 10:00'));
    expect(names()).toEqual([]);
  });
});

function recipientOf(messageId: MessageId): Parameters<ReturnType<ReplyClock['register']>['pendingNotices']>[0] {
  const entry = timer.register().find(messageId);
  if (entry === undefined) throw new Error('not in the register');
  return entry.facts.recipient;
}
