import type { GivenReceipt } from '../codec/receipt-xml.ts';
import type { ReceiptIssuer } from '../codec/receipts.ts';
import type { Rejection } from '../domain/rejection.ts';
import type { Result } from '../domain/result.ts';
import type { StageContext } from '../pipeline/context.ts';
import type { JudgedMessage } from '../pipeline/judge.ts';
import type { Incoming } from '../pipeline/receive.ts';
import type { Broker } from '../ports/broker.ts';
import type { Deliverer } from '../ports/deliverer.ts';
import type { Events } from '../ports/events.ts';
import type { Register } from '../ports/register.ts';
import type { Clock, Ids } from '../ports/system.ts';
import type { TransitKeys } from '../ports/transit-keys.ts';
import type { Bell } from './bell.ts';
import type { InFlight } from './in-flight.ts';

/** What judges one bericht; a large one may be judged in another thread, always by the same stages. */
export type JudgeRunner = (incoming: Incoming) => Promise<Result<JudgedMessage, Rejection>>;

/** The values every stage looks at, except the time and the bericht. Replaced as a whole when rules or trust change. */
export type Standing = Omit<StageContext, 'now' | 'own'>;

/** Times and counts, all with their unit in the name. */
export interface Settings {
  readonly publishTimeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly tickMs: number;
  /** How long a bericht may stay `received` without anything on its queue. */
  readonly unacceptedMs: number;
  readonly prefetch: number;
  /** Faults in a row, without a success between them, after which a point pauses. */
  readonly faultsBeforePause: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** How long attempts that run may still take when the gateway stops. */
  readonly drainMs: number;
}

/** Everything the services work with: ports, current values, and what they share among themselves. */
export interface Parts {
  readonly register: Register;
  readonly keys: TransitKeys;
  readonly broker: Broker;
  readonly deliverer: Deliverer;
  readonly events: Events;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly judge: JudgeRunner;
  readonly standing: () => Standing;
  readonly issuer: ReceiptIssuer;
  readonly formatReceiptXml: (given: GivenReceipt) => Promise<Uint8Array>;
  readonly settings: Settings;
  readonly inFlight: InFlight;
  readonly bell: Bell;
}

/** The context of a judgement made now. */
export function contextNow(parts: Pick<Parts, 'standing' | 'clock'>): Omit<StageContext, 'own'> {
  return { ...parts.standing(), now: parts.clock.now() };
}
