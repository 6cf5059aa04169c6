import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EndState } from '../../gateway/domain/lifecycle.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { MessageFacts, RecordOutcome, RegisterEntry, Transition } from '../../gateway/domain/register-entry.ts';
import { nextReplyStep } from '../../gateway/domain/reply-terms.ts';
import type { ExpectedReply, ReplyNoteKind } from '../../gateway/domain/reply-terms.ts';
import type { Register } from '../../gateway/ports/register.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import {
  createTestClock,
  DAY,
  HOUR,
  NOW,
  RECIPIENT,
  SENDER,
  someFacts,
  someKey,
  transitionsOf,
} from '../support/register.ts';
import type { TestClock } from '../support/register.ts';

/** One place where a register keeps its state: opened again, it is the same register. */
export interface RegisterPlace {
  open(clock: Clock): Promise<Register>;
  remove(): Promise<void>;
}

const REPLY: ExpectedReply = {
  types: ['ucobDi01', 'uciDi01'],
  term: { kind: 'working-days', count: 5 },
  reminder: { kind: 'working-days', count: 1 },
};
const OTHER = '00000001009999999000' as Oin;
const MOMENTS = { remindAt: NOW + 4 * DAY, dueAt: NOW + 5 * DAY };

/** What every implementation of the register owes of answers: finding what they name, and the terms they stop. */
export function describeReplyContract(name: string, prepare: () => Promise<RegisterPlace>): void {
  describe(`the register contract on answers: ${name}`, () => {
    let place: RegisterPlace;
    let register: Register;
    let clock: TestClock;

    beforeEach(async () => {
      place = await prepare();
      clock = createTestClock();
      register = await place.open(clock);
    });
    afterEach(async () => {
      await register.close();
      await place.remove();
    });

    const reopen = async (): Promise<void> => {
      await register.close();
      register = await place.open(clock);
    };

    const recorded = async (transition: Transition): Promise<RegisterEntry> => {
      const { outcome, entry } = await register.record(transition);
      expect(outcome).toBe('recorded');
      if (entry === undefined) throw new Error('no entry');
      return entry;
    };

    const awaitedKeyOf = (kenmerk: string): string => `${RECIPIENT}||${kenmerk}`;

    const receive = async (kenmerk: string, change: Partial<MessageFacts> = {}): Promise<MessageFacts> => {
      const facts = someFacts({ reply: REPLY, ...change });
      const repeatKey = { ...someKey(kenmerk), awaited: awaitedKeyOf(kenmerk) };
      await recorded(transitionsOf(facts, repeatKey).received);
      return facts;
    };

    const accept = async (kenmerk: string, change: Partial<MessageFacts> = {}): Promise<MessageFacts> => {
      const facts = await receive(kenmerk, change);
      await recorded({ ...transitionsOf(facts).accepted, at: clock.now() });
      return facts;
    };

    const end = (facts: MessageFacts, state: EndState, reply: typeof MOMENTS | undefined): Promise<RegisterEntry> =>
      recorded(transitionsOf(facts).ended(state, { reply }));

    const deliver = async (kenmerk: string): Promise<MessageFacts> => {
      const facts = await accept(kenmerk);
      await end(facts, 'delivered', MOMENTS);
      return facts;
    };

    const note = (
      messageId: MessageId,
      kind: ReplyNoteKind,
    ): Extract<Transition, { readonly kind: 'reply-noted' }> => ({
      kind: 'reply-noted',
      at: clock.now(),
      messageId,
      note: kind,
      senderNoticeId: randomUUID(),
      recipientNoticeId: randomUUID(),
    });

    const answer = async (answers: MessageId, key = `answer to ${answers}`): Promise<MessageFacts> =>
      accept(key, { reply: undefined, answers, sender: RECIPIENT, recipient: SENDER });

    const dueIds = (at: number): readonly string[] => register.dueReplies(at).map(({ facts }) => facts.messageId);

    describe('what an answer names', () => {
      it('is found by sender and kenmerk once it is accepted, and after a restart', async () => {
        const facts = await receive('K1');
        expect(register.findSent(someKey('K1').sender, RECIPIENT)).toBeUndefined();
        await recorded(transitionsOf(facts).accepted);
        const { messageId, messageType, sender, recipient } = facts;
        const sent = { messageId, messageType, sender, recipient, acceptedAt: NOW + 1 };
        expect(register.findSent(someKey('K1').sender, RECIPIENT)).toEqual(sent);
        expect(register.findSent(someKey('K2').sender, RECIPIENT)).toBeUndefined();
        await reopen();
        expect(register.findSent(someKey('K1').sender, RECIPIENT)).toEqual(sent);
      });

      it('is the latest that was accepted, not a later one that was not', async () => {
        await end(await accept('K1'), 'refused', undefined);
        const second = await accept('K1');
        await end(second, 'refused', undefined);
        const third = await receive('K1');
        await recorded(transitionsOf(third).ended('not-accepted'));
        await reopen();
        expect(register.findSent(someKey('K1').sender, RECIPIENT)?.messageId).toBe(second.messageId);
      });

      it('is the one to the party asked for, also after its kenmerk came again to another', async () => {
        const first = await accept('K1');
        clock.moveTo(NOW + 40 * DAY);
        const second = await accept('K1', { recipient: OTHER });
        await reopen();
        expect(register.findSent(someKey('K1').sender, RECIPIENT)?.messageId).toBe(first.messageId);
        expect(register.findSent(someKey('K1').sender, OTHER)?.messageId).toBe(second.messageId);
        expect(register.findSent(someKey('K1').sender, SENDER)).toBeUndefined();
      });

      it('is found for five months, long after its bericht is forgotten, across restarts', async () => {
        clock.moveTo(Date.parse('2026-11-30T23:59:00.000Z'));
        const facts = await deliver('K1');
        await recorded(transitionsOf(facts).noticeTaken);
        for (const month of ['2026-12', '2027-01', '2027-02', '2027-03', '2027-04']) {
          clock.moveTo(Date.parse(`${month}-30T00:00:00.000Z`.replace('02-30', '02-28')));
          await accept(`in ${month}`);
          expect(register.findSent(someKey('K1').sender, RECIPIENT)?.messageId).toBe(facts.messageId);
          await reopen();
          expect(register.findSent(someKey('K1').sender, RECIPIENT)?.messageId).toBe(facts.messageId);
        }
        clock.moveTo(Date.parse('2027-05-01T00:00:00.000Z'));
        expect(register.findSent(someKey('K1').sender, RECIPIENT)).toBeUndefined();
        await accept('in 2027-05');
        expect(register.findSent(someKey('K1').sender, RECIPIENT)).toBeUndefined();
        expect(register.findSent(someKey('in 2026-12').sender, RECIPIENT)).toBeDefined();
      });

      it('is found by recipient and kenmerk while an answer would be in time', async () => {
        const facts = await receive('K1');
        const find = (): MessageId | undefined => register.findAwaiting(awaitedKeyOf('K1'))?.facts.messageId;
        expect(find()).toBe(facts.messageId);
        expect(register.findAwaiting(awaitedKeyOf('K2'))).toBeUndefined();
        await recorded(transitionsOf(facts).accepted);
        await end(facts, 'delivered', MOMENTS);
        await reopen();
        expect(find()).toBe(facts.messageId);
        await recorded(note(facts.messageId, 'reminded'));
        expect(find()).toBe(facts.messageId);
        await recorded(note(facts.messageId, 'missed'));
        expect(find()).toBeUndefined();
        await reopen();
        expect(find()).toBeUndefined();
      });

      it.each(['refused', 'expired'] as const)('is not found by its recipient once it is %s', async (state) => {
        await end(await accept('K1'), state, undefined);
        expect(register.findAwaiting(awaitedKeyOf('K1'))).toBeUndefined();
      });
    });

    describe('the term of an answer', () => {
      it('begins when the bericht is delivered and says the same after a restart', async () => {
        const facts = await accept('K1');
        expect(register.find(facts.messageId)).toMatchObject({ facts, reply: { moments: undefined, notes: [] } });
        expect(dueIds(NOW + 30 * DAY)).toEqual([]);
        await end(facts, 'delivered', MOMENTS);
        const before = register.find(facts.messageId);
        expect(before?.reply).toEqual({ moments: MOMENTS, answeredAt: undefined, notes: [] });
        await reopen();
        expect(register.find(facts.messageId)).toEqual(before);
        expect(dueIds(MOMENTS.remindAt - 1)).toEqual([]);
        expect(dueIds(MOMENTS.remindAt)).toEqual([facts.messageId]);
      });

      it.each<ExpectedReply>([
        { types: ['uciDi01'], term: { kind: 'hours', count: 4 }, reminder: { kind: 'hours', count: 1 } },
        { types: ['uciDi01'], term: { kind: 'same-day' }, reminder: undefined },
        { types: ['uciDi01'], term: { kind: 'immediate' }, reminder: undefined },
      ])('keeps what is expected: $term.kind', async (reply) => {
        const facts = await receive('K1', { reply });
        await reopen();
        expect(register.find(facts.messageId)?.facts).toEqual(facts);
      });

      it('has none without a reminder before its end', async () => {
        const facts = await accept('K1');
        const dueAt = NOW + DAY;
        await recorded(transitionsOf(facts).ended('delivered', { reply: { remindAt: undefined, dueAt } }));
        await reopen();
        expect(await register.record(note(facts.messageId, 'reminded'))).toMatchObject({ outcome: 'conflict' });
        // The last moment itself is in time.
        expect(dueIds(dueAt)).toEqual([]);
        expect(dueIds(dueAt + 1)).toEqual([facts.messageId]);
        await recorded(note(facts.messageId, 'missed'));
      });

      it('comes to its reminder and to being missed once each, in this order', async () => {
        const { messageId } = await deliver('K1');
        const conflict = { outcome: 'conflict' };
        expect(await register.record(note(messageId, 'missed'))).toMatchObject(conflict);
        await recorded(note(messageId, 'reminded'));
        await reopen();
        expect(await register.record(note(messageId, 'reminded'))).toMatchObject(conflict);
        expect(dueIds(MOMENTS.dueAt)).toEqual([]);
        expect(dueIds(MOMENTS.dueAt + 1)).toEqual([messageId]);
        await recorded(note(messageId, 'missed'));
        await reopen();
        expect(await register.record(note(messageId, 'missed'))).toMatchObject(conflict);
        expect(dueIds(NOW + 365 * DAY)).toEqual([]);
      });

      it('lets one of many racing notes win', async () => {
        const { messageId } = await deliver('K1');
        const outcomes = await Promise.all(
          Array.from({ length: 5 }, () => register.record(note(messageId, 'reminded'))),
        );
        expect(outcomes.filter(({ outcome }: RecordOutcome) => outcome === 'recorded')).toHaveLength(1);
        expect(register.pendingNotices(RECIPIENT)).toHaveLength(1);
      });

      it('is stopped by the acceptance of the answer, in the same step', async () => {
        const { messageId } = await deliver('K1');
        await recorded(note(messageId, 'reminded'));
        const facts = someFacts({ answers: messageId, sender: RECIPIENT, recipient: SENDER });
        await recorded(transitionsOf(facts).received);
        expect(nextReplyStep(register.find(messageId)?.reply)?.kind).toBe('missed');
        await reopen();
        await recorded({ ...transitionsOf(facts).accepted, at: NOW + HOUR });
        expect(register.find(messageId)?.reply?.answeredAt).toBe(NOW + HOUR);
        for (const again of [false, true]) {
          if (again) await reopen();
          expect(dueIds(NOW + 365 * DAY)).toEqual([]);
          expect(await register.record(note(messageId, 'missed'))).toMatchObject({ outcome: 'conflict' });
          expect(register.find(messageId)?.reply?.answeredAt).toBe(NOW + HOUR);
          expect(register.find(facts.messageId)?.facts.answers).toBe(messageId);
        }
      });

      it('is stopped by an answer that is accepted before the delivery is on record', async () => {
        const facts = await accept('K1');
        await answer(facts.messageId);
        await end(facts, 'delivered', MOMENTS);
        await reopen();
        expect(dueIds(NOW + 365 * DAY)).toEqual([]);
        expect(register.findAwaiting(awaitedKeyOf('K1'))).toBeUndefined();
      });

      it('is not changed by an answer after it was missed, nor by a second one', async () => {
        const missed = await deliver('K1');
        await recorded(note(missed.messageId, 'reminded'));
        await recorded(note(missed.messageId, 'missed'));
        await answer(missed.messageId);
        expect(register.find(missed.messageId)?.reply?.answeredAt).toBeUndefined();
        const answered = await deliver('K2');
        await answer(answered.messageId, 'first');
        const first = register.find(answered.messageId)?.reply?.answeredAt;
        clock.moveTo(NOW + HOUR);
        await answer(answered.messageId, 'second');
        await reopen();
        expect(register.find(answered.messageId)?.reply?.answeredAt).toBe(first);
        expect(register.find(missed.messageId)?.reply?.answeredAt).toBeUndefined();
      });

      it('is either answered or missed when the two race', async () => {
        for (let round = 0; round < 8; round += 1) {
          const { messageId } = await deliver(`race ${String(round)}`);
          await recorded(note(messageId, 'reminded'));
          const facts = someFacts({ answers: messageId });
          await recorded(transitionsOf(facts).received);
          const steps = [transitionsOf(facts).accepted, note(messageId, 'missed')];
          await Promise.all((round % 2 === 0 ? steps : steps.reverse()).map((step) => register.record(step)));
          const reply = register.find(messageId)?.reply;
          expect((reply?.answeredAt === undefined) !== (reply?.notes.length === 1)).toBe(true);
        }
        await reopen();
      });

      it('is not forgotten while it runs', async () => {
        const facts = await accept('K1');
        const dueAt = NOW + 80 * DAY;
        await recorded(transitionsOf(facts).ended('delivered', { reply: { remindAt: undefined, dueAt } }));
        await recorded(transitionsOf(facts).noticeTaken);
        clock.moveTo(NOW + 79 * DAY);
        await reopen();
        expect(dueIds(dueAt + 1)).toEqual([facts.messageId]);
      });
    });

    describe('term notices', () => {
      const waiting = (party: typeof SENDER): readonly string[] => register.pendingNotices(party).map(({ id }) => id);

      it('wait for both parties, after what came before, until each has its own', async () => {
        const { messageId } = await deliver('K1');
        const ended = register.find(messageId)?.end?.noticeId;
        const reminded = note(messageId, 'reminded');
        await recorded(reminded);
        await reopen();
        expect(waiting(SENDER)).toEqual([ended, reminded.senderNoticeId]);
        expect(waiting(RECIPIENT)).toEqual([reminded.recipientNoticeId]);
        expect(register.findNotice(reminded.recipientNoticeId)).toMatchObject({
          party: RECIPIENT,
          note: { kind: 'reminded' },
          entry: { facts: { messageId } },
        });
        const take = (noticeId: string): Promise<RecordOutcome> =>
          register.record({ kind: 'reply-notice-taken', at: NOW, messageId, noticeId });
        const before = register.find(messageId)?.history;
        expect(await take(reminded.recipientNoticeId)).toMatchObject({ outcome: 'recorded' });
        // The sender sees the history of its bericht; what the recipient took is not in it.
        expect(register.find(messageId)?.history).toEqual(before);
        expect(await take(reminded.recipientNoticeId)).toMatchObject({ outcome: 'conflict' });
        expect(await take(randomUUID())).toMatchObject({ outcome: 'conflict' });
        await reopen();
        expect(waiting(RECIPIENT)).toEqual([]);
        expect(register.findNotice(reminded.recipientNoticeId)).toBeUndefined();
        expect(await take(reminded.senderNoticeId)).toMatchObject({ outcome: 'recorded' });
        expect(waiting(SENDER)).toEqual([ended]);
      });

      it('keep their bericht while they wait', async () => {
        const { messageId } = await deliver('K1');
        await recorded(note(messageId, 'reminded'));
        await recorded(note(messageId, 'missed'));
        clock.moveTo(NOW + 100 * DAY);
        await reopen();
        expect(waiting(RECIPIENT)).toHaveLength(2);
      });

      it('are none of a bericht that has none', async () => {
        const { messageId } = await accept('K1', { reply: undefined });
        expect(await register.record(note(messageId, 'reminded'))).toMatchObject({ outcome: 'conflict' });
        const noticeId = randomUUID();
        const taken = await register.record({ kind: 'reply-notice-taken', at: NOW, messageId, noticeId });
        expect(taken).toMatchObject({ outcome: 'conflict' });
      });
    });
  });
}
