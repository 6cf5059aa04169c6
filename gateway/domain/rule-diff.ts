import type { Condition } from './conditions.ts';
import type { Processing } from './message.ts';
import type { ConnectionPoint, RuleSet, SendRule, TypeRule } from './participants.ts';
import type { Purpose } from './purpose.ts';
import type { ReplyRule } from './reply-terms.ts';

/** What became of something between an old rule set and a new one. */
export type Change = 'added' | 'removed' | 'changed';

/** A row that isn't the same in both sets; `fields` are the members that differ, of a changed row. */
export interface RowChange {
  readonly change: Change;
  readonly key: string;
  readonly fields: readonly string[];
}

/** The kinds of rows that are compared. */
export type RowKind =
  'participants' | 'points' | 'mandates' | 'types' | 'sendRules' | 'purposes' | 'successions' | 'stops';

/** Who may send a type to a recipient, and what comes of it. The sender is a role, or a party where one was asked for. */
export interface Passage {
  readonly type: string;
  readonly sender: string;
  readonly recipient: string;
  readonly recipientRole: string;
  readonly facts: PassageFacts;
}

/** Everything of a passage that a party can notice. */
export interface PassageFacts {
  readonly rule: string;
  readonly points: readonly string[];
  readonly owners: readonly string[];
  /** Push address of each point, or `pull`. */
  readonly addresses: readonly string[];
  readonly conditions: readonly Condition[];
  readonly deadlineHours: number | undefined;
  readonly officeHours: boolean;
  readonly requiredProcessing: readonly (keyof Processing)[];
  readonly purposes: readonly Purpose[];
  readonly reply: ReplyRule | undefined;
  readonly answersTypes: readonly string[];
  readonly stopped: boolean;
}

/** A passage that isn't the same in both sets. */
export interface PassageChange {
  readonly change: Change;
  /** As it is in the new set, or was where it is gone. */
  readonly passage: Passage;
  /** What it was, of a changed one. */
  readonly before: PassageFacts | undefined;
  readonly fields: readonly (keyof PassageFacts)[];
}

/** What a new rule set would change. */
export interface RuleDiff {
  readonly rows: Readonly<Record<RowKind, readonly RowChange[]>>;
  readonly passages: readonly PassageChange[];
}

/** Compares two sets: their rows, and who may send what to whom; with `party` only what that OIN sends or receives. */
export function diffRules(before: RuleSet, after: RuleSet, party?: string): RuleDiff {
  return {
    rows: {
      participants: diffRows([...before.participants.values()], [...after.participants.values()], ({ oin }) => oin),
      points: diffRows([...before.points.values()], [...after.points.values()], ({ id }) => id),
      mandates: diffRows(before.mandates, after.mandates, ({ holder, grantor }) => `${holder} ${grantor}`),
      types: diffRows([...before.types.values()], [...after.types.values()], ({ type }) => type),
      sendRules: diffRows(rulesOf(before), rulesOf(after), ({ id }) => id),
      purposes: diffRows(
        [...before.purposes.values()].flat(),
        [...after.purposes.values()].flat(),
        ({ field }) => field,
      ),
      successions: diffRows(
        [...before.successions.values()],
        [...after.successions.values()],
        ({ municipality }) => municipality,
      ),
      stops: diffRows(stopsOf(before), stopsOf(after), ({ name }) => name),
    },
    passages: diffPassages(findPassages(before, party), findPassages(after, party)),
  };
}

/** Whether anything differs. */
export function isChanged({ rows, passages }: RuleDiff): boolean {
  return passages.length > 0 || Object.values(rows).some((changes) => changes.length > 0);
}

function diffRows<T extends object>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (row: T) => string,
): readonly RowChange[] {
  const [old, fresh] = [groupRows(before, keyOf), groupRows(after, keyOf)];
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((key): readonly RowChange[] => {
    const [was, is] = [old.get(key), fresh.get(key)];
    if (was === undefined) return [{ change: 'added', key, fields: [] }];
    if (is === undefined) return [{ change: 'removed', key, fields: [] }];
    const fields = differences(was, is);
    return fields.length === 0 ? [] : [{ change: 'changed', key, fields }];
  });
}

