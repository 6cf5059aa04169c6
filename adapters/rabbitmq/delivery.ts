import type { Message } from 'amqplib';
import type { BrokerDelivery } from '../../gateway/ports/broker.ts';

/** The port's view of an AMQP message. A message nobody of ours published may have no id; it becomes the empty text. */
export function toDelivery({ properties, content, fields }: Message): BrokerDelivery {
  const messageId: unknown = properties.messageId;
  return {
    messageId: typeof messageId === 'string' ? messageId : '',
    ciphertext: content,
    redelivered: fields.redelivered,
  };
}
