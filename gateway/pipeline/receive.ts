import { readDigestHeader } from '../codec/detached-signature.ts';
import type { Format, Instant } from '../domain/message.ts';
import type { RejectionCode, Rejection } from '../domain/rejection.ts';
import { rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { StageContext } from './context.ts';

/** A bericht as a connection profile hands it over. */
export interface Incoming {
  /** DER of the client certificate of the connection. */
  readonly callerCertificate: Uint8Array;
  /** Header values by lower-case name, every occurrence kept. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
  readonly receivedAt: Instant;
}

/** A bericht with its headers read: each at most once, nothing else used. */
export interface ReceivedMessage extends Incoming {
  readonly format: Format;
  readonly contentType: string;
  readonly payloadSignature: string | undefined;
  /** The `Digest` header as sent, of the only form allowed. */
  readonly digest: string | undefined;
}

/** Reads the headers and the size; the body isn't looked into. */
export function receive(incoming: Incoming, ctx: StageContext): Result<ReceivedMessage, Rejection> {
  const problem = findProblem(incoming, ctx);
  if (problem !== undefined) return err(rejection(problem));
  const contentType = single(incoming, 'content-type');
  const format = FORMATS.get(contentType);
  if (format === undefined) return err(rejection('ERR_CONTENT_TYPE'));
  const digest = optional(incoming, 'digest');
  if (digest !== undefined && readDigestHeader(digest) === undefined) return err(rejection('ERR_HEADER_INVALID'));
  return ok({
    ...incoming,
    format,
    contentType: CONTENT_TYPES[format],
    payloadSignature: optional(incoming, 'payload-signature'),
    digest,
  });
}

/** The Content-Type of each format on the wire. */
export const CONTENT_TYPES = { xml: 'application/xml', json: 'application/json' } as const satisfies Record<
  Format,
  string
>;

function findProblem(incoming: Incoming, ctx: StageContext): RejectionCode | undefined {
  // API-mod-signing: a header that occurs twice makes the signature invalid; the same goes for what chooses the reader.
  if (SINGLE_HEADERS.some((name) => (incoming.headers.get(name) ?? []).length > 1)) return 'ERR_HEADER_INVALID';
  if (incoming.headers.has('content-encoding')) return 'ERR_CONTENT_ENCODING';
  if (incoming.body.byteLength === 0) return 'ERR_BODY_EMPTY';
  if (incoming.body.byteLength > ctx.limits.maxBodyBytes) return 'ERR_BODY_TOO_LARGE';
  return undefined;
}

function single(incoming: Incoming, name: string): string {
  return (optional(incoming, name) ?? '').toLowerCase().replaceAll(' ', '');
}

function optional(incoming: Incoming, name: string): string | undefined {
  return incoming.headers.get(name)?.[0];
}

const SINGLE_HEADERS = ['content-type', 'content-encoding', 'digest', 'payload-signature'] as const;

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['application/xml', 'xml'],
  ['application/xml;charset=utf-8', 'xml'],
  ['application/json', 'json'],
  ['application/json;charset=utf-8', 'json'],
]);
