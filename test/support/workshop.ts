import { createAuthority } from '../../certs-dev/authority.ts';
import { issueSigning, issueTls } from '../../certs-dev/identities.ts';
import type { Identity } from '../../certs-dev/identities.ts';
import { PARTICIPANTS } from '../../certs-dev/participants.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import type { Environment } from '../../gateway/domain/message.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import type { Standing } from '../../gateway/services/parts.ts';
import { freshBericht, NOW, send } from './berichten.ts';
import type { Bericht, Sending } from './berichten.ts';
import { createTestPki } from './pki.ts';
import type { TestPki } from './pki.ts';
import { composeTestStanding } from './standing.ts';
import type { RuleChanges, RuleRow } from './standing.ts';

/** What berichten of the tests are made and judged with. */
export interface Workshop {
  readonly pki: TestPki;
  /** The rules as they are. */
  readonly plain: Standing;
  readonly withRules: (rules: RuleChanges) => Standing;
  /** Signs and brings the bericht as its own sender would, unless told otherwise. */
  readonly sendAs: (bericht: Bericht, sending?: Partial<Sending>) => Incoming;
}

/** Opens a workshop on a PKI of its own, valid at `NOW`. */
export function openWorkshop(): Workshop {
  const pki = createTestPki(new Date(NOW));
  return {
    pki,
    plain: composeTestStanding(pki.authority),
    withRules: (rules) => composeTestStanding(pki.authority, { rules }),
    sendAs: (bericht, sending = {}) => {
      const { tls, signing } = pki.participant(bericht.sender);
      return send(bericht, { caller: tls, signer: signing, ...sending });
    },
  };
}

/** An authority of any name, participants of its own, and an environment that trusts it. */
export interface Elsewhere {
  readonly standing: Standing;
  identity(name: ParticipantName): Identity;
}

/** Opens an environment on an authority that isn't the developers' own. */
export function openElsewhere(authorityName: string, environment: Environment): Elsewhere {
  const authority = createAuthority({ name: authorityName, now: new Date(NOW) });
  return {
    standing: composeTestStanding(authority, { environment }),
    identity: (name) => {
      const participant = PARTICIPANTS.find((one) => one.name === name) ?? PARTICIPANTS[0];
      return { tls: issueTls(authority, participant), signing: issueSigning(authority, participant) };
    },
  };
}

/** Changes the rows that have these values. */
export function changeRow(where: RuleRow, change: RuleRow): (rows: readonly RuleRow[]) => readonly RuleRow[] {
  return (rows) => {
    if (!rows.some((row) => isMeant(row, where))) throw new RangeError('no such row');
    return rows.map((row) => (isMeant(row, where) ? { ...row, ...change } : row));
  };
}

/** Takes out the rows that have these values. */
export function dropRow(where: RuleRow): (rows: readonly RuleRow[]) => readonly RuleRow[] {
  return (rows) => rows.filter((row) => !isMeant(row, where));
}

/** Adds rows. */
export function addRows(...more: readonly RuleRow[]): (rows: readonly RuleRow[]) => readonly RuleRow[] {
  return (rows) => [...rows, ...more];
}

/** An opdrachtTb in JSON with members of its stuurgegevens replaced. */
export function opdracht(changes: RuleRow = {}): Bericht {
  return editJson(freshBericht('opdrachtTb', 'json', 'opdracht.json'), (message) => ({
    ...message,
    stuurgegevens: { ...(message['stuurgegevens'] as RuleRow), ...changes },
  }));
}

/** A JSON bericht with its value changed. */
export function editJson(bericht: Bericht, change: (message: RuleRow) => RuleRow): Bericht {
  return { ...bericht, text: JSON.stringify(change(JSON.parse(bericht.text) as RuleRow)) };
}

function isMeant(row: RuleRow, where: RuleRow): boolean {
  return Object.entries(where).every(([key, value]) => row[key] === value);
}
