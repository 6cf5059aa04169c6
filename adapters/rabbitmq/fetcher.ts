import type { Channel, ChannelModel, GetMessage } from 'amqplib';
import type { FetchedMessage, Settlement } from '../../gateway/ports/broker.ts';
import { toDelivery } from './delivery.ts';

/**
 * Takes single messages with `basic.get`, on a channel for each queue: what closes one (queue deleted, a lease of over
 * 30 minutes) gives back the leases of that point and no other's. Lives as long as its connection.
 */
export class Fetcher {
  readonly #connection: ChannelModel;
  readonly #channels = new Map<string, Promise<Channel>>();

  constructor(connection: ChannelModel) {
    this.#connection = connection;
  }

  /** The oldest waiting message; unsettled ones return to the queue when the channel or connection ends. */
  async fetch(queue: string): Promise<FetchedMessage | undefined> {
    const channel = await this.#channelOf(queue);
    const message = await channel.get(queue, { noAck: false });
    return message === false ? undefined : toFetched(channel, message);
  }

  #channelOf(queue: string): Promise<Channel> {
    const known = this.#channels.get(queue);
    if (known !== undefined) return known;
    const forget = (): void => {
      this.#channels.delete(queue);
    };
    const opening = this.#connection.createChannel().then((channel) => {
      channel.on('error', () => undefined);
      channel.on('close', forget);
      return channel;
    });
    this.#channels.set(queue, opening);
    opening.catch(forget);
    return opening;
  }
}

function toFetched(channel: Channel, message: GetMessage): FetchedMessage {
  let isSettled = false;
  // A hand-out may stay unsettled long after its content was used up.
  const unsettled = { ...message, content: NO_CONTENT };
  return {
    ...toDelivery(message),
    settle: (settlement: Settlement) => {
      if (!isSettled) settleOn(channel, unsettled, settlement);
      // A second settlement of one delivery tag would close the channel.
      isSettled = true;
      return Promise.resolve();
    },
  };
}

function settleOn(channel: Channel, message: GetMessage, settlement: Settlement): void {
  try {
    if (settlement === 'ack') channel.ack(message);
    else channel.nack(message, false, true);
  } catch {
    // The channel is gone and the broker hands the message out again.
  }
}

const NO_CONTENT = Buffer.alloc(0);
