import { createHash } from 'node:crypto';

import { signSubmissionReceipt } from '../codec/receipts.ts';
import type { Instant, MessageId } from '../domain/message.ts';
import type { SubmissionReceipt } from '../domain/receipt.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import { isRuleName, REJECTIONS, rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { JudgedMessage } from '../pipeline/judge.ts';
import { seal } from '../pipeline/seal.ts';
import type { PublishOutcome } from '../ports/broker.ts';
import { GatewayFault } from '../ports/faults.ts';
import type { Accepted, ReceiptForm, Submission } from '../ports/gateway-api.ts';
import { findAnswered } from './answers.ts';
import { bindingOf } from './binding.ts';
import { dropKey } from './drop-keys.ts';
import type { Parts } from './parts.ts';

/**
 * Takes a bericht in, in this order and no other: judge → what it answers → seal → record `received` → publish → record
 * `accepted` → receipt. What isn't durably recorded isn't published; what isn't confirmed by the broker gets no receipt.
 */
export async function submit(parts: Parts, submission: Submission): Promise<Result<Accepted, Rejection>> {
  const { caller, headers, body, receivedAt, receiptForm } = submission;
  const judged = await parts.judge({ callerCertificate: caller.certificate, headers, body, receivedAt });
  const accepted = judged.ok ? await take(parts, { judged: judged.value, receiptForm }) : judged;
  if (accepted.ok) {
    const { entry, repeat } = accepted.value;
    const { messageId, messageType } = entry.facts;
    parts.events.emit({ name: 'MessageAccepted', messageId, messageType, repeat });
  } else {
    await recordRejection(parts, accepted.error, judged.ok ? judged.value : undefined);
  }
  return accepted;
}

/** A bericht that may go, and how its sender wants the receipt. */
interface Offer {
  readonly judged: JudgedMessage;
  readonly receiptForm: ReceiptForm;
}

async function take(parts: Parts, offer: Offer): Promise<Result<Accepted, Rejection>> {
  const { judged } = offer;
  const answered = findAnswered(parts, judged);
  if (!answered.ok) {
    // A repeat gets its receipt also when what it answers is out of reach by now (B6).
    const earlier = parts.register.findRepeat(judged.repeatKey);
    return earlier === undefined ? answered : answerRepeat(parts, earlier, offer);
  }
  const messageId = parts.ids.messageId();
  return parts.inFlight.during(messageId, async () => {
    const facts = { ...judged.facts, messageId, answers: answered.value };
    const key = await parts.keys.create(messageId);
    const ciphertext = seal(judged.content, bindingOf(facts), key);
    const { repeatKey } = judged;
    const recorded = await parts.register.record({ kind: 'received', at: facts.receivedAt, facts, repeatKey });
    if (recorded.outcome !== 'recorded' || recorded.entry === undefined) {
      await dropKey(parts, messageId);
      return recorded.outcome === 'duplicate'
        ? answerRepeat(parts, recorded.entry, offer)
        : err(rejection('ERR_KENMERK_REUSED'));
    }
    const { connectionPoint } = facts;
    const { publishTimeoutMs } = parts.settings;
    const published = await parts.broker.publish(
      { messageId, connectionPoint, ciphertext },
      { timeoutMs: publishTimeoutMs },
    );
    if (published !== 'confirmed') {
      const isTakenBack = await takeBack(parts, messageId);
      if (isTakenBack) return err(unavailable(published));
    }
    return ok(await giveReceipt(parts, recorded.entry, offer));
  });
}

/** Ends a bericht that the broker didn't confirm. False when a consumer met it all the same and took it over. */
async function takeBack(parts: Parts, messageId: MessageId): Promise<boolean> {
  const at = parts.clock.now();
  const end = { state: 'not-accepted', at, reason: undefined, possiblyReceived: false, proof: undefined } as const;
  const ended = await parts.register.record({
    kind: 'ended',
    at,
    messageId,
    end: { ...end, noticeId: parts.ids.uuid(), sealedEvidence: undefined },
  });
  if (ended.outcome !== 'recorded') return false;
  await dropKey(parts, messageId);
  return true;
}

