import type { Oin } from './oin.ts';
import type { RegisterEntry } from './register-entry.ts';
import type { NoticeState, ReplyNote } from './reply-terms.ts';

/** A notice that waits for its party: how a bericht ended, or what its term came to. */
export interface PendingNotice {
  readonly id: string;
  readonly party: Oin;
  readonly entry: RegisterEntry;
  /** The reminder or the missed term it tells of; absent for an end notice. */
  readonly note: ReplyNote | undefined;
}

/** Whether the sender still has to take this bericht's end notice. */
export function owesEndNotice({ state, noticeTaken }: RegisterEntry): boolean {
  return !noticeTaken && (state === 'delivered' || state === 'refused' || state === 'expired');
}

/** The notices of a bericht that wait, in the order they came to be. */
export function waitingNotices(entry: RegisterEntry): readonly PendingNotice[] {
  const { sender, recipient } = entry.facts;
  const ended = entry.end !== undefined && owesEndNotice(entry) ? [entry.end.noticeId] : [];
  const noted = (entry.reply?.notes ?? []).flatMap((note) => [
    ...waiting(note.sender).map((id) => ({ id, party: sender, entry, note })),
    ...waiting(note.recipient).map((id) => ({ id, party: recipient, entry, note })),
  ]);
  return [...ended.map((id) => ({ id, party: sender, entry, note: undefined })), ...noted];
}

function waiting({ id, taken }: NoticeState): readonly string[] {
  return taken ? [] : [id];
}
