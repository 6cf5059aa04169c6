import { constants, X509Certificate } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createSecureContext } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { isOin } from '../../gateway/domain/oin.ts';
import type { Deliverer } from '../../gateway/ports/deliverer.ts';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import { VerifiedAgent } from './agent.ts';
import { buildRequest } from './build-request.ts';
import { DEFAULT_LIMITS } from './config.ts';
import type { DelivererOptions, DeliveryLimits, DeliveryTls } from './config.ts';
import { exchange } from './exchange.ts';
import { parseNetworks } from './networks.ts';

/** A deliverer that can go on with another certificate. */
export interface HttpsDeliverer extends Deliverer {
  /** Answers what makes new connections use these; what is under way ends as it began. Throws ConfigurationFault when they can't be used. */
  prepare(tls: DeliveryTls): () => void;
}

/** Makes a deliverer over mutual TLS. Throws ConfigurationFault when certificates or networks can't be used. */
export function createHttpsDeliverer(options: DelivererOptions): HttpsDeliverer {
  const limits: DeliveryLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const networks = parseNetworks(options.allowedNetworks);
  const verifyPeer = options.verifyPeer ?? readOin;
  const openAgent = (tls: DeliveryTls): VerifiedAgent =>
    new VerifiedAgent({ tls: buildTls(tls), networks, limits, verifyPeer });
  let agent = openAgent(options.tls);
  return {
    push: async (request, signal) => {
      const target = buildRequest(request);
      if (target === undefined) return { kind: 'fault', fault: 'address-refused', sent: false };
      if (signal.aborted) return { kind: 'fault', fault: 'connection-lost', sent: false };
      // One signal may end every push under way.
      setMaxListeners(0, signal);
      try {
        return await exchange(request, target, { agent, limits, signal });
      } catch {
        // Only a header that HTTP doesn't allow throws, and then no connection was asked for.
        return { kind: 'fault', fault: 'connect-failed', sent: false };
      }
    },
    prepare: (tls) => {
      const next = openAgent(tls);
      return () => {
        agent.retire();
        agent = next;
      };
    },
    close: () => {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

function buildTls(tls: DeliveryTls): ConnectionOptions {
  try {
    const secureContext = createSecureContext({
      cert: tls.certPem,
      key: tls.keyPem,
      ca: [...tls.caPem],
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: CIPHERS.join(':'),
      ecdhCurve: 'X25519:P-256:P-384',
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
    });
    return { secureContext, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] };
  } catch (cause) {
    throw new ConfigurationFault('ERR_CONFIG_INVALID', "delivery tls: certificate, key or issuers can't be used", {
      cause,
    });
  }
}

// The chain was verified by then. Two values of serialNumber come as an array: no OIN.
function readOin(der: Uint8Array): string | undefined {
  const { subject } = new X509Certificate(der).toLegacyObject();
  const oin: unknown = 'serialNumber' in subject ? subject['serialNumber'] : undefined;
  return typeof oin === 'string' && isOin(oin) ? oin : undefined;
}

// NCSC 'goed': ECDHE with AES-GCM or ChaCha20-Poly1305 (Digikoppeling Beveiliging TLSCIPH001).
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
];
