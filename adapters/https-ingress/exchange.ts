import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { readWaitMs } from '../../gateway/codec/query.ts';
import { REJECTIONS, rejection } from '../../gateway/domain/rejection.ts';
import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import { GatewayFault } from '../../gateway/ports/faults.ts';
import { buildProblem } from './answer.ts';
import type { Answer } from './answer.ts';
import type { CallHandler } from './call.ts';
import { createCallers } from './callers.ts';
import type { CallerAccount, Callers } from './callers.ts';
import type { IngressLimits, IngressOptions } from './config.ts';
import { createCrowd } from './crowd.ts';
import type { Crowd } from './crowd.ts';
import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import { createLane } from './lane.ts';
import type { Lane } from './lane.ts';
import { createLoad, nowMs } from './load.ts';
import { readBody } from './read-body.ts';
import type { BodyOutcome } from './read-body.ts';
import { readHead } from './read-head.ts';
import type { Head, HeadRefusal } from './read-head.ts';
import { createTurns } from './turns.ts';
import type { Turns } from './turns.ts';
import { isWritten, writeAnswer } from './write-answer.ts';

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
  /** Resolves when a connection may begin its handshake; to false when it waited too long for that. */
  mayShakeHands(socket: Pick<Socket, 'remoteAddress'>): Promise<boolean>;
  /** Counts a connection of which the handshake is done; one too many is ended here. */
  connected(socket: TLSSocket): void;
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
    connections: createCrowd(options.limits.maxConnectionsPerCaller),
    requests: createCrowd(2 * options.limits.maxRequestsPerCaller),
    turns: createTurns({
      nowMs,
      busy: createLoad(),
      maxWaitMs: options.limits.turnTimeoutMs,
      maxWaiting: options.limits.maxRequestsPerCaller,
    }),
    large: createLane(LARGE_AT_A_TIME),
    surplus: new WeakSet(),
    waits: new Set(),
    latest: new WeakMap(),
    stopping: false,
  };
  return {
    serve: (exchange) => serve(exchange, state),
    mayShakeHands: ({ remoteAddress = '' }) => {
      state.turns.add(remoteAddress, HANDSHAKE_MS);
      return state.turns.take(remoteAddress);
    },
    connected: (socket) => {
      connected(socket, state);
    },
    isAnswering: (socket) => {
      const response = state.latest.get(socket);
      return response !== undefined && response.headersSent && !response.writableFinished;
    },
    stop: () => {
      state.stopping = true;
      state.turns.stop();
      for (const wait of state.waits) wait.abort();
    },
  };
}

interface State {
  readonly options: ExchangeOptions;
  readonly callers: Callers;
  readonly connections: Crowd;
  /** All requests, those that are being refused among them. */
  readonly requests: Crowd;
  readonly turns: Turns;
  readonly large: Lane;
  /** Connections that their caller has too many of. */
  readonly surplus: WeakSet<Duplex>;
  readonly waits: Set<AbortController>;
  /** The latest response of each connection. */
  readonly latest: WeakMap<Duplex, ServerResponse>;
  stopping: boolean;
}

interface Entered extends Exchange {
  readonly identity: Identity;
  readonly account: CallerAccount;
  /** Bytes counted in on behalf of this request, and of its answer. */
  reserved: number;
  occupied: number;
}

function connected(socket: TLSSocket, state: State): void {
  const identity = identityOf(socket);
  // The handshake demands a certificate; without one nothing is answered.
  if (identity === undefined) {
    socket.destroy();
    return;
  }
  const { key } = identity;
  const admission = state.connections.enter(key);
  socket.once('close', () => {
    state.connections.leave(key);
  });
  if (admission === 'cut-off') socket.destroy();
  if (admission === 'refused') state.surplus.add(socket);
}

async function serve(exchange: Exchange, state: State): Promise<void> {
  const { request, response } = exchange;
  state.latest.set(request.socket, response);
  const identity = identityOf(request.socket);
  if (identity === undefined || state.requests.enter(identity.key) !== 'taken') {
    request.socket.destroy();
    if (identity !== undefined) state.requests.leave(identity.key);
    return;
  }
  try {
    // Before its head is judged or its body read: what waits here costs no more than its connection.
    const isTurn = await state.turns.take(identity.key);
    const isSurplus = state.surplus.has(request.socket);
    const account = isTurn && !isSurplus ? state.callers.enter(identity.key) : undefined;
    if (account === undefined) await answerSafely(exchange, refuse('ERR_TOO_MANY_REQUESTS', state), state);
    else await serveEntered({ ...exchange, identity, account, reserved: 0, occupied: 0 }, state);
  } finally {
    state.requests.leave(identity.key);
  }
}

async function serveEntered(entered: Entered, state: State): Promise<void> {
  const { response, account, identity } = entered;
  try {
    // It may have left while it waited for its turn.
    const answer = entered.request.destroyed ? undefined : await answerOf(entered, state);
    if (answer === undefined) return;
    await answerSafely(entered, answer, state);
    await isWritten(response, state.options.limits.answerTimeoutMs);
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
  const body = await readFor(entered, head.value, state);
  if (body.kind === 'gone') return undefined;
  if (body.kind === 'refused') return refuse(body.code, state);
  // Only chunked bodies can turn out empty here.
  if (head.value.route.body === 'message' && body.bytes.length === 0) return refuse('ERR_BODY_EMPTY', state);
  return callGateway(entered, { head: head.value, body: body.bytes }, state);
}

function readFor(entered: Entered, head: Head, state: State): Promise<BodyOutcome> {
  const { bodyTimeoutMs: totalMs, bodyIdleTimeoutMs: idleMs } = state.options.limits;
  const reserve = (bytes: number): boolean => reserveFor(entered, bytes, state.callers);
  return readBody(entered.request, head, { totalMs, idleMs, reserve });
}

async function callGateway(
  entered: Entered,
  read: { readonly head: Head; readonly body: Uint8Array },
  state: State,
): Promise<Answer> {
  const { api, clock, openApi } = state.options;
  const { head, body } = read;
  const { caller, key } = entered.identity;
  const receivedAt = clock.now();
  // Bodies that end at the same moment would otherwise be judged in a row.
  if (body.length > 0 && !(await state.turns.take(key))) return refuse('ERR_TOO_MANY_REQUESTS', state);
  const wait = openWait(entered.response, state);
  try {
    const call = { caller, headers: head.headers, query: head.query, id: head.id, body, receivedAt };
    const waits = { waitMs: readWaitMs(head.query), signal: wait.signal };
    const run = (): ReturnType<CallHandler> =>
      state.turns.charge(key, () => head.route.call({ ...call, wait: waits }, { api, openApi }));
    const outcome = await (body.length > LARGE_BYTES ? state.large.run(key, run) : run());
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
    const isLast = answer.closes === true || state.surplus.has(exchange.request.socket);
    const closing = state.stopping || isLast;
    await writeAnswer(exchange, answer, { closing, lingerMs: state.options.limits.lingerMs });
  } catch (error) {
    reportFault(error, state);
    exchange.response.destroy();
  }
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

// Judged in a thread of their own, one after another; one more is made ready meanwhile.
const LARGE_BYTES = 262_144;
const LARGE_AT_A_TIME = 2;
// What a handshake with two certificates takes of this thread.
const HANDSHAKE_MS = 2;
