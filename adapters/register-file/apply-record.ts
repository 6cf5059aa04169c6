import { isEndState, isTransitionAllowed } from '../../gateway/domain/lifecycle.ts';
import { owesEndNotice } from '../../gateway/domain/notices.ts';
import type { EndFacts, HistoryLine, MessageFacts, RegisterEntry } from '../../gateway/domain/register-entry.ts';
import { UNBEGUN } from '../../gateway/domain/reply-terms.ts';
import type { EndedRecord, MovementRecord, ReceivedRecord } from './audit-line.ts';
import { isNoteDue, readExpected, readMoments, withNote, withNoticeTaken } from './reply-record.ts';
import type { Month } from './segments.ts';

/** A bericht as the index holds it. */
export interface HeldMessage {
  readonly entry: RegisterEntry;
  /** Attempts of which an answer is on record. */
  readonly answered: number;
  /** Whether the last attempt is running. After a restart none is, so an answer can't clear an attempt of before. */
  readonly attempting: boolean;
  /** Under which it is found once it is accepted, while its month is kept. */
  readonly sent: SentKey | undefined;
}

/** A keyed kenmerk and the month of its key. */
export interface SentKey {
  readonly month: Month;
  readonly senderHmac: string;
}

/** The bericht that a `received` record begins. `shared` gives one copy of equal texts. */
export function beginMessage(
  record: ReceivedRecord,
  shared: <T extends string>(text: T) => T,
  month: Month | undefined,
): HeldMessage {
  const facts = toFacts(record, shared);
  const entry: RegisterEntry = {
    facts,
    state: 'received',
    previous: record.previous,
    acceptedAt: undefined,
    receipts: [],
    attempts: 0,
    unanswered: false,
    end: undefined,
    noticeTaken: false,
    history: [lineOf(record)],
    reply: facts.reply === undefined ? undefined : UNBEGUN,
  };
  const sent = month === undefined ? undefined : { month, senderHmac: record.senderHmac };
  return { entry, answered: 0, attempting: false, sent };
}

/** The bericht after the record; undefined when its state doesn't allow it. */
export function applyRecord(held: HeldMessage, record: MovementRecord): HeldMessage | undefined {
  return isAllowed(held, record) ? move(held, record) : undefined;
}

function isAllowed({ entry, attempting }: HeldMessage, record: MovementRecord): boolean {
  switch (record.kind) {
    case 'accepted':
      return isTransitionAllowed(entry.state, 'accepted');
    case 'ended':
      return isTransitionAllowed(entry.state, record.state);
    case 'receipted':
      return true;
    case 'attempted':
      return entry.state === 'accepted';
    case 'attempt-failed':
      return attempting;
    case 'late':
      return isEndState(entry.state);
    case 'notice-taken':
      return owesEndNotice(entry);
    case 'reply-noted':
      return isNoteDue(entry, record);
    case 'reply-notice-taken':
      return withNoticeTaken(entry.reply, record.noticeId) !== undefined;
  }
}

function move(held: HeldMessage, record: MovementRecord): HeldMessage {
  if (record.kind === 'reply-noted') return moved(held, record, { reply: withNote(held.entry.reply, record) });
  // No line of the history: the sender sees that, and what the recipient takes is not its business.
  if (record.kind === 'reply-notice-taken')
    return changed(held, { reply: withNoticeTaken(held.entry.reply, record.noticeId) });
  return moveMessage(held, record);
}

function moveMessage(
  held: HeldMessage,
  record: Exclude<MovementRecord, { readonly kind: 'reply-noted' | 'reply-notice-taken' }>,
): HeldMessage {
  const { receipts, attempts } = held.entry;
  switch (record.kind) {
    case 'accepted':
      return moved(held, record, {
        state: 'accepted',
        acceptedAt: Date.parse(record.at),
        receipts: record.receipt === undefined ? [] : [record.receipt],
      });
    case 'receipted':
      return moved(held, record, { receipts: [...receipts, record.receipt] });
    case 'attempted':
      return { ...moved(held, record, { attempts: attempts + 1, unanswered: true }), attempting: true };
    case 'attempt-failed':
      return concluded(held, record, { isAnswered: record.answered, change: {} });
    case 'ended':
      return ended(held, record);
    case 'late':
      return moved(held, record, {});
    case 'notice-taken':
      return moved(held, record, { noticeTaken: true });
  }
}

function ended(held: HeldMessage, record: EndedRecord): HeldMessage {
  // The recipient's answer that ends a bericht answers the running attempt.
  const isAnswered = held.attempting && record.state !== 'expired';
  const end = toEnd(record);
  const reply = held.entry.reply && { ...held.entry.reply, moments: end.reply };
  return concluded(held, record, { isAnswered, change: { state: record.state, end, reply } });
}

function concluded(
  held: HeldMessage,
  record: MovementRecord,
  { isAnswered, change }: { readonly isAnswered: boolean; readonly change: Partial<RegisterEntry> },
): HeldMessage {
  const answered = held.answered + (isAnswered ? 1 : 0);
  const unanswered = held.entry.attempts > answered;
  return { ...moved(held, record, { ...change, unanswered }), answered, attempting: false };
}

function moved(held: HeldMessage, record: MovementRecord, change: Partial<RegisterEntry>): HeldMessage {
  return changed(held, { ...change, history: [...held.entry.history, lineOf(record)] });
}

function changed(held: HeldMessage, change: Partial<RegisterEntry>): HeldMessage {
  return { ...held, entry: { ...held.entry, ...change } };
}

function lineOf(record: MovementRecord | ReceivedRecord): HistoryLine {
  return { at: Date.parse(record.at), event: record.kind };
}

function toEnd(record: EndedRecord): EndFacts {
  return {
    state: record.state,
    at: Date.parse(record.endedAt),
    reason: record.reason,
    possiblyReceived: record.possiblyReceived,
    proof: record.proof,
    noticeId: record.noticeId,
    sealedEvidence: record.sealedEvidence,
    reply: readMoments(record),
  };
}

function toFacts(record: ReceivedRecord, shared: <T extends string>(text: T) => T): MessageFacts {
  return {
    messageId: record.messageId,
    environment: record.environment,
    messageType: shared(record.messageType),
    version: shared(record.version),
    sender: shared(record.sender),
    senderRole: shared(record.senderRole),
    submittedBy: shared(record.submittedBy),
    signedBy: shared(record.signedBy),
    signer: shared(record.signer),
    addressed: shared(record.addressed),
    recipient: shared(record.recipient),
    recipientRole: shared(record.recipientRole),
    connectionPoint: shared(record.connectionPoint),
    ruleId: shared(record.ruleId),
    ruleSetHash: shared(record.ruleSetHash),
    sizeKb: record.sizeKb,
    receivedAt: Date.parse(record.receivedAt),
    deadline: Date.parse(record.deadline),
    reply: readExpected(record),
    answers: record.answers,
  };
}
