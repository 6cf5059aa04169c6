import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { readWaitMs } from '../../gateway/codec/query.ts';
import { REJECTIONS, rejection } from '../../gateway/domain/rejection.ts';
import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import { GatewayFault } from '../../gateway/ports/faults.ts';
import type { Caller } from '../../gateway/ports/gateway-api.ts';
import { buildProblem } from './answer.ts';
import type { Answer } from './answer.ts';
import { createCallers } from './callers.ts';
import type { CallerAccount, Callers } from './callers.ts';
import type { IngressLimits, IngressOptions } from './config.ts';
import { readBody } from './read-body.ts';
import { readHead } from './read-head.ts';
import type { Head, HeadRefusal } from './read-head.ts';
import { writeAnswer } from './write-answer.ts';

/** A request with the means to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the client expects before it sends the body (RFC 9110 10.1.1). */
  readonly expectation: 'none' | 'continue' | 'unknown';
}

/** Turns requests into calls of the gateway and their outcome into answers. */
export interface ExchangeHandler {
  /** Never rejects. */
  serve(exchange: Exchange): Promise<void>;
  /** Whether an answer on this connection has begun and not ended. */
  isAnswering(socket: Duplex): boolean;
  /** Ends all waits; from now on each answer closes its connection. */
  stop(): void;
}

/** What the handler works with. */
export interface ExchangeOptions extends IngressOptions {
  readonly limits: IngressLimits;
  readonly openApi: string;
}

/** Makes the handler of all requests of one listener. */
export function createExchange(options: ExchangeOptions): ExchangeHandler {
  const state: State = {
    options,
    callers: createCallers(options.limits),
    waits: new Set(),
    latest: new WeakMap(),
    stopping: false,
  };
  return {
    serve: (exchange) => serve(exchange, state),
    isAnswering: (socket) => {
      const response = state.latest.get(socket);
      return response !== undefined && response.headersSent && !response.writableFinished;
    },
    stop: () => {
      state.stopping = true;
      for (const wait of state.waits) wait.abort();
    },
  };
}

interface State {
  readonly options: ExchangeOptions;
  readonly callers: Callers;
  readonly waits: Set<AbortController>;
  /** The latest response of each connection. */
  readonly latest: WeakMap<Duplex, ServerResponse>;
  stopping: boolean;
}

interface Entered extends Exchange {
  readonly caller: Caller;
  readonly account: CallerAccount;
  /** Bytes counted in on behalf of this request, and of its answer. */
  reserved: number;
  occupied: number;
}

async function serve(exchange: Exchange, state: State): Promise<void> {
  const { request, response } = exchange;
  state.latest.set(request.socket, response);
  const identity = identityOf(request.socket);
  const account = identity === undefined ? undefined : state.callers.enter(identity.key);
  if (identity === undefined || account === undefined) {
    await answerSafely(exchange, refuse('ERR_TOO_MANY_REQUESTS', state), state);
    return;
  }
  const entered: Entered = { ...exchange, caller: identity.caller, account, reserved: 0, occupied: 0 };
  try {
    const answer = await answerOf(entered, state);
    if (answer !== undefined) await answerSafely(exchange, answer, state);
    if (entered.reserved + entered.occupied > LARGE_BYTES) await isWritten(response);
  } finally {
    state.callers.release(account, entered.reserved);
    state.callers.vacate(account, entered.occupied);
    state.callers.leave(identity.key, account);
  }
}

async function answerOf(entered: Entered, state: State): Promise<Answer | undefined> {
  const { request, response, expectation } = entered;
  if (expectation === 'unknown') return refuse('ERR_HEADER_INVALID', state);
  const { method = '', url = '', rawHeaders } = request;
  const head = readHead({ method, url, rawHeaders }, state.options.limits);
  if (!head.ok) return refuseEarly(head.error, state);
  if (expectation === 'continue') response.writeContinue();
  const { bodyTimeoutMs: totalMs, bodyIdleTimeoutMs: idleMs } = state.options.limits;
  const reserve = (bytes: number): boolean => reserveFor(entered, bytes, state.callers);
  const body = await readBody(request, head.value, { totalMs, idleMs, reserve });
  if (body.kind === 'gone') return undefined;
  if (body.kind === 'refused') return refuse(body.code, state);
  // Only chunked bodies can turn out empty here.
  if (head.value.route.body === 'message' && body.bytes.length === 0) return refuse('ERR_BODY_EMPTY', state);
  return callGateway(entered, { head: head.value, body: body.bytes }, state);
}

