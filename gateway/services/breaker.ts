import { mustBeReachable } from '../domain/office-hours.ts';
import type { Subscription } from '../ports/broker.ts';
import { backoffMs } from './backoff.ts';
import type { Parts } from './parts.ts';

/** Pauses one point's consumer while its recipient fails. */
export interface Breaker {
  /** Closes the breaker, also during a pause: whoever took a bericht is there. */
  succeeded(): Promise<void>;
  /** Counts a fault; true when it opens the breaker, so that what is held back goes to the queue at once. */
  failed(): boolean;
  /** Aborts when the breaker opens next, or the worker stops. */
  opening(): AbortSignal;
  /** Resolves when no pause is running. */
  settled(): Promise<void>;
}

/**
 * A circuit breaker on a subscription: after faults in a row it pauses, waits (exponential back-off with jitter to a cap)
 * and probes with a few berichten; one success closes it, one more fault pauses again.
 */
export function createBreaker(parts: Parts, point: WatchedPoint, signal: AbortSignal): Breaker {
  const [opened, waking] = [new AbortController(), new AbortController()];
  const state: State = { opened, waking, faultsInRow: 0, pauses: 0, pausing: undefined };
  signal.addEventListener('abort', () => {
    state.opened.abort();
    state.waking.abort();
  });
  return {
    async succeeded() {
      state.faultsInRow = 0;
      if (state.pauses === 0) return;
      state.pauses = 0;
      if (state.pausing === undefined) await point.subscription().resume(parts.settings.prefetch);
      else state.waking.abort();
    },
    failed() {
      state.faultsInRow += 1;
      if (state.faultsInRow < parts.settings.faultsBeforePause) return false;
      state.pausing ??= pause(parts, point, { state, signal });
      return true;
    },
    opening: () => (signal.aborted ? signal : state.opened.signal),
    settled: () => state.pausing ?? Promise.resolve(),
  };
}

/** A point as its breaker sees it. */
export interface WatchedPoint {
  readonly id: string;
  readonly subscription: () => Subscription;
  /** Whether it keeps office hours, by the present rules. */
  readonly officeHours: () => boolean;
}

interface State {
  opened: AbortController;
  /** Ends the pause that runs before its time. */
  waking: AbortController;
  faultsInRow: number;
  pauses: number;
  pausing: Promise<void> | undefined;
}

async function pause(
  parts: Parts,
  point: WatchedPoint,
  { state, signal }: { readonly state: State; readonly signal: AbortSignal },
): Promise<void> {
  const { faultsBeforePause } = parts.settings;
  state.pauses += 1;
  const retryInMs = backoffMs(parts, faultsBeforePause + state.pauses - 1);
  parts.events.emit({ name: 'PointPaused', connectionPoint: point.id, retryInMs });
  // Outside its hours nobody owes that it is there: what waits keeps waiting, and nobody is called.
  if (mustBeReachable({ officeHours: point.officeHours() }, parts.clock.now()))
    parts.events.emit({ name: 'PointUnreachable', connectionPoint: point.id });
  state.opened.abort();
  state.opened = new AbortController();
  const paused = point.subscription().pause();
  state.waking = new AbortController();
  await parts.clock.sleep(retryInMs, signal.aborted ? signal : state.waking.signal);
  await paused;
  state.pausing = undefined;
  if (signal.aborted) return;
  const isRecovered = state.pauses === 0;
  // Half open: one more fault pauses again.
  state.faultsInRow = isRecovered ? 0 : faultsBeforePause - 1;
  parts.events.emit({ name: 'PointResumed', connectionPoint: point.id });
  await point.subscription().resume(isRecovered ? parts.settings.prefetch : PROBE_PREFETCH);
}

const PROBE_PREFETCH = 4;
