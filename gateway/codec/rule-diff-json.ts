import type {
  Change,
  Passage,
  PassageChange,
  PassageFacts,
  RowChange,
  RowKind,
  RuleDiff,
} from '../domain/rule-diff.ts';
import type { ReplyRule } from '../domain/reply-terms.ts';
import { describeCondition } from './condition-texts.ts';
import { formatTerm } from './reply-rules.ts';
import { PROCESSING_WORDS } from './wire-words.ts';

/** What a new rule set would change, in the operator's words. */
export interface RuleDiffBody {
  readonly rijen: Readonly<Record<string, readonly RowChangeBody[]>>;
  readonly verzending: readonly PassageChangeBody[];
}

/** A row that isn't the same in both sets. */
export interface RowChangeBody {
  readonly wijziging: string;
  readonly rij: string;
  readonly velden: readonly string[];
}

/** Something that may be sent, or no longer, or otherwise than before. */
export interface PassageChangeBody {
  readonly wijziging: string;
  readonly berichttype: string;
  readonly afzender: string;
  readonly ontvanger: string;
  readonly rol: string;
  readonly verschillen: readonly { readonly wat: string; readonly was: string | null; readonly wordt: string | null }[];
}

/** Puts a comparison of rule sets into the words of the rule files. */
export function toRuleDiffBody({ rows, passages }: RuleDiff): RuleDiffBody {
  return {
    rijen: Object.fromEntries(KINDS.map((kind) => [KIND_WORDS[kind], rows[kind].map(toRow)])),
    verzending: passages.map(toPassage),
  };
}

function toRow({ change, key, fields }: RowChange): RowChangeBody {
  return { wijziging: CHANGE_WORDS[change], rij: key, velden: fields.map((field) => FIELD_WORDS.get(field) ?? field) };
}

function toPassage({ change, passage, before, fields }: PassageChange): PassageChangeBody {
  const named = change === 'changed' ? fields : SHOWN;
  return {
    wijziging: CHANGE_WORDS[change],
    ...toParties(passage),
    verschillen: named.map((name) => ({
      wat: FACT_WORDS[name],
      was: textOf(change === 'removed' ? passage.facts : before, name),
      wordt: textOf(change === 'removed' ? undefined : passage.facts, name),
    })),
  };
}

function toParties({
  type,
  sender,
  recipient,
  recipientRole,
}: Passage): Pick<PassageChangeBody, 'berichttype' | 'afzender' | 'ontvanger' | 'rol'> {
  return { berichttype: type, afzender: sender, ontvanger: recipient, rol: recipientRole };
}

function textOf(facts: PassageFacts | undefined, name: keyof PassageFacts): string | null {
  return facts === undefined ? null : FACT_TEXTS[name](facts);
}

type FactTexts = Readonly<Record<keyof PassageFacts, (facts: PassageFacts) => string>>;

const FACT_TEXTS: FactTexts = {
  rule: ({ rule }) => rule,
  points: ({ points }) => points.join(', '),
  owners: ({ owners }) => owners.join(', '),
  addresses: ({ addresses }) => addresses.join(', '),
  conditions: ({ conditions }) => list(conditions.map((one) => `${one.rule} (${describeCondition(one)})`)),
  deadlineHours: ({ deadlineHours }) => (deadlineHours === undefined ? NOTHING : `${String(deadlineHours)} uur`),
  officeHours: ({ officeHours }) => (officeHours ? 'ja' : 'nee'),
  requiredProcessing: ({ requiredProcessing }) => list(requiredProcessing.map((name) => PROCESSING_WORDS.toWire(name))),
  purposes: ({ purposes }) =>
    list(
      purposes.map(({ field, grounds, consents }) => [field, grounds.join('/'), consents.join('/')].join(' ').trim()),
    ),
  reply: ({ reply }) => describeReply(reply),
  answersTypes: ({ answersTypes }) => list(answersTypes),
  stopped: ({ stopped }) => (stopped ? 'ja' : 'nee'),
};

function describeReply(reply: ReplyRule | undefined): string {
  if (reply === undefined) return NOTHING;
  const urgent = reply.urgentTerm === undefined ? '' : `, urgent ${formatTerm(reply.urgentTerm)}`;
  return `${reply.types.join(' of ')} binnen ${formatTerm(reply.term)}${urgent}`;
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? NOTHING : texts.join('; ');
}

const NOTHING = 'geen';

// Of what comes or goes as a whole: by which rule, and where to.
const SHOWN = ['rule', 'points'] as const satisfies readonly (keyof PassageFacts)[];

const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  added: 'toegevoegd',
  removed: 'vervallen',
  changed: 'gewijzigd',
};

const KINDS = [
  'participants',
  'points',
  'mandates',
  'types',
  'sendRules',
  'purposes',
  'successions',
  'stops',
] as const satisfies readonly RowKind[];

const KIND_WORDS: Readonly<Record<RowKind, string>> = {
  participants: 'deelnemers',
  points: 'aansluitpunten',
  mandates: 'machtigingen',
  types: 'berichttypen',
  sendRules: 'verzendmatrix',
  purposes: 'doelbinding',
  successions: 'opvolging',
  stops: 'noodstop',
};

const FACT_WORDS: Readonly<Record<keyof PassageFacts, string>> = {
  rule: 'regel',
  points: 'aansluitpunt',
  owners: 'eigenaar',
  addresses: 'adres',
  conditions: 'voorwaarden',
  deadlineHours: 'termijn',
  officeHours: 'kantooruren',
  requiredProcessing: 'verwerking',
  purposes: 'doelbinding',
  reply: 'antwoord',
  answersTypes: 'antwoordOp',
  stopped: 'noodstop',
};

// Members of rows, by the names that they have in the rule files.
const FIELD_WORDS: ReadonlyMap<string, string> = new Map([
  ['name', 'naam'],
  ['roles', 'rollen'],
  ['category', 'categorie'],
  ['municipality', 'gemeentecode'],
  ['institutions', 'instantiecodes'],
  ['from', 'vanaf'],
  ['until', 'tot'],
  ['pins', 'vastgezet'],
  ['noticeUrl', 'bevestigingUrl'],
  ['attributes', 'kenmerken'],
  ['recipient', 'ontvanger'],
  ['role', 'rol'],
  ['owner', 'eigenaar'],
  ['formats', 'formaten'],
  ['forms', 'handtekeningen'],
  ['types', 'berichttypen'],
  ['stufApplication', 'applicatie'],
  ['stufAdministration', 'administratie'],
  ['officeHours', 'kantooruren'],
  ['signedReceipt', 'getekendeBevestiging'],
  ['tasks', 'taken'],
  ['deadlineHours', 'termijnUren'],
  ['requiredProcessing', 'verwerking'],
  ['defaultRole', 'standaardrol'],
  ['protectedReporter', 'beschermdeMelder'],
  ['reply', 'antwoord'],
  ['type', 'berichttype'],
  ['senderRole', 'afzender'],
  ['recipientRole', 'ontvanger'],
  ['answersTypes', 'antwoordOp'],
  ['sources', 'bronnen'],
  ['conditions', 'voorwaarden'],
  ['purposeFree', 'doelbinding'],
  ['rule', 'regel'],
  ['field', 'werkveld'],
  ['grounds', 'grondslagen'],
  ['consents', 'toestemming'],
  ['successors', 'opvolgers'],
  ['whole', 'geheel'],
]);
