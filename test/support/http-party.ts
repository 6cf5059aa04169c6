import { createServer, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';

import type { IssuedCertificate } from '../../certs-dev/authority.ts';

/** What a party uses on the wire: its TLS certificate and the roots it trusts. */
export interface PartyTls {
  readonly tls: IssuedCertificate;
  readonly ca: string;
}

/** An answer of the gateway as it came. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  json(): Record<string, unknown>;
}

/** One HTTPS request, on a connection of its own; independent of the product's client. */
export function call(
  party: PartyTls,
  options: {
    readonly port: number;
    readonly method?: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    readonly body?: Uint8Array;
  },
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const req = request(
      {
        host: '127.0.0.1',
        port: options.port,
        method: options.method ?? 'GET',
        path: options.path,
        headers: { ...options.headers } as Record<string, string | string[]>,
        cert: party.tls.chainPem,
        key: party.tls.privateKeyPem,
        ca: party.ca,
        servername: 'localhost',
        agent: false,
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const body = Buffer.concat(chunks);
          const json = (): Record<string, unknown> => JSON.parse(body.toString('utf8')) as Record<string, unknown>;
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body, json });
        });
      },
    );
    req.on('error', reject);
    req.end(options.body);
  });
}

/** A push as a recipient got it. */
export interface ReceivedPush {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a recipient answers. */
export interface PushReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The well-behaved answer: Bericht-Id and Digest repeated. */
export function confirmPush(push: ReceivedPush): PushReply {
  return {
    status: 200,
    headers: { 'Bericht-Id': String(push.headers['bericht-id']), Digest: String(push.headers['digest']) },
  };
}

/** A recipient that listens; what it does with a push can be changed while it runs. */
export interface Recipient {
  readonly port: number;
  readonly received: readonly ReceivedPush[];
  /** Every connection that was made, also those that got no request. */
  readonly connections: () => number;
  answerWith(reply: (push: ReceivedPush) => PushReply | Promise<PushReply>): void;
  /** Resolves when at least so many pushes came in; rejects after the time. */
  waitFor(count: number, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a recipient on loopback, at a given port or one that is free. */
export async function openRecipient(party: PartyTls, port = 0): Promise<Recipient> {
  const received: ReceivedPush[] = [];
  let reply: (push: ReceivedPush) => PushReply | Promise<PushReply> = confirmPush;
  let connections = 0;
  const server = createServer(
    {
      cert: party.tls.chainPem,
      key: party.tls.privateKeyPem,
      ca: party.ca,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const push = { headers: req.headers, body: Buffer.concat(chunks) };
        received.push(push);
        void Promise.resolve(reply(push)).then(({ status, headers, body }) => {
          res.writeHead(status, headers);
          res.end(body);
        });
      });
    },
  );
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    answerWith: (next) => {
      reply = next;
    },
    async waitFor(count, timeoutMs = 60_000) {
      await until(() => received.length >= count, timeoutMs, `${String(count)} pushes, got ${String(received.length)}`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Waits until something holds, looking every 25 ms. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs: number, what: string): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not in ${String(timeoutMs)} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What came back on a connection written to by hand, until it closed. */
export interface RawExchange {
  readonly text: string;
  readonly bytesWritten: number;
}

/** Opens TLS, writes the text as it is, and reads until the other side closes or three seconds are over. */
export function exchangeRaw(
  party: { readonly tls: IssuedCertificate | undefined; readonly ca: string },
  to: { readonly port: number; readonly text: string },
): Promise<RawExchange> {
  return new Promise((resolve) => {
    const identity = party.tls === undefined ? {} : { cert: party.tls.chainPem, key: party.tls.privateKeyPem };
    const socket = connect({ host: '127.0.0.1', port: to.port, servername: 'localhost', ca: party.ca, ...identity });
    let text = '';
    socket.on('secureConnect', () => {
      socket.write(to.text);
    });
    socket.on('data', (data: Buffer) => {
      text += data.toString();
    });
    const timer = setTimeout(() => {
      socket.destroy();
    }, 3_000);
    // An error always closes the socket as well.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text, bytesWritten: socket.bytesWritten });
    });
  });
}
