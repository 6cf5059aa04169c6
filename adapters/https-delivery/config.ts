/** With what the gateway shows itself to recipients, and whom it believes. PEM. */
export interface DeliveryTls {
  readonly certPem: string;
  readonly keyPem: string;
  readonly caPem: readonly string[];
}

/** How the gateway delivers. */
export interface DelivererOptions {
  readonly tls: DeliveryTls;
  /** Networks in CIDR form, IPv4 and IPv6, that may be connected to; nothing else is, whatever a name resolves to. */
  readonly allowedNetworks: readonly string[];
  /** The OIN of an acceptable certificate of a TLS server (DER), else undefined. By default any chain-valid one with an OIN. */
  readonly verifyPeer?: (der: Uint8Array) => string | undefined;
  readonly limits?: Partial<DeliveryLimits>;
}

/** Bounds of the connections. */
export interface DeliveryLimits {
  /** Connections to one host and OIN that are kept; the caller bounds how many berichten are under way. */
  readonly maxSockets: number;
  readonly connectTimeoutMs: number;
  /** How long a connection may lie idle. */
  readonly idleMs: number;
  /** How long the judgement of a connection's peer holds; 0 judges it for every request. */
  readonly trustMs: number;
  readonly maxAnswerBytes: number;
  readonly maxAnswerHeaderBytes: number;
}

/** Idle time is under the 5 seconds after which many servers hang up; ended trust counts well within its 10 seconds. */
export const DEFAULT_LIMITS: DeliveryLimits = {
  maxSockets: 64,
  connectTimeoutMs: 10_000,
  idleMs: 4_000,
  trustMs: 1_000,
  maxAnswerBytes: 16_384,
  maxAnswerHeaderBytes: 16_384,
};
