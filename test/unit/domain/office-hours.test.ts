import { describe, expect, it } from '@jest/globals';
import { mustBeReachable } from '../../../gateway/domain/office-hours.ts';

describe('mustBeReachable', () => {
  it.each([
    ['2026-11-25T07:29:59.999Z', false, 'just before half past eight'],
    ['2026-11-25T07:30:00.000Z', true, 'at half past eight'],
    ['2026-11-25T15:59:59.999Z', true, 'just before five'],
    ['2026-11-25T16:00:00.000Z', false, 'at five'],
    ['2026-07-01T06:30:00.000Z', true, 'at half past eight in summer'],
    ['2026-07-01T15:00:00.000Z', false, 'at five in summer'],
    ['2026-11-28T12:00:00.000Z', false, 'on a Saturday'],
    ['2026-11-29T12:00:00.000Z', false, 'on a Sunday'],
    ['2026-12-25T12:00:00.000Z', false, 'on eerste kerstdag'],
    ['2026-05-14T12:00:00.000Z', false, 'on Hemelvaartsdag'],
  ])('Z55: at %s is %s for a point that keeps office hours: %s', (at, isDue) => {
    expect(mustBeReachable({ officeHours: true }, Date.parse(at))).toBe(isDue);
    expect(mustBeReachable({ officeHours: false }, Date.parse(at))).toBe(true);
  });
});
