import type {
  BrokerDelivery,
  FetchedMessage,
  SealedMessage,
  Settlement,
  Subscription,
} from '../../gateway/ports/broker.ts';

type Handler = (delivery: BrokerDelivery) => Promise<Settlement>;

interface Entry {
  readonly place: number;
  readonly messageId: string;
  readonly ciphertext: Uint8Array;
  redelivered: boolean;
}

/** One point's messages, oldest first; a requeued one goes back to its old place. */
export class MemoryQueue {
  readonly #release: (bytes: number) => void;
  readonly #waiting: Entry[] = [];
  readonly #consumers = new Set<MemoryConsumer>();
  #nextPlace = 0;
  #isDispatching = false;

  /** `release` is told the bytes of each message that left for good. */
  constructor(release: (bytes: number) => void) {
    this.#release = release;
  }

  add({ messageId, ciphertext }: SealedMessage): void {
    this.#waiting.push({ place: this.#nextPlace, messageId, ciphertext, redelivered: false });
    this.#nextPlace += 1;
    this.dispatch();
  }

  consume(prefetch: number, handler: Handler): Subscription {
    const consumer: MemoryConsumer = new MemoryConsumer(this, {
      prefetch,
      handler,
      onClosed: () => void this.#consumers.delete(consumer),
    });
    this.#consumers.add(consumer);
    this.dispatch();
    return consumer;
  }

  fetch(): FetchedMessage | undefined {
    const entry = this.#waiting.shift();
    if (entry === undefined) return undefined;
    let isSettled = false;
    return {
      ...toDelivery(entry),
      settle: async (settlement) => {
        if (!isSettled) this.settle(entry, settlement);
        isSettled = true;
      },
    };
  }

  settle(entry: Entry, settlement: Settlement): void {
    if (settlement === 'ack') {
      this.#release(entry.ciphertext.byteLength);
      return;
    }
    entry.redelivered = true;
    const next = this.#waiting.findIndex(({ place }) => place > entry.place);
    this.#waiting.splice(next < 0 ? this.#waiting.length : next, 0, entry);
    this.dispatch();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
  }

  /** Hands out later in the loop: never inside a publish, and a handler that requeues at once can't starve the process. */
  dispatch(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    setImmediate(() => {
      this.#isDispatching = false;
      this.#handOut();
    });
  }

  #handOut(): void {
    for (const consumer of this.#consumers) {
      while (consumer.hasRoom()) {
        const entry = this.#waiting.shift();
        if (entry === undefined) return;
        consumer.take(entry);
      }
    }
  }
}

interface ConsumerOptions {
  readonly prefetch: number;
  readonly handler: Handler;
  readonly onClosed: () => void;
}

class MemoryConsumer implements Subscription {
  readonly #queue: MemoryQueue;
  readonly #options: ConsumerOptions;
  readonly #running = new Set<Promise<void>>();
  #prefetch: number;
  #isPaused = false;

  constructor(queue: MemoryQueue, options: ConsumerOptions) {
    this.#queue = queue;
    this.#options = options;
    this.#prefetch = options.prefetch;
  }

  hasRoom(): boolean {
    return !this.#isPaused && this.#running.size < this.#prefetch;
  }

  take(entry: Entry): void {
    const run = this.#run(entry);
    this.#running.add(run);
    void run.then(() => {
      this.#running.delete(run);
      this.#queue.dispatch();
    });
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
  }

  async resume(prefetch: number): Promise<void> {
    this.#prefetch = prefetch;
    this.#isPaused = false;
    this.#queue.dispatch();
  }

  async close(): Promise<void> {
    this.#isPaused = true;
    this.#options.onClosed();
    await Promise.all(this.#running);
  }

  async #run(entry: Entry): Promise<void> {
    this.#queue.settle(entry, await this.#decide(toDelivery(entry)));
  }

  // The port says that handlers never reject; one that does must not lose its message.
  async #decide(delivery: BrokerDelivery): Promise<Settlement> {
    try {
      return await this.#options.handler(delivery);
    } catch {
      return 'requeue';
    }
  }
}

function toDelivery({ messageId, ciphertext, redelivered }: Entry): BrokerDelivery {
  return { messageId, ciphertext, redelivered };
}
