import { placeOf, textsAt } from '../codec/content.ts';
import type { Content } from '../codec/content.ts';
import { findBrokenCondition } from '../domain/conditions.ts';
import type { Fact } from '../domain/conditions.ts';
import { deadlineOf } from '../domain/deadline.ts';
import type { Address, Envelope, Format, Instant, SignatureForm, StufSystem } from '../domain/message.ts';
import { isOin } from '../domain/oin.ts';
import { isInForce, mayReceive, rolesOf } from '../domain/participants.ts';
import type { ConnectionPoint, Participant, RuleSet, SendRule, TypeRule } from '../domain/participants.ts';
import { findWrongPurpose } from '../domain/purpose.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, RejectionCode } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { EMERGENCY_STOP } from './authorise.ts';
import type { AuthorisedMessage } from './authorise.ts';
import type { StageContext } from './context.ts';

/** Where a bericht goes and by which rule. */
export interface Route {
  readonly point: ConnectionPoint;
  readonly rule: SendRule;
  /** The address as the sender gave it, for the receipt. */
  readonly addressed: string;
}

const proof: unique symbol = Symbol('routed');

/** A bericht with its one connection point. Made only by `route`. */
export interface RoutedMessage extends Route {
  readonly authorised: AuthorisedMessage;
  readonly deadline: Instant;
  readonly [proof]: true;
}

/**
 * Finds the one connection point and the one rule that allows it. Only the address and the sender's roles decide; what the
 * bericht says of its purpose and in its content can but refuse it.
 */
export function route(authorised: AuthorisedMessage, ctx: StageContext): Result<RoutedMessage, Rejection> {
  const { envelope, verified, content } = authorised.validated;
  const { received } = verified.authenticated;
  const found = findRoute(
    {
      typeRule: authorised.typeRule,
      sender: authorised.sender,
      senderRoles: rolesOf(authorised.sender, envelope.sender.role),
      senderSystem: envelope.sender.stuf,
      address: envelope.recipient,
      declared: { ...envelope, content },
      format: received.format,
      form: verified.form,
    },
    ctx.rules,
    ctx.now,
  );
  if (!found.ok) return found;
  const deadline = deadlineOf(authorised.typeRule, found.value.point, received.receivedAt);
  return ok({ ...found.value, authorised, deadline, [proof]: true });
}

/** A question to the rules; what only a bericht can tell is absent when only asked for advice. */
export interface RouteQuestion {
  readonly typeRule: TypeRule;
  readonly sender: Participant;
  readonly senderRoles: readonly string[];
  readonly senderSystem?: StufSystem | undefined;
  readonly address: Address;
  readonly format?: Format;
  readonly form?: SignatureForm;
  readonly declared?: Pick<Envelope, 'urgency' | 'processing'> & { readonly content: Content };
}

/** Answers "where would it go, and may it": used for every bericht and for `GET /v1/routering` alike. */
export function findRoute(question: RouteQuestion, rules: RuleSet, now: Instant): Result<Route, Rejection> {
  const points = resolve(question, { rules, now });
  if (!points.ok) return points;
  const taken = findOne(
    points.value.filter((point) => takesType(point, question.typeRule.type)),
    (point) => point.until === undefined || now < point.until,
  );
  if (!taken.ok) return taken;
  const point = taken.value;
  const rule = findRule(question, point, rules);
  if (!rule.ok) return rule;
  if (rules.stoppedOins.has(point.recipient)) return err(EMERGENCY_STOP);
  const problem = findPointProblem(question, point, { rules, now });
  if (problem !== undefined) return err(rejection(problem));
  const route = { point, rule: rule.value, addressed: describeAddress(question.address) };
  const refusal = findPurposeRefusal(question, route, rules) ?? findConditionRefusal(question, route, { rules, now });
  return refusal === undefined ? ok(route) : err(refusal);
}

/** An address as text for records and receipts, such as `gemeentecode:0202/GEMEENTE`. Never used to route. */
export function describeAddress(address: Address): string {
  switch (address.kind) {
    case 'oin':
      return `oin:${address.oin}/${address.role}`;
    case 'municipality':
      return `gemeentecode:${address.municipality}/${address.role}`;
    case 'institution':
      return `instantiecode:${address.institution}`;
    case 'stuf':
      return `oin:${address.oin}`;
  }
}

