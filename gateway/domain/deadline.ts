import type { Instant } from './message.ts';
import type { ConnectionPoint, TypeRule } from './participants.ts';
import { addWorkingDays, instantOf, localDayOf } from './working-days.ts';

/**
 * When an undelivered bericht ends `expired`: the type's hours after acceptance, and for a point that pulls or keeps
 * office hours not before 17:00 (Europe/Amsterdam) of the second werkdag.
 */
export function deadlineOf(
  type: Pick<TypeRule, 'deadlineHours'>,
  point: Pick<ConnectionPoint, 'url' | 'officeHours'>,
  from: Instant,
): Instant {
  const byType = from + type.deadlineHours * HOUR_MS;
  if (point.url !== undefined && !point.officeHours) return byType;
  return Math.max(byType, instantOf(addWorkingDays(localDayOf(from), 2), CLOSING_HOUR));
}

const HOUR_MS = 3_600_000;
const CLOSING_HOUR = 17;
