import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMemoryBroker } from '../../adapters/memory/broker.ts';
import { createMemoryKeys } from '../../adapters/memory/transit-keys.ts';
import { openFileRegister } from '../../adapters/register-file/index.ts';
import { createIds } from '../../adapters/system/index.ts';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import { createReceiptXmlFormat } from '../../gateway/codec/receipt-xml.ts';
import { isOin } from '../../gateway/domain/oin.ts';
import type { TransitionKind } from '../../gateway/domain/register-entry.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import type { Broker, PublishOutcome } from '../../gateway/ports/broker.ts';
import type { PushAnswer, PushRequest } from '../../gateway/ports/deliverer.ts';
import type { GatewayEvent } from '../../gateway/ports/events.ts';
import type { ReceiptForm, Submission } from '../../gateway/ports/gateway-api.ts';
import type { Register } from '../../gateway/ports/register.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import type { TransitKeys } from '../../gateway/ports/transit-keys.ts';
import { createBell } from '../../gateway/services/bell.ts';
import { createInFlight } from '../../gateway/services/in-flight.ts';
import type { Parts } from '../../gateway/services/parts.ts';
import { NOW } from './berichten.ts';
import type { RuleChanges } from './standing.ts';
import { openWorkshop } from './workshop.ts';
import type { Workshop } from './workshop.ts';

/** A clock that stands until it is moved; sleepers wake when it passes them. */
export interface TestClock extends Clock {
  advance(ms: number): Promise<void>;
}

/** The services on real parts in memory, with every effect noted in order. */
export interface TestServices {
  readonly parts: Parts;
  readonly clock: TestClock;
  readonly workshop: Workshop;
  readonly events: readonly GatewayEvent[];
  /** `record received`, `publish`, `push`, `key removed` … in the order they took hold. */
  readonly effects: string[];
  readonly pushes: readonly PushRequest[];
  readonly registerFolder: string;
  /** What the next publishes come to; `undefined` leaves it to the broker. */
  publishWith(outcome: ((id: string) => PublishOutcome | undefined) | undefined): void;
  /** What the recipients answer. */
  answerWith(answer: (request: PushRequest) => PushAnswer | Promise<PushAnswer>): void;
  /** Waits until nothing took hold for a while: all that can go on without the clock has gone on. */
  settle(): Promise<void>;
  /** Makes the register fail from now on (for one kind of record, or all), or work again. */
  breakRegister(broken: boolean | TransitionKind): void;
  /** Parts of a gateway started anew: the same register and keys (or fresh ones), another broker. */
  restart(options: { readonly keepKeys: boolean; readonly keepBroker: boolean }): Promise<Parts>;
  close(): Promise<void>;
}

