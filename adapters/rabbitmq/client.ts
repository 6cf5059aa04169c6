import type { ChannelModel } from 'amqplib';
import type {
  Broker,
  BrokerDelivery,
  FetchedMessage,
  PublishOutcome,
  SealedMessage,
  Settlement,
  Subscription,
} from '../../gateway/ports/broker.ts';
import type { Events } from '../../gateway/ports/events.ts';
import type { GatewayFault } from '../../gateway/ports/faults.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import { buildPublish } from './build-publish.ts';
import { resolveRabbitmqConfig, type RabbitmqConfig, type ResolvedRabbitmqConfig } from './config.ts';
import { Consumer } from './consumer.ts';
import { toFault, unavailable, unknownPoint } from './errors.ts';
import { Fetcher } from './fetcher.ts';
import { Health } from './health.ts';
import { Link } from './link.ts';
import { bodyLimit, probeMessageLimit } from './probe.ts';
import { Publisher } from './publisher.ts';
import { Queues } from './queues.ts';

/** Configuration, and what the adapter needs of the gateway. */
export type RabbitmqOptions = RabbitmqConfig & { readonly events: Events; readonly clock: Clock };

/**
 * Opens the broker. Resolves when it is connected, or after `startWaitMs` while it isn't: it is unhealthy then and goes on
 * trying for ever. Rejects with ConfigurationFault if the configuration is wrong, or if the broker, reached within that
 * time, doesn't take bodies of `maxMessageBytes`.
 */
export async function openRabbitmqBroker(options: RabbitmqOptions): Promise<Broker> {
  const { events, clock, ...config } = options;
  const broker = new RabbitmqBroker({ config: resolveRabbitmqConfig(config), events, clock });
  try {
    await broker.started();
  } catch (error) {
    await broker.close();
    throw error;
  }
  return broker;
}

interface Context {
  readonly config: ResolvedRabbitmqConfig;
  readonly events: Events;
  readonly clock: Clock;
}

interface Consuming {
  readonly connection: ChannelModel;
  readonly fetcher: Fetcher;
}

// Frames of up to 128 kB that may wait in the publishing channel, beyond the bericht being written, before others wait.
const PUBLISH_HIGH_WATER_FRAMES = 256;

/**
 * Two connections: in an alarm of memory or disk RabbitMQ stops reading from a connection that publishes, and the
 * acknowledgements that would free that memory must not stand behind it.
 */
class RabbitmqBroker implements Broker {
  readonly durable = true;
  readonly #config: ResolvedRabbitmqConfig;
  readonly #clock: Clock;
  readonly #queues: Queues;
  readonly #health: Health;
  readonly #publishing: Link<Publisher>;
  readonly #consuming: Link<Consuming>;
  readonly #consumers = new Map<Consumer, string>();
  readonly #stop = new AbortController();
  #isBlocked = false;
  #isReattaching = false;

