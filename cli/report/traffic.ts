import type { Instant } from '../../gateway/domain/message.ts';
import { instantOf } from '../../gateway/domain/working-days.ts';
import { textOf } from '../audit/audit-record.ts';
import type { AuditRecord } from '../audit/audit-record.ts';

/** A calendar month in Europe/Amsterdam. */
export interface Period {
  /** As it is written: `2026-10`. */
  readonly name: string;
  readonly from: Instant;
  /** The first instant after it. */
  readonly until: Instant;
}

/** What a report needs of one bericht that came in during the period. */
export interface Passage {
  readonly type: string;
  readonly sender: string;
  readonly senderRole: string;
  readonly recipient: string;
  readonly recipientRole: string;
  readonly rule: string;
  /** How it stood at the end of the period: an end state of the log, or `open`. */
  readonly state: string;
  /** From acceptance to delivery, if both fell in the period. */
  readonly seconds: number | undefined;
}

/** The traffic of a period. */
export interface Traffic {
  readonly passages: readonly Passage[];
  /** Terms of answers that were missed in the period, by the type that awaited the answer. */
  readonly missed: ReadonlyMap<string, number>;
}

/** The month of this name; undefined when it names none. */
export function periodOf(name: string): Period | undefined {
  const match = /^(2\d{3})-(0[1-9]|1[0-2])$/.exec(name);
  if (match === null) return undefined;
  const [year, month] = [Number(match[1]), Number(match[2])];
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  return { name, from: instantOf({ year, month, day: 1 }, 0), until: instantOf({ ...next, day: 1 }, 0) };
}

/**
 * Gathers the traffic of a period from the records of the log in their order. What happened after it counts for nothing,
 * so that the report of a month is the same whenever it is made: two of them can't be told apart by one bericht.
 */
export function createTrafficGatherer({ from, until }: Period): {
  readonly take: (record: AuditRecord) => void;
  readonly finish: () => Traffic;
} {
  // Which type awaited an answer; what came in earlier may miss its term in this month.
  const awaiting = new Map<string, string>();
  const berichten = new Map<string, Bericht>();
  const missed = new Map<string, number>();
  const receive = (record: AuditRecord, id: string): void => {
    if (record['replyTypes'] !== undefined) awaiting.set(id, textOf(record, 'messageType'));
    if (Date.parse(record.at) >= from) berichten.set(id, { received: record });
  };
  const note = (record: AuditRecord, id: string): void => {
    if (textOf(record, 'note') !== 'missed' || Date.parse(record.at) < from) return;
    const type = awaiting.get(id) ?? UNKNOWN_TYPE;
    missed.set(type, (missed.get(type) ?? 0) + 1);
  };
  const take = (record: AuditRecord): void => {
    if (Date.parse(record.at) >= until) return;
    const id = textOf(record, 'messageId');
    const bericht = berichten.get(id);
    if (record.kind === 'received') receive(record, id);
    if (record.kind === 'reply-noted') note(record, id);
    if (bericht !== undefined && record.kind === 'accepted') bericht.accepted = record;
    if (bericht !== undefined && record.kind === 'ended') bericht.ended = record;
  };
  return { take, finish: () => ({ passages: [...berichten.values()].map(passageOf), missed }) };
}

interface Bericht {
  readonly received: AuditRecord;
  accepted?: AuditRecord;
  ended?: AuditRecord;
}

function passageOf({ received, accepted, ended }: Bericht): Passage {
  const state = ended === undefined ? 'open' : textOf(ended, 'state');
  const isTimed = accepted !== undefined && ended !== undefined && state === 'delivered';
  return {
    type: textOf(received, 'messageType'),
    sender: textOf(received, 'sender'),
    senderRole: textOf(received, 'senderRole'),
    recipient: textOf(received, 'recipient'),
    recipientRole: textOf(received, 'recipientRole'),
    rule: textOf(received, 'ruleId'),
    state,
    // In whole seconds, upward: a delivery takes some time.
    seconds: isTimed ? Math.ceil((Date.parse(textOf(ended, 'endedAt')) - Date.parse(accepted.at)) / 1000) : undefined,
  };
}

// What came in is no longer in the log: it is kept for a limited time.
const UNKNOWN_TYPE = 'onbekend';
