import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Caller } from '../../gateway/ports/gateway-api.ts';

/** Whose connection it is. */
export interface Identity {
  readonly caller: Caller;
  /** SHA-256 fingerprint of the certificate. */
  readonly key: string;
}

/** Reads it once a connection: renegotiation is off and nothing is resumed, so the certificate never changes. */
export function identityOf(socket: Duplex): Identity | undefined {
  const known = identities.get(socket);
  if (known !== undefined) return known;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) return undefined;
  const identity = { caller: { certificate: certificate.raw }, key: certificate.fingerprint256 };
  identities.set(socket, identity);
  return identity;
}

const identities = new WeakMap<Duplex, Identity>();