// Rows that share a key (two mandates between the same parties) are compared as one list.
function groupRows<T extends object>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function differences<T extends object>(before: readonly T[], after: readonly T[]): readonly string[] {
  const names = new Set([...before, ...after].flatMap((row) => Object.keys(row)));
  return [...names].filter((name) => valuesOf(before, name) !== valuesOf(after, name));
}

function valuesOf(rows: readonly object[], name: string): string {
  return JSON.stringify(rows.map((row) => new Map<string, unknown>(Object.entries(row)).get(name) ?? null));
}

function rulesOf({ sendRules }: RuleSet): readonly SendRule[] {
  return [...sendRules.values()].flat();
}

function stopsOf({ stoppedOins, stoppedTypes }: RuleSet): readonly { readonly name: string }[] {
  return [...stoppedOins, ...stoppedTypes].map((name) => ({ name }));
}

function diffPassages(
  before: ReadonlyMap<string, Passage>,
  after: ReadonlyMap<string, Passage>,
): readonly PassageChange[] {
  const removed = [...before]
    .filter(([key]) => !after.has(key))
    .map(([, passage]): PassageChange => ({ change: 'removed', passage, before: undefined, fields: [] }));
  const others = [...after].flatMap(([key, passage]): readonly PassageChange[] => {
    const was = before.get(key)?.facts;
    if (was === undefined) return [{ change: 'added', passage, before: was, fields: [] }];
    const fields = FACT_NAMES.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(passage.facts[name]));
    return fields.length === 0 ? [] : [{ change: 'changed', passage, before: was, fields }];
  });
  return [...removed, ...others];
}

function findPassages(rules: RuleSet, party: string | undefined): ReadonlyMap<string, Passage> {
  const roles = new Set([...rules.participants.values()].find(({ oin }) => oin === party)?.roles);
  const byRole = groupRows([...rules.points.values()], ({ role }) => role);
  const passages = rulesOf(rules).flatMap((rule) => {
    const typeRule = rules.types.get(rule.type);
    const taking = (byRole.get(rule.recipientRole) ?? []).filter(({ types }) => takes(types, rule.type));
    // The party as itself to anybody, and anybody with the role to the party.
    const itself = party !== undefined && roles.has(rule.senderRole) ? [`${party} ${rule.senderRole}`] : [];
    return [...groupRows(taking, ({ recipient }) => recipient)].flatMap(([recipient, points]) =>
      [...(party === undefined || recipient === party ? [rule.senderRole] : []), ...itself].map((sender) => ({
        type: rule.type,
        sender,
        recipient,
        recipientRole: rule.recipientRole,
        facts: toFacts(rules, { rule, typeRule }, points),
      })),
    );
  });
  return new Map(passages.map((one) => [[one.type, one.sender, one.recipient, one.recipientRole].join(' '), one]));
}

function takes(types: readonly string[], type: string): boolean {
  return types.length === 0 || types.includes(type);
}

interface RuleOfType {
  readonly rule: SendRule;
  /** A set that was found right has one for every rule. */
  readonly typeRule: TypeRule | undefined;
}

function toFacts(rules: RuleSet, { rule, typeRule }: RuleOfType, points: readonly ConnectionPoint[]): PassageFacts {
  const requiredProcessing = typeRule?.requiredProcessing ?? [];
  return {
    rule: rule.id,
    points: points.map(({ id }) => id),
    owners: points.map(({ owner }) => owner),
    addresses: points.map(({ url }) => url ?? 'pull'),
    conditions: rule.conditions,
    deadlineHours: typeRule?.deadlineHours,
    officeHours: points.some(({ officeHours }) => officeHours),
    requiredProcessing,
    purposes: requiredProcessing.length === 0 ? [] : purposesOf(rules, rule),
    reply: rule.reply ?? typeRule?.reply,
    answersTypes: rule.answersTypes ?? [],
    stopped: rules.stoppedTypes.has(rule.type) || points.some(({ recipient }) => rules.stoppedOins.has(recipient)),
  };
}

function purposesOf({ purposes }: RuleSet, { purposeFree }: SendRule): readonly Purpose[] {
  return purposeFree ? [] : [...purposes.values()].flat();
}

const FACT_NAMES = [
  'rule',
  'points',
  'owners',
  'addresses',
  'conditions',
  'deadlineHours',
  'officeHours',
  'requiredProcessing',
  'purposes',
  'reply',
  'answersTypes',
  'stopped',
] as const satisfies readonly (keyof PassageFacts)[];
