import type { BrokerDelivery, Settlement, Subscription } from '../ports/broker.ts';
import { backoffMs, faultName } from './backoff.ts';
import { attemptPush } from './deliver.ts';
import type { PushPoint } from './deliver.ts';
import type { Parts } from './parts.ts';

/** Delivers to one push point until closed. */
export interface PushWorker {
  close(): Promise<void>;
}

/**
 * Consumes one point's queue and pushes. A bericht that fails is held back and tried again while others go on; after
 * faults in a row the point's own consumer pauses (circuit breaker, exponential back-off with jitter) and starts again
 * with a few berichten as probe. Other points notice nothing of it (B9).
 */
export async function openPushWorker(parts: Parts, point: () => PushPoint | undefined, id: string): Promise<PushWorker> {
  const stopping = new AbortController();
  let wait = new AbortController();
  let faultsInRow = 0;
  let pauses = 0;
  let paused: Promise<void> | undefined;

  const handle = async (delivery: BrokerDelivery): Promise<Settlement> => {
    const current = point();
    if (current === undefined || stopping.signal.aborted) return 'requeue';
    const result = await attemptPush(parts, current, { delivery, signal: stopping.signal });
    if (result.done) {
      if (pauses > 0) void subscription.resume(parts.settings.prefetch);
      faultsInRow = 0;
      pauses = 0;
      return 'ack';
    }
    faultsInRow += 1;
    if (faultsInRow >= parts.settings.faultsBeforePause) paused ??= pause();
    else await parts.clock.sleep(backoffMs(parts, result.attempts), AbortSignal.any([stopping.signal, wait.signal]));
    return 'requeue';
  };

  const pause = async (): Promise<void> => {
    pauses += 1;
    const retryInMs = backoffMs(parts, pauses + parts.settings.faultsBeforePause - 1);
    parts.events.emit({ name: 'PointPaused', connectionPoint: id, retryInMs });
    wait.abort();
    wait = new AbortController();
    const done = subscription.pause();
    await parts.clock.sleep(retryInMs, stopping.signal);
    await done;
    if (stopping.signal.aborted) return;
    // Half open: one more fault pauses again, one success closes the breaker.
    faultsInRow = parts.settings.faultsBeforePause - 1;
    paused = undefined;
    parts.events.emit({ name: 'PointResumed', connectionPoint: id });
    await subscription.resume(PROBE_PREFETCH);
  };

  const subscription: Subscription = await parts.broker.consume(id, { prefetch: parts.settings.prefetch }, (delivery) =>
    handle(delivery).catch((cause: unknown) => survive(parts, cause, stopping.signal)),
  );
  return {
    async close() {
      stopping.abort();
      await subscription.close();
      await paused;
    },
  };
}

// A fault of ours (register, key store) is no fault of the recipient's: the bericht goes back and is tried after a breath.
async function survive(parts: Parts, cause: unknown, signal: AbortSignal): Promise<Settlement> {
  parts.events.emit({ name: 'FaultOccurred', where: 'deliver', fault: faultName(cause) });
  await parts.clock.sleep(parts.settings.backoffBaseMs, signal);
  return 'requeue';
}

const PROBE_PREFETCH = 4;
