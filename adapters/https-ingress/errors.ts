/** What the event of a failed handshake can say: the certificate codes of the catalogue, and codes of TLS itself. */
export const TLS_CODES = [
  'ERR_TLS_ABANDONED',
  'ERR_TLS_CIPHER',
  'ERR_TLS_FAILED',
  'ERR_TLS_NOT_TLS',
  'ERR_TLS_TIMEOUT',
  'ERR_TLS_VERSION',
] as const;

/** A code of a failed handshake. */
export type HandshakeCode =
  | (typeof TLS_CODES)[number]
  | 'ERR_CERTIFICATE_MISSING'
  | 'ERR_CERTIFICATE_EXPIRED'
  | 'ERR_CERTIFICATE_NOT_YET_VALID'
  | 'ERR_CERTIFICATE_USAGE'
  | 'ERR_CERTIFICATE_UNTRUSTED';

/**
 * Names a failed handshake by the code of OpenSSL, never by its text. `authorizationError` is the verdict on the
 * certificate, which Node gives beside a connection it then closed itself.
 */
export function toHandshakeCode(errorCode: unknown, authorizationError: unknown): HandshakeCode {
  if (typeof authorizationError === 'string') {
    return CERTIFICATE_CODES.get(authorizationError) ?? 'ERR_CERTIFICATE_UNTRUSTED';
  }
  return CONNECTION_CODES.get(String(errorCode)) ?? 'ERR_TLS_FAILED';
}

const CERTIFICATE_CODES: ReadonlyMap<string, HandshakeCode> = new Map([
  ['CERT_HAS_EXPIRED', 'ERR_CERTIFICATE_EXPIRED'],
  ['CERT_REVOKED', 'ERR_CERTIFICATE_EXPIRED'],
  ['CERT_NOT_YET_VALID', 'ERR_CERTIFICATE_NOT_YET_VALID'],
  ['INVALID_PURPOSE', 'ERR_CERTIFICATE_USAGE'],
]);

const CONNECTION_CODES: ReadonlyMap<string, HandshakeCode> = new Map([
  ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'ERR_CERTIFICATE_MISSING'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_TLS_VERSION'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_NOT_TLS'],
  ['ERR_SSL_HTTP_REQUEST', 'ERR_TLS_NOT_TLS'],
  ['ERR_SSL_HTTPS_PROXY_REQUEST', 'ERR_TLS_NOT_TLS'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'ERR_TLS_CIPHER'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'ERR_TLS_TIMEOUT'],
  ['ECONNRESET', 'ERR_TLS_ABANDONED'],
  ['EPIPE', 'ERR_TLS_ABANDONED'],
]);
