import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { createLane } from '../../adapters/https-ingress/lane.ts';
import { createTurns } from '../../adapters/https-ingress/turns.ts';
import type { TurnsOptions } from '../../adapters/https-ingress/turns.ts';
import { createUsage } from '../../adapters/https-ingress/usage.ts';

const OPTIONS: TurnsOptions = { nowMs: () => performance.now(), busy: () => 0, maxWaitMs: 60_000, maxWaiting: 600 };

describe('turns', () => {
  it('are one at a time: the loop goes round between two of them', async () => {
    const turns = createTurns(OPTIONS);
    let rounds = 0;
    const count = (): void => {
      rounds += 1;
      setImmediate(count).unref();
    };
    setImmediate(count).unref();
    const seen = await Promise.all(
      Array.from({ length: 20 }, async () => {
        await turns.take('a');
        return rounds;
      }),
    );
    expect(new Set(seen).size).toBeGreaterThan(15);
  });

  it('go first to the caller that used least', async () => {
    const turns = createTurns(OPTIONS);
    const order: string[] = [];
    turns.add('flood', 300);
    const flood = Array.from({ length: 100 }, () => turns.take('flood').then(() => order.push('flood')));
    const other = turns.take('other').then(() => order.push('other'));
    await Promise.all([...flood, other]);
    expect(order.indexOf('other')).toBeLessThan(5);
  });

  it('wait, for a caller that floods, while the thread is busy and others are there', async () => {
    let busy = 1;
    const turns = createTurns({ ...OPTIONS, busy: () => busy });
    await turns.take('other');
    turns.add('flood', 5_000);
    let given = 0;
    const flood = Array.from({ length: 40 }, () => turns.take('flood').then(() => (given += 1)));
    await sleep(200);
    // Never none at all: one in 20 ms.
    expect(given).toBeGreaterThan(0);
    expect(given).toBeLessThan(25);
    expect(await turns.take('other')).toBe(true);
    busy = 0;
    await Promise.all(flood);
    expect(given).toBe(40);
  });

  it('are unlimited for a caller that is alone', async () => {
    const turns = createTurns({ ...OPTIONS, busy: () => 1 });
    turns.add('flood', 5_000);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 300 }, () => turns.take('flood')));
    // Held back, these would take six seconds.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('are refused to who waited too long, and to one too many', async () => {
    let now = 0;
    const turns = createTurns({ ...OPTIONS, nowMs: () => now, maxWaitMs: 100, maxWaiting: 2 });
    const given = ['a', 'a', 'a', 'a'].map((key) => turns.take(key));
    now = 1_000;
    expect(await Promise.all(given)).toEqual([true, false, false, false]);
  });

  it('are given to all when the gateway stops', async () => {
    const turns = createTurns({ ...OPTIONS, busy: () => 1 });
    await turns.take('other');
    turns.add('flood', 50_000);
    const flood = Array.from({ length: 500 }, () => turns.take('flood'));
    turns.stop();
    expect(new Set(await Promise.all(flood))).toEqual(new Set([true]));
    expect(await turns.take('flood')).toBe(true);
  });

  it('count the synchronous part of the work, also of work that fails', async () => {
    let now = 0;
    const usage = createUsage(() => now);
    const turns = createTurns({ ...OPTIONS, nowMs: () => now });
    expect(turns.charge('a', () => (now += 7))).toBe(7);
    expect(() =>
      turns.charge('a', () => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
    expect(usage.of('a')).toBe(0);
  });
});

describe('what a caller used', () => {
  it('halves every second', () => {
    let now = 0;
    const usage = createUsage(() => now);
    usage.add('a', 100);
    now = 1_000;
    expect(usage.of('a')).toBeCloseTo(50);
    usage.add('a', 100);
    now = 3_000;
    expect(usage.of('a')).toBeCloseTo(37.5);
  });

  it('is too much only beside others that use far less and were there just now', () => {
    let now = 0;
    const usage = createUsage(() => now);
    usage.see('flood');
    usage.add('flood', 1_000);
    expect(usage.isExcessive('flood')).toBe(false);
    usage.see('other');
    usage.add('other', 10);
    expect(usage.isExcessive('flood')).toBe(true);
    expect(usage.isExcessive('other')).toBe(false);
    usage.add('other', 600);
    expect(usage.isExcessive('flood')).toBe(false);
    usage.add('flood', 9_000);
    expect(usage.isExcessive('flood')).toBe(true);
    now = 2_500;
    usage.see('flood');
    expect(usage.isExcessive('flood')).toBe(false);
    expect(usage.of('other')).toBe(0);
  });
});

describe('the lane of large berichten', () => {
  it('lets callers take turns, whoever came with many first', async () => {
    const lane = createLane(1);
    const order: string[] = [];
    const work = (key: string): Promise<void> =>
      lane.run(key, async () => {
        order.push(key);
        await Promise.resolve();
      });
    await Promise.all([...Array.from({ length: 10 }, () => work('flood')), work('other'), work('third')]);
    expect(order.slice(0, 4)).toEqual(['flood', 'flood', 'other', 'third']);
    expect(order).toHaveLength(12);
  });

  it('has its place back after work that failed', async () => {
    const lane = createLane(1);
    await expect(lane.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await lane.run('a', () => Promise.resolve(1))).toBe(1);
  });
});
