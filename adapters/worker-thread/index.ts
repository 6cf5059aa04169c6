import { Worker } from 'node:worker_threads';

import { GatewayFault } from '../../gateway/ports/faults.ts';

/** The thread that did the work ended before it answered, or says that it couldn't do it. */
export class WorkerFault extends GatewayFault {}

/** Runs work in one thread of its own, in the order it was asked. */
export interface WorkerThread<TIn, TOut> {
  /** Rejects with WorkerFault when the thread ends first; the next call gets a new thread. */
  run(input: TIn): Promise<TOut>;
  /** Ends the thread once all it was asked is answered; it is asked nothing more. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting<TOut> {
  readonly resolve: (output: TOut) => void;
  readonly reject: (fault: WorkerFault) => void;
}

/** What the script gets for each call. */
export interface WorkerCall<T> {
  readonly id: number;
  readonly value: T;
}

/** What the script answers, with the id of the call: a fault ends that call and no other. */
export type WorkerAnswer<T> = WorkerCall<T> | { readonly id: number; readonly fault: true };

/** Starts the thread at the first call; `script` is a compiled module that gets `data` as `workerData`. */
export function createWorkerThread<TIn, TOut>(script: URL, data: unknown): WorkerThread<TIn, TOut> {
  const calls = new Calls<TOut>();
  let worker: Worker | undefined;

  const start = (): Worker => {
    const started = new Worker(script, { workerData: data });
    // An idle thread keeps no process alive.
    started.unref();
    started.on('message', (answer: WorkerAnswer<TOut>) => {
      calls.settle(answer);
    });
    const fail = (cause: unknown): void => {
      if (worker === started) worker = undefined;
      calls.failAll(cause);
    };
    started.on('error', fail);
    started.on('exit', () => {
      fail(undefined);
    });
    return started;
  };

  return {
    run: (input) => {
      worker ??= start();
      const { id, answered } = calls.open();
      worker.postMessage({ id, value: input } satisfies WorkerCall<TIn>);
      return answered;
    },
    async retire() {
      await calls.none();
      await worker?.terminate();
    },
    async close() {
      await worker?.terminate();
    },
  };
}

/** Calls that wait for their answer. */
class Calls<TOut> {
  readonly #waiting = new Map<number, Waiting<TOut>>();
  readonly #onNone: (() => void)[] = [];
  #lastId = 0;

  open(): { readonly id: number; readonly answered: Promise<TOut> } {
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<TOut>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    return { id, answered };
  }

  settle(answer: WorkerAnswer<TOut>): void {
    const call = this.#waiting.get(answer.id);
    if ('fault' in answer) call?.reject(new WorkerFault('ERR_WORKER_CALL'));
    else call?.resolve(answer.value);
    this.#waiting.delete(answer.id);
    this.#tellNone();
  }

  failAll(cause: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(new WorkerFault('ERR_WORKER_ENDED', { cause }));
    this.#waiting.clear();
    this.#tellNone();
  }

  none(): Promise<void> {
    return new Promise((resolve) => {
      this.#onNone.push(resolve);
      this.#tellNone();
    });
  }

  #tellNone(): void {
    if (this.#waiting.size === 0) for (const tell of this.#onNone.splice(0)) tell();
  }
}
