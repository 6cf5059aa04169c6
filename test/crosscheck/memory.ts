import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Rounds } from './rounds.ts';
import { wasmBytes } from './wasm-memory.ts';

/** Memory in bytes, after garbage was collected. */
export interface Memory {
  readonly wasm: number;
  readonly heap: number;
  /** Buffers and other memory outside the heap that JavaScript objects hold, WebAssembly's left out. */
  readonly external: number;
  readonly rss: number;
}

/** One of the four. */
export type MemoryKind = keyof Memory;

/** How many rounds, and how often memory is measured on the way. */
export interface MemoryPlan {
  readonly warmUp: number;
  readonly rounds: number;
  readonly every: number;
}

/** A run: memory after the warm-up and at its end, and how the rounds ended. */
export interface MemoryRun {
  readonly first: Memory;
  readonly last: Memory;
  readonly endings: ReadonlyMap<string, number>;
  /** Rounds that ended in another way than they had to. */
  readonly wrong: readonly string[];
}

/** Judges bericht after bericht and measures memory after the warm-up and from then on. */
export async function measureRounds(
  rounds: Rounds,
  plan: MemoryPlan,
  progress: (done: number, memory: Memory) => void,
): Promise<MemoryRun> {
  const endings = new Map<string, number>();
  const wrong: string[] = [];
  const after = async (from: number, to: number): Promise<Memory> => {
    for (let done = from; done < to; done += 1) {
      const { code, expected } = rounds.next();
      endings.set(code, (endings.get(code) ?? 0) + 1);
      if (expected !== undefined && expected !== code) wrong.push(`${code} instead of ${expected}`);
      // ECMA-262 9.10.3: what a WeakRef was made for lives to the end of the turn, and libxml2-wasm makes one for each document.
      if (done % TURN === 0) await nextTurn();
    }
    await nextTurn();
    const memory = measure();
    progress(to, memory);
    return memory;
  };
  const first = await after(0, plan.warmUp);
  let last = first;
  for (let done = plan.warmUp; done < plan.rounds; done += plan.every) {
    last = await after(done, Math.min(done + plan.every, plan.rounds));
  }
  return { first, last, endings, wrong };
}

const TURN = 50;

function measure(): Memory {
  collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const wasm = wasmBytes();
  return { wasm, heap: heapUsed, external: external - wasm, rss };
}

// Twice: what finalisers let go of is collected the second time.
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
}
