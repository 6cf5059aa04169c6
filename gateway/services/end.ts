import type { EndState } from '../domain/lifecycle.ts';
import type { Instant } from '../domain/message.ts';
import type { DeliveryProof, ExpiryReason, RefusalReason } from '../domain/receipt.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import { replyMoments } from '../domain/reply-terms.ts';
import type { ReplyMoments } from '../domain/reply-terms.ts';
import { seal } from '../pipeline/seal.ts';
import { bindingOf } from './binding.ts';
import { dropKey, EVIDENCE } from './drop-keys.ts';
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
 * Records the end and then drops the key. The recipient's receipt rides in the record that ends the bericht,
 * sealed under a key of its own, so that end and evidence are one durable step. False when it had ended already: then the
 * late outcome is recorded and changes nothing.
 */
export async function endMessage(parts: Parts, entry: RegisterEntry, ending: Ending): Promise<boolean> {
  const { messageId } = entry.facts;
  const at = parts.clock.now();
  const noticeId = parts.ids.uuid();
  const evidenceId = evidenceKeyId(messageId, noticeId);
  const sealedEvidence =
    ending.receipt === undefined
      ? undefined
      : await sealEvidence(parts, entry, { id: evidenceId, text: ending.receipt });
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
      noticeId,
      sealedEvidence,
      reply: momentsOf(entry, { state: ending.state, at }),
    },
  });
  if (recorded.outcome !== 'recorded') {
    if (sealedEvidence !== undefined) await dropKey(parts, evidenceId);
    await parts.register.record({ kind: 'late', at, messageId, outcome: ending.state });
    return false;
  }
  await dropKey(parts, messageId);
  parts.events.emit({ name: 'MessageEnded', messageId, state: ending.state });
  parts.bell.ring(messageId);
  parts.bell.ring(noticesOf(entry.facts.sender));
  return true;
}

/** The topic on which a sender's notices are announced. */
export function noticesOf(sender: string): string {
  return `notices ${sender}`;
}

/** The id of the key that seals the evidence of an end; each end that is tried has its own. */
export function evidenceKeyId(messageId: string, noticeId: string): string {
  return `${EVIDENCE}${messageId}:${noticeId}`;
}

// The term of an answer begins when the bericht is delivered.
function momentsOf(
  { facts }: RegisterEntry,
  { state, at }: { readonly state: EndState; readonly at: Instant },
): ReplyMoments | undefined {
  return facts.reply === undefined || state !== 'delivered' ? undefined : replyMoments(facts.reply, at);
}

async function sealEvidence(
  parts: Parts,
  entry: RegisterEntry,
  receipt: { readonly id: string; readonly text: string },
): Promise<string> {
  const key = await parts.keys.create(receipt.id);
  const content = {
    contentType: 'application/jose',
    payloadSignature: undefined,
    digest: '',
    body: Buffer.from(receipt.text),
  };
  return Buffer.from(seal(content, bindingOf(entry.facts), key)).toString('base64');
}
