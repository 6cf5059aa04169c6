import { request as requestHttp, Agent as HttpAgent } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps, Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { FetchedList, FetchFault, ListSource } from '../../gateway/ports/list-source.ts';
import type { ListSourceOptions } from './config.ts';

/**
 * A list at an address, http or https: what comes is judged by its own signature. Each fetch has a connection of its own; no
 * redirect is followed, no proxy of the environment used, and no address outside the networks connected to.
 */
export function createHttpSource(url: URL, options: Required<ListSourceOptions>): ListSource {
  return { isLocal: false, fetch: ({ signal }) => fetchList(url, options, signal) };
}

function fetchList(url: URL, options: Required<ListSourceOptions>, signal: AbortSignal): Promise<FetchedList> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !options.guard.has(host)) return Promise.resolve(toFault('address-refused'));
  return new Promise((resolve) => {
    const isHttps = url.protocol === 'https:';
    const agent = isHttps ? new HttpsAgent({ maxCachedSessions: 0 }) : new HttpAgent();
    const outgoing = (isHttps ? requestHttps : requestHttp)(url, {
      agent,
      lookup: options.guard.lookup,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: { Accept: 'application/pkix-crl', 'Accept-Encoding': 'identity' },
    });
    const timer = setTimeout(settle, options.timeoutMs, toFault('timed-out'));
    signal.addEventListener('abort', onAbort, { once: true });
    outgoing.once('response', (incoming) => {
      readList(incoming, options.maxBytes, settle);
    });
    outgoing.on('error', (error) => {
      settle(toFault(isRefusedAddress(error) ? 'address-refused' : 'unreachable'));
    });
    outgoing.end();
    if (signal.aborted) onAbort();

    function onAbort(): void {
      settle(toFault('unreachable'));
    }
    function settle(fetched: FetchedList): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(fetched);
      outgoing.destroy();
      agent.destroy();
    }
  });
}

function readList(incoming: IncomingMessage, maxBytes: number, settle: (fetched: FetchedList) => void): void {
  if (incoming.statusCode !== 200) {
    settle(toFault('status'));
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) settle(toFault('too-large'));
    else chunks.push(chunk);
  });
  incoming.once('end', () => {
    settle({ kind: 'list', octets: Buffer.concat(chunks) });
  });
  // Also of an answer that ends before its length.
  incoming.on('error', () => {
    settle(toFault('unreachable'));
  });
}

const toFault = (fault: FetchFault): FetchedList => ({ kind: 'fault', fault });

// The guard's own refusal, told by the name of its property and never by its text.
function isRefusedAddress(error: Error): boolean {
  return 'fault' in error && error.fault === 'address-refused';
}

const MAX_HEADER_BYTES = 16_384;
