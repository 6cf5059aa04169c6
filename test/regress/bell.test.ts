import { describe, expect, it } from '@jest/globals';

import { createSystemClock } from '../../adapters/system/index.ts';
import { createBell } from '../../gateway/services/bell.ts';

/** How many signals this one goes on knowing because they were made of it (AbortSignal.any on Node 20). */
function countDependants(signal: AbortSignal): number {
  const symbol = Object.getOwnPropertySymbols(signal).find(({ description }) => description === 'kDependantSignals');
  const dependants: unknown = symbol === undefined ? undefined : Reflect.get(signal, symbol);
  return typeof dependants === 'object' && dependants !== null ? Number(Reflect.get(dependants, 'size')) : 0;
}

describe('who waits with the signal of a gateway that runs for months', () => {
  it('leaves nothing behind on it', async () => {
    const bell = createBell(createSystemClock());
    const { signal } = new AbortController();

    for (let waited = 0; waited < 100; waited += 1) await bell.wait('topic', 0, signal);

    expect(countDependants(signal)).toBe(0);
  });

  it('is woken by it, also when it is over already', async () => {
    const bell = createBell(createSystemClock());
    const stopping = new AbortController();
    const waiting = bell.wait('topic', 60_000, stopping.signal);
    stopping.abort();
    await waiting;

    await bell.wait('topic', 60_000, stopping.signal);

    expect(stopping.signal.aborted).toBe(true);
  });
});
