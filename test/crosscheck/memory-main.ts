import './wasm-memory.ts';
import { parseArgs } from 'node:util';
import { measureRounds } from './memory.ts';
import type { Memory, MemoryKind } from './memory.ts';
import { openRounds } from './rounds.ts';

const { values: given } = parseArgs({
  options: {
    memory: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '3275' },
  },
});

/** By how much memory may grow over the whole run after its warm-up; a leak of 100 bytes a bericht would be 9 MB. */
const BOUNDS: Memory = { wasm: 1_048_576, heap: 4_194_304, external: 4_194_304, rss: 33_554_432 };
const KINDS: readonly MemoryKind[] = ['wasm', 'heap', 'external', 'rss'];

const startedAt = performance.now();
const plan = given.quick
  ? { warmUp: 1_000, rounds: 4_000, every: 1_000 }
  : { warmUp: 10_000, rounds: 100_000, every: 10_000 };
say(`seed ${given.seed}; the first ${String(plan.warmUp)} are warm-up; memory in MB, after garbage was collected`);
const run = await measureRounds(openRounds(Number(given.seed)), plan, (done, memory) => {
  const figures = KINDS.map((kind) => `${kind} ${mb(memory[kind])}`).join(', ');
  say(`${seconds()} s: ${String(done)} berichten: ${figures}`);
});
const growth = KINDS.map((kind) => ({ kind, by: run.last[kind] - run.first[kind], bound: BOUNDS[kind] }));
const over = growth.filter(({ by, bound }) => by > bound);
for (const line of run.wrong.slice(0, 20)) say(`ended wrongly: ${line}`);
say([...run.endings].map(([code, count]) => `${String(count)} ${code}`).join(', '));
const told = growth.map(({ kind, by, bound }) => `${kind} ${by < 0 ? '' : '+'}${mb(by)} (bound ${mb(bound)})`);
say(
  `crosscheck --memory: ${String(plan.rounds)} berichten, ${String(run.endings.get('accepted') ?? 0)} accepted, ` +
    `${String(run.endings.size - 1)} kinds of refusal, ${String(run.wrong.length)} ended wrongly; growth after ` +
    `${String(plan.warmUp)}: ${told.join(', ')}; ${over.length === 0 ? 'flat' : 'NOT FLAT'}; ${seconds()} s`,
);
process.exitCode = over.length + run.wrong.length === 0 ? 0 : 1;

function mb(bytes: number): string {
  return (bytes / 1_048_576).toFixed(2);
}

function seconds(): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
