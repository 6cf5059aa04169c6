import { randomInt } from 'node:crypto';
import { Duplex } from 'node:stream';
import { connect, type ChannelModel } from 'amqplib';
import { BrokerFault, type ConfigurationFault } from '../../gateway/ports/faults.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import type { ResolvedRabbitmqConfig } from './config.ts';
import { toConnectFault } from './errors.ts';

/** What a link needs to know. */
export interface LinkOptions<S> {
  readonly config: ResolvedRabbitmqConfig;
  readonly clock: Clock;
  /** Runs on each new connection; only when it resolves the link is up. */
  readonly setUp: (connection: ChannelModel) => Promise<S>;
  readonly onChange: () => void;
  /** Called for each attempt that failed. */
  readonly onFault: (fault: BrokerFault | ConfigurationFault) => void;
}

// A peer that doesn't answer the closing handshake is cut off after this.
const CLOSE_MS = 2_000;

/**
 * A connection that comes back by itself, for ever, with exponential back-off and jitter. `S` is what `setUp` made on
 * it; it dies with the connection.
 */
export class Link<S> {
  readonly #options: LinkOptions<S>;
  readonly #stop = new AbortController();
  #connection: ChannelModel | undefined;
  #session: S | undefined;

  /** Starts connecting in the background. */
  constructor(options: LinkOptions<S>) {
    this.#options = options;
    void this.#run();
  }

  /** What `setUp` made on the connection that stands now. */
  current(): S | undefined {
    return this.#session;
  }

  /** Ends the connection and all attempts. */
  async close(): Promise<void> {
    this.#stop.abort();
    if (this.#connection !== undefined) await endConnection(this.#connection, this.#options.clock);
  }

  async #run(): Promise<void> {
    const { clock, config } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      failures = (await this.#attempt()) ? 0 : failures + 1;
      await clock.sleep(backoffMs(failures, config), this.#stop.signal);
    }
  }

  /** Resolves when the connection has ended, or failed to come about; true if it was up. */
  async #attempt(): Promise<boolean> {
    try {
      const connection = await connectOnce(this.#options.config);
      this.#connection = connection;
      if (!this.#stop.signal.aborted) await this.#serve(connection);
      else await endConnection(connection, this.#options.clock);
      return true;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#options.onFault(toConnectFault(error));
      return false;
    }
  }

  async #serve(connection: ChannelModel): Promise<void> {
    const ended = new Promise<void>((resolve) => connection.once('close', resolve));
    try {
      this.#session = await Promise.race([this.#options.setUp(connection), ended.then(lost)]);
      this.#options.onChange();
      await ended;
    } finally {
      this.#session = undefined;
      this.#options.onChange();
      await endConnection(connection, this.#options.clock);
    }
  }
}

function lost(): never {
  throw new BrokerFault('ERR_BROKER_LOST');
}

// Between half and all of min × 2^failures: gateways that lost the same broker don't come back in step.
function backoffMs(failures: number, config: ResolvedRabbitmqConfig): number {
  const ceiling = Math.min(config.retryMaxMs, config.retryMinMs * 2 ** Math.min(failures, 30));
  return Math.floor(ceiling / 2) + randomInt(Math.ceil(ceiling / 2) + 1);
}

async function connectOnce(config: ResolvedRabbitmqConfig): Promise<ChannelModel> {
  const { address, tls } = config;
  const connection = await connect(
    // amqplib decodes the vhost once more.
    { ...address, vhost: encodeURIComponent(config.vhost), heartbeat: config.heartbeatSeconds },
    {
      timeout: config.connectTimeoutMs,
      noDelay: true,
      keepAlive: true,
      clientProperties: { product: 'doorgeefluik' },
      ...(address.protocol === 'amqps' ? { minVersion: 'TLSv1.2' as const, ...tls } : {}),
    },
  );
  // Every error is followed by `close`; without a listener it would end the process.
  connection.on('error', () => undefined);
  return connection;
}

async function endConnection(connection: ChannelModel, clock: Clock): Promise<void> {
  const answered = new AbortController();
  const closing = connection
    .close()
    // Rejects when it is closed already.
    .catch(() => undefined)
    .finally(() => {
      answered.abort();
    });
  await Promise.race([closing, clock.sleep(CLOSE_MS, answered.signal)]);
  const stream: unknown = Reflect.get(connection.connection, 'stream');
  // The error makes amqplib stop its heartbeats as well.
  if (stream instanceof Duplex && !stream.destroyed) stream.destroy(new BrokerFault('ERR_BROKER_LOST'));
}
