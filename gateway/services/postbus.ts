import { parseRefusalBody } from '../codec/refusal-body.ts';
import type { MessageId } from '../domain/message.ts';
import type { ConnectionPoint } from '../domain/participants.ts';
import { mayServe } from '../domain/participants.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import { isRecipientReceipt } from '../pipeline/judge-answer.ts';
import type { Caller, LeasedMessage, Wait } from '../ports/gateway-api.ts';
import { endMessage } from './end.ts';
import type { Ending } from './end.ts';
import type { Lease, Leases } from './leases.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';

/** The pull side of delivery (DESIGN 4.2, postbus): what it works with. */
export interface Postbus {
  readonly parts: Parts;
  readonly leases: Leases;
}

/** Leases the next bericht of the caller's points, or waits for one. */
export async function nextMessage(
  { parts, leases }: Postbus,
  caller: Caller,
  ask: { readonly point: string | undefined; readonly wait: Wait },
): Promise<Result<LeasedMessage | undefined, Rejection>> {
  const { wait } = ask;
  const until = parts.clock.now() + wait.waitMs;
  for (;;) {
    const points = pointsOf(parts, caller, ask.point);
    if (!points.ok) return points;
    const lease = await leaseOne({ parts, leases }, points.value);
    const left = until - parts.clock.now();
    if (lease !== undefined || left <= 0 || wait.signal.aborted) return ok(lease && toLeased(lease));
    const [first] = points.value;
    await parts.bell.wait(first?.id ?? '', Math.min(left, parts.settings.pollMs), wait.signal);
  }
}

/** Ends a leased bericht as delivered. Confirming once more changes nothing and is no mistake. */
export async function confirmMessage(
  postbus: Postbus,
  caller: Caller,
  confirmation: { readonly messageId: MessageId; readonly receipt: string | undefined },
): Promise<Result<undefined, Rejection>> {
  const { parts } = postbus;
  const { messageId, receipt } = confirmation;
  const held = findLease(postbus, caller, messageId);
  if (!held.ok) {
    const isTaken = held.error.code === 'ERR_LEASE_NOT_HELD' && parts.register.find(messageId)?.state === 'delivered';
    return isTaken ? ok(undefined) : held;
  }
  const { opened, point } = held.value;
  const { recipient } = opened.entry.facts;
  const expected = { ...point, messageId, digest: opened.content.digest, recipient };
  if (receipt === undefined && point.signedReceipt) return err(invalidReceipt('required'));
  if (receipt !== undefined && !isRecipientReceipt(receipt, expected, contextNow(parts)))
    return err(invalidReceipt('other'));
  const proof = receipt === undefined ? 'connection' : 'signed';
  return settle(parts, held.value, { state: 'delivered', proof, receipt });
}

/** Ends a leased bericht as refused, for a reason of the closed list. */
export async function refuseMessage(
  postbus: Postbus,
  caller: Caller,
  refusal: { readonly messageId: MessageId; readonly body: Uint8Array },
): Promise<Result<undefined, Rejection>> {
  const held = findLease(postbus, caller, refusal.messageId);
  if (!held.ok) return held;
  const reason = parseRefusalBody(refusal.body);
  return reason.ok ? settle(postbus.parts, held.value, { state: 'refused', reason: reason.value }) : reason;
}

async function settle(parts: Parts, lease: Lease, ending: Ending): Promise<Result<undefined, Rejection>> {
  const { entry } = lease.opened;
  // `entry` is from before this lease: only an earlier attempt that was never answered makes the end uncertain.
  const isEnded = await endMessage(parts, entry, { ...ending, possiblyReceived: entry.unanswered });
  await lease.release();
  return isEnded ? ok(undefined) : err(rejection('ERR_LEASE_NOT_HELD'));
}

async function leaseOne({ parts, leases }: Postbus, points: readonly ConnectionPoint[]): Promise<Lease | undefined> {
  for (const point of points) {
    for (let fetched = await parts.broker.fetch(point.id); fetched; fetched = await parts.broker.fetch(point.id)) {
      const lease = await leases.take(point, fetched);
      if (lease !== undefined) return lease;
    }
  }
  return undefined;
}

function findLease({ parts, leases }: Postbus, caller: Caller, messageId: MessageId): Result<Lease, Rejection> {
  const ctx = contextNow(parts);
  const transport = authenticateCertificate(caller.certificate, ctx);
  if (!transport.ok) return transport;
  const pointId = parts.register.find(messageId)?.facts.connectionPoint;
  const point = pointId === undefined ? undefined : ctx.rules.points.get(pointId);
  if (point?.owner !== transport.value.oin || !mayServe(ctx.rules, point, ctx.now))
    return err(rejection('ERR_NOT_FOUND'));
  const lease = leases.find(messageId);
  return lease === undefined ? err(rejection('ERR_LEASE_NOT_HELD')) : ok(lease);
}

function pointsOf(
  parts: Parts,
  caller: Caller,
  pointId: string | undefined,
): Result<readonly ConnectionPoint[], Rejection> {
  const ctx = contextNow(parts);
  const transport = authenticateCertificate(caller.certificate, ctx);
  if (!transport.ok) return transport;
  const { oin } = transport.value;
  const points = [...ctx.rules.points.values()].filter(
    (point) => point.url === undefined && point.owner === oin && mayServe(ctx.rules, point, ctx.now),
  );
  const asked = points.filter((point) => pointId === undefined || point.id === pointId);
  return asked.length === 0 ? err(rejection('ERR_NOT_FOUND')) : ok(asked);
}

function toLeased({ opened }: Lease): LeasedMessage {
  const { contentType, digest, payloadSignature, body } = opened.content;
  return { entry: opened.entry, body, contentType, digest, payloadSignature, repeat: opened.entry.attempts > 0 };
}

function invalidReceipt(rule: string): Rejection {
  return rejection('ERR_REQUEST_INVALID', [{ path: '/bevestiging', rule }]);
}
