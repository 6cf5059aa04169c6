import type { EndState } from '../domain/lifecycle.ts';
import type { DeliveryProof, ExpiryReason, RefusalReason } from '../domain/receipt.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import { seal } from '../pipeline/seal.ts';
import { bindingOf } from './binding.ts';
import type { Parts } from './parts.ts';

/** How a bericht ends, as the service that saw it says. */
export interface Ending {
  readonly state: EndState;
  readonly reason?: RefusalReason | ExpiryReason;
  readonly proof?: DeliveryProof;
  /** The recipient's signed receipt. */
  readonly receipt?: string | undefined;
  /** Whether an attempt before this end was never answered; by default what the register says. */
  readonly possiblyReceived?: boolean;
}

/**
 * Records the end and then drops the key (DESIGN 3). The recipient's receipt rides in the record that ends the bericht,
 * sealed under a key of its own, so that end and evidence are one durable step. False when it had ended already: then the
 * late outcome is recorded and changes nothing.
 */
export async function endMessage(parts: Parts, entry: RegisterEntry, ending: Ending): Promise<boolean> {
  const { messageId } = entry.facts;
  const at = parts.clock.now();
  const sealedEvidence = ending.receipt === undefined ? undefined : await sealEvidence(parts, entry, ending.receipt);
  const recorded = await parts.register.record({
    kind: 'ended',
    at,
    messageId,
    end: {
      state: ending.state,
      at,
      reason: ending.reason,
      possiblyReceived: ending.possiblyReceived ?? entry.unanswered,
      proof: ending.proof,
      noticeId: parts.ids.uuid(),
      sealedEvidence,
    },
  });
  if (recorded.outcome !== 'recorded') {
    await parts.register.record({ kind: 'late', at, messageId, outcome: ending.state });
    return false;
  }
  await parts.keys.remove(messageId);
  parts.events.emit({ name: 'MessageEnded', messageId, state: ending.state });
  parts.bell.ring(messageId);
  parts.bell.ring(noticesOf(entry.facts.sender));
  return true;
}

/** The topic on which a sender's notices are announced. */
export function noticesOf(sender: string): string {
  return `notices ${sender}`;
}

/** The id of the key that seals a bericht's evidence. */
export function evidenceKeyId(messageId: string): string {
  return `evidence:${messageId}`;
}

async function sealEvidence(parts: Parts, entry: RegisterEntry, receipt: string): Promise<string> {
  const id = evidenceKeyId(entry.facts.messageId);
  // A crash between key and record leaves a key without evidence: it is made anew.
  await parts.keys.remove(id);
  const key = await parts.keys.create(id);
  const content = {
    contentType: 'application/jose',
    payloadSignature: undefined,
    digest: '',
    body: Buffer.from(receipt),
  };
  return Buffer.from(seal(content, bindingOf(entry.facts), key)).toString('base64');
}
