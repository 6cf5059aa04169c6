import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { codeOf, CommandFault } from '../fault.ts';
import type { TlsIdentity } from './https-client.ts';
import { readArrival } from './recipient.ts';
import type { Reaction, Recipient } from './recipient.ts';

/** Where berichten are pushed to. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** How a listener listens; `onReaction` sees each bericht after it was answered. */
export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly identity: TlsIdentity;
  readonly recipient: Recipient;
  readonly onReaction?: (reaction: Reaction) => void;
  readonly onFault?: (sentence: string) => void;
}

/** Opens an HTTPS server that takes berichten from a gateway over mutual TLS. Rejects with CommandFault. */
export async function openListener(options: ListenOptions): Promise<Listener> {
  const { certPem, keyPem, rootsPem } = options.identity;
  const server = createServer(
    { cert: certPem, key: keyPem, ca: rootsPem, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    (request, response) => {
      void answer(request, response, options).catch((cause: unknown) => {
        options.onFault?.(cause instanceof Error ? cause.message : 'onbekende fout');
        response.destroy();
      });
    },
  );
  const port = await listen(server, options);
  return { port, close: () => close(server) };
}

/** The answer of a push that says what the recipient did. */
export function buildAnswer(reaction: Reaction): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const { messageId, digest } = reaction.arrival;
  if (reaction.kind === 'refused') {
    const headers = { 'Bericht-Id': messageId, 'Content-Type': 'application/problem+json' };
    return { status: 422, headers, body: JSON.stringify({ code: reaction.code }) };
  }
  const headers = { 'Bericht-Id': messageId, Digest: digest };
  return reaction.receipt === undefined
    ? { status: 200, headers, body: '' }
    : { status: 200, headers: { ...headers, 'Content-Type': 'application/jose' }, body: reaction.receipt };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ListenOptions): Promise<void> {
  const body = await readBody(request);
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const arrival = request.method === 'POST' ? readArrival(new Map(headers), body) : undefined;
  if (arrival?.ok !== true) {
    options.onFault?.(arrival === undefined ? 'een aanvraag die geen POST is' : arrival.error);
    response.writeHead(400).end();
    return;
  }
  const reaction = options.recipient.receive(arrival.value);
  const built = buildAnswer(reaction);
  response
    .writeHead(built.status, { ...built.headers, 'Content-Length': Buffer.byteLength(built.body) })
    .end(built.body);
  options.onReaction?.(reaction);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('een bericht groter dan 40 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function listen(server: Server, { host, port }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new CommandFault(`Op poort ${String(port)} is niet te luisteren (${codeOf(cause)}): kies een andere.`, {
          cause,
        }),
      );
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

// A bericht is at most 35 MB.
const MAX_BODY_BYTES = 40_000_000;
