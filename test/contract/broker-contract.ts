import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { Broker, BrokerDelivery, SealedMessage, Settlement } from '../../gateway/ports/broker.ts';

/** A sealed message with a fresh Bericht-Id. */
export function sealed(connectionPoint: string, text = 'ciphertext'): SealedMessage {
  return { messageId: randomUUID() as MessageId, connectionPoint, ciphertext: Buffer.from(text) };
}

/** Polls until the condition holds; fails the test after `withinMs`. */
export async function eventually(condition: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > until)
      throw new Error(`did not come true within ${withinMs.toString()} ms: ${condition.toString()}`);
    await sleep(10);
  }
}

/** A promise with its ends outside. */
export function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Long enough for a hand-out that must not come. */
const QUIET_MS = 250;

/** What every implementation of the port owes; `open` yields a fresh broker with no points. */
export function describeBrokerContract(name: string, open: () => Promise<Broker>): void {
  describe(`the broker contract: ${name}`, () => {
    const timeoutMs = 5_000;
    let broker: Broker;
    let point: string;

    beforeEach(async () => {
      broker = await open();
      point = `point-${randomUUID()}`;
      await broker.ensurePoints([point]);
    });
    afterEach(() => broker.close());

    const publish = (message: SealedMessage): Promise<string> => broker.publish(message, { timeoutMs });
    const publishAll = async (texts: readonly string[]): Promise<void> => {
      for (const text of texts) expect(await publish(sealed(point, text))).toBe('confirmed');
    };
    const text = (delivery: BrokerDelivery): string => Buffer.from(delivery.ciphertext).toString();
    const recorder = (settlement: Settlement = 'ack') => {
      const seen: BrokerDelivery[] = [];
      const handler = async (delivery: BrokerDelivery): Promise<Settlement> => {
        seen.push(delivery);
        return settlement;
      };
      return { seen, handler };
    };

    describe('publishing', () => {
      it('confirms a message for a known point', async () => {
        expect(await publish(sealed(point))).toBe('confirmed');
      });

      it('returns a message for a point that has no queue', async () => {
        expect(await publish(sealed(`nobody-${randomUUID()}`))).toBe('returned');
      });

      it('keeps the outcomes of routable and unroutable messages apart when both are out', async () => {
        const points = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? point : `nobody-${randomUUID()}`));
        const outcomes = await Promise.all(points.map((to) => publish(sealed(to))));
        expect(outcomes).toEqual(points.map((to) => (to === point ? 'confirmed' : 'returned')));
      });

      it('carries every octet unchanged', async () => {
        const ciphertext = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256);
        expect(await publish({ ...sealed(point), ciphertext })).toBe('confirmed');
        const fetched = await broker.fetch(point);
        expect(Buffer.compare(fetched!.ciphertext, ciphertext)).toBe(0);
        await fetched!.settle('ack');
      });

      it('carries a view on a larger buffer as the view alone', async () => {
        const whole = new Uint8Array([1, 2, 3, 4, 5]);
        await publish({ ...sealed(point), ciphertext: whole.subarray(1, 3) });
        expect([...(await broker.fetch(point))!.ciphertext]).toEqual([2, 3]);
      });

      it('keeps the Bericht-Id', async () => {
        const message = sealed(point);
        await publish(message);
        expect((await broker.fetch(point))!.messageId).toBe(message.messageId);
      });
    });

    describe('points', () => {
      it('keep their messages when they are ensured again', async () => {
        await publishAll(['kept']);
        await broker.ensurePoints([point, `${point}-b`]);
        expect(text((await broker.fetch(point))!)).toBe('kept');
      });

      it('never hand a message to another point', async () => {
        const other = `${point}-other`;
        await broker.ensurePoints([other]);
        const { seen, handler } = recorder();
        await broker.consume(other, { prefetch: 5 }, handler);
        await publishAll(['mine']);
        await sleep(QUIET_MS);
        expect(seen).toEqual([]);
        expect(await broker.fetch(other)).toBeUndefined();
      });

      it('that were never ensured can be neither consumed nor fetched', async () => {
        const { handler } = recorder();
        await expect(broker.consume('nobody', { prefetch: 1 }, handler)).rejects.toMatchObject({
          code: 'ERR_BROKER_POINT_UNKNOWN',
        });
        await expect(broker.fetch('nobody')).rejects.toMatchObject({ code: 'ERR_BROKER_POINT_UNKNOWN' });
      });
    });

    describe('consuming', () => {
      it('hands out in the order of publishing', async () => {
        await publishAll(['1', '2', '3', '4']);
        const { seen, handler } = recorder();
        await broker.consume(point, { prefetch: 1 }, handler);
        await publishAll(['5']);
        await eventually(() => seen.length === 5);
        expect(seen.map(text)).toEqual(['1', '2', '3', '4', '5']);
        expect(seen.map(({ redelivered }) => redelivered)).toEqual([false, false, false, false, false]);
      });

      it('does not hand out again what was acked', async () => {
        await publishAll(['once']);
        const { seen, handler } = recorder();
        const subscription = await broker.consume(point, { prefetch: 1 }, handler);
        await eventually(() => seen.length === 1);
        await subscription.close();
        expect(await broker.fetch(point)).toBeUndefined();
        expect(seen).toHaveLength(1);
      });

      it('hands out a requeued message again, before younger ones and marked', async () => {
        await publishAll(['1', '2']);
        const seen: string[] = [];
        await broker.consume(point, { prefetch: 1 }, async (delivery) => {
          seen.push(`${text(delivery)}${delivery.redelivered ? ' again' : ''}`);
          return seen.length === 1 ? 'requeue' : 'ack';
        });
        await eventually(() => seen.length === 3);
        expect(seen).toEqual(['1', '1 again', '2']);
      });

      it('never gives up a message, however often it is requeued', async () => {
        await publishAll(['stubborn']);
        let calls = 0;
        await broker.consume(point, { prefetch: 1 }, async () => {
          calls += 1;
          return calls <= 50 ? 'requeue' : 'ack';
        });
        await eventually(() => calls === 51);
      });

      it('keeps the message of a handler that rejects or throws against the contract', async () => {
        await publishAll(['1']);
        let calls = 0;
        await broker.consume(point, { prefetch: 1 }, () => {
          calls += 1;
          if (calls === 1) throw new Error('broken');
          return calls === 2 ? Promise.reject(new Error('broken')) : Promise.resolve('ack');
        });
        await eventually(() => calls === 3);
      });

      it('runs at most `prefetch` handlers at a time', async () => {
        await publishAll(['1', '2', '3', '4', '5']);
        const { opened, open } = gate();
        let running = 0;
        let most = 0;
        let ended = 0;
        await broker.consume(point, { prefetch: 2 }, async () => {
          running += 1;
          most = Math.max(most, running);
          await opened;
          running -= 1;
          ended += 1;
          return 'ack';
        });
        await eventually(() => running === 2);
        await sleep(QUIET_MS);
        open();
        await eventually(() => ended === 5);
        expect(most).toBe(2);
      });

      it('of one point is not held up by another point', async () => {
        const slow = `${point}-slow`;
        await broker.ensurePoints([slow]);
        const { opened, open } = gate();
        await broker.consume(slow, { prefetch: 1 }, async () => {
          await opened;
          return 'ack';
        });
        const { seen, handler } = recorder();
        await broker.consume(point, { prefetch: 1 }, handler);
        await publish(sealed(slow));
        await publishAll(['1', '2']);
        await eventually(() => seen.length === 2);
        open();
      });
    });

    describe('pausing', () => {
      it('hands out nothing until resumed', async () => {
        const { seen, handler } = recorder();
        const subscription = await broker.consume(point, { prefetch: 4 }, handler);
        await subscription.pause();
        await publishAll(['1', '2']);
        await sleep(QUIET_MS);
        expect(seen).toEqual([]);
        await subscription.resume(1);
        await eventually(() => seen.length === 2);
        expect(seen.map(text)).toEqual(['1', '2']);
      });

      it('may be asked by a handler, and its message is kept', async () => {
        await publishAll(['1', '2', '3']);
        const seen: string[] = [];
        const subscription = await broker.consume(point, { prefetch: 1 }, async (delivery) => {
          seen.push(text(delivery));
          if (seen.length > 1) return 'ack';
          await subscription.pause();
          return 'requeue';
        });
        await eventually(() => seen.length === 1);
        await sleep(QUIET_MS);
        expect(seen).toEqual(['1']);
        await subscription.resume(2);
        await eventually(() => seen.length === 4);
        expect(seen).toEqual(['1', '1', '2', '3']);
      });

      it('lets handlers that run settle', async () => {
        await publishAll(['1', '2']);
        const { opened, open } = gate();
        let started = 0;
        const subscription = await broker.consume(point, { prefetch: 1 }, async () => {
          started += 1;
          await opened;
          return 'ack';
        });
        await eventually(() => started === 1);
        await subscription.pause();
        open();
        await sleep(QUIET_MS);
        expect(started).toBe(1);
        expect(text((await broker.fetch(point))!)).toBe('2');
        expect(await broker.fetch(point)).toBeUndefined();
      });

      it('and resuming keeps to the new prefetch, handlers from before the pause included', async () => {
        await publishAll(['1', '2', '3', '4', '5']);
        const { opened, open } = gate();
        let running = 0;
        let ended = 0;
        const subscription = await broker.consume(point, { prefetch: 3 }, async () => {
          running += 1;
          await opened;
          running -= 1;
          ended += 1;
          return 'ack';
        });
        await eventually(() => running === 3);
        await subscription.pause();
        await subscription.resume(1);
        await sleep(QUIET_MS);
        expect(running).toBe(3);
        open();
        await eventually(() => ended === 5);
      });

      it('in quick turns ends in the state asked for last', async () => {
        const { seen, handler } = recorder();
        const subscription = await broker.consume(point, { prefetch: 1 }, handler);
        await Promise.all([
          subscription.pause(),
          subscription.resume(1),
          subscription.pause(),
          subscription.resume(2),
          subscription.pause(),
        ]);
        await publishAll(['1']);
        await sleep(QUIET_MS);
        expect(seen).toEqual([]);
        await Promise.all([subscription.pause(), subscription.resume(1)]);
        await eventually(() => seen.length === 1);
      });
    });

    describe('fetching', () => {
      it('takes the oldest message, or none', async () => {
        expect(await broker.fetch(point)).toBeUndefined();
        await publishAll(['1', '2']);
        expect(text((await broker.fetch(point))!)).toBe('1');
        expect(text((await broker.fetch(point))!)).toBe('2');
        expect(await broker.fetch(point)).toBeUndefined();
      });

      it('puts a requeued message back in its place, marked, and takes an acked one for good', async () => {
        await publishAll(['1', '2']);
        const first = await broker.fetch(point);
        expect(first!.redelivered).toBe(false);
        await first!.settle('requeue');
        await eventually(async () => {
          const again = await broker.fetch(point);
          if (again === undefined) return false;
          expect([text(again), again.redelivered]).toEqual(['1', true]);
          await again.settle('ack');
          return true;
        });
        expect(text((await broker.fetch(point))!)).toBe('2');
      });

      it('takes only the first of two settlements', async () => {
        await publishAll(['1', '2']);
        const first = await broker.fetch(point);
        const second = await broker.fetch(point);
        await first!.settle('ack');
        await first!.settle('requeue');
        await second!.settle('requeue');
        await eventually(async () => (await broker.fetch(point)) !== undefined);
        expect(await broker.fetch(point)).toBeUndefined();
      });
    });

    describe('ending', () => {
      it('of a subscription waits for its handlers and hands out no more', async () => {
        await publishAll(['1', '2']);
        const { opened, open } = gate();
        let started = 0;
        let isClosed = false;
        const subscription = await broker.consume(point, { prefetch: 1 }, async () => {
          started += 1;
          await opened;
          return 'ack';
        });
        await eventually(() => started === 1);
        const closing = subscription.close().then(() => {
          isClosed = true;
        });
        await sleep(QUIET_MS);
        expect(isClosed).toBe(false);
        open();
        await closing;
        expect(started).toBe(1);
        expect(text((await broker.fetch(point))!)).toBe('2');
      });

      it('of the broker shows in its health and makes publishing unavailable', async () => {
        const heard: boolean[] = [];
        const unheard: boolean[] = [];
        broker.onHealth((healthy) => heard.push(healthy));
        broker.onHealth((healthy) => unheard.push(healthy))();
        expect(broker.isHealthy()).toBe(true);
        await broker.close();
        expect(broker.isHealthy()).toBe(false);
        expect(await publish(sealed(point))).toBe('unavailable');
        await expect(broker.fetch(point)).rejects.toMatchObject({ code: 'ERR_BROKER_UNAVAILABLE' });
        expect(heard).toEqual([false]);
        expect(unheard).toEqual([]);
      });

      it('may be asked twice', async () => {
        await broker.close();
        await broker.close();
      });
    });
  });
}
