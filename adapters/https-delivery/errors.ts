import type { PushFault } from '../../gateway/ports/deliverer.ts';

/** A connection that didn't come about, for a reason the port knows. */
export class PushError extends Error {
  readonly fault: PushFault;

  constructor(fault: PushFault, options?: { readonly cause?: unknown }) {
    super(fault, options);
    this.name = 'PushError';
    this.fault = fault;
  }
}

/** The fault behind an error of a request: our own, or told by its code, never by its text. */
export function toPushFault(error: unknown, sent: boolean): PushFault {
  if (error instanceof PushError) return error.fault;
  if (!sent) return 'connect-failed';
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') return 'answer-too-large';
  if (code.startsWith('HPE_')) return 'answer-malformed';
  // In TLS 1.3 a server says only after the handshake that it doesn't take our certificate.
  return code.startsWith('ERR_SSL_') ? 'tls-failed' : 'connection-lost';
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
