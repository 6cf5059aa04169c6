import { describe, expect, it } from '@jest/globals';
import { createCallers } from '../../../../adapters/https-ingress/callers.ts';
import type { CallerAccount, Callers } from '../../../../adapters/https-ingress/callers.ts';

const create = (): Callers =>
  createCallers({ maxRequestsPerCaller: 2, maxBytesInFlight: 100, maxBytesInFlightPerCaller: 60 });

function enter(callers: Callers, key: string): CallerAccount {
  const account = callers.enter(key);
  if (account === undefined) throw new Error('refused');
  return account;
}

describe('callers', () => {
  it('may have so many requests open and no more, each its own', () => {
    const callers = create();
    const first = enter(callers, 'a');
    expect(enter(callers, 'a')).toBe(first);
    expect(callers.enter('a')).toBeUndefined();
    expect(callers.enter('b')).toBeDefined();
    callers.leave('a', first);
    expect(callers.enter('a')).toBe(first);
  });

  it('are forgotten with their last request', () => {
    const callers = create();
    const first = enter(callers, 'a');
    callers.leave('a', first);
    expect(enter(callers, 'a')).not.toBe(first);
  });

  it('share the room, and none takes it all', () => {
    const callers = create();
    const [a, b] = [enter(callers, 'a'), enter(callers, 'b')];
    expect(callers.reserve(a, 61)).toBe(false);
    expect(callers.reserve(a, 60)).toBe(true);
    expect(callers.reserve(a, 1)).toBe(false);
    expect(callers.reserve(b, 41)).toBe(false);
    expect(callers.reserve(b, 40)).toBe(true);
    callers.release(a, 60);
    expect(callers.reserve(b, 20)).toBe(true);
    expect(callers.reserve(a, 40)).toBe(true);
  });

  it('may go over it only with bytes that are held already', () => {
    const callers = create();
    const account = enter(callers, 'a');
    callers.occupy(account, 500);
    expect(callers.reserve(enter(callers, 'b'), 1)).toBe(false);
    callers.vacate(account, 500);
    expect(callers.reserve(account, 60)).toBe(true);
  });
});
