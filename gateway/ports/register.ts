import type { Instant, MessageId } from '../domain/message.ts';
import type { Oin } from '../domain/oin.ts';
import type { PendingNotice } from '../domain/notices.ts';
import type { LoadedRules } from '../domain/rule-approval.ts';
import type { RecordOutcome, RegisterEntry, RepeatKey, SentMessage, Transition } from '../domain/register-entry.ts';

/**
 * The audit register. `record` appends one audit record and moves the state in one durable step: when it resolves, the
 * record survives a crash. State moves are compare-and-set by `isTransitionAllowed`; two racing calls never both win.
 * The acceptance of a bericht that answers another stops the other's term in the same step.
 * Implementations keep kenmerk and octets only as HMAC and never write anything that isn't named in `Transition`.
 * A write that fails rejects with RegisterFault and leaves the state as it was; the caller then publishes and answers nothing.
 */
export interface Register {
  record(transition: Transition): Promise<RecordOutcome>;
  find(messageId: MessageId): RegisterEntry | undefined;
  /** Berichten without end state, oldest deadline first. */
  open(): readonly RegisterEntry[];
  /** Notices to the party that it hasn't taken, the `limit` that came first. */
  pendingNotices(party: Oin, limit?: number): readonly PendingNotice[];
  /** The notice with this id, unless it was taken. */
  findNotice(noticeId: string): PendingNotice | undefined;
  /** The bericht that this one repeats: the one with which `received` would answer `duplicate`. */
  findRepeat(repeatKey: Pick<RepeatKey, 'sender' | 'octets'>): RegisterEntry | undefined;
  /** The latest bericht to the recipient that was accepted under this sender and kenmerk (`RepeatKey.sender`), for five months at least. */
  findSent(sender: RepeatKey['sender'], recipient: Oin): SentMessage | undefined;
  /** The latest bericht received under this recipient and kenmerk (`RepeatKey.awaited`) whose answer would be in time. */
  findAwaiting(awaited: string): RegisterEntry | undefined;
  /** Delivered berichten whose reminder or missed term is due at the instant, and not on record. */
  dueReplies(at: Instant): readonly RegisterEntry[];
  /** The rule set that went on record last; undefined before the first. */
  rulesInForce(): LoadedRules | undefined;
  /** Whether the last write succeeded. */
  isHealthy(): boolean;
  /** Waits for running writes, signs a checkpoint, closes. */
  close(): Promise<void>;
}
