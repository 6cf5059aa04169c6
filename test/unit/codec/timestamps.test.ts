import { describe, expect, it } from '@jest/globals';

import { formatInstant, parseInstant } from '../../../gateway/codec/timestamps.ts';

describe('formatInstant', () => {
  it('writes UTC with milliseconds and Z', () => {
    expect(formatInstant(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(formatInstant(Date.UTC(2026, 10, 22, 10, 15, 30, 123))).toBe('2026-11-22T10:15:30.123Z');
  });
});

describe('parseInstant', () => {
  it.each([
    ['2026-11-22T10:15:30.123Z', Date.UTC(2026, 10, 22, 10, 15, 30, 123)],
    ['2026-11-22T10:15:30.12Z', Date.UTC(2026, 10, 22, 10, 15, 30, 120)],
    ['2026-11-22T10:15:30.1Z', Date.UTC(2026, 10, 22, 10, 15, 30, 100)],
    ['2026-11-22T10:15:30Z', Date.UTC(2026, 10, 22, 10, 15, 30)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['0099-01-01T00:00:00Z', Date.parse('0099-01-01T00:00:00Z')],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    ['an empty text', ''],
    ['an offset', '2026-11-22T10:15:30+00:00'],
    ['no zone', '2026-11-22T10:15:30'],
    ['a small z', '2026-11-22T10:15:30z'],
    ['a space for T', '2026-11-22 10:15:30Z'],
    ['four fraction digits', '2026-11-22T10:15:30.1234Z'],
    ['a point without fraction', '2026-11-22T10:15:30.Z'],
    ['no seconds', '2026-11-22T10:15Z'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['month 0', '2026-00-01T00:00:00Z'],
    ['day 32', '2026-01-32T00:00:00Z'],
    ['hour 24', '2026-01-01T24:00:00Z'],
    ['minute 60', '2026-01-01T00:60:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['a line break after it', '2026-11-22T10:15:30Z\n'],
    ['a year of five digits', '12026-11-22T10:15:30Z'],
  ])('refuses %s', (_name, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
