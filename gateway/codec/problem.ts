import { isRuleName, REJECTIONS } from '../domain/rejection.ts';
import type { Rejection, RejectionSpec } from '../domain/rejection.ts';
import { TEXTS, TITLES } from './rejection-texts.ts';

/** A refusal on the wire: members of RFC 9457 and our own; holds no value of the bericht. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly stuf?: string;
  readonly omschrijving: string;
  readonly fouten: readonly { readonly pad: string; readonly regel: string }[];
  readonly kandidaten?: readonly string[];
}

/** A refusal as an HTTP answer. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;
}

/** The answer to a refused call; a refusal that may be tried again says after how many seconds. */
export function toProblem(rejection: Rejection): Problem {
  const spec: RejectionSpec = REJECTIONS[rejection.code];
  const headers = { 'Content-Type': 'application/problem+json' };
  const retryAfter = String(rejection.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
  return {
    status: spec.status,
    headers: spec.retryable ? { ...headers, 'Retry-After': retryAfter } : headers,
    body: toProblemBody(rejection, spec),
  };
}

/** The wire word of a broken rule: a rule with a name of its own keeps it, any other outside the table is `ongeldig`. */
export function ruleToWire(rule: string): string {
  return RULE_WORDS.get(rule) ?? (isRuleName(rule) ? rule : OTHER_RULE);
}

function toProblemBody(rejection: Rejection, spec: RejectionSpec): ProblemBody {
  return {
    type: `urn:doorgeefluik:fout:${rejection.code}`,
    title: TITLES[spec.stage],
    status: spec.status,
    code: rejection.code,
    ...(spec.stuf === undefined ? {} : { stuf: spec.stuf }),
    omschrijving: TEXTS[rejection.code],
    fouten: rejection.violations.map(({ path, rule }) => ({ pad: path, regel: ruleToWire(rule) })),
    ...(rejection.candidates === undefined ? {} : { kandidaten: rejection.candidates }),
  };
}

const RETRY_AFTER_SECONDS = 5;

const OTHER_RULE = 'ongeldig';

// Names of the schema languages and of the query; several may say the same to a supplier.
const RULE_WORDS: ReadonlyMap<string, string> = new Map([
  ['required', 'verplicht'],
  ['dependentRequired', 'verplicht'],
  ['unknown', 'onbekend'],
  ['duplicate', 'dubbel'],
  ['uniqueItems', 'dubbel'],
  ['type', 'soort'],
  ['format', 'vorm'],
  ['pattern', 'patroon'],
  ['enum', 'waardenlijst'],
  ['const', 'vaste-waarde'],
  ['fixed', 'vaste-waarde'],
  ['minLength', 'te-kort'],
  ['maxLength', 'te-lang'],
  ['minimum', 'te-klein'],
  ['maximum', 'te-groot'],
  ['occurs', 'aantal'],
  ['minItems', 'aantal'],
  ['maxItems', 'aantal'],
  ['minProperties', 'aantal'],
  ['maxProperties', 'aantal'],
  ['choice', 'keuze'],
  ['oneOf', 'keuze'],
  ['anyOf', 'keuze'],
  ['not', 'niet-toegestaan'],
]);

/** Every wire word a broken rule can have. */
export const RULE_WIRE_WORDS: readonly string[] = [...new Set([...RULE_WORDS.values(), OTHER_RULE])];
