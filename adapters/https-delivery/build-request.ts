import { isIP } from 'node:net';
import type { PushRequest } from '../../gateway/ports/deliverer.ts';

/** Where and what to send, as `https.request` takes it. */
export interface RequestTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly method: 'POST';
  /** Empty for an address literal: RFC 6066 3 lets only names be asked for. */
  readonly servername: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Builds the request; undefined when the address isn't a bare https URL. */
export function buildRequest(push: Pick<PushRequest, 'url' | 'headers' | 'body'>): RequestTarget | undefined {
  const url = parseUrl(push.url);
  if (url === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: url.port === '' ? 443 : Number(url.port),
    path: url.pathname + url.search,
    method: 'POST',
    servername: isIP(host) === 0 ? host : '',
    headers: { ...push.headers, 'Content-Length': String(push.body.length) },
  };
}

function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isBare = url.username === '' && url.password === '' && url.hash === '';
  return url.protocol === 'https:' && isBare ? url : undefined;
}
