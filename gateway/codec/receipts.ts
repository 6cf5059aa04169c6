import type { KeyObject } from 'node:crypto';

import { isMessageId } from '../domain/message.ts';
import type { Environment } from '../domain/message.ts';
import { isOin } from '../domain/oin.ts';
import type { Oin } from '../domain/oin.ts';
import type { EndNotice, RecipientReceipt, SubmissionReceipt, TermNotice } from '../domain/receipt.ts';
import type { Certificate } from './certificate.ts';
import { signCompact } from './compact-jws.ts';
import { readDigestHeader } from './detached-signature.ts';
import { formatTerm } from './reply-rules.ts';
import type { JsonObject } from './strict-json.ts';
import { formatInstant, parseInstant } from './timestamps.ts';
import { NOTE_WORDS, PROOF_WORDS, reasonToWire, STATE_WORDS } from './wire-words.ts';

/** The `typ` of each kind of receipt; a receipt of one kind is never taken for another. */
export const RECEIPT_TYPES = {
  submission: 'ontvangstbevestiging+jwt',
  end: 'eindbericht+jwt',
  term: 'termijnbericht+jwt',
  recipient: 'ontvangerbevestiging+jwt',
} as const;

/** With what the gateway, or a recipient, signs its receipts. */
export interface ReceiptIssuer {
  readonly oin: Oin;
  readonly environment: Environment;
  readonly privateKey: KeyObject;
  /** Leaf first. */
  readonly chain: readonly Certificate[];
}

/** Signs a submission receipt (compact JWS, ES256). */
export function signSubmissionReceipt(receipt: SubmissionReceipt, issuer: ReceiptIssuer): string {
  const { privateKey, chain } = issuer;
  return signCompact({ typ: RECEIPT_TYPES.submission, claims: toSubmissionClaims(receipt), privateKey, chain });
}

/** Signs an end notice (compact JWS, ES256). */
export function signEndNotice(notice: EndNotice, issuer: ReceiptIssuer): string {
  const { privateKey, chain } = issuer;
  return signCompact({ typ: RECEIPT_TYPES.end, claims: toEndClaims(notice), privateKey, chain });
}

/** Signs a term notice (compact JWS, ES256). */
export function signTermNotice(notice: TermNotice, issuer: ReceiptIssuer): string {
  const { privateKey, chain } = issuer;
  return signCompact({ typ: RECEIPT_TYPES.term, claims: toTermClaims(notice), privateKey, chain });
}

/** Signs a recipient's receipt (compact JWS; ES256, or PS256 with an RSA key). */
export function signRecipientReceipt(
  receipt: RecipientReceipt,
  issuer: Pick<ReceiptIssuer, 'privateKey' | 'chain'>,
): string {
  const { privateKey, chain } = issuer;
  return signCompact({ typ: RECEIPT_TYPES.recipient, claims: toRecipientClaims(receipt), privateKey, chain });
}

/** Claims of a submission receipt, by their wire names and in the order of the contract. */
export function toSubmissionClaims(receipt: SubmissionReceipt): JsonObject {
  return {
    iss: receipt.issuer,
    omgeving: receipt.environment,
    jti: receipt.id,
    berichtId: receipt.messageId,
    ...(receipt.previous === undefined ? {} : { eerder: receipt.previous }),
    afzenderOin: receipt.sender,
    ingediendDoorOin: receipt.submittedBy,
    ondertekenaar: receipt.signer,
    geadresseerd: receipt.addressed,
    ontvangerOin: receipt.recipient,
    berichttype: receipt.messageType,
    versie: receipt.version,
    kenmerk: receipt.kenmerk,
    digest: `SHA-256=${receipt.digest}`,
    ontvangenOp: formatInstant(receipt.receivedAt),
    geaccepteerdOp: formatInstant(receipt.acceptedAt),
    uiterlijk: formatInstant(receipt.deadline),
  };
}

/** Claims of an end notice. */
export function toEndClaims(notice: EndNotice): JsonObject {
  const reason = reasonToWire(notice.reason);
  return {
    iss: notice.issuer,
    omgeving: notice.environment,
    jti: notice.id,
    berichtId: notice.messageId,
    bij: [...notice.receipts],
    toestand: STATE_WORDS.toWire(notice.state),
    ...(reason === undefined ? {} : { reden: reason }),
    eindtijd: formatInstant(notice.endedAt),
    pogingen: notice.attempts,
    mogelijkOntvangen: notice.possiblyReceived,
    ...(notice.proof === undefined ? {} : { bewijs: PROOF_WORDS.toWire(notice.proof) }),
    ...(notice.recipientReceipt === undefined ? {} : { ontvangerbevestiging: notice.recipientReceipt }),
  };
}

/** Claims of a term notice. It names no party: each knows the other from the bericht. */
export function toTermClaims(notice: TermNotice): JsonObject {
  return {
    iss: notice.issuer,
    omgeving: notice.environment,
    jti: notice.id,
    berichtId: notice.messageId,
    berichttype: notice.messageType,
    ...(notice.receipts.length === 0 ? {} : { bij: [...notice.receipts] }),
    soort: NOTE_WORDS.toWire(notice.kind),
    verwacht: [...notice.expected],
    termijn: formatTerm(notice.term),
    afgeleverdOp: formatInstant(notice.deliveredAt),
    uiterlijk: formatInstant(notice.dueAt),
    vastgesteldOp: formatInstant(notice.notedAt),
  };
}

/** Claims of a recipient's receipt: exactly these four. */
export function toRecipientClaims(receipt: RecipientReceipt): JsonObject {
  return {
    berichtId: receipt.messageId,
    digest: `SHA-256=${receipt.digest}`,
    ontvangerOin: receipt.recipient,
    ontvangenOp: formatInstant(receipt.receivedAt),
  };
}

/** Reads a recipient's receipt; undefined when a claim is missing, extra or malformed. */
export function readRecipientClaims(claims: JsonObject): RecipientReceipt | undefined {
  const { berichtId, digest: header, ontvangerOin, ontvangenOp, ...others } = claims;
  if (Object.keys(others).length > 0) return undefined;
  if (typeof berichtId !== 'string' || !isMessageId(berichtId)) return undefined;
  if (typeof ontvangerOin !== 'string' || !isOin(ontvangerOin)) return undefined;
  const digest = typeof header === 'string' ? readDigestHeader(header) : undefined;
  const receivedAt = typeof ontvangenOp === 'string' ? parseInstant(ontvangenOp) : undefined;
  if (digest === undefined || receivedAt === undefined) return undefined;
  return { messageId: berichtId, digest, recipient: ontvangerOin, receivedAt };
}
