import { signTermNotice } from '../codec/receipts.ts';
import type { TermNotice } from '../domain/receipt.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import type { ReplyNote } from '../domain/reply-terms.ts';
import type { ReceiptForm, SignedNotice } from '../ports/gateway-api.ts';
import type { Parts } from './parts.ts';

/** A note of a term, and the id of the notice that tells one party of it. */
export interface NotedTerm {
  readonly entry: RegisterEntry;
  readonly note: ReplyNote;
  readonly id: string;
}

/** The notice of a reminder or a missed term to one of the two parties, made from what is on record. */
export async function buildTermNotice(
  parts: Parts,
  noted: NotedTerm,
  receiptForm: ReceiptForm,
): Promise<SignedNotice | undefined> {
  const notice = toTermNotice(parts, noted);
  if (notice === undefined) return undefined;
  const signed =
    receiptForm === 'jws'
      ? signTermNotice(notice, parts.issuer)
      : Buffer.from(await parts.formatReceiptXml({ kind: 'term', notice })).toString('utf8');
  return { kind: 'term', notice, signed };
}

function toTermNotice(parts: Parts, { entry, note, id }: NotedTerm): TermNotice | undefined {
  const { facts, end, receipts, reply } = entry;
  if (facts.reply === undefined || end === undefined || reply?.moments === undefined) return undefined;
  return {
    issuer: parts.issuer.oin,
    environment: facts.environment,
    id,
    messageId: facts.messageId,
    messageType: facts.messageType,
    receipts: id === note.sender.id ? receipts : [],
    kind: note.kind,
    expected: facts.reply.types,
    term: facts.reply.term,
    deliveredAt: end.at,
    dueAt: reply.moments.dueAt,
    notedAt: note.at,
  };
}
