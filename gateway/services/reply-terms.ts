import type { RegisterEntry } from '../domain/register-entry.ts';
import { nextReplyStep } from '../domain/reply-terms.ts';
import { faultName } from './backoff.ts';
import { noticesOf } from './end.ts';
import type { Parts } from './parts.ts';

/** Puts, time after time, on record which terms came to their reminder or were missed. The register decides. */
export async function watchReplyTerms(parts: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await noteDueReplies(parts).catch((cause: unknown) => {
      parts.events.emit({ name: 'FaultOccurred', where: 'reply-terms', fault: faultName(cause) });
    });
    await parts.clock.sleep(parts.settings.tickMs, signal);
  }
}

/** Notes everything that is due now; a term that passed while the gateway stood still gets its reminder first. */
export async function noteDueReplies(parts: Parts): Promise<void> {
  const now = parts.clock.now();
  for (const entry of parts.register.dueReplies(now)) {
    let current: RegisterEntry | undefined = entry;
    while (current !== undefined) current = await noteNext(parts, current, now);
  }
}

// One record both notes it and owes the two notices, so that a crash neither loses nor doubles them.
async function noteNext(parts: Parts, entry: RegisterEntry, now: number): Promise<RegisterEntry | undefined> {
  const step = nextReplyStep(entry.reply);
  if (step === undefined || step.at > now) return undefined;
  const { messageId, messageType, sender, recipient } = entry.facts;
  const recorded = await parts.register.record({
    kind: 'reply-noted',
    at: now,
    messageId,
    note: step.kind,
    senderNoticeId: parts.ids.uuid(),
    recipientNoticeId: parts.ids.uuid(),
  });
  // Answered meanwhile.
  if (recorded.outcome !== 'recorded') return undefined;
  const name = step.kind === 'reminded' ? 'ReplyReminded' : 'ReplyMissed';
  parts.events.emit({ name, messageId, messageType });
  for (const party of [sender, recipient]) parts.bell.ring(noticesOf(party));
  return recorded.entry;
}