interface Lookup {
  readonly rules: RuleSet;
  readonly now: Instant;
}

function resolve(question: RouteQuestion, lookup: Lookup): Result<readonly ConnectionPoint[], Rejection> {
  const { address } = question;
  switch (address.kind) {
    case 'oin':
      return resolveOin(address.oin, (point) => point.role === address.role, lookup);
    case 'municipality':
      return resolveMunicipality(address, lookup);
    case 'institution':
      return resolveInstitution(address.institution, lookup);
    case 'stuf':
      return resolveStuf(address, question, lookup);
  }
}

function resolveOin(
  oin: string,
  matches: (point: ConnectionPoint) => boolean,
  lookup: Lookup,
): Result<readonly ConnectionPoint[], Rejection> {
  const participant = isOin(oin) ? lookup.rules.participants.get(oin) : undefined;
  if (participant === undefined) return err(rejection('ERR_RECIPIENT_UNKNOWN'));
  if (!isInForce(participant, lookup.now)) return err(rejection('ERR_RECIPIENT_ENDED'));
  return ok((lookup.rules.pointsByRecipient.get(participant.oin) ?? []).filter(matches));
}

function resolveMunicipality(
  address: { readonly municipality: string; readonly role: string },
  lookup: Lookup,
): Result<readonly ConnectionPoint[], Rejection> {
  const succession = lookup.rules.successions.get(address.municipality);
  if (succession !== undefined && succession.from <= lookup.now) {
    const [successor, ...others] = succession.successors;
    // Only a gemeente that went over as a whole is followed: after a split nobody but the sender knows which part is meant.
    if (!succession.whole || successor === undefined || others.length > 0) {
      return err({ ...rejection('ERR_MUNICIPALITY_ENDED'), candidates: succession.successors });
    }
    return resolveMunicipality({ municipality: successor, role: address.role }, lookup);
  }
  const named = lookup.rules.participantsByMunicipality.get(address.municipality) ?? [];
  const participant = findOne(
    named.filter(({ roles }) => roles.includes(address.role)),
    (candidate) => isInForce(candidate, lookup.now),
  );
  return participant.ok
    ? resolveOin(participant.value.oin, (point) => point.role === address.role, lookup)
    : participant;
}

function resolveInstitution(institution: string, lookup: Lookup): Result<readonly ConnectionPoint[], Rejection> {
  const { participants, pointsByInstitution } = lookup.rules;
  const points = pointsByInstitution.get(institution) ?? [];
  const live = points.filter(({ recipient }) => {
    const participant = participants.get(recipient);
    return participant !== undefined && isInForce(participant, lookup.now);
  });
  return points.length > 0 && live.length === 0 ? err(rejection('ERR_RECIPIENT_ENDED')) : ok(live);
}

// By administratie if a point has it registered, else by applicatie, else the type's default role. An answer has no such
// role: it goes to the one that its sender may answer.
function resolveStuf(
  address: Extract<Address, { kind: 'stuf' }>,
  { typeRule, senderRoles }: RouteQuestion,
  lookup: Lookup,
): Result<readonly ConnectionPoint[], Rejection> {
  const points = resolveOin(address.oin, (point) => takesType(point, typeRule.type), lookup);
  if (!points.ok) return points;
  const named = findNamed(address, points.value);
  if (named.length > 0) return ok(named);
  const { type, defaultRole } = typeRule;
  const answered = rulesOf(type, lookup.rules).filter((rule) => senderRoles.includes(rule.senderRole));
  const roles = defaultRole === undefined ? answered.map((rule) => rule.recipientRole) : [defaultRole];
  return ok(points.value.filter((point) => roles.includes(point.role)));
}

function findNamed(
  { application, administration }: StufSystem,
  points: readonly ConnectionPoint[],
): readonly ConnectionPoint[] {
  const byAdministration = points.filter(
    (point) => administration !== undefined && point.stufAdministration === administration,
  );
  return byAdministration.length > 0
    ? byAdministration
    : points.filter((point) => point.stufApplication === application);
}

