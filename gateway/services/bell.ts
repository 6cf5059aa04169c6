import type { Clock } from '../ports/system.ts';

/** Wakes whoever waits for news on a topic: a Bericht-Id, a connection point, or a sender's notices. */
export interface Bell {
  ring(topic: string): void;
  /** Resolves when the topic rings, the time is over or the signal aborts, whichever comes first. */
  wait(topic: string, ms: number, signal: AbortSignal): Promise<void>;
}

/** Only spares waiting: whoever is woken looks for itself, so a missed ring delays and never loses anything. */
export function createBell(clock: Clock): Bell {
  const waiting = new Map<string, Set<AbortController>>();
  return {
    ring(topic) {
      for (const waiter of waiting.get(topic) ?? []) waiter.abort();
    },
    async wait(topic, ms, signal) {
      const woken = new AbortController();
      const wake = (): void => {
        woken.abort();
      };
      const waiters = waiting.get(topic) ?? new Set();
      waiting.set(topic, waiters.add(woken));
      // Not AbortSignal.any: on Node 20 a signal that lives long never forgets those made of it.
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
      try {
        await clock.sleep(ms, woken.signal);
      } finally {
        signal.removeEventListener('abort', wake);
        waiters.delete(woken);
        if (waiters.size === 0 && waiting.get(topic) === waiters) waiting.delete(topic);
      }
    },
  };
}
