import type { IncomingMessage } from 'node:http';
import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import type { Head } from './read-head.ts';

/** What came of reading a body: its bytes, a refusal before all were read, or a client that went away. */
export type BodyOutcome =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly code: RejectionCode }
  | { readonly kind: 'gone' };

/** What bounds the reading: `reserve` answers whether so many more bytes may be held. */
export interface BodyBounds {
  readonly totalMs: number;
  readonly idleMs: number;
  reserve(bytes: number): boolean;
}

/** Reads a body of at most the head's bytes; stops reading at the first byte too many. */
export function readBody(
  request: IncomingMessage,
  head: Pick<Head, 'length' | 'maxBodyBytes'>,
  bounds: BodyBounds,
): Promise<BodyOutcome> {
  if (head.length === 0) return Promise.resolve({ kind: 'body', bytes: EMPTY });
  // A body of known length is reserved whole, so that none gets stuck halfway for want of room.
  if (head.length !== undefined && !bounds.reserve(head.length)) return Promise.resolve(refused('ERR_GATEWAY_BUSY'));
  return collect(request, head, bounds);
}

function collect(
  request: IncomingMessage,
  head: Pick<Head, 'length' | 'maxBodyBytes'>,
  bounds: BodyBounds,
): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const total = setTimeout(onSlow, bounds.totalMs);
    const idle = setTimeout(onSlow, bounds.idleMs);
    request.on('data', onData).once('end', onEnd).once('close', onClose).once('error', onClose);

    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > head.maxBodyBytes) settle(refused('ERR_BODY_TOO_LARGE'));
      else if (head.length === undefined && !bounds.reserve(chunk.length)) settle(refused('ERR_GATEWAY_BUSY'));
      else chunks.push(chunk);
      idle.refresh();
    }
    function onEnd(): void {
      settle({
        kind: 'body',
        bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks),
      });
    }
    function onSlow(): void {
      settle(refused('ERR_REQUEST_TOO_SLOW'));
    }
    function onClose(): void {
      settle({ kind: 'gone' });
    }
    function settle(outcome: BodyOutcome): void {
      clearTimeout(total);
      clearTimeout(idle);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      request.pause();
      resolve(outcome);
    }
  });
}

function refused(code: RejectionCode): BodyOutcome {
  return { kind: 'refused', code };
}

const EMPTY = new Uint8Array(0);
