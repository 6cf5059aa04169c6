import { createPrivateKey } from 'node:crypto';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import type { TrustStore } from '../../gateway/codec/certificate.ts';
import { signRecipientReceipt } from '../../gateway/codec/receipts.ts';
import { REFUSAL_WORDS } from '../../gateway/codec/wire-words.ts';
import { isMessageId } from '../../gateway/domain/message.ts';
import type { Instant, MessageId } from '../../gateway/domain/message.ts';
import { isOin } from '../../gateway/domain/oin.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { RefusalReason } from '../../gateway/domain/receipt.ts';
import { err, ok } from '../../gateway/domain/result.ts';
import type { Result } from '../../gateway/domain/result.ts';
import type { SigningIdentity } from './identity.ts';
import { verifySender } from './verify-sender.ts';

/** A bericht at its recipient. */
export interface Arrival {
  readonly messageId: MessageId;
  readonly messageType: string;
  readonly sender: string;
  readonly recipient: Oin;
  readonly contentType: string;
  /** As the header has it: `SHA-256=…`. */
  readonly digest: string;
  readonly payloadSignature: string | undefined;
  /** Whether the gateway says that it may have been delivered before. */
  readonly repeat: boolean;
  readonly body: Buffer;
}

/** What a recipient does with a bericht. */
export type Reaction =
  | {
      readonly kind: 'taken';
      readonly arrival: Arrival;
      readonly signer: string;
      readonly isNew: boolean;
      readonly receipt: string | undefined;
    }
  | { readonly kind: 'refused'; readonly arrival: Arrival; readonly code: string; readonly why: string };

/** How a recipient behaves. */
export interface RecipientOptions {
  readonly trust: TrustStore;
  /** Signs receipts with this; without it a plain confirmation is given. */
  readonly signing?: SigningIdentity | undefined;
  /** Refuses everything, or the berichten it answers a reason for. */
  readonly refuse?: ((arrival: Arrival) => RefusalReason | undefined) | undefined;
  /** Keeps the bericht; a receipt is only given when this returns. */
  readonly keep: (arrival: Arrival) => void;
  /** Whether it was kept before, in an earlier run. */
  readonly has?: (messageId: MessageId) => boolean;
  readonly now: () => Instant;
}

/** A recipient: verifies, keeps each bericht once, and says so. */
export interface Recipient {
  receive(arrival: Arrival): Reaction;
}

/** Makes a recipient. It remembers the Bericht-Ids of its own run. */
export function createRecipient(options: RecipientOptions): Recipient {
  const kept = new Set<MessageId>();
  return {
    receive(arrival) {
      const now = options.now();
      const verified = verifySender(arrival, { trust: options.trust, now });
      if (!verified.ok) return refusal(arrival, 'signature-not-accepted', verified.error);
      const reason = options.refuse?.(arrival);
      if (reason !== undefined) return refusal(arrival, reason, 'zo gevraagd');
      const isNew = !kept.has(arrival.messageId) && options.has?.(arrival.messageId) !== true;
      if (isNew) options.keep(arrival);
      kept.add(arrival.messageId);
      const receipt = options.signing === undefined ? undefined : signReceipt(arrival, options.signing, now);
      return { kind: 'taken', arrival, signer: verified.value, isNew, receipt };
    },
  };
}

/** Reads a delivery from its headers (by lower-case name); a Dutch sentence when it is none. */
export function readArrival(headers: ReadonlyMap<string, string>, body: Buffer): Result<Arrival, string> {
  const messageId = headers.get('bericht-id') ?? '';
  const recipient = headers.get('ontvanger-oin') ?? '';
  if (!isMessageId(messageId)) return err('de kop Bericht-Id ontbreekt of is ongeldig');
  if (!isOin(recipient)) return err('de kop Ontvanger-Oin ontbreekt of is ongeldig');
  return ok({
    messageId,
    recipient,
    messageType: headers.get('berichttype') ?? '',
    sender: headers.get('afzender-oin') ?? '',
    contentType: headers.get('content-type') ?? '',
    digest: headers.get('digest') ?? '',
    payloadSignature: headers.get('payload-signature'),
    repeat: headers.get('herhaling') === 'true',
    body,
  });
}

function refusal(arrival: Arrival, reason: RefusalReason, why: string): Reaction {
  return { kind: 'refused', arrival, code: REFUSAL_WORDS.toWire(reason), why };
}

function signReceipt(arrival: Arrival, signing: SigningIdentity, receivedAt: Instant): string {
  const { messageId, digest, recipient } = arrival;
  return signRecipientReceipt(
    { messageId, digest: digest.slice('SHA-256='.length), recipient, receivedAt },
    { privateKey: createPrivateKey(signing.keyPem), chain: parseCertificatesPem(signing.certPem) },
  );
}
