import type { Events } from '../../gateway/ports/events.ts';
import type { GatewayApi } from '../../gateway/ports/gateway-api.ts';
import type { Clock } from '../../gateway/ports/system.ts';

/** What the ingress needs. */
export interface IngressOptions {
  readonly api: GatewayApi;
  readonly events: Events;
  readonly clock: Clock;
  readonly config: IngressConfig;
}

/** Certificates of the listener, PEM. Roots and intermediates are the only issuers a client certificate may have. */
export interface IngressTls {
  readonly certPem: string;
  readonly keyPem: string;
  readonly caPem: readonly string[];
}

/** Where and with what the ingress listens. */
export interface IngressConfig {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls: IngressTls;
  /** The folder that holds `openapi.json`. */
  readonly schemasFolder: string;
  readonly limits?: Partial<IngressLimits>;
}

/** Everything a client could ask too much of. */
export interface IngressLimits {
  readonly maxConnections: number;
  /** Connections of one certificate. Those beyond it are told so at their first request; at twice as many they are cut off. */
  readonly maxConnectionsPerCaller: number;
  /** Connections that have not shown a certificate yet. */
  readonly maxHandshakes: number;
  readonly maxHeaderBytes: number;
  readonly maxHeaderCount: number;
  /** Bytes of one bericht: 35 MB, the chain's cap. */
  readonly maxMessageBytes: number;
  /** Bytes of a receipt sent as confirmation. */
  readonly maxReceiptBytes: number;
  /** Bytes of the reason of a refusal. */
  readonly maxRefusalBytes: number;
  /** Bytes of all bodies held at one time, and of those of one certificate. */
  readonly maxBytesInFlight: number;
  readonly maxBytesInFlightPerCaller: number;
  /** Requests of one certificate being answered at one time, waiting ones among them. */
  readonly maxRequestsPerCaller: number;
  /** How long a request waits for its turn while others go first. */
  readonly turnTimeoutMs: number;
  readonly handshakeTimeoutMs: number;
  readonly headersTimeoutMs: number;
  /** From the first to the last byte of a body, and between two pieces of it. */
  readonly bodyTimeoutMs: number;
  readonly bodyIdleTimeoutMs: number;
  /** From the first to the last byte of an answer. */
  readonly answerTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** A connection on which nothing moves; longer than the longest wait. */
  readonly socketTimeoutMs: number;
  /** How long an answer given before the whole request was read stays readable. */
  readonly lingerMs: number;
  /** How long running requests may still take when the gateway stops. */
  readonly drainMs: number;
}

/** Limits that serve the chain: about one bericht a minute, at most 35 MB each, parties with hundreds of waiting pulls. */
export const DEFAULT_LIMITS: IngressLimits = {
  maxConnections: 4_000,
  // A waiting pull has a connection of its own, and each request needs one.
  maxConnectionsPerCaller: 640,
  maxHandshakes: 512,
  maxHeaderBytes: 16_384,
  maxHeaderCount: 64,
  maxMessageBytes: 36_700_160,
  maxReceiptBytes: 16_384,
  maxRefusalBytes: 4_096,
  maxBytesInFlight: 160_000_000,
  maxBytesInFlightPerCaller: 80_000_000,
  maxRequestsPerCaller: 512,
  turnTimeoutMs: 15_000,
  handshakeTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 300_000,
  bodyIdleTimeoutMs: 15_000,
  answerTimeoutMs: 300_000,
  keepAliveTimeoutMs: 65_000,
  socketTimeoutMs: 120_000,
  lingerMs: 1_000,
  drainMs: 10_000,
};
