import type { RegisterEntry } from '../../gateway/domain/register-entry.ts';
import { isAwaited, nextReplyStep, UNBEGUN } from '../../gateway/domain/reply-terms.ts';
import type {
  ExpectedReply,
  ReminderLead,
  ReplyMoments,
  ReplyProgress,
  ReplyTerm,
} from '../../gateway/domain/reply-terms.ts';
import type { EndedRecord, ReceivedRecord, ReplyNotedRecord } from './audit-line.ts';
import { toTime } from './times.ts';

type ReceivedReply = Pick<ReceivedRecord, 'replyTypes' | 'replyTerm' | 'replyReminder'>;
type EndedReply = Pick<EndedRecord, 'replyRemindAt' | 'replyDueAt'>;

/** What a `received` record says of the answer that is expected. */
export function buildExpected(reply: ExpectedReply | undefined): ReceivedReply {
  return {
    replyTypes: reply?.types,
    replyTerm: reply === undefined ? undefined : toCode(reply.term),
    replyReminder: reply?.reminder === undefined ? undefined : toCode(reply.reminder),
  };
}

/** The expected answer behind a `received` record. */
export function readExpected({ replyTypes, replyTerm, replyReminder }: ReceivedReply): ExpectedReply | undefined {
  if (replyTypes === undefined || replyTerm === undefined) return undefined;
  return {
    types: replyTypes,
    term: fromCode(replyTerm),
    reminder: replyReminder === undefined ? undefined : countOf(replyReminder),
  };
}

/** What an `ended` record says of the term that begins there. */
export function buildMoments(reply: ReplyMoments | undefined): EndedReply {
  return {
    replyRemindAt: reply?.remindAt === undefined ? undefined : toTime(reply.remindAt),
    replyDueAt: reply === undefined ? undefined : toTime(reply.dueAt),
  };
}

/** The moments behind an `ended` record. */
export function readMoments({ replyRemindAt, replyDueAt }: EndedReply): ReplyMoments | undefined {
  if (replyDueAt === undefined) return undefined;
  return {
    remindAt: replyRemindAt === undefined ? undefined : Date.parse(replyRemindAt),
    dueAt: Date.parse(replyDueAt),
  };
}

/** Whether the note is what the term comes to next. */
export function isNoteDue({ reply }: RegisterEntry, { note }: Pick<ReplyNotedRecord, 'note'>): boolean {
  return nextReplyStep(reply)?.kind === note;
}

/** The progress with the note. */
export function withNote(reply: ReplyProgress | undefined, record: ReplyNotedRecord): ReplyProgress {
  const { note: kind, at, senderNotice, recipientNotice } = record;
  const note = {
    kind,
    at: Date.parse(at),
    sender: { id: senderNotice, taken: false },
    recipient: { id: recipientNotice, taken: false },
  };
  const before = reply ?? UNBEGUN;
  return { ...before, notes: [...before.notes, note] };
}

/** The progress once a party has the notice; undefined when none of this id waits. */
export function withNoticeTaken(reply: ReplyProgress | undefined, noticeId: string): ReplyProgress | undefined {
  const isMeant = ({ id, taken }: { readonly id: string; readonly taken: boolean }): boolean =>
    id === noticeId && !taken;
  if (reply?.notes.some(({ sender, recipient }) => isMeant(sender) || isMeant(recipient)) !== true) return undefined;
  const notes = reply.notes.map((note) => ({
    ...note,
    sender: isMeant(note.sender) ? { id: noticeId, taken: true } : note.sender,
    recipient: isMeant(note.recipient) ? { id: noticeId, taken: true } : note.recipient,
  }));
  return { ...reply, notes };
}

/** The bericht once its answer is accepted; undefined when it awaits none (any more). */
export function withAnswer(entry: RegisterEntry, at: number): RegisterEntry | undefined {
  if (entry.reply === undefined || !isAwaited(entry.reply)) return undefined;
  return { ...entry, reply: { ...entry.reply, answeredAt: at } };
}

function toCode(term: ReplyTerm): string {
  return 'count' in term ? `${term.kind}:${String(term.count)}` : term.kind;
}

function fromCode(code: string): ReplyTerm {
  return code === 'same-day' || code === 'immediate' ? { kind: code } : countOf(code);
}

function countOf(code: string): ReminderLead {
  const [kind, count] = code.split(':');
  return { kind: kind === 'hours' ? 'hours' : 'working-days', count: Number(count) };
}
