import type { Events } from '../../gateway/ports/events.ts';
import { ConfigurationFault, type GatewayFault } from '../../gateway/ports/faults.ts';

/** What health is made of. */
export interface BrokerState {
  /** The version of the broker, while both connections stand. */
  readonly version: string | undefined;
  /** The broker holds up publishers: an alarm of memory or disk. */
  readonly isBlocked: boolean;
}

/** Turns the state of the connections into health, events and the end of the wait at the start. */
export class Health {
  readonly #events: Events;
  readonly #listeners = new Set<(healthy: boolean) => void>();
  #state: BrokerState = { version: undefined, isBlocked: false };
  #lastFault: string | undefined;
  readonly #first: Promise<void>;
  #resolveFirst: () => void = () => undefined;
  #rejectFirst: (fault: ConfigurationFault) => void = () => undefined;

  constructor(events: Events) {
    this.#events = events;
    this.#first = new Promise((resolve, reject) => {
      this.#resolveFirst = resolve;
      this.#rejectFirst = reject;
    });
  }

  /** Resolves when healthy for the first time, rejects on a configuration fault before that. */
  first(): Promise<void> {
    return this.#first;
  }

  isHealthy(): boolean {
    return this.#state.version !== undefined && !this.#state.isBlocked;
  }

  on(listener: (healthy: boolean) => void): () => void {
    const own = (healthy: boolean): void => {
      listener(healthy);
    };
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  update(state: BrokerState): void {
    const before = this.#state;
    if (before.version === undefined && state.version !== undefined) {
      this.#lastFault = undefined;
      this.#events.emit({ name: 'BrokerConnected', version: state.version });
    }
    if (before.version !== undefined && state.version === undefined) this.#events.emit({ name: 'BrokerLost' });
    if (state.isBlocked && !before.isBlocked) this.#emitFault('ERR_BROKER_BLOCKED');
    this.#change(state);
  }

  /** The end that was asked for: unhealthy, but nothing to report. */
  end(): void {
    this.#change({ version: undefined, isBlocked: false });
  }

  #change(state: BrokerState): void {
    const wasHealthy = this.isHealthy();
    this.#state = state;
    const isHealthyNow = this.isHealthy();
    if (wasHealthy === isHealthyNow) return;
    if (isHealthyNow) this.#resolveFirst();
    for (const listener of this.#listeners) listener(isHealthyNow);
  }

  /** Reports a fault by its code alone, and a row of the same ones once: each retry would repeat it. */
  fail(fault: GatewayFault): void {
    if (fault instanceof ConfigurationFault) this.#rejectFirst(fault);
    if (fault.code === this.#lastFault) return;
    this.#lastFault = fault.code;
    this.#emitFault(fault.code);
  }

  #emitFault(fault: string): void {
    this.#events.emit({ name: 'FaultOccurred', where: 'rabbitmq', fault });
  }
}
