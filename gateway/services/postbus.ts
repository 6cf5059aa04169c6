import { parseRefusalBody } from '../codec/refusal-body.ts';
import type { EndState } from '../domain/lifecycle.ts';
import type { MessageId } from '../domain/message.ts';
import type { ConnectionPoint } from '../domain/participants.ts';
import { mayServe } from '../domain/participants.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { EMERGENCY_STOP } from '../pipeline/authorise.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import { isRecipientReceipt } from '../pipeline/judge-answer.ts';
import type { Caller, LeasedMessage, Wait } from '../ports/gateway-api.ts';
import { endMessage } from './end.ts';
import type { Ending } from './end.ts';
import type { Lease, Leases } from './leases.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';
import type { OpenedDelivery } from './sealed-delivery.ts';

/** The pull side of delivery: what it works with. */
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
    // Nothing is lent to a client that went away: it would only come back after the time of a lease.
    const opened = wait.signal.aborted ? undefined : await leaseOne({ parts, leases }, points.value);
    if (opened !== undefined) return handOut({ parts, leases }, caller, opened);
    const left = until - parts.clock.now();
    if (left <= 0 || wait.signal.aborted) return ok(undefined);
    const [first] = points.value;
    await parts.bell.wait(first?.id ?? '', Math.min(left, parts.settings.pollMs), wait.signal);
  }
}

// Taking it from the queue and recording the attempt took time, in which trust may have ended: judged once more, at the moment of the answer.
async function handOut(
  { parts, leases }: Postbus,
  caller: Caller,
  opened: OpenedDelivery,
): Promise<Result<LeasedMessage, Rejection>> {
  const { messageId, connectionPoint } = opened.entry.facts;
  const points = pointsOf(parts, caller, connectionPoint);
  if (points.ok) return ok(toLeased(opened));
  await leases.find(messageId)?.giveBack();
  return points;
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
  if (!held.ok) return unlessSaidBefore(parts, held, { messageId, state: 'delivered' });
  const { entry, digest, point } = held.value;
  const expected = { ...point, messageId, digest, recipient: entry.facts.recipient };
  if (receipt === undefined && point.signedReceipt) return err(invalidReceipt('required'));
  if (receipt !== undefined && !isRecipientReceipt(receipt, expected, contextNow(parts)))
    return err(invalidReceipt('other'));
  const proof = receipt === undefined ? 'connection' : 'signed';
  return settle(parts, held.value, { state: 'delivered', proof, receipt });
}

/** Ends a leased bericht as refused, for a reason of the closed list. Refusing once more is no mistake either. */
export async function refuseMessage(
  postbus: Postbus,
  caller: Caller,
  refusal: { readonly messageId: MessageId; readonly body: Uint8Array },
): Promise<Result<undefined, Rejection>> {
  const { messageId } = refusal;
  const held = findLease(postbus, caller, messageId);
  if (!held.ok) return unlessSaidBefore(postbus.parts, held, { messageId, state: 'refused' });
  const reason = parseRefusalBody(refusal.body);
  return reason.ok ? settle(postbus.parts, held.value, { state: 'refused', reason: reason.value }) : reason;
}

async function settle(parts: Parts, lease: Lease, ending: Ending): Promise<Result<undefined, Rejection>> {
  const { entry } = lease;
  // `entry` is from before this lease: only an earlier attempt that was never answered makes the end uncertain.
  const isEnded = await endMessage(parts, entry, { ...ending, possiblyReceived: entry.unanswered });
  await lease.release();
  const { messageId } = entry.facts;
  return isEnded
    ? ok(undefined)
    : unlessSaidBefore(parts, err(rejection('ERR_LEASE_NOT_HELD')), { messageId, state: ending.state });
}

// An answer of ours that got lost makes a recipient say the same once more.
function unlessSaidBefore(
  parts: Parts,
  refused: Result<never, Rejection>,
  said: { readonly messageId: MessageId; readonly state: EndState },
): Result<undefined, Rejection> {
  const isSaid = !refused.ok && refused.error.code === 'ERR_LEASE_NOT_HELD';
  return isSaid && parts.register.find(said.messageId)?.state === said.state ? ok(undefined) : refused;
}

async function leaseOne(postbus: Postbus, points: readonly ConnectionPoint[]): Promise<OpenedDelivery | undefined> {
  for (const point of points) {
    const opened = await leaseAt(postbus, point);
    if (opened !== undefined) return opened;
  }
  return undefined;
}

async function leaseAt({ parts, leases }: Postbus, point: ConnectionPoint): Promise<OpenedDelivery | undefined> {
  for (;;) {
    const fetched = await parts.broker.fetch(point.id);
    const taken = fetched === undefined ? 'withheld' : await leases.take(point, fetched);
    if (typeof taken === 'object') return taken;
    // What is withheld went back to the head of its queue: fetching again would only meet it again.
    if (taken === 'withheld') return undefined;
  }
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
  if (ctx.rules.stoppedOins.has(oin)) return err(EMERGENCY_STOP);
  const points = [...ctx.rules.points.values()].filter(
    (point) => point.url === undefined && point.owner === oin && mayServe(ctx.rules, point, ctx.now),
  );
  const asked = points.filter((point) => pointId === undefined || point.id === pointId);
  return asked.length === 0 ? err(rejection('ERR_NOT_FOUND')) : ok(asked);
}

function toLeased({ entry, content }: OpenedDelivery): LeasedMessage {
  const { contentType, digest, payloadSignature, body } = content;
  return { entry, body, contentType, digest, payloadSignature, repeat: entry.attempts > 0 };
}

function invalidReceipt(rule: string): Rejection {
  return rejection('ERR_REQUEST_INVALID', [{ path: '/bevestiging', rule }]);
}
