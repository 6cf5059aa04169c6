import { verifyCertificate } from '../codec/certificate.ts';
import { readCompact } from '../codec/compact-jws.ts';
import { readRecipientClaims, RECEIPT_TYPES } from '../codec/receipts.ts';
import { textAt } from '../codec/envelope-json.ts';
import { parseStrictJson } from '../codec/strict-json.ts';
import { REFUSAL_WORDS } from '../codec/wire-words.ts';
import type { MessageId } from '../domain/message.ts';
import type { Oin } from '../domain/oin.ts';
import type { DeliveryProof, RefusalReason } from '../domain/receipt.ts';
import type { StageContext } from './context.ts';

/** What came back on an attempt, or what a pull's confirmation holds. */
export interface RecipientAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
}

/** What the recipient must prove to have. */
export interface Expectation {
  readonly messageId: MessageId;
  /** SHA-256 of the body, base64. */
  readonly digest: string;
  readonly recipient: Oin;
  /** Whose certificate serves the point; it may sign the receipt as well. */
  readonly owner: Oin;
  /** Only a signed receipt counts. */
  readonly signedReceipt: boolean;
}

/** What an attempt came to. Only `delivered` and `refused` end a bericht; a fault is tried again. */
export type AttemptOutcome =
  | { readonly kind: 'delivered'; readonly proof: DeliveryProof; readonly receipt: string | undefined }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | { readonly kind: 'fault'; readonly fault: AnswerFault; readonly answered: boolean };

/** Why an answer isn't taken as an end. */
export const ANSWER_FAULTS = [
  'redirected',
  'status-4xx',
  'status-5xx',
  'answer-unproven',
  'receipt-invalid',
  'receipt-missing',
  'refusal-unproven',
] as const;

/** One of `ANSWER_FAULTS`. */
export type AnswerFault = (typeof ANSWER_FAULTS)[number];

/**
 * Reads an answer so that nothing but the recipient can decide an end state: a 2xx counts only when it repeats Bericht-Id
 * and Digest or carries a valid signed receipt, a 422 only with the Bericht-Id and a code of the closed list.
 */
export function judgeAnswer(
  answer: RecipientAnswer,
  expected: Expectation,
  ctx: Pick<StageContext, 'now' | 'trust'>,
): AttemptOutcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer, expected, ctx);
  if (status === 422) return judgeRefusal(answer, expected);
  if (status < 400) return fault('redirected', true);
  // A gateway error may come from a proxy after the recipient itself took the bericht.
  return status < 500 ? fault('status-4xx', true) : fault('status-5xx', false);
}

/** Whether the compact JWS is the recipient's own receipt over exactly this bericht. */
export function isRecipientReceipt(
  receipt: string,
  expected: Expectation,
  ctx: Pick<StageContext, 'now' | 'trust'>,
): boolean {
  const read = readCompact(receipt, RECEIPT_TYPES.recipient, ['ES256', 'PS256']);
  if (!read.ok) return false;
  const [leaf, ...offered] = read.value.chain;
  const signer = verifyCertificate(leaf, { usage: 'signing', trust: ctx.trust, now: ctx.now, offered });
  if (!signer.ok || (signer.value !== expected.recipient && signer.value !== expected.owner)) return false;
  const claims = readRecipientClaims(read.value.claims);
  return (
    claims?.messageId === expected.messageId &&
    claims.digest === expected.digest &&
    claims.recipient === expected.recipient
  );
}

function judgeSuccess(
  answer: RecipientAnswer,
  expected: Expectation,
  ctx: Pick<StageContext, 'now' | 'trust'>,
): AttemptOutcome {
  if (header(answer, 'content-type') === 'application/jose') {
    const receipt = Buffer.from(answer.body).toString('latin1');
    return isRecipientReceipt(receipt, expected, ctx)
      ? { kind: 'delivered', proof: 'signed', receipt }
      : fault('receipt-invalid', false);
  }
  const isRepeated =
    header(answer, 'bericht-id') === expected.messageId && header(answer, 'digest') === `SHA-256=${expected.digest}`;
  if (!isRepeated) return fault('answer-unproven', false);
  return expected.signedReceipt
    ? fault('receipt-missing', false)
    : { kind: 'delivered', proof: 'connection', receipt: undefined };
}

function judgeRefusal(answer: RecipientAnswer, expected: Expectation): AttemptOutcome {
  const isProblem = header(answer, 'content-type') === 'application/problem+json';
  if (!isProblem || header(answer, 'bericht-id') !== expected.messageId) return fault('refusal-unproven', true);
  const parsed = parseStrictJson(answer.body);
  const code = parsed.ok ? textAt(parsed.value, 'code') : undefined;
  const reason = REFUSAL_WORDS.fromWire(code ?? '');
  return reason === undefined ? fault('refusal-unproven', true) : { kind: 'refused', reason };
}

// A header given twice proves nothing: a proxy may have added one of them.
function header(answer: RecipientAnswer, name: string): string | undefined {
  const [value, ...others] = answer.headers.get(name) ?? [];
  if (others.length > 0) return undefined;
  return name === 'content-type' ? value?.split(';', 1).join('').trim().toLowerCase() : value?.trim();
}

function fault(name: AnswerFault, answered: boolean): AttemptOutcome {
  return { kind: 'fault', fault: name, answered };
}
