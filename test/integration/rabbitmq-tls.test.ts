import { connect, type AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RabbitmqTls } from '../../adapters/rabbitmq/index.ts';
import type { Broker } from '../../gateway/ports/broker.ts';
import { sealed } from '../contract/broker-contract.ts';
import { createTestPki } from '../support/pki.ts';
import { amqpEndpoint, amqpUrlWith, createRabbitmqSandbox, recordEvents } from '../support/rabbitmq.ts';

jest.setTimeout(60_000);

const sandbox = createRabbitmqSandbox();
afterAll(() => sandbox.close());

/** A TLS listener before the broker, as rabbitmq.conf with `ssl_options.verify = verify_peer` would be. */
describe('the rabbitmq broker over TLS', () => {
  const pki = createTestPki();
  const { server: ours, client } = pki.gateway;
  const tls: RabbitmqTls = { ca: pki.authority.rootPem, cert: client.chainPem, key: client.privateKeyPem };
  const events = recordEvents();
  let names: string[];
  let listener: Server;

  beforeEach(async () => {
    names = [];
    const options = { cert: ours.chainPem, key: ours.privateKeyPem, ca: pki.authority.rootPem, requestCert: true };
    listener = createServer(options, (socket) => {
      names.push(String(socket.servername));
      const plain = connect(amqpEndpoint());
      socket.pipe(plain).pipe(socket);
      socket.on('error', () => plain.destroy());
      plain.on('error', () => socket.destroy());
    });
    listener.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    listener.close();
  });

  const open = (own: RabbitmqTls | undefined, startWaitMs: number): Promise<Broker> => {
    const url = amqpUrlWith({ port: (listener.address() as AddressInfo).port, tls: true });
    return sandbox.open({ url, startWaitMs, ...(own === undefined ? {} : { tls: own }) }, events);
  };

  it('connects with a client certificate and asks for the name it expects', async () => {
    const broker = await open({ ...tls, servername: 'doorgeefluik.localhost' }, 20_000);
    await broker.ensurePoints(['tls']);
    expect(await broker.publish(sealed('tls'), { timeoutMs: 5_000 })).toBe('confirmed');
    expect(names).toEqual(['doorgeefluik.localhost', 'doorgeefluik.localhost']);
    await broker.close();
  });

  it.each([
    ['carries another name', { ...tls, servername: 'other.localhost' }],
    ['comes from another authority', { ...tls, ca: pki.other.rootPem }],
    ['comes from no authority known', undefined],
  ])('connects not to a broker whose certificate %s', async (_, own) => {
    const before = events.seen.length;
    const broker = await open(own, 400);
    expect(broker.isHealthy()).toBe(false);
    expect(events.seen.slice(before)).toEqual([
      { name: 'FaultOccurred', where: 'rabbitmq', fault: 'ERR_BROKER_UNREACHABLE' },
    ]);
    await broker.close();
  });

  it('connects not without the client certificate the broker demands', async () => {
    const broker = await open({ ca: pki.authority.rootPem, servername: 'doorgeefluik.localhost' }, 400);
    expect(broker.isHealthy()).toBe(false);
    await broker.close();
  });
});
