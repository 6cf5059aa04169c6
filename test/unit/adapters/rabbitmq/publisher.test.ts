import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConfirmChannel } from 'amqplib';
import { buildPublish, type PublishRequest } from '../../../../adapters/rabbitmq/build-publish.ts';
import { Publisher } from '../../../../adapters/rabbitmq/publisher.ts';
import { sealed } from '../../../contract/broker-contract.ts';

/** A channel whose broker does what it is told, also what no good broker does. */
class FakeChannel extends EventEmitter {
  readonly sent: string[] = [];
  isWritable = true;
  isClosed = false;

  publish(...[, , , options]: [string, string, Buffer, { messageId: string }]): boolean {
    if (this.isClosed) throw new Error('channel closed');
    this.sent.push(options.messageId);
    return this.isWritable;
  }

  ack(deliveryTag: number, multiple = false): void {
    this.emit('ack', { deliveryTag, multiple });
  }

  nack(deliveryTag: number, multiple = false): void {
    this.emit('nack', { deliveryTag, multiple });
  }

  return(messageId: string): void {
    this.emit('return', { properties: { messageId }, fields: { redelivered: false }, content: Buffer.alloc(0) });
  }
}

describe('the publisher', () => {
  const timeoutMs = 5_000;
  let channel: FakeChannel;
  let publisher: Publisher;
  const request = (): PublishRequest => buildPublish(sealed('point'), { queuePrefix: 'dg.' });

  beforeEach(() => {
    channel = new FakeChannel();
    publisher = new Publisher(channel as unknown as ConfirmChannel);
  });

  it('confirms what was acked and not returned', async () => {
    const outcome = publisher.publish(request(), timeoutMs);
    channel.ack(1);
    expect(await outcome).toBe('confirmed');
  });

  it('says returned of a return that is followed by an ack', async () => {
    const one = request();
    const outcome = publisher.publish(one, timeoutMs);
    channel.return(one.messageId);
    channel.ack(1);
    expect(await outcome).toBe('returned');
  });

  it('gives each its own outcome when one ack covers many', async () => {
    const requests = [request(), request(), request(), request()];
    const outcomes = requests.map((one) => publisher.publish(one, timeoutMs));
    channel.return(requests[1]!.messageId);
    channel.nack(1);
    channel.ack(3, true);
    channel.emit('close');
    expect(await Promise.all(outcomes)).toEqual(['nacked', 'returned', 'confirmed', 'timed-out']);
  });

  it('takes acks in any order, and none twice', async () => {
    const outcomes = [request(), request(), request()].map((one) => publisher.publish(one, timeoutMs));
    channel.ack(3);
    channel.ack(1);
    channel.nack(1);
    channel.nack(3, true);
    expect(await Promise.all(outcomes)).toEqual(['confirmed', 'nacked', 'confirmed']);
  });

  it('says timed-out at the deadline, and a late ack confirms nobody else', async () => {
    expect(await publisher.publish(request(), 10)).toBe('timed-out');
    const next = publisher.publish(request(), 50);
    channel.ack(1);
    expect(await next).toBe('timed-out');
  });

  it('says returned when the return came and the ack did not', async () => {
    const [late, cut] = [request(), request()];
    const first = publisher.publish(late, 20);
    channel.return(late.messageId);
    expect(await first).toBe('returned');
    const second = publisher.publish(cut, timeoutMs);
    channel.return(cut.messageId);
    channel.emit('close');
    expect(await second).toBe('returned');
  });

  it('confirms neither of two publishes of one id when one of them came back', async () => {
    const one = request();
    const outcomes = [publisher.publish(one, timeoutMs), publisher.publish(one, timeoutMs)];
    channel.return(one.messageId);
    channel.ack(2, true);
    expect(await Promise.all(outcomes)).toEqual(['returned', 'returned']);
  });

  it('holds back while the channel is full, keeps the order, and goes on at drain', async () => {
    channel.isWritable = false;
    const requests = [request(), request(), request()];
    const outcomes = requests.map((one) => publisher.publish(one, timeoutMs));
    expect(channel.sent).toEqual([requests[0]!.messageId]);
    channel.isWritable = true;
    channel.emit('drain');
    expect(channel.sent).toEqual(requests.map(({ messageId }) => messageId));
    channel.ack(3, true);
    expect(await Promise.all(outcomes)).toEqual(['confirmed', 'confirmed', 'confirmed']);
  });

  it('says unavailable of what was never handed to the channel', async () => {
    channel.isWritable = false;
    const sent = publisher.publish(request(), timeoutMs);
    expect(await publisher.publish(request(), 10)).toBe('unavailable');
    const waiting = publisher.publish(request(), timeoutMs);
    channel.emit('close');
    expect(await sent).toBe('timed-out');
    expect(await waiting).toBe('unavailable');
    expect(await publisher.publish(request(), timeoutMs)).toBe('unavailable');
    expect(channel.sent).toHaveLength(1);
  });

  it('says unavailable when the channel throws', async () => {
    channel.isClosed = true;
    expect(await publisher.publish(request(), timeoutMs)).toBe('unavailable');
  });

  it('is idle once every publish has its outcome', async () => {
    let isIdle = false;
    const outcome = publisher.publish(request(), timeoutMs);
    const idle = publisher.idle().then(() => {
      isIdle = true;
    });
    await Promise.resolve();
    expect(isIdle).toBe(false);
    channel.ack(1);
    await outcome;
    await idle;
    expect(isIdle).toBe(true);
  });
});