/** Opens services on a register in a folder of its own. */
export async function openServices(rules: RuleChanges = {}): Promise<TestServices> {
  const workshop = openWorkshop();
  const standing = workshop.withRules(rules);
  const registerFolder = mkdtempSync(join(tmpdir(), 'register-'));
  const events: GatewayEvent[] = [];
  const effects: string[] = [];
  const pushes: PushRequest[] = [];
  const settle = async (): Promise<void> => {
    for (let quiet = 0, seen = -1; quiet < 4; quiet += 1) {
      if (effects.length !== seen) quiet = 0;
      seen = effects.length;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const clock = createTestClock(settle);
  let outcome: ((id: string) => PublishOutcome | undefined) | undefined;
  let answer: (request: PushRequest) => PushAnswer | Promise<PushAnswer> = confirm;
  const state: { broken: boolean | TransitionKind } = { broken: false };
  const open = async (keys: TransitKeys, broker: Broker, isDurable = false): Promise<Parts> => ({
    register: watchRegister(await openRegister(registerFolder, clock, workshop), effects, state),
    keys: watchKeys(keys, effects),
    broker: watchBroker(broker, effects, { isDurable, outcome: (id) => outcome?.(id) }),
    deliverer: {
      push: async (request) => {
        pushes.push(request);
        effects.push('push');
        return answer(request);
      },
      close: () => Promise.resolve(),
    },
    events: { emit: (event) => void events.push(event) },
    clock,
    ids: createIds(clock),
    judge: (incoming: Incoming) => Promise.resolve(judge(incoming, { ...standing, now: clock.now() })),
    standing: () => standing,
    issuer: issuerOf(workshop),
    formatReceiptXml: createReceiptXmlFormat(issuerOf(workshop)),
    settings: SETTINGS,
    inFlight: createInFlight(),
    bell: createBell(clock),
  });
  let keys = createMemoryKeys();
  let broker = createMemoryBroker();
  let parts = await open(keys, broker);
  await parts.broker.ensurePoints([...standing.rules.points.keys()]);
  return {
    get parts() {
      return parts;
    },
    clock,
    workshop,
    events,
    effects,
    pushes,
    registerFolder,
    settle,
    publishWith: (next) => {
      outcome = next;
    },
    answerWith: (next) => {
      answer = next;
    },
    breakRegister: (broken) => {
      state.broken = broken;
    },
    async restart({ keepKeys, keepBroker }) {
      await parts.register.close();
      if (!keepKeys) keys = createMemoryKeys();
      if (!keepBroker) broker = createMemoryBroker();
      parts = await open(keys, broker, keepBroker);
      await parts.broker.ensurePoints([...standing.rules.points.keys()]);
      return parts;
    },
    close: () => parts.register.close(),
  };
}

/** A submission as a connection profile hands it over. */
export function toSubmission(incoming: Incoming, receiptForm: ReceiptForm = 'jws'): Submission {
  const { callerCertificate, headers, body, receivedAt } = incoming;
  return { caller: { certificate: callerCertificate }, headers, body, receivedAt, receiptForm };
}

/** The answer of a recipient that takes what it gets. */
export function confirm(request: PushRequest): PushAnswer {
  const headers = new Map([
    ['bericht-id', [String(request.headers['Bericht-Id'])]],
    ['digest', [String(request.headers['Digest'])]],
  ]);
  return { kind: 'answer', status: 200, headers, body: new Uint8Array() };
}

/** The answer of a recipient that fails with a status. */
export function answerStatus(status: number): () => PushAnswer {
  return () => ({ kind: 'answer', status, headers: new Map(), body: new Uint8Array() });
}

const SETTINGS = {
  publishTimeoutMs: 1_000,
  attemptTimeoutMs: 1_000,
  leaseMs: 60_000,
  pollMs: 1_000,
  tickMs: 1_000,
  unacceptedMs: 15 * 60_000,
  prefetch: 4,
  faultsBeforePause: 3,
  backoffBaseMs: 1_000,
  backoffCapMs: 60_000,
  drainMs: 10_000,
} as const;

function createTestClock(settle: () => Promise<void>): TestClock {
  let now = NOW;
  const sleepers = new Set<{ readonly at: number; wake(): void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          at: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        if (ms <= 0 || signal?.aborted === true) {
          resolve();
          return;
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    async advance(ms) {
      await settle();
      now += ms;
      for (const sleeper of [...sleepers]) if (sleeper.at <= now) sleeper.wake();
      await settle();
    },
  };
}

function openRegister(folder: string, clock: Clock, { pki }: Workshop): Promise<Register> {
  const { certificatePem, privateKeyPem } = pki.gateway.checkpoint;
  const [certificate] = parseCertificatesPem(certificatePem);
  return openFileRegister({
    folder,
    clock,
    environment: 'ontwikkeling',
    checkpointSigner: {
      thumbprint: String(certificate?.thumbprint),
      certificatePem,
      sign: (bytes) => sign('sha256', bytes, { key: privateKeyPem, dsaEncoding: 'ieee-p1363' }).toString('base64'),
    },
  });
}

function watchBroker(
  broker: Broker,
  effects: string[],
  { isDurable, outcome }: { readonly isDurable: boolean; readonly outcome: (id: string) => PublishOutcome | undefined },
): Broker {
  return {
    durable: isDurable,
    ensurePoints: (points) => broker.ensurePoints(points),
    publish: async (message, options) => {
      const published = outcome(message.messageId) ?? (await broker.publish(message, options));
      effects.push(`publish ${published}`);
      return published;
    },
    consume: (point, options, handler) => broker.consume(point, options, handler),
    fetch: (point) => broker.fetch(point),
    isHealthy: () => broker.isHealthy(),
    onHealth: (listener) => broker.onHealth(listener),
    close: () => broker.close(),
  };
}

function watchRegister(
  register: Register,
  effects: string[],
  state: { readonly broken: boolean | TransitionKind },
): Register {
  return {
    record: async (transition) => {
      if (state.broken === true || state.broken === transition.kind) throw new Error('disk full');
      const recorded = await register.record(transition);
      const what = transition.kind === 'ended' ? `ended ${transition.end.state}` : transition.kind;
      effects.push(`record ${what}${recorded.outcome === 'recorded' ? '' : ` (${recorded.outcome})`}`);
      return recorded;
    },
    find: (id) => register.find(id),
    open: () => register.open(),
    pendingNotices: (sender, limit) => register.pendingNotices(sender, limit),
    findNotice: (noticeId) => register.findNotice(noticeId),
    findRepeat: (repeatKey) => register.findRepeat(repeatKey),
    findSent: (sender, recipient) => register.findSent(sender, recipient),
    findAwaiting: (awaited) => register.findAwaiting(awaited),
    dueReplies: (at) => register.dueReplies(at),
    rulesInForce: () => register.rulesInForce(),
    isHealthy: () => register.isHealthy(),
    close: () => register.close(),
  };
}

function watchKeys(keys: TransitKeys, effects: string[]): TransitKeys {
  return {
    find: (id) => keys.find(id),
    ids: () => keys.ids(),
    isHealthy: () => keys.isHealthy(),
    close: () => keys.close(),
    create: async (id) => {
      const key = await keys.create(id);
      effects.push(id.startsWith('evidence:') ? 'evidence key made' : 'key made');
      return key;
    },
    remove: async (id) => {
      await keys.remove(id);
      effects.push(id.startsWith('evidence:') ? 'evidence key removed' : 'key removed');
    },
  };
}

function issuerOf({ pki }: Workshop): Parts['issuer'] {
  const { signing } = pki.gateway;
  const chain = parseCertificatesPem(signing.chainPem);
  const [oin] = chain[0]?.subjectOins ?? [];
  if (oin === undefined || !isOin(oin)) throw new RangeError('the gateway certificate has no OIN');
  return { oin, environment: 'ontwikkeling', privateKey: createPrivateKey(signing.privateKeyPem), chain };
}
