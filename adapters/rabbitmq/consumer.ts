import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { BrokerDelivery, Settlement, Subscription } from '../../gateway/ports/broker.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import { toDelivery } from './delivery.ts';

/** What a consumer is for. */
export interface ConsumerOptions {
  readonly queue: string;
  readonly prefetch: number;
  readonly handler: (delivery: BrokerDelivery) => Promise<Settlement>;
  readonly clock: Clock;
  /** How long `close` waits for handlers that run. */
  readonly drainMs: number;
  /** Called when there is no channel and nobody asked for that. */
  readonly onDetached: () => void;
  readonly onClosed: () => void;
}

interface Session {
  readonly channel: Channel;
  isOpen: boolean;
  consumerTag: string | undefined;
}

interface Waiting {
  readonly session: Session;
  readonly message: ConsumeMessage;
  readonly delivery: BrokerDelivery;
}

/**
 * The consumer of one queue over all connections, on a channel of its own, so that what goes wrong for one connection
 * point closes no other's. RabbitMQ closes a channel whose delivery stays unacknowledged for 30 minutes
 * (`consumer_timeout`); a handler is one delivery attempt and ends within minutes.
 */
export class Consumer implements Subscription {
  readonly #options: ConsumerOptions;
  #prefetch: number;
  #isReleased = false;
  #isPaused = false;
  #isClosed = false;
  #session: Session | undefined;
  /** Handed to us, not to the handler yet. Holds few: what was prefetched while older handlers still run. */
  #waiting: readonly Waiting[] = [];
  /** Bericht-Ids in the handler, also those of connections that are gone. */
  readonly #running = new Set<string>();
  readonly #onIdle: (() => void)[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#prefetch = options.prefetch;
  }

  isAttached(): boolean {
    return this.#session !== undefined;
  }

  /** Starts on this connection, unless attached, paused or closed. Never rejects; a failure calls `onDetached`. */
  attach(connection: ChannelModel): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed || this.#session !== undefined) return;
      const channel = await connection.createChannel().catch(ignoreClosed);
      if (channel === undefined) {
        this.#options.onDetached();
        return;
      }
      const session: Session = { channel, isOpen: true, consumerTag: undefined };
      // An error is followed by `close`, which decides.
      channel.on('error', () => undefined);
      channel.on('close', () => {
        this.#lose(session);
      });
      this.#session = session;
      if (!this.#isPaused) await this.#start(session);
    });
  }

  /** Lets hand-outs reach the handler: not before its user holds the subscription, which the handler may pause. */
  release(): void {
    this.#isReleased = true;
    this.#startWaiting();
  }

  /** Doesn't wait for handlers that run, so a handler may call it. */
  pause(): Promise<void> {
    this.#isPaused = true;
    this.#giveBackWaiting();
    return this.#inTurn(async () => {
      this.#isPaused = true;
      await this.#stop();
    });
  }

  resume(prefetch: number): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed) return;
      await this.#stop();
      this.#prefetch = prefetch;
      this.#isPaused = false;
      if (this.#session !== undefined) await this.#start(this.#session);
    });
  }

  /** Stops hand-outs, waits a bounded time for the handlers that run, and closes the channel. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#giveBackWaiting();
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#drain();
      const session = this.#session;
      this.#session = undefined;
      if (session?.isOpen === true) await session.channel.close().catch(ignoreClosed);
      this.#options.onClosed();
    });
  }

  async #start(session: Session): Promise<void> {
    const take = (message: ConsumeMessage | null): void => {
      this.#take(session, message);
    };
    try {
      await session.channel.prefetch(this.#prefetch);
      const { consumerTag } = await session.channel.consume(this.#options.queue, take, { noAck: false });
      session.consumerTag = consumerTag;
    } catch {
      // The channel is closing or closed; its `close` event decides what follows.
    }
  }

  async #stop(): Promise<void> {
    const session = this.#session;
    const consumerTag = session?.consumerTag;
    if (session === undefined || consumerTag === undefined) return;
    session.consumerTag = undefined;
    if (session.isOpen) await session.channel.cancel(consumerTag).catch(ignoreClosed);
  }

  #take(session: Session, message: ConsumeMessage | null): void {
    if (message === null) {
      // The broker ended the consumer (queue deleted, its node down): a new channel declares and consumes anew.
      session.channel.close().catch(ignoreClosed);
      return;
    }
    const taken = { session, message, delivery: toDelivery(message) };
    if (this.#isPaused || this.#isClosed) {
      settle(taken, 'requeue');
      return;
    }
    this.#waiting = [...this.#waiting, taken];
    this.#startWaiting();
  }

  // The broker's prefetch counts a consumer's own deliveries only; what an earlier consumer or connection handed out may
  // still be in the handler, and the same bericht must not be in it twice.
  #startWaiting(): void {
    while (this.#isReleased && this.#running.size < this.#prefetch) {
      const next = this.#waiting.find(({ delivery }) => !this.#running.has(delivery.messageId));
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
      void this.#run(next);
    }
  }

  async #run(taken: Waiting): Promise<void> {
    const { messageId } = taken.delivery;
    this.#running.add(messageId);
    settle(taken, await this.#decide(taken.delivery));
    this.#running.delete(messageId);
    this.#startWaiting();
    if (this.#running.size === 0) for (const idle of this.#onIdle.splice(0)) idle();
  }

  // The port says that handlers never reject; one that does must not lose its message.
  async #decide(delivery: BrokerDelivery): Promise<Settlement> {
    try {
      return await this.#options.handler(delivery);
    } catch {
      return 'requeue';
    }
  }

  #giveBackWaiting(): void {
    for (const waiting of this.#waiting) settle(waiting, 'requeue');
    this.#waiting = [];
  }

  #lose(session: Session): void {
    session.isOpen = false;
    this.#waiting = this.#waiting.filter((waiting) => waiting.session !== session);
    if (this.#session !== session) return;
    this.#session = undefined;
    if (!this.#isClosed) this.#options.onDetached();
  }

  async #drain(): Promise<void> {
    if (this.#running.size === 0) return;
    const drained = new AbortController();
    this.#onIdle.push(() => {
      drained.abort();
    });
    await this.#options.clock.sleep(this.#options.drainMs, drained.signal);
  }

  // attach, pause, resume and close each take several steps on the channel; one at a time.
  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function settle({ session, message }: Waiting, settlement: Settlement): void {
  // After the channel is gone the broker hands the message out again by itself.
  if (!session.isOpen) return;
  try {
    if (settlement === 'ack') session.channel.ack(message);
    else session.channel.nack(message, false, true);
  } catch {
    // The channel is closing, which gives the message back.
  }
}

// amqplib throws on a channel that is closing or closed; its `close` event decides what follows.
function ignoreClosed(): undefined {
  return undefined;
}
