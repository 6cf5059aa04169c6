import type { Instant } from './message.ts';
import { instantOf, isWorkingDay, localDayOf } from './working-days.ts';
import type { LocalDay } from './working-days.ts';

/** Half past eight on a day in Europe/Amsterdam: from then on who keeps office hours can be reached (Z55). */
export function openingOf(day: LocalDay): Instant {
  return instantOf(day, OPENING_HOUR) + HALF_HOUR_MS;
}

/** Whether a point has to be reachable now: one that keeps office hours only from 08.30 to 17.00 on a werkdag (Z55). */
export function mustBeReachable({ officeHours }: { readonly officeHours: boolean }, at: Instant): boolean {
  if (!officeHours) return true;
  const day = localDayOf(at);
  return isWorkingDay(day) && at >= openingOf(day) && at < instantOf(day, CLOSING_HOUR);
}

const OPENING_HOUR = 8;
const HALF_HOUR_MS = 1_800_000;
const CLOSING_HOUR = 17;
