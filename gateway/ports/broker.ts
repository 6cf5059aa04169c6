import type { MessageId } from '../domain/message.ts';

/** What travels through the broker: ciphertext, readable of it only the Bericht-Id. */
export interface SealedMessage {
  readonly messageId: MessageId;
  readonly connectionPoint: string;
  /** Nonce, ciphertext and tag. */
  readonly ciphertext: Uint8Array;
}

/** What the broker did with a publish. Only `confirmed` may become a submission receipt. */
export const PUBLISH_OUTCOMES = ['confirmed', 'returned', 'nacked', 'timed-out', 'unavailable'] as const;

/** One of `PUBLISH_OUTCOMES`. */
export type PublishOutcome = (typeof PUBLISH_OUTCOMES)[number];

/** A message taken from a queue. */
export interface BrokerDelivery {
  readonly messageId: string;
  readonly ciphertext: Uint8Array;
  /** The broker's own mark that it may have been handed out before. */
  readonly redelivered: boolean;
}

/** What the consumer decides; `requeue` puts it back for a later attempt. There is no dead-letter. */
export type Settlement = 'ack' | 'requeue';

/** A running consumer. `pause` stops hand-outs and gives back what was handed out but not yet settled as the handler's settlements come in. */
export interface Subscription {
  pause(): Promise<void>;
  /** Takes up again with at most `prefetch` unsettled. */
  resume(prefetch: number): Promise<void>;
  close(): Promise<void>;
}

/** One message fetched for a pull; it stays out until settled, or until the connection ends. */
export interface FetchedMessage extends BrokerDelivery {
  /** Settling after the connection was lost is ignored: the broker hands it out again. */
  readonly settle: (settlement: Settlement) => Promise<void>;
}

/**
 * The queues between gateway and connection points; one queue a point. Implementations never drop, expire into a
 * dead-letter queue, log or inspect payload. They reconnect by themselves and re-declare; while disconnected `publish`
 * answers `unavailable` at once and consumers wait.
 */
export interface Broker {
  /** Whether what it confirmed survives a restart of the gateway process. */
  readonly durable: boolean;
  /** Makes the queues of these points; queues of other points are left alone. */
  ensurePoints(points: readonly string[]): Promise<void>;
  /** Resolves when the broker has taken the message on a queue, or says what else became of it. Never retries. */
  publish(message: SealedMessage, options: { readonly timeoutMs: number }): Promise<PublishOutcome>;
  /** The handler never rejects; at most `prefetch` calls run at a time, the first after the subscription was given. */
  consume(
    point: string,
    options: { readonly prefetch: number },
    handler: (delivery: BrokerDelivery) => Promise<Settlement>,
  ): Promise<Subscription>;
  /** Takes the oldest waiting message of a point, or none. */
  fetch(point: string): Promise<FetchedMessage | undefined>;
  isHealthy(): boolean;
  /** Calls back on each change of health; returns the way to stop that. */
  onHealth(listener: (healthy: boolean) => void): () => void;
  close(): Promise<void>;
}
