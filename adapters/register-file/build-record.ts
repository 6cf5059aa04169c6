import type { MessageId } from '../../gateway/domain/message.ts';
import type { EndFacts, MessageFacts, RegisterEntry, Transition } from '../../gateway/domain/register-entry.ts';
import type { AuditRecord, EndedRecord, MovementRecord, ReceivedRecord } from './audit-line.ts';
import { buildExpected, buildMoments } from './reply-record.ts';
import { buildRules } from './rules-record.ts';
import { toTime } from './times.ts';

/** A `received` transition with what the register adds to it. */
export interface Reception {
  readonly at: number;
  readonly facts: MessageFacts;
  readonly senderHmac: string;
  readonly octetsHmac: string;
  readonly awaitedHmac: string | undefined;
  readonly previous: MessageId | undefined;
}

/** A transition of a bericht that exists. */
export type Movement = Extract<Transition, { readonly messageId: MessageId }>;

/** A transition that concerns no bericht. */
export type Note = Extract<Transition, { readonly kind: 'rejected' | 'rules-loaded' | 'started' }>;

/** The record of a reception: each field is named, so that nothing rides along (promise B2). */
export function buildReceived({ at, facts, senderHmac, octetsHmac, awaitedHmac, previous }: Reception): ReceivedRecord {
  return {
    kind: 'received',
    at: toTime(at),
    messageId: facts.messageId,
    environment: facts.environment,
    messageType: facts.messageType,
    version: facts.version,
    sender: facts.sender,
    senderRole: facts.senderRole,
    submittedBy: facts.submittedBy,
    signedBy: facts.signedBy,
    signer: facts.signer,
    addressed: facts.addressed,
    recipient: facts.recipient,
    recipientRole: facts.recipientRole,
    connectionPoint: facts.connectionPoint,
    ruleId: facts.ruleId,
    ruleSetHash: facts.ruleSetHash,
    sizeKb: facts.sizeKb,
    receivedAt: toTime(facts.receivedAt),
    deadline: toTime(facts.deadline),
    senderHmac,
    octetsHmac,
    previous,
    ...buildExpected(facts.reply),
    awaitedHmac,
    answers: facts.answers,
  };
}

/** The record of what happens to a bericht; `entry` is the bericht before it. */
export function buildMovement(transition: Movement, entry: RegisterEntry): MovementRecord {
  const at = toTime(transition.at);
  const { messageId } = transition;
  switch (transition.kind) {
    case 'accepted': {
      // Every acceptance names the rule set that let it through.
      const { ruleSetHash } = entry.facts;
      return { kind: transition.kind, at, messageId, receipt: transition.receipt, ruleSetHash };
    }
    case 'receipted':
      return { kind: transition.kind, at, messageId, receipt: transition.receipt };
    case 'attempt-failed':
      return { kind: transition.kind, at, messageId, fault: transition.fault, answered: transition.answered };
    case 'ended':
      return buildEnded(at, entry, transition.end);
    case 'late':
      return { kind: transition.kind, at, messageId, outcome: transition.outcome };
    case 'reply-noted': {
      const { note, senderNoticeId: senderNotice, recipientNoticeId: recipientNotice } = transition;
      return { kind: transition.kind, at, messageId, note, senderNotice, recipientNotice };
    }
    case 'reply-notice-taken':
      return { kind: transition.kind, at, messageId, noticeId: transition.noticeId };
    case 'attempted':
    case 'notice-taken':
      return { kind: transition.kind, at, messageId };
  }
}

/** The record of what concerns no bericht. */
export function buildNote(transition: Note): AuditRecord {
  const at = toTime(transition.at);
  switch (transition.kind) {
    case 'rejected': {
      const { kind, code, stage, rule, submittedBy, messageType } = transition;
      return { kind, at, code, stage, rule, submittedBy, messageType };
    }
    case 'rules-loaded':
      return { kind: transition.kind, at, ...buildRules(transition) };
    case 'started':
      return { kind: transition.kind, at, software: transition.software };
  }
}

function buildEnded(at: string, { facts, unanswered }: RegisterEntry, end: EndFacts): EndedRecord {
  return {
    kind: 'ended',
    at,
    messageId: facts.messageId,
    state: end.state,
    endedAt: toTime(end.at),
    reason: end.reason,
    // An attempt may have begun since its caller looked, and time ends a bericht without an answer to it.
    possiblyReceived: end.possiblyReceived || (end.state === 'expired' && unanswered),
    proof: end.proof,
    noticeId: end.noticeId,
    sealedEvidence: end.sealedEvidence,
    ...buildMoments(end.reply),
  };
}
