import type { BrokerDelivery, SealedMessage, Settlement, Subscription } from '../ports/broker.ts';
import { backoffMs, faultName } from './backoff.ts';
import { createBreaker } from './breaker.ts';
import { attemptPush } from './deliver.ts';
import type { PushPoint } from './deliver.ts';
import type { Parts } from './parts.ts';

/** Delivers to one push point until closed. */
export interface PushWorker {
  close(): Promise<void>;
}

/**
 * Consumes one point's queue and pushes. A bericht that fails is held back and tried again while others go on; a recipient
 * that keeps failing pauses its own consumer. Other points notice nothing of it (B9).
 */
export async function openPushWorker(
  parts: Parts,
  id: string,
  point: () => PushPoint | undefined,
): Promise<PushWorker> {
  const stopping = new AbortController();
  const cutting = new AbortController();
  const { signal } = stopping;
  const doubtful = new Set<string>();
  const officeHours = (): boolean => point()?.officeHours === true;
  const breaker = createBreaker(parts, { id, subscription: () => subscription, officeHours }, signal);

  const attempt = async (delivery: BrokerDelivery): Promise<Settlement> => {
    const current = point();
    if (current === undefined || signal.aborted) return 'requeue';
    const result = await attemptPush(parts, current, { delivery, signal: cutting.signal });
    if (result.done) {
      if (result.answered) await breaker.succeeded();
      return 'ack';
    }
    const opening = breaker.opening();
    if (result.held === true || !breaker.failed()) await parts.clock.sleep(backoffMs(parts, result.attempts), opening);
    return putBehind(parts, { ...delivery, ...result, connectionPoint: id }, { doubtful, signal });
  };

  const { prefetch } = parts.settings;
  const subscription: Subscription = await parts.broker.consume(id, { prefetch }, (delivery) =>
    attempt(delivery).catch((cause: unknown) => survive(parts, cause, signal)),
  );
  return {
    async close() {
      stopping.abort();
      await drain(parts, subscription, cutting);
      await breaker.settled();
    },
  };
}

// An attempt that runs may finish: cutting it off would leave open whether the recipient has the bericht.
async function drain(parts: Parts, subscription: Subscription, cutting: AbortController): Promise<void> {
  const closed = new AbortController();
  void parts.clock.sleep(parts.settings.drainMs, closed.signal).then(() => {
    cutting.abort();
  });
  await subscription.close();
  closed.abort();
}

/**
 * Puts a bericht that failed behind the others: at the head of its queue it would be what each probe meets, and a few that
 * a recipient always fails on would keep all others from it. While both copies stand, the one that comes second finds the
 * end of the first.
 */
async function putBehind(
  parts: Parts,
  { messageId, connectionPoint, ciphertext }: SealedMessage,
  { doubtful, signal }: { readonly doubtful: Set<string>; readonly signal: AbortSignal },
): Promise<Settlement> {
  // There may be two of a doubtful one already: another publish without an answer could make it many.
  if (signal.aborted || doubtful.has(messageId)) return 'requeue';
  const { publishTimeoutMs } = parts.settings;
  const published = await parts.broker.publish(
    { messageId, connectionPoint, ciphertext },
    { timeoutMs: publishTimeoutMs },
  );
  if (published === 'timed-out') doubtful.add(messageId);
  return published === 'confirmed' ? 'ack' : 'requeue';
}

// A fault of ours (register, key store) is no fault of the recipient's: the bericht goes back and is tried after a breath.
async function survive(parts: Parts, cause: unknown, signal: AbortSignal): Promise<Settlement> {
  parts.events.emit({ name: 'FaultOccurred', where: 'deliver', fault: faultName(cause) });
  await parts.clock.sleep(parts.settings.backoffBaseMs, signal);
  return 'requeue';
}
