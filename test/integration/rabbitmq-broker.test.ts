import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Broker } from '../../gateway/ports/broker.ts';
import { QUEUE_KINDS } from '../../adapters/rabbitmq/topology.ts';
import { describeBrokerContract, eventually, gate, sealed } from '../contract/broker-contract.ts';
import { amqpEndpoint, amqpUrl, amqpUrlWith, createRabbitmqSandbox, recordEvents } from '../support/rabbitmq.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

jest.setTimeout(60_000);

const sandbox = createRabbitmqSandbox();
afterAll(() => sandbox.close());

describeBrokerContract('rabbitmq, classic queues', () => sandbox.open({ queueKind: 'classic' }));
describeBrokerContract('rabbitmq, quorum queues', () => sandbox.open({ queueKind: 'quorum' }));

const timeoutMs = 5_000;

// AMQP 0-9-1 method frames on channel 0: connection.blocked (10, 60) with the reason "x", and connection.unblocked (10, 61).
const CONNECTION_BLOCKED = Buffer.from('0100000000000600 0a003c0178ce'.replace(' ', ''), 'hex');
const CONNECTION_UNBLOCKED = Buffer.from('01000000000004000a003dce', 'hex');

/** Messages ready in a point's queue. */
function countOf(point: string): Promise<number> {
  return sandbox.onChannel(
    async (channel) => (await channel.checkQueue(`${sandbox.queuePrefix}${point}`)).messageCount,
  );
}

