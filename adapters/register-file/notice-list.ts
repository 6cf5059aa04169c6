import type { MessageId } from '../../gateway/domain/message.ts';
import type { PendingNotice } from '../../gateway/domain/notices.ts';
import type { Oin } from '../../gateway/domain/oin.ts';

/** Ids of the notices that wait, of each party in the order they came. */
export class NoticeList {
  readonly #parties = new Map<Oin, Set<string>>();
  readonly #messages = new Map<string, MessageId>();

  /** Takes time with what it gives. */
  of(party: Oin, limit: number): readonly string[] {
    const ids: string[] = [];
    for (const id of this.#parties.get(party) ?? []) {
      if (ids.length >= limit) break;
      ids.push(id);
    }
    return ids;
  }

  find(noticeId: string): MessageId | undefined {
    return this.#messages.get(noticeId);
  }

  /** Replaces the notices of a bericht as they were by those that wait now. */
  put(before: readonly PendingNotice[], now: readonly PendingNotice[]): void {
    for (const { id, party } of before) {
      if (now.some((notice) => notice.id === id)) continue;
      this.#parties.get(party)?.delete(id);
      this.#messages.delete(id);
    }
    for (const { id, party, entry } of now) {
      const ids = this.#parties.get(party) ?? new Set<string>();
      this.#parties.set(party, ids.add(id));
      this.#messages.set(id, entry.facts.messageId);
    }
  }
}
