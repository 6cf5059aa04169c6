import { describe, expect, it } from '@jest/globals';
import { isOin, isTestOin } from '../../../gateway/domain/oin.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';

const PREFIXES = ['01', '02', '03', '04', '06', '07', '08', '09', '10', '99'];

describe('isOin', () => {
  it.each(PREFIXES)('takes 20 digits with prefix 000000%s', (prefix) => {
    expect(isOin(`000000${prefix}123456789000`)).toBe(true);
  });

  it('does not judge the suffix, which is not always zeros', () => {
    expect(isOin('00000002003214436001')).toBe(true);
  });

  it.each([
    '',
    '0000000100182511200',
    '000000010018251120000',
    '00000005001825112000',
    '00000000000000000000',
    '99999999999999999999',
    '0000000100182511200x',
    ' 0000000100182511200',
    '00000001001825112000\n',
    '０0000001001825112000',
  ])('does not take %j', (text) => {
    expect(isOin(text)).toBe(false);
  });
});

describe('isTestOin', () => {
  it('knows the range for tests by its prefix', () => {
    expect(isTestOin('00000099000000001000' as Oin)).toBe(true);
    expect(isTestOin('00000001000000990000' as Oin)).toBe(false);
  });
});
