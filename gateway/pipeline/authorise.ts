import { PROCESSING_WORDS } from '../codec/wire-words.ts';
import type { Instant } from '../domain/message.ts';
import { isOin } from '../domain/oin.ts';
import type { Oin } from '../domain/oin.ts';
import { hasMandate, isInForce, rolesOf } from '../domain/participants.ts';
import type { Participant, TypeRule } from '../domain/participants.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, RejectionCode } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { isPinned } from './authenticate.ts';
import type { StageContext } from './context.ts';
import { MAX_SIGNATURE_AGE_MS, MAX_SIGNATURE_AHEAD_MS } from './context.ts';
import type { ValidatedMessage } from './validate.ts';

const proof: unique symbol = Symbol('authorised');

/** A bericht that its signer and its bringer may offer for its sender, today. Made only by `authorise`. */
export interface AuthorisedMessage {
  readonly validated: ValidatedMessage;
  /** A: the afzender inside the signed bytes. */
  readonly sender: Participant;
  readonly typeRule: TypeRule;
  readonly [proof]: true;
}

/**
 * Decides whether T (who brings), S (who signed) and A (afzender) go together: T = A or a mandate `indienen`, and
 * S = A or S = T with a mandate `ondertekenen`; each for this type and now. Then time, environment and purpose.
 */
export function authorise(validated: ValidatedMessage, ctx: StageContext): Result<AuthorisedMessage, Rejection> {
  const sender = findSender(validated, ctx);
  if (!sender.ok) return sender;
  const typeRule = ctx.rules.types.get(validated.definition.type);
  if (typeRule === undefined) return err(rejection('ERR_MESSAGE_TYPE_UNKNOWN'));
  const problem =
    findPartyProblem(validated, sender.value, ctx) ??
    findTimeProblem(validated, ctx.now) ??
    findEnvelopeProblem(validated, ctx);
  if (problem !== undefined) return err(rejection(problem));
  if (isStopped(validated, sender.value, ctx)) return err(EMERGENCY_STOP);
  const incomplete = findMissingPurpose(validated, typeRule);
  return incomplete.length > 0
    ? err(rejection('ERR_PROCESSING_INCOMPLETE', incomplete))
    : ok({ validated, sender: sender.value, typeRule, [proof]: true });
}

/** `noodstop`: nothing is taken in for now; whoever it concerns may offer the same bericht again. */
export const EMERGENCY_STOP: Rejection = { ...rejection('ERR_EMERGENCY_STOP'), retryAfterSeconds: 3600 };

function findSender(validated: ValidatedMessage, ctx: StageContext): Result<Participant, Rejection> {
  const { oin, role } = validated.envelope.sender;
  const sender = isOin(oin) ? ctx.rules.participants.get(oin) : undefined;
  if (sender === undefined || rolesOf(sender, role).length === 0) return err(rejection('ERR_SENDER_UNKNOWN'));
  return isInForce(sender, ctx.now) ? ok(sender) : err(rejection('ERR_SENDER_ENDED'));
}

function findPartyProblem(
  validated: ValidatedMessage,
  sender: Participant,
  ctx: StageContext,
): RejectionCode | undefined {
  const { signer, signerCertificate, authenticated } = validated.verified;
  const { transport } = authenticated;
  const type = validated.definition.type;
  const mayAct = (task: 'submit' | 'sign', holder: Oin): boolean =>
    holder === sender.oin || hasMandate(ctx.rules, { holder, grantor: sender.oin, task, type }, ctx.now);
  if (!mayAct('submit', transport.oin)) return 'ERR_MANDATE_SUBMIT_MISSING';
  if (signer !== sender.oin && (signer !== transport.oin || !mayAct('sign', signer))) return 'ERR_MANDATE_SIGN_MISSING';
  const { pins } = signer === sender.oin ? sender : transport.participant;
  return isPinned(pins, signerCertificate) ? undefined : 'ERR_SIGNER_UNTRUSTED';
}

// Bounds how long a captured bericht could be offered again: kenmerken are remembered longer than this (B6).
function findTimeProblem(validated: ValidatedMessage, now: Instant): RejectionCode | undefined {
  const times = [validated.verified.signedAt, validated.envelope.createdAt].filter((time) => time !== undefined);
  if (times.some((time) => time < now - MAX_SIGNATURE_AGE_MS)) return 'ERR_SIGNATURE_TIME_OLD';
  if (times.some((time) => time > now + MAX_SIGNATURE_AHEAD_MS)) return 'ERR_SIGNATURE_TIME_FUTURE';
  return undefined;
}

function findEnvelopeProblem(validated: ValidatedMessage, ctx: StageContext): RejectionCode | undefined {
  const { environment, urgency } = validated.envelope;
  if (environment !== undefined && environment !== ctx.environment) return 'ERR_ENVIRONMENT_MISMATCH';
  // Regeling justitiële keteninformatisering Jeugdwet art. 3: a crisis goes outside this channel.
  return urgency === 'crisis' ? 'ERR_CRISIS_NOT_CARRIED' : undefined;
}

function isStopped(validated: ValidatedMessage, sender: Participant, ctx: StageContext): boolean {
  const { stoppedOins, stoppedTypes } = ctx.rules;
  const parties = [sender.oin, validated.verified.authenticated.transport.oin];
  return parties.some((oin) => stoppedOins.has(oin)) || stoppedTypes.has(validated.definition.type);
}

function findMissingPurpose(
  validated: ValidatedMessage,
  typeRule: TypeRule,
): readonly { path: string; rule: string }[] {
  return typeRule.requiredProcessing
    .filter((name) => validated.envelope.processing[name] === undefined)
    .map((name) => ({ path: `/stuurgegevens/verwerking/${PROCESSING_WORDS.toWire(name)}`, rule: 'required' }));
}
