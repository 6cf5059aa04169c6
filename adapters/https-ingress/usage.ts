/** How much of this thread each caller used lately. */
export interface Usage {
  /** Notes that the caller is there. */
  see(key: string): void;
  add(key: string, ms: number): void;
  of(key: string): number;
  /** Whether a caller used far more than the others that are there; alone, nobody uses too much. */
  isExcessive(key: string): boolean;
}

interface Account {
  spentMs: number;
  /** As of when: what was spent halves every `HALF_LIFE_MS` from there on. */
  at: number;
  seenAt: number;
}

/** Keeps it in memory, for as long as it says something. */
export function createUsage(nowMs: () => number): Usage {
  const accounts = new Map<string, Account>();
  let sweptAt = nowMs();
  const spent = ({ spentMs, at }: Account, now: number): number => spentMs * 2 ** ((at - now) / HALF_LIFE_MS);
  const sweep = (now: number): void => {
    sweptAt = now;
    for (const [key, account] of accounts) if (now - account.seenAt > PRESENT_MS) accounts.delete(key);
  };
  const open = (key: string, now: number): Account => {
    if (now - sweptAt > PRESENT_MS) sweep(now);
    const account = accounts.get(key) ?? { spentMs: 0, at: now, seenAt: now };
    accounts.set(key, account);
    return account;
  };
  return {
    see: (key) => {
      const now = nowMs();
      open(key, now).seenAt = now;
    },
    add: (key, ms) => {
      const now = nowMs();
      const account = open(key, now);
      Object.assign(account, { spentMs: spent(account, now) + ms, at: now });
    },
    of: (key) => {
      const account = accounts.get(key);
      return account === undefined ? 0 : spent(account, nowMs());
    },
    isExcessive: (key) => {
      const now = nowMs();
      let [own, others, count] = [0, 0, 0];
      for (const [name, account] of accounts) {
        if (name === key) own = spent(account, now);
        else if (now - account.seenAt <= PRESENT_MS) [others, count] = [others + spent(account, now), count + 1];
      }
      return count > 0 && own > UNQUESTIONED_MS && own > (FAR_MORE * others) / count;
    },
  };
}

const HALF_LIFE_MS = 1_000;
// A caller that was heard of this lately is there: its next request must find room.
const PRESENT_MS = 2_000;
// Over a quarter of a thread, all the time, is nobody's concern.
const UNQUESTIONED_MS = 400;
const FAR_MORE = 2;
