import type { LoadedRules } from '../../gateway/domain/rule-approval.ts';
import type { RulesLoadedRecord } from './audit-line.ts';
import { toTime } from './times.ts';

/** The fields that say which rule set came into force, and who signed it. */
export function buildRules({ ruleSetHash, approval }: LoadedRules): Omit<RulesLoadedRecord, 'kind' | 'at'> {
  if (approval === undefined) return { ruleSetHash };
  const { signedHash, draftedBy, draftedAt, loadedBy, loadedAt } = approval;
  return {
    ruleSetHash,
    signedHash,
    draftedBy,
    draftedAt: toTime(draftedAt),
    loadedBy,
    loadedAt: toTime(loadedAt),
  };
}

/** Reads them back. The schema has all fields of the signatures or none. */
export function readRules(record: RulesLoadedRecord): LoadedRules {
  const { ruleSetHash, signedHash, draftedBy = '', draftedAt = '', loadedBy = '', loadedAt = '' } = record;
  if (signedHash === undefined) return { ruleSetHash };
  return {
    ruleSetHash,
    approval: { signedHash, draftedBy, draftedAt: Date.parse(draftedAt), loadedBy, loadedAt: Date.parse(loadedAt) },
  };
}
