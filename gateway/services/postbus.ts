import { parseRefusalBody } from '../codec/refusal-body.ts';
import type { MessageId } from '../domain/message.ts';
import { mayServe } from '../domain/participants.ts';
import type { ConnectionPoint } from '../domain/participants.ts';
import type { Oin } from '../domain/oin.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import { isRecipientReceipt } from '../pipeline/judge-answer.ts';
import type { FetchedMessage } from '../ports/broker.ts';
import type { Caller, LeasedMessage, Wait } from '../ports/gateway-api.ts';
import { endMessage } from './end.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';
import { openDelivery } from './sealed-delivery.ts';
import type { OpenedDelivery } from './sealed-delivery.ts';

/** The pull side of delivery: berichten leased to the owner of a point until it confirms or refuses them. */
export interface Postbus {
  next(caller: Caller, point: string | undefined, wait: Wait): Promise<Result<LeasedMessage | undefined, Rejection>>;
  confirm(caller: Caller, messageId: MessageId, receipt: string | undefined): Promise<Result<undefined, Rejection>>;
  refuse(caller: Caller, messageId: MessageId, body: Uint8Array): Promise<Result<undefined, Rejection>>;
  /** Gives every leased bericht back. */
  close(): Promise<void>;
}

interface Lease {
  readonly opened: OpenedDelivery;
  readonly point: ConnectionPoint;
  readonly fetched: FetchedMessage;
  readonly ending: AbortController;
}

/** Leases live in memory: after a crash the broker hands the bericht out again, marked as a repeat. */
export function openPostbus(parts: Parts): Postbus {
  const leases = new Map<MessageId, Lease>();

  const lease = async (point: ConnectionPoint, fetched: FetchedMessage): Promise<LeasedMessage | undefined> => {
    const opened = await openDelivery(parts, point.id, fetched);
    if (opened === undefined) {
      await fetched.settle('ack');
      return undefined;
    }
    const { entry, content } = opened;
    const { messageId } = entry.facts;
    const attempted = await parts.register.record({ kind: 'attempted', at: parts.clock.now(), messageId });
    if (attempted.outcome !== 'recorded') {
      await fetched.settle('ack');
      return undefined;
    }
    const taken: Lease = { opened, point, fetched, ending: new AbortController() };
    leases.set(messageId, taken);
    void expireLease(parts, leases, taken);
    parts.events.emit({ name: 'MessageAttempted', messageId, connectionPoint: point.id, attempt: entry.attempts + 1 });
    const { contentType, digest, payloadSignature, body } = content;
    return { entry, body, contentType, digest, payloadSignature, repeat: entry.attempts > 0 };
  };

  const fetchOne = async (points: readonly ConnectionPoint[]): Promise<LeasedMessage | undefined> => {
    for (const point of points) {
      for (;;) {
        const fetched = await parts.broker.fetch(point.id);
        if (fetched === undefined) break;
        const leased = await lease(point, fetched);
        if (leased !== undefined) return leased;
      }
    }
    return undefined;
  };

  const held = (caller: Caller, messageId: MessageId): Result<Lease | undefined, Rejection> => {
    const transport = authenticateCertificate(caller.certificate, contextNow(parts));
    if (!transport.ok) return transport;
    const owner = ownerOf(parts, messageId);
    if (owner !== transport.value.oin) return err(rejection('ERR_NOT_FOUND'));
    const found = leases.get(messageId);
    if (found !== undefined) return ok(found);
    // A second confirmation of what it took already changes nothing and is no mistake.
    const isTaken = parts.register.find(messageId)?.state === 'delivered';
    return isTaken ? ok(undefined) : err(rejection('ERR_LEASE_NOT_HELD'));
  };

  return {
    async next(caller, pointId, wait) {
      const points = pointsOf(parts, caller, pointId);
      if (!points.ok) return points;
      const until = parts.clock.now() + wait.waitMs;
      for (;;) {
        const leased = await fetchOne(points.value);
        const left = until - parts.clock.now();
        if (leased !== undefined || left <= 0 || wait.signal.aborted) return ok(leased);
        const [first] = points.value;
        await parts.bell.wait(first?.id ?? '', Math.min(left, parts.settings.pollMs), wait.signal);
      }
    },
    async confirm(caller, messageId, receipt) {
      const found = held(caller, messageId);
      if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
      const { opened, point } = found.value;
      const { recipient } = opened.entry.facts;
      const { owner, signedReceipt } = point;
      const expected = { messageId, digest: opened.content.digest, recipient, owner, signedReceipt };
      if (receipt === undefined && signedReceipt) return err(invalid('/bevestiging', 'required'));
      if (receipt !== undefined && !isRecipientReceipt(receipt, expected, contextNow(parts))) {
        return err(invalid('/bevestiging', 'other'));
      }
      const proof = receipt === undefined ? 'connection' : 'signed';
      return settle(leases, found.value, () =>
        endMessage(parts, opened.entry, { state: 'delivered', proof, receipt, possiblyReceived: opened.entry.unanswered }),
      );
    },
    async refuse(caller, messageId, body) {
      const found = held(caller, messageId);
      if (!found.ok) return found;
      if (found.value === undefined) return err(rejection('ERR_LEASE_NOT_HELD'));
      const reason = parseRefusalBody(body);
      if (!reason.ok) return reason;
      const { entry } = found.value.opened;
      return settle(leases, found.value, () =>
        endMessage(parts, entry, { state: 'refused', reason: reason.value, possiblyReceived: entry.unanswered }),
      );
    },
    async close() {
      for (const taken of leases.values()) taken.ending.abort();
      await Promise.all([...leases.values()].map((taken) => taken.fetched.settle('requeue')));
      leases.clear();
    },
  };
}

