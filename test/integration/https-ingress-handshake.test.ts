import { constants } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { toHandshakeCode } from '../../adapters/https-ingress/errors.ts';
import { openHttpsIngress } from '../../adapters/https-ingress/index.ts';
import { ok } from '../../gateway/domain/result.ts';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import {
  STILL_CLOCK,
  createEventList,
  createFakeApi,
  createIngressOpener,
  openRaw,
  readText,
  send,
} from '../support/ingress.ts';
import type { ClientTls } from '../support/ingress.ts';

const { open, client, pki, issuers } = createIngressOpener();

afterEach(() => open.closeAll());

const ASK = 'GET /v1/sleutels HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** Tries a call; answers what came back, or the code of the error the client saw. */
async function attempt(port: number, tls: ClientTls & ConnectionOptions): Promise<string> {
  try {
    const socket: TLSSocket = await openRaw(port, tls);
    let seen = '';
    socket.on('error', (error: NodeJS.ErrnoException) => (seen = error.code ?? ''));
    const text = readText(socket);
    socket.write(ASK);
    return (await text) || seen;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}

async function codesAfter(events: { readonly all: readonly object[] }): Promise<readonly object[]> {
  await sleep(50);
  return events.all;
}

describe('a client without a certificate that counts', () => {
  let reached = 0;
  const openCounting = (): ReturnType<typeof open> =>
    open({
      receiptKeys: () => {
        reached += 1;
        return ok([]);
      },
    });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('gets an alert when it shows none (%s)', async (maxVersion) => {
    const { port, events } = await openCounting();
    const alert = await attempt(port, { ca: [...issuers], maxVersion });
    expect(alert).toBe(
      maxVersion === 'TLSv1.3' ? 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' : 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    );
    expect(await codesAfter(events)).toEqual([{ name: 'HandshakeFailed', code: 'ERR_CERTIFICATE_MISSING' }]);
    expect(reached).toBe(0);
  });

  it.each([
    ['verlopen', 'ERR_CERTIFICATE_EXPIRED'],
    ['nog-niet-geldig', 'ERR_CERTIFICATE_NOT_YET_VALID'],
    ['andere-ca', 'ERR_CERTIFICATE_UNTRUSTED'],
    ['verkeerd-gebruik', 'ERR_CERTIFICATE_USAGE'],
  ] as const)('sees the connection closed without an answer when it is %s', async (name, code) => {
    const { port, events } = await openCounting();
    const { tls } = pki.bad(name);
    const seen = await attempt(port, { cert: tls.chainPem, key: tls.privateKeyPem, ca: [...issuers] });
    expect(seen).not.toContain('HTTP/1.1');
    expect(await codesAfter(events)).toEqual([{ name: 'HandshakeFailed', code }]);
    expect(reached).toBe(0);
  });
});

describe('the protocol', () => {
  it.each([
    ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, 'ERR_TLS_VERSION'],
    ['a cipher without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' }, 'ERR_TLS_CIPHER'],
    ['a cipher of CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384' }, 'ERR_TLS_CIPHER'],
    ['finite-field Diffie-Hellman', { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES256-GCM-SHA384' }, 'ERR_TLS_CIPHER'],
  ] as const)('%s is refused', async (_what, tls, code) => {
    const { port, events } = await open();
    expect(await attempt(port, { ...client, ...tls })).toMatch(/^ERR_SSL_/);
    expect(await codesAfter(events)).toEqual([{ name: 'HandshakeFailed', code }]);
  });

  it.each([
    ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ] as const)('%s is spoken with %s', async (maxVersion, cipher) => {
    const { port } = await open();
    const socket = await openRaw(port, { ...client, maxVersion });
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual([maxVersion, cipher]);
    socket.destroy();
  });

  it('is not the plain text of HTTP', async () => {
    const { port, events } = await open();
    const socket = connectTcp(port, '127.0.0.1');
    socket.write(ASK);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(Buffer.concat(chunks).toString('latin1')).not.toContain('HTTP/1.1');
    expect(await codesAfter(events)).toEqual([{ name: 'HandshakeFailed', code: 'ERR_TLS_NOT_TLS' }]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'resumes no session: each connection shows its certificate (%s)',
    async (maxVersion) => {
      const { port } = await open({ receiptKeys: () => ok([]) });
      const sessions: Buffer[] = [];
      const first = await openRaw(port, { ...client, maxVersion });
      first.on('session', (session: Buffer) => sessions.push(session));
      const text = readText(first);
      first.write(ASK);
      await text;
      const offered = sessions.at(-1) ?? first.getSession();
      const second = await openRaw(port, {
        ...client,
        maxVersion,
        ...(offered === undefined ? {} : { session: offered }),
      });
      expect(second.isSessionReused()).toBe(false);
      second.destroy();
    },
  );

  it('lets no client renegotiate', async () => {
    const { port } = await open({ receiptKeys: () => ok([]) });
    const socket = await openRaw(port, { ...client, maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_ALL });
    const outcome = await new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? '');
      });
      socket.renegotiate({}, (error) => {
        resolve(error === null ? 'renegotiated' : 'refused');
      });
    });
    expect(outcome).not.toBe('renegotiated');
    socket.destroy();
  });

  it('offers no HTTP/2', async () => {
    const { port } = await open();
    await expect(openRaw(port, { ...client, ALPNProtocols: ['h2'] })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    });
  });

  it('goes on for others while handshakes fail', async () => {
    const { port, events } = await open({ receiptKeys: () => ok([]) });
    await Promise.all(Array.from({ length: 10 }, () => attempt(port, { ca: [...issuers] })));
    expect((await send({ port, tls: client }, { path: '/v1/sleutels' })).status).toBe(200);
    expect(events.all).toHaveLength(10);
  });
});

describe('opening', () => {
  const { server } = pki.gateway;
  const tls = { certPem: server.chainPem, keyPem: server.privateKeyPem, caPem: issuers };
  const tryOpen = (config: object): Promise<unknown> =>
    openHttpsIngress({
      api: createFakeApi(),
      events: createEventList(),
      clock: STILL_CLOCK,
      config: { host: '127.0.0.1', port: 0, tls, schemasFolder: 'schemas', ...config },
    });

  it.each([
    ['a key that is none', { tls: { ...tls, keyPem: 'x' } }],
    ['a folder without the OpenAPI document', { schemasFolder: '/bestaat/niet' }],
    ['an address that is not of this machine', { host: '192.0.2.1' }],
  ])('fails on %s', async (_what, config) => {
    await expect(tryOpen(config)).rejects.toBeInstanceOf(ConfigurationFault);
  });
});

it('names a failure it does not know by a code of its own', () => {
  expect(toHandshakeCode('ERR_SSL_SOMETHING_NEW', null)).toBe('ERR_TLS_FAILED');
  expect(toHandshakeCode(undefined, undefined)).toBe('ERR_TLS_FAILED');
  expect(toHandshakeCode('ECONNRESET', 'CERT_SOMETHING_NEW')).toBe('ERR_CERTIFICATE_UNTRUSTED');
});
