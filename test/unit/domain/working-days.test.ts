import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addWorkingDays, instantOf, isWorkingDay, localDayOf, shiftDay } from '../../../gateway/domain/working-days.ts';
import type { LocalDay } from '../../../gateway/domain/working-days.ts';

const day = (text: string): LocalDay => {
  const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
  return { year, month, day: date };
};

describe('isWorkingDay', () => {
  it.each([
    ['2026-01-01', 'Nieuwjaarsdag'],
    ['2026-04-03', 'Goede Vrijdag'],
    ['2026-04-05', 'eerste paasdag'],
    ['2026-04-06', 'tweede paasdag'],
    ['2026-04-27', 'Koningsdag'],
    ['2026-05-05', 'Bevrijdingsdag'],
    ['2026-05-14', 'Hemelvaartsdag'],
    ['2026-05-25', 'tweede pinksterdag'],
    ['2026-12-25', 'eerste kerstdag'],
    ['2026-11-28', 'a Saturday'],
    ['2026-11-29', 'a Sunday'],
    ['2025-04-26', 'Koningsdag, moved from a Sunday'],
    ['2019-04-22', 'tweede paasdag of a late Easter'],
    ['2008-03-24', 'tweede paasdag of an early Easter'],
    ['2000-04-24', 'tweede paasdag of the year 2000'],
  ])('is not %s: %s', (text) => {
    expect(isWorkingDay(day(text))).toBe(false);
  });

  it.each([
    '2026-01-02',
    '2026-04-02',
    '2026-04-07',
    '2026-04-28',
    '2026-05-15',
    '2026-11-27',
    '2025-04-28',
    '2025-12-24',
  ])('is %s', (text) => {
    expect(isWorkingDay(day(text))).toBe(true);
  });

  it('is a Monday after a Koningsdag that fell on Sunday', () => {
    expect(isWorkingDay(day('2031-04-28'))).toBe(true);
    expect(isWorkingDay(day('2031-04-26'))).toBe(false);
  });
});

describe('addWorkingDays', () => {
  it.each([
    ['2026-11-25', 2, '2026-11-27'],
    ['2026-11-27', 1, '2026-11-30'],
    ['2026-12-24', 2, '2026-12-29'],
    ['2026-12-31', 1, '2027-01-04'],
  ])('from %s, %d further, is %s', (from, count, to) => {
    expect(addWorkingDays(day(from), count)).toEqual(day(to));
  });
});

describe('localDayOf and instantOf', () => {
  it.each([
    ['2026-11-24T23:30:00Z', '2026-11-25'],
    ['2026-07-01T21:59:59Z', '2026-07-01'],
    ['2026-07-01T22:00:00Z', '2026-07-02'],
  ])('%s is the day %s in Amsterdam', (instant, text) => {
    expect(localDayOf(Date.parse(instant))).toEqual(day(text));
  });

  it.each([
    ['2026-11-25', 17, '2026-11-25T16:00:00Z'],
    ['2026-07-01', 17, '2026-07-01T15:00:00Z'],
    ['2026-03-29', 0, '2026-03-28T23:00:00Z'],
    ['2026-03-29', 17, '2026-03-29T15:00:00Z'],
    ['2026-10-25', 0, '2026-10-24T22:00:00Z'],
    ['2026-10-25', 17, '2026-10-25T16:00:00Z'],
  ])('%s, %d:00 in Amsterdam is %s', (text, hour, instant) => {
    expect(instantOf(day(text), hour)).toBe(Date.parse(instant));
  });

  it('fit each other on every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 36_500 }), fc.constantFrom(0, 9, 17, 23), (offset, hour) => {
        const some = shiftDay(day('2000-01-01'), offset);
        expect(localDayOf(instantOf(some, hour))).toEqual(some);
      }),
    );
  });
});

describe('shiftDay', () => {
  it('knows months, years and leap days', () => {
    expect(shiftDay(day('2028-02-28'), 1)).toEqual(day('2028-02-29'));
    expect(shiftDay(day('2026-12-31'), 1)).toEqual(day('2027-01-01'));
    expect(shiftDay(day('2026-03-01'), -1)).toEqual(day('2026-02-28'));
  });
});
