import { describe, expect, it } from '@jest/globals';
import { EXPIRY_REASONS, REFUSAL_REASONS } from '../../../gateway/domain/receipt.ts';

describe('the closed lists of reasons', () => {
  it('have no reason in common, so that an end notice needs no other mark', () => {
    expect(new Set([...REFUSAL_REASONS, ...EXPIRY_REASONS]).size).toBe(REFUSAL_REASONS.length + EXPIRY_REASONS.length);
  });
});
