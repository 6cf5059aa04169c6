import { findOpenConditions } from '../domain/conditions.ts';
import type { Address } from '../domain/message.ts';
import { isOin } from '../domain/oin.ts';
import { isInForce, rolesOf } from '../domain/participants.ts';
import type { ConnectionPoint, Participant, TypeRule } from '../domain/participants.ts';
import { findPurposes } from '../domain/purpose.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { RoutingAdvice } from '../domain/routing-advice.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import { EMERGENCY_STOP } from '../pipeline/authorise.ts';
import type { StageContext } from '../pipeline/context.ts';
import { findRoute } from '../pipeline/route.ts';
import type { Route } from '../pipeline/route.ts';
import type { Caller, RoutingQuestion } from '../ports/gateway-api.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';

/**
 * Answers "may this be sent, and where would it go" with the rules that every bericht goes by. Anybody connected may ask it of any
 * sender: the answer is made of rules, and holds nothing of a person.
 */
export function advise(
  parts: Pick<Parts, 'standing' | 'clock'>,
  caller: Caller,
  question: RoutingQuestion,
): Result<RoutingAdvice, Rejection> {
  const ctx = contextNow(parts);
  const transport = authenticateCertificate(caller.certificate, ctx);
  if (!transport.ok) return transport;
  const address = toAddress(question);
  if (address === undefined) return err(rejection('ERR_REQUEST_INVALID', [{ path: '/ontvanger', rule: 'oneOf' }]));
  const typeRule = ctx.rules.types.get(question.messageType);
  if (typeRule === undefined) return ok(refused(rejection('ERR_MESSAGE_TYPE_UNKNOWN')));
  const found = findSender(question, transport.value.participant, ctx);
  if (!found.ok) return ok(refused(found.error));
  const { sender, senderRoles } = found.value;
  const route = findRoute({ typeRule, sender, senderRoles, address }, ctx.rules, ctx.now);
  if (!route.ok) return ok(refused(route.error));
  if (ctx.rules.stoppedOins.has(sender.oin) || ctx.rules.stoppedTypes.has(typeRule.type))
    return ok(refused(EMERGENCY_STOP));
  return ok(toAdvice(route.value, { typeRule, sender }, ctx));
}

type Context = Omit<StageContext, 'own'>;

interface Sender {
  readonly sender: Participant;
  readonly senderRoles: readonly string[];
}

function findSender(question: RoutingQuestion, caller: Participant, ctx: Context): Result<Sender, Rejection> {
  const { sender: oin, senderRole } = question;
  const named = oin !== undefined && isOin(oin) ? ctx.rules.participants.get(oin) : undefined;
  const sender = oin === undefined ? caller : named;
  const senderRoles = sender === undefined ? [] : rolesOf(sender, senderRole);
  if (sender === undefined || senderRoles.length === 0) return err(rejection('ERR_SENDER_UNKNOWN'));
  return isInForce(sender, ctx.now) ? ok({ sender, senderRoles }) : err(rejection('ERR_SENDER_ENDED'));
}

interface Sending {
  readonly typeRule: TypeRule;
  readonly sender: Participant;
}

function toAdvice({ point, rule }: Route, { typeRule, sender }: Sending, ctx: Context): RoutingAdvice {
  const [newest] = ctx.catalogue.types.get(typeRule.type) ?? [];
  const recipient = ctx.rules.participants.get(point.recipient);
  const conditions = findOpenConditions(rule.conditions, { sender, recipient, declared: undefined, now: ctx.now });
  const asksPurpose = typeRule.requiredProcessing.length > 0 && !rule.purposeFree;
  return {
    allowed: true,
    refusal: undefined,
    ruleId: rule.id,
    pointKind: point.url === undefined ? 'pull' : 'push',
    recipient: point.recipient,
    recipientName: recipient?.name,
    recipientRole: point.role,
    deadlineHours: typeRule.deadlineHours,
    officeHours: point.officeHours,
    formats: point.formats,
    forms: point.forms,
    requiredProcessing: typeRule.requiredProcessing,
    conditions,
    purposes: asksPurpose ? findPurposes(ctx.rules.purposes, conditions) : [],
    reply: rule.reply ?? typeRule.reply,
    answersTypes: rule.answersTypes ?? [],
    stuf: newest?.kind === 'stuf' ? toStufAddress(point) : undefined,
  };
}

function toStufAddress(point: ConnectionPoint): RoutingAdvice['stuf'] {
  const { recipient, stufApplication, stufAdministration } = point;
  return { organisation: recipient, application: stufApplication, administration: stufAdministration };
}

function toAddress(question: RoutingQuestion): Address | undefined {
  const { oin, municipality, institution, role } = question;
  const given = [oin, municipality, institution].filter((part) => part !== undefined);
  if (given.length !== 1) return undefined;
  if (institution !== undefined) return { kind: 'institution', institution };
  if (role === undefined) return undefined;
  if (municipality !== undefined) return { kind: 'municipality', municipality, role };
  return oin === undefined ? undefined : { kind: 'oin', oin, role };
}

function refused(refusal: Rejection): RoutingAdvice {
  return {
    allowed: false,
    refusal,
    ruleId: undefined,
    pointKind: undefined,
    recipient: undefined,
    recipientName: undefined,
    recipientRole: undefined,
    deadlineHours: undefined,
    officeHours: undefined,
    formats: [],
    forms: [],
    requiredProcessing: [],
    conditions: [],
    purposes: [],
    reply: undefined,
    answersTypes: [],
    stuf: undefined,
  };
}