async function callGateway(
  entered: Entered,
  read: { readonly head: Head; readonly body: Uint8Array },
  state: State,
): Promise<Answer> {
  const { api, clock, openApi } = state.options;
  const { head, body } = read;
  const { caller } = entered;
  const receivedAt = clock.now();
  const wait = openWait(entered.response, state);
  try {
    const call = { caller, headers: head.headers, query: head.query, id: head.id, body, receivedAt };
    const waits = { waitMs: readWaitMs(head.query), signal: wait.signal };
    const outcome = await head.route.call({ ...call, wait: waits }, { api, openApi });
    if (!outcome.ok) return buildProblem(outcome.error);
    occupyFor(entered, outcome.value.body.length, state.callers);
    return outcome.value;
  } catch (error) {
    reportFault(error, state);
    return buildProblem(rejection('ERR_GATEWAY_BUSY'));
  } finally {
    state.waits.delete(wait);
  }
}

// A client that goes away ends its wait. What was leased to it by then comes back when the lease runs out.
function openWait(response: ServerResponse, state: State): AbortController {
  const wait = new AbortController();
  if (state.stopping) wait.abort();
  state.waits.add(wait);
  response.once('close', () => {
    wait.abort();
  });
  return wait;
}

async function answerSafely(exchange: Exchange, answer: Answer, state: State): Promise<void> {
  try {
    const closing = state.stopping || answer.closes === true;
    await writeAnswer(exchange, answer, { closing, lingerMs: state.options.limits.lingerMs });
  } catch (error) {
    reportFault(error, state);
    exchange.response.destroy();
  }
}

// A large answer stays in memory until the client took it; till then it counts.
function isWritten(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.writableFinished || response.destroyed || response.socket === null) resolve();
    else response.once('close', resolve);
  });
}

function reportFault(error: unknown, state: State): void {
  const fault = error instanceof GatewayFault ? error.code : 'ERR_UNEXPECTED';
  state.options.events.emit({ name: 'FaultOccurred', where: 'https-ingress', fault });
}

function reserveFor(entered: Entered, bytes: number, callers: Callers): boolean {
  const fits = callers.reserve(entered.account, bytes);
  if (fits) entered.reserved += bytes;
  return fits;
}

function occupyFor(entered: Entered, bytes: number, callers: Callers): void {
  callers.occupy(entered.account, bytes);
  entered.occupied += bytes;
}

function refuse(code: RejectionCode, state: State): Answer {
  return refuseEarly({ refusal: rejection(code), allow: [] }, state);
}

// The gateway reports its own refusals; these never reach it.
function refuseEarly({ refusal, allow }: HeadRefusal, state: State): Answer {
  const { stage } = REJECTIONS[refusal.code];
  if (stage === 'receive') state.options.events.emit({ name: 'MessageRejected', code: refusal.code, stage });
  return buildProblem(refusal, allow.length === 0 ? {} : { Allow: allow.join(', ') });
}

interface Identity {
  readonly caller: Caller;
  /** SHA-256 fingerprint of the certificate. */
  readonly key: string;
}

const LARGE_BYTES = 262_144;

const identities = new WeakMap<Duplex, Identity>();

// Renegotiation is off, so the certificate of a connection never changes.
function identityOf(socket: Duplex): Identity | undefined {
  const known = identities.get(socket);
  if (known !== undefined) return known;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) return undefined;
  const identity = { caller: { certificate: certificate.raw }, key: certificate.fingerprint256 };
  identities.set(socket, identity);
  return identity;
}
