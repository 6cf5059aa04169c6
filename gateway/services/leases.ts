import type { MessageId } from '../domain/message.ts';
import { mayReceive } from '../domain/participants.ts';
import type { ConnectionPoint } from '../domain/participants.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import type { FetchedMessage, Settlement } from '../ports/broker.ts';
import { faultName } from './backoff.ts';
import { isHeld } from './emergency-stop.ts';
import type { Parts } from './parts.ts';
import { openDelivery } from './sealed-delivery.ts';
import type { OpenedDelivery } from './sealed-delivery.ts';

/**
 * A bericht handed to a recipient that pulls, until it confirms, refuses, or the time is over. Holds nothing of its
 * content: what a recipient leaves unconfirmed must not fill the memory.
 */
export interface Lease {
  readonly entry: RegisterEntry;
  readonly digest: string;
  readonly point: ConnectionPoint;
  /** The broker forgets the bericht and the lease is over. */
  release(): Promise<void>;
  /** The bericht was not handed out after all: it goes back to its queue. */
  giveBack(): Promise<void>;
}

/** The leases of this process; after a crash the broker hands the berichten out again, marked as a repeat. */
export interface Leases {
  /**
   * Leases what was fetched; `nothing` when there is nothing to deliver in it, `withheld` when it went back because the
   * owner of the point may not receive its type (any more), or an emergency stop holds it.
   */
  take(point: ConnectionPoint, fetched: FetchedMessage): Promise<OpenedDelivery | 'nothing' | 'withheld'>;
  find(messageId: MessageId): Lease | undefined;
  /** Gives every leased bericht back to its queue. */
  close(): Promise<void>;
}

/** Keeps leases in memory and ends each by itself after `leaseMs`. */
export function createLeases(parts: Parts): Leases {
  const held = new Map<MessageId, HeldLease>();
  return {
    async take(point, fetched) {
      const opened = await lend(parts, point, fetched);
      if (typeof opened === 'string') {
        await fetched.settle(opened === 'nothing' ? 'ack' : 'requeue');
        return opened;
      }
      const { messageId } = opened.entry.facts;
      const lease: HeldLease = new HeldLease(
        { opened, point, fetched },
        {
          forget: () => {
            if (held.get(messageId) === lease) held.delete(messageId);
          },
          giveBack: () => giveBack(parts, lease, { fault: 'withheld', answered: true }),
        },
      );
      // The broker takes a hand-out back with its connection and makes another: that one counts from here on.
      await held.get(messageId)?.end('requeue');
      held.set(messageId, lease);
      void expire(parts, lease);
      return opened;
    },
    find: (messageId) => held.get(messageId),
    async close() {
      await Promise.all([...held.values()].map((lease) => lease.end('requeue')));
    },
  };
}

class HeldLease implements Lease {
  readonly entry: RegisterEntry;
  readonly digest: string;
  readonly point: ConnectionPoint;
  readonly #giveBack: () => Promise<void>;
  readonly #settle: FetchedMessage['settle'];
  readonly #forget: () => void;
  readonly #ending = new AbortController();

  constructor(
    { opened, point, fetched }: { opened: OpenedDelivery; point: ConnectionPoint; fetched: FetchedMessage },
    { forget, giveBack }: { readonly forget: () => void; readonly giveBack: () => Promise<void> },
  ) {
    this.entry = opened.entry;
    this.digest = opened.content.digest;
    this.point = point;
    this.#settle = fetched.settle;
    this.#forget = forget;
    this.#giveBack = giveBack;
  }

  giveBack(): Promise<void> {
    return this.#giveBack();
  }

  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  release(): Promise<void> {
    return this.end('ack');
  }

  async end(settlement: Settlement): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    this.#forget();
    await this.#settle(settlement);
  }
}

// What can't be lent now goes back to its queue: left alone it would stay out until the connection ends.
async function lend(
  parts: Parts,
  point: ConnectionPoint,
  fetched: FetchedMessage,
): Promise<OpenedDelivery | 'nothing' | 'withheld'> {
  try {
    const opened = await openDelivery(parts, point.id, fetched);
    if (opened === undefined) return 'nothing';
    const { messageType: type } = opened.entry.facts;
    if (isHeld(parts, opened.entry, point)) return 'withheld';
    if (!mayReceive(parts.standing().rules, { point, type }, parts.clock.now())) return 'withheld';
    return (await recordAttempt(parts, opened)) ? opened : 'nothing';
  } catch (cause) {
    await fetched.settle('requeue');
    throw cause;
  }
}

async function recordAttempt(parts: Parts, { entry }: OpenedDelivery): Promise<boolean> {
  const { messageId, connectionPoint } = entry.facts;
  const attempted = await parts.register.record({ kind: 'attempted', at: parts.clock.now(), messageId });
  if (attempted.outcome !== 'recorded') return false;
  parts.events.emit({ name: 'MessageAttempted', messageId, connectionPoint, attempt: entry.attempts + 1 });
  return true;
}

async function expire(parts: Parts, lease: HeldLease): Promise<void> {
  await parts.clock.sleep(parts.settings.leaseMs, lease.ended);
  if (!lease.ended.aborted) await giveBack(parts, lease, { fault: 'lease-expired', answered: false });
}

async function giveBack(
  parts: Parts,
  lease: HeldLease,
  { fault, answered }: { readonly fault: string; readonly answered: boolean },
): Promise<void> {
  const { messageId, connectionPoint } = lease.entry.facts;
  parts.events.emit({ name: 'AttemptFailed', messageId, connectionPoint, fault });
  try {
    await parts.register.record({ kind: 'attempt-failed', at: parts.clock.now(), messageId, fault, answered });
  } catch (cause) {
    // The attempt stays on record as unanswered, which it is.
    parts.events.emit({ name: 'FaultOccurred', where: 'lease', fault: faultName(cause) });
  }
  await lease.end('requeue');
  parts.bell.ring(connectionPoint);
}