describe('the rabbitmq broker on a good connection', () => {
  it('says that what it confirmed survives the process', async () => {
    const first = await sandbox.open();
    expect(first.durable).toBe(true);
    await first.ensurePoints(['durable']);
    const message = sealed('durable');
    expect(await first.publish(message, { timeoutMs })).toBe('confirmed');
    await first.close();
    const second = await sandbox.open();
    await second.ensurePoints(['durable']);
    expect((await second.fetch('durable'))?.messageId).toBe(message.messageId);
  });

  it('leaves nothing readable in the broker but the Bericht-Id', async () => {
    // A quorum queue adds a count of its own to the headers.
    const broker = await sandbox.open({ queueKind: 'classic' });
    await broker.ensurePoints(['readable']);
    const message = sealed('readable');
    await broker.publish(message, { timeoutMs });
    const raw = await sandbox.onChannel(async (channel) =>
      channel.get(`${sandbox.queuePrefix}readable`, { noAck: true }),
    );
    if (raw === false) throw new Error('nothing in the queue');
    const set = Object.entries(raw.properties).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(set)).toEqual({ messageId: message.messageId, deliveryMode: 2, headers: {} });
  });

  it('confirms 2,000 publishes with 64 out, and hands each out once and in order', async () => {
    const broker = await sandbox.open();
    await broker.ensurePoints(['many']);
    const messages = Array.from({ length: 2_000 }, (_, i) => sealed('many', `${i.toString()} ${'x'.repeat(2_000)}`));
    for (let i = 0; i < messages.length; i += 64) {
      const outcomes = await Promise.all(
        messages.slice(i, i + 64).map((message) => broker.publish(message, { timeoutMs })),
      );
      expect(new Set(outcomes)).toEqual(new Set(['confirmed']));
    }
    const seen: string[] = [];
    await broker.consume('many', { prefetch: 16 }, ({ messageId }) => {
      seen.push(messageId);
      return Promise.resolve('ack');
    });
    await eventually(() => seen.length === messages.length);
    expect(seen).toEqual(messages.map(({ messageId }) => messageId));
  });

  it('waits for a full channel to drain instead of losing or reordering', async () => {
    const broker = await sandbox.open({ maxMessageBytes: 12_000_000 });
    await broker.ensurePoints(['large']);
    const messages = Array.from({ length: 12 }, (_, i) =>
      sealed('large', String.fromCharCode(97 + i).repeat(12_000_000)),
    );
    const outcomes = await Promise.all(messages.map((message) => broker.publish(message, { timeoutMs: 60_000 })));
    expect(new Set(outcomes)).toEqual(new Set(['confirmed']));
    for (const { messageId, ciphertext } of messages) {
      const fetched = await broker.fetch('large');
      expect(fetched?.messageId).toBe(messageId);
      expect(Buffer.compare(fetched!.ciphertext, ciphertext)).toBe(0);
      await fetched!.settle('ack');
    }
  });

  it('nacks a body over its limit without a word to the broker', async () => {
    const broker = await sandbox.open({ maxMessageBytes: 1_000 });
    await broker.ensurePoints(['limit']);
    expect(await broker.publish(sealed('limit', 'x'.repeat(1_000 + 65_536)), { timeoutMs })).toBe('confirmed');
    expect(await broker.publish(sealed('limit', 'x'.repeat(1_000 + 65_537)), { timeoutMs })).toBe('nacked');
  });

  it('returns a message whose queue was deleted, and consumes again once the queue is back', async () => {
    const broker = await sandbox.open();
    await broker.ensurePoints(['deleted']);
    await sandbox.onChannel(async (channel) => channel.deleteQueue(`${sandbox.queuePrefix}deleted`));
    expect(await broker.publish(sealed('deleted'), { timeoutMs })).toBe('returned');
    await broker.ensurePoints(['deleted']);
    const seen: string[] = [];
    await broker.consume('deleted', { prefetch: 1 }, ({ messageId }) => {
      seen.push(messageId);
      return Promise.resolve('ack');
    });
    await sandbox.onChannel(async (channel) => channel.deleteQueue(`${sandbox.queuePrefix}deleted`));
    await eventually(async () => (await broker.publish(sealed('deleted'), { timeoutMs })) === 'confirmed');
    await eventually(() => seen.length === 1);
  });

  it('refuses a queue that exists with other arguments, publishes nothing to it and leaves other points alone', async () => {
    const events = recordEvents();
    const owner = await sandbox.open({ queueKind: 'classic' });
    await owner.ensurePoints(['mismatch']);
    const broker = await sandbox.open({}, events);
    await expect(broker.ensurePoints(['fine', 'mismatch', 'fine-too'])).rejects.toMatchObject({
      code: 'ERR_BROKER_QUEUE_MISMATCH',
      explanation: expect.stringContaining(`${sandbox.queuePrefix}mismatch`),
    });
    expect(await broker.publish(sealed('mismatch'), { timeoutMs })).toBe('unavailable');
    expect(await broker.publish(sealed('fine'), { timeoutMs })).toBe('confirmed');
    expect(await broker.publish(sealed('fine-too'), { timeoutMs })).toBe('confirmed');
    expect(broker.isHealthy()).toBe(true);
  });

  it.each(QUEUE_KINDS)('lets the TTL of a %s queue take what nobody else took', async (queueKind) => {
    const broker = await sandbox.open({ queueKind, messageTtlMs: 100 });
    await broker.ensurePoints([`ttl-${queueKind}`]);
    expect(await broker.publish(sealed(`ttl-${queueKind}`), { timeoutMs })).toBe('confirmed');
    await eventually(async () => (await countOf(`ttl-${queueKind}`)) === 0);
    expect(await broker.fetch(`ttl-${queueKind}`)).toBeUndefined();
  });

  it('refuses to open when the broker takes no bodies of the full size', async () => {
    const opening = sandbox.open({ maxMessageBytes: 520 * 1024 * 1024, startWaitMs: 60_000 });
    await expect(opening).rejects.toMatchObject({
      code: 'ERR_BROKER_MESSAGE_LIMIT',
      explanation: expect.stringContaining('max_message_size'),
    });
  });

  it('takes bodies of 35 MB', async () => {
    const broker = await sandbox.open({ maxMessageBytes: 35 * 1024 * 1024, startWaitMs: 60_000 });
    await broker.ensurePoints(['huge']);
    const message = { ...sealed('huge'), ciphertext: Buffer.alloc(35 * 1024 * 1024, 3) };
    expect(await broker.publish(message, { timeoutMs: 60_000 })).toBe('confirmed');
    const fetched = await broker.fetch('huge');
    expect(fetched!.ciphertext).toHaveLength(35 * 1024 * 1024);
    await fetched!.settle('ack');
  });
});

