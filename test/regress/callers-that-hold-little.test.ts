import { describe, expect, it } from '@jest/globals';

import { createCallers } from '../../adapters/https-ingress/callers.ts';
import type { CallerAccount, Callers } from '../../adapters/https-ingress/callers.ts';

const MB = 1_000_000;
const create = (): Callers =>
  createCallers({ maxRequestsPerCaller: 9, maxBytesInFlight: 160 * MB, maxBytesInFlightPerCaller: 80 * MB });

function enter(callers: Callers, key: string): CallerAccount {
  const account = callers.enter(key);
  if (account === undefined) throw new Error('refused');
  return account;
}

describe('callers that hold little', () => {
  it('get through while two others fill the budget with slow bodies', () => {
    const callers = create();
    for (const key of ['slow', 'slower']) expect(callers.reserve(enter(callers, key), 80 * MB)).toBe(true);

    expect(callers.reserve(enter(callers, 'small'), 10_000)).toBe(true);
    expect(callers.reserve(enter(callers, 'large'), 36 * MB)).toBe(false);
  });

  it('get through while a recipient leaves unread what it pulled', () => {
    const callers = create();
    callers.occupy(enter(callers, 'puller'), 500 * MB);

    expect(callers.reserve(enter(callers, 'small'), 10_000)).toBe(true);
    expect(callers.reserve(enter(callers, 'large'), 36 * MB)).toBe(false);
  });

  it('are bounded together', () => {
    const callers = create();
    const fitting = Array.from({ length: 300 }, (_, index) => callers.reserve(enter(callers, String(index)), MB));

    expect(fitting.filter(Boolean)).toHaveLength(180);
  });
});
