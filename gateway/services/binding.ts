import type { MessageFacts } from '../domain/register-entry.ts';
import type { SealBinding } from '../pipeline/seal.ts';

/** What ciphertext of this bericht is bound to. */
export function bindingOf(facts: MessageFacts): SealBinding {
  const { environment, messageId, connectionPoint, recipient, messageType } = facts;
  return { environment, messageId, connectionPoint, recipient, messageType };
}
