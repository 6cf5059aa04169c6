import { Worker } from 'node:worker_threads';

import { GatewayFault } from '../../gateway/ports/faults.ts';

/** The thread that did the work ended before it answered, or says that it couldn't do it. */
export class WorkerFault extends GatewayFault {}

/** Runs work in one thread of its own, in the order it was asked. */
export interface WorkerThread<TIn, TOut> {
  /** Rejects with WorkerFault when the thread ends first; the next call gets a new thread. */
  run(input: TIn): Promise<TOut>;
  /** Whether there is a thread; the next one gets the data of its own start. */
  isStarted(): boolean;
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

/** Starts the thread at the first call; `script` is a compiled module that gets as `workerData` what `data` gives at that moment. */
export function createWorkerThread<TIn, TOut>(script: URL, data: () => unknown): WorkerThread<TIn, TOut> {
  const waiting = new Map<number, Waiting<TOut>>();
  let worker: Worker | undefined;
  let lastId = 0;

  const start = (): Worker => {
    const started = new Worker(script, { workerData: data() });
    // An idle thread keeps no process alive.
    started.unref();
    started.on('message', (answer: WorkerAnswer<TOut>) => {
      settle(waiting, answer);
    });
    const fail = (cause: unknown): void => {
      // An exit after an error finds a next thread, or none, with calls of its own.
      if (worker !== started) return;
      worker = undefined;
      for (const { reject } of waiting.values()) reject(new WorkerFault('ERR_WORKER_ENDED', { cause }));
      waiting.clear();
    };
    started.on('error', fail);
    started.on('exit', () => {
      fail(undefined);
    });
    return started;
  };

  return {
    run: (input) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, value: input } satisfies WorkerCall<TIn>);
      }),
    isStarted: () => worker !== undefined,
    async close() {
      await worker?.terminate();
    },
  };
}

function settle<TOut>(waiting: Map<number, Waiting<TOut>>, answer: WorkerAnswer<TOut>): void {
  const call = waiting.get(answer.id);
  if ('fault' in answer) call?.reject(new WorkerFault('ERR_WORKER_CALL'));
  else call?.resolve(answer.value);
  waiting.delete(answer.id);
}
