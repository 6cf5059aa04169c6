import type { ConfirmChannel } from 'amqplib';
import type { PublishOutcome } from '../../gateway/ports/broker.ts';
import type { PublishRequest } from './build-publish.ts';
import { toDelivery } from './delivery.ts';

interface Entry {
  readonly messageId: string;
  /** Present until handed to the channel, so that an unconfirmed publish holds no body. */
  request: PublishRequest | undefined;
  tag: number | undefined;
  isReturned: boolean;
  readonly settle: (outcome: PublishOutcome) => void;
}

/**
 * Publishes on one confirm channel, for as long as that channel lives. Confirms are pipelined. The table of unconfirmed
 * publishes is our own: amqplib's callbacks know neither `basic.return` nor deadlines.
 *
 * Outcomes: `unavailable` only if no byte was handed to the channel; once handed over and then neither confirmed,
 * returned nor nacked (deadline, channel or connection gone) the fate is unknown and the outcome `timed-out`.
 */
export class Publisher {
  readonly #channel: ConfirmChannel;
  /** By delivery tag; tags rise, so the order is that of publishing. */
  readonly #unconfirmed = new Map<number, Entry>();
  readonly #waiting = new Set<Entry>();
  readonly #open = new Set<Promise<PublishOutcome>>();
  #nextTag = 1;
  #isWritable = true;
  #isOpen = true;

  constructor(channel: ConfirmChannel) {
    this.#channel = channel;
    channel.on('ack', ({ deliveryTag, multiple }) => {
      this.#answer('confirmed', deliveryTag, multiple);
    });
    channel.on('nack', ({ deliveryTag, multiple }) => {
      this.#answer('nacked', deliveryTag, multiple);
    });
    channel.on('return', (message) => {
      this.#return(toDelivery(message).messageId);
    });
    channel.on('drain', () => {
      this.#isWritable = true;
      this.#flush();
    });
    channel.on('close', () => {
      this.#close();
    });
  }

  /** Resolves within `timeoutMs`, of which waiting for a full channel to drain is part. */
  publish(request: PublishRequest, timeoutMs: number): Promise<PublishOutcome> {
    if (!this.#isOpen) return Promise.resolve('unavailable');
    const outcome = new Promise<PublishOutcome>((resolve) => {
      const timer = setTimeout(() => {
        this.#expire(entry);
      }, timeoutMs);
      const entry: Entry = {
        messageId: request.messageId,
        request,
        tag: undefined,
        isReturned: false,
        settle: (outcome) => {
          clearTimeout(timer);
          resolve(outcome);
        },
      };
      this.#waiting.add(entry);
      this.#flush();
    });
    this.#open.add(outcome);
    void outcome.then(() => this.#open.delete(outcome));
    return outcome;
  }

  /** Resolves when every publish has its outcome; each has one within its time. */
  async idle(): Promise<void> {
    await Promise.all(this.#open);
  }

  #flush(): void {
    for (const entry of this.#waiting) {
      if (!this.#isWritable) return;
      this.#waiting.delete(entry);
      this.#send(entry);
    }
  }

  #send(entry: Entry): void {
    const { request } = entry;
    if (request === undefined) return;
    entry.request = undefined;
    try {
      this.#isWritable = this.#channel.publish('', request.routingKey, request.content, request.options);
    } catch {
      // amqplib throws before it writes: the channel is closing.
      entry.settle('unavailable');
      return;
    }
    entry.tag = this.#nextTag;
    this.#nextTag += 1;
    this.#unconfirmed.set(entry.tag, entry);
  }

  #answer(outcome: 'confirmed' | 'nacked', deliveryTag: number, multiple: boolean): void {
    if (!multiple) {
      this.#settle(deliveryTag, outcome);
      return;
    }
    for (const tag of this.#unconfirmed.keys()) {
      if (tag > deliveryTag) return;
      this.#settle(tag, outcome);
    }
  }

  // RabbitMQ confirms what it could not route too, after the return: a confirm alone is no route.
  #settle(tag: number, outcome: 'confirmed' | 'nacked'): void {
    const entry = this.#unconfirmed.get(tag);
    this.#unconfirmed.delete(tag);
    entry?.settle(entry.isReturned ? 'returned' : outcome);
  }

  // A return carries no delivery tag. Should two publishes of one id be out, both count as returned: erring to the side
  // on which nobody gets a receipt.
  #return(messageId: string): void {
    for (const entry of this.#unconfirmed.values()) {
      if (entry.messageId === messageId) entry.isReturned = true;
    }
  }

  #expire(entry: Entry): void {
    const isSent = entry.tag !== undefined;
    this.#waiting.delete(entry);
    if (entry.tag !== undefined) this.#unconfirmed.delete(entry.tag);
    if (entry.isReturned) entry.settle('returned');
    else entry.settle(isSent ? 'timed-out' : 'unavailable');
  }

  #close(): void {
    this.#isOpen = false;
    for (const entry of this.#unconfirmed.values()) entry.settle(entry.isReturned ? 'returned' : 'timed-out');
    for (const entry of this.#waiting) entry.settle('unavailable');
    this.#unconfirmed.clear();
    this.#waiting.clear();
  }
}
