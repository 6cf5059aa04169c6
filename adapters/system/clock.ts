import type { Clock } from '../../gateway/ports/system.ts';

/** The clock of this machine. A sleep keeps the process alive until it ends or is aborted. */
export function createSystemClock(): Clock {
  return { now: () => Date.now(), sleep };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    // setTimeout fires at once above 2^31-1 ms.
    const timer = setTimeout(wake, Math.min(ms, MAX_TIMEOUT_MS));
    signal?.addEventListener('abort', wake, { once: true });
  });
}

const MAX_TIMEOUT_MS = 2_147_483_647;
