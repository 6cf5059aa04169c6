import type { Random } from '../conformance/random.ts';

/** Makes another input of one: `other` draws from what was kept so far, to cross it with. */
export type Mutator = (input: Buffer, random: Random, other: () => Buffer) => Buffer;

/** A reader under attack. */
export interface FuzzTarget {
  /** What holds for every input, in one sentence. */
  readonly invariant: string;
  readonly seeds: readonly Buffer[];
  readonly mutators: readonly Mutator[];
  readonly maxBytes?: number;
  /** Reads one input; throws `Broken` where the invariant doesn't hold. Anything else thrown is a finding as well. */
  run(input: Buffer): void;
}

/** An input for which the invariant of its target doesn't hold. */
export class Broken extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'Broken';
  }
}

/** Holds or throws `Broken`. */
export function must(holds: boolean, why: string): asserts holds {
  if (!holds) throw new Broken(why);
}
