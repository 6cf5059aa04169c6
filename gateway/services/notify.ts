import { signEndNotice } from '../codec/receipts.ts';
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
import type { Caller, NoticeQuestion, ReceiptForm, SignedNotice, Wait } from '../ports/gateway-api.ts';
import { bindingOf } from './binding.ts';
import { evidenceKeyId, noticesOf } from './end.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';

/** The end notice of a bericht, made from the record that ended it; undefined while it is open or if none is owed. */
export async function buildNotice(
  parts: Parts,
  entry: RegisterEntry,
  receiptForm: ReceiptForm = 'jws',
): Promise<SignedNotice | undefined> {
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
  return { notice, signed };
}

/** The oldest notice not yet taken, of the caller or of a sender it may look for (mandate `inzien`). */
export async function nextNotice(
  parts: Parts,
  caller: Caller,
  ask: NoticeQuestion & { readonly wait: Wait },
): Promise<Result<SignedNotice | undefined, Rejection>> {
  const sender = senderOf(parts, caller, ask.sender);
  if (!sender.ok) return sender;
  const { wait } = ask;
  const until = parts.clock.now() + wait.waitMs;
  for (;;) {
    const [entry] = parts.register.pendingNotices(sender.value);
    if (entry !== undefined) return ok(await buildNotice(parts, entry, ask.receiptForm));
    const left = until - parts.clock.now();
    if (left <= 0 || wait.signal.aborted) return ok(undefined);
    await parts.bell.wait(noticesOf(sender.value), Math.min(left, parts.settings.pollMs), wait.signal);
  }
}

/** Records that the sender has the notice; its evidence can't be opened any more after this. */
export async function takeNotice(
  parts: Parts,
  caller: Caller,
  noticeId: string,
): Promise<Result<undefined, Rejection>> {
  const ctx = contextNow(parts);
  const transport = authenticateCertificate(caller.certificate, ctx);
  if (!transport.ok) return transport;
  const { oin } = transport.value;
  const grantors = ctx.rules.mandates
    .filter((mandate) => mandate.holder === oin && mandate.tasks.includes('inspect'))
    .map((mandate) => mandate.grantor);
  const senders = [oin, ...grantors].filter((sender) => mayInspect(parts, { holder: oin, grantor: sender }));
  const entry = senders
    .flatMap((sender) => parts.register.pendingNotices(sender))
    .find(({ end }) => end?.noticeId === noticeId);
  if (entry === undefined) return err(rejection('ERR_NOT_FOUND'));
  await closeNotice(parts, entry);
  return ok(undefined);
}

/** Puts on record that the sender has the notice and drops the key of its evidence. */
export async function closeNotice(parts: Parts, entry: RegisterEntry): Promise<void> {
  const { messageId } = entry.facts;
  await parts.register.record({ kind: 'notice-taken', at: parts.clock.now(), messageId });
  await parts.keys.remove(evidenceKeyId(messageId));
}

/** Whether the holder may see the sender's berichten (of this type): its own, or by mandate `inzien`. */
export function mayInspect(
  parts: Parts,
  ask: { readonly holder: Oin; readonly grantor: Oin; readonly type?: string },
): boolean {
  const ctx = contextNow(parts);
  return ask.holder === ask.grantor || hasMandate(ctx.rules, { ...ask, task: 'inspect' }, ctx.now);
}

function senderOf(parts: Parts, caller: Caller, asked: string | undefined): Result<Oin, Rejection> {
  const transport = authenticateCertificate(caller.certificate, contextNow(parts));
  if (!transport.ok) return transport;
  const sender = asked ?? transport.value.oin;
  return isOin(sender) && mayInspect(parts, { holder: transport.value.oin, grantor: sender })
    ? ok(sender)
    : err(rejection('ERR_NOT_FOUND'));
}

async function openEvidence(parts: Parts, entry: RegisterEntry, end: EndFacts): Promise<string | undefined> {
  if (end.sealedEvidence === undefined) return undefined;
  const key = await parts.keys.find(evidenceKeyId(entry.facts.messageId));
  if (key === undefined) return undefined;
  const opened = openSeal(Buffer.from(end.sealedEvidence, 'base64'), bindingOf(entry.facts), key);
  return opened === undefined ? undefined : Buffer.from(opened.body).toString('latin1');
}
