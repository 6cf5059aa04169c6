import type { Condition, PartyFact } from './conditions.ts';
import type { Format, Instant, Processing, SignatureForm } from './message.ts';
import type { Oin } from './oin.ts';
import type { ReplyRule } from './reply-terms.ts';
import type { Purpose } from './purpose.ts';

/** A connected party (*aangesloten partij*). Dates are instants; an absent end means none known. */
export interface Participant {
  readonly oin: Oin;
  readonly name: string;
  readonly roles: readonly string[];
  readonly category: string | undefined;
  readonly municipality: string | undefined;
  /** INS codes (TINSTANT) this party answers to, such as `AST095`. */
  readonly institutions: readonly string[];
  readonly from: Instant;
  readonly until: Instant | undefined;
  /** SHA-256 fingerprints (lower-case hex) of certificates; when any is given no other certificate identifies this party. */
  readonly pins: readonly string[];
  /** Where end notices are pushed; absent means they wait to be pulled. */
  readonly noticeUrl: string | undefined;
  /** Facts that conditions of the send matrix ask for (virToegelaten, convenantDatum, kanCoordineren …), by wire name. */
  readonly attributes: Readonly<Record<string, PartyFact>>;
}

/** Where berichten for one recipient and role go (*aansluitpunt*). */
export interface ConnectionPoint {
  readonly id: string;
  readonly recipient: Oin;
  readonly role: string;
  /** Whose certificate serves this point: the recipient, or the holder of its live mandate `ontvangen`. */
  readonly owner: Oin;
  /** Push address (https); absent means the owner pulls. */
  readonly url: string | undefined;
  readonly formats: readonly Format[];
  readonly forms: readonly SignatureForm[];
  /** Message types this point takes; empty means all that its role may receive. */
  readonly types: readonly string[];
  readonly institutions: readonly string[];
  readonly stufApplication: string | undefined;
  readonly stufAdministration: string | undefined;
  readonly officeHours: boolean;
  /** Whether only a signed recipient's receipt counts as delivered. */
  readonly signedReceipt: boolean;
  readonly until: Instant | undefined;
}

/** Tasks one party may give another (*machtiging*). */
export type MandateTask = 'submit' | 'sign' | 'receive' | 'inspect';

/** A mandate: `holder` acts for `grantor`. */
export interface Mandate {
  readonly holder: Oin;
  readonly grantor: Oin;
  readonly tasks: readonly MandateTask[];
  /** Message types it covers; empty means all. */
  readonly types: readonly string[];
  readonly from: Instant;
  readonly until: Instant | undefined;
}

/** How the rules treat a message type; the schemas stand in the catalogue. */
export interface TypeRule {
  readonly type: string;
  /** Hours after acceptance at which an undelivered bericht ends `expired`. */
  readonly deadlineHours: number;
  /** Members of `verwerking` that must be present, as domain names. */
  readonly requiredProcessing: readonly (keyof Processing)[];
  /** Role of the recipient when a StUF address doesn't settle it. */
  readonly defaultRole: string | undefined;
  /** Shows no sender on page, metric or trace. */
  readonly protectedReporter: boolean;
  /** Never under an emergency stop as a type: what it tells may not be switched off. */
  readonly neverStopped: boolean;
  /** What must come back, unless the row of the send matrix says otherwise. */
  readonly reply: ReplyRule | undefined;
}

/** One row of the send matrix: who may send what to whom. Default is deny. */
export interface SendRule {
  readonly id: string;
  readonly type: string;
  readonly senderRole: string;
  readonly recipientRole: string;
  /** This is an answer: it must name a bericht of one of these types that went the other way. */
  readonly answersTypes: readonly string[] | undefined;
  /** What must come back on a bericht that goes by this row. */
  readonly reply: ReplyRule | undefined;
  /** IDs of the functions and rules of the sources that this row carries out. */
  readonly sources: readonly string[];
  /** All must hold; the first that doesn't refuses. */
  readonly conditions: readonly Condition[];
  /** Who gave the assignment is answered whatever the purpose: `doelbinding.yaml` isn't asked. */
  readonly purposeFree: boolean;
}

