import type { MessageId } from '../../gateway/domain/message.ts';
import { isEndState } from '../../gateway/domain/lifecycle.ts';
import { waitingNotices } from '../../gateway/domain/notices.ts';
import type { PendingNotice } from '../../gateway/domain/notices.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { RegisterEntry, SentMessage } from '../../gateway/domain/register-entry.ts';
import { isAwaited, nextReplyStep } from '../../gateway/domain/reply-terms.ts';
import type { HeldMessage } from './apply-record.ts';
import { DueList } from './due-list.ts';
import { MonthMap } from './month-map.ts';
import { NoticeList } from './notice-list.ts';
import { withAnswer } from './reply-record.ts';
import type { Month } from './segments.ts';

/** Which bericht last came under a keyed kenmerk, and the keyed octets it came with. */
export interface Repeat {
  readonly messageId: MessageId;
  readonly octetsHmac: string;
}

/** What the log says, in memory. Only what is durable is put here. */
export class MessageIndex {
  readonly #messages = new Map<string, HeldMessage>();
  readonly #open = new DueList();
  readonly #replies = new DueList();
  readonly #notices = new NoticeList();
  readonly #repeats = new MonthMap<Repeat>();
  readonly #sent = new MonthMap<SentMessage>();
  readonly #awaited = new MonthMap<MessageId>();
  #ended: MessageId[] = [];

  find(messageId: MessageId): HeldMessage | undefined {
    return this.#messages.get(messageId);
  }

  open(): readonly RegisterEntry[] {
    return this.#entriesOf(this.#open.ids());
  }

  /** Takes time with what it gives, not with what waits. */
  pendingNotices(party: Oin, limit = Number.POSITIVE_INFINITY): readonly PendingNotice[] {
    return this.#notices.of(party, limit).flatMap((id) => this.findNotice(id) ?? []);
  }

  findNotice(noticeId: string): PendingNotice | undefined {
    const entry = this.#messages.get(this.#notices.find(noticeId) ?? '')?.entry;
    return entry === undefined ? undefined : waitingNotices(entry).find(({ id }) => id === noticeId);
  }

  dueReplies(at: number): readonly RegisterEntry[] {
    return this.#entriesOf(this.#replies.dueAt(at));
  }

  /** Puts a bericht as it is after a record. */
  put(held: HeldMessage): void {
    const { entry } = held;
    const { messageId, deadline } = entry.facts;
    const before = this.#messages.get(messageId)?.entry;
    this.#messages.set(messageId, held);
    if (before === undefined) this.#open.add({ at: deadline, id: messageId });
    if (before?.acceptedAt === undefined && entry.acceptedAt !== undefined) this.#accept(held, entry.acceptedAt);
    if (isEndState(entry.state) && before?.end === undefined) {
      this.#open.remove({ at: deadline, id: messageId });
      this.#ended.push(messageId);
    }
    this.#notices.put(before === undefined ? [] : waitingNotices(before), waitingNotices(entry));
    this.#putReply(before, entry);
  }

  findRepeat(month: Month, senderHmac: string): Repeat | undefined {
    return this.#repeats.find(month, senderHmac);
  }

  putRepeat(month: Month, senderHmac: string, repeat: Repeat): void {
    this.#repeats.put(month, senderHmac, repeat);
  }

  hasRepeats(month: Month): boolean {
    return this.#repeats.has(month);
  }

  forgetRepeats(month: Month): void {
    this.#repeats.forget(month);
  }

  findSent(month: Month, senderHmac: string): SentMessage | undefined {
    return this.#sent.find(month, senderHmac);
  }

  /** Nothing is put without a key. */
  putAwaited(month: Month, awaitedHmac: string | undefined, messageId: MessageId): void {
    if (awaitedHmac !== undefined) this.#awaited.put(month, awaitedHmac, messageId);
  }

  /** The bericht under the key while an answer to it would be in time. */
  findAwaiting(month: Month, awaitedHmac: string): RegisterEntry | undefined {
    const entry = this.#messages.get(this.#awaited.find(month, awaitedHmac) ?? '')?.entry;
    return entry !== undefined && canBeAnswered(entry) ? entry : undefined;
  }

  forgetSent(month: Month): void {
    this.#sent.forget(month);
    this.#awaited.forget(month);
  }

  /** Drops what ended before the instant, unless a notice of it still waits or its term runs. */
  forgetEnded(before: number): void {
    const first = this.#ended.findIndex((id) => (this.#messages.get(id)?.entry.end?.at ?? 0) >= before);
    const old = first === -1 ? this.#ended : this.#ended.slice(0, first);
    const young = first === -1 ? [] : this.#ended.slice(first);
    const kept = old.filter((id) => this.#isNeeded(id));
    const keep = new Set<string>(kept);
    for (const id of old) if (!keep.has(id)) this.#messages.delete(id);
    this.#ended = [...kept, ...young];
  }

  /** No attempt of before the restart can be answered any more. */
  endAttempts(): void {
    for (const id of this.#open.ids()) {
      const held = this.#messages.get(id);
      if (held?.attempting === true) this.#messages.set(id, { ...held, attempting: false });
    }
  }

  #entriesOf(ids: readonly string[]): readonly RegisterEntry[] {
    return ids.flatMap((id) => this.#messages.get(id)?.entry ?? []);
  }

  #isNeeded(id: string): boolean {
    const entry = this.#messages.get(id)?.entry;
    return entry !== undefined && (waitingNotices(entry).length > 0 || nextReplyStep(entry.reply) !== undefined);
  }

  #accept({ entry, sent }: HeldMessage, acceptedAt: number): void {
    const { messageId, messageType, sender, recipient, answers } = entry.facts;
    if (sent !== undefined) {
      this.#sent.put(sent.month, sent.senderHmac, { messageId, messageType, sender, recipient, acceptedAt });
    }
    const awaiting = this.#messages.get(answers ?? '');
    const answered = awaiting === undefined ? undefined : withAnswer(awaiting.entry, acceptedAt);
    if (awaiting !== undefined && answered !== undefined) this.put({ ...awaiting, entry: answered });
  }

  #putReply(before: RegisterEntry | undefined, { facts, reply }: RegisterEntry): void {
    const id = facts.messageId;
    const [earlier, next] = [nextReplyStep(before?.reply), nextReplyStep(reply)];
    if (earlier?.at === next?.at) return;
    if (earlier !== undefined) this.#replies.remove({ at: earlier.at, id });
    if (next !== undefined) this.#replies.add({ at: next.at, id });
  }
}

function canBeAnswered({ state, reply }: RegisterEntry): boolean {
  return reply !== undefined && isAwaited(reply) && (!isEndState(state) || state === 'delivered');
}
