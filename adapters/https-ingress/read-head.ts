import { collectHeaders } from '../../gateway/codec/http-headers.ts';
import type { HeaderValues } from '../../gateway/codec/http-headers.ts';
import { parseQuery } from '../../gateway/codec/query.ts';
import type { Query } from '../../gateway/codec/query.ts';
import { rejection } from '../../gateway/domain/rejection.ts';
import type { Rejection, RejectionCode } from '../../gateway/domain/rejection.ts';
import { err, ok } from '../../gateway/domain/result.ts';
import type { Result } from '../../gateway/domain/result.ts';
import type { IngressLimits } from './config.ts';
import { findRoute } from './routes.ts';
import type { BodyKind, Match, Route } from './routes.ts';

/** A request as far as its head goes. */
export interface Head {
  readonly route: Route;
  readonly id: string;
  readonly query: Query;
  readonly headers: HeaderValues;
  /** Undefined when the body comes in chunks of which the total isn't said. */
  readonly length: number | undefined;
  readonly maxBodyBytes: number;
}

/** Why a head was refused; `allow` names the methods of a path that exists. */
export interface HeadRefusal {
  readonly refusal: Rejection;
  readonly allow: readonly string[];
}

/** Judges all that can be judged before a byte of the body is read. */
export function readHead(
  request: { readonly method: string; readonly url: string; readonly rawHeaders: readonly string[] },
  limits: IngressLimits,
): Result<Head, HeadRefusal> {
  const { rawHeaders } = request;
  if (rawHeaders.length > 2 * limits.maxHeaderCount) return refused('ERR_HEADER_INVALID');
  const mark = request.url.indexOf('?');
  const match = findRoute(request.method, mark === -1 ? request.url : request.url.slice(0, mark));
  if (!match.found) return err({ refusal: rejection('ERR_NOT_FOUND'), allow: match.allow });
  const query = parseQuery(mark === -1 ? '' : request.url.slice(mark + 1), match.route.query);
  if (!query.ok) return err({ refusal: query.error, allow: [] });
  return readBodyHead({ match, query: query.value, headers: collectHeaders(rawHeaders) }, limits);
}

function readBodyHead(
  found: { readonly match: Match & { readonly found: true }; readonly query: Query; readonly headers: HeaderValues },
  limits: IngressLimits,
): Result<Head, HeadRefusal> {
  const { match, query, headers } = found;
  const spec = BODIES[match.route.body];
  const length = lengthOf(headers);
  const maxBodyBytes = spec.limit === undefined ? 0 : limits[spec.limit];
  const code = judgeBody(headers, spec, { length, maxBodyBytes });
  if (code !== undefined) return refused(code);
  return ok({ route: match.route, id: match.id, query, headers, length, maxBodyBytes });
}

function judgeBody(
  headers: HeaderValues,
  spec: BodySpec,
  size: { readonly length: number | undefined; readonly maxBodyBytes: number },
): RejectionCode | undefined {
  if (headers.has('content-encoding')) return 'ERR_CONTENT_ENCODING';
  if (size.length === 0) return spec.required ? 'ERR_BODY_EMPTY' : undefined;
  if (spec.limit === undefined) return 'ERR_REQUEST_INVALID';
  if (size.length !== undefined && size.length > size.maxBodyBytes) return 'ERR_BODY_TOO_LARGE';
  return isTypeOf(headers.get('content-type'), spec.types) ? undefined : 'ERR_CONTENT_TYPE';
}

function isTypeOf(values: readonly string[] | undefined, types: RegExp): boolean {
  const [type, ...others] = values ?? [];
  return type !== undefined && others.length === 0 && types.test(type);
}

// RFC 9112 6.3: without Content-Length and Transfer-Encoding a request has no body. The parser refused both at once.
function lengthOf(headers: HeaderValues): number | undefined {
  if (headers.has('transfer-encoding')) return undefined;
  return Number(headers.get('content-length')?.[0] ?? 0);
}

function refused(code: RejectionCode): Result<never, HeadRefusal> {
  return err({ refusal: rejection(code), allow: [] });
}

interface BodySpec {
  readonly required: boolean;
  readonly limit: 'maxMessageBytes' | 'maxReceiptBytes' | 'maxRefusalBytes' | undefined;
  readonly types: RegExp;
}

const BODIES: Readonly<Record<BodyKind, BodySpec>> = {
  message: {
    required: true,
    limit: 'maxMessageBytes',
    types: /^application\/(?:xml|json)(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i,
  },
  receipt: { required: false, limit: 'maxReceiptBytes', types: /^application\/jose$/i },
  refusal: {
    required: true,
    limit: 'maxRefusalBytes',
    types: /^application\/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i,
  },
  none: { required: false, limit: undefined, types: /^$/ },
};
