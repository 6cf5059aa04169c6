import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Channel } from 'amqplib';
import { openRabbitmqBroker, type RabbitmqConfig } from '../../adapters/rabbitmq/index.ts';
import type { Broker } from '../../gateway/ports/broker.ts';
import type { Events, GatewayEvent } from '../../gateway/ports/events.ts';
import type { Clock } from '../../gateway/ports/system.ts';

/** The address of the RabbitMQ under test; throws when there is none, because a skipped test proves nothing. */
export function amqpUrl(): string {
  const url = process.env['AMQP_URL'];
  if (url === undefined || url === '')
    throw new Error('AMQP_URL is not set: run these tests with npm test, or set it to a RabbitMQ');
  return url;
}

/** Host and port of the RabbitMQ under test. */
export function amqpEndpoint(): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(amqpUrl());
  return { host: hostname, port: port === '' ? 5672 : Number(port) };
}

/** The URL of the RabbitMQ under test with another password, or with another port on loopback and perhaps TLS. */
export function amqpUrlWith(parts: {
  readonly port?: number;
  readonly password?: string;
  readonly tls?: boolean;
}): string {
  const url = new URL(parts.tls === true ? amqpUrl().replace(/^amqp:/, 'amqps:') : amqpUrl());
  if (parts.port !== undefined) {
    url.hostname = '127.0.0.1';
    url.port = parts.port.toString();
  }
  if (parts.password !== undefined) url.password = parts.password;
  return url.href;
}

/** The machine's own clock. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

/** Events that were emitted, to look back at. */
export function recordEvents(): Events & { readonly seen: readonly GatewayEvent[] } {
  const seen: GatewayEvent[] = [];
  return { seen, emit: (event) => void seen.push(event) };
}

/** Opens brokers whose queues all have one fresh prefix, and removes what they made. */
export interface RabbitmqSandbox {
  readonly queuePrefix: string;
  open(config?: Partial<RabbitmqConfig>, events?: Events): Promise<Broker>;
  /** Runs an action on a channel of its own, past the adapter. */
  onChannel<T>(action: (channel: Channel) => Promise<T>): Promise<T>;
  /** Closes every broker and deletes every queue. */
  close(): Promise<void>;
}

/** A sandbox on the RabbitMQ of AMQP_URL. */
export function createRabbitmqSandbox(): RabbitmqSandbox {
  const url = amqpUrl();
  const queuePrefix = `test-${randomUUID()}.`;
  const brokers: Broker[] = [];
  const queues = new Set<string>();

  const onChannel = async <T>(action: (channel: Channel) => Promise<T>): Promise<T> => {
    const connection = await connect(url);
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined);
      return await action(channel);
    } finally {
      await connection.close();
    }
  };
  return {
    queuePrefix,
    onChannel,
    open: async (config = {}, events = recordEvents()) => {
      const quick = {
        retryMinMs: 20,
        retryMaxMs: 200,
        reattachMs: 50,
        maxMessageBytes: 1_000_000,
        heartbeatSeconds: 1,
      };
      const broker = await openRabbitmqBroker({ url, queuePrefix, ...quick, ...config, events, clock: wallClock });
      brokers.push(broker);
      const ensurePoints = broker.ensurePoints.bind(broker);
      broker.ensurePoints = (points) => {
        points.forEach((point) => queues.add(`${config.queuePrefix ?? queuePrefix}${point}`));
        return ensurePoints(points);
      };
      return broker;
    },
    close: async () => {
      await Promise.all(brokers.map((broker) => broker.close()));
      await onChannel(async (channel) => {
        for (const queue of queues) await channel.deleteQueue(queue);
      });
    },
  };
}
