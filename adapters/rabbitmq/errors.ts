import { BrokerFault, ConfigurationFault } from '../../gateway/ports/faults.ts';

/** AMQP 0-9-1 reply codes on which the adapter decides. */
export const REPLY_CODES = { accessRefused: 403, resourceLocked: 405, preconditionFailed: 406 } as const;

/** The AMQP reply code of an error of amqplib, if it has one. */
export function replyCode(error: unknown): number | undefined {
  const code = codeOf(error);
  return typeof code === 'number' ? code : undefined;
}

/** Whether the broker refuses this queue itself (other arguments, somebody else's, no rights), not the connection. */
export function isQueueRefusal(error: unknown): boolean {
  const code = replyCode(error);
  return Object.values(REPLY_CODES).some((refusal) => refusal === code);
}

/**
 * A fault of ours for whatever a connection attempt threw. Node gives system and TLS errors a text code, amqplib gives
 * a handshake refused by the broker (user, password, vhost) none.
 */
export function toConnectFault(error: unknown): BrokerFault | ConfigurationFault {
  if (error instanceof BrokerFault || error instanceof ConfigurationFault) return error;
  const code = typeof codeOf(error) === 'string' ? 'ERR_BROKER_UNREACHABLE' : 'ERR_BROKER_HANDSHAKE';
  return new BrokerFault(code, { cause: error });
}

/** A fault of ours for whatever an operation on a connection threw. */
export function toFault(error: unknown): BrokerFault | ConfigurationFault {
  return error instanceof BrokerFault || error instanceof ConfigurationFault ? error : unavailable(error);
}

/** The operation can't be done because there is no connection now. */
export function unavailable(cause?: unknown): BrokerFault {
  return new BrokerFault('ERR_BROKER_UNAVAILABLE', cause === undefined ? undefined : { cause });
}

/** Nobody asked for the queue of this point. */
export function unknownPoint(): BrokerFault {
  return new BrokerFault('ERR_BROKER_POINT_UNKNOWN');
}

/** A queue exists that isn't ours or has other arguments, so its messages might be dropped or copied elsewhere. */
export function queueMismatch(queue: string, cause: unknown): ConfigurationFault {
  return new ConfigurationFault(
    'ERR_BROKER_QUEUE_MISMATCH',
    `RabbitMQ refuses queue "${queue}": it exists with other arguments (kind, version, TTL, overflow), or the user may not ` +
      'configure it. Let it run empty under the former settings and delete it, or set broker.queueKind and ' +
      'broker.messageTtlMs back.',
    { cause },
  );
}

/** The broker refuses bodies that the gateway accepts. */
export function messageLimit(bytes: number, cause: unknown): ConfigurationFault {
  return new ConfigurationFault(
    'ERR_BROKER_MESSAGE_LIMIT',
    `RabbitMQ refuses bodies of ${bytes.toString()} bytes: set max_message_size in rabbitmq.conf to at least that ` +
      '(RabbitMQ 4 has 16777216 by default), or lower broker.maxMessageBytes.',
    { cause },
  );
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