  constructor({ config, events, clock }: Context) {
    this.#config = config;
    this.#clock = clock;
    this.#queues = new Queues(config);
    this.#health = new Health(events);
    const shared = {
      config,
      clock,
      onFault: (fault: GatewayFault): void => {
        this.#health.fail(fault);
      },
    };
    this.#publishing = new Link({
      ...shared,
      setUp: (connection) => this.#setUpPublishing(connection),
      onChange: () => {
        this.#updateHealth();
      },
    });
    this.#consuming = new Link({
      ...shared,
      setUp: (connection) => this.#setUpConsuming(connection),
      onChange: () => {
        this.#updateHealth();
        // What was asked for while the set-up ran.
        void this.#catchUp();
      },
    });
  }

  /** Resolves on the first health or after the start wait; rejects on a fault that waiting can't mend. */
  async started(): Promise<void> {
    const waited = new AbortController();
    const first = this.#health.first().finally(() => {
      waited.abort();
    });
    await Promise.race([first, this.#clock.sleep(this.#config.startWaitMs, waited.signal)]);
  }

  /** While disconnected the points are remembered, and declared before the broker is healthy again. */
  async ensurePoints(points: readonly string[]): Promise<void> {
    this.#queues.want(points);
    const consuming = this.#consuming.current();
    if (consuming === undefined) return;
    await this.#queues.declare(consuming.connection, points).catch(rethrow);
    await this.#attachConsumers(consuming.connection);
    const refusal = this.#queues.refusal(points);
    if (refusal !== undefined) throw refusal;
  }

  publish(message: SealedMessage, options: { readonly timeoutMs: number }): Promise<PublishOutcome> {
    const publisher = this.#isBlocked || this.#stop.signal.aborted ? undefined : this.#publishing.current();
    if (publisher === undefined) return Promise.resolve('unavailable');
    if (!this.#queues.isUsable(message.connectionPoint)) return Promise.resolve('unavailable');
    // The broker would close the channel over it, and every other publish would lose its outcome.
    if (message.ciphertext.byteLength > bodyLimit(this.#config)) return Promise.resolve('nacked');
    return publisher.publish(buildPublish(message, this.#config), options.timeoutMs);
  }

  async consume(
    point: string,
    options: { readonly prefetch: number },
    handler: (delivery: BrokerDelivery) => Promise<Settlement>,
  ): Promise<Subscription> {
    if (!this.#queues.isWanted(point)) throw unknownPoint();
    const consumer = new Consumer({
      queue: this.#queues.nameOf(point),
      prefetch: options.prefetch,
      handler,
      clock: this.#clock,
      drainMs: this.#config.drainMs,
      onDetached: () => void this.#reattach(),
      onClosed: () => void this.#consumers.delete(consumer),
    });
    this.#consumers.set(consumer, point);
    const consuming = this.#consuming.current();
    if (consuming !== undefined && this.#queues.isUsable(point)) await consumer.attach(consuming.connection);
    setImmediate(() => {
      consumer.release();
    });
    return consumer;
  }

  async fetch(point: string): Promise<FetchedMessage | undefined> {
    if (!this.#queues.isWanted(point)) throw unknownPoint();
    const consuming = this.#consuming.current();
    if (consuming === undefined) throw unavailable();
    return consuming.fetcher.fetch(this.#queues.nameOf(point)).catch(rethrow);
  }

  isHealthy(): boolean {
    return this.#health.isHealthy();
  }

  onHealth(listener: (healthy: boolean) => void): () => void {
    return this.#health.on(listener);
  }

  /** In this order: no new publishes; wait for those out; stop consumers and wait for their handlers; disconnect. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#health.end();
    await this.#publishing.current()?.idle();
    await Promise.all([...this.#consumers.keys()].map((consumer) => consumer.close()));
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }

  async #setUpPublishing(connection: ChannelModel): Promise<Publisher> {
    const block = (isBlocked: boolean) => (): void => {
      this.#isBlocked = isBlocked;
      this.#updateHealth();
    };
    this.#isBlocked = false;
    connection.on('blocked', block(true));
    connection.on('unblocked', block(false));
    await probeMessageLimit(connection, this.#config);
    const channel = await connection.createConfirmChannel({ highWaterMark: PUBLISH_HIGH_WATER_FRAMES });
    channel.on('error', () => undefined);
    // Nothing else lives on this connection; a new one brings a new channel.
    channel.on('close', () => void connection.close().catch(() => undefined));
    return new Publisher(channel);
  }

  async #setUpConsuming(connection: ChannelModel): Promise<Consuming> {
    await this.#queues.declare(connection);
    const refusal = this.#queues.refusal();
    if (refusal !== undefined) this.#health.fail(refusal);
    await this.#attachConsumers(connection);
    return { connection, fetcher: new Fetcher(connection) };
  }

  // Attaching is harmless to those attached. A queue the broker refuses isn't ours to read, and is tried again with the next
  // connection or `ensurePoints`.
  async #attachConsumers(connection: ChannelModel): Promise<void> {
    const usable = [...this.#consumers].filter(([, point]) => this.#queues.isUsable(point));
    await Promise.all(usable.map(([consumer]) => consumer.attach(connection)));
  }

  // A consumer lost its channel (queue deleted, consumer_timeout, no channel left) while the connection may stand. One round
  // serves all that did.
  async #reattach(): Promise<void> {
    if (this.#isReattaching) return;
    this.#isReattaching = true;
    await this.#clock.sleep(this.#config.reattachMs, this.#stop.signal);
    this.#isReattaching = false;
    await this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const consuming = this.#consuming.current();
    if (consuming === undefined || this.#stop.signal.aborted) return;
    const detached = [...this.#consumers].filter(([consumer]) => !consumer.isAttached()).map(([, point]) => point);
    try {
      await this.#queues.declare(consuming.connection, new Set([...this.#queues.missing(), ...detached]));
      await this.#attachConsumers(consuming.connection);
    } catch (error) {
      // The connection is ending; the next one declares and attaches all.
      this.#health.fail(toFault(error));
    }
  }

  #updateHealth(): void {
    if (this.#stop.signal.aborted) return;
    const isLinked = this.#publishing.current() !== undefined;
    const consuming = this.#consuming.current();
    this.#health.update({
      version: isLinked && consuming !== undefined ? versionOf(consuming.connection) : undefined,
      isBlocked: this.#isBlocked,
    });
  }
}

// Text from outside: only what looks like a version goes into an event.
function versionOf(connection: ChannelModel): string {
  const { version } = connection.connection.serverProperties;
  return /^[\w.+-]{1,40}$/.test(version) ? version : 'unknown';
}

function rethrow(error: unknown): never {
  throw toFault(error);
}
