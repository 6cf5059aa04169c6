import type { Instant } from '../domain/message.ts';
import type { EndNotice, SubmissionReceipt } from '../domain/receipt.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import type { ReceiptKey, RoutingAdvice } from '../domain/routing-advice.ts';
import { toProblem } from './problem.ts';
import type { ProblemBody } from './problem.ts';
import { toRequirements } from './routing-requirements.ts';
import type { RequirementsBody } from './routing-requirements.ts';
import {
  EVENT_WORDS,
  FORMAT_WORDS,
  FORM_WORDS,
  POINT_KIND_WORDS,
  PROCESSING_WORDS,
  STATE_WORDS,
  reasonToWire,
} from './wire-words.ts';

/** Body of the 202 (or, for a repeat, 200) of a submission. */
export function toSubmitBody(accepted: {
  readonly receipt: SubmissionReceipt;
  readonly signed: string;
  readonly entry: Pick<RegisterEntry, 'state'>;
}): SubmitBody {
  const { receipt } = accepted;
  return {
    berichtId: receipt.messageId,
    kenmerk: receipt.kenmerk,
    status: STATE_WORDS.toWire(accepted.entry.state),
    ontvangenOp: toTime(receipt.receivedAt),
    uiterlijk: toTime(receipt.deadline),
    digest: toDigestHeader(receipt.digest),
    bevestiging: accepted.signed,
  };
}

/** Body of the status of one bericht; `signedNotice` is the end notice as compact JWS, once there is one. */
export function toStatusBody(entry: RegisterEntry, signedNotice: string | undefined): StatusBody {
  const { facts, end } = entry;
  return {
    berichtId: facts.messageId,
    berichttype: facts.messageType,
    versie: facts.version,
    status: STATE_WORDS.toWire(entry.state),
    reden: reasonToWire(end?.reason) ?? null,
    pogingen: entry.attempts,
    mogelijkOntvangen: end === undefined ? entry.unanswered : end.possiblyReceived,
    ontvangenOp: toTime(facts.receivedAt),
    geaccepteerdOp: toTimeOrNull(entry.acceptedAt),
    uiterlijk: toTime(facts.deadline),
    eindtijd: toTimeOrNull(end?.at),
    eerder: entry.previous ?? null,
    geschiedenis: entry.history.map(({ at, event }) => ({
      tijdstip: toTime(at),
      gebeurtenis: EVENT_WORDS.toWire(event),
    })),
    antwoord: toAwaitedAnswer(entry),
    eindbericht: signedNotice ?? null,
  };
}

// The term begins at the delivery: until then nobody knows until when.
function toAwaitedAnswer({ facts, reply }: RegisterEntry): StatusBody['antwoord'] {
  if (facts.reply === undefined) return null;
  return {
    typen: facts.reply.types,
    uiterlijk: toTimeOrNull(reply?.moments?.dueAt),
    beantwoordOp: toTimeOrNull(reply?.answeredAt),
  };
}

/** Body of the oldest notice that its party has not taken yet: how a bericht ended, or what its term came to. */
export function toNoticeBody(
  kind: 'end' | 'term',
  notice: Pick<EndNotice, 'id' | 'messageId'>,
  signed: string,
): NoticeBody {
  const { id, messageId: berichtId } = notice;
  return kind === 'end' ? { id, berichtId, eindbericht: signed } : { id, berichtId, termijnbericht: signed };
}

/** Body of the answer to "may I send this, and where would it go?". */
export function toRoutingBody(advice: RoutingAdvice): RoutingBody {
  return {
    toegestaan: advice.allowed,
    weigering: advice.refusal === undefined ? null : toProblem(advice.refusal).body,
    regel: advice.ruleId ?? null,
    ontvanger: toRecipient(advice),
    wijze: advice.pointKind === undefined ? null : POINT_KIND_WORDS.toWire(advice.pointKind),
    termijnUren: advice.deadlineHours ?? null,
    kantooruren: advice.officeHours ?? null,
    formaten: advice.formats.map((format) => FORMAT_WORDS.toWire(format)),
    handtekeningen: advice.forms.map((form) => FORM_WORDS.toWire(form)),
    verwerking: advice.requiredProcessing.map((name) => PROCESSING_WORDS.toWire(name)),
    ...toRequirements(advice),
    stuf: toStuf(advice.stuf),
    voorbehoud: DISCLAIMER,
  };
}

