import { describe, expect, it } from '@jest/globals';
import { createMemoryBroker } from '../../adapters/memory/broker.ts';
import { describeBrokerContract, sealed } from './broker-contract.ts';

describeBrokerContract('memory', () => Promise.resolve(createMemoryBroker()));

describe('the memory broker', () => {
  const timeoutMs = 1_000;

  it('says that nothing survives the process', () => {
    expect(createMemoryBroker().durable).toBe(false);
  });

  it('nacks what would exceed its byte budget, and takes again once a message has left for good', async () => {
    const broker = createMemoryBroker({ maxBytes: 10 });
    await broker.ensurePoints(['a', 'b']);
    expect(await broker.publish(sealed('a', '123456'), { timeoutMs })).toBe('confirmed');
    expect(await broker.publish(sealed('b', '12345'), { timeoutMs })).toBe('nacked');
    expect(await broker.publish(sealed('b', '1234'), { timeoutMs })).toBe('confirmed');
    const fetched = await broker.fetch('a');
    expect(await broker.publish(sealed('a', '1'), { timeoutMs })).toBe('nacked');
    await fetched!.settle('ack');
    expect(await broker.publish(sealed('a', '123456'), { timeoutMs })).toBe('confirmed');
    await broker.close();
  });

  it('puts messages requeued out of order back in the order of publishing', async () => {
    const broker = createMemoryBroker();
    await broker.ensurePoints(['a']);
    for (const text of ['1', '2', '3', '4']) await broker.publish(sealed('a', text), { timeoutMs });
    const [first, second, third] = [await broker.fetch('a'), await broker.fetch('a'), await broker.fetch('a')];
    for (const fetched of [third, first, second]) await fetched!.settle('requeue');
    const order = [];
    for (let next = await broker.fetch('a'); next !== undefined; next = await broker.fetch('a')) {
      order.push(Buffer.from(next.ciphertext).toString());
    }
    expect(order).toEqual(['1', '2', '3', '4']);
    await broker.close();
  });

  it('does not hold up the process for a handler that requeues at once', async () => {
    const broker = createMemoryBroker();
    await broker.ensurePoints(['a']);
    await broker.publish(sealed('a'), { timeoutMs });
    let calls = 0;
    const subscription = await broker.consume('a', { prefetch: 1 }, () => {
      calls += 1;
      return Promise.resolve('requeue');
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await subscription.close();
    expect(calls).toBeGreaterThan(1);
    await broker.close();
  });
});
