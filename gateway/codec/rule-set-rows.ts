import type { PartyFact } from '../domain/conditions.ts';
import type { Format, Instant, SignatureForm } from '../domain/message.ts';
import type { Oin } from '../domain/oin.ts';
import { isOin } from '../domain/oin.ts';
import type { ConnectionPoint, Mandate, Participant, SendRule, Succession, TypeRule } from '../domain/participants.ts';
import type { Purpose } from '../domain/purpose.ts';
import { instantOf, shiftDay } from '../domain/working-days.ts';
import { toAnswersTypes, toReplyRule } from './reply-rules.ts';
import { toCondition } from './rule-set-conditions.ts';
import { isJsonArray, isJsonObject } from './strict-json.ts';
import type { JsonArray, JsonObject, JsonValue } from './strict-json.ts';
import { parseInstant } from './timestamps.ts';
import { FORM_WORDS, PROCESSING_WORDS, TASK_WORDS } from './wire-words.ts';

/** A row of `deelnemers.yaml`, in which nothing was found wrong. Throws RangeError for an OIN that is none, as do the others. */
export function toParticipant(row: JsonObject): Participant {
  return {
    oin: oinOf(row, 'oin'),
    name: text(row, 'naam'),
    roles: texts(row, 'rollen'),
    category: optionalText(row, 'categorie'),
    municipality: optionalText(row, 'gemeentecode'),
    institutions: texts(row, 'instantiecodes'),
    from: moment(row, 'vanaf') ?? 0,
    until: moment(row, 'tot'),
    pins: texts(row, 'vastgezet'),
    noticeUrl: optionalText(row, 'bevestigingUrl'),
    attributes: Object.fromEntries(ATTRIBUTES.flatMap((name) => toAttribute(name, row[name]))),
  };
}

/** A row of `aansluitpunten.yaml`. The owner is the recipient unless another is named. */
export function toConnectionPoint(row: JsonObject): ConnectionPoint {
  return {
    id: text(row, 'id'),
    recipient: oinOf(row, 'ontvanger'),
    role: text(row, 'rol'),
    owner: oinOf(row, row['eigenaar'] === undefined ? 'ontvanger' : 'eigenaar'),
    url: optionalText(row, 'url'),
    formats: texts(row, 'formaten').filter((format): format is Format => format === 'xml' || format === 'json'),
    forms: texts(row, 'handtekeningen')
      .map((word) => FORM_WORDS.fromWire(word))
      .filter((form): form is SignatureForm => form !== undefined),
    types: texts(row, 'berichttypen'),
    institutions: texts(row, 'instantiecodes'),
    stufApplication: optionalText(row, 'applicatie'),
    stufAdministration: optionalText(row, 'administratie'),
    officeHours: row['kantooruren'] === true,
    signedReceipt: row['getekendeBevestiging'] === true,
    until: moment(row, 'tot'),
  };
}

/** A row of `machtigingen.yaml`. */
export function toMandate(row: JsonObject): Mandate {
  return {
    holder: oinOf(row, 'gemachtigde'),
    grantor: oinOf(row, 'namens'),
    tasks: texts(row, 'taken')
      .map((word) => TASK_WORDS.fromWire(word))
      .filter((task) => task !== undefined),
    types: texts(row, 'typen'),
    from: moment(row, 'vanaf') ?? 0,
    until: moment(row, 'tot'),
  };
}

/** A row of `berichttypen.yaml`. Without a term CORV's own holds: 16 attempts, 3 hours apart. */
export function toTypeRule(row: JsonObject): TypeRule {
  const hours = row['termijnUren'];
  return {
    type: text(row, 'berichttype'),
    deadlineHours: typeof hours === 'number' ? hours : DEFAULT_DEADLINE_HOURS,
    requiredProcessing: texts(row, 'verwerking')
      .map((word) => PROCESSING_WORDS.fromWire(word))
      .filter((name) => name !== undefined),
    defaultRole: optionalText(row, 'standaardrol'),
    protectedReporter: row['beschermdeMelder'] === true,
    neverStopped: row['noodstop'] === 'nooit',
    reply: toReplyRule(row['antwoord']),
  };
}

