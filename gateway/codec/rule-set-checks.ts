import { isOin } from '../domain/oin.ts';
import type { ConnectionPoint, Participant, RuleSet, SendRule } from '../domain/participants.ts';
import { findReplyProblems } from './reply-rules.ts';
import { checkPurposes, checkSendRule, checkTypeRule } from './rule-set-condition-checks.ts';
import { findRepeated } from './rule-problem.ts';
import type { RuleProblem } from './rule-problem.ts';
import { parseMoment } from './rule-set-rows.ts';
import type { JsonObject } from './strict-json.ts';

/** Everything a set must hold as a whole: references that exist, one rule per combination, successions that end. */
export function findRuleProblems(rules: RuleSet): readonly RuleProblem[] {
  return [
    ...[...rules.participants.values()].flatMap(checkParticipant),
    ...[...rules.points.values()].flatMap((point) => checkPoint(point, rules)),
    ...checkMandates(rules),
    ...[...rules.sendRules.values()].flatMap((rows) => checkSendRules(rows, rules)),
    ...findReplyProblems(rules),
    ...[...rules.sendRules.values()].flat().flatMap((rule) => checkSendRule(rule, rules)),
    ...[...rules.types.values()].flatMap(checkTypeRule),
    ...[...rules.purposes.values()].flatMap(checkPurposes),
    ...checkSuccessions(rules),
    ...checkStops(rules),
  ];
}

/** What a schema can't say of the rows of one file: keys that occur once, OINs that can exist, days that do. */
export function findRowProblems(name: string, rows: readonly JsonObject[]): readonly RuleProblem[] {
  const file = `${name}.yaml`;
  const valuesOf = (key: string): readonly string[] => rows.flatMap((row) => textOf(row, key));
  const keysIn = (keys: readonly Key[]): readonly string[] =>
    keys.filter((key) => key.file === name).map(({ key }) => key);
  const repeated = keysIn(UNIQUE_KEYS).flatMap((key) =>
    findRepeated(valuesOf(key)).map((row) => ({ file, row, problem: `${key} komt twee keer voor` })),
  );
  const oins = keysIn(OIN_KEYS)
    .flatMap(valuesOf)
    .filter((value) => !isOin(value));
  const moments = MOMENT_KEYS.flatMap(valuesOf).filter((value) => parseMoment(value) === undefined);
  return [
    ...repeated,
    ...oins.map((row) => ({ file, row, problem: 'geen OIN: het voorvoegsel is onbekend' })),
    ...moments.map((row) => ({ file, row, problem: 'deze dag of dit tijdstip bestaat niet' })),
  ];
}

function textOf(row: JsonObject, key: string): readonly string[] {
  const value = row[key];
  return typeof value === 'string' ? [value] : [];
}

function checkParticipant({ oin, noticeUrl }: Participant): readonly RuleProblem[] {
  if (noticeUrl === undefined || isPushUrl(noticeUrl)) return [];
  return [{ file: 'deelnemers.yaml', row: oin, problem: 'de bevestigingUrl moet https zijn, zonder gebruikersnaam' }];
}

function checkPoint(point: ConnectionPoint, rules: RuleSet): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const report = (problem: string): void => void problems.push({ file: 'aansluitpunten.yaml', row: point.id, problem });
  const recipient = rules.participants.get(point.recipient);
  if (recipient === undefined) report('de ontvanger is geen deelnemer');
  else if (!recipient.roles.includes(point.role)) report('de ontvanger heeft deze rol niet');
  const isMandated = rules.mandates.some(
    (mandate) =>
      mandate.holder === point.owner && mandate.grantor === point.recipient && mandate.tasks.includes('receive'),
  );
  if (point.owner !== point.recipient && !isMandated)
    report('de eigenaar heeft geen machtiging ontvangen van de ontvanger');
  if (point.url !== undefined && !isPushUrl(point.url)) report('de url moet https zijn, zonder gebruikersnaam');
  for (const type of point.types.filter((one) => !rules.types.has(one))) report(`berichttype ${type} is niet bekend`);
  return problems;
}

