import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ok } from '../../gateway/domain/result.ts';
import { exchange, sayHello } from '../support/client-hello.ts';
import type { HelloAnswer } from '../support/client-hello.ts';
import { createIngressOpener, send } from '../support/ingress.ts';

const { open, client, pki, issuers } = createIngressOpener();

let port = 0;
beforeAll(async () => {
  ({ port } = await open({ receiptKeys: () => ok([]) }));
});
afterAll(() => open.closeAll());

// The registry of IANA: what this gateway takes, and nothing else that fits in two bytes. The certificate here is of EC P-256, so the
// suites of RSA can't be chosen in this test whoever offers them.
const TLS13 = [0x1301, 0x1302, 0x1303];
const TLS12 = [0xc02b, 0xc02c, 0xcca9];
const TLS12_RSA = [0xc02f, 0xc030, 0xcca8];
// No suites but signals of RFC 5746 and RFC 7507; the second says that the client fell back.
const SIGNALS = [0x00ff, 0x5600];
const OTHERS = Array.from({ length: 0x1_0000 }, (_, id) => id).filter(
  (id) => ![...TLS13, ...TLS12, ...TLS12_RSA, ...SIGNALS].includes(id),
);

const HANDSHAKE_FAILURE: HelloAnswer = { kind: 'alert', description: 40 };
const PROTOCOL_VERSION: HelloAnswer = { kind: 'alert', description: 70 };
const TLS_1_2 = 0x0303;
const TLS_1_3 = 0x0304;

describe('the suites of TLS 1.2', () => {
  it.each(TLS12.map((suite) => [suite.toString(16), suite] as const))('%s is taken', async (_name, suite) => {
    const answer = await sayHello(port, { version: TLS_1_2, suites: [suite] });
    expect(answer).toEqual({ kind: 'hello', version: TLS_1_2, suite, compression: 0 });
  });

  it('none of the other 65,000 is taken, known to a library or not', async () => {
    expect(OTHERS.length).toBeGreaterThan(65_500);
    // A list has room for 32,767.
    for (const suites of [OTHERS.slice(0, 32_760), OTHERS.slice(32_760, 65_520), OTHERS.slice(65_520)])
      expect(await sayHello(port, { version: TLS_1_2, suites })).toEqual(HANDSHAKE_FAILURE);
  });

  it.each([
    ['of DHE', [0x009e, 0x009f, 0xccaa]],
    ['of RSA key exchange', [0x009c, 0x009d, 0x002f, 0x0035]],
    ['of CBC', [0xc009, 0xc00a, 0xc023, 0xc024]],
    ['of CCM', [0xc0ac, 0xc0ad, 0xc0ae, 0xc0af]],
    ['without encryption', [0xc006, 0xc010, 0x0001, 0x0002, 0x003b]],
    ['without authentication', [0xc018, 0xc019, 0x0034, 0x00a6]],
    ['of a shared key', [0x00a8, 0xccac, 0xd001]],
  ])('those %s are refused one by one', async (_what, suites) => {
    for (const suite of suites)
      expect(await sayHello(port, { version: TLS_1_2, suites: [suite] })).toEqual(HANDSHAKE_FAILURE);
  });
});

describe('the suites of TLS 1.3', () => {
  const versions = [TLS_1_3];

  it.each(TLS13.map((suite) => [suite.toString(16), suite] as const))('%s is taken', async (_name, suite) => {
    const answer = await sayHello(port, { version: TLS_1_2, versions, suites: [suite] });
    expect(answer).toEqual({ kind: 'hello', version: TLS_1_3, suite, compression: 0 });
  });

  it('none of the others is taken, those of TLS 1.2 among them', async () => {
    const suites = [...OTHERS, ...TLS12, ...TLS12_RSA];
    for (const part of [suites.slice(0, 32_760), suites.slice(32_760, 65_520), suites.slice(65_520)])
      expect(await sayHello(port, { version: TLS_1_2, versions, suites: part })).toEqual(HANDSHAKE_FAILURE);
  });
});

