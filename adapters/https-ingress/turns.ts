import { createUsage } from './usage.ts';
import type { Usage } from './usage.ts';

/** Lets requests go on one by one, so that a caller that floods waits for itself and others don't wait for it. */
export interface Turns {
  /** Resolves to true when it is this caller's turn, to false when too many of it wait or it took too long. */
  take(key: string): Promise<boolean>;
  /** Runs work, of which the synchronous beginning is on the account of the caller. */
  charge<T>(key: string, work: () => T): T;
  /** Notes work of this thread that was done for the caller already. */
  add(key: string, ms: number): void;
  /** Lets all through that wait, and all that come. */
  stop(): void;
}

/** What the turns go by. */
export interface TurnsOptions {
  readonly nowMs: () => number;
  /** The part of the time, 0 to 1, that this thread was at work lately. */
  readonly busy: () => number;
  /** How long a request waits for its turn at most. */
  readonly maxWaitMs: number;
  /** How many of one caller wait at most. */
  readonly maxWaiting: number;
}

interface Waiting {
  readonly since: number;
  readonly resolve: (isTurn: boolean) => void;
}

/**
 * One turn at a time, and between two of them the loop sees to everything else; who used least goes first. A caller that used
 * far more than the others gets turns only while this thread is idle half of its time, as long as there are others: what they
 * send then finds it free. Alone, a caller may use all of it.
 */
export function createTurns(options: TurnsOptions): Turns {
  return new FairTurns(options);
}

class FairTurns implements Turns {
  readonly #options: TurnsOptions;
  readonly #usage: Usage;
  readonly #queues = new Map<string, Waiting[]>();
  /** Whether nobody had a turn yet in this round of the loop. */
  #isFree = true;
  #isYielding = false;
  #isStopped = false;
  /** When somebody who is held back had a turn last. */
  #heldSince = 0;
  #holding: NodeJS.Timeout | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#usage = createUsage(options.nowMs);
  }

  take(key: string): Promise<boolean> {
    this.#usage.see(key);
    this.#usage.add(key, TURN_MS);
    const queue = this.#queues.get(key) ?? [];
    this.#goOnSoon();
    // Who waits while no turn is being given is held back, and needn't be waited for.
    if (this.#isStopped || (this.#isFree && queue.length === 0)) {
      this.#isFree = false;
      return Promise.resolve(true);
    }
    if (queue.length >= this.#options.maxWaiting) return Promise.resolve(false);
    return new Promise((resolve) => {
      queue.push({ since: this.#options.nowMs(), resolve });
      this.#queues.set(key, queue);
    });
  }

  charge<T>(key: string, work: () => T): T {
    const from = this.#options.nowMs();
    try {
      return work();
    } finally {
      this.#usage.add(key, this.#options.nowMs() - from);
    }
  }

  add(key: string, ms: number): void {
    this.#usage.add(key, ms);
  }

  stop(): void {
    this.#isStopped = true;
    for (const queue of this.#queues.values()) for (const { resolve } of queue) resolve(true);
    this.#queues.clear();
  }

  #goOnSoon(): void {
    if (this.#isYielding) return;
    this.#isYielding = true;
    setImmediate(() => {
      this.#isYielding = false;
      this.#isFree = true;
      this.#goOn();
    });
  }

  #goOn(): void {
    dropOverdue(this.#queues, this.#options.nowMs() - this.#options.maxWaitMs);
    const key = firstOf(this.#queues, this.#usage);
    if (key === undefined) return;
    if (this.#isHeldBack(key)) {
      if (this.#holding !== undefined) return;
      this.#holding = setTimeout(() => {
        this.#tryHeldBack();
      }, HOLD_MS);
    } else {
      this.#give(key);
      this.#goOnSoon();
    }
  }

  // Who has but a few waiting sends them one after another, and can't keep others from anything.
  #isHeldBack(key: string): boolean {
    return (this.#queues.get(key)?.length ?? 0) > A_FEW && this.#usage.isExcessive(key);
  }

  #tryHeldBack(): void {
    this.#holding = undefined;
    const key = firstOf(this.#queues, this.#usage);
    const now = this.#options.nowMs();
    if (key !== undefined && (this.#options.busy() < HALF || now - this.#heldSince >= MOST_HELD_MS)) {
      this.#heldSince = now;
      this.#give(key);
    }
    this.#goOn();
  }

  #give(key: string): void {
    this.#isFree = false;
    const queue = this.#queues.get(key) ?? [];
    queue.shift()?.resolve(true);
    if (queue.length === 0) this.#queues.delete(key);
  }
}

function firstOf(queues: ReadonlyMap<string, readonly Waiting[]>, usage: Usage): string | undefined {
  let [first, least]: [string | undefined, number] = [undefined, Infinity];
  for (const key of queues.keys()) {
    const own = usage.of(key);
    if (own < least) [first, least] = [key, own];
  }
  return first;
}

function dropOverdue(queues: Map<string, Waiting[]>, before: number): void {
  for (const [key, queue] of queues) {
    while (queue[0] !== undefined && queue[0].since < before) queue.shift()?.resolve(false);
    if (queue.length === 0) queues.delete(key);
  }
}

// Reading a request and writing an answer, beside what is measured.
const TURN_MS = 0.25;
const A_FEW = 4;
const HOLD_MS = 3;
const HALF = 0.5;
// Also on a machine that does other work all the time, those held back go on.
const MOST_HELD_MS = 20;
