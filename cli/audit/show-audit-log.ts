import { reasonToWire } from '../../gateway/codec/wire-words.ts';
import { printable, wrapText } from '../output.ts';
import { toLocalClock, toLocalTime } from '../show.ts';
import { createRecordParser, textOf } from './audit-record.ts';
import type { AuditRecord } from './audit-record.ts';
import { FAULT_WORDS, STAGE_WORDS } from './audit-words.ts';
import { listSegments, readSegments } from './read-segments.ts';

/** Which records to show; all of them when nothing is given. */
export interface AuditFilter {
  readonly messageId?: string;
  /** From this instant (ms) on. */
  readonly from?: number;
  /** Before this instant (ms). */
  readonly until?: number;
}

/**
 * Gives each record that passes the filter as a Dutch line, with the record itself; yields how many. A line that can't be
 * read is shown as such, without a record.
 */
export async function showAuditLog(
  folder: string,
  filter: AuditFilter,
  show: (line: string, record: AuditRecord | undefined) => void,
): Promise<number> {
  const parse = createRecordParser();
  let shown = 0;
  for await (const { segment, line, bytes } of readSegments(folder, await listSegments(folder))) {
    const record = parse(bytes);
    if (record !== undefined && !passes(record, filter)) continue;
    show(record === undefined ? `${segment}, regel ${String(line)}: onleesbaar` : describeRecord(record), record);
    shown += 1;
  }
  return shown;
}

/** A record as one Dutch line: number, local time, what happened, to which bericht, and what else is known. */
export function describeRecord(record: AuditRecord): string {
  const what = WHAT.get(record.kind) ?? { name: record.kind, detail: () => '' };
  const parts = [
    String(record.seq).padStart(7),
    toLocalTime(record.at),
    what.name.padEnd(NAME_WIDTH),
    textOf(record, 'messageId'),
    what.detail((field) => textOf(record, field)),
  ];
  return printable(parts.filter((part) => part !== '').join('  '));
}

/** A record for somebody who looks on: time, the end of the Bericht-Id, what happened and why, within `width`. */
export function describeBriefly(record: AuditRecord, width: number): readonly string[] {
  const what = WHAT.get(record.kind) ?? { name: record.kind, detail: nothing };
  const id = textOf(record, 'messageId');
  const detail = (what.brief ?? what.detail)((field) => textOf(record, field));
  const start = `${toLocalClock(record.at)}  ${id === '' ? '' : `…${id.slice(-8)}`}`.padEnd(BRIEF_INDENT);
  const text = printable(detail === '' ? what.name : `${what.name}: ${detail}`);
  return wrapText(text, width - BRIEF_INDENT).map((line, index) =>
    index === 0 ? start + line : ' '.repeat(BRIEF_INDENT) + line,
  );
}

function passes(record: AuditRecord, { messageId, from, until }: AuditFilter): boolean {
  const at = Date.parse(record.at);
  return (
    (messageId === undefined || record['messageId'] === messageId || record['previous'] === messageId) &&
    (from === undefined || from <= at) &&
    (until === undefined || at < until)
  );
}

interface What {
  readonly name: string;
  detail(field: (name: string) => string): string;
  /** The detail when there is little room. */
  brief?(field: (name: string) => string): string;
}

type Detail = What['detail'];

const nothing: Detail = () => '';
const rules: Detail = (field) => `regelset ${field('ruleSetHash').slice(0, 12)}`;
const rulesLoaded: Detail = (field) =>
  field('signedHash') === ''
    ? rules(field)
    : `${rules(field)}, opgesteld met ${field('draftedBy').slice(0, 12)}, geladen met ${field('loadedBy').slice(0, 12)}`;

const parties: Detail = (field) =>
  `${field('messageType')} ${field('version')} van ${party(field, 'sender')} aan ${party(field, 'recipient')}`;

const received: Detail = (field) =>
  [
    parties(field),
    `via ${field('connectionPoint')}, regel ${field('ruleId')}, ${field('sizeKb')} kB`,
    `uiterlijk ${toLocalTime(field('deadline'))}`,
    ...(field('submittedBy') === field('sender') ? [] : [`ingediend door ${field('submittedBy')}`]),
    ...(field('previous') === '' ? [] : [`eerder ${field('previous')}`]),
  ].join(', ');

const ended: Detail = (field) =>
  [
    STATES.get(field('state')) ?? field('state'),
    ...(field('reason') === '' ? [] : [`reden ${reasonToWire(field('reason')) ?? field('reason')}`]),
    ...(field('proof') === '' ? [] : [`bewijs ${field('proof') === 'signed' ? 'getekend' : 'verbinding'}`]),
    ...(field('possiblyReceived') === 'true' ? ['mogelijk ontvangen'] : []),
  ].join(', ');

const rejected: Detail = (field) =>
  [
    field('code'),
    `bij ${STAGE_WORDS.get(field('stage')) ?? field('stage')}`,
    field('rule') === '' ? '' : `regel ${field('rule')}`,
    field('submittedBy'),
    field('messageType'),
  ]
    .filter((part) => part !== '')
    .join(', ');

const failed: Detail = (field) =>
  `${FAULT_WORDS.get(field('fault')) ?? field('fault')}, ${field('answered') === 'true' ? 'niet ontvangen' : 'onbekend of het ontvangen is'}`;

function party(field: (name: string) => string, name: string): string {
  const role = field(`${name}Role`);
  return role === '' ? field(name) : `${field(name)} (${role})`;
}

const STATES: ReadonlyMap<string, string> = new Map([
  ['delivered', 'afgeleverd'],
  ['refused', 'geweigerd'],
  ['expired', 'verlopen'],
  ['not-accepted', 'niet geaccepteerd'],
]);

const NOTES: ReadonlyMap<string, string> = new Map([
  ['reminded', 'herinnering'],
  ['missed', 'verstreken'],
]);

const WHAT: ReadonlyMap<string, What> = new Map<string, What>([
  ['received', { name: 'ontvangen', detail: received, brief: parties }],
  ['accepted', { name: 'geaccepteerd', detail: rules }],
  ['receipted', { name: 'herhaling bevestigd', detail: nothing }],
  ['attempted', { name: 'aangeboden', detail: nothing }],
  ['attempt-failed', { name: 'niet gelukt', detail: failed }],
  ['ended', { name: 'geëindigd', detail: ended }],
  ['late', { name: 'te laat', detail: (field) => STATES.get(field('outcome')) ?? field('outcome') }],
  ['notice-taken', { name: 'eindbericht opgehaald', detail: nothing }],
  ['reply-noted', { name: 'antwoordtermijn', detail: (field) => NOTES.get(field('note')) ?? field('note') }],
  ['reply-notice-taken', { name: 'termijnbericht opgehaald', detail: nothing }],
  ['rejected', { name: 'afgekeurd', detail: rejected }],
  ['rules-loaded', { name: 'regels geladen', detail: rulesLoaded, brief: rules }],
  ['started', { name: 'gestart', detail: (field) => field('software') }],
  [
    'repaired',
    { name: 'hersteld', detail: (field) => `${field('removedBytes')} bytes van een onaffe regel verwijderd` },
  ],
  ['checkpoint', { name: 'controlepunt', detail: (field) => `over regel 1 tot en met ${field('covers')}` }],
]);

const BRIEF_INDENT = '00:00:00  …01234567  '.length;
const NAME_WIDTH = Math.max(...[...WHAT.values()].map(({ name }) => name.length));
