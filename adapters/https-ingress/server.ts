import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { rejection } from '../../gateway/domain/rejection.ts';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import type { Events } from '../../gateway/ports/events.ts';
import { buildProblem, buildRaw } from './answer.ts';
import { buildServerOptions, buildTlsOptions } from './build-tls-options.ts';
import { DEFAULT_LIMITS } from './config.ts';
import type { IngressConfig, IngressLimits, IngressOptions, IngressTls } from './config.ts';
import { toHandshakeCode } from './errors.ts';
import { createExchange } from './exchange.ts';
import type { ExchangeHandler } from './exchange.ts';
import { createHandshakes } from './handshakes.ts';
import { readOpenApi } from './openapi.ts';

/** A listening ingress. */
export interface HttpsIngress {
  readonly port: number;
  /**
   * Answers what makes new connections shake hands with these; those that are open go on. Throws ConfigurationFault when they can't be
   * used.
   */
  prepare(tls: IngressTls): () => void;
  /** Stops accepting, ends waits, lets running requests finish within `drainMs`, then closes what is left. */
  close(): Promise<void>;
}

/** Opens the REST interface of the gateway over mutual TLS. Rejects with ConfigurationFault when it can't. */
export async function openHttpsIngress(options: IngressOptions): Promise<HttpsIngress> {
  const limits: IngressLimits = { ...DEFAULT_LIMITS, ...options.config.limits };
  const openApi = await readOpenApi(options.config.schemasFolder);
  const exchange = createExchange({ ...options, limits, openApi });
  const server = createListener(options.config, limits);
  connect(server, exchange, { events: options.events, maxHandshakes: limits.maxHandshakes });
  await listen(server, options.config);
  return {
    port: portOf(server),
    prepare: (tls) => prepare(server, tls, limits),
    close: () => close(server, exchange, limits.drainMs),
  };
}

function createListener(config: IngressConfig, limits: IngressLimits): Server {
  try {
    const server = createServer(buildServerOptions(config, limits));
    server.maxConnections = limits.maxConnections;
    // Node would silently drop headers beyond this count; the count is judged in read-head.
    server.maxHeadersCount = 0;
    server.timeout = limits.socketTimeoutMs;
    return server;
  } catch (cause) {
    throw new ConfigurationFault('ERR_CONFIG_INVALID', "tls: certificate, key or issuers can't be used", { cause });
  }
}

function prepare(server: Server, tls: IngressTls, limits: IngressLimits): () => void {
  const options = buildTlsOptions({ tls }, limits);
  try {
    // Node takes over what it is given before it finds out that it can't be used.
    createSecureContext(options);
  } catch (cause) {
    throw new ConfigurationFault('ERR_CONFIG_INVALID', "tls: certificate, key or issuers can't be used", { cause });
  }
  return () => {
    server.setSecureContext(options);
  };
}

function connect(
  server: Server,
  exchange: ExchangeHandler,
  { events, maxHandshakes }: { readonly events: Events; readonly maxHandshakes: number },
): void {
  const serve =
    (expectation: 'none' | 'continue' | 'unknown') =>
    (request: IncomingMessage, response: ServerResponse): void => {
      void exchange.serve({ request, response, expectation });
    };
  server.on('request', serve('none'));
  server.on('checkContinue', serve('continue'));
  server.on('checkExpectation', serve('unknown'));
  const secure = new WeakSet<Duplex>();
  const handshakes = createHandshakes(maxHandshakes);
  admitOneByOne(server, async (socket) => {
    const isAdmitted = await exchange.mayShakeHands(socket);
    if (isAdmitted && !socket.destroyed) handshakes.begin(socket);
    return isAdmitted;
  });
  server.on('secureConnection', (socket) => {
    secure.add(socket);
    handshakes.end(socket);
    exchange.connected(socket);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Node passes failed handshakes here as well.
    if (secure.has(socket)) refuseUnreadable(error.code, socket, exchange);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    // Typed as an Error, but Node sets the code of the verdict, and null when there is none.
    const verdict: unknown = socket.authorizationError;
    events.emit({ name: 'HandshakeFailed', code: toHandshakeCode(error.code, verdict) });
    socket.destroy();
  });
}

// A handshake takes more of this thread than most requests, and nobody has said who he is before it: addresses take turns. What
// waits is a plain connection, of which TLS takes up what was received meanwhile.
function admitOneByOne(server: Server, admit: (socket: Socket) => Promise<boolean>): void {
  const starters = server.rawListeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    if (!(socket instanceof Socket)) return;
    socket.on('error', ignore);
    void admit(socket).then((isAdmitted) => {
      socket.off('error', ignore);
      if (!isAdmitted) socket.destroy();
      if (socket.destroyed) return;
      for (const starter of starters) Reflect.apply(starter, server, [socket]);
    });
  });
}

// The close that follows is what counts.
function ignore(): void {
  return;
}

// What the parser refuses never becomes a request, so the answer is written by hand; never after or into another answer.
function refuseUnreadable(code: string | undefined, socket: Duplex, exchange: ExchangeHandler): void {
  if (code === 'ECONNRESET' || !socket.writable || exchange.isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const slow = code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const answer = buildProblem(rejection(slow ? 'ERR_REQUEST_TOO_SLOW' : 'ERR_HEADER_INVALID'));
  socket.end(buildRaw(answer), () => {
    socket.destroy();
  });
}

function listen(server: Server, config: IngressConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new ConfigurationFault('ERR_CONFIG_INVALID', `can't listen on port ${String(config.port)}`, { cause }));
    });
    server.listen({ host: config.host, port: config.port }, resolve);
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server, exchange: ExchangeHandler, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
    }, drainMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    exchange.stop();
    server.closeIdleConnections();
  });
}
