import type { ConnectionPoint } from '../domain/participants.ts';
import type { RegisterEntry } from '../domain/register-entry.ts';
import type { Parts } from './parts.ts';

/**
 * `noodstop`: whether a bericht that waits may not be handed out for now, because its type, its sender, who brought it, its recipient
 * or who serves the point is stopped. It keeps waiting; its deadline goes on.
 */
export function isHeld(
  parts: Pick<Parts, 'standing'>,
  { facts }: Pick<RegisterEntry, 'facts'>,
  { owner }: Pick<ConnectionPoint, 'owner'>,
): boolean {
  const { stoppedOins, stoppedTypes } = parts.standing().rules;
  const parties = [facts.sender, facts.submittedBy, facts.recipient, owner];
  return stoppedTypes.has(facts.messageType) || parties.some((oin) => stoppedOins.has(oin));
}
