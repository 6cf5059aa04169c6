import { isEndState } from '../domain/lifecycle.ts';
import { isMessageId } from '../domain/message.ts';
import { faultName } from './backoff.ts';
import type { Parts } from './parts.ts';

/** What the id of a key that seals evidence begins with; then come the Bericht-Id, a colon and the id of the notice. */
export const EVIDENCE = 'evidence:';

/** Drops a key. A key store that can't now is asked again by `dropEndedKeys`: what is on record doesn't wait for it. */
export async function dropKey(parts: Parts, id: string): Promise<void> {
  try {
    await parts.keys.remove(id);
  } catch (cause) {
    parts.events.emit({ name: 'FaultOccurred', where: 'keys', fault: faultName(cause) });
  }
}

/** Drops every key that no open bericht and no waiting notice needs, whatever kept it from going before. */
export async function dropEndedKeys(parts: Parts): Promise<void> {
  for (const id of await parts.keys.ids()) {
    if (!isNeeded(parts, id)) await dropKey(parts, id);
  }
}

/** Does so time after time: an ended key is gone well within its 24 hours (promise B2). */
export async function watchKeys(parts: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await parts.clock.sleep(EVERY_MS, signal);
    await dropEndedKeys(parts).catch((cause: unknown) => {
      parts.events.emit({ name: 'FaultOccurred', where: 'keys', fault: faultName(cause) });
    });
  }
}

function isNeeded(parts: Parts, id: string): boolean {
  const isEvidence = id.startsWith(EVIDENCE);
  const [messageId = '', noticeId] = (isEvidence ? id.slice(EVIDENCE.length) : id).split(':');
  if (!isMessageId(messageId)) return false;
  // A key is made before its bericht, or its end, is on record.
  if (parts.inFlight.has(messageId)) return true;
  const entry = parts.register.find(messageId);
  if (entry === undefined) return false;
  if (!isEndState(entry.state)) return true;
  return isEvidence && entry.end?.noticeId === noticeId && !entry.noticeTaken;
}

const EVERY_MS = 3_600_000;
