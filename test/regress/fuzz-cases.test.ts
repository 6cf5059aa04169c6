import { describe, expect, it } from '@jest/globals';
import { readCases } from '../fuzz/cases.ts';
import { execute } from '../fuzz/engine.ts';
import { loadTarget, TARGETS } from '../fuzz/targets.ts';

// What npm run fuzz once found stays found: each kept input is read again, as is each seed, within the bounds of one input.
describe.each(Object.keys(TARGETS))('the reader of %s', (name) => {
  it('holds its invariant for its seeds and for every input that once broke it', async () => {
    const target = await loadTarget(name);
    const inputs = [
      ...target.seeds.map((input, index) => ({ name: `seed ${String(index)}`, input })),
      ...readCases(name),
    ];
    const broken = inputs.map((one) => `${one.name}: ${execute(target, one.input) ?? 'holds'}`);
    expect(broken).toEqual(inputs.map((one) => `${one.name}: holds`));
    expect(target.seeds.length).toBeGreaterThan(0);
  });
});
