import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket, Server as TcpServer } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { X509Certificate } from 'node:crypto';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpsDeliverer } from '../../adapters/https-delivery/index.ts';
import type { DelivererOptions } from '../../adapters/https-delivery/index.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { Deliverer, PushAnswer, PushRequest } from '../../gateway/ports/deliverer.ts';
import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { createTestPki } from '../support/pki.ts';

const pki = createTestPki();
const issuers = [pki.authority.rootPem, pki.authority.intermediatePem];
const rvdk = pki.participant('rvdk');
const NEVER = new AbortController().signal;

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface Recipient {
  readonly port: number;
  readonly server: Server;
  /** Everything that came through TLS, requests in order. */
  readonly bodies: string[];
  /** Bytes of application data that reached any connection. */
  received(): number;
  connections(): number;
}

async function openRecipient(
  respond: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end('ok'),
  identity: IssuedCertificate = rvdk.tls,
  host = '127.0.0.1',
): Promise<Recipient> {
  const bodies: string[] = [];
  let received = 0;
  let connections = 0;
  const server = createServer(
    { cert: identity.chainPem, key: identity.privateKeyPem, ca: issuers, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString());
        respond(request, response);
      });
    },
  );
  server.on('connection', () => (connections += 1));
  server.on('secureConnection', (socket) => {
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server, host);
  return { port, server, bodies, received: () => received, connections: () => connections };
}

