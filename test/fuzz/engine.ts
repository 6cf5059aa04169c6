import { Random } from '../conformance/random.ts';
import { Coverage } from './coverage.ts';
import type { FuzzTarget } from './target.ts';

/** An input that broke the invariant of its target, or a bound. */
export interface Finding {
  readonly why: string;
  readonly input: Buffer;
}

/** How far a run is. */
export interface Figures {
  readonly executions: number;
  /** Branches of the product reached. */
  readonly coverage: number;
  /** Inputs kept because they reached something new. */
  readonly corpus: number;
}

/** A run of one target; `guided: false` keeps nothing, to show what the guidance is worth. */
export interface Run {
  readonly target: FuzzTarget;
  readonly seed: number;
  readonly until: { readonly deadline: number; readonly executions: number };
  readonly kept?: readonly Buffer[];
  readonly guided?: boolean;
  /** Told before each execution what is about to be read, so that it isn't lost if reading never ends. */
  readonly before?: (input: Buffer) => void;
  readonly progress?: (figures: Figures) => void;
}

/** Reads mutated inputs until time or number is up, or the invariant breaks. */
export function fuzz(run: Run): Figures & { readonly finding: Finding | undefined } {
  const { target, until } = run;
  const state: State = { run, random: new Random(run.seed), coverage: new Coverage(), corpus: [], executions: 0 };
  let told = performance.now();
  for (const { input, isSeed } of makeInputs(state, [...target.seeds, ...(run.kept ?? [])])) {
    if (state.executions >= until.executions || (!isSeed && performance.now() >= until.deadline)) break;
    const why = read(state, input, isSeed);
    if (why !== undefined) return { ...figuresOf(state), finding: { why, input } };
    if (performance.now() - told < PROGRESS_MS) continue;
    told = performance.now();
    run.progress?.(figuresOf(state));
  }
  return { ...figuresOf(state), finding: undefined };
}

interface State {
  readonly run: Run;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly corpus: Buffer[];
  executions: number;
}

function read(state: State, input: Buffer, isSeed: boolean): string | undefined {
  const { run, coverage, corpus } = state;
  run.before?.(input);
  state.executions += 1;
  const why = execute(run.target, input, coverage);
  if ((coverage.end() && run.guided !== false) || isSeed) corpus.push(input);
  return why;
}

function figuresOf({ executions, coverage, corpus }: State): Figures {
  return { executions, coverage: coverage.reached, corpus: corpus.length };
}

/** Why the target doesn't hold for this input; undefined when it does. Slow or large once may be the machine's doing, not always. */
export function execute(target: FuzzTarget, input: Buffer, coverage?: Coverage): string | undefined {
  const first = measure(target, input, coverage);
  if (first.why !== undefined || first.excess === undefined) return first.why;
  for (let again = 0; again < REPEATS; again += 1) if (measure(target, input).excess === undefined) return undefined;
  return first.excess;
}

interface Measured {
  readonly why: string | undefined;
  readonly excess: string | undefined;
}

function measure(target: FuzzTarget, input: Buffer, coverage?: Coverage): Measured {
  // The input is handed over as a copy: who reads it could otherwise change what is kept.
  const copy = Buffer.from(input);
  const since = performance.now();
  coverage?.begin();
  try {
    target.run(copy);
  } catch (error) {
    return {
      why: error instanceof Error ? `${error.name}: ${error.message}` : 'something was thrown',
      excess: undefined,
    };
  }
  const took = performance.now() - since;
  return { why: undefined, excess: took > MAX_MS ? `took ${took.toFixed(0)} ms` : findGrowth(took) };
}

let memory = process.memoryUsage.rss();
let unmeasured = 0;

// Asking takes longer than most readings, and what takes a hundred megabytes takes its time as well.
function findGrowth(took: number): string | undefined {
  unmeasured += 1;
  if (took < NOTABLE_MS && unmeasured < UNMEASURED) return undefined;
  unmeasured = 0;
  const before = memory;
  memory = process.memoryUsage.rss();
  const grown = memory - before;
  return took >= NOTABLE_MS && grown > MAX_GROWTH ? `took ${String(grown)} octets of memory` : undefined;
}

function* makeInputs(
  { run: { target }, random, corpus }: State,
  first: readonly Buffer[],
): Generator<{ readonly input: Buffer; readonly isSeed: boolean }> {
  const draw = (): Buffer => {
    // What was kept last is where new ground lies.
    const low = random.between(0, 2) === 0 ? Math.max(0, corpus.length - RECENT) : 0;
    return corpus[random.between(low, corpus.length - 1)] ?? Buffer.alloc(0);
  };
  for (const input of first) yield { input, isSeed: true };
  for (;;) {
    let input = draw();
    for (let steps = random.pick(STEPS); steps > 0; steps -= 1)
      input = random.pick(target.mutators)(input, random, draw);
    if (input.length <= (target.maxBytes ?? MAX_BYTES)) yield { input, isSeed: false };
  }
}

const RECENT = 24;
const PROGRESS_MS = 10_000;
const STEPS = [1, 1, 1, 2, 2, 3, 5];
const MAX_BYTES = 16_384;
/** The bounds of one input. */
const MAX_MS = 200;
const MAX_GROWTH = 100_000_000;
const REPEATS = 4;
const NOTABLE_MS = 5;
const UNMEASURED = 500;
