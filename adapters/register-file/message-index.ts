import type { MessageId } from '../../gateway/domain/message.ts';
import { isEndState } from '../../gateway/domain/lifecycle.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { RegisterEntry } from '../../gateway/domain/register-entry.ts';
import { owesNotice } from './apply-record.ts';
import type { HeldMessage } from './apply-record.ts';
import { OpenList } from './open-list.ts';
import type { Month } from './segments.ts';

/** Which bericht last came under a keyed kenmerk, and the keyed octets it came with. */
export interface Repeat {
  readonly messageId: MessageId;
  readonly octetsHmac: string;
}

/** What the log says, in memory. Only what is durable is put here. */
export class MessageIndex {
  readonly #messages = new Map<string, HeldMessage>();
  readonly #open = new OpenList();
  readonly #notices = new Map<Oin, Set<MessageId>>();
  readonly #noticeIds = new Map<string, MessageId>();
  readonly #repeats = new Map<Month, Map<string, Repeat>>();
  #ended: MessageId[] = [];

  find(messageId: MessageId): HeldMessage | undefined {
    return this.#messages.get(messageId);
  }

  open(): readonly RegisterEntry[] {
    return this.#open.ids().flatMap((id) => this.#messages.get(id)?.entry ?? []);
  }

  /** Takes time with what it gives, not with what waits. */
  pendingNotices(sender: Oin, limit = Number.POSITIVE_INFINITY): readonly RegisterEntry[] {
    const pending: RegisterEntry[] = [];
    for (const id of this.#notices.get(sender) ?? []) {
      if (pending.length >= limit) break;
      const entry = this.#messages.get(id)?.entry;
      if (entry !== undefined) pending.push(entry);
    }
    return pending;
  }

  findNotice(noticeId: string): RegisterEntry | undefined {
    const id = this.#noticeIds.get(noticeId);
    return id === undefined ? undefined : this.#messages.get(id)?.entry;
  }

  /** Puts a bericht as it is after a record. */
  put(held: HeldMessage): void {
    const { entry } = held;
    const { messageId } = entry.facts;
    const before = this.#messages.get(messageId)?.entry;
    this.#messages.set(messageId, held);
    if (before === undefined) this.#open.add(entry);
    if (isEndState(entry.state) && before?.end === undefined) {
      this.#open.remove(entry);
      this.#ended.push(messageId);
    }
    this.#putNotice(entry);
  }

  findRepeat(month: Month, senderHmac: string): Repeat | undefined {
    return this.#repeats.get(month)?.get(senderHmac);
  }

  putRepeat(month: Month, senderHmac: string, repeat: Repeat): void {
    const repeats = this.#repeats.get(month) ?? new Map<string, Repeat>();
    repeats.set(senderHmac, repeat);
    this.#repeats.set(month, repeats);
  }

  hasRepeats(month: Month): boolean {
    return this.#repeats.has(month);
  }

  forgetRepeats(month: Month): void {
    this.#repeats.delete(month);
  }

  /** Drops what ended before the instant, unless its notice still waits. */
  forgetEnded(before: number): void {
    const first = this.#ended.findIndex((id) => (this.#messages.get(id)?.entry.end?.at ?? 0) >= before);
    const old = first === -1 ? this.#ended : this.#ended.slice(0, first);
    const young = first === -1 ? [] : this.#ended.slice(first);
    const kept = old.filter((id) => this.#isOwed(id));
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

  #isOwed(id: string): boolean {
    const held = this.#messages.get(id);
    return held !== undefined && owesNotice(held.entry);
  }

  #putNotice(entry: RegisterEntry): void {
    const { sender, messageId } = entry.facts;
    const noticeId = entry.end?.noticeId ?? '';
    if (owesNotice(entry)) {
      const ids = this.#notices.get(sender) ?? new Set<MessageId>();
      this.#notices.set(sender, ids.add(messageId));
      this.#noticeIds.set(noticeId, messageId);
    } else if (entry.noticeTaken) {
      this.#notices.get(sender)?.delete(messageId);
      this.#noticeIds.delete(noticeId);
    }
  }
}
