import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { PartyAccess } from './party.ts';

/** Clients that take their time, in four kinds of as many each. */
export interface SlowClients {
  /** How many are connected now. */
  count(): number;
  stop(): void;
}

/** Opens them and keeps as many open: what the gateway ends comes back after a second. */
export function openSlowClients(access: PartyAccess, count: number): SlowClients {
  const sockets = new Set<Socket>();
  let isStopped = false;
  const start = (kind: Kind): void => {
    if (isStopped) return;
    const socket = KINDS[kind](access);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      setTimeout(start, 1_000, kind).unref();
    });
  };
  const kinds: readonly Kind[] = ['handshake', 'head', 'body', 'reader'];
  for (let index = 0; index < count; index += 1) {
    const kind = kinds[index % kinds.length];
    // A storm of handshakes at one moment is another test than slowness.
    if (kind !== undefined) setTimeout(start, (index / count) * RAMP_MS, kind);
  }
  return {
    count: () => sockets.size,
    stop: () => {
      isStopped = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

type Kind = 'handshake' | 'head' | 'body' | 'reader';

const KINDS: Readonly<Record<Kind, (access: PartyAccess) => Socket>> = {
  // Connects and never says a word of TLS.
  handshake: ({ port, localAddress }) => connectTcp({ port, host: '127.0.0.1', localAddress }),
  // A head that never ends (slowloris).
  head: (access) => drip(access, 'POST /v1/berichten HTTP/1.1\r\nHost: x\r\n', (index) => `X-${String(index)}: 1\r\n`),
  // A body of which a byte comes now and then.
  body: (access) =>
    drip(
      access,
      'POST /v1/berichten HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\nContent-Length: 100000\r\n\r\n',
      () => 'x',
    ),
  // Asks for all it may and reads nothing.
  reader: (access) => {
    const socket = open(access);
    socket.write('GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
    socket.pause();
    return socket;
  },
};

function drip(access: PartyAccess, head: string, next: (index: number) => string): Socket {
  const socket = open(access);
  socket.write(head);
  let index = 0;
  const timer = setInterval(() => {
    index += 1;
    socket.write(next(index));
  }, DRIP_MS);
  socket.once('close', () => {
    clearInterval(timer);
  });
  return socket.resume();
}

function open({ port, cert, key, ca, localAddress }: PartyAccess): Socket {
  const socket = connectTcp({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  return connectTls({ socket, cert, key, ca, servername: 'localhost' });
}

const DRIP_MS = 900;
const RAMP_MS = 1_000;
