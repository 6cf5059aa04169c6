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
  readonly #judgements = new WeakMap<Duplex, Judgement>();

  constructor(settings: AgentSettings) {
    const { maxSockets, idleMs } = settings.limits;
    super({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets, timeout: idleMs, maxCachedSessions: 0 });
    this.#settings = settings;
  }

  /** Whether the peer of this connection is a trusted server of the OIN, judged at most `trustMs` ago. */
  isPeer(socket: Duplex, oin: string): boolean {
    const known = this.#judgements.get(socket);
    const isFresh = known !== undefined && performance.now() - known.at < this.#settings.limits.trustMs;
    return (isFresh ? known : this.#judge(socket, known)).oin === oin;
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

  /** Keeps no connection any more: idle ones close now, others with the end of their request. */
  retire(): void {
    this.maxFreeSockets = 0;
    for (const socket of Object.values(this.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
  }

  #judge(socket: Duplex, known: Judgement | undefined): Judgement {
    const certificate = known?.certificate ?? certificateOf(socket);
    const oin = certificate === undefined ? undefined : this.#settings.verifyPeer(certificate);
    const judgement = { certificate, oin, at: performance.now() };
    this.#judgements.set(socket, judgement);
    return judgement;
  }
}

interface Judgement {
  readonly certificate: Uint8Array | undefined;
  readonly oin: string | undefined;
  /** On the monotonic clock, in milliseconds. */
  readonly at: number;
}

function certificateOf(socket: Duplex): Uint8Array | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;
}

const NO_STREAM = new Duplex();
