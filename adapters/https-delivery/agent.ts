import { Agent } from 'node:https';
import type { RequestOptions } from 'node:https';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { DeliveryLimits } from './config.ts';
import { openVerified } from './connect.ts';
import type { Networks } from './networks.ts';

/** A request that says whose certificate the peer must show. */
export interface VerifiedRequestOptions extends RequestOptions {
  readonly expectedOin: string;
}

/** What all connections share. */
export interface AgentSettings {
  readonly tls: ConnectionOptions;
  readonly networks: Networks;
  readonly limits: DeliveryLimits;
  verifyPeer(der: Uint8Array): string | undefined;
}

/**
 * Keeps connections by host and OIN. A request gets a connection only after its peer was verified, so that not a byte of
 * it reaches another. Environment proxies and TLS sessions of Node are not used.
 */
export class VerifiedAgent extends Agent {
  readonly #settings: AgentSettings;
  readonly #certificates = new WeakMap<Duplex, Uint8Array>();

  constructor(settings: AgentSettings) {
    const { maxSockets, idleMs } = settings.limits;
    super({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets, timeout: idleMs, maxCachedSessions: 0 });
    this.#settings = settings;
  }

  /** Whether the peer of this connection is, at this moment, a trusted server of the OIN. */
  isPeer(socket: Duplex, oin: string): boolean {
    const certificate = this.#certificateOf(socket);
    return certificate !== undefined && this.#settings.verifyPeer(certificate) === oin;
  }

  override getName(options: VerifiedRequestOptions): string {
    return `${String(options.host)}|${String(options.port)}|${options.expectedOin}`;
  }

  override createConnection(
    options: VerifiedRequestOptions,
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const opening = openVerified({
      host: String(options.host),
      port: Number(options.port),
      servername: options.servername ?? '',
      timeoutMs: this.#settings.limits.connectTimeoutMs,
      tls: this.#settings.tls,
      networks: this.#settings.networks,
      isExpectedPeer: (socket) => this.isPeer(socket, options.expectedOin),
    });
    opening.then(
      (socket) => {
        callback(null, socket);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error('unknown'), NO_STREAM);
      },
    );
    return undefined;
  }

  #certificateOf(socket: Duplex): Uint8Array | undefined {
    const known = this.#certificates.get(socket);
    if (known !== undefined || !(socket instanceof TLSSocket)) return known;
    const certificate = socket.getPeerX509Certificate()?.raw;
    if (certificate !== undefined) this.#certificates.set(socket, certificate);
    return certificate;
  }
}

const NO_STREAM = new Duplex();
