import { Agent, request } from 'node:https';

import type { PartyTls } from './http-party.ts';
import type { SignedBericht } from './signed.ts';

/** An answer on a connection that is kept. */
export interface KeptAnswer {
  readonly status: number;
  /** The code of a refusal. */
  readonly code: unknown;
  readonly json: Readonly<Record<string, unknown>>;
  /** Whether the connection was there before the request. */
  readonly reused: boolean;
  /** Whether the gateway closes the connection with the answer. */
  readonly closes: boolean;
}

/** One keep-alive connection of a party to the gateway. */
export interface OpenConnection {
  get(path: string): Promise<KeptAnswer>;
  submit(bericht: SignedBericht): Promise<KeptAnswer>;
  close(): void;
}

/** Opens a connection at the first request; the next go over the same one for as long as it is open. */
export function openConnection({ tls, ca }: PartyTls, port: () => number): OpenConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string, bericht?: SignedBericht): Promise<KeptAnswer> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ agent, host: '127.0.0.1', port: port(), servername: 'localhost', path },
          ...{ method: bericht === undefined ? 'GET' : 'POST', headers: { ...bericht?.headers } },
          ...{ cert: tls.chainPem, key: tls.privateKeyPem, ca },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', reject).once('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
            resolve({
              status: answer.statusCode ?? 0,
              code: json['code'],
              json,
              reused: sent.reusedSocket,
              closes: answer.headers.connection === 'close',
            });
          });
        },
      );
      sent.once('error', reject).end(bericht?.body);
    });
  return {
    get: (path) => ask(path),
    submit: (bericht) => ask('/v1/berichten', bericht),
    close: () => {
      agent.destroy();
    },
  };
}
