interface Counted {
  fuzzCounters?: Uint32Array;
  fuzzUsed?: number;
}

const counted = globalThis as Counted;

/** What the executions so far reached, by the counters that scripts/fuzz-hooks.mjs puts in the product's files. */
export class Coverage {
  private readonly seen = new Uint8Array(SIZE);
  /** Branches reached at least once. */
  reached = 0;

  /** Forgets what the counters hold, before an execution. */
  begin(): void {
    counted.fuzzCounters?.fill(0, 0, used());
  }

  /** Whether the execution took a branch for the first time, or an order of magnitude more often than ever before. */
  end(): boolean {
    const counters = counted.fuzzCounters;
    if (counters === undefined) return false;
    let isNew = false;
    for (let index = 0; index < used(); index += 1) {
      const count = counters[index] ?? 0;
      if (count === 0) continue;
      const before = this.seen[index] ?? 0;
      const now = before | magnitude(count);
      if (now === before) continue;
      this.seen[index] = now;
      if (before === 0) this.reached += 1;
      isNew = true;
    }
    return isNew;
  }
}

function used(): number {
  // What the counters of the file loaded last are is known only once the next one is loaded.
  return Math.min(SIZE, (counted.fuzzUsed ?? 0) + LAST_FILE);
}

// As American fuzzy lop does: one bit for 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, and more.
function magnitude(count: number): number {
  if (count < 4) return 1 << (count - 1);
  if (count < 8) return 8;
  if (count < 16) return 16;
  if (count < 32) return 32;
  return count < 128 ? 64 : 128;
}

const SIZE = 65_536;
const LAST_FILE = 1_000;
