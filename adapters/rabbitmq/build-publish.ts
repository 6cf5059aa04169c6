import type { Options } from 'amqplib';
import type { SealedMessage } from '../../gateway/ports/broker.ts';
import { queueName, type TopologyOptions } from './topology.ts';

/** A `basic.publish` on the default exchange. */
export interface PublishRequest {
  readonly messageId: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

/**
 * The publish of a sealed message: `mandatory`, so that an unroutable one comes back, and persistent. Of it only the
 * Bericht-Id is readable in the broker: no headers, no type, no time, no application name.
 */
export function buildPublish(message: SealedMessage, topology: Pick<TopologyOptions, 'queuePrefix'>): PublishRequest {
  const { ciphertext } = message;
  return {
    messageId: message.messageId,
    routingKey: queueName(message.connectionPoint, topology),
    content: Buffer.from(ciphertext.buffer, ciphertext.byteOffset, ciphertext.byteLength),
    options: { mandatory: true, persistent: true, messageId: message.messageId },
  };
}
