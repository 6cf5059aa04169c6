import type { Address } from '../domain/message.ts';
import type { ConnectionPoint, TypeRule } from '../domain/participants.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { RoutingAdvice } from '../domain/routing-advice.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import { findRoute } from '../pipeline/route.ts';
import type { Route } from '../pipeline/route.ts';
import type { Caller, RoutingQuestion } from '../ports/gateway-api.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';

/** Answers "may I send this, and where would it go" with the rules that every bericht goes by. */
export function advise(parts: Parts, caller: Caller, question: RoutingQuestion): Result<RoutingAdvice, Rejection> {
  const ctx = contextNow(parts);
  const transport = authenticateCertificate(caller.certificate, ctx);
  if (!transport.ok) return transport;
  const address = toAddress(question);
  if (address === undefined) return err(rejection('ERR_REQUEST_INVALID', [{ path: '/ontvanger', rule: 'oneOf' }]));
  const typeRule = ctx.rules.types.get(question.messageType);
  if (typeRule === undefined) return ok(refused(rejection('ERR_MESSAGE_TYPE_UNKNOWN')));
  const sender = transport.value.participant;
  const route = findRoute({ typeRule, sender, senderRoles: sender.roles, address }, ctx.rules, ctx.now);
  if (!route.ok) return ok(refused(route.error));
  const [newest] = ctx.catalogue.types.get(question.messageType) ?? [];
  const recipientName = ctx.rules.participants.get(route.value.point.recipient)?.name;
  return ok(toAdvice(route.value, typeRule, { recipientName, isStuf: newest?.kind === 'stuf' }));
}

function toAdvice(
  { point, rule }: Route,
  typeRule: TypeRule,
  extra: { readonly recipientName: string | undefined; readonly isStuf: boolean },
): RoutingAdvice {
  return {
    allowed: true,
    refusal: undefined,
    ruleId: rule.id,
    pointKind: point.url === undefined ? 'pull' : 'push',
    recipient: point.recipient,
    recipientName: extra.recipientName,
    recipientRole: point.role,
    deadlineHours: typeRule.deadlineHours,
    officeHours: point.officeHours,
    formats: point.formats,
    forms: point.forms,
    requiredProcessing: typeRule.requiredProcessing,
    stuf: extra.isStuf ? toStufAddress(point) : undefined,
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
    stuf: undefined,
  };
}
