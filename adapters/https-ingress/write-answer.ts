import type { IncomingMessage, ServerResponse } from 'node:http';
import { buildHeaders } from './answer.ts';
import type { Answer } from './answer.ts';

/** Writes the answer. `closing` ends the connection after it; so does a request that wasn't read to its end. */
export async function writeAnswer(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  answer: Answer,
  options: { readonly closing: boolean; readonly lingerMs: number },
): Promise<void> {
  const { request, response } = exchange;
  if (response.destroyed) return;
  const unread = !request.complete;
  response.writeHead(answer.status, buildHeaders(answer, options.closing || unread));
  const body = request.method === 'HEAD' ? '' : answer.body;
  if (!unread) {
    response.end(body);
    return;
  }
  // Closing with bytes unread resets the connection, and the client would lose the answer it is about to read.
  if (body.length > 0) response.write(body);
  else response.flushHeaders();
  await discard(request, options.lingerMs);
  response.end();
}

function discard(request: IncomingMessage, lingerMs: number): Promise<void> {
  return new Promise((resolve) => {
    let left = MAX_DISCARDED_BYTES;
    const timer = setTimeout(stop, lingerMs);
    request
      .on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) stop();
      })
      .once('end', stop)
      .once('close', stop)
      .resume();

    function stop(): void {
      clearTimeout(timer);
      request.pause();
      resolve();
    }
  });
}

/** Waits until the client took the answer: so long it is in memory. One that takes too long over it is cut off. */
export function isWritten(response: ServerResponse, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (response.writableFinished || response.destroyed) {
      resolve();
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    // A pipelined answer has no socket before those ahead of it are through.
    const start = (): void => {
      timer = setTimeout(() => {
        response.destroy();
      }, timeoutMs);
    };
    if (response.socket === null) response.once('socket', start);
    else start();
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const MAX_DISCARDED_BYTES = 8_388_608;
