/** The queue kinds the gateway can use; `quorum` replicates over the nodes of a cluster. */
export const QUEUE_KINDS = ['classic', 'quorum'] as const;

/** One of `QUEUE_KINDS`. */
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** What decides how a queue is declared. */
export interface TopologyOptions {
  readonly queuePrefix: string;
  readonly queueKind: QueueKind;
  readonly messageTtlMs: number;
}

/** A queue as it must exist in the broker. */
export interface QueueDeclaration {
  readonly name: string;
  readonly options: {
    readonly durable: true;
    readonly exclusive: false;
    readonly autoDelete: false;
    readonly arguments: Readonly<Record<string, string | number>>;
  };
}

/** RabbitMQ refuses longer names (AMQP short string). */
export const LONGEST_QUEUE_NAME_BYTES = 255;

/** The queue of a connection point. Messages reach it through the default exchange, so there is nothing to bind. */
export function queueName(point: string, options: Pick<TopologyOptions, 'queuePrefix'>): string {
  return options.queuePrefix + point;
}

/**
 * The declaration of a point's queue: durable, of one explicit kind, and with no way to lose a message. There is no
 * dead-letter exchange, no length limit and no expiry of the queue; should an operator's policy set a length limit,
 * `reject-publish` turns it into a nack instead of a drop from the head.
 */
export function buildQueueDeclaration(point: string, options: TopologyOptions): QueueDeclaration {
  return {
    name: queueName(point, options),
    options: {
      durable: true,
      exclusive: false,
      autoDelete: false,
      arguments: {
        ...KIND_ARGUMENTS[options.queueKind],
        'x-overflow': 'reject-publish',
        ...(options.messageTtlMs > 0 ? { 'x-message-ttl': options.messageTtlMs } : {}),
      },
    },
  };
}

const KIND_ARGUMENTS = {
  // Version 2 is the only one RabbitMQ 4 has; 3.10 would take 1 by default.
  classic: { 'x-queue-type': 'classic', 'x-queue-version': 2 },
  // RabbitMQ 4 drops after 20 deliveries by default. -1 is its word for none, but 3.10 then drops at the first return; a
  // limit out of reach is none on both.
  quorum: { 'x-queue-type': 'quorum', 'x-delivery-limit': 2_147_483_647 },
} as const satisfies Record<QueueKind, Readonly<Record<string, string | number>>>;
