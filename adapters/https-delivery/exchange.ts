import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as openRequest } from 'node:https';
import { collectHeaders } from '../../gateway/codec/http-headers.ts';
import type { PushAnswer, PushFault, PushRequest } from '../../gateway/ports/deliverer.ts';
import type { VerifiedAgent, VerifiedRequestOptions } from './agent.ts';
import type { RequestTarget } from './build-request.ts';
import type { DeliveryLimits } from './config.ts';
import { PushError, toPushFault } from './errors.ts';

/** What an exchange needs beside its target. */
export interface ExchangeContext {
  readonly agent: VerifiedAgent;
  readonly limits: DeliveryLimits;
  readonly signal: AbortSignal;
}

/** Sends one request and reads its answer, or says what went wrong and whether bytes of it may have left. */
export function exchange(push: PushRequest, target: RequestTarget, context: ExchangeContext): Promise<PushAnswer> {
  return new Promise((resolve) => {
    let sent = false;
    const outgoing = openOutgoing(push, target, context);
    const timer = setTimeout(settle, push.timeoutMs, 'timed-out');
    context.signal.addEventListener('abort', onAbort, { once: true });
    outgoing.once('socket', (socket) => {
      // The connection may have been verified long ago, for an earlier request.
      if (context.agent.isPeer(socket, push.expectedOin)) sent = true;
      else outgoing.destroy(new PushError('peer-oin'));
    });
    outgoing.once('response', (incoming) => {
      readAnswer(incoming, context.limits.maxAnswerBytes, settle);
    });
    outgoing.once('upgrade', (_incoming, socket) => {
      socket.destroy();
      settle('answer-malformed');
    });
    outgoing.on('error', (error) => {
      settle(toPushFault(error, sent));
    });
    outgoing.end(push.body);

    function onAbort(): void {
      settle('connection-lost');
    }
    function settle(outcome: Answer | PushFault): void {
      clearTimeout(timer);
      context.signal.removeEventListener('abort', onAbort);
      resolve(typeof outcome === 'string' ? { kind: 'fault', fault: outcome, sent } : outcome);
      release(outgoing, typeof outcome !== 'string');
    }
  });
}

function openOutgoing(push: PushRequest, target: RequestTarget, { agent, limits }: ExchangeContext): ClientRequest {
  const options: VerifiedRequestOptions = {
    ...target,
    agent,
    expectedOin: push.expectedOin,
    maxHeaderSize: limits.maxAnswerHeaderBytes,
  };
  return openRequest(options);
}

type Answer = PushAnswer & { readonly kind: 'answer' };

// A connection on which either side has not said all can't carry a next request.
function release(outgoing: ClientRequest, answered: boolean): void {
  if (!answered || !outgoing.writableFinished) outgoing.destroy();
}

function readAnswer(incoming: IncomingMessage, maxBytes: number, settle: (outcome: Answer | PushFault) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) settle('answer-too-large');
    else chunks.push(chunk);
  });
  incoming.once('end', () => {
    const headers = collectHeaders(incoming.rawHeaders);
    settle({ kind: 'answer', status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks) });
  });
  incoming.on('error', (error) => {
    settle(toPushFault(error, true));
  });
}
