import { signEndNotice } from '../codec/receipts.ts';
import type { PendingNotice } from '../domain/notices.ts';
import { isOin } from '../domain/oin.ts';
import type { Oin } from '../domain/oin.ts';
import { hasMandate } from '../domain/participants.ts';
import type { EndNotice } from '../domain/receipt.ts';
import type { EndFacts, RegisterEntry } from '../domain/register-entry.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import { openSeal } from '../pipeline/seal.ts';
import type { Caller, NoticeQuestion, ReceiptForm, SignedEndNotice, SignedNotice, Wait } from '../ports/gateway-api.ts';
import { bindingOf } from './binding.ts';
import { dropKey } from './drop-keys.ts';
import { evidenceKeyId, noticesOf } from './end.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';
import { buildTermNotice } from './term-notice.ts';

/** The end notice of a bericht, made from the record that ended it; undefined while it is open or if none is owed. */
export async function buildNotice(
  parts: Parts,
  entry: RegisterEntry,
  receiptForm: ReceiptForm = 'jws',
): Promise<SignedEndNotice | undefined> {
  const { end, facts } = entry;
  if (end === undefined || end.state === 'not-accepted') return undefined;
  const recipientReceipt = await openEvidence(parts, entry, end);
  const notice: EndNotice = {
    issuer: parts.issuer.oin,
    environment: facts.environment,
    id: end.noticeId,
    messageId: facts.messageId,
    receipts: entry.receipts,
    state: end.state,
    reason: end.reason,
    endedAt: end.at,
    attempts: entry.attempts,
    possiblyReceived: end.possiblyReceived,
    // A notice claims no more than it shows: when the key of the recipient's receipt is gone, our word is left.
    proof: end.proof === 'signed' && recipientReceipt === undefined ? 'connection' : end.proof,
    recipientReceipt,
  };
  const signed =
    receiptForm === 'jws'
      ? signEndNotice(notice, parts.issuer)
      : Buffer.from(await parts.formatReceiptXml({ kind: 'end', notice })).toString('utf8');
  return { kind: 'end', notice, signed };
}

/** The oldest notice not yet taken, to the caller or to a party it may look for (mandate `inzien`). */
export async function nextNotice(
  parts: Parts,
  caller: Caller,
  ask: NoticeQuestion & { readonly wait: Wait },
): Promise<Result<SignedNotice | undefined, Rejection>> {
  const { wait } = ask;
  const until = parts.clock.now() + wait.waitMs;
  for (;;) {
    const parties = partiesOf(parts, caller, ask.sender);
    if (!parties.ok) return parties;
    const pending = findOldest(parts, parties.value);
    if (pending !== undefined) return ok(await signPending(parts, pending, ask.receiptForm));
    const left = until - parts.clock.now();
    if (left <= 0 || wait.signal.aborted) return ok(undefined);
    await parts.bell.wait(noticesOf(parties.value.grantor), Math.min(left, parts.settings.pollMs), wait.signal);
  }
}

/** Records that the party has the notice; its evidence can't be opened any more after this. */
export async function takeNotice(
  parts: Parts,
  caller: Caller,
  noticeId: string,
): Promise<Result<undefined, Rejection>> {
  const transport = authenticateCertificate(caller.certificate, contextNow(parts));
  if (!transport.ok) return transport;
  const pending = parts.register.findNotice(noticeId);
  if (pending === undefined || !mayTake(parts, transport.value.oin, pending)) return err(rejection('ERR_NOT_FOUND'));
  await closePending(parts, pending);
  return ok(undefined);
}

/** A notice that waits, signed in the form asked for; made anew from the record each time it is asked. */
export async function signPending(
  parts: Parts,
  pending: PendingNotice,
  receiptForm: ReceiptForm,
): Promise<SignedNotice | undefined> {
  return pending.note === undefined
    ? buildNotice(parts, pending.entry, receiptForm)
    : buildTermNotice(parts, { ...pending, note: pending.note }, receiptForm);
}

/** Puts on record that the party has the notice. */
export async function closePending(parts: Parts, { entry, note, id }: PendingNotice): Promise<void> {
  if (note === undefined) return closeNotice(parts, entry);
  const { messageId } = entry.facts;
  await parts.register.record({ kind: 'reply-notice-taken', at: parts.clock.now(), messageId, noticeId: id });
}

/** Puts on record that the sender has the end notice and drops the key of its evidence. */
export async function closeNotice(parts: Parts, entry: RegisterEntry): Promise<void> {
  const { messageId } = entry.facts;
  await parts.register.record({ kind: 'notice-taken', at: parts.clock.now(), messageId });
  if (entry.end?.sealedEvidence !== undefined) await dropKey(parts, evidenceKeyId(messageId, entry.end.noticeId));
}

/** Whether the holder may see this bericht: it is its own, or one of a type its mandate `inzien` covers. */
export function maySee(parts: Parts, holder: Oin, { facts }: RegisterEntry): boolean {
  return mayInspect(parts, { holder, grantor: facts.sender, type: facts.messageType });
}

// The sender's own berichten (of this type), or by mandate `inzien`.
function mayInspect(
  parts: Parts,
  ask: { readonly holder: Oin; readonly grantor: Oin; readonly type?: string },
): boolean {
  const ctx = contextNow(parts);
  return ask.holder === ask.grantor || hasMandate(ctx.rules, { ...ask, task: 'inspect' }, ctx.now);
}

interface Parties {
  readonly holder: Oin;
  readonly grantor: Oin;
}

function partiesOf(parts: Parts, caller: Caller, asked: string | undefined): Result<Parties, Rejection> {
  const transport = authenticateCertificate(caller.certificate, contextNow(parts));
  if (!transport.ok) return transport;
  const { oin: holder } = transport.value;
  const grantor = asked ?? holder;
  return isOin(grantor) && mayInspect(parts, { holder, grantor })
    ? ok({ holder, grantor })
    : err(rejection('ERR_NOT_FOUND'));
}

function findOldest(parts: Parts, { holder, grantor }: Parties): PendingNotice | undefined {
  if (holder === grantor) return parts.register.pendingNotices(grantor, 1)[0];
  return parts.register.pendingNotices(grantor).find((pending) => mayTake(parts, holder, pending));
}

function mayTake(parts: Parts, holder: Oin, { party, entry }: PendingNotice): boolean {
  return mayInspect(parts, { holder, grantor: party, type: entry.facts.messageType });
}

async function openEvidence(parts: Parts, entry: RegisterEntry, end: EndFacts): Promise<string | undefined> {
  if (end.sealedEvidence === undefined) return undefined;
  const key = await parts.keys.find(evidenceKeyId(entry.facts.messageId, end.noticeId));
  if (key === undefined) return undefined;
  const opened = openSeal(Buffer.from(end.sealedEvidence, 'base64'), bindingOf(entry.facts), key);
  return opened === undefined ? undefined : Buffer.from(opened.body).toString('latin1');
}
