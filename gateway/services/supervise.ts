import type { Oin } from '../domain/oin.ts';
import type { RuleSet } from '../domain/participants.ts';
import type { RuleApproval } from '../domain/rule-approval.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import type { PushPoint } from './deliver.ts';
import { dropEndedKeys, watchKeys } from './drop-keys.ts';
import { endMessage } from './end.ts';
import { watchDeadlines } from './expire.ts';
import { pushNotices } from './notice-pusher.ts';
import type { Parts } from './parts.ts';
import { watchReplyTerms } from './reply-terms.ts';
import { faultName } from './backoff.ts';
import { openPushWorker } from './push-worker.ts';

/** The running part of the gateway: consumers, deadlines, notices. */
export interface Supervision {
  /** Starts what delivers to points and senders that the present rules have, and stops it for those that went. */
  follow(): Promise<void>;
  /** Stops handing out, waits for what is being done, leaves the rest for the next start. */
  close(): Promise<void>;
}

/** Sets register, keys and queues straight after a start, then delivers, expires and notifies until closed. */
export async function supervise(parts: Parts, software: string, approval?: RuleApproval): Promise<Supervision> {
  const { rules } = parts.standing();
  const at = parts.clock.now();
  await parts.register.record({ kind: 'started', at, software });
  await parts.register.record({ kind: 'rules-loaded', at, ruleSetHash: rules.hash, approval });
  await reconcile(parts);
  await parts.broker.ensurePoints([...rules.points.keys()]);
  const stopping = new AbortController();
  const running = new Map<string, Running>();
  await followRules(parts, running);
  const { signal } = stopping;
  const loops = [watchDeadlines(parts, signal), watchReplyTerms(parts, signal), watchKeys(parts, signal)];
  return {
    follow: () => followRules(parts, running),
    async close() {
      stopping.abort();
      await Promise.all([...running.values()].map((one) => one.close()));
      await Promise.all(loops);
    },
  };
}

/** What goes on for one point or one sender. */
interface Running {
  close(): Promise<void>;
}

async function followRules(parts: Parts, running: Map<string, Running>): Promise<void> {
  const { rules } = parts.standing();
  const wanted = wantedOf(rules);
  const gone = [...running].filter(([name]) => !wanted.has(name));
  for (const [name] of gone) running.delete(name);
  await Promise.all(gone.map(([, one]) => one.close()));
  const come = [...wanted].filter(([name]) => !running.has(name));
  await Promise.all(come.map(async ([name, open]) => running.set(name, await open(parts))));
}

function wantedOf(rules: RuleSet): ReadonlyMap<string, (parts: Parts) => Promise<Running>> {
  const points = [...rules.points.values()].filter(isPushPoint);
  const senders = [...rules.participants.values()].filter(({ noticeUrl }) => noticeUrl !== undefined);
  return new Map([
    ...points.map(({ id }) => [`point ${id}`, (parts: Parts) => openWorker(parts, id)] as const),
    ...senders.map(({ oin }) => [`sender ${oin}`, (parts: Parts) => openNoticePusher(parts, oin)] as const),
  ]);
}

/**
 * Ends what can't be delivered any more: berichten whose ciphertext (a broker that forgets) or key didn't survive. Their
 * senders hear `verlopen`, "opnieuw aanbieden", and their repeat is taken anew. Keys without an open bericht go.
 */
export async function reconcile(parts: Parts): Promise<void> {
  const live = new Set(await parts.keys.ids());
  for (const entry of parts.register.open()) {
    const isDeliverable = parts.broker.durable && live.has(entry.facts.messageId);
    if (!isDeliverable) await endLost(parts, entry);
  }
  await dropEndedKeys(parts);
}

async function endLost(parts: Parts, entry: RegisterEntry): Promise<void> {
  await (entry.state === 'received'
    ? endMessage(parts, entry, { state: 'not-accepted' })
    : endMessage(parts, entry, { state: 'expired', reason: 'offer-again' }));
}

function openWorker(parts: Parts, id: string): Promise<Running> {
  const current = (): PushPoint | undefined => {
    const point = parts.standing().rules.points.get(id);
    return point !== undefined && isPushPoint(point) ? point : undefined;
  };
  return openPushWorker(parts, id, current);
}

function isPushPoint(point: { readonly url: string | undefined }): point is PushPoint {
  return point.url !== undefined;
}

function openNoticePusher(parts: Parts, oin: Oin): Promise<Running> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = keepGoing(parts, signal, () => pushNotices(parts, oin, signal));
  return Promise.resolve({
    close: () => {
      stopping.abort();
      return loop;
    },
  });
}

async function keepGoing(parts: Parts, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await run().catch((cause: unknown) => {
      parts.events.emit({ name: 'FaultOccurred', where: 'notify', fault: faultName(cause) });
    });
    await parts.clock.sleep(parts.settings.backoffBaseMs, signal);
  }
}
