/** Why a revocation list couldn't be had. */
export const FETCH_FAULTS = ['address-refused', 'unreachable', 'timed-out', 'status', 'too-large'] as const;

/** One of `FETCH_FAULTS`. */
export type FetchFault = (typeof FETCH_FAULTS)[number];

/** What came of asking; `unchanged` since the last time that octets were given. */
export type FetchedList =
  | { readonly kind: 'list'; readonly octets: Uint8Array }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'fault'; readonly fault: FetchFault };

/**
 * Where one authority's revocation list is published. Bounded in time and size, never follows elsewhere, never rejects; what it
 * gives is no more than octets.
 */
export interface ListSource {
  /** Whether asking costs so little that it can be done every other second. */
  readonly isLocal: boolean;
  /** `again` asks for the octets also when they are those of the last time. */
  fetch(ask: { readonly again: boolean; readonly signal: AbortSignal }): Promise<FetchedList>;
}
