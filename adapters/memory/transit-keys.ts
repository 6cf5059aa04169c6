import { randomBytes } from 'node:crypto';
import { KeyStoreFault } from '../../gateway/ports/faults.ts';
import type { TransitKeys } from '../../gateway/ports/transit-keys.ts';

/** Keys that live in this process alone: a crash makes every open bericht unreadable. Callers get copies. */
export function createMemoryKeys(): TransitKeys {
  const keys = new Map<string, Uint8Array>();
  let isClosed = false;
  return {
    async create(id) {
      if (isClosed) throw new KeyStoreFault('ERR_KEYS_CLOSED');
      if (keys.has(id)) throw new KeyStoreFault('ERR_KEYS_ID_TAKEN');
      const key = randomBytes(KEY_BYTES);
      keys.set(id, key);
      return Uint8Array.from(key);
    },
    async find(id) {
      // An absent key ends a bericht: a closed store doesn't know which are absent.
      if (isClosed) throw new KeyStoreFault('ERR_KEYS_CLOSED');
      const key = keys.get(id);
      return key === undefined ? undefined : Uint8Array.from(key);
    },
    async remove(id) {
      keys.get(id)?.fill(0);
      keys.delete(id);
    },
    ids: async () => [...keys.keys()],
    isHealthy: () => !isClosed,
    async close() {
      isClosed = true;
      for (const key of keys.values()) key.fill(0);
      keys.clear();
    },
  };
}

const KEY_BYTES = 32;
