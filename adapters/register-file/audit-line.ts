import type { EndState } from '../../gateway/domain/lifecycle.ts';
import type { Environment, MessageId } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { DeliveryProof } from '../../gateway/domain/receipt.ts';
import type { ReplyNoteKind } from '../../gateway/domain/reply-terms.ts';

/** What a line says, without its place in the chain. Held to `schemas/audit/regel.schema.json`; times are RFC 3339 UTC. */
export type AuditRecord = ReceivedRecord | MovementRecord | NoteRecord | CheckpointRecord;

/** What happened to a bericht that exists. */
export type MovementRecord =
  | EndedRecord
  | Of<'accepted', { readonly receipt: string | undefined; readonly ruleSetHash: string }>
  | Of<'receipted', { readonly receipt: string }>
  | Of<'attempted', object>
  | Of<'attempt-failed', { readonly fault: string; readonly answered: boolean }>
  | Of<'late', { readonly outcome: string }>
  | Of<'notice-taken', object>
  | ReplyNotedRecord
  | Of<'reply-notice-taken', { readonly noticeId: string }>;

/** The reminder of a term, or that it was missed, with the ids of the notices that tell the parties. */
export type ReplyNotedRecord = Of<
  'reply-noted',
  { readonly note: ReplyNoteKind; readonly senderNotice: string; readonly recipientNotice: string }
>;

/** What concerns no bericht. */
export type NoteRecord =
  | {
      readonly kind: 'rejected';
      readonly at: string;
      readonly code: string;
      readonly stage: string;
      readonly rule: string | undefined;
      readonly submittedBy: string | undefined;
      readonly messageType: string | undefined;
    }
  | RulesLoadedRecord
  | { readonly kind: 'started'; readonly at: string; readonly software: string }
  | { readonly kind: 'repaired'; readonly at: string; readonly removedBytes: number };

/** A rule set came into force; who signed it, by `x5t#S256`, where signatures are asked for. */
export interface RulesLoadedRecord {
  readonly kind: 'rules-loaded';
  readonly at: string;
  readonly ruleSetHash: string;
  readonly signedHash?: string;
  readonly draftedBy?: string;
  readonly draftedAt?: string;
  readonly loadedBy?: string;
  readonly loadedAt?: string;
}

/** A record in its place: `prev` is the SHA-256 of the line before, across segments. */
export type AuditLine = AuditRecord & { readonly seq: number; readonly prev: string };

/** A bericht was received. */
export interface ReceivedRecord {
  readonly kind: 'received';
  readonly at: string;
  readonly messageId: MessageId;
  readonly environment: Environment;
  readonly messageType: string;
  readonly version: string;
  readonly sender: Oin;
  readonly senderRole: string;
  readonly submittedBy: Oin;
  readonly signedBy: Oin;
  readonly signer: string;
  readonly addressed: string;
  readonly recipient: Oin;
  readonly recipientRole: string;
  readonly connectionPoint: string;
  readonly ruleId: string;
  readonly ruleSetHash: string;
  readonly sizeKb: number;
  readonly receivedAt: string;
  readonly deadline: string;
  readonly senderHmac: string;
  readonly octetsHmac: string;
  readonly previous: MessageId | undefined;
  /** The answer that is expected; the term as `hours:4`, `working-days:5`, `same-day` or `immediate`. */
  readonly replyTypes: readonly string[] | undefined;
  readonly replyTerm: string | undefined;
  readonly replyReminder: string | undefined;
  readonly awaitedHmac: string | undefined;
  readonly answers: MessageId | undefined;
}

/** The one end of a bericht. */
export interface EndedRecord {
  readonly kind: 'ended';
  readonly at: string;
  readonly messageId: MessageId;
  readonly state: EndState;
  readonly endedAt: string;
  readonly reason: string | undefined;
  readonly possiblyReceived: boolean;
  readonly proof: DeliveryProof | undefined;
  readonly noticeId: string;
  readonly sealedEvidence: string | undefined;
  readonly replyRemindAt: string | undefined;
  readonly replyDueAt: string | undefined;
}

/** A signature over everything before it. */
export interface CheckpointRecord {
  readonly kind: 'checkpoint';
  readonly at: string;
  readonly environment: Environment;
  readonly covers: number;
  readonly head: string;
  readonly thumbprint: string;
  readonly signature: string;
  readonly certificates: readonly string[];
}

type Of<K extends string, Fields> = { readonly kind: K; readonly at: string; readonly messageId: MessageId } & Fields;
