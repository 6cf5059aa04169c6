import type { RuleSet } from '../domain/participants.ts';
import type { RuleApproval } from '../domain/rule-approval.ts';
import { ConfigurationFault } from '../ports/faults.ts';
import type { Parts } from './parts.ts';
import type { Supervision } from './supervise.ts';

/** A rule set in which nothing is wrong, and how it comes into force. */
export interface NewRules {
  readonly rules: RuleSet;
  /** Who signed them, where that is asked for. */
  readonly approval?: RuleApproval | undefined;
  /** From here on every judgement is made under these rules. */
  apply(): Promise<void>;
}

/** What came of asking for a reload. */
export type ReloadOutcome = 'loaded' | 'unchanged' | 'refused';

/**
 * Takes a new rule set into force while berichten pass: queues of new points → record `rules-loaded` → the set itself →
 * consumers. A set that isn't right (`readNew` throws ConfigurationFault) changes nothing and is told; a bericht that is being
 * judged ends under the set it began with.
 */
export async function reloadRules(
  parts: Parts,
  supervision: Pick<Supervision, 'follow'>,
  readNew: () => Promise<NewRules>,
): Promise<ReloadOutcome> {
  const read = await tryRead(parts, readNew);
  if (read === undefined) return 'refused';
  const { rules, approval } = read;
  if (rules.hash === parts.standing().rules.hash) {
    // A reload before this one may have stopped halfway.
    await supervision.follow();
    return 'unchanged';
  }
  await parts.broker.ensurePoints([...rules.points.keys()]);
  await parts.register.record({ kind: 'rules-loaded', at: parts.clock.now(), ruleSetHash: rules.hash, approval });
  await read.apply();
  await supervision.follow();
  parts.events.emit({ name: 'RulesLoaded', ruleSetHash: rules.hash });
  return 'loaded';
}

async function tryRead(parts: Pick<Parts, 'events'>, readNew: () => Promise<NewRules>): Promise<NewRules | undefined> {
  try {
    return await readNew();
  } catch (fault) {
    if (!(fault instanceof ConfigurationFault)) throw fault;
    parts.events.emit({ name: 'RulesRefused', problem: fault.explanation });
    return undefined;
  }
}
