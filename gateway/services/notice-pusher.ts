import { toNoticeBody } from '../codec/status-json.ts';
import type { Oin } from '../domain/oin.ts';
import { isInForce } from '../domain/participants.ts';
import type { PendingNotice } from '../domain/notices.ts';
import { closePending, signPending } from './notify.ts';
import type { Parts } from './parts.ts';
import { backoffMs } from './backoff.ts';
import { noticesOf } from './end.ts';

/** Pushes notices, in order, to a party that named a `bevestigingUrl`. */
export async function pushNotices(parts: Parts, party: Oin, signal: AbortSignal): Promise<void> {
  let faults = 0;
  while (!signal.aborted) {
    const url = findUrl(parts, party);
    const [pending] = parts.register.pendingNotices(party, 1);
    if (url === undefined || pending === undefined) {
      await parts.bell.wait(noticesOf(party), parts.settings.pollMs, signal);
      continue;
    }
    const isTaken = await pushOne(parts, pending, { url, signal });
    faults = isTaken ? 0 : faults + 1;
    if (!isTaken) await parts.clock.sleep(backoffMs(parts, faults), signal);
  }
}

// A party that ended gets nothing any more: neither here nor when it asks.
function findUrl(parts: Parts, party: Oin): string | undefined {
  const participant = parts.standing().rules.participants.get(party);
  return participant !== undefined && isInForce(participant, parts.clock.now()) ? participant.noticeUrl : undefined;
}

async function pushOne(
  parts: Parts,
  pending: PendingNotice,
  to: { readonly url: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const { messageId } = pending.entry.facts;
  const notice = await signPending(parts, pending, 'jws');
  if (notice === undefined) return true;
  const answer = await parts.deliverer.push(
    {
      url: to.url,
      expectedOin: pending.party,
      headers: { 'Content-Type': 'application/json', 'Bericht-Id': messageId },
      body: Buffer.from(JSON.stringify(toNoticeBody(notice.kind, notice.notice, notice.signed))),
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
  if (isTaken) await closePending(parts, pending);
  const fault = answer.kind === 'fault' ? answer.fault : 'answer-unproven';
  parts.events.emit(isTaken ? { name: 'NoticePushed', messageId } : { name: 'NoticeFailed', messageId, fault });
  return isTaken;
}
