import type { MessageId } from '../domain/message.ts';
import type { ConnectionPoint } from '../domain/participants.ts';
import type { FetchedMessage, Settlement } from '../ports/broker.ts';
import { faultName } from './backoff.ts';
import type { Parts } from './parts.ts';
import { openDelivery } from './sealed-delivery.ts';
import type { OpenedDelivery } from './sealed-delivery.ts';

/** A bericht handed to a recipient that pulls, until it confirms, refuses, or the time is over. */
export interface Lease {
  readonly opened: OpenedDelivery;
  readonly point: ConnectionPoint;
  /** The broker forgets the bericht and the lease is over. */
  release(): Promise<void>;
}

/** The leases of this process; after a crash the broker hands the berichten out again, marked as a repeat. */
export interface Leases {
  /** Leases what was fetched; undefined when there is nothing to deliver in it. */
  take(point: ConnectionPoint, fetched: FetchedMessage): Promise<Lease | undefined>;
  find(messageId: MessageId): Lease | undefined;
  /** Gives every leased bericht back to its queue. */
  close(): Promise<void>;
}

/** Keeps leases in memory and ends each by itself after `leaseMs`. */
export function createLeases(parts: Parts): Leases {
  const held = new Map<MessageId, HeldLease>();
  return {
    async take(point, fetched) {
      const opened = await openDelivery(parts, point.id, fetched);
      if (opened === undefined || !(await recordAttempt(parts, opened))) {
        await fetched.settle('ack');
        return undefined;
      }
      const { messageId } = opened.entry.facts;
      const lease = new HeldLease({ opened, point, fetched }, () => held.delete(messageId));
      held.set(messageId, lease);
      void expire(parts, lease);
      return lease;
    },
    find: (messageId) => held.get(messageId),
    async close() {
      await Promise.all([...held.values()].map((lease) => lease.end('requeue')));
    },
  };
}

class HeldLease implements Lease {
  readonly opened: OpenedDelivery;
  readonly point: ConnectionPoint;
  readonly #fetched: FetchedMessage;
  readonly #forget: () => void;
  readonly #ending = new AbortController();

  constructor(
    { opened, point, fetched }: { opened: OpenedDelivery; point: ConnectionPoint; fetched: FetchedMessage },
    forget: () => void,
  ) {
    this.opened = opened;
    this.point = point;
    this.#fetched = fetched;
    this.#forget = forget;
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
    await this.#fetched.settle(settlement);
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
  if (lease.ended.aborted) return;
  const { messageId, connectionPoint } = lease.opened.entry.facts;
  parts.events.emit({ name: 'AttemptFailed', messageId, connectionPoint, fault: 'lease-expired' });
  try {
    const at = parts.clock.now();
    await parts.register.record({ kind: 'attempt-failed', at, messageId, fault: 'lease-expired', answered: false });
    await lease.end('requeue');
  } catch (cause) {
    parts.events.emit({ name: 'FaultOccurred', where: 'lease', fault: faultName(cause) });
  }
  parts.bell.ring(connectionPoint);
}
