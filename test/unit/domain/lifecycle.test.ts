import { describe, expect, it } from '@jest/globals';
import { isEndState, isTransitionAllowed, MESSAGE_STATES } from '../../../gateway/domain/lifecycle.ts';

describe('the states of a bericht', () => {
  it('go from received to accepted to one end, or to not-accepted, and nowhere else', () => {
    const allowed = MESSAGE_STATES.flatMap((from) =>
      MESSAGE_STATES.filter((to) => isTransitionAllowed(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual([
      'received → accepted',
      'received → not-accepted',
      'accepted → delivered',
      'accepted → refused',
      'accepted → expired',
    ]);
  });

  it('are end states exactly when nothing follows', () => {
    for (const state of MESSAGE_STATES) {
      expect(isEndState(state)).toBe(!MESSAGE_STATES.some((to) => isTransitionAllowed(state, to)));
    }
  });
});
