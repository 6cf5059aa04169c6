import type { RuleSet } from '../domain/participants.ts';
import { isWithinTerm } from '../domain/reply-terms.ts';
import type { ReminderLead, ReplyRule, ReplyTerm } from '../domain/reply-terms.ts';
import { textAt } from './envelope-json.ts';
import { isJsonArray } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';

/** The member `antwoord` of a row, in which its schema found nothing wrong. */
export function toReplyRule(member: JsonValue | undefined): ReplyRule | undefined {
  const term = readTerm(member, 'termijn');
  if (member === undefined || term === undefined) return undefined;
  return {
    types: typesOf(member),
    term,
    urgentTerm: readTerm(member, 'termijnUrgent'),
    reminder: readReminder(member),
  };
}

/** The types that a row's `antwoordOp` lists; undefined for a row that needs none. */
export function toAnswersTypes(member: JsonValue | undefined): readonly string[] | undefined {
  return member === undefined ? undefined : typesOf(member);
}

/** A problem in the file and row that say what must come back (Dutch). */
interface ReplyProblem {
  readonly file: string;
  readonly row: string;
  readonly problem: string;
}

/** What is wrong in the answers a set asks for: types it doesn't know, a reminder that would come before its term. */
export function findReplyProblems(rules: Pick<RuleSet, 'types' | 'sendRules'>): readonly ReplyProblem[] {
  const unknown = (types: readonly string[]): readonly string[] =>
    types.filter((type) => !rules.types.has(type)).map((type) => `berichttype ${type} is niet bekend`);
  const problemsOf = (reply: ReplyRule | undefined): readonly string[] =>
    reply === undefined ? [] : [...unknown(reply.types), ...findReminderProblem(reply)];
  return [
    ...[...rules.types.values()].flatMap(({ type, reply }) =>
      problemsOf(reply).map((problem) => ({ file: 'berichttypen.yaml', row: type, problem })),
    ),
    ...[...rules.sendRules.values()].flat().flatMap(({ id, reply, answersTypes }) =>
      [...problemsOf(reply), ...unknown(answersTypes ?? [])].map((problem) => ({
        file: 'verzendmatrix.yaml',
        row: id,
        problem,
      })),
    ),
  ];
}

function findReminderProblem({ term, reminder }: ReplyRule): readonly string[] {
  if (reminder === undefined || isWithinTerm(reminder, term)) return [];
  return ['de herinnering valt niet binnen de termijn'];
}

/** A term as the rules and the notices write it. */
export function formatTerm(term: ReplyTerm): string {
  switch (term.kind) {
    case 'hours':
      return `${String(term.count)} uur`;
    case 'working-days':
      return term.count === 1 ? '1 werkdag' : `${String(term.count)} werkdagen`;
    case 'same-day':
      return SAME_DAY;
    case 'immediate':
      return IMMEDIATE;
  }
}

function typesOf(member: JsonValue): readonly string[] {
  const types = isObject(member) ? member['typen'] : undefined;
  return types !== undefined && isJsonArray(types) ? types.filter((type) => typeof type === 'string') : [];
}

function readTerm(member: JsonValue | undefined, name: string): ReplyTerm | undefined {
  const words = wordsOf(member, name);
  if (words === SAME_DAY) return { kind: 'same-day' };
  if (words === IMMEDIATE) return { kind: 'immediate' };
  return words === undefined ? undefined : readCount(words);
}

function readReminder(member: JsonValue): ReminderLead | undefined {
  const words = wordsOf(member, 'herinnering');
  return words?.endsWith(BEFORE) === true ? readCount(words.slice(0, -BEFORE.length)) : undefined;
}

function readCount(words: string): ReminderLead | undefined {
  const [, count, unit] = /^(\d{1,3}) (uur|werkdag|werkdagen)$/.exec(words) ?? [];
  if (count === undefined) return undefined;
  return { kind: unit === 'uur' ? 'hours' : 'working-days', count: Number(count) };
}

function wordsOf(member: JsonValue | undefined, name: string): string | undefined {
  return member === undefined ? undefined : textAt(member, name);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value);
}

const SAME_DAY = 'zelfde dag';
const IMMEDIATE = 'direct';
const BEFORE = ' voor';
