import type { Channel, ChannelModel, GetMessage } from 'amqplib';
import type { FetchedMessage, Settlement } from '../../gateway/ports/broker.ts';
import { toDelivery } from './delivery.ts';

/** Takes single messages with `basic.get` on a channel of its own; lives as long as its connection. */
export class Fetcher {
  readonly #connection: ChannelModel;
  #opening: Promise<Channel> | undefined;

  constructor(connection: ChannelModel) {
    this.#connection = connection;
  }

  /** The oldest waiting message; unsettled ones return to the queue when the channel or connection ends. */
  async fetch(queue: string): Promise<FetchedMessage | undefined> {
    this.#opening ??= this.#open();
    const channel = await this.#opening;
    const message = await channel.get(queue, { noAck: false });
    return message === false ? undefined : toFetched(channel, message);
  }

  async #open(): Promise<Channel> {
    try {
      const channel = await this.#connection.createChannel();
      channel.on('error', () => undefined);
      channel.on('close', () => {
        this.#opening = undefined;
      });
      return channel;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}

function toFetched(channel: Channel, message: GetMessage): FetchedMessage {
  let isSettled = false;
  return {
    ...toDelivery(message),
    settle: (settlement: Settlement) => {
      if (!isSettled) settleOn(channel, message, settlement);
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
