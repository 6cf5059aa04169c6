import { Agent, request } from 'node:https';

import type { SignedBericht } from '../support/signed.ts';

/** What a client of the run needs to reach the gateway. */
export interface PartyAccess {
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  /** The address it comes from: each party has its own, as outside a test. */
  readonly localAddress: string;
}

/** Connections that are kept for the next request. */
export function createAgent({ cert, key, ca, localAddress }: PartyAccess, maxSockets: number): Agent {
  return new Agent({ cert, key, ca, localAddress, keepAlive: true, maxSockets, servername: 'localhost' });
}

/** One submission; resolves to the status of the answer, read to its end, or to 0 when there was none. */
export function submit(
  to: { readonly port: number; readonly agent: Agent; readonly path?: string },
  bericht: Pick<SignedBericht, 'headers' | 'body'>,
): Promise<number> {
  return new Promise((resolve) => {
    const { port, agent, path = '/v1/berichten' } = to;
    const headers = { ...bericht.headers, 'Content-Length': String(bericht.body.length) };
    const sent = request({ host: '127.0.0.1', port, agent, method: 'POST', path, headers }, (answer) => {
      answer.resume().once('end', () => {
        resolve(answer.statusCode ?? 0);
      });
      answer.once('error', () => {
        resolve(0);
      });
    });
    sent.once('error', () => {
      resolve(0);
    });
    sent.end(bericht.body);
  });
}
