import type { IngressLimits } from './config.ts';

/** What one certificate has open; shared by all its connections. */
export interface CallerAccount {
  requests: number;
  bytes: number;
}

/** Counts what callers have open, so that one that floods is refused before the others notice. */
export interface Callers {
  /** Counts a request in; undefined when this caller has too many open. Each entered account must be left. */
  enter(key: string): CallerAccount | undefined;
  leave(key: string, account: CallerAccount): void;
  /**
   * Counts bytes of a request in; false, counting nothing, when they don't fit the budget of the caller or of all. Who
   * holds little gets it from a part that those who hold much can't fill, and whatever recipients leave unread.
   */
  reserve(account: CallerAccount, bytes: number): boolean;
  release(account: CallerAccount, bytes: number): void;
  /** Counts bytes of an answer in, which are held already, fitting or not. */
  occupy(account: CallerAccount, bytes: number): void;
  vacate(account: CallerAccount, bytes: number): void;
}

/** Makes the counters; keys are certificate fingerprints and are forgotten with the last open request. */
export function createCallers(
  limits: Pick<IngressLimits, 'maxRequestsPerCaller' | 'maxBytesInFlight' | 'maxBytesInFlightPerCaller'>,
): Callers {
  const accounts = new Map<string, CallerAccount>();
  const total = { requests: 0, answers: 0 };
  const count = (account: CallerAccount, bytes: number, kind: keyof typeof total): void => {
    account.bytes += bytes;
    total[kind] += bytes;
  };
  return {
    enter: (key) => {
      const account = accounts.get(key) ?? { requests: 0, bytes: 0 };
      if (account.requests >= limits.maxRequestsPerCaller) return undefined;
      account.requests += 1;
      accounts.set(key, account);
      return account;
    },
    leave: (key, account) => {
      account.requests -= 1;
      if (account.requests === 0) accounts.delete(key);
    },
    reserve: (account, bytes) => {
      const held = account.bytes + bytes;
      const fits =
        held <= limits.maxBytesInFlightPerCaller && total.requests + bytes <= roomFor(held, total.answers, limits);
      if (fits) count(account, bytes, 'requests');
      return fits;
    },
    release: (account, bytes) => {
      count(account, -bytes, 'requests');
    },
    occupy: (account, bytes) => {
      count(account, bytes, 'answers');
    },
    vacate: (account, bytes) => {
      count(account, -bytes, 'answers');
    },
  };
}

/** How many bytes of requests there may be in all, for a caller that would then hold so many itself. */
function roomFor(held: number, answers: number, { maxBytesInFlight }: Pick<IngressLimits, 'maxBytesInFlight'>): number {
  const isLittle = held <= Math.floor(maxBytesInFlight / LITTLE);
  return maxBytesInFlight + (isLittle ? maxBytesInFlight / EXTRA : -answers);
}

// Of the budget of all: up to a 160th (1 MB of 160) counts as little, and an eighth is kept beside it for that.
const LITTLE = 160;
const EXTRA = 8;