/** What became of an ended gemeentecode; `whole` alone lets an address follow. */
export interface Succession {
  readonly municipality: string;
  readonly successors: readonly string[];
  readonly whole: boolean;
  readonly from: Instant;
}

/** A whole, validated rule set, indexed. `hash` is the SHA-256 (lower-case hex) of its files. */
export interface RuleSet {
  readonly hash: string;
  readonly participants: ReadonlyMap<Oin, Participant>;
  readonly points: ReadonlyMap<string, ConnectionPoint>;
  readonly pointsByRecipient: ReadonlyMap<Oin, readonly ConnectionPoint[]>;
  readonly participantsByMunicipality: ReadonlyMap<string, readonly Participant[]>;
  readonly pointsByInstitution: ReadonlyMap<string, readonly ConnectionPoint[]>;
  readonly mandates: readonly Mandate[];
  readonly types: ReadonlyMap<string, TypeRule>;
  readonly sendRules: ReadonlyMap<string, readonly SendRule[]>;
  /** Purposes that are allowed, by field of work. */
  readonly purposes: ReadonlyMap<string, readonly Purpose[]>;
  readonly successions: ReadonlyMap<string, Succession>;
  /** `noodstop`: OINs and message types that are refused for now. */
  readonly stoppedOins: ReadonlySet<string>;
  readonly stoppedTypes: ReadonlySet<string>;
}

/** Whether a period holds at the instant: from inclusive, until exclusive. */
export function isInForce(
  period: { readonly from: Instant; readonly until: Instant | undefined },
  at: Instant,
): boolean {
  return period.from <= at && (period.until === undefined || at < period.until);
}

/** The roles a sender may act in: the one it claims if it has it, or all of its own when it claims none (StUF). */
export function rolesOf(sender: Participant, claimed: string | undefined): readonly string[] {
  return claimed === undefined ? sender.roles : sender.roles.filter((role) => role === claimed);
}

/** Whether `holder` may do the task for `grantor` with this type now. */
export function hasMandate(
  rules: Pick<RuleSet, 'mandates'>,
  ask: { readonly holder: Oin; readonly grantor: Oin; readonly task: MandateTask; readonly type?: string },
  at: Instant,
): boolean {
  return rules.mandates.some(
    (mandate) =>
      mandate.holder === ask.holder &&
      mandate.grantor === ask.grantor &&
      mandate.tasks.includes(ask.task) &&
      (ask.type === undefined || mandate.types.length === 0 || mandate.types.includes(ask.type)) &&
      isInForce(mandate, at),
  );
}

/** Whether the owner may act on the point: it is the recipient or holds its mandate; point and both parties are in force. */
export function mayServe(rules: RuleSet, point: ConnectionPoint, at: Instant): boolean {
  return isServedBy(rules, { point, mandated: {} }, at);
}

/** Whether the owner of the point may be given berichten of this type there. */
export function mayReceive(
  rules: RuleSet,
  { point, type }: { readonly point: ConnectionPoint; readonly type: string },
  at: Instant,
): boolean {
  return isServedBy(rules, { point, mandated: { type } }, at);
}

function isServedBy(
  rules: RuleSet,
  { point, mandated }: { readonly point: ConnectionPoint; readonly mandated: { readonly type?: string } },
  at: Instant,
): boolean {
  const parties = [point.owner, point.recipient].map((oin) => rules.participants.get(oin));
  if (parties.some((party) => party === undefined || !isInForce(party, at))) return false;
  if (point.until !== undefined && point.until <= at) return false;
  const mandate = { holder: point.owner, grantor: point.recipient, task: 'receive', ...mandated } as const;
  return point.owner === point.recipient || hasMandate(rules, mandate, at);
}
