import type { RoutingAdvice } from '../domain/routing-advice.ts';
import { describeCondition } from './condition-texts.ts';
import { formatTerm } from './reply-rules.ts';

/** What the sender has to see to before it sends, as part of `GET /v1/routering`. Made of rules alone: of nobody's data. */
export interface RequirementsBody {
  /** Conditions that the bericht will have to meet. */
  readonly voorwaarden: readonly { readonly regel: string; readonly omschrijving: string }[];
  /** Purposes that will do; empty when the type asks for none. */
  readonly doelbinding: readonly {
    readonly regel: string;
    readonly werkveld: string;
    readonly grondslagen: readonly string[];
    readonly toestemming: readonly string[];
    readonly toestemmingNodig: boolean;
  }[];
  /** Whether the bericht must say that those whom it concerns were informed; null when it can't be sent. */
  readonly informerenNodig: boolean | null;
  readonly antwoord: {
    readonly berichttypen: readonly string[];
    readonly termijn: string;
    readonly termijnUrgent: string | null;
  } | null;
  /** Types of which the bericht must answer one; empty when it answers nothing. */
  readonly antwoordOp: readonly string[];
}

/** What the advice asks of the sender. */
export function toRequirements({ allowed, conditions, purposes, ...advice }: RoutingAdvice): RequirementsBody {
  return {
    voorwaarden: conditions.map((condition) => ({ regel: condition.rule, omschrijving: describeCondition(condition) })),
    doelbinding: purposes.map(({ rule, field, grounds, consents }) => ({
      regel: rule,
      werkveld: field,
      grondslagen: grounds,
      toestemming: consents,
      toestemmingNodig: consents.length > 0,
    })),
    informerenNodig: allowed ? advice.requiredProcessing.includes('subjectInformed') : null,
    antwoord: toReply(advice.reply),
    antwoordOp: advice.answersTypes,
  };
}

function toReply(reply: RoutingAdvice['reply']): RequirementsBody['antwoord'] {
  if (reply === undefined) return null;
  const { types, term, urgentTerm } = reply;
  return {
    berichttypen: types,
    termijn: formatTerm(term),
    termijnUrgent: urgentTerm === undefined ? null : formatTerm(urgentTerm),
  };
}
