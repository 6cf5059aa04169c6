import { lookup as lookupName } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { PushError } from './errors.ts';
import { parseNetworks } from './networks.ts';
import type { Networks } from './networks.ts';

/** To whom to connect, and what must hold before the connection is handed over. */
export interface ConnectRequest {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly timeoutMs: number;
  readonly tls: ConnectionOptions;
  readonly networks: Networks;
  isExpectedPeer(socket: TLSSocket): boolean;
}

/**
 * Opens a connection and judges it: address, chain, host name, then the peer's OIN. Rejects with PushError; nothing but
 * the handshake has then been sent.
 */
export function openVerified(request: ConnectRequest): Promise<TLSSocket> {
  const { host, port, servername, networks } = request;
  if (isIP(host) !== 0 && !networks.has(host)) return Promise.reject(new PushError('address-refused'));
  return new Promise((resolve, reject) => {
    const socket = connect({ ...request.tls, host, port, servername, lookup: buildLookup(networks) });
    let connected = false;
    const timer = setTimeout(() => {
      fail(new PushError('timed-out'));
    }, request.timeoutMs);
    socket.on('error', fail).on('close', fail).once('connect', onConnect).once('secureConnect', onSecure);

    function onConnect(): void {
      connected = true;
      socket.setNoDelay(true);
      // What was looked up and what was connected to must agree.
      if (!networks.has(String(socket.remoteAddress))) fail(new PushError('address-refused'));
    }
    function onSecure(): void {
      if (!request.isExpectedPeer(socket)) {
        fail(new PushError('peer-oin'));
        return;
      }
      clearTimeout(timer);
      socket.off('error', fail).off('close', fail);
      resolve(socket);
    }
    function fail(cause: unknown): void {
      clearTimeout(timer);
      reject(
        cause instanceof PushError ? cause : new PushError(connected ? 'tls-failed' : 'connect-failed', { cause }),
      );
      socket.destroy();
    }
  });
}

/** What may be connected to, for an adapter that fetches: addresses, and names that resolve to them. Throws ConfigurationFault. */
export function createNetworkGuard(texts: readonly string[]): Networks & { readonly lookup: LookupFunction } {
  const networks = parseNetworks(texts);
  return { has: (address) => networks.has(address), lookup: buildLookup(networks) };
}

// A name that resolves to a forbidden address (DNS rebinding) is refused like that address itself.
function buildLookup(networks: Networks): LookupFunction {
  return (hostname, options, callback) => {
    lookupName(hostname, { ...options, all: true }, (error: Error | null, found: readonly LookupAddress[]) => {
      const allowed = error === null ? found.filter(({ address }) => networks.has(address)) : [];
      const [first] = allowed;
      if (error !== null) callback(error, '', 0);
      else if (first === undefined) callback(new PushError('address-refused'), '', 0);
      else answerLookup(options, allowed, callback);
    });
  };
}

function answerLookup(
  options: LookupOptions,
  allowed: readonly LookupAddress[],
  callback: Parameters<LookupFunction>[2],
): void {
  const [first] = allowed;
  if (options.all === true) callback(null, [...allowed]);
  else callback(null, first?.address ?? '', first?.family ?? 0);
}
