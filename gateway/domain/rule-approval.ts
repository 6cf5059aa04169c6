import type { Instant } from './message.ts';

/** The two persons that answer for a rule set: one drew it up, the other loaded it. Persons by `x5t#S256` of a certificate. */
export interface RuleApproval {
  /** What both signed: SHA-256 (lower-case hex) of the set without its emergency stop. */
  readonly signedHash: string;
  readonly draftedBy: string;
  readonly draftedAt: Instant;
  readonly loadedBy: string;
  readonly loadedAt: Instant;
}

/** A rule set as it went on record when it came into force. */
export interface LoadedRules {
  readonly ruleSetHash: string;
  /** Absent where no signatures are asked for. */
  readonly approval?: RuleApproval | undefined;
}

/** Whether both are the same two signatures. */
export function isSameApproval(one: RuleApproval, other: RuleApproval | undefined): boolean {
  return (
    one.signedHash === other?.signedHash &&
    one.draftedBy === other.draftedBy &&
    one.draftedAt === other.draftedAt &&
    one.loadedBy === other.loadedBy &&
    one.loadedAt === other.loadedAt
  );
}
