import type { Environment, Instant, MessageId } from './message.ts';
import type { Oin } from './oin.ts';
import type { ReplyNoteKind, ReplyTerm } from './reply-terms.ts';

/** What the gateway takes responsibility for (*ontvangstbevestiging*): signed and given with the 202. */
export interface SubmissionReceipt {
  readonly issuer: Oin;
  readonly environment: Environment;
  /** Unique id of this receipt. */
  readonly id: string;
  readonly messageId: MessageId;
  /** The earlier Bericht-Id of the same kenmerk that ended `expired` or `refused`. */
  readonly previous: MessageId | undefined;
  readonly sender: Oin;
  readonly submittedBy: Oin;
  /** SHA-256 thumbprint (base64url) of the signer's certificate. */
  readonly signer: string;
  /** The party as the sender addressed it, such as `gemeentecode:0202/GEMEENTE`. */
  readonly addressed: string;
  readonly recipient: Oin;
  readonly messageType: string;
  readonly version: string;
  readonly kenmerk: string;
  /** SHA-256 of the body bytes, base64. */
  readonly digest: string;
  readonly receivedAt: Instant;
  readonly acceptedAt: Instant;
  readonly deadline: Instant;
}

/** How a bericht ended, signed for its sender (*eindbericht*). */
export interface EndNotice {
  readonly issuer: Oin;
  readonly environment: Environment;
  readonly id: string;
  readonly messageId: MessageId;
  /** SHA-256 (base64url) of each submission receipt given. */
  readonly receipts: readonly string[];
  readonly state: 'delivered' | 'refused' | 'expired';
  /** A code of `REFUSAL_REASONS` or `EXPIRY_REASONS`. */
  readonly reason: string | undefined;
  readonly endedAt: Instant;
  readonly attempts: number;
  /** True when an attempt was never answered, so the recipient may hold the bericht all the same. */
  readonly possiblyReceived: boolean;
  /** What `delivered` rests on: the recipient's signed receipt, or its answer on the authenticated connection. */
  readonly proof: DeliveryProof | undefined;
  /** The recipient's receipt as it was given (compact JWS). */
  readonly recipientReceipt: string | undefined;
}

/** That the term of an answer nears its end or was missed, signed for one of the two parties (*termijnbericht*). */
export interface TermNotice {
  readonly issuer: Oin;
  readonly environment: Environment;
  readonly id: string;
  readonly messageId: MessageId;
  readonly messageType: string;
  /** SHA-256 (base64url) of each submission receipt given; only the sender has those. */
  readonly receipts: readonly string[];
  readonly kind: ReplyNoteKind;
  /** The types of which one is expected. */
  readonly expected: readonly string[];
  readonly term: ReplyTerm;
  readonly deliveredAt: Instant;
  readonly dueAt: Instant;
  /** When the gateway put it on record. */
  readonly notedAt: Instant;
}

/** What a delivery rests on. */
export type DeliveryProof = 'signed' | 'connection';

/** A recipient's own receipt (*ontvangerbevestiging*): exactly these facts. */
export interface RecipientReceipt {
  readonly messageId: MessageId;
  readonly digest: string;
  readonly recipient: Oin;
  readonly receivedAt: Instant;
}

/** Why a recipient may refuse a bericht: the closed list of `weigering`. Wire values are in the codec. */
export const REFUSAL_REASONS = [
  'not-for-us',
  'unknown-type',
  'signature-not-accepted',
  'content-invalid',
  'case-unknown',
  'not-authorised',
  'duplicate',
] as const;

/** One of `REFUSAL_REASONS`. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Why a bericht expired: its deadline passed, or the gateway lost the means to deliver it and it must be offered again. */
export const EXPIRY_REASONS = ['deadline-passed', 'offer-again', 'recipient-ended'] as const;

/** One of `EXPIRY_REASONS`. */
export type ExpiryReason = (typeof EXPIRY_REASONS)[number];
