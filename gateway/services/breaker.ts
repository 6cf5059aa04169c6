import type { Subscription } from '../ports/broker.ts';
import { backoffMs } from './backoff.ts';
import type { Parts } from './parts.ts';

/** Pauses one point's consumer while its recipient fails. */
export interface Breaker {
  succeeded(): Promise<void>;
  /** Counts a fault; true when it opens the breaker, so that what is held back goes to the queue at once. */
  failed(): boolean;
  /** Aborts when the breaker opens next. */
  opening(): AbortSignal;
  /** Resolves when no pause is running. */
  settled(): Promise<void>;
}

/**
 * A circuit breaker on a subscription: after faults in a row it pauses, waits (exponential back-off with jitter to a cap)
 * and probes with a few berichten; one success closes it, one more fault pauses again.
 */
export function createBreaker(
  parts: Parts,
  point: { readonly id: string; readonly subscription: () => Subscription },
  signal: AbortSignal,
): Breaker {
  const state: State = { opened: new AbortController(), faultsInRow: 0, pauses: 0, pausing: undefined };
  return {
    async succeeded() {
      const wasProbing = state.pauses > 0 && state.pausing === undefined;
      state.faultsInRow = 0;
      if (!wasProbing) return;
      state.pauses = 0;
      await point.subscription().resume(parts.settings.prefetch);
    },
    failed() {
      state.faultsInRow += 1;
      if (state.faultsInRow < parts.settings.faultsBeforePause) return false;
      state.pausing ??= pause(parts, point, { state, signal });
      return true;
    },
    opening: () => state.opened.signal,
    settled: () => state.pausing ?? Promise.resolve(),
  };
}

interface State {
  opened: AbortController;
  faultsInRow: number;
  pauses: number;
  pausing: Promise<void> | undefined;
}

async function pause(
  parts: Parts,
  point: { readonly id: string; readonly subscription: () => Subscription },
  { state, signal }: { readonly state: State; readonly signal: AbortSignal },
): Promise<void> {
  const { faultsBeforePause } = parts.settings;
  state.pauses += 1;
  const retryInMs = backoffMs(parts, faultsBeforePause + state.pauses - 1);
  parts.events.emit({ name: 'PointPaused', connectionPoint: point.id, retryInMs });
  state.opened.abort();
  state.opened = new AbortController();
  const paused = point.subscription().pause();
  await parts.clock.sleep(retryInMs, signal);
  await paused;
  state.pausing = undefined;
  if (signal.aborted) return;
  // Half open: one more fault pauses again.
  state.faultsInRow = faultsBeforePause - 1;
  parts.events.emit({ name: 'PointResumed', connectionPoint: point.id });
  await point.subscription().resume(PROBE_PREFETCH);
}

const PROBE_PREFETCH = 4;
