import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isEndState, isTransitionAllowed, MESSAGE_STATES } from '../../gateway/domain/lifecycle.ts';
import type { EndState, MessageState } from '../../gateway/domain/lifecycle.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { RecordOutcome, RegisterEntry } from '../../gateway/domain/register-entry.ts';
import type { Register } from '../../gateway/ports/register.ts';
import {
  createTestClock,
  DAY,
  hashed,
  HOUR,
  NOW,
  SENDER,
  someFacts,
  someId,
  someKey,
  transitionsOf,
} from '../support/register.ts';
import type { TestClock } from '../support/register.ts';
import { describeReplyContract } from './register-replies-contract.ts';
import type { RegisterPlace } from './register-replies-contract.ts';

/** What every implementation of the port owes; `prepare` yields a place in which nothing is on record. */
export function describeRegisterContract(name: string, prepare: () => Promise<RegisterPlace>): void {
  describeReplyContract(name, prepare);
  describe(`the register contract: ${name}`, () => {
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

    const recorded = async (outcome: Promise<RecordOutcome>): Promise<RegisterEntry> => {
      const { outcome: name, entry } = await outcome;
      expect(name).toBe('recorded');
      if (entry === undefined) throw new Error('no entry');
      return entry;
    };

    /** Puts a bericht on record in the state. */
    const bring = async (
      state: MessageState,
      facts = someFacts(),
      key = someKey(facts.messageId),
    ): Promise<RegisterEntry> => {
      const steps = transitionsOf(facts, key);
      const received = await recorded(register.record(steps.received));
      if (state === 'received') return received;
      if (state === 'not-accepted') return recorded(register.record(steps.ended('not-accepted')));
      const accepted = await recorded(register.record(steps.accepted));
      return state === 'accepted' ? accepted : recorded(register.record(steps.ended(state)));
    };

    const bringToEnd = async (end: EndState, key: string): Promise<RegisterEntry> =>
      bring(end, someFacts(), someKey(key));

    describe('the life of a bericht', () => {
      it('yields after each record the bericht as it then is', async () => {
        const facts = someFacts();
        const steps = transitionsOf(facts);
        expect(await recorded(register.record(steps.received))).toEqual({
          facts,
          state: 'received',
          previous: undefined,
          acceptedAt: undefined,
          receipts: [],
          attempts: 0,
          unanswered: false,
          end: undefined,
          noticeTaken: false,
          history: [{ at: NOW, event: 'received' }],
        });
        const accepted = await recorded(register.record(steps.accepted));
        expect(accepted).toMatchObject({ state: 'accepted', acceptedAt: NOW + 1, receipts: [steps.accepted.receipt] });
        expect(await recorded(register.record(steps.attempted))).toMatchObject({ attempts: 1, unanswered: true });
        const ended = steps.ended('delivered', { proof: 'signed', sealedEvidence: 'c2VhbGVk' });
        expect(await recorded(register.record(ended))).toMatchObject({ state: 'delivered', end: ended.end });
        const taken = await recorded(register.record(steps.noticeTaken));
        expect(taken.noticeTaken).toBe(true);
        expect(taken.history.map((line) => line.event)).toEqual([
          'received',
          'accepted',
          'attempted',
          'ended',
          'notice-taken',
        ]);
        expect(register.find(facts.messageId)).toEqual(taken);
      });

      it('says the same after a restart', async () => {
        const facts = someFacts({ deadline: NOW + 5 * DAY });
        const steps = transitionsOf(facts);
        const kinds = [steps.received, steps.accepted, steps.attempted, steps.failed(false), steps.attempted];
        for (const step of kinds) await recorded(register.record(step));
        const ended = await bring('refused');
        const before = register.find(facts.messageId);
        await reopen();
        expect(register.find(facts.messageId)).toEqual(before);
        expect(register.find(ended.facts.messageId)).toEqual(ended);
        expect(register.open().map((entry) => entry.facts.messageId)).toEqual([facts.messageId]);
      });

      it('keeps the instant of the end beside that of its record', async () => {
        const { facts } = await bring('accepted');
        await recorded(
          register.record(transitionsOf(facts).ended('expired', { at: NOW + 17, reason: 'deadline-passed' })),
        );
        await reopen();
        expect(register.find(facts.messageId)?.end).toMatchObject({ at: NOW + 17, reason: 'deadline-passed' });
        expect(register.find(facts.messageId)?.history.at(-1)).toEqual({ at: NOW + HOUR, event: 'ended' });
      });

      it('takes an acceptance without receipt, and receipts in any state after', async () => {
        const { facts } = await bring('received');
        const steps = transitionsOf(facts);
        await recorded(register.record({ ...steps.accepted, receipt: undefined }));
        await recorded(register.record(steps.receipted('one')));
        await recorded(register.record(steps.ended('delivered')));
        await recorded(register.record(steps.receipted('two')));
        await reopen();
        expect(register.find(facts.messageId)?.receipts).toEqual([hashed('one'), hashed('two')]);
      });

      it('puts on record what concerns no bericht', async () => {
        const at = NOW;
        const { ruleSetHash } = someFacts();
        const rejected = { kind: 'rejected', at, code: 'ERR_SCHEMA_INVALID', stage: 'validate' } as const;
        const notes = [
          { kind: 'started', at, software: 'doorgeefluik 1.0.0' },
          { kind: 'rules-loaded', at, ruleSetHash },
          { ...rejected, submittedBy: undefined, messageType: undefined },
          { ...rejected, submittedBy: SENDER, messageType: 'vtoDi01' },
          { ...rejected, rule: 'CORV-A9.1', submittedBy: undefined, messageType: undefined },
        ] as const;
        for (const note of notes)
          expect(await register.record(note)).toEqual({ outcome: 'recorded', entry: undefined });
        await reopen();
        expect(register.open()).toEqual([]);
      });

      it('knows the rule set that went on record last, and who signed it', async () => {
        const { ruleSetHash } = someFacts();
        const signedHash = 'cd'.repeat(32);
        const [draftedBy, loadedBy] = [hashed('one'), hashed('two')];
        const approval = { signedHash, draftedBy, draftedAt: NOW - 2, loadedBy, loadedAt: NOW - 1 };
        expect(register.rulesInForce()).toBeUndefined();
        await register.record({ kind: 'rules-loaded', at: NOW, ruleSetHash });
        expect(register.rulesInForce()).toEqual({ ruleSetHash });
        await reopen();
        expect(register.rulesInForce()).toEqual({ ruleSetHash });
        await register.record({ kind: 'rules-loaded', at: NOW, ruleSetHash: 'ab'.repeat(32), approval });
        expect(register.rulesInForce()).toEqual({ ruleSetHash: 'ab'.repeat(32), approval });
        await reopen();
        expect(register.rulesInForce()).toEqual({ ruleSetHash: 'ab'.repeat(32), approval });
      });

      it('knows no bericht it did not receive', async () => {
        const steps = transitionsOf(someFacts());
        const others = [steps.accepted, steps.attempted, steps.failed(true), steps.ended('delivered'), steps.late];
        for (const step of [...others, steps.noticeTaken, steps.receipted('x')]) {
          expect(await register.record(step)).toEqual({ outcome: 'conflict', entry: undefined });
        }
        expect(register.find(someId())).toBeUndefined();
      });

      it('refuses a second bericht under the same Bericht-Id', async () => {
        const first = await bring('accepted');
        const again = await register.record(transitionsOf(first.facts, someKey('another')).received);
        expect(again).toEqual({ outcome: 'conflict', entry: first });
      });
    });

    describe('compare and set', () => {
      const moves = MESSAGE_STATES.flatMap((from) =>
        MESSAGE_STATES.filter((to) => to !== 'received').map((to) => [from, to] as const),
      );

      it.each(moves)('moves from %s to %s only if that is allowed', async (from, to) => {
        const before = await bring(from);
        const steps = transitionsOf(before.facts);
        const outcome = await register.record(isEndState(to) ? steps.ended(to) : steps.accepted);
        if (isTransitionAllowed(from, to)) {
          expect(outcome).toMatchObject({ outcome: 'recorded', entry: { state: to } });
        } else {
          expect(outcome).toEqual({ outcome: 'conflict', entry: before });
          expect(register.find(before.facts.messageId)).toEqual(before);
        }
      });

      it('lets exactly one of many racing ends win, whatever their order', async () => {
        const end = fc.constantFrom<EndState>('delivered', 'refused', 'expired');
        await fc.assert(
          fc.asyncProperty(fc.array(end, { minLength: 2, maxLength: 6 }), async (ends) => {
            const { facts } = await bring('accepted');
            const outcomes = await Promise.all(ends.map((state) => register.record(transitionsOf(facts).ended(state))));
            const winners = outcomes.filter(({ outcome }) => outcome === 'recorded');
            expect(winners).toHaveLength(1);
            expect(register.find(facts.messageId)).toEqual(winners[0]?.entry);
            // A loser hears who won.
            for (const { entry } of outcomes) expect(entry?.end).toEqual(winners[0]?.entry?.end);
          }),
          { numRuns: 25 },
        );
      });

      it('puts a late success on record after the end, and changes nothing by it', async () => {
        const expired = await bring('expired');
        const late = await recorded(register.record(transitionsOf(expired.facts).late));
        expect(late).toEqual({ ...expired, history: [...expired.history, { at: NOW + 2 * HOUR, event: 'late' }] });
        await reopen();
        expect(register.find(expired.facts.messageId)).toEqual(late);
      });

      it('calls nothing late before the end', async () => {
        const open = await bring('accepted');
        expect(await register.record(transitionsOf(open.facts).late)).toEqual({ outcome: 'conflict', entry: open });
      });

      it('makes no attempt before acceptance or after the end', async () => {
        for (const state of ['received', 'not-accepted', 'delivered', 'refused', 'expired'] as const) {
          const entry = await bring(state);
          const steps = transitionsOf(entry.facts);
          expect(await register.record(steps.attempted)).toEqual({ outcome: 'conflict', entry });
          expect(await register.record(steps.failed(true))).toEqual({ outcome: 'conflict', entry });
        }
      });
    });

    describe('attempts without answer', () => {
      const play = async (answers: readonly (boolean | 'crash')[]): Promise<RegisterEntry> => {
        const { facts } = await bring('accepted');
        const steps = transitionsOf(facts);
        let last = await recorded(register.record(steps.attempted));
        for (const answer of answers) {
          if (answer === 'crash') await reopen();
          else last = await recorded(register.record(steps.failed(answer)));
          last = await recorded(register.record(steps.attempted));
        }
        return recorded(register.record(steps.failed(true))).then((entry) => ({ ...last, ...entry }));
      };

      it('is cleared by the answer to the attempt itself', async () => {
        expect(await play([])).toMatchObject({ attempts: 1, unanswered: false });
        expect(await play([true, true])).toMatchObject({ attempts: 3, unanswered: false });
      });

      it('is not cleared by the answer to a later attempt', async () => {
        expect(await play([false])).toMatchObject({ attempts: 2, unanswered: true });
        expect(await play([true, false, true])).toMatchObject({ attempts: 4, unanswered: true });
      });

      it('stays after a restart in the middle of an attempt', async () => {
        expect(await play(['crash'])).toMatchObject({ attempts: 2, unanswered: true });
        expect(await play([true, 'crash', true])).toMatchObject({ attempts: 4, unanswered: true });
      });

      it('is not cleared by an answer that follows no attempt of this run', async () => {
        const { facts } = await bring('accepted');
        const steps = transitionsOf(facts);
        await recorded(register.record(steps.attempted));
        await reopen();
        expect(await register.record(steps.failed(true))).toMatchObject({ outcome: 'conflict' });
        expect(register.find(facts.messageId)).toMatchObject({ attempts: 1, unanswered: true });
      });
    });

    describe('repeats', () => {
      const offer = (kenmerk: string, octets?: string): Promise<RecordOutcome> =>
        register.record(transitionsOf(someFacts(), someKey(kenmerk, octets)).received);
      // What is found before is what the record then says.
      const repeat = async (kenmerk: string, octets?: string): Promise<RecordOutcome> => {
        const found = register.findRepeat(someKey(kenmerk, octets));
        const offered = await offer(kenmerk, octets);
        expect(found).toEqual(offered.outcome === 'duplicate' ? offered.entry : undefined);
        return offered;
      };

      it.each(['received', 'accepted', 'delivered'] as const)(
        'are a duplicate of a bericht that is %s',
        async (state) => {
          const first = await bring(state, someFacts(), someKey('K1'));
          expect(await repeat('K1')).toEqual({ outcome: 'duplicate', entry: first });
          await reopen();
          expect(await repeat('K1')).toEqual({ outcome: 'duplicate', entry: first });
        },
      );

      it.each(['expired', 'refused'] as const)('are taken anew after %s, naming the bericht before', async (state) => {
        const first = await bringToEnd(state, 'K2');
        const second = await recorded(repeat('K2'));
        expect(second).toMatchObject({ state: 'received', previous: first.facts.messageId });
        await reopen();
        expect(register.find(second.facts.messageId)).toEqual(second);
        expect(await repeat('K2')).toEqual({ outcome: 'duplicate', entry: second });
      });

      it('are taken anew after not-accepted, whatever their octets, naming nothing', async () => {
        await bringToEnd('not-accepted', 'K3');
        expect((await recorded(repeat('K3', 'other'))).previous).toBeUndefined();
      });

      it.each(['received', 'accepted', 'delivered', 'expired', 'refused'] as const)(
        'with other octets conflict with a bericht that is %s',
        async (state) => {
          const first = await bring(state, someFacts(), someKey('K4'));
          expect(await repeat('K4', 'other')).toEqual({ outcome: 'conflict', entry: first });
        },
      );

      it('under another kenmerk or of another sender are none', async () => {
        await bring('accepted', someFacts(), someKey('K5'));
        await recorded(repeat('K6'));
        const sender = { ...someKey('K5'), sender: '00000001009999999000||K5' };
        await recorded(register.record(transitionsOf(someFacts(), sender).received));
      });

      it('that race yield one bericht and duplicates of it', async () => {
        const outcomes = await Promise.all(Array.from({ length: 12 }, () => offer('K7')));
        expect(outcomes.filter(({ outcome }) => outcome === 'recorded')).toHaveLength(1);
        expect(outcomes.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(11);
        expect(new Set(outcomes.map(({ entry }) => entry?.facts.messageId)).size).toBe(1);
      });

      it('that race with other octets yield one bericht and conflicts', async () => {
        const outcomes = await Promise.all(
          Array.from({ length: 6 }, (_, index) => offer('K8', `octets ${String(index)}`)),
        );
        expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
          ...Array<string>(5).fill('conflict'),
          'recorded',
        ]);
      });

      it('are recognised at least 8 days, across the turn of a month and a restart', async () => {
        clock.moveTo(Date.parse('2026-11-30T23:59:59.000Z'));
        const first = await bring('delivered', someFacts(), someKey('K9'));
        clock.moveTo(clock.now() + 8 * DAY - 1);
        await bring('accepted');
        expect(await repeat('K9')).toEqual({ outcome: 'duplicate', entry: first });
        expect(await repeat('K9', 'other')).toEqual({ outcome: 'conflict', entry: first });
        await reopen();
        expect(await repeat('K9')).toEqual({ outcome: 'duplicate', entry: first });
      });

      it('of two months are repeats of the latest bericht', async () => {
        clock.moveTo(Date.parse('2026-11-30T12:00:00.000Z'));
        await bringToEnd('expired', 'K10');
        clock.moveTo(Date.parse('2026-12-02T12:00:00.000Z'));
        const second = await recorded(repeat('K10'));
        await reopen();
        expect(await repeat('K10')).toEqual({ outcome: 'duplicate', entry: second });
      });
    });

    describe('lists', () => {
      it('open berichten by deadline', async () => {
        const hours = [5, 1, 3, 1, 9];
        const entries = [];
        for (const hour of hours) entries.push(await bring('accepted', someFacts({ deadline: NOW + hour * HOUR })));
        await recorded(register.record(transitionsOf(entries[2]!.facts).ended('delivered')));
        await bring('not-accepted');
        const due = (): number[] => register.open().map(({ facts }) => (facts.deadline - NOW) / HOUR);
        expect(due()).toEqual([1, 1, 5, 9]);
        await reopen();
        expect(due()).toEqual([1, 1, 5, 9]);
      });

      it('notices that wait, of one sender, in the order they ended', async () => {
        const other = '00000001009999999000' as Oin;
        const first = await bring('accepted');
        const ids = [];
        for (const state of ['expired', 'refused', 'delivered'] as const)
          ids.push((await bring(state)).facts.messageId);
        await bring('not-accepted');
        const elsewhere = await bring('delivered', someFacts({ sender: other }));
        await recorded(register.record(transitionsOf(first.facts).ended('delivered')));
        const waiting = (sender = SENDER): string[] =>
          register.pendingNotices(sender).map(({ entry }) => entry.facts.messageId);
        expect(waiting()).toEqual([...ids, first.facts.messageId]);
        await reopen();
        expect(waiting()).toEqual([...ids, first.facts.messageId]);
        expect(waiting(other)).toEqual([elsewhere.facts.messageId]);
      });

      it('no notice once it is taken, and takes it once', async () => {
        const ended = await bring('delivered');
        const taken = transitionsOf(ended.facts).noticeTaken;
        await recorded(register.record(taken));
        expect(register.pendingNotices(SENDER)).toEqual([]);
        expect(await register.record(taken)).toMatchObject({ outcome: 'conflict' });
        await reopen();
        expect(register.pendingNotices(SENDER)).toEqual([]);
      });

      it('no notice of a bericht that is open or was never accepted', async () => {
        for (const state of ['received', 'accepted', 'not-accepted'] as const) {
          const entry = await bring(state);
          expect(await register.record(transitionsOf(entry.facts).noticeTaken)).toEqual({ outcome: 'conflict', entry });
        }
      });
    });

    it('is healthy, and takes nothing more once it is closed', async () => {
      expect(register.isHealthy()).toBe(true);
      await register.close();
      await expect(register.record(transitionsOf(someFacts()).received)).rejects.toMatchObject({
        name: 'RegisterFault',
        code: 'ERR_REGISTER_CLOSED',
      });
    });

    it('finishes at close what was asked before', async () => {
      const steps = Array.from({ length: 20 }, () => transitionsOf(someFacts()));
      const running = steps.map((step) => register.record(step.received));
      await reopen();
      for (const outcome of await Promise.all(running)) expect(outcome.outcome).toBe('recorded');
      expect(register.open()).toHaveLength(20);
    });
  });
}
