import type { RegisterEntry } from '../domain/register-entry.ts';
import { endMessage } from './end.ts';
import type { Parts } from './parts.ts';
import { faultName } from './backoff.ts';

/** Ends, time after time, what has passed its deadline. The register decides; a queue's own time-out is only a net under it. */
export async function watchDeadlines(parts: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await expireDue(parts).catch((cause: unknown) => {
      parts.events.emit({ name: 'FaultOccurred', where: 'expire', fault: faultName(cause) });
    });
    await parts.clock.sleep(parts.settings.tickMs, signal);
  }
}

/** Ends everything that is due now. */
export async function expireDue(parts: Parts): Promise<void> {
  const now = parts.clock.now();
  for (const entry of parts.register.open()) {
    if (entry.state === 'accepted' && entry.facts.deadline <= now) {
      await endMessage(parts, entry, { state: 'expired', reason: 'deadline-passed' });
    }
    if (isForsaken(parts, entry, now)) await endMessage(parts, entry, { state: 'not-accepted' });
  }
}

// `received` long ago and nobody met it on its queue: it was never published.
function isForsaken(parts: Parts, entry: RegisterEntry, now: number): boolean {
  return (
    entry.state === 'received' &&
    !parts.inFlight.has(entry.facts.messageId) &&
    entry.facts.receivedAt + parts.settings.unacceptedMs <= now
  );
}
