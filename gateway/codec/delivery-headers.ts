import type { MessageFacts } from '../domain/register-entry.ts';

/** The headers a bericht reaches its recipient with, pushed or pulled. */
export function toDeliveryHeaders(delivery: {
  readonly facts: Pick<MessageFacts, 'messageId' | 'messageType' | 'sender' | 'recipient' | 'connectionPoint'>;
  readonly contentType: string;
  /** SHA-256 of the body, base64. */
  readonly digest: string;
  readonly payloadSignature: string | undefined;
  readonly repeat: boolean;
}): Readonly<Record<string, string>> {
  const { facts } = delivery;
  return {
    'Content-Type': delivery.contentType,
    Digest: `SHA-256=${delivery.digest}`,
    ...(delivery.payloadSignature === undefined ? {} : { 'Payload-Signature': delivery.payloadSignature }),
    'Bericht-Id': facts.messageId,
    Berichttype: facts.messageType,
    'Afzender-Oin': facts.sender,
    'Ontvanger-Oin': facts.recipient,
    Aansluitpunt: facts.connectionPoint,
    Herhaling: String(delivery.repeat),
  };
}