async function settle(
  leases: Map<MessageId, Lease>,
  taken: Lease,
  end: () => Promise<boolean>,
): Promise<Result<undefined, Rejection>> {
  const { messageId } = taken.opened.entry.facts;
  const isEnded = await end();
  leases.delete(messageId);
  taken.ending.abort();
  await taken.fetched.settle('ack');
  return isEnded ? ok(undefined) : err(rejection('ERR_LEASE_NOT_HELD'));
}

async function expireLease(parts: Parts, leases: Map<MessageId, Lease>, taken: Lease): Promise<void> {
  await parts.clock.sleep(parts.settings.leaseMs, taken.ending.signal);
  const { messageId, connectionPoint } = taken.opened.entry.facts;
  if (taken.ending.signal.aborted || leases.get(messageId) !== taken) return;
  leases.delete(messageId);
  parts.events.emit({ name: 'AttemptFailed', messageId, connectionPoint, fault: 'lease-expired' });
  const at = parts.clock.now();
  await parts.register.record({ kind: 'attempt-failed', at, messageId, fault: 'lease-expired', answered: false });
  await taken.fetched.settle('requeue');
  parts.bell.ring(connectionPoint);
}

function pointsOf(parts: Parts, caller: Caller, pointId: string | undefined): Result<readonly ConnectionPoint[], Rejection> {
  const ctx = contextNow(parts);
  const transport = authenticateCertificate(caller.certificate, ctx);
  if (!transport.ok) return transport;
  const served = [...ctx.rules.points.values()].filter(
    (point) =>
      point.url === undefined && point.owner === transport.value.oin && mayServe(ctx.rules, point, ctx.now),
  );
  const asked = pointId === undefined ? served : served.filter((point) => point.id === pointId);
  return asked.length === 0 ? err(rejection('ERR_NOT_FOUND')) : ok(asked);
}

function ownerOf(parts: Parts, messageId: MessageId): Oin | undefined {
  const point = parts.register.find(messageId)?.facts.connectionPoint;
  return point === undefined ? undefined : parts.standing().rules.points.get(point)?.owner;
}

function invalid(path: string, rule: string): Rejection {
  return rejection('ERR_REQUEST_INVALID', [{ path, rule }]);
}
