import { describe, expect, it } from '@jest/globals';
import { ENVIRONMENTS, isMessageId } from '../../../gateway/domain/message.ts';

describe('isMessageId', () => {
  it('takes a UUID in lower case', () => {
    expect(isMessageId('0193a5f0-0000-7000-8000-000000000001')).toBe(true);
  });

  it.each([
    '',
    '0193A5F0-0000-7000-8000-000000000001',
    '0193a5f0-0000-7000-8000-00000000001',
    '0193a5f000007000800000000000000001',
    ' 0193a5f0-0000-7000-8000-000000000001',
    '0193a5f0-0000-7000-8000-000000000001\n',
    '../../../../../../etc/passwd',
  ])('does not take %j', (text) => {
    expect(isMessageId(text)).toBe(false);
  });
});

describe('ENVIRONMENTS', () => {
  it('are the words of the wire', () => {
    expect(ENVIRONMENTS).toEqual(['productie', 'acceptatie', 'ontwikkeling']);
  });
});
