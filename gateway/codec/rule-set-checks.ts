import type { ConnectionPoint, RuleSet, SendRule } from '../domain/participants.ts';

/** What is wrong in a rule set, for whoever maintains it: which file, which row, what (Dutch). */
export interface RuleProblem {
  readonly file: string;
  readonly row: string;
  readonly problem: string;
}

/** Everything a set must hold as a whole: references that exist, one rule per combination, successions that end. */
export function findRuleProblems(rules: RuleSet): readonly RuleProblem[] {
  return [
    ...[...rules.points.values()].flatMap((point) => checkPoint(point, rules)),
    ...checkMandates(rules),
    ...[...rules.sendRules.values()].flatMap((rows) => checkSendRules(rows, rules)),
    ...checkSuccessions(rules),
  ];
}

/** Values that occur more than once. */
export function findRepeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
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
  if (point.owner !== point.recipient && !isMandated) report('de eigenaar heeft geen machtiging ontvangen van de ontvanger');
  if (point.url !== undefined && !isPushUrl(point.url)) report('de url moet https zijn, zonder gebruikersnaam');
  for (const type of point.types) if (!rules.types.has(type)) report(`berichttype ${type} is niet bekend`);
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
      .map((rule) => ({ file: 'verzendmatrix.yaml', row: rule.id, problem: `berichttype ${rule.type} is niet bekend` })),
    ...findRepeated(combinations).map((combination) => ({
      file: 'verzendmatrix.yaml',
      row: combination,
      problem: 'twee regels passen op dezelfde combinatie',
    })),
  ];
}

function checkSuccessions(rules: RuleSet): readonly RuleProblem[] {
  return [...rules.successions.keys()]
    .filter((municipality) => endsInLoop(municipality, rules))
    .map((municipality) => ({ file: 'opvolging.yaml', row: municipality, problem: 'de opvolging komt bij zichzelf terug' }));
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
