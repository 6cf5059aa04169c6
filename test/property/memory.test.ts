import { wasmBytes } from '../crosscheck/wasm-memory.ts';
import { describe, expect, it } from '@jest/globals';
import { diag } from 'libxml2-wasm';
import { measureRounds } from '../crosscheck/memory.ts';
import { openRounds } from '../crosscheck/rounds.ts';

describe('memory', () => {
  it('is flat over berichten of every form and every way to be refused', async () => {
    const rounds = openRounds(1, true);
    const warmUp = rounds.kinds;
    const run = await measureRounds(rounds, { warmUp, rounds: warmUp + 600, every: 600 }, () => undefined);
    expect(run.wrong).toEqual([]);
    expect(run.endings.get('accepted')).toBeGreaterThan(200);
    expect(run.endings.size).toBeGreaterThan(30);
    expect(run.last.wasm - run.first.wasm).toBeLessThanOrEqual(1_048_576);
    // The certificates that are kept, a thousand at most, are still being met.
    expect(run.last.heap - run.first.heap).toBeLessThan(12_000_000);
    diag.configure({ enabled: true });
    for (let round = 0; round < warmUp; round += 1) rounds.next();
    expect(diag.report()).toEqual({});
    diag.configure({ enabled: false });
    expect(wasmBytes()).toBe(run.last.wasm);
  });
});
