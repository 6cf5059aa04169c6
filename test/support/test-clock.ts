import type { Instant } from '../../gateway/domain/message.ts';
import type { Clock } from '../../gateway/ports/system.ts';

/** A clock that stands until it is moved, a second at a time; whoever sleeps wakes in its own second. */
export interface TestClock extends Clock {
  advance(ms: number): Promise<void>;
}

/** Makes one that stands at an instant. */
export function createTestClock(start: Instant): TestClock {
  let now = start;
  const sleepers = new Set<{ readonly at: Instant; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          at: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        if (signal?.aborted === true) resolve();
        else sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    async advance(ms) {
      const until = now + ms;
      while (now < until) {
        now = Math.min(until, now + SECOND);
        for (const sleeper of [...sleepers]) if (sleeper.at <= now) sleeper.wake();
        // What was woken runs before the next second begins.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

const SECOND = 1000;
