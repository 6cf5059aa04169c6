import * as worker from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

import type { WorkerAnswer, WorkerCall } from '../adapters/worker-thread/index.ts';
import { composeStanding } from './compose-standing.ts';
import type { StandingSource } from './compose-standing.ts';
import type { Instant } from './domain/message.ts';
import type { Rejection } from './domain/rejection.ts';
import type { Result } from './domain/result.ts';
import { judge } from './pipeline/judge.ts';
import type { JudgedMessage } from './pipeline/judge.ts';
import type { Incoming } from './pipeline/receive.ts';
import type { Standing } from './services/parts.ts';

/** A bericht to judge in the other thread, at the gateway's time. */
export interface JudgeCall {
  readonly incoming: Incoming;
  readonly now: Instant;
}

/** What comes back. */
export type JudgeAnswer = Result<JudgedMessage, Rejection>;

/** Bodies from this size are judged in a thread of their own, so the accepting one keeps answering. */
export const WORKER_THRESHOLD_BYTES = 256 * 1024;

// Node gives workerData no type; main.ts gives it this one, and in the main thread there is none.
const threads: { readonly parentPort: MessagePort | null; readonly workerData: StandingSource } = worker;

if (threads.parentPort !== null) {
  const port = threads.parentPort;
  const standing = composeStanding(threads.workerData);
  port.on('message', (call: WorkerCall<JudgeCall>) => {
    port.postMessage(answer(call, standing));
  });
}

// One bericht that can't be judged must not take along those that wait behind it. WebAssembly that broke is left behind.
function answer({ id, value }: WorkerCall<JudgeCall>, standing: Standing): WorkerAnswer<JudgeAnswer> {
  try {
    return { id, value: judge(value.incoming, { ...standing, now: value.now }) };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'RuntimeError') throw cause;
    return { id, fault: true };
  }
}
