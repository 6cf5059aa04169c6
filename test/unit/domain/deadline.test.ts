import { describe, expect, it } from '@jest/globals';
import { deadlineOf } from '../../../gateway/domain/deadline.ts';

const PUSH = { url: 'https://ontvanger.example/berichten', officeHours: false };
const PULL = { url: undefined, officeHours: false };
const OFFICE = { ...PUSH, officeHours: true };
const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe('deadlineOf', () => {
  it('is the type’s hours after acceptance for a point that is pushed to', () => {
    const from = at('2026-11-25T10:00:00.123Z');
    expect(deadlineOf({ deadlineHours: 48 }, PUSH, from)).toBe(from + 48 * HOUR_MS);
    expect(deadlineOf({ deadlineHours: 1 }, PUSH, from)).toBe(from + HOUR_MS);
  });

  it.each([
    ['a point that pulls', PULL],
    ['a point with office hours', OFFICE],
  ])('is not before 17:00 of the second werkdag for %s', (_name, point) => {
    // Friday: Saturday and Sunday don't count.
    expect(deadlineOf({ deadlineHours: 48 }, point, at('2026-11-27T10:00:00Z'))).toBe(at('2026-12-01T16:00:00Z'));
    // 17:00 in summer time is 15:00 UTC.
    expect(deadlineOf({ deadlineHours: 1 }, point, at('2026-07-01T22:30:00Z'))).toBe(at('2026-07-06T15:00:00Z'));
  });

  it('is the type’s hours also for a point that pulls when these end later', () => {
    const from = at('2026-11-23T10:00:00Z');
    expect(deadlineOf({ deadlineHours: 168 }, PULL, from)).toBe(from + 168 * HOUR_MS);
  });
});