describe('the rabbitmq broker on a bad connection', () => {
  let proxy: TcpProxy;
  let broker: Broker;
  const events = recordEvents();

  beforeEach(async () => {
    proxy = await openTcpProxy(amqpEndpoint());
    broker = await sandbox.open({ url: amqpUrlWith({ port: proxy.port }) }, events);
    await eventually(() => broker.isHealthy());
  });
  afterEach(async () => {
    proxy.flow();
    await broker.close();
    await proxy.close();
  });
  /** Resolves when health was lost and came back, from the moment of asking. */
  const reconnection = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = broker.onHealth((healthy) => {
        if (!healthy) return;
        stop();
        resolve();
      });
    });
  const names = (): readonly string[] => events.seen.map(({ name }) => name);

  it('says timed-out, never confirmed, of a publish whose confirm was cut off, and keeps the message', async () => {
    await broker.ensurePoints(['cut']);
    proxy.stall('from-server');
    const message = sealed('cut');
    const outcome = broker.publish(message, { timeoutMs: 30_000 });
    await eventually(async () => (await countOf('cut')) === 1);
    const back = reconnection();
    proxy.cut();
    expect(await outcome).toBe('timed-out');
    proxy.flow();
    await back;
    expect((await broker.fetch('cut'))?.messageId).toBe(message.messageId);
  });

  it('says timed-out at the deadline when the broker is silent, and forgets the late confirm', async () => {
    await broker.ensurePoints(['silent']);
    proxy.stall('from-server');
    expect(await broker.publish(sealed('silent'), { timeoutMs: 150 })).toBe('timed-out');
    proxy.flow();
    expect(await broker.publish(sealed('silent'), { timeoutMs })).toBe('confirmed');
  });

  it('says returned, not timed-out, when the return arrived and the connection then broke', async () => {
    proxy.stall('from-server');
    const outcome = broker.publish(sealed('nobody'), { timeoutMs: 300 });
    await sleep(50);
    proxy.flow();
    expect(await outcome).toBe('returned');
  });

  it('survives slowness without a wrong outcome', async () => {
    await broker.ensurePoints(['slow']);
    proxy.delay(60);
    const points = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 'nobody' : 'slow'));
    const outcomes = await Promise.all(points.map((point) => broker.publish(sealed(point), { timeoutMs })));
    expect(outcomes).toEqual(points.map((point) => (point === 'slow' ? 'confirmed' : 'returned')));
  });

  it('is unavailable at once while disconnected, comes back by itself and tells of it', async () => {
    await broker.ensurePoints(['back']);
    const heard: boolean[] = [];
    broker.onHealth((healthy) => heard.push(healthy));
    const before = events.seen.length;
    proxy.refuse();
    proxy.cut();
    await eventually(() => !broker.isHealthy());
    const askedAt = performance.now();
    expect(await broker.publish(sealed('back'), { timeoutMs })).toBe('unavailable');
    expect(performance.now() - askedAt).toBeLessThan(timeoutMs / 5);
    await expect(broker.fetch('back')).rejects.toMatchObject({ code: 'ERR_BROKER_UNAVAILABLE' });
    await broker.ensurePoints(['made-while-away']);
    await sleep(300);
    proxy.accept();
    await eventually(() => broker.isHealthy());
    expect(await broker.publish(sealed('made-while-away'), { timeoutMs })).toBe('confirmed');
    expect(heard).toEqual([false, true]);
    const told = events.seen.slice(before).map(({ name }) => name);
    expect(told.filter((name) => name !== 'FaultOccurred')).toEqual(['BrokerLost', 'BrokerConnected']);
    expect(told.length).toBeLessThan(7);
  });

  it('is unavailable while the broker is blocked by an alarm, and consumes on', async () => {
    await broker.ensurePoints(['alarm']);
    await broker.publish(sealed('alarm'), { timeoutMs });
    proxy.inject(CONNECTION_BLOCKED);
    await eventually(() => !broker.isHealthy());
    expect(await broker.publish(sealed('alarm'), { timeoutMs })).toBe('unavailable');
    const fetched = await broker.fetch('alarm');
    await fetched!.settle('ack');
    expect(events.seen.at(-1)).toEqual({ name: 'FaultOccurred', where: 'rabbitmq', fault: 'ERR_BROKER_BLOCKED' });
    proxy.inject(CONNECTION_UNBLOCKED);
    await eventually(() => broker.isHealthy());
    expect(await broker.publish(sealed('alarm'), { timeoutMs })).toBe('confirmed');
  });

  it('notices a silent peer by its heartbeat', async () => {
    proxy.stall('both');
    await eventually(() => !broker.isHealthy());
    proxy.flow();
    await eventually(() => broker.isHealthy());
  });

  it('consumes again after a cut; what was out comes back marked, never twice at a time', async () => {
    await broker.ensurePoints(['again']);
    const message = sealed('again');
    await broker.publish(message, { timeoutMs });
    const { opened, open } = gate();
    const seen: boolean[] = [];
    let running = 0;
    let most = 0;
    await broker.consume('again', { prefetch: 3 }, async ({ redelivered }) => {
      seen.push(redelivered);
      running += 1;
      most = Math.max(most, running);
      await opened;
      running -= 1;
      return 'ack';
    });
    await eventually(() => seen.length === 1);
    const back = reconnection();
    proxy.cut();
    await back;
    await sleep(300);
    open();
    await eventually(() => seen.length === 2);
    expect(seen).toEqual([false, true]);
    expect(most).toBe(1);
    await eventually(async () => (await countOf('again')) === 0);
    expect(seen).toHaveLength(2);
  });

  it('keeps a paused consumer paused over a reconnection', async () => {
    await broker.ensurePoints(['paused']);
    const seen: string[] = [];
    const subscription = await broker.consume('paused', { prefetch: 1 }, ({ messageId }) => {
      seen.push(messageId);
      return Promise.resolve('ack');
    });
    await subscription.pause();
    const back = reconnection();
    proxy.cut();
    await back;
    const message = sealed('paused');
    await broker.publish(message, { timeoutMs });
    await sleep(300);
    expect(seen).toEqual([]);
    await subscription.resume(1);
    await eventually(() => seen.length === 1);
  });

  it('ignores the settlement of a fetched message after a cut, and the broker hands it out again', async () => {
    await broker.ensurePoints(['leased']);
    await broker.publish(sealed('leased'), { timeoutMs });
    const fetched = await broker.fetch('leased');
    const back = reconnection();
    proxy.cut();
    await back;
    await fetched!.settle('ack');
    await eventually(async () => (await countOf('leased')) === 1);
    expect((await broker.fetch('leased'))?.redelivered).toBe(true);
  });

  it('closes in bounded time when the peer is silent', async () => {
    proxy.stall('both');
    const askedAt = performance.now();
    await broker.close();
    expect(performance.now() - askedAt).toBeLessThan(5_000);
  });

  it('told nothing of address or credentials in its events', () => {
    const { username, password } = new URL(amqpUrl());
    const told = JSON.stringify(events.seen);
    expect(names()).toContain('BrokerLost');
    for (const secret of [username, password, '127.0.0.1', 'amqp:']) {
      if (secret !== '') expect(told).not.toContain(secret);
    }
  });
});

