import type { Address, Envelope } from '../domain/message.ts';
import type { Oin } from '../domain/oin.ts';

/** What a bericht says it answers, in the keys by which the register finds it. */
export interface AnswerClaim {
  /** Undefined when it names nothing. */
  readonly names: AnswerKeys | undefined;
  /** Types of which its rule says that it must name one. */
  readonly requiredTypes: readonly string[] | undefined;
  /** Where in the bericht the named kenmerk stands, for a refusal. */
  readonly path: string;
}

/** A kenmerk as the recipient of the answer sent it, and as anyone sent it to the sender of the answer. */
export interface AnswerKeys {
  readonly sent: string;
  readonly awaited: string;
}

/** The key of a kenmerk of one sender; for StUF unique per system (StUF 03.01, stuurgegevens). */
export function sentKey(sender: Oin, system: string, kenmerk: string): string {
  return JSON.stringify([sender, system, kenmerk]);
}

/** The key of a kenmerk as its recipient knows it. */
export function awaitedKey(recipient: Oin, kenmerk: string): string {
  return JSON.stringify([recipient, kenmerk]);
}

/** StUF's `applicatie` and `administratie` in one; empty outside StUF. */
export function systemOf(address: Address): string {
  return address.kind === 'stuf' ? `${address.application}|${address.administration ?? ''}` : '';
}

/** The claim of a bericht from one party to another. */
export function toAnswerClaim(
  { replyTo, recipient }: Pick<Envelope, 'replyTo' | 'recipient'>,
  parties: { readonly sender: Oin; readonly recipient: Oin },
  requiredTypes: readonly string[] | undefined,
): AnswerClaim {
  const path = recipient.kind === 'stuf' ? '/stuurgegevens/crossRefnummer' : '/stuurgegevens/antwoordOp';
  if (replyTo === undefined) return { names: undefined, requiredTypes, path };
  const names = {
    // The system that is answered is the one the answer is addressed to.
    sent: sentKey(parties.recipient, systemOf(recipient), replyTo),
    awaited: awaitedKey(parties.sender, replyTo),
  };
  return { names, requiredTypes, path };
}
