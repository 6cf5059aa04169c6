import type { Channel, ChannelModel } from 'amqplib';
import { isQueueRefusal } from './errors.ts';
import type { QueueDeclaration } from './topology.ts';

/** A queue the broker refuses to declare, and what it said. */
export interface QueueRefusal {
  readonly name: string;
  readonly cause: unknown;
}

// amqplib waits for each answer before it sends the next declaration of a channel.
const LANES = 4;

/** Declares queues; resolves to those refused, the others exist. Rejects when the connection fails. */
export async function declareQueues(
  connection: ChannelModel,
  declarations: readonly QueueDeclaration[],
): Promise<readonly QueueRefusal[]> {
  const left = [...declarations];
  const lanes = Array.from({ length: Math.min(LANES, left.length) }, () => declareLane(connection, left));
  return (await Promise.all(lanes)).flat();
}

async function declareLane(connection: ChannelModel, left: QueueDeclaration[]): Promise<readonly QueueRefusal[]> {
  const refusals: QueueRefusal[] = [];
  let channel = await openChannel(connection);
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    try {
      await channel.assertQueue(next.name, next.options);
    } catch (cause) {
      if (!isQueueRefusal(cause)) throw cause;
      refusals.push({ name: next.name, cause });
      // A refusal closes the channel.
      channel = await openChannel(connection);
    }
  }
  await channel.close();
  return refusals;
}

async function openChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  return channel;
}
