import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import type { IssuedCertificate } from '../../../certs-dev/authority.ts';
import { createTestPki } from '../../support/pki.ts';

const pki = createTestPki();

const credentialsOf = (issued: IssuedCertificate): { key: string; cert: string; ca: string } => ({
  key: issued.privateKeyPem,
  cert: issued.chainPem,
  ca: pki.authority.rootPem,
});

interface Handshake {
  readonly seenByServer: unknown;
  readonly seenByClient: unknown;
}

/** Shakes hands over loopback, both sides verifying; rejects with the first error of either. */
async function shakeHands(parties: {
  readonly server: IssuedCertificate;
  readonly client: IssuedCertificate;
  readonly servername?: string;
}): Promise<Handshake> {
  const server = createServer({ ...credentialsOf(parties.server), requestCert: true, rejectUnauthorized: true });
  let socket: TLSSocket | undefined;
  try {
    return await new Promise<Handshake>((resolve, reject) => {
      server.on('tlsClientError', reject);
      server.on('secureConnection', (peer) => {
        peer.on('error', reject);
        peer.end(String(oinOf(peer)));
      });
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        const servername = parties.servername ?? 'localhost';
        socket = connect({ ...credentialsOf(parties.client), host: '127.0.0.1', port, servername });
        socket.on('error', reject);
        socket.on('data', (data: Buffer) => {
          resolve({ seenByServer: data.toString(), seenByClient: socket && oinOf(socket) });
        });
      });
    });
  } finally {
    socket?.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const oinOf = (socket: TLSSocket): unknown => ({ ...socket.getPeerCertificate().subject })['serialNumber'];

describe('a TLS handshake with both sides verifying', () => {
  it('works between the gateway and a participant, and shows each the OIN of the other', async () => {
    const shown = await shakeHands({ server: pki.gateway.server, client: pki.participant('gemeente-arnhem').tls });
    expect(shown).toEqual({ seenByServer: '00000001001825112000', seenByClient: '00000004000000002000' });
  });

  it('works when the gateway delivers to a participant that listens', async () => {
    const shown = await shakeHands({
      server: pki.participant('rvdk').tls,
      client: pki.gateway.client,
      servername: 'rvdk.localhost',
    });
    expect(shown).toEqual({ seenByServer: '00000004000000002000', seenByClient: '00000002003214436001' });
  });

  it.each([
    ['verlopen', 'CERT_HAS_EXPIRED'],
    ['nog-niet-geldig', 'CERT_NOT_YET_VALID'],
    ['andere-ca', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['verkeerd-gebruik', 'INVALID_PURPOSE'],
  ] as const)('shows a client that a server is %s', async (name, code) => {
    const parties = { server: pki.bad(name).tls, client: pki.gateway.client };
    await expect(shakeHands(parties)).rejects.toHaveProperty('code', code);
  });

  it('fails on a name that is not of the server', async () => {
    const parties = { server: pki.gateway.server, client: pki.gateway.client, servername: 'rvdk.localhost' };
    await expect(shakeHands(parties)).rejects.toHaveProperty('code', 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('fails for a certificate of a client on a server', async () => {
    const parties = { server: pki.gateway.client, client: pki.participant('rvdk').tls };
    await expect(shakeHands(parties)).rejects.toHaveProperty('code', 'INVALID_PURPOSE');
  });

  it.each(['verlopen', 'andere-ca', 'verkeerd-gebruik'] as const)(
    'is ended by a server for a client that is %s',
    async (name) => {
      const parties = { server: pki.gateway.server, client: pki.bad(name).tls };
      await expect(shakeHands(parties)).rejects.toHaveProperty('code', 'ECONNRESET');
    },
  );

  it('is ended by a server for a client with a certificate of a server', async () => {
    const parties = { server: pki.participant('rvdk').tls, client: pki.gateway.server };
    await expect(shakeHands(parties)).rejects.toHaveProperty('code', 'ECONNRESET');
  });

  it.each(['zonder-oin', 'twee-oins', 'oin-19', 'zelfde-naam-andere-sleutel'] as const)(
    'works for a client that is %s, which only its name or key betrays',
    async (name) => {
      const shown = await shakeHands({ server: pki.gateway.server, client: pki.bad(name).tls });
      expect(shown.seenByClient).toBe('00000004000000002000');
    },
  );
});