async function giveReceipt(parts: Parts, entry: RegisterEntry, offer: Offer): Promise<Accepted> {
  const acceptedAt = parts.clock.now();
  const { receipt, signed, hash } = await buildReceipt(parts, { entry, offer, acceptedAt });
  const { messageId } = entry.facts;
  const accepted = await parts.register.record({ kind: 'accepted', at: acceptedAt, messageId, receipt: hash });
  // A consumer that met it first has recorded `accepted`; then only the receipt is still to be recorded.
  const recorded =
    accepted.outcome === 'recorded'
      ? accepted
      : await parts.register.record({ kind: 'receipted', at: acceptedAt, messageId, receipt: hash });
  if (recorded.outcome !== 'recorded' || recorded.entry === undefined)
    throw new GatewayFault('ERR_RECEIPT_NOT_RECORDED');
  parts.bell.ring(entry.facts.connectionPoint);
  return { repeat: false, receipt, signed, receiptForm: offer.receiptForm, entry: recorded.entry };
}

/** A repeat of a bericht that is open or delivered: the same facts again, no second delivery (B6). */
async function answerRepeat(parts: Parts, original: RegisterEntry, offer: Offer): Promise<Result<Accepted, Rejection>> {
  const { messageId } = original.facts;
  await parts.inFlight.settled(messageId);
  const entry = parts.register.find(messageId) ?? original;
  if (entry.acceptedAt === undefined) return err({ ...rejection('ERR_REPEAT_IN_PROGRESS'), retryAfterSeconds: 5 });
  if (entry.receipts.length >= MAX_RECEIPTS)
    return err({ ...rejection('ERR_TOO_MANY_REQUESTS'), retryAfterSeconds: 3600 });
  const { receipt, signed, hash } = await buildReceipt(parts, { entry, offer, acceptedAt: entry.acceptedAt });
  const at = parts.clock.now();
  const recorded = await parts.register.record({ kind: 'receipted', at, messageId, receipt: hash });
  if (recorded.outcome !== 'recorded') throw new GatewayFault('ERR_RECEIPT_NOT_RECORDED');
  return ok({ repeat: true, receipt, signed, receiptForm: offer.receiptForm, entry: recorded.entry ?? entry });
}

interface ReceiptFacts {
  readonly entry: RegisterEntry;
  readonly offer: Offer;
  readonly acceptedAt: Instant;
}

// Kenmerk and digest come from the bericht at hand: the register doesn't hold them.
async function buildReceipt(
  parts: Parts,
  { entry, offer, acceptedAt }: ReceiptFacts,
): Promise<{ readonly receipt: SubmissionReceipt; readonly signed: string; readonly hash: string }> {
  const { facts } = entry;
  const { judged, receiptForm } = offer;
  const receipt: SubmissionReceipt = {
    issuer: parts.issuer.oin,
    environment: facts.environment,
    id: parts.ids.uuid(),
    messageId: facts.messageId,
    previous: entry.previous,
    sender: facts.sender,
    submittedBy: judged.facts.submittedBy,
    signer: judged.facts.signer,
    addressed: facts.addressed,
    recipient: facts.recipient,
    messageType: facts.messageType,
    version: facts.version,
    kenmerk: judged.kenmerk,
    digest: judged.content.digest,
    receivedAt: facts.receivedAt,
    acceptedAt,
    deadline: facts.deadline,
  };
  const signed =
    receiptForm === 'jws'
      ? signSubmissionReceipt(receipt, parts.issuer)
      : Buffer.from(await parts.formatReceiptXml({ kind: 'submission', receipt })).toString('utf8');
  return { receipt, signed, hash: createHash('sha256').update(signed).digest('base64url') };
}

function unavailable(published: Exclude<PublishOutcome, 'confirmed'>): Rejection {
  // A nack is the broker (or its budget) saying it is full; anything else is it not being there.
  const code = published === 'nacked' ? 'ERR_GATEWAY_BUSY' : 'ERR_BROKER_UNAVAILABLE';
  return { ...rejection(code), retryAfterSeconds: 5 };
}

async function recordRejection(parts: Parts, refused: Rejection, judged: JudgedMessage | undefined): Promise<void> {
  const { code } = refused;
  const { stage } = REJECTIONS[code];
  // Which rule of the rows refused is what an operator counts: how often consent was missing, whose convenant.
  const named = refused.violations.map(({ rule }) => rule).find(isRuleName);
  const rule = named === undefined ? {} : { rule: named };
  parts.events.emit({ name: 'MessageRejected', code, stage, ...rule });
  await parts.register.record({
    kind: 'rejected',
    at: parts.clock.now(),
    code,
    stage,
    ...rule,
    submittedBy: judged?.facts.submittedBy,
    messageType: judged?.facts.messageType,
  });
}

// The end notice names each receipt, and has to stay of a size that its reader takes.
const MAX_RECEIPTS = 500;
