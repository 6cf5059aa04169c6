import { createWorkerThread } from '../adapters/worker-thread/index.ts';
import type { WorkerThread } from '../adapters/worker-thread/index.ts';
import { assertTypesLive, composeStanding } from './compose-standing.ts';
import type { StandingSource } from './compose-standing.ts';
import type { RuleSet } from './domain/participants.ts';
import { WORKER_THRESHOLD_BYTES } from './judge-worker.ts';
import type { JudgeAnswer, JudgeCall } from './judge-worker.ts';
import { judge } from './pipeline/judge.ts';
import { ConfigurationFault, GatewayFault } from './ports/faults.ts';
import type { Clock } from './ports/system.ts';
import type { JudgeRunner, Standing } from './services/parts.ts';
import type { NewRules } from './services/reload.ts';

/** The standing under which berichten are judged, in this thread and in the one for large berichten. */
export interface Judging {
  readonly judge: JudgeRunner;
  readonly standing: () => Standing;
  /**
   * Reads other rule files beside the present ones, in the other thread: a national set takes a second of work, in which this
   * one keeps answering. Rejects with ConfigurationFault when something is wrong in them.
   */
  readonly read: (ruleFiles: StandingSource['ruleFiles']) => Promise<NewRules>;
  close(): Promise<void>;
}

/** Small berichten are judged in this thread; large ones by the same stages in one of their own. */
export function createJudging(files: StandingSource, clock: Clock): Judging {
  let source = files;
  let standing = composeStanding(source);
  const thread = createWorkerThread<JudgeCall, JudgeAnswer>(
    new URL('./judge-worker.js', import.meta.url),
    () => source,
  );
  return {
    standing: () => standing,
    judge: (incoming) =>
      incoming.body.byteLength > WORKER_THRESHOLD_BYTES
        ? judgeIn(thread, { ask: 'judgement', incoming, now: clock.now() })
        : Promise.resolve(judge(incoming, { ...standing, now: clock.now() })),
    read: async (ruleFiles) => {
      const rules = await readIn(thread, { ask: 'rules', ruleFiles });
      assertTypesLive({ ...standing, rules });
      return {
        rules,
        apply: async () => {
          source = { ...source, ruleFiles };
          standing = { ...standing, rules };
          // Whatever it is asked after this is judged after it. One that can't follow goes: the next starts from `source`.
          await thread.run({ ask: 'use', ruleSetHash: rules.hash }).catch(() => thread.close());
        },
      };
    },
    close: () => thread.close(),
  };
}

type JudgeThread = WorkerThread<JudgeCall, JudgeAnswer>;

async function judgeIn(thread: JudgeThread, call: JudgeCall): ReturnType<JudgeRunner> {
  const answer = await thread.run(call);
  if (answer.kind !== 'judgement') throw new GatewayFault('ERR_WORKER_ANSWER');
  return answer.judgement;
}

async function readIn(thread: JudgeThread, call: JudgeCall): Promise<RuleSet> {
  const answer = await thread.run(call);
  if (answer.kind !== 'rules') throw new GatewayFault('ERR_WORKER_ANSWER');
  if (!answer.rules.ok) throw new ConfigurationFault('ERR_RULES_INVALID', answer.rules.error);
  return answer.rules.value;
}
