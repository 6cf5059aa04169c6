import { toDeliveryHeaders } from '../codec/delivery-headers.ts';
import type { MessageId } from '../domain/message.ts';
import type { ConnectionPoint } from '../domain/participants.ts';
import { mayReceive } from '../domain/participants.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import { judgeAnswer } from '../pipeline/judge-answer.ts';
import type { AttemptOutcome } from '../pipeline/judge-answer.ts';
import type { BrokerDelivery } from '../ports/broker.ts';
import type { PushAnswer } from '../ports/deliverer.ts';
import { isHeld } from './emergency-stop.ts';
import { endMessage } from './end.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';
import { openDelivery } from './sealed-delivery.ts';
import type { OpenedDelivery } from './sealed-delivery.ts';

/** What became of one hand-out: the bericht is done with (`answered`: by its recipient), or has to be tried again. */
export type PushResult =
  | { readonly done: true; readonly answered: boolean }
  | {
      readonly done: false;
      readonly messageId: MessageId;
      readonly attempts: number;
      /** Nothing was tried: an emergency stop holds it, which is no fault of the recipient's. */
      readonly held?: true;
    };

/** A push point as the current rules have it. */
export type PushPoint = ConnectionPoint & { readonly url: string };

/**
 * One attempt to push a bericht: open the seal → record the attempt → deliver → check the answer → record the
 * end or the fault. An attempt is on record before its first byte leaves, so a crash can't hide that it was made.
 */
export async function attemptPush(
  parts: Parts,
  point: PushPoint,
  run: { readonly delivery: BrokerDelivery; readonly signal: AbortSignal },
): Promise<PushResult> {
  const opened = await openDelivery(parts, point.id, run.delivery);
  if (opened === undefined) return UNANSWERED;
  const { entry } = opened;
  const { messageId, messageType: type } = entry.facts;
  if (isHeld(parts, entry, point)) return { done: false, messageId, attempts: entry.attempts, held: true };
  if (!mayReceive(parts.standing().rules, { point, type }, parts.clock.now())) {
    return recordFault(parts, entry, { fault: 'point-ended', answered: true });
  }
  const attempted = await parts.register.record({ kind: 'attempted', at: parts.clock.now(), messageId });
  if (attempted.outcome !== 'recorded') return UNANSWERED;
  parts.events.emit({ name: 'MessageAttempted', messageId, connectionPoint: point.id, attempt: entry.attempts + 1 });
  const outcome = checkAnswer(parts, await push(parts, point, { opened, signal: run.signal }), { point, opened });
  if (outcome.kind === 'fault') return recordFault(parts, entry, outcome);
  const possiblyReceived = entry.unanswered;
  await (outcome.kind === 'delivered'
    ? endMessage(parts, entry, { state: 'delivered', proof: outcome.proof, receipt: outcome.receipt, possiblyReceived })
    : endMessage(parts, entry, { state: 'refused', reason: outcome.reason, possiblyReceived }));
  return { done: true, answered: true };
}

function push(
  parts: Parts,
  point: PushPoint,
  { opened, signal }: { readonly opened: OpenedDelivery; readonly signal: AbortSignal },
): Promise<PushAnswer> {
  const { entry, content } = opened;
  const { contentType, digest, payloadSignature, body } = content;
  const repeat = entry.attempts > 0;
  return parts.deliverer.push(
    {
      url: point.url,
      expectedOin: point.owner,
      headers: toDeliveryHeaders({ facts: entry.facts, contentType, digest, payloadSignature, repeat }),
      body,
      timeoutMs: parts.settings.attemptTimeoutMs,
    },
    signal,
  );
}

type Checked =
  | Exclude<AttemptOutcome, { kind: 'fault' }>
  | { readonly kind: 'fault'; readonly fault: string; readonly answered: boolean };

function checkAnswer(
  parts: Parts,
  answer: PushAnswer,
  { point, opened }: { readonly point: PushPoint; readonly opened: OpenedDelivery },
): Checked {
  if (answer.kind === 'fault') return { kind: 'fault', fault: answer.fault, answered: !answer.sent };
  const { messageId, recipient } = opened.entry.facts;
  const { owner, signedReceipt } = point;
  return judgeAnswer(
    answer,
    { messageId, digest: opened.content.digest, recipient, owner, signedReceipt },
    contextNow(parts),
  );
}

async function recordFault(
  parts: Parts,
  entry: RegisterEntry,
  { fault, answered }: { readonly fault: string; readonly answered: boolean },
): Promise<PushResult> {
  const { messageId, connectionPoint } = entry.facts;
  parts.events.emit({ name: 'AttemptFailed', messageId, connectionPoint, fault });
  await parts.register.record({ kind: 'attempt-failed', at: parts.clock.now(), messageId, fault, answered });
  return { done: false, messageId, attempts: entry.attempts + 1 };
}

const UNANSWERED: PushResult = { done: true, answered: false };
