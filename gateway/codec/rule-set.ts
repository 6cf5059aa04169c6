import { createHash } from 'node:crypto';

import type { ConnectionPoint, Participant, RuleSet, SendRule } from '../domain/participants.ts';
import type { Purpose } from '../domain/purpose.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { compileJsonSchema } from './json-schema.ts';
import type { JsonSchemaValidator } from './json-schema.ts';
import { findRowProblems, findRuleProblems } from './rule-set-checks.ts';
import { expandSendRow } from './rule-set-expand.ts';
import type { RuleProblem } from './rule-problem.ts';
import {
  objectsAt,
  texts,
  toConnectionPoint,
  toMandate,
  toParticipant,
  toPurpose,
  toSendRule,
  toSuccession,
  toTypeRule,
} from './rule-set-rows.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { parseStrictYaml } from './strict-yaml.ts';

/** Files of the folder `routing-rules/`, by their path inside it. */
export type RuleFiles = ReadonlyMap<string, string>;

/** The YAML files of a set, each with `schemas/<name>.schema.json` beside it and its rows under its own name. */
export const RULE_FILES = [
  'deelnemers',
  'aansluitpunten',
  'machtigingen',
  'berichttypen',
  'verzendmatrix',
  'doelbinding',
  'opvolging',
  'noodstop',
] as const;

/** One of `RULE_FILES`. */
export type RuleFile = (typeof RULE_FILES)[number];

/** Reads a whole rule set: all of it is right, or none of it is used. */
export function readRuleSet(files: RuleFiles): Result<RuleSet, readonly RuleProblem[]> {
  const read = RULE_FILES.map((name) => ({ name, file: readRuleFile(files, name) }));
  const parsed = new Map(read.flatMap(({ name, file }) => (file.ok ? [[name, file.value] as const] : [])));
  const problems = read.flatMap(({ file }) => (file.ok ? [] : file.error));
  if (problems.length > 0) return err(problems);
  const rows = (name: RuleFile): readonly JsonObject[] => {
    const written = objectsAt(parsed.get(name), name);
    return name === 'verzendmatrix' ? written.flatMap(expandSendRow) : written;
  };
  const rowProblems = RULE_FILES.flatMap((name) => findRowProblems(name, rows(name)));
  if (rowProblems.length > 0) return err(rowProblems);
  const rules = indexRules(rows, { hash: hashOf(files), stopped: parsed.get('noodstop') });
  const found = findRuleProblems(rules);
  return found.length > 0 ? err(found) : ok(rules);
}

/** SHA-256 (lower-case hex) over the set's files, by name and content. What else lies in the folder, its signatures too, isn't in it. */
export function hashOf(files: RuleFiles): string {
  const hash = createHash('sha256');
  const own = [...files].filter(([name]) => /\.(?:yaml|json)$/.test(name));
  for (const [name, content] of own.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, content]));
  }
  return hash.digest('hex');
}

function readRuleFile(files: RuleFiles, name: RuleFile): RuleFileRead {
  const file = `${name}.yaml`;
  const text = files.get(file);
  const schema = files.get(`schemas/${name}.schema.json`);
  if (text === undefined || schema === undefined) return err([{ file, row: '', problem: 'het bestand ontbreekt' }]);
  const before = LAST_READ.get(name);
  if (before?.text === text && before.schema === schema) return before.read;
  const read = parseRuleFile(file, text, schema);
  LAST_READ.set(name, { text, schema, read });
  return read;
}

type RuleFileRead = Result<JsonValue, readonly RuleProblem[]>;

// A new set mostly differs in one file from the one before it, and the others take long to parse. What is kept is never changed.
const LAST_READ = new Map<RuleFile, { readonly text: string; readonly schema: string; readonly read: RuleFileRead }>();

function parseRuleFile(file: string, text: string, schema: string): RuleFileRead {
  const value = parseStrictYaml(text);
  if (!value.ok) return err(value.error.map(({ place, problem }) => ({ file, row: place, problem })));
  const violations = compileOnce(file, schema).validate(value.value);
  if (violations.length === 0) return value;
  return err(
    violations.map(({ path, rule }) => ({ file, row: path, problem: `voldoet niet aan het schema: ${rule}` })),
  );
}

// A new set mostly comes with the schemas of the one before it, and compiling one takes a thousand times as long as judging by it.
function compileOnce(file: string, schema: string): JsonSchemaValidator {
  const before = LAST_COMPILED.get(file);
  if (before?.schema === schema) return before.validator;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- own data, compiled in strict mode right here
  const validator = compileJsonSchema({ main: JSON.parse(schema) as JsonObject });
  LAST_COMPILED.set(file, { schema, validator });
  return validator;
}

const LAST_COMPILED = new Map<string, { readonly schema: string; readonly validator: JsonSchemaValidator }>();

type Rows = (name: RuleFile) => readonly JsonObject[];

function indexRules(rows: Rows, rest: { readonly hash: string; readonly stopped: JsonValue | undefined }): RuleSet {
  const participants = rows('deelnemers').map(toParticipant);
  const points = rows('aansluitpunten').map(toConnectionPoint);
  const sendRules = rows('verzendmatrix').map(toSendRule);
  return {
    hash: rest.hash,
    participants: new Map(participants.map((participant) => [participant.oin, participant])),
    points: new Map(points.map((point) => [point.id, point])),
    pointsByRecipient: group(points, (point: ConnectionPoint) => [point.recipient]),
    participantsByMunicipality: group(participants, (participant: Participant) =>
      participant.municipality === undefined ? [] : [participant.municipality],
    ),
    pointsByInstitution: group(points, (point: ConnectionPoint) => point.institutions),
    mandates: rows('machtigingen').map(toMandate),
    types: new Map(
      rows('berichttypen')
        .map(toTypeRule)
        .map((rule) => [rule.type, rule]),
    ),
    sendRules: group(sendRules, (rule: SendRule) => [rule.type]),
    purposes: group(rows('doelbinding').map(toPurpose), (purpose: Purpose) => [purpose.field]),
    successions: new Map(
      rows('opvolging')
        .map(toSuccession)
        .map((row) => [row.municipality, row]),
    ),
    stoppedOins: new Set(texts(rest.stopped, 'deelnemers')),
    stoppedTypes: new Set(texts(rest.stopped, 'berichttypen')),
  };
}

function group<K extends string, T>(
  items: readonly T[],
  keysOf: (item: T) => readonly K[],
): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const found = groups.get(key);
      if (found === undefined) groups.set(key, [item]);
      else found.push(item);
    }
  }
  return groups;
}
