import type { MessageId } from '../domain/message.ts';
import type { Oin } from '../domain/oin.ts';
import type { RecordOutcome, RegisterEntry, Transition } from '../domain/register-entry.ts';

/**
 * The audit register. `record` appends one audit record and moves the state in one durable step: when it resolves, the
 * record survives a crash. State moves are compare-and-set by `isTransitionAllowed`; two racing calls never both win.
 * Implementations keep kenmerk and octets only as HMAC and never write anything that isn't named in `Transition`.
 * A write that fails rejects with RegisterFault and leaves the state as it was; the caller then publishes and answers nothing.
 */
export interface Register {
  record(transition: Transition): Promise<RecordOutcome>;
  find(messageId: MessageId): RegisterEntry | undefined;
  /** Berichten without end state, oldest deadline first. */
  open(): readonly RegisterEntry[];
  /** Ended berichten (delivered, refused, expired) of the sender whose notice wasn't taken, the `limit` that ended first. */
  pendingNotices(sender: Oin, limit?: number): readonly RegisterEntry[];
  /** The ended bericht whose notice has this id and wasn't taken. */
  findNotice(noticeId: string): RegisterEntry | undefined;
  /** Whether the last write succeeded. */
  isHealthy(): boolean;
  /** Waits for running writes, signs a checkpoint, closes. */
  close(): Promise<void>;
}
