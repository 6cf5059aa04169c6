import * as worker from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

import type { WorkerAnswer, WorkerCall } from '../adapters/worker-thread/index.ts';
import { composeRules, composeStanding, composeTrust } from './compose-standing.ts';
import type { StandingSource, TrustSource } from './compose-standing.ts';
import type { Instant } from './domain/message.ts';
import type { RuleSet } from './domain/participants.ts';
import type { Rejection } from './domain/rejection.ts';
import { err, ok } from './domain/result.ts';
import type { Result } from './domain/result.ts';
import { judge } from './pipeline/judge.ts';
import type { JudgedMessage } from './pipeline/judge.ts';
import type { Incoming } from './pipeline/receive.ts';
import { ConfigurationFault, GatewayFault } from './ports/faults.ts';
import type { Standing } from './services/parts.ts';

/** What the other thread is asked. */
export type JudgeCall =
  /** To judge a bericht, at the gateway's time. */
  | { readonly ask: 'judgement'; readonly incoming: Incoming; readonly now: Instant }
  /** Which rules are in these files; nothing changes yet. */
  | { readonly ask: 'rules'; readonly ruleFiles: StandingSource['ruleFiles'] }
  /** To go by the rules of this hash, those it was last asked for, from here on. */
  | { readonly ask: 'use'; readonly ruleSetHash: string }
  /** To trust these from here on. */
  | { readonly ask: 'trust'; readonly trust: TrustSource };

/** What comes back; files in which something is wrong give what a person needs to know of it. */
export type JudgeAnswer =
  | { readonly kind: 'judgement'; readonly judgement: Result<JudgedMessage, Rejection> }
  | { readonly kind: 'rules'; readonly rules: Result<RuleSet, string> }
  | { readonly kind: 'used' };

/** Bodies from this size are judged in a thread of their own, so the accepting one keeps answering. */
export const WORKER_THRESHOLD_BYTES = 256 * 1024;

// Node gives workerData no type; main.ts gives it this one, and in the main thread there is none.
const threads: { readonly parentPort: MessagePort | null; readonly workerData: StandingSource } = worker;

if (threads.parentPort !== null) {
  const port = threads.parentPort;
  const held: Held = { standing: composeStanding(threads.workerData), read: undefined };
  port.on('message', ({ id, value }: WorkerCall<JudgeCall>) => {
    port.postMessage(tryAnswer(id, value, held));
  });
}

interface Held {
  standing: Standing;
  read: RuleSet | undefined;
}

// One bericht that can't be judged must not take along those that wait behind it. WebAssembly that broke is left behind.
function tryAnswer(id: number, call: JudgeCall, held: Held): WorkerAnswer<JudgeAnswer> {
  try {
    return { id, value: answer(call, held) };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'RuntimeError') throw cause;
    return { id, fault: true };
  }
}

function answer(call: JudgeCall, held: Held): JudgeAnswer {
  switch (call.ask) {
    case 'judgement':
      return { kind: 'judgement', judgement: judge(call.incoming, { ...held.standing, now: call.now }) };
    case 'rules': {
      const rules = tryRules(call.ruleFiles);
      held.read = rules.ok ? rules.value : undefined;
      return { kind: 'rules', rules };
    }
    case 'use':
      if (held.read?.hash === call.ruleSetHash) held.standing = { ...held.standing, rules: held.read };
      // A thread that was started since has them from its start.
      if (held.standing.rules.hash !== call.ruleSetHash) throw new GatewayFault('ERR_WORKER_RULES');
      return { kind: 'used' };
    case 'trust':
      held.standing = { ...held.standing, trust: composeTrust(call.trust) };
      return { kind: 'used' };
  }
}

function tryRules(files: StandingSource['ruleFiles']): Result<RuleSet, string> {
  try {
    return ok(composeRules(files));
  } catch (fault) {
    if (fault instanceof ConfigurationFault) return err(fault.explanation);
    throw fault;
  }
}
