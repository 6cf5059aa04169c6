import { toProblem } from '../../gateway/codec/problem.ts';
import { REJECTIONS } from '../../gateway/domain/rejection.ts';
import type { Rejection } from '../../gateway/domain/rejection.ts';

/** An HTTP answer before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** The connection ends with it: whoever is at the other end is nobody here, or isn't any more. */
  readonly closes?: boolean;
}

/** An answer with a JSON body. */
export function buildJson(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The answer that there is nothing to say. */
export function buildEmpty(): Answer {
  return { status: 204, headers: {}, body: '' };
}

/** A refusal as problem+json. */
export function buildProblem(refusal: Rejection, headers: Readonly<Record<string, string>> = {}): Answer {
  const problem = toProblem(refusal);
  const closes = REJECTIONS[refusal.code].stage === 'authenticate';
  const all = { ...problem.headers, ...headers };
  return { status: problem.status, headers: all, body: JSON.stringify(problem.body), closes };
}

/** All headers of an answer: its own, the length, and what each answer of this API carries. */
export function buildHeaders(answer: Answer, closing: boolean): Record<string, string> {
  const headers: Record<string, string> = { ...COMMON_HEADERS, ...answer.headers };
  if (answer.status !== 204) headers['Content-Length'] = String(Buffer.byteLength(answer.body));
  if (closing) headers['Connection'] = 'close';
  return headers;
}

/** A whole answer as text of HTTP/1.1, for a connection whose request could not be read. */
export function buildRaw(answer: Answer): string {
  const head = Object.entries(buildHeaders(answer, true)).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${String(answer.status)} Bad Request`, ...head, '', String(answer.body)].join('\r\n');
}

/** The version of the API (API Design Rules, version-header); the same as `info.version` of the OpenAPI document. */
export const API_VERSION = '1.0.0';

const COMMON_HEADERS = {
  'API-Version': API_VERSION,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;