/** Body of the list of certificates the gateway signs or signed receipts with. */
export function toKeysBody(keys: readonly ReceiptKey[]): KeysBody {
  return {
    sleutels: keys.map((key) => ({
      certificaat: key.certificatePem,
      vingerafdruk: key.thumbprint,
      actueel: key.current,
    })),
  };
}

/** An instant as RFC 3339 in UTC with milliseconds. */
export function toTime(at: Instant): string {
  return new Date(at).toISOString();
}

/** A base64 SHA-256 as the value of a `Digest` header (RFC 3230). */
export function toDigestHeader(digest: string): string {
  return `SHA-256=${digest}`;
}

function toRecipient(advice: RoutingAdvice): RoutingBody['ontvanger'] {
  if (advice.recipient === undefined) return null;
  return { oin: advice.recipient, naam: advice.recipientName ?? null, rol: advice.recipientRole ?? null };
}

function toStuf(stuf: RoutingAdvice['stuf']): RoutingBody['stuf'] {
  if (stuf === undefined) return null;
  return {
    organisatie: stuf.organisation,
    applicatie: stuf.application ?? null,
    administratie: stuf.administration ?? null,
  };
}

function toTimeOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : toTime(at);
}

/** JSON of `POST /v1/berichten`. */
export interface SubmitBody {
  readonly berichtId: string;
  readonly kenmerk: string;
  readonly status: string;
  readonly ontvangenOp: string;
  readonly uiterlijk: string;
  readonly digest: string;
  readonly bevestiging: string;
}

/** JSON of `GET /v1/berichten/{berichtId}`. */
export interface StatusBody {
  readonly berichtId: string;
  readonly berichttype: string;
  readonly versie: string;
  readonly status: string;
  readonly reden: string | null;
  readonly pogingen: number;
  readonly mogelijkOntvangen: boolean;
  readonly ontvangenOp: string;
  readonly geaccepteerdOp: string | null;
  readonly uiterlijk: string;
  readonly eindtijd: string | null;
  readonly eerder: string | null;
  readonly geschiedenis: readonly { readonly tijdstip: string; readonly gebeurtenis: string }[];
  /** The answer that is expected, until when it is in time, and when it came. */
  readonly antwoord: {
    readonly typen: readonly string[];
    readonly uiterlijk: string | null;
    readonly beantwoordOp: string | null;
  } | null;
  readonly eindbericht: string | null;
}

/** JSON of `GET /v1/bevestigingen`. */
export type NoticeBody = { readonly id: string; readonly berichtId: string } & (
  { readonly eindbericht: string } | { readonly termijnbericht: string }
);

/** JSON of `GET /v1/routering`. */
export interface RoutingBody extends RequirementsBody {
  readonly toegestaan: boolean;
  readonly weigering: ProblemBody | null;
  readonly regel: string | null;
  readonly ontvanger: { readonly oin: string; readonly naam: string | null; readonly rol: string | null } | null;
  readonly wijze: string | null;
  readonly termijnUren: number | null;
  readonly kantooruren: boolean | null;
  readonly formaten: readonly string[];
  readonly handtekeningen: readonly string[];
  readonly verwerking: readonly string[];
  readonly stuf: {
    readonly organisatie: string;
    readonly applicatie: string | null;
    readonly administratie: string | null;
  } | null;
  readonly voorbehoud: string;
}

/** JSON of `GET /v1/sleutels`. */
export interface KeysBody {
  readonly sleutels: readonly {
    readonly certificaat: string;
    readonly vingerafdruk: string;
    readonly actueel: boolean;
  }[];
}

const DISCLAIMER =
  'Dit antwoord is een hulpmiddel: er kunnen geen rechten aan worden ontleend. De afzender motiveert zelf of hij mag delen, en een bericht kan alsnog worden geweigerd.';
