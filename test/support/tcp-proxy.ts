import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy on loopback that can misbehave the way networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks all connections that stand; new ones are taken. */
  cut(): void;
  /** Refuses new connections by breaking them at once, until `accept`. */
  refuse(): void;
  accept(): void;
  /** Keeps connections but lets no more bytes through, from the server only or both ways, until `flow`. */
  stall(direction: 'from-server' | 'both'): void;
  flow(): void;
  /** Holds up every chunk of bytes by this many milliseconds, order kept. */
  delay(ms: number): void;
  /** Sends bytes to every client as if they came from the server. */
  inject(bytes: Uint8Array): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Opens a proxy to a TCP server. */
export async function openTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const state = { isRefusing: false, delayMs: 0, stalled: 'none' as 'none' | 'from-server' | 'both' };

  const applyStall = ({ client, server }: Pair): void => {
    if (state.stalled === 'both') client.pause();
    else client.resume();
    if (state.stalled === 'none') server.resume();
    else server.pause();
  };
  const forward = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (state.delayMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), state.delayMs);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const listener = createServer((client) => {
    if (state.isRefusing) {
      client.destroy();
      return;
    }
    const pair = { client, server: connect(target) };
    pairs.add(pair);
    client.on('close', () => pairs.delete(pair));
    forward(client, pair.server);
    forward(pair.server, client);
    applyStall(pair);
  });
  await listenOnLoopback(listener);
  const cut = (): void => {
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
  };
  const setStall = (stalled: typeof state.stalled): void => {
    state.stalled = stalled;
    pairs.forEach(applyStall);
  };
  return {
    port: (listener.address() as AddressInfo).port,
    cut,
    refuse: () => {
      state.isRefusing = true;
    },
    accept: () => {
      state.isRefusing = false;
    },
    stall: setStall,
    flow: () => {
      setStall('none');
    },
    delay: (ms) => {
      state.delayMs = ms;
    },
    inject: (bytes) => {
      for (const { client } of pairs) client.write(bytes);
    },
    close: () => {
      cut();
      return new Promise((resolve) => {
        listener.close(() => {
          resolve();
        });
      });
    },
  };
}

function listenOnLoopback(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
