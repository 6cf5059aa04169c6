import type { DeliveryProof } from './receipt.ts';
import type { EndState, MessageState } from './lifecycle.ts';
import type { Environment, Instant, MessageId } from './message.ts';
import type { Oin } from './oin.ts';

import type { ExpectedReply, ReplyMoments, ReplyNoteKind, ReplyProgress } from './reply-terms.ts';
import type { LoadedRules } from './rule-approval.ts';

/** The traffic data of one bericht: a closed list (aard en status), nothing of the payload, no kenmerk, no digest. */
export interface MessageFacts {
  readonly messageId: MessageId;
  readonly environment: Environment;
  readonly messageType: string;
  readonly version: string;
  readonly sender: Oin;
  readonly senderRole: string;
  readonly submittedBy: Oin;
  readonly signedBy: Oin;
  /** SHA-256 thumbprint (base64url) of the signer's certificate. */
  readonly signer: string;
  readonly addressed: string;
  readonly recipient: Oin;
  readonly recipientRole: string;
  readonly connectionPoint: string;
  readonly ruleId: string;
  readonly ruleSetHash: string;
  /** Body size rounded up to 1 kB. */
  readonly sizeKb: number;
  readonly receivedAt: Instant;
  readonly deadline: Instant;
  /** What must come back, by the rules it came in under. */
  readonly reply?: ExpectedReply | undefined;
  /** The bericht that awaits this one as its answer. */
  readonly answers?: MessageId | undefined;
}

/** An accepted bericht as an answer may name it, and all the register keeps of it for five months. */
export interface SentMessage {
  readonly messageId: MessageId;
  readonly messageType: string;
  readonly sender: Oin;
  readonly recipient: Oin;
  readonly acceptedAt: Instant;
}

/** Under which the register recognises a repeat. Handed over in memory; kept only as HMAC under a key that dies with its month. */
export interface RepeatKey {
  /** Sender OIN, system and kenmerk. */
  readonly sender: string;
  /** SHA-256 of the verified octets, base64. */
  readonly octets: string;
  /** Recipient OIN and kenmerk, where an answer is expected: a recipient that writes to another party names no more. */
  readonly awaited?: string | undefined;
}

/** How a bericht ended. */
export interface EndFacts {
  readonly state: EndState;
  readonly at: Instant;
  readonly reason: string | undefined;
  readonly possiblyReceived: boolean;
  readonly proof: DeliveryProof | undefined;
  /** The id of the end notice, so that each copy of it carries the same one. */
  readonly noticeId: string;
  /** The recipient's receipt, sealed under a transit key of its own (base64); unreadable once that key is gone. */
  readonly sealedEvidence: string | undefined;
  /** The moments of the term within which the answer must come, which begins at a delivery. */
  readonly reply?: ReplyMoments | undefined;
}

/** One dated line of a bericht's history. */
export interface HistoryLine {
  readonly at: Instant;
  readonly event: TransitionKind;
}

/** What the register knows of one bericht. */
export interface RegisterEntry {
  readonly facts: MessageFacts;
  readonly state: MessageState;
  readonly previous: MessageId | undefined;
  readonly acceptedAt: Instant | undefined;
  /** SHA-256 (base64url) of each submission receipt given. */
  readonly receipts: readonly string[];
  readonly attempts: number;
  /** True while or after an attempt of which no answer is on record. */
  readonly unanswered: boolean;
  readonly end: EndFacts | undefined;
  readonly noticeTaken: boolean;
  readonly history: readonly HistoryLine[];
  /** Present where an answer is expected. */
  readonly reply?: ReplyProgress | undefined;
}

/** Everything that can be put on record. */
export type Transition =
  | {
      readonly kind: 'received';
      readonly at: Instant;
      readonly facts: MessageFacts;
      readonly repeatKey: RepeatKey;
    }
  | {
      readonly kind: 'accepted';
      readonly at: Instant;
      readonly messageId: MessageId;
      readonly receipt: string | undefined;
    }
  | { readonly kind: 'receipted'; readonly at: Instant; readonly messageId: MessageId; readonly receipt: string }
  | { readonly kind: 'attempted'; readonly at: Instant; readonly messageId: MessageId }
  | {
      readonly kind: 'attempt-failed';
      readonly at: Instant;
      readonly messageId: MessageId;
      /** A fault code of the delivery, from a closed list. */
      readonly fault: string;
      /** True when the recipient can't have taken it: nothing was sent, or it answered that it did not. */
      readonly answered: boolean;
    }
  | { readonly kind: 'ended'; readonly at: Instant; readonly messageId: MessageId; readonly end: EndFacts }
  | { readonly kind: 'late'; readonly at: Instant; readonly messageId: MessageId; readonly outcome: string }
  | { readonly kind: 'notice-taken'; readonly at: Instant; readonly messageId: MessageId }
  | {
      /** The reminder of the term within which an answer must come, or that it was missed; each is put on record once. */
      readonly kind: 'reply-noted';
      readonly at: Instant;
      readonly messageId: MessageId;
      readonly note: ReplyNoteKind;
      readonly senderNoticeId: string;
      readonly recipientNoticeId: string;
    }
  | {
      readonly kind: 'reply-notice-taken';
      readonly at: Instant;
      readonly messageId: MessageId;
      readonly noticeId: string;
    }
  | {
      readonly kind: 'rejected';
      readonly at: Instant;
      readonly code: string;
      readonly stage: string;
      /** The rule that refused, when it has a name of its own. */
      readonly rule?: string;
      readonly submittedBy: string | undefined;
      readonly messageType: string | undefined;
    }
  | (LoadedRules & { readonly kind: 'rules-loaded'; readonly at: Instant })
  | { readonly kind: 'started'; readonly at: Instant; readonly software: string };

/** The name of a transition. */
export type TransitionKind = Transition['kind'];

/** Outcome of putting a transition on record. */
export type RecordOutcome =
  /** Durable. `entry` is the bericht after it; absent for records that concern no bericht. */
  | { readonly outcome: 'recorded'; readonly entry: RegisterEntry | undefined }
  /** `received` only: same sender, kenmerk and octets as a bericht that is open or delivered. Nothing was written. */
  | { readonly outcome: 'duplicate'; readonly entry: RegisterEntry }
  /** `received`: other octets under the same kenmerk. Otherwise: the state doesn't allow it. Nothing was written. */
  | { readonly outcome: 'conflict'; readonly entry: RegisterEntry | undefined };
