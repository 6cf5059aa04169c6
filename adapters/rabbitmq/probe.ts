import { randomUUID } from 'node:crypto';
import type { ChannelModel } from 'amqplib';
import { SEAL_OVERHEAD_BYTES, type ResolvedRabbitmqConfig } from './config.ts';
import { messageLimit, replyCode, REPLY_CODES, unavailable } from './errors.ts';

/** What no RabbitMQ refuses by default: 4.x takes 16 MiB, older ones 128 MiB. */
const LOWEST_DEFAULT_LIMIT = 16 * 1024 * 1024;

/** The largest body that is published. */
export function bodyLimit(config: Pick<ResolvedRabbitmqConfig, 'maxMessageBytes'>): number {
  return config.maxMessageBytes + SEAL_OVERHEAD_BYTES;
}

/**
 * Rejects with ConfigurationFault if the broker behind this connection doesn't take bodies of full size. The protocol
 * has no question for that limit, and the broker judges a body only when it has all of it; so a body of that size is
 * published to a queue that can't exist, not `mandatory`: the broker counts it, drops it and confirms. Done once a
 * connection, because each may reach another node; found out late, one large bericht would close the channel under all others.
 */
export async function probeMessageLimit(connection: ChannelModel, config: ResolvedRabbitmqConfig): Promise<void> {
  const bytes = bodyLimit(config);
  if (!isProbeNeeded(config, bytes)) return;
  const channel = await connection.createConfirmChannel();
  const verdict = new Promise<void>((resolve, reject) => {
    let cause: unknown;
    channel.on('error', (error) => {
      cause = error;
    });
    channel.on('close', () => {
      const isLimit = replyCode(cause) === REPLY_CODES.preconditionFailed;
      reject(isLimit ? messageLimit(bytes, cause) : unavailable(cause));
    });
    channel.on('ack', () => {
      resolve();
    });
    channel.on('nack', () => {
      reject(unavailable());
    });
  });
  channel.publish('', `${config.queuePrefix}${randomUUID()}`, Buffer.alloc(bytes), { persistent: false });
  await verdict;
  await channel.close();
}

function isProbeNeeded(config: ResolvedRabbitmqConfig, bytes: number): boolean {
  if (config.limitProbe === 'above-default') return bytes > LOWEST_DEFAULT_LIMIT;
  return config.limitProbe === 'always';
}
