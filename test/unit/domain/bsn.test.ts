import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBsn } from '../../../gateway/domain/bsn.ts';

describe('isBsn', () => {
  it.each(['111222333', '123456782', '999999977', '999999710'])('takes %s, which passes the elfproef', (text) => {
    expect(isBsn(text)).toBe(true);
  });

  it.each(['111222334', '123456789', '011122233'])('does not take %s, which does not pass it', (text) => {
    expect(isBsn(text)).toBe(false);
  });

  it('takes a BSN whose leading zero was left out', () => {
    expect(isBsn('012345672')).toBe(true);
    expect(isBsn('12345672')).toBe(true);
  });

  it.each(['', '000000000', '1234567', '1112223330', '111.222.333', ' 111222333', '111222333\n', '11122233a'])(
    'does not take %j for one',
    (text) => {
      expect(isBsn(text)).toBe(false);
    },
  );

  it('does not take a number for one after any single digit changed', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.integer({ min: 1, max: 9 }), (place, shift) => {
        const digits = Array.from('111222333', Number);
        digits[place] = ((digits[place] ?? 0) + shift) % 10;
        return !isBsn(digits.join(''));
      }),
    );
  });

  it('finds about one number in eleven, no more', () => {
    const found = Array.from({ length: 1100 }, (_, index) => String(500_000_000 + index)).filter(isBsn);
    expect(found).toHaveLength(100);
  });
});
