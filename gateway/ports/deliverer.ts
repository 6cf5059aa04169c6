import type { Oin } from '../domain/oin.ts';

/** One HTTPS POST to a push address. */
export interface PushRequest {
  readonly url: string;
  /** The peer's certificate must carry this OIN before any byte is sent. */
  readonly expectedOin: Oin;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

/** Faults of a push that yield no complete HTTP answer, or none that may be used. */
export const PUSH_FAULTS = [
  'address-refused',
  'connect-failed',
  'tls-failed',
  'peer-oin',
  'timed-out',
  'connection-lost',
  'answer-too-large',
  'answer-malformed',
] as const;

/** One of `PUSH_FAULTS`. */
export type PushFault = (typeof PUSH_FAULTS)[number];

/** What came back. Header names are lower case; a header given twice is an array of two. */
export type PushAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: ReadonlyMap<string, readonly string[]>;
      /** At most 16 kB. */
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'fault';
      readonly fault: PushFault;
      /** True when bytes of the request may have reached the peer. */
      readonly sent: boolean;
    };

/**
 * Sends over mutual TLS to one address: https only, no redirects, no proxy, no userinfo, addresses checked at connect.
 * Never retries, never logs body or headers.
 */
export interface Deliverer {
  push(request: PushRequest, signal: AbortSignal): Promise<PushAnswer>;
  close(): Promise<void>;
}
