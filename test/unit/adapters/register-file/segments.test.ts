import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keyedHash } from '../../../../adapters/register-file/segments.ts';

describe('what the log keeps of a kenmerk', () => {
  const key = randomBytes(32);

  it('is the same each time under the key of its month', () => {
    expect(keyedHash(key, 'sender', 'KENMERK-4711')).toBe(keyedHash(key, 'sender', 'KENMERK-4711'));
  });

  it('can’t be found by trying values without that key', () => {
    const kept = keyedHash(key, 'sender', 'KENMERK-4711');
    expect(kept).not.toBe(keyedHash(randomBytes(32), 'sender', 'KENMERK-4711'));
    expect(kept).not.toBe(createHash('sha256').update('KENMERK-4711').digest('base64url'));
  });

  it('tells nothing of octets that are equal to it', () => {
    expect(keyedHash(key, 'sender', 'x')).not.toBe(keyedHash(key, 'octets', 'x'));
  });
});