/** A row of `verzendmatrix.yaml`. */
export function toSendRule(row: JsonObject): SendRule {
  return {
    id: text(row, 'id'),
    type: text(row, 'berichttype'),
    senderRole: text(row, 'afzender'),
    recipientRole: text(row, 'ontvanger'),
    answersTypes: toAnswersTypes(row['antwoordOp']),
    reply: toReplyRule(row['antwoord']),
    sources: texts(row, 'bronnen'),
    conditions: objectsAt(row, 'voorwaarden').map(toCondition),
    purposeFree: row['doelbinding'] === 'nvt',
  };
}

/** A row of `doelbinding.yaml`. */
export function toPurpose(row: JsonObject): Purpose {
  return {
    rule: text(row, 'regel'),
    field: text(row, 'werkveld'),
    grounds: texts(row, 'grondslagen'),
    consents: texts(row, 'toestemming'),
  };
}

/** A row of `opvolging.yaml`. */
export function toSuccession(row: JsonObject): Succession {
  return {
    municipality: text(row, 'gemeentecode'),
    successors: texts(row, 'opvolgers'),
    whole: row['geheel'] === true,
    from: moment(row, 'vanaf') ?? 0,
  };
}

/** The texts under a name; none when absent. */
export function texts(row: JsonValue | undefined, name: string): readonly string[] {
  return itemsAt(row, name).filter((item) => typeof item === 'string');
}

/** The objects under a name; none when absent. */
export function objectsAt(row: JsonValue | undefined, name: string): readonly JsonObject[] {
  return itemsAt(row, name).filter(isJsonObject);
}

/**
 * The instant of a date (midnight in Europe/Amsterdam) or an RFC 3339 time; undefined for any other text and for a day
 * that doesn't exist.
 */
export function parseMoment(text: string): Instant | undefined {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (date === null) return parseInstant(text);
  const day = { year: Number(date[1]), month: Number(date[2]), day: Number(date[3]) };
  // Date.UTC rolls an impossible day over to the next month.
  const real = shiftDay(day, 0);
  return real.month === day.month && real.day === day.day ? instantOf(day, 0) : undefined;
}

// CORV: 16 attempts, 3 hours apart.
const DEFAULT_DEADLINE_HOURS = 48;

const ATTRIBUTES = [
  'virToegelaten',
  'convenantDatum',
  'kanCoordineren',
  'zvhPartner',
  'zvhDeelnemer',
  'jgzOin',
  'aansluitverklaring',
] as const;

// A date on record is an instant, so that it can be told from one that is still to come.
const DATES: ReadonlySet<string> = new Set(['convenantDatum', 'aansluitverklaring']);

function toAttribute(name: string, value: JsonValue | undefined): readonly (readonly [string, PartyFact])[] {
  const fact = typeof value === 'string' && DATES.has(name) ? parseMoment(value) : value;
  return typeof fact === 'string' || typeof fact === 'boolean' || typeof fact === 'number' ? [[name, fact]] : [];
}

function text(row: JsonObject, name: string): string {
  return optionalText(row, name) ?? '';
}

function optionalText(row: JsonObject, name: string): string | undefined {
  const value = row[name];
  return typeof value === 'string' ? value : undefined;
}

function oinOf(row: JsonObject, name: string): Oin {
  const value = text(row, name);
  if (!isOin(value)) throw new RangeError(`${name} is no OIN`);
  return value;
}

function moment(row: JsonObject, name: string): Instant | undefined {
  return parseMoment(text(row, name));
}

function itemsAt(row: JsonValue | undefined, name: string): JsonArray {
  const value = isJsonObject(row) ? row[name] : undefined;
  return isJsonArray(value) ? value : [];
}