function checkMandates(rules: RuleSet): readonly RuleProblem[] {
  return rules.mandates.flatMap((mandate, index) => {
    const row = `rij ${String(index + 1)}`;
    const parties = [mandate.holder, mandate.grantor].filter((oin) => !rules.participants.has(oin));
    const types = mandate.types.filter((type) => !rules.types.has(type));
    return [
      ...parties.map((oin) => ({ file: 'machtigingen.yaml', row, problem: `${oin} is geen deelnemer` })),
      ...types.map((type) => ({ file: 'machtigingen.yaml', row, problem: `berichttype ${type} is niet bekend` })),
    ];
  });
}

function checkSendRules(rows: readonly SendRule[], rules: RuleSet): readonly RuleProblem[] {
  const combinations = rows.map((rule) => `${rule.type} ${rule.senderRole} → ${rule.recipientRole}`);
  return [
    ...rows
      .filter((rule) => !rules.types.has(rule.type))
      .map((rule) => ({
        file: 'verzendmatrix.yaml',
        row: rule.id,
        problem: `berichttype ${rule.type} is niet bekend`,
      })),
    ...findRepeated(combinations).map((combination) => ({
      file: 'verzendmatrix.yaml',
      row: combination,
      problem: 'twee regels passen op dezelfde combinatie',
    })),
  ];
}

function checkSuccessions(rules: RuleSet): readonly RuleProblem[] {
  return [...rules.successions.values()].flatMap(({ municipality, successors, whole }) => {
    const report = (problem: string): RuleProblem => ({ file: 'opvolging.yaml', row: municipality, problem });
    return [
      ...(endsInLoop(municipality, rules) ? [report('de opvolging komt bij zichzelf terug')] : []),
      ...(whole && successors.length !== 1 ? [report('geheel overgaan kan alleen naar één opvolger')] : []),
    ];
  });
}

// A stop that stops nobody, for a typing error, must not look as if it did.
function checkStops(rules: RuleSet): readonly RuleProblem[] {
  const known: ReadonlySet<string> = new Set(rules.participants.keys());
  const oins = [...rules.stoppedOins].filter((oin) => !known.has(oin));
  const types = [...rules.stoppedTypes].filter((type) => !rules.types.has(type));
  return [
    ...oins.map((row) => ({ file: 'noodstop.yaml', row, problem: 'geen deelnemer' })),
    ...types.map((row) => ({ file: 'noodstop.yaml', row, problem: `berichttype ${row} is niet bekend` })),
    ...[...rules.stoppedTypes]
      .filter((type) => rules.types.get(type)?.neverStopped === true)
      .map((row) => ({ file: 'noodstop.yaml', row, problem: `berichttype ${row} kent geen noodstop` })),
  ];
}

function endsInLoop(municipality: string, rules: RuleSet): boolean {
  const seen = new Set<string>();
  let current = municipality;
  for (;;) {
    if (seen.has(current)) return true;
    seen.add(current);
    const [next] = rules.successions.get(current)?.successors ?? [];
    if (next === undefined) return false;
    current = next;
  }
}

function isPushUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '';
}

interface Key {
  readonly file: string;
  readonly key: string;
}

const UNIQUE_KEYS: readonly Key[] = [
  { file: 'deelnemers', key: 'oin' },
  { file: 'aansluitpunten', key: 'id' },
  { file: 'berichttypen', key: 'berichttype' },
  { file: 'verzendmatrix', key: 'id' },
  { file: 'opvolging', key: 'gemeentecode' },
];
const OIN_KEYS: readonly Key[] = [
  { file: 'deelnemers', key: 'oin' },
  { file: 'deelnemers', key: 'jgzOin' },
  { file: 'aansluitpunten', key: 'ontvanger' },
  { file: 'aansluitpunten', key: 'eigenaar' },
  { file: 'machtigingen', key: 'gemachtigde' },
  { file: 'machtigingen', key: 'namens' },
];
const MOMENT_KEYS = ['vanaf', 'tot', 'convenantDatum', 'aansluitverklaring'];
