import { digestHeaderOf } from '../codec/detached-signature.ts';
import { isEndState } from '../domain/lifecycle.ts';
import { isMessageId } from '../domain/message.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import type { SealedContent } from '../pipeline/seal.ts';
import { openSeal } from '../pipeline/seal.ts';
import type { BrokerDelivery } from '../ports/broker.ts';
import { bindingOf } from './binding.ts';
import { endMessage } from './end.ts';
import type { Parts } from './parts.ts';

/** A bericht taken from its queue, opened for its own point. */
export interface OpenedDelivery {
  readonly entry: RegisterEntry;
  readonly content: SealedContent;
}

/**
 * Opens what came off a point's queue. Undefined means there is nothing to deliver (it ended, or can't be opened and so
 * ends here) and the broker may forget it.
 */
export async function openDelivery(
  parts: Parts,
  point: string,
  delivery: BrokerDelivery,
): Promise<OpenedDelivery | undefined> {
  const entry = await findOpenEntry(parts, point, delivery);
  if (entry === undefined) return undefined;
  if (entry.facts.deadline <= parts.clock.now()) {
    await endMessage(parts, entry, { state: 'expired', reason: 'deadline-passed' });
    return undefined;
  }
  const key = await parts.keys.find(entry.facts.messageId);
  // The consumer binds its own point and what the register knows; ciphertext meant for another doesn't open (B3).
  const content =
    key === undefined ? undefined : openSeal(delivery.ciphertext, { ...bindingOf(entry.facts), connectionPoint: point }, key);
  if (content === undefined || digestHeaderOf(content.body) !== `SHA-256=${content.digest}`) {
    await endMessage(parts, entry, { state: 'expired', reason: 'offer-again' });
    return undefined;
  }
  return { entry, content };
}

async function findOpenEntry(
  parts: Parts,
  point: string,
  delivery: BrokerDelivery,
): Promise<RegisterEntry | undefined> {
  const { messageId } = delivery;
  const drop = (why: string): undefined => {
    parts.events.emit({ name: 'MessageDropped', messageId, connectionPoint: point, why });
  };
  if (!isMessageId(messageId)) return drop('no-message-id');
  await parts.inFlight.settled(messageId);
  const entry = parts.register.find(messageId);
  if (entry === undefined) return drop('not-in-register');
  if (isEndState(entry.state)) return drop('ended');
  if (entry.facts.connectionPoint !== point) return drop('other-point');
  if (entry.state === 'accepted') return entry;
  // Published but not accepted on record: the gateway fell between the two. It is taken over now; its sender gets the notice.
  const at = parts.clock.now();
  const accepted = await parts.register.record({ kind: 'accepted', at, messageId, receipt: undefined });
  return accepted.outcome === 'recorded' ? accepted.entry : drop('ended');
}
