import { constants } from 'node:crypto';
import type { ServerOptions } from 'node:https';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { IngressConfig, IngressLimits } from './config.ts';

/** What concerns TLS. */
export type TlsServerOptions = SecureContextOptions & TlsOptions;

/** Options of the listener: mutual TLS 1.2 or 1.3, forward secrecy, authenticated encryption, no resumption. */
export function buildServerOptions(config: IngressConfig, limits: IngressLimits): ServerOptions {
  return { ...buildTlsOptions(config, limits), ...buildHttpOptions(limits) };
}

/** The TLS part of them, which a listener can be given anew. */
export function buildTlsOptions({ tls }: Pick<IngressConfig, 'tls'>, limits: IngressLimits): TlsServerOptions {
  return {
    cert: tls.certPem,
    key: tls.keyPem,
    ca: [...tls.caPem],
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: CIPHERS.join(':'),
    honorCipherOrder: true,
    ecdhCurve: 'X25519:P-256:P-384',
    sigalgs: SIGNATURES.join(':'),
    // A resumed session would skip the certificate; a renegotiated one could change it.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
    sessionTimeout: 1,
    handshakeTimeout: limits.handshakeTimeoutMs,
    ALPNProtocols: ['http/1.1'],
  };
}

function buildHttpOptions(limits: IngressLimits): ServerOptions {
  return {
    insecureHTTPParser: false,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    // Only the safety net behind the timeouts of the body reader, which can still give an answer.
    requestTimeout: limits.headersTimeoutMs + limits.bodyTimeoutMs + 2 * CHECKING_INTERVAL_MS,
    connectionsCheckingInterval: Math.min(CHECKING_INTERVAL_MS, limits.headersTimeoutMs),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    noDelay: true,
  };
}

const CHECKING_INTERVAL_MS = 1_000;

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

// NCSC 'goed': RSA and ECDSA over SHA-256 or more. OpenSSL by itself still takes SHA-224. Binds both sides' handshakes.
const SIGNATURES = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
  'rsa_pss_pss_sha256',
  'rsa_pss_pss_sha384',
  'rsa_pss_pss_sha512',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
];