async function listen(server: Server | TcpServer, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => void server.listen(0, host, resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return (server.address() as AddressInfo).port;
}

function createDeliverer(given: Partial<DelivererOptions> = {}): Deliverer {
  const { client } = pki.gateway;
  const deliverer = createHttpsDeliverer({
    tls: { certPem: client.chainPem, keyPem: client.privateKeyPem, caPem: issuers },
    allowedNetworks: ['127.0.0.0/8', '::1/128'],
    ...given,
  });
  closers.push(() => deliverer.close());
  return deliverer;
}

function buildPush(port: number, given: Partial<PushRequest> = {}): PushRequest {
  return {
    url: `https://localhost:${String(port)}/inkomend?x=1`,
    expectedOin: rvdk.oin as Oin,
    headers: { 'Content-Type': 'application/json', 'Bericht-Id': 'b-1' },
    body: Buffer.from('{"geheim":1}'),
    timeoutMs: 3_000,
    ...given,
  };
}

const push = (
  port: number,
  given: Partial<PushRequest> = {},
  options: Partial<DelivererOptions> = {},
): Promise<PushAnswer> => createDeliverer(options).push(buildPush(port, given), NEVER);

const unsent = (fault: string): object => ({ kind: 'fault', fault, sent: false });
const sent = (fault: string): object => ({ kind: 'fault', fault, sent: true });

describe('an answer', () => {
  it('comes back with status, every header and body; the recipient got path, headers and bytes', async () => {
    const seen: unknown[] = [];
    const { port, bodies } = await openRecipient((request, response) => {
      seen.push(request.method, request.url, request.headers['bericht-id'], request.headers['content-length']);
      response.setHeader('Set-Cookie', ['a', 'b']).setHeader('Bericht-Id', 'b-1');
      response.writeHead(201).end('klaar');
    });
    const answer = await push(port);
    expect(answer).toMatchObject({ kind: 'answer', status: 201 });
    if (answer.kind !== 'answer') throw new Error('no answer');
    expect(Buffer.from(answer.body).toString()).toBe('klaar');
    expect(answer.headers.get('set-cookie')).toEqual(['a', 'b']);
    expect(answer.headers.get('bericht-id')).toEqual(['b-1']);
    expect(seen).toEqual(['POST', '/inkomend?x=1', 'b-1', '12']);
    expect(bodies).toEqual(['{"geheim":1}']);
  });

  it('may be a redirect, which is not followed', async () => {
    const other = await openRecipient();
    const { port } = await openRecipient((_request, response) => {
      response.writeHead(307, { Location: `https://localhost:${String(other.port)}/` }).end();
    });
    expect(await push(port)).toMatchObject({ kind: 'answer', status: 307 });
    expect(other.connections()).toBe(0);
  });

  it('may be 16 kB long and not a byte longer', async () => {
    const { port } = await openRecipient((request, response) => {
      response.end('x'.repeat(Number(request.headers['bericht-id'])));
    });
    const ask = (length: number): Promise<PushAnswer> => push(port, { headers: { 'Bericht-Id': String(length) } });
    expect(await ask(16_384)).toMatchObject({ kind: 'answer', status: 200 });
    expect(await ask(16_385)).toEqual(sent('answer-too-large'));
    expect(await ask(17_408)).toEqual(sent('answer-too-large'));
  });

  it('with endless headers is too large, with broken HTTP malformed', async () => {
    const big = await openRecipient((_request, response) => {
      response.setHeader('X', 'x'.repeat(20_000)).end();
    });
    expect(await push(big.port)).toEqual(sent('answer-too-large'));
    const broken = await openRecipient((request) => void request.socket.end('NOT HTTP\r\n\r\n'));
    expect(await push(broken.port)).toEqual(sent('answer-malformed'));
    const upgrade = await openRecipient(
      (request) => void request.socket.write('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    expect(await push(upgrade.port)).toEqual(sent('answer-malformed'));
  });
});

describe('connections', () => {
  it('are reused for the same host and OIN', async () => {
    const recipient = await openRecipient();
    const deliverer = createDeliverer();
    for (let count = 0; count < 3; count += 1) {
      expect(await deliverer.push(buildPush(recipient.port), NEVER)).toMatchObject({ kind: 'answer' });
    }
    expect(recipient.connections()).toBe(1);
    expect(recipient.bodies).toHaveLength(3);
  });

  it('of one OIN are never used for another', async () => {
    const recipient = await openRecipient();
    const deliverer = createDeliverer();
    expect(await deliverer.push(buildPush(recipient.port), NEVER)).toMatchObject({ kind: 'answer' });
    const before = recipient.received();
    const other = buildPush(recipient.port, { expectedOin: pki.participant('cjib').oin as Oin });
    expect(await deliverer.push(other, NEVER)).toEqual(unsent('peer-oin'));
    expect(recipient.received()).toBe(before);
    expect(recipient.connections()).toBe(2);
  });

  it('are not reused once trust in the peer ended', async () => {
    const recipient = await openRecipient();
    let trusted = true;
    const deliverer = createDeliverer({ verifyPeer: () => (trusted ? rvdk.oin : undefined), limits: { trustMs: 0 } });
    expect(await deliverer.push(buildPush(recipient.port), NEVER)).toMatchObject({ kind: 'answer' });
    const before = recipient.received();
    trusted = false;
    expect(await deliverer.push(buildPush(recipient.port), NEVER)).toEqual(unsent('peer-oin'));
    expect(recipient.received()).toBe(before);
  });

  it('have their peer judged no more often than asked', async () => {
    const recipient = await openRecipient();
    let judged = 0;
    const verifyPeer = (): string => {
      judged += 1;
      return rvdk.oin;
    };
    const deliverer = createDeliverer({ verifyPeer });
    for (let count = 0; count < 5; count += 1) await deliverer.push(buildPush(recipient.port), NEVER);
    expect(judged).toBe(1);
  });

  it('that lie idle are closed', async () => {
    const recipient = await openRecipient();
    const deliverer = createDeliverer({ limits: { idleMs: 50 } });
    await deliverer.push(buildPush(recipient.port), NEVER);
    await sleep(200);
    await deliverer.push(buildPush(recipient.port), NEVER);
    expect(recipient.connections()).toBe(2);
  });

  it('show the certificate of the gateway', async () => {
    const subjects: string[] = [];
    const { port, server } = await openRecipient();
    server.on('secureConnection', (socket) => {
      subjects.push(new X509Certificate(socket.getPeerCertificate().raw).subject);
    });
    await push(port);
    expect(subjects[0]).toContain('00000004000000002000');
  });
});

describe('a peer that is not the expected one', () => {
  it('gets not a byte when its certificate names another OIN', async () => {
    const recipient = await openRecipient(undefined, pki.participant('gemeente-arnhem').tls);
    expect(await push(recipient.port)).toEqual(unsent('peer-oin'));
    await sleep(100);
    expect(recipient.connections()).toBe(1);
    expect(recipient.received()).toBe(0);
  });

  it.each(['zonder-oin', 'twee-oins', 'twee-oins-in-een-rdn', 'oin-19', 'oin-21'] as const)(
    'gets not a byte when its certificate is of the kind %s',
    async (name) => {
      const recipient = await openRecipient(undefined, pki.bad(name).tls);
      const expectedOin = pki.participant('gemeente-arnhem').oin as Oin;
      expect(await push(recipient.port, { expectedOin })).toEqual(unsent('peer-oin'));
      await sleep(50);
      expect(recipient.received()).toBe(0);
    },
  );

  it.each(['verlopen', 'nog-niet-geldig', 'andere-ca', 'verkeerd-gebruik'] as const)(
    'gets not a byte when its chain does not hold: %s',
    async (name) => {
      const recipient = await openRecipient(undefined, pki.bad(name).tls);
      const expectedOin = pki.participant('gemeente-arnhem').oin as Oin;
      expect(await push(recipient.port, { expectedOin })).toEqual(unsent('tls-failed'));
      await sleep(50);
      expect(recipient.received()).toBe(0);
    },
  );

  it('gets not a byte when its certificate does not name the host', async () => {
    const recipient = await openRecipient(undefined, rvdk.tls, '127.0.0.2');
    const url = `https://127.0.0.2:${String(recipient.port)}/`;
    expect(await push(recipient.port, { url })).toEqual(unsent('tls-failed'));
    await sleep(50);
    expect(recipient.connections()).toBe(1);
    expect(recipient.received()).toBe(0);
  });

  it('speaking only TLS 1.1 is not spoken to', async () => {
    const { chainPem, privateKeyPem } = rvdk.tls;
    const server = createTlsServer({ cert: chainPem, key: privateKeyPem, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
    server.on('tlsClientError', () => undefined);
    expect(await push(await listen(server))).toEqual(unsent('tls-failed'));
  });
});

describe('addresses', () => {
  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '[::1]', '2130706433'])(
    'outside the allowed networks are not connected to: %s',
    async (host) => {
      const recipient = await openRecipient();
      let tcp = 0;
      recipient.server.on('connection', () => (tcp += 1));
      const answer = await push(
        recipient.port,
        { url: `https://${host}:${String(recipient.port)}/` },
        { allowedNetworks: ['10.0.0.0/8', 'fd00::/8'] },
      );
      expect(answer).toEqual(unsent('address-refused'));
      expect(tcp).toBe(0);
    },
  );

  it.each([
    'http://localhost/',
    'https://a:b@localhost/',
    'https://a@localhost/',
    'https://localhost/#x',
    'localhost',
    '',
  ])('that are not a bare https URL are refused: %j', async (url) => {
    expect(await push(1, { url })).toEqual(unsent('address-refused'));
  });

  it('that do not resolve or refuse the connection are a failed connect', async () => {
    expect(await push(1, { url: 'https://bestaat-niet.invalid/' })).toEqual(unsent('connect-failed'));
    expect(await push(1)).toEqual(unsent('connect-failed'));
  });
});

describe('faults under way', () => {
  it('a black hole times out, before and after the handshake', async () => {
    const hole = await listen(createTcpServer((socket) => void socket.on('error', () => undefined)));
    const startedAt = performance.now();
    expect(await push(hole, {}, { limits: { connectTimeoutMs: 150 } })).toEqual(unsent('timed-out'));
    expect(await push(hole, { timeoutMs: 150 })).toEqual(unsent('timed-out'));
    const silent = await openRecipient(() => undefined);
    expect(await push(silent.port, { timeoutMs: 150 })).toEqual(sent('timed-out'));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('an answer that drips times out as a whole', async () => {
    const drip = await openRecipient((_request, response) => {
      const timer = setInterval(() => response.write('x'), 30);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    expect(await push(drip.port, { timeoutMs: 200 })).toEqual(sent('timed-out'));
  });

  it('a connection reset before or in the answer is lost', async () => {
    const before = await openRecipient((request) => void request.socket.destroy());
    expect(await push(before.port)).toEqual(sent('connection-lost'));
    const halfway = await openRecipient((request, response) => {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('12345', () => request.socket.destroy());
    });
    expect(await push(halfway.port)).toEqual(sent('connection-lost'));
  });

  it('a recipient that does not take the certificate of the gateway is a TLS fault', async () => {
    const recipient = await openRecipient();
    const { client } = pki.gateway;
    const other = pki.other.issue({
      organisation: 'X',
      commonName: 'x',
      oins: [],
      usage: 'tls-client',
      keyKind: 'ec-p256',
    });
    const tls = { certPem: other.chainPem, keyPem: other.privateKeyPem, caPem: issuers };
    expect(await push(recipient.port, {}, { tls })).toMatchObject({ kind: 'fault' });
    expect(recipient.bodies).toEqual([]);
    expect(client.chainPem).not.toBe(other.chainPem);
  });

  it('an aborted push ends at once', async () => {
    const silent = await openRecipient(() => undefined);
    const abort = new AbortController();
    const pushed = createDeliverer().push(buildPush(silent.port), abort.signal);
    await sleep(150);
    abort.abort();
    expect(await pushed).toEqual(sent('connection-lost'));
    expect(await createDeliverer().push(buildPush(silent.port), abort.signal)).toEqual(unsent('connection-lost'));
  });

  it('a header that HTTP does not allow is a fault, not an exception', async () => {
    const recipient = await openRecipient();
    expect(await push(recipient.port, { headers: { 'Bericht-Id': 'a\r\nX: 1' } })).toEqual(unsent('connect-failed'));
    expect(recipient.received()).toBe(0);
  });
});
