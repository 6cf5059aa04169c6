import type { Instant } from './message.ts';

/** A calendar day in Europe/Amsterdam; month 1–12. */
export interface LocalDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The calendar day in Europe/Amsterdam at an instant. */
export function localDayOf(at: Instant): LocalDay {
  const { year, month, day } = localFieldsOf(at);
  return { year, month, day };
}

/** The instant of a wall-clock hour on a day in Europe/Amsterdam. */
export function instantOf(day: LocalDay, hour: number): Instant {
  const asUtc = Date.UTC(day.year, day.month - 1, day.day, hour);
  return asUtc - offsetAt(asUtc - offsetAt(asUtc));
}

/** Whether the day is a werkdag: no weekend and no general holiday (Algemene termijnenwet art. 3). */
export function isWorkingDay(day: LocalDay): boolean {
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidaysOf(day.year).has(keyOf(day));
}

/** The n-th werkdag after the day, n at least 1. */
export function addWorkingDays(day: LocalDay, count: number): LocalDay {
  return stepWorkingDays(day, { count, step: 1 });
}

/** The n-th werkdag before the day, n at least 1. */
export function workingDaysBefore(day: LocalDay, count: number): LocalDay {
  return stepWorkingDays(day, { count, step: -1 });
}

/** The day a number of calendar days later (or earlier). */
export function shiftDay(day: LocalDay, days: number): LocalDay {
  const shifted = new Date(Date.UTC(day.year, day.month - 1, day.day + days));
  return { year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() + 1, day: shifted.getUTCDate() };
}

function stepWorkingDays(day: LocalDay, { count, step }: { readonly count: number; readonly step: 1 | -1 }): LocalDay {
  let current = day;
  for (let left = count; left > 0;) {
    current = shiftDay(current, step);
    if (isWorkingDay(current)) left -= 1;
  }
  return current;
}

// Algemene termijnenwet art. 3: Nieuwjaarsdag, Goede Vrijdag (equated), Pasen, Koningsdag, 5 mei, Hemelvaart, Pinksteren, Kerst.
function holidaysOf(year: number): ReadonlySet<string> {
  const easter = easterOf(year);
  const kingsDay = { year, month: 4, day: 27 };
  const isSunday = new Date(Date.UTC(year, 3, 27)).getUTCDay() === 0;
  return new Set([
    `${String(year)}-1-1`,
    `${String(year)}-5-5`,
    `${String(year)}-12-25`,
    `${String(year)}-12-26`,
    keyOf(isSunday ? shiftDay(kingsDay, -1) : kingsDay),
    ...[-2, 0, 1, 39, 49, 50].map((days) => keyOf(shiftDay(easter, days))),
  ]);
}

// Gregorian computus (Meeus/Jones/Butcher).
function easterOf(year: number): LocalDay {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const total = epact + weekday - 7 * shift + 114;
  return { year, month: Math.floor(total / 31), day: (total % 31) + 1 };
}

function keyOf(day: LocalDay): string {
  return `${String(day.year)}-${String(day.month)}-${String(day.day)}`;
}

function offsetAt(at: Instant): number {
  const f = localFieldsOf(at);
  return Date.UTC(f.year, f.month - 1, f.day, f.hour, f.minute, f.second) - Math.floor(at / 1000) * 1000;
}

function localFieldsOf(
  at: Instant,
): LocalDay & { readonly hour: number; readonly minute: number; readonly second: number } {
  const fields = new Map(AMSTERDAM.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const field = (type: Intl.DateTimeFormatPartTypes): number => Number(fields.get(type));
  return {
    year: field('year'),
    month: field('month'),
    day: field('day'),
    hour: field('hour'),
    minute: field('minute'),
    second: field('second'),
  };
}

const AMSTERDAM = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
