import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { createListSource } from '../../adapters/crl-source/index.ts';
import { createNetworkGuard } from '../../adapters/https-delivery/index.ts';
import type { FetchedList } from '../../gateway/ports/list-source.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const LIST = Buffer.from('a list');
const signal = new AbortController().signal;

let folder: string;
const servers: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crl-source-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

/** A server of a list; resolves to its port. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

interface Asked {
  readonly networks?: readonly string[];
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

const source = (place: string, { networks = LOOPBACK, maxBytes = 100, timeoutMs = 5_000 }: Asked = {}) =>
  createListSource(place, { guard: createNetworkGuard(networks), maxBytes, timeoutMs });

const fetchFrom = (place: string, asked: Asked = {}): Promise<FetchedList> =>
  source(place, asked).fetch({ again: false, signal });

const fault = (name: string): unknown => ({ kind: 'fault', fault: name });

describe('a list at an address', () => {
  it('is fetched by address and by name, each time', async () => {
    const hosts: unknown[] = [];
    const port = await serve((request, response) => {
      hosts.push(request.headers.host, request.headers['accept-encoding']);
      response.end(LIST);
    });
    expect(await fetchFrom(`http://127.0.0.1:${String(port)}/crl`)).toEqual({ kind: 'list', octets: LIST });
    const named = source(`http://localhost:${String(port)}/crl`);
    expect(named.isLocal).toBe(false);
    expect(await named.fetch({ again: false, signal })).toEqual({ kind: 'list', octets: LIST });
    expect(await named.fetch({ again: false, signal })).toEqual({ kind: 'list', octets: LIST });
    expect(hosts).toHaveLength(6);
    expect(hosts).toContain('identity');
  });

  it('is asked of no address outside the networks, given so or found by name', async () => {
    let asked = 0;
    const port = String(
      await serve((_request, response) => {
        asked += 1;
        response.end(LIST);
      }),
    );
    const networks = ['10.0.0.0/8'];
    for (const host of ['127.0.0.1', '[::1]', 'localhost'])
      expect(await fetchFrom(`http://${host}:${port}/`, { networks })).toEqual(fault('address-refused'));
    expect(asked).toBe(0);
  });

  it('is followed nowhere else, and taken from no other answer than 200', async () => {
    const statuses = [301, 302, 307, 204, 206, 404, 500];
    let next = 0;
    const port = await serve((_request, response) => {
      response.writeHead(statuses[next] ?? 500, { Location: '/elsewhere' });
      next += 1;
      response.end();
    });
    while (next < statuses.length)
      expect(await fetchFrom(`http://127.0.0.1:${String(port)}/`)).toEqual(fault('status'));
    expect(next).toBe(7);
  });

  it('is bounded in size and time', async () => {
    const large = await serve((_request, response) => void response.end(Buffer.alloc(200)));
    expect(await fetchFrom(`http://127.0.0.1:${String(large)}/`)).toEqual(fault('too-large'));
    const slow = await serve((_request, response) => {
      response.writeHead(200);
      response.write('a');
    });
    expect(await fetchFrom(`http://127.0.0.1:${String(slow)}/`, { timeoutMs: 200 })).toEqual(fault('timed-out'));
  });

  it('is nothing when it is cut short, refused, or not waited for', async () => {
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '50' });
      response.write('a', () => response.destroy());
    });
    expect(await fetchFrom(`http://127.0.0.1:${String(cut)}/`)).toEqual(fault('unreachable'));
    expect(await fetchFrom('http://127.0.0.1:1/')).toEqual(fault('unreachable'));
    expect(await fetchFrom('https://127.0.0.1:1/')).toEqual(fault('unreachable'));
    const hangs = source(`http://127.0.0.1:${String(await serve(() => undefined))}/`);
    expect(await hangs.fetch({ again: false, signal: AbortSignal.abort() })).toEqual(fault('unreachable'));
    expect(await hangs.fetch({ again: false, signal: AbortSignal.timeout(100) })).toEqual(fault('unreachable'));
  });
});

describe('a list in a file', () => {
  it('is read when it changed, or when asked for once more', async () => {
    const path = join(folder, 'list');
    writeFileSync(path, LIST);
    const list = source(path);
    const next = (again = false): Promise<FetchedList> => list.fetch({ again, signal });
    expect(list.isLocal).toBe(true);
    expect(await next()).toEqual({ kind: 'list', octets: LIST });
    expect(await next()).toEqual({ kind: 'unchanged' });
    expect(await next(true)).toEqual({ kind: 'list', octets: LIST });
    utimesSync(path, 1, 1);
    expect(await next()).toEqual({ kind: 'list', octets: LIST });
    writeFileSync(path, 'another');
    expect(await next()).toEqual({ kind: 'list', octets: Buffer.from('another') });
  });

  it('is bounded in size, and a fault when it is not there', async () => {
    const path = join(folder, 'large');
    writeFileSync(path, Buffer.alloc(101));
    expect(await fetchFrom(path)).toEqual(fault('too-large'));
    expect(await fetchFrom(join(folder, 'none'))).toEqual(fault('unreachable'));
    expect(await fetchFrom(folder)).toEqual(fault('unreachable'));
    expect(await fetchFrom('http://')).toEqual(fault('unreachable'));
  });
});
