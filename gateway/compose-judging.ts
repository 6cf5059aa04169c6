import { createWorkerThread } from '../adapters/worker-thread/index.ts';
import type { WorkerThread } from '../adapters/worker-thread/index.ts';
import type { TrustStore } from './codec/certificate.ts';
import { assertTypesLive, composeStanding, composeTrust } from './compose-standing.ts';
import type { StandingSource, TrustSource } from './compose-standing.ts';
import type { RuleSet } from './domain/participants.ts';
import { WORKER_THRESHOLD_BYTES } from './judge-worker.ts';
import type { JudgeAnswer, JudgeCall } from './judge-worker.ts';
import { judge } from './pipeline/judge.ts';
import { ConfigurationFault, GatewayFault } from './ports/faults.ts';
import type { Clock } from './ports/system.ts';
import type { JudgeRunner, Standing } from './services/parts.ts';
import type { NewRules } from './services/reload.ts';
import type { ListInForce } from './services/watch-revocation.ts';

/** The standing under which berichten are judged, in this thread and in the one for large berichten. */
export interface Judging {
  readonly judge: JudgeRunner;
  readonly standing: () => Standing;
  /**
   * Reads other rule files beside the present ones, in the other thread: a national set takes a second of work, in which this
   * one keeps answering. Rejects with ConfigurationFault when something is wrong in them.
   */
  readonly read: (ruleFiles: StandingSource['ruleFiles']) => Promise<NewRules>;
  /** Takes these revocation lists, and no others, into force in both threads. */
  readonly useLists: (lists: readonly ListInForce[]) => Promise<void>;
  /** Takes roots and intermediates into force in both threads. */
  readonly useTrust: (trust: Pick<TrustSource, 'rootsPem' | 'intermediatesPem'>) => Promise<void>;
  close(): Promise<void>;
}

/** Small berichten are judged in this thread; large ones by the same stages in one of their own. */
export function createJudging(files: StandingSource, clock: Clock): Judging {
  const held: Held = { source: files, standing: composeStanding(files) };
  const thread = createWorkerThread<JudgeCall, JudgeAnswer>(
    new URL('./judge-worker.js', import.meta.url),
    () => held.source,
  );
  return {
    standing: () => held.standing,
    judge: (incoming) =>
      incoming.body.byteLength > WORKER_THRESHOLD_BYTES
        ? judgeIn(thread, { ask: 'judgement', incoming, now: clock.now() })
        : Promise.resolve(judge(incoming, { ...held.standing, now: clock.now() })),
    read: async (ruleFiles) => {
      const rules = await readIn(thread, { ask: 'rules', ruleFiles });
      assertTypesLive({ ...held.standing, rules });
      return {
        rules,
        apply: async () => {
          held.source = { ...held.source, ruleFiles };
          held.standing = { ...held.standing, rules };
          // Whatever it is asked after this is judged after it. One that can't follow goes: the next starts from the source.
          await thread.run({ ask: 'use', ruleSetHash: rules.hash }).catch(() => thread.close());
        },
      };
    },
    useLists: (lists) => useTrust(held, thread, composeLists(held, lists)),
    useTrust: (pem) => {
      const { revocation, environment } = held.standing.trust;
      const store = composeTrust({ environment, ...pem });
      return useTrust(held, thread, {
        source: pem,
        store: revocation === undefined ? store : { ...store, revocation },
      });
    },
    close: () => thread.close(),
  };
}

interface Held {
  source: StandingSource;
  standing: Standing;
}

/** What changes of whom to trust: as files have it, and as it is judged by. */
interface NewTrust {
  readonly source: Partial<TrustSource>;
  readonly store: TrustStore;
}

// In this thread at once; what the other is asked after this is judged after it.
async function useTrust(held: Held, thread: JudgeThread, { source, store }: NewTrust): Promise<void> {
  held.source = { ...held.source, ...source };
  held.standing = { ...held.standing, trust: store };
  const { environment, rootsPem, intermediatesPem, revocation } = held.source;
  const trust = { environment, rootsPem, intermediatesPem, ...(revocation === undefined ? {} : { revocation }) };
  if (thread.isStarted()) await thread.run({ ask: 'trust', trust }).catch(() => thread.close());
}

// The lists were read in this thread already; the other reads their octets itself.
function composeLists({ source, standing }: Held, lists: readonly ListInForce[]): NewTrust {
  const isRequired = source.revocation?.isRequired === true;
  const plain = lists.map(({ authority, held }) => ({
    certificatePem: authority.certificate.x509.toString(),
    graceMs: authority.graceMs,
    held: held && { octets: held.octets, readAt: held.readAt },
  }));
  const read = lists.map(
    ({ authority: { certificate, graceMs }, held }) => [certificate.authority, { graceMs, list: held?.list }] as const,
  );
  return {
    source: { revocation: { isRequired, authorities: plain } },
    store: { ...standing.trust, revocation: { isRequired, authorities: new Map(read) } },
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