describe('the rabbitmq broker that cannot connect', () => {
  it('opens unhealthy after the start wait, and connects when the broker comes up', async () => {
    const proxy = await openTcpProxy(amqpEndpoint());
    proxy.refuse();
    const broker = await sandbox.open({ url: amqpUrlWith({ port: proxy.port }), startWaitMs: 200 });
    expect(broker.isHealthy()).toBe(false);
    await broker.ensurePoints(['late']);
    expect(await broker.publish(sealed('late'), { timeoutMs })).toBe('unavailable');
    const seen: string[] = [];
    await broker.consume('late', { prefetch: 1 }, ({ messageId }) => {
      seen.push(messageId);
      return Promise.resolve('ack');
    });
    proxy.accept();
    await eventually(() => broker.isHealthy());
    expect(await broker.publish(sealed('late'), { timeoutMs })).toBe('confirmed');
    await eventually(() => seen.length === 1);
    await broker.close();
    await proxy.close();
  });

  it('reports a wrong password once by code, and stays unhealthy', async () => {
    const events = recordEvents();
    const broker = await sandbox.open(
      { url: amqpUrlWith({ password: 'wrong-and-secret' }), startWaitMs: 1_500 },
      events,
    );
    expect(broker.isHealthy()).toBe(false);
    expect(events.seen).toEqual([{ name: 'FaultOccurred', where: 'rabbitmq', fault: 'ERR_BROKER_HANDSHAKE' }]);
    await broker.close();
  });
});
