import type { Instant, MessageId } from '../domain/message.ts';
import type { EndNotice, SubmissionReceipt, TermNotice } from '../domain/receipt.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import type { Rejection } from '../domain/rejection.ts';
import type { Result } from '../domain/result.ts';
import type { ReceiptKey, RoutingAdvice } from '../domain/routing-advice.ts';

/** Who calls: the DER bytes of the client certificate of the connection. */
export interface Caller {
  readonly certificate: Uint8Array;
}

/** A bericht as it came in. Header values by lower-case name, every occurrence kept. */
export interface Submission {
  readonly caller: Caller;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
  readonly receivedAt: Instant;
  /** The form in which the sender wants its receipt. */
  readonly receiptForm: ReceiptForm;
}

/** A receipt as compact JWS or as signed XML, with the same claims. */
export type ReceiptForm = 'jws' | 'xml';

/** The gateway took responsibility. */
export interface Accepted {
  readonly repeat: boolean;
  readonly receipt: SubmissionReceipt;
  /** The receipt, signed: a compact JWS, or XML when that was asked for. */
  readonly signed: string;
  readonly receiptForm: ReceiptForm;
  readonly entry: RegisterEntry;
}

/** What the sender may know of its bericht. */
export interface MessageStatus {
  readonly entry: RegisterEntry;
  /** The end notice and its signed form (compact JWS), once ended. */
  readonly notice: SignedEndNotice | undefined;
}

/** Whose notice is asked for (the caller's when absent), and in which form. */
export interface NoticeQuestion {
  readonly sender: string | undefined;
  readonly receiptForm: ReceiptForm;
}

/** An end notice, and the same signed in the form that was asked for. */
export interface SignedEndNotice {
  readonly kind: 'end';
  readonly notice: EndNotice;
  readonly signed: string;
}

/** A notice of either kind. */
export type SignedNotice =
  SignedEndNotice | { readonly kind: 'term'; readonly notice: TermNotice; readonly signed: string };

/** A bericht leased to a recipient that pulls. */
export interface LeasedMessage {
  readonly entry: RegisterEntry;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** SHA-256 of the body, base64. */
  readonly digest: string;
  readonly payloadSignature: string | undefined;
  readonly repeat: boolean;
}

/** The question of `GET /v1/routering`. */
export interface RoutingQuestion {
  readonly messageType: string;
  /** Who would send it; whoever asks when absent. */
  readonly sender: string | undefined;
  /** The role it would send it in; any of its roles when absent. */
  readonly senderRole: string | undefined;
  readonly role: string | undefined;
  readonly oin: string | undefined;
  readonly municipality: string | undefined;
  readonly institution: string | undefined;
}

/**
 * What connection profiles offer the world. Each call authenticates its caller anew, so trust that ended takes effect
 * on open connections. Faults reject; refusals are values. `signal` aborts waiting when the client goes away.
 */
export interface GatewayApi {
  submit(submission: Submission): Promise<Result<Accepted, Rejection>>;
  /** Waits at most `waitMs` for an end state. */
  status(caller: Caller, messageId: MessageId, wait: Wait): Promise<Result<MessageStatus, Rejection>>;
  /** The next bericht of the point (all points the caller may serve when absent); undefined when none came in time. */
  nextMessage(
    caller: Caller,
    point: string | undefined,
    wait: Wait,
  ): Promise<Result<LeasedMessage | undefined, Rejection>>;
  /** Confirms a leased bericht; the receipt, when given, must be the recipient's own over this bericht. */
  confirm(caller: Caller, messageId: MessageId, receipt: string | undefined): Promise<Result<undefined, Rejection>>;
  /** Refuses a leased bericht with the JSON body `{ code, pad? }`. */
  refuse(caller: Caller, messageId: MessageId, body: Uint8Array): Promise<Result<undefined, Rejection>>;
  /** The oldest notice not yet taken, to the party (the caller when absent). */
  nextNotice(caller: Caller, ask: NoticeQuestion, wait: Wait): Promise<Result<SignedNotice | undefined, Rejection>>;
  takeNotice(caller: Caller, noticeId: string): Promise<Result<undefined, Rejection>>;
  routing(caller: Caller, question: RoutingQuestion): Result<RoutingAdvice, Rejection>;
  receiptKeys(caller: Caller): Result<readonly ReceiptKey[], Rejection>;
}

/** How long a call may wait, in milliseconds, and when to stop waiting. */
export interface Wait {
  readonly waitMs: number;
  readonly signal: AbortSignal;
}
