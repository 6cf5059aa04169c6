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
  /** Counts bytes in; false, counting nothing, when they don't fit the budget of the caller or of all. */
  reserve(account: CallerAccount, bytes: number): boolean;
  /** Counts bytes in that are held already, fitting or not. */
  occupy(account: CallerAccount, bytes: number): void;
  release(account: CallerAccount, bytes: number): void;
}

/** Makes the counters; keys are certificate fingerprints and are forgotten with the last open request. */
export function createCallers(
  limits: Pick<IngressLimits, 'maxRequestsPerCaller' | 'maxBytesInFlight' | 'maxBytesInFlightPerCaller'>,
): Callers {
  const accounts = new Map<string, CallerAccount>();
  let total = 0;
  const occupy = (account: CallerAccount, bytes: number): void => {
    account.bytes += bytes;
    total += bytes;
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
      const fits =
        account.bytes + bytes <= limits.maxBytesInFlightPerCaller && total + bytes <= limits.maxBytesInFlight;
      if (fits) occupy(account, bytes);
      return fits;
    },
    occupy,
    release: (account, bytes) => {
      occupy(account, -bytes);
    },
  };
}
