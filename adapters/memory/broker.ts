import type {
  Broker,
  BrokerDelivery,
  FetchedMessage,
  PublishOutcome,
  SealedMessage,
  Settlement,
  Subscription,
} from '../../gateway/ports/broker.ts';
import { BrokerFault } from '../../gateway/ports/faults.ts';
import { MemoryQueue } from './queue.ts';

// Half of what the gateway may use in all (300 MB), so that a full broker still leaves room to work.
const DEFAULT_MAX_BYTES = 128 * 1024 * 1024;

/**
 * A broker within the process: nothing touches a disk and nothing survives the process. Holds at most `maxBytes` of
 * ciphertext, handed-out messages included; a publish that would exceed it is `nacked`.
 */
export function createMemoryBroker(options: { readonly maxBytes?: number } = {}): Broker {
  return new MemoryBroker(options.maxBytes ?? DEFAULT_MAX_BYTES);
}

class MemoryBroker implements Broker {
  readonly durable = false;
  readonly #maxBytes: number;
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #listeners = new Set<(healthy: boolean) => void>();
  #bytes = 0;
  #isOpen = true;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  async ensurePoints(points: readonly string[]): Promise<void> {
    for (const point of points) {
      if (!this.#queues.has(point)) this.#queues.set(point, new MemoryQueue((bytes) => (this.#bytes -= bytes)));
    }
  }

  async publish(message: SealedMessage): Promise<PublishOutcome> {
    if (!this.#isOpen) return 'unavailable';
    const queue = this.#queues.get(message.connectionPoint);
    if (queue === undefined) return 'returned';
    const bytes = message.ciphertext.byteLength;
    if (this.#bytes + bytes > this.#maxBytes) return 'nacked';
    this.#bytes += bytes;
    queue.add(message);
    return 'confirmed';
  }

  async consume(
    point: string,
    options: { readonly prefetch: number },
    handler: (delivery: BrokerDelivery) => Promise<Settlement>,
  ): Promise<Subscription> {
    return this.#queueOf(point).consume(options.prefetch, handler);
  }

  async fetch(point: string): Promise<FetchedMessage | undefined> {
    return this.#queueOf(point).fetch();
  }

  isHealthy(): boolean {
    return this.#isOpen;
  }

  onHealth(listener: (healthy: boolean) => void): () => void {
    const own = (healthy: boolean): void => {
      listener(healthy);
    };
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Takes no more, then waits for the handlers that run. What is left is gone. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const listener of this.#listeners) listener(false);
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  #queueOf(point: string): MemoryQueue {
    const queue = this.#queues.get(point);
    if (!this.#isOpen) throw new BrokerFault('ERR_BROKER_UNAVAILABLE');
    if (queue === undefined) throw new BrokerFault('ERR_BROKER_POINT_UNKNOWN');
    return queue;
  }
}