function rulesOf(type: string, rules: RuleSet): readonly SendRule[] {
  return rules.sendRules.get(type) ?? [];
}

function findRule(question: RouteQuestion, point: ConnectionPoint, rules: RuleSet): Result<SendRule, Rejection> {
  const matching = rulesOf(question.typeRule.type, rules).filter(
    (rule) => question.senderRoles.includes(rule.senderRole) && rule.recipientRole === point.role,
  );
  if (matching.length === 0) return err(rejection('ERR_ROUTE_NONE'));
  const [rule, ...others] = matching.length > 1 ? narrow(matching, question, rules) : matching;
  return rule === undefined || others.length > 0 ? err(rejection('ERR_ROUTE_AMBIGUOUS')) : ok(rule);
}

// A StUF sender names no role. Where several of its roles may send this, the system it speaks from tells which one does.
function narrow(
  matching: readonly SendRule[],
  { sender, senderSystem }: RouteQuestion,
  rules: RuleSet,
): readonly SendRule[] {
  if (senderSystem === undefined) return matching;
  const own = findNamed(senderSystem, rules.pointsByRecipient.get(sender.oin) ?? []);
  return matching.filter((rule) => own.some((point) => point.role === rule.senderRole));
}

function findPointProblem(question: RouteQuestion, point: ConnectionPoint, lookup: Lookup): RejectionCode | undefined {
  const { format, form, typeRule } = question;
  if (!mayReceive(lookup.rules, { point, type: typeRule.type }, lookup.now)) return 'ERR_RECIPIENT_ENDED';
  if (format !== undefined && !point.formats.includes(format)) return 'ERR_RECIPIENT_FORMAT';
  if (form !== undefined && !point.forms.includes(form)) return 'ERR_RECIPIENT_FORMAT';
  return undefined;
}

function findPurposeRefusal(
  { typeRule, declared }: RouteQuestion,
  { rule }: Route,
  rules: RuleSet,
): Rejection | undefined {
  if (declared === undefined || typeRule.requiredProcessing.length === 0 || rule.purposeFree) return undefined;
  const wrong = findWrongPurpose(declared.processing, rules.purposes);
  if (wrong === undefined) return undefined;
  const path = placeOf({ subject: 'processing', name: wrong.member }, declared.content);
  return rejection('ERR_PURPOSE_NOT_ALLOWED', [{ path, rule: wrong.rule }]);
}

function findConditionRefusal(
  { sender, declared }: RouteQuestion,
  route: Route,
  lookup: Lookup,
): Rejection | undefined {
  const broken = findBrokenCondition(route.rule.conditions, {
    sender,
    recipient: lookup.rules.participants.get(route.point.recipient),
    declared: declared && { ...declared, contentAt: (path) => textsAt(declared.content, path) },
    now: lookup.now,
  });
  if (broken === undefined) return undefined;
  const path = placeOf(broken.fact, declared?.content);
  return rejection(CONDITION_CODES[broken.fact.subject], [{ path, rule: broken.rule }]);
}

const CONDITION_CODES = {
  sender: 'ERR_SENDER_NOT_ADMITTED',
  recipient: 'ERR_RECIPIENT_NOT_ADMITTED',
  urgency: 'ERR_PURPOSE_NOT_ALLOWED',
  processing: 'ERR_PURPOSE_NOT_ALLOWED',
  content: 'ERR_CONTENT_NOT_ALLOWED',
} as const satisfies Record<Fact['subject'], RejectionCode>;

/** The one candidate that is live. One that ended only counts when nothing came in its place. */
function findOne<T>(candidates: readonly T[], isLive: (candidate: T) => boolean): Result<T, Rejection> {
  const [live, ...others] = candidates.filter(isLive);
  if (live === undefined)
    return err(rejection(candidates.length > 0 ? 'ERR_RECIPIENT_ENDED' : 'ERR_RECIPIENT_UNKNOWN'));
  return others.length > 0 ? err(rejection('ERR_RECIPIENT_AMBIGUOUS')) : ok(live);
}

function takesType(point: ConnectionPoint, type: string): boolean {
  return point.types.length === 0 || point.types.includes(type);
}
