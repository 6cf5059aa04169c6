/** Runs what concerns the same key one after the other, in the order of asking. */
export type KeyedLock = <T>(key: string, run: () => Promise<T>) => Promise<T>;

/** Creates a lock without keys held. */
export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, run) => {
    const before = tails.get(key);
    const mine = before === undefined ? run() : before.then(run);
    const settled = mine.then(nothing, nothing);
    tails.set(key, settled);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === settled) tails.delete(key);
    }
  };
}

function nothing(): undefined {
  return undefined;
}