describe('a version before 1.2', () => {
  it('SSL 3.0 is refused, whatever the suites', async () => {
    for (const suites of [TLS12, OTHERS.slice(0, 32_760)])
      expect(await sayHello(port, { version: 0x0300, suites })).toMatchObject({ kind: 'alert' });
    expect(await sayHello(port, { version: TLS_1_2, versions: [0x0300], suites: TLS12 })).toEqual(PROTOCOL_VERSION);
  });

  it.each([
    ['TLS 1.0', 0x0301],
    ['TLS 1.1', 0x0302],
  ])('%s is refused, whatever the suites', async (_name, version) => {
    expect(await sayHello(port, { version, suites: TLS12 })).toEqual(PROTOCOL_VERSION);
    expect(await sayHello(port, { version, suites: OTHERS.slice(0, 32_760) })).toEqual(PROTOCOL_VERSION);
    // In the list of TLS 1.3 an old version may stand alone.
    expect(await sayHello(port, { version: TLS_1_2, versions: [version], suites: TLS12 })).toEqual(PROTOCOL_VERSION);
  });

  it('SSL 2.0 is refused', async () => {
    const suites = Buffer.from('010080020080030080040080050080060040070 0c0'.replace(' ', ''), 'hex');
    const body = Buffer.concat([Buffer.from([1, 0, 2, 0, suites.length, 0, 0, 0, 16]), suites, Buffer.alloc(16, 9)]);
    const answer = await exchange(port, Buffer.concat([Buffer.from([0x80, body.length]), body]));
    expect(answer.kind).not.toBe('hello');
  });

  it('a client that fell back from 1.3 hears that it need not (RFC 7507)', async () => {
    const answer = await sayHello(port, { version: TLS_1_2, suites: [...TLS12, 0x5600] });
    expect(answer).toEqual({ kind: 'alert', description: 86 });
  });
});

describe('groups and signatures', () => {
  it.each([
    ['secp256r1', 0x0017],
    ['secp384r1', 0x0018],
    ['x25519', 0x001d],
  ])('%s is taken', async (_name, group) => {
    const answer = await sayHello(port, { version: TLS_1_2, versions: [TLS_1_3], suites: TLS13, groups: [group] });
    expect(answer.kind).toBe('hello');
  });

  it('no other group is taken, finite fields among them', async () => {
    const groups = Array.from({ length: 0x200 }, (_, id) => id).filter((id) => ![0x17, 0x18, 0x1d].includes(id));
    const hello = { version: TLS_1_2, groups };
    expect(await sayHello(port, { ...hello, suites: TLS12 })).toEqual(HANDSHAKE_FAILURE);
    expect(await sayHello(port, { ...hello, suites: TLS13, versions: [TLS_1_3] })).toEqual(HANDSHAKE_FAILURE);
  });

  it('no signature over SHA-1, SHA-224 or MD5 is made', async () => {
    const signatures = [0x0101, 0x0103, 0x0201, 0x0202, 0x0203, 0x0301, 0x0302, 0x0303];
    const hello = { version: TLS_1_2, signatures };
    expect(await sayHello(port, { ...hello, suites: TLS12 })).toEqual(HANDSHAKE_FAILURE);
    for (const one of signatures)
      expect(await sayHello(port, { ...hello, suites: TLS12, signatures: [one] })).toEqual(HANDSHAKE_FAILURE);
  });
});

it('the listener goes on after all this', async () => {
  expect((await send({ port, tls: client }, { path: '/v1/sleutels' })).status).toBe(200);
});

it('a listener that was given other certificates is as strict as before', async () => {
  const { ingress, port: renewed } = await open({ receiptKeys: () => ok([]) });
  const { chainPem, privateKeyPem } = pki.gateway.server;
  ingress.prepare({ certPem: chainPem, keyPem: privateKeyPem, caPem: issuers })();
  const hello = { version: TLS_1_2, suites: TLS12 };
  expect(await sayHello(renewed, { ...hello, signatures: [0x0303] })).toEqual(HANDSHAKE_FAILURE);
  expect(await sayHello(renewed, { ...hello, groups: [0x0019] })).toEqual(HANDSHAKE_FAILURE);
  expect(await sayHello(renewed, { ...hello, suites: [0xc023, 0xc0ac] })).toEqual(HANDSHAKE_FAILURE);
  expect(await sayHello(renewed, { version: 0x0302, suites: TLS12 })).toEqual(PROTOCOL_VERSION);
  expect((await send({ port: renewed, tls: client }, { path: '/v1/sleutels' })).status).toBe(200);
});
