import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TransitKeys } from '../../gateway/ports/transit-keys.ts';

/** A place in which keys are kept; `reopen` closes and opens it again, where keys outlive their process. */
export interface KeysPlace {
  readonly keys: TransitKeys;
  remove(): Promise<void>;
}

/** What every implementation of the port owes; `open` yields a store without keys. */
export function describeTransitKeysContract(name: string, open: () => Promise<KeysPlace>): void {
  describe(`the transit keys contract: ${name}`, () => {
    let place: KeysPlace;
    let keys: TransitKeys;

    beforeEach(async () => {
      place = await open();
      ({ keys } = place);
    });
    afterEach(async () => {
      await keys.close();
      await place.remove();
    });

    it('makes a fresh key of 32 bytes under each id, and finds it', async () => {
      const ids = [randomUUID(), `evidence:${randomUUID()}`];
      const made = await Promise.all(ids.map((id) => keys.create(id)));
      expect(made.map((key) => key.length)).toEqual([32, 32]);
      expect(made[0]).not.toEqual(made[1]);
      for (const [index, id] of ids.entries()) expect(await keys.find(id)).toEqual(made[index]);
      expect([...(await keys.ids())].sort()).toEqual([...ids].sort());
    });

    it('finds no key under an id that has none', async () => {
      expect(await keys.find(randomUUID())).toBeUndefined();
    });

    it('makes no second key under an id, also when two ask at once', async () => {
      const id = randomUUID();
      const outcomes = await Promise.allSettled([keys.create(id), keys.create(id)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await expect(keys.create(id)).rejects.toMatchObject({ name: 'KeyStoreFault', code: 'ERR_KEYS_ID_TAKEN' });
    });

    it('has no key left after its removal, and takes a repeated one', async () => {
      const id = randomUUID();
      const first = await keys.create(id);
      await Promise.all([keys.remove(id), keys.remove(id)]);
      await keys.remove(id);
      expect(await keys.find(id)).toBeUndefined();
      expect(await keys.ids()).toEqual([]);
      expect(await keys.create(id)).not.toEqual(first);
    });

    it('keeps what it gave out apart from its own: changing one changes no other', async () => {
      const id = randomUUID();
      const given = await keys.create(id);
      const copy = Uint8Array.from(given);
      given.fill(0);
      expect(await keys.find(id)).toEqual(copy);
    });

    it('leaves a key in use whole when it is removed', async () => {
      const id = randomUUID();
      const given = await keys.create(id);
      const copy = Uint8Array.from(given);
      await keys.remove(id);
      // Sealing with a key that was zeroed under way would publish what anyone can read.
      expect(given).toEqual(copy);
    });

    it('holds after any order of making and removing exactly what was made and not removed', async () => {
      const step = fc.record({ id: fc.integer({ min: 0, max: 5 }), remove: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const prefix = randomUUID();
          const live = new Set<string>();
          for (const { id: number, remove } of steps) {
            const id = `${prefix}:${String(number)}`;
            if (remove) await keys.remove(id);
            else if (!live.has(id)) await keys.create(id);
            if (remove) live.delete(id);
            else live.add(id);
          }
          expect([...(await keys.ids())].sort()).toEqual([...live].sort());
          for (const id of live) await keys.remove(id);
        }),
        { numRuns: 15 },
      );
    });

    it('is healthy, and takes nothing more once it is closed', async () => {
      expect(keys.isHealthy()).toBe(true);
      await keys.close();
      await expect(keys.create(randomUUID())).rejects.toMatchObject({ name: 'KeyStoreFault', code: 'ERR_KEYS_CLOSED' });
    });
  });
}
