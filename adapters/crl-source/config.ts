import type { LookupFunction } from 'node:net';

/** What may be connected to, and how names become addresses within that. */
export interface NetworkGuard {
  has(address: string): boolean;
  readonly lookup: LookupFunction;
}

/** How lists are fetched. */
export interface ListSourceOptions {
  readonly guard: NetworkGuard;
  /** Octets of one list. */
  readonly maxBytes: number;
  /** For the whole of a request and its answer. */
  readonly timeoutMs?: number;
}
