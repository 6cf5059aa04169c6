import * as worker from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

import type { WorkerCall } from '../adapters/worker-thread/index.ts';
import { composeStanding } from './compose-standing.ts';
import type { StandingSource } from './compose-standing.ts';
import type { Instant } from './domain/message.ts';
import type { Rejection } from './domain/rejection.ts';
import type { Result } from './domain/result.ts';
import { judge } from './pipeline/judge.ts';
import type { JudgedMessage } from './pipeline/judge.ts';
import type { Incoming } from './pipeline/receive.ts';

/** A bericht to judge in the other thread, at the gateway's time. */
export interface JudgeCall {
  readonly incoming: Incoming;
  readonly now: Instant;
}

/** What comes back. */
export type JudgeAnswer = Result<JudgedMessage, Rejection>;

/** Bodies from this size are judged in a thread of their own, so the accepting one keeps answering (DESIGN 5). */
export const WORKER_THRESHOLD_BYTES = 256 * 1024;

// Node gives workerData no type; main.ts gives it this one, and in the main thread there is none.
const threads: { readonly parentPort: MessagePort | null; readonly workerData: StandingSource } = worker;

if (threads.parentPort !== null) {
  const port = threads.parentPort;
  const standing = composeStanding(threads.workerData);
  port.on('message', ({ id, value }: WorkerCall<JudgeCall>) => {
    port.postMessage({
      id,
      value: judge(value.incoming, { ...standing, now: value.now }),
    } satisfies WorkerCall<JudgeAnswer>);
  });
}
