import type { BrokerDelivery } from '../../gateway/ports/broker.ts';

/** What of an AMQP message is looked at. */
interface ReceivedMessage {
  readonly properties: { readonly messageId?: unknown };
  readonly content: Buffer;
  readonly fields: { readonly redelivered: boolean };
}

/** The port's view of an AMQP message. A message nobody of ours published may have no id; it becomes the empty text. */
export function toDelivery({ properties, content, fields }: ReceivedMessage): BrokerDelivery {
  const { messageId } = properties;
  return {
    messageId: typeof messageId === 'string' ? messageId : '',
    ciphertext: content,
    redelivered: fields.redelivered,
  };
}
