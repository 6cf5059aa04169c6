import type { Socket } from 'node:net';

/** Connections that have not shown a certificate yet. */
export interface Handshakes {
  /** Counts a connection in. When there are too many, the oldest of the address that has most of them goes. */
  begin(socket: Socket): void;
  /** Counts it out; `socket` may be the TLS on top of the one that was counted in. */
  end(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): void;
}

/** Makes the counter. Who only opens connections pushes out its own, and never those of another address. */
export function createHandshakes(max: number): Handshakes {
  const byAddress = new Map<string, Map<number, Socket>>();
  let total = 0;
  const end = (address: string, port: number): void => {
    const sockets = byAddress.get(address);
    if (sockets?.delete(port) !== true) return;
    total -= 1;
    if (sockets.size === 0) byAddress.delete(address);
  };
  return {
    begin: (socket) => {
      const { remoteAddress: address = '', remotePort: port = 0 } = socket;
      const sockets = byAddress.get(address) ?? new Map<number, Socket>();
      byAddress.set(address, sockets.set(port, socket));
      total += 1;
      socket.once('close', () => {
        end(address, port);
      });
      const oldest = total > max ? oldestOf(byAddress) : undefined;
      if (oldest === undefined) return;
      end(oldest.address, oldest.port);
      oldest.socket.destroy();
    },
    end: ({ remoteAddress = '', remotePort = 0 }) => {
      end(remoteAddress, remotePort);
    },
  };
}

type ByAddress = ReadonlyMap<string, ReadonlyMap<number, Socket>>;

function oldestOf(byAddress: ByAddress): { address: string; port: number; socket: Socket } | undefined {
  let [address, most]: [string, ReadonlyMap<number, Socket>] = ['', new Map()];
  for (const [name, sockets] of byAddress) if (sockets.size > most.size) [address, most] = [name, sockets];
  const [oldest] = most;
  return oldest === undefined ? undefined : { address, port: oldest[0], socket: oldest[1] };
}
