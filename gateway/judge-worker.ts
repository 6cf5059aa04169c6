import { parentPort, workerData } from 'node:worker_threads';

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

// eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- given by main.ts and nobody else
const source = workerData as StandingSource | undefined;

if (parentPort !== null && source !== undefined) {
  const port = parentPort;
  const standing = composeStanding(source);
  port.on('message', ({ id, value }: WorkerCall<JudgeCall>) => {
    port.postMessage({
      id,
      value: judge(value.incoming, { ...standing, now: value.now }),
    } satisfies WorkerCall<JudgeAnswer>);
  });
}
