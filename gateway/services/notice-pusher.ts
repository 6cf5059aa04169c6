import { toNoticeBody } from '../codec/status-json.ts';
import type { Oin } from '../domain/oin.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import { closeNotice, buildNotice } from './notify.ts';
import type { Parts } from './parts.ts';
import { backoffMs } from './backoff.ts';
import { noticesOf } from './end.ts';

/** Pushes end notices, in order, to the senders that named a `bevestigingUrl`. */
export async function pushNotices(parts: Parts, sender: Oin, signal: AbortSignal): Promise<void> {
  let faults = 0;
  while (!signal.aborted) {
    const url = parts.standing().rules.participants.get(sender)?.noticeUrl;
    const [entry] = parts.register.pendingNotices(sender, 1);
    if (url === undefined || entry === undefined) {
      await parts.bell.wait(noticesOf(sender), parts.settings.pollMs, signal);
      continue;
    }
    const isTaken = await pushOne(parts, entry, { url, signal });
    faults = isTaken ? 0 : faults + 1;
    if (!isTaken) await parts.clock.sleep(backoffMs(parts, faults), signal);
  }
}

async function pushOne(
  parts: Parts,
  entry: RegisterEntry,
  to: { readonly url: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const { messageId, sender } = entry.facts;
  const notice = await buildNotice(parts, entry);
  if (notice === undefined) return true;
  const answer = await parts.deliverer.push(
    {
      url: to.url,
      expectedOin: sender,
      headers: { 'Content-Type': 'application/json', 'Bericht-Id': messageId },
      body: Buffer.from(JSON.stringify(toNoticeBody(notice.notice, notice.signed))),
      timeoutMs: parts.settings.attemptTimeoutMs,
    },
    to.signal,
  );
  // As with berichten, an answer counts only when it names what it is an answer to.
  const isTaken =
    answer.kind === 'answer' &&
    answer.status >= 200 &&
    answer.status < 300 &&
    answer.headers.get('bericht-id')?.join() === messageId;
  if (isTaken) await closeNotice(parts, entry);
  const fault = answer.kind === 'fault' ? answer.fault : 'answer-unproven';
  parts.events.emit(isTaken ? { name: 'NoticePushed', messageId } : { name: 'NoticeFailed', messageId, fault });
  return isTaken;
}
