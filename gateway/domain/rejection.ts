/** Pipeline stages and the border steps around them; the same words as file names, audit `stage` values and the diagram. */
export const STAGES = [
  'receive',
  'authenticate',
  'verify-signature',
  'parse',
  'validate',
  'authorise',
  'route',
  'seal',
  'record',
  'publish',
  'query',
] as const;

/** One of `STAGES`. */
export type Stage = (typeof STAGES)[number];

/** What a refusal code means for the sender: where it was found, whether the same bericht may be offered again later. */
export interface RejectionSpec {
  readonly stage: Stage;
  /** HTTP status of the answer (RFC 9457 problem); handshake refusals have none on the wire and are listed with 403. */
  readonly status: 400 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503;
  /** True when the sender should offer the same bericht again. */
  readonly retryable: boolean;
  /** The StUF fault code of the same meaning (StUF 03.01 table 4.1). */
  readonly stuf?: string;
}

/** Every refusal, alphabetical. A code is never renamed and never given another meaning. */
export const REJECTIONS = {
  ERR_BODY_EMPTY: { stage: 'receive', status: 400, retryable: false },
  ERR_BODY_TOO_LARGE: { stage: 'receive', status: 413, retryable: false },
  ERR_BROKER_UNAVAILABLE: { stage: 'publish', status: 503, retryable: true, stuf: 'StUF046' },
  ERR_BUSINESS_RULE: { stage: 'validate', status: 422, retryable: false },
  ERR_CERTIFICATE_ENVIRONMENT: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_EXPIRED: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_MISSING: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_NOT_YET_VALID: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_OIN_AMBIGUOUS: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_OIN_INVALID: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_OIN_MISSING: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_REVOKED: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_STATUS_UNKNOWN: { stage: 'authenticate', status: 503, retryable: true },
  ERR_CERTIFICATE_UNTRUSTED: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CERTIFICATE_USAGE: { stage: 'authenticate', status: 403, retryable: false },
  ERR_CONTENT_ENCODING: { stage: 'receive', status: 415, retryable: false },
  ERR_CONTENT_NOT_ALLOWED: { stage: 'route', status: 422, retryable: false },
  ERR_CONTENT_TYPE: { stage: 'receive', status: 415, retryable: false },
  ERR_CRISIS_NOT_CARRIED: { stage: 'authorise', status: 422, retryable: false },
  ERR_EMERGENCY_STOP: { stage: 'authorise', status: 503, retryable: true },
  ERR_ENCODING_NOT_UTF8: { stage: 'parse', status: 400, retryable: false },
  ERR_ENVIRONMENT_MISMATCH: { stage: 'authorise', status: 422, retryable: false },
  ERR_GATEWAY_BUSY: { stage: 'receive', status: 503, retryable: true, stuf: 'StUF046' },
  ERR_HEADER_INVALID: { stage: 'receive', status: 400, retryable: false },
  ERR_JSON_DUPLICATE_KEY: { stage: 'parse', status: 400, retryable: false },
  ERR_JSON_LIMIT: { stage: 'parse', status: 400, retryable: false },
  ERR_JSON_MALFORMED: { stage: 'parse', status: 400, retryable: false },
  ERR_KENMERK_IS_BSN: { stage: 'validate', status: 422, retryable: false },
  ERR_KENMERK_REUSED: { stage: 'record', status: 409, retryable: false, stuf: 'StUF016' },
  ERR_LEASE_NOT_HELD: { stage: 'query', status: 409, retryable: false },
  ERR_MANDATE_SIGN_MISSING: { stage: 'authorise', status: 403, retryable: false, stuf: 'StUF052' },
  ERR_MANDATE_SUBMIT_MISSING: { stage: 'authorise', status: 403, retryable: false, stuf: 'StUF052' },
  ERR_MESSAGE_TYPE_UNKNOWN: { stage: 'parse', status: 422, retryable: false, stuf: 'StUF034' },
  ERR_MESSAGE_VERSION_UNKNOWN: { stage: 'parse', status: 422, retryable: false, stuf: 'StUF007' },
  ERR_MUNICIPALITY_ENDED: { stage: 'route', status: 422, retryable: false, stuf: 'StUF010' },
  ERR_NOT_FOUND: { stage: 'query', status: 404, retryable: false },
  ERR_PARTICIPANT_ENDED: { stage: 'authenticate', status: 403, retryable: false },
  ERR_PARTICIPANT_UNKNOWN: { stage: 'authenticate', status: 403, retryable: false },
  ERR_PROCESSING_INCOMPLETE: { stage: 'authorise', status: 422, retryable: false },
  ERR_PURPOSE_NOT_ALLOWED: { stage: 'route', status: 422, retryable: false },
  ERR_RECIPIENT_AMBIGUOUS: { stage: 'route', status: 422, retryable: false, stuf: 'StUF010' },
  ERR_RECIPIENT_ENDED: { stage: 'route', status: 422, retryable: false, stuf: 'StUF010' },
  ERR_RECIPIENT_FORMAT: { stage: 'route', status: 422, retryable: false },
  ERR_RECIPIENT_NOT_ADMITTED: { stage: 'route', status: 403, retryable: false, stuf: 'StUF052' },
  ERR_RECIPIENT_UNKNOWN: { stage: 'route', status: 422, retryable: false, stuf: 'StUF010' },
  ERR_REPEAT_IN_PROGRESS: { stage: 'record', status: 503, retryable: true, stuf: 'StUF046' },
  ERR_REPLY_UNKNOWN: { stage: 'record', status: 422, retryable: false, stuf: 'StUF043' },
  ERR_REQUEST_INVALID: { stage: 'query', status: 400, retryable: false },
  ERR_REQUEST_TOO_SLOW: { stage: 'receive', status: 400, retryable: true },
  ERR_ROUTE_AMBIGUOUS: { stage: 'route', status: 422, retryable: false, stuf: 'StUF052' },
  ERR_ROUTE_NONE: { stage: 'route', status: 403, retryable: false, stuf: 'StUF052' },
  ERR_SCHEMA_INVALID: { stage: 'validate', status: 422, retryable: false, stuf: 'StUF055' },
  ERR_SENDER_ENDED: { stage: 'authorise', status: 403, retryable: false, stuf: 'StUF013' },
  ERR_SENDER_NOT_ADMITTED: { stage: 'route', status: 403, retryable: false, stuf: 'StUF052' },
  ERR_SENDER_UNKNOWN: { stage: 'authorise', status: 403, retryable: false, stuf: 'StUF013' },
  ERR_SIGNATURE_ALGORITHM: { stage: 'verify-signature', status: 422, retryable: false },
  ERR_SIGNATURE_DIGEST: { stage: 'verify-signature', status: 422, retryable: false },
  ERR_SIGNATURE_INVALID: { stage: 'verify-signature', status: 422, retryable: false },
  ERR_SIGNATURE_MALFORMED: { stage: 'verify-signature', status: 422, retryable: false },
  ERR_SIGNATURE_MISPLACED: { stage: 'verify-signature', status: 422, retryable: false },
  ERR_SIGNATURE_MISSING: { stage: 'verify-signature', status: 422, retryable: false },
  ERR_SIGNATURE_MULTIPLE: { stage: 'verify-signature', status: 422, retryable: false },
  ERR_SIGNATURE_TIME_FUTURE: { stage: 'authorise', status: 422, retryable: false },
  ERR_SIGNATURE_TIME_OLD: { stage: 'authorise', status: 422, retryable: false },
  ERR_SIGNER_EXPIRED: { stage: 'verify-signature', status: 403, retryable: false },
  ERR_SIGNER_NOT_YET_VALID: { stage: 'verify-signature', status: 403, retryable: false },
  ERR_SIGNER_OIN: { stage: 'verify-signature', status: 403, retryable: false },
  ERR_SIGNER_REVOKED: { stage: 'verify-signature', status: 403, retryable: false },
  ERR_SIGNER_STATUS_UNKNOWN: { stage: 'verify-signature', status: 503, retryable: true },
  ERR_SIGNER_UNTRUSTED: { stage: 'verify-signature', status: 403, retryable: false },
  ERR_SIGNER_USAGE: { stage: 'verify-signature', status: 403, retryable: false },
  ERR_STUF_BERICHTCODE: { stage: 'parse', status: 422, retryable: false, stuf: 'StUF022' },
  ERR_TOO_MANY_REQUESTS: { stage: 'receive', status: 429, retryable: true },
  ERR_XML_DOCTYPE: { stage: 'parse', status: 400, retryable: false },
  ERR_XML_LIMIT: { stage: 'parse', status: 400, retryable: false },
  ERR_XML_MALFORMED: { stage: 'parse', status: 400, retryable: false },
} as const satisfies Record<string, RejectionSpec>;

/** A stable refusal code. */
export type RejectionCode = keyof typeof REJECTIONS;

/** One place in the bericht that breaks a rule: names of the schema and positions only, never a value. */
export interface Violation {
  /** Path of schema names and positions such as `/bericht/inhoud/opdracht[2]/periode`; `*` for any other name. */
  readonly path: string;
  /** The broken rule, from a closed list (for example `required`, `pattern`, `maxLength`, `unknown`). */
  readonly rule: string;
}

/** Why a bericht or a call was refused. Holds nothing of the payload. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly violations: readonly Violation[];
  /** Public identifiers the sender may use instead, such as the successors of an ended gemeentecode. */
  readonly candidates?: readonly string[];
  /** Seconds after which offering again makes sense; only with retryable codes. */
  readonly retryAfterSeconds?: number;
}

/** Whether a broken rule has a name of its own, such as `T13` or `CORV-A9.1`; words of the schema languages are lower case. */
export function isRuleName(rule: string): boolean {
  return /^[A-Z][A-Za-z0-9.-]{0,29}$/.test(rule);
}

/** A refusal by code alone. */
export function rejection(code: RejectionCode, violations: readonly Violation[] = []): Rejection {
  return { code, violations };
}
