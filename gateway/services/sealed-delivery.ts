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
    key === undefined
      ? undefined
      : openSeal(delivery.ciphertext, { ...bindingOf(entry.facts), connectionPoint: point }, key);
  if (content === undefined || digestHeaderOf(content.body) !== `SHA-256=${content.digest}`) {
    await endMessage(parts, entry, { state: 'expired', reason: 'offer-again' });
    return undefined;
  }
  return { entry, content };
}

async function findOpenEntry(
  parts: Parts,
  point: string,
  { messageId }: BrokerDelivery,
): Promise<RegisterEntry | undefined> {
  const id = isMessageId(messageId) ? messageId : undefined;
  if (id !== undefined) await parts.inFlight.settled(id);
  const entry = id === undefined ? undefined : parts.register.find(id);
  const why = whyNot(entry, point);
  if (entry === undefined || why !== undefined) {
    // What isn't a Bericht-Id came from elsewhere and isn't repeated.
    parts.events.emit({
      name: 'MessageDropped',
      messageId: id ?? '',
      connectionPoint: point,
      why: why ?? 'not-in-register',
    });
    return undefined;
  }
  return entry.state === 'received' ? takeOver(parts, entry) : entry;
}

function whyNot(entry: RegisterEntry | undefined, point: string): string | undefined {
  if (entry === undefined) return 'not-in-register';
  if (isEndState(entry.state)) return 'ended';
  return entry.facts.connectionPoint === point ? undefined : 'other-point';
}

// Published but not accepted on record: the gateway fell between the two. The bericht is taken over; its sender gets the
// notice, also without a receipt.
async function takeOver(parts: Parts, { facts }: RegisterEntry): Promise<RegisterEntry | undefined> {
  const { messageId } = facts;
  const accepted = await parts.register.record({
    kind: 'accepted',
    at: parts.clock.now(),
    messageId,
    receipt: undefined,
  });
  return accepted.outcome === 'recorded' ? accepted.entry : undefined;
}
