import type { HeaderValues } from '../../gateway/codec/http-headers.ts';
import type { Query } from '../../gateway/codec/query.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import type { Rejection } from '../../gateway/domain/rejection.ts';
import type { Result } from '../../gateway/domain/result.ts';
import type { Caller, GatewayApi, Wait } from '../../gateway/ports/gateway-api.ts';
import type { Answer } from './answer.ts';

/** A request that was read whole and has the form its route asks for. */
export interface Call {
  readonly caller: Caller;
  readonly headers: HeaderValues;
  readonly query: Query;
  /** The id in the path; empty for a route without one. */
  readonly id: string;
  readonly body: Uint8Array;
  readonly receivedAt: Instant;
  readonly wait: Wait;
}

/** What a call needs beside the request. */
export interface CallContext {
  readonly api: GatewayApi;
  readonly openApi: string;
}

/** What a route does: answers, or refuses. */
export type CallHandler = (call: Call, context: CallContext) => Promise<Result<Answer, Rejection>>;
