import type { ChannelModel } from 'amqplib';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import { declareQueues } from './declare.ts';
import { queueMismatch } from './errors.ts';
import { buildQueueDeclaration, LONGEST_QUEUE_NAME_BYTES, queueName, type TopologyOptions } from './topology.ts';

type Points = readonly string[] | ReadonlySet<string>;

/** The queues that should exist, and what became of each: the topology that is declared anew after a reconnection. */
export class Queues {
  readonly #options: TopologyOptions;
  readonly #wanted = new Set<string>();
  readonly #declared = new Set<string>();
  readonly #refused = new Map<string, ConfigurationFault>();

  constructor(options: TopologyOptions) {
    this.#options = options;
  }

  /** Adds points; throws ConfigurationFault for one that can't be the name of a queue. */
  want(points: readonly string[]): void {
    for (const point of points) {
      if (Buffer.byteLength(this.nameOf(point)) > LONGEST_QUEUE_NAME_BYTES) {
        throw new ConfigurationFault(
          'ERR_BROKER_QUEUE_NAME',
          `a connection point's name is too long for a queue: ${point}`,
        );
      }
    }
    for (const point of points) this.#wanted.add(point);
  }

  nameOf(point: string): string {
    return queueName(point, this.#options);
  }

  isWanted(point: string): boolean {
    return this.#wanted.has(point);
  }

  /**
   * Whether this point's queue may be used. A wanted queue must have been declared as we want it; for any other the broker's
   * own answer counts (`returned`).
   */
  isUsable(point: string): boolean {
    return !this.#refused.has(point) && (!this.#wanted.has(point) || this.#declared.has(point));
  }

  /** Wanted points never declared yet, those refused left out. */
  missing(): readonly string[] {
    return [...this.#wanted].filter((point) => !this.#declared.has(point) && !this.#refused.has(point));
  }

  /** Declares queues of these points; refusals are remembered. Rejects when the connection fails. */
  async declare(connection: ChannelModel, points: Points = this.#wanted): Promise<void> {
    const byName = new Map([...points].map((point) => [this.nameOf(point), point]));
    const declarations = [...byName.values()].map((point) => buildQueueDeclaration(point, this.#options));
    const refusals = await declareQueues(connection, declarations);
    for (const point of byName.values()) {
      this.#refused.delete(point);
      this.#declared.add(point);
    }
    for (const { name, cause } of refusals) {
      const point = byName.get(name);
      if (point === undefined) continue;
      this.#declared.delete(point);
      this.#refused.set(point, queueMismatch(name, cause));
    }
  }

  /** The fault of the first of these points (all when absent) whose queue the broker refuses. */
  refusal(points: Points = this.#wanted): ConfigurationFault | undefined {
    for (const point of points) {
      const fault = this.#refused.get(point);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}
