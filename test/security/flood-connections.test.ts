import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import { createCrowd } from '../../adapters/https-ingress/crowd.ts';
import { ok } from '../../gateway/domain/result.ts';
import { createIngressOpener, openRaw, readText, send } from '../support/ingress.ts';

const { open, client, pki } = createIngressOpener();
const { tls } = pki.participant('rvdk');
const other = { cert: tls.chainPem, key: tls.privateKeyPem, ca: client.ca ?? '' };

afterEach(() => open.closeAll());

const ASK = 'GET /v1/sleutels HTTP/1.1\r\nHost: x\r\n\r\n';

describe('the connections of one certificate', () => {
  it('are bounded: one too many hears so, far too many are cut off, and another certificate has its own', async () => {
    const { port } = await open({ receiptKeys: () => ok([]) }, { maxConnectionsPerCaller: 2 });
    const taken = await Promise.all([openRaw(port, client), openRaw(port, client)]);
    const surplus = await openRaw(port, client);
    const refused = readText(surplus);
    surplus.write(ASK);
    expect(await refused).toMatch(/^HTTP\/1\.1 429 [^]*Connection: close[^]*ERR_TOO_MANY_REQUESTS/);
    const idle = await Promise.all([openRaw(port, client), openRaw(port, client)]);
    const cutOff = await openRaw(port, client);
    expect(await readText(cutOff)).toBe('');
    expect((await send({ port, tls: other }, { path: '/v1/sleutels' })).status).toBe(200);
    for (const socket of [...taken, ...idle]) socket.destroy();
    await sleep(100);
    expect((await send({ port, tls: client }, { path: '/v1/sleutels' })).status).toBe(200);
  });

  it('are counted out when they go', () => {
    const crowd = createCrowd(1);
    expect([crowd.enter('a'), crowd.enter('a'), crowd.enter('a')]).toEqual(['taken', 'refused', 'cut-off']);
    for (let left = 0; left < 3; left += 1) crowd.leave('a');
    expect(crowd.enter('a')).toBe('taken');
    expect(crowd.enter('b')).toBe('taken');
  });
});

describe('connections that show no certificate', () => {
  const openHalf = (port: number, localAddress: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connectTcp({ port, host: '127.0.0.1', localAddress }, () => {
        resolve(socket);
      });
      socket.once('error', reject).resume();
    });

  it('push out the oldest of the address that has most, and no other', async () => {
    const { port, events } = await open({ receiptKeys: () => ok([]) }, { maxHandshakes: 4 });
    const patient = await openHalf(port, '127.0.0.9');
    const many = [];
    for (let count = 0; count < 4; count += 1) many.push(await openHalf(port, '127.0.0.1'));
    await sleep(200);
    expect(many.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false]);
    expect(patient.destroyed).toBe(false);
    expect(events.all).toEqual([{ name: 'HandshakeFailed', code: 'ERR_TLS_ABANDONED' }]);
    // Whoever shakes hands takes moments, and so is never the oldest.
    expect((await send({ port, tls: client }, { path: '/v1/sleutels' })).status).toBe(200);
    for (const socket of [...many, patient]) socket.destroy();
  });
});

describe('a client that reads nothing', () => {
  it('is cut off, and what its answer held is given back', async () => {
    const body = 'x'.repeat(8_000_000);
    const limits = { answerTimeoutMs: 300, maxRequestsPerCaller: 1 };
    const { port } = await open(
      { receiptKeys: () => ok([{ certificatePem: body, thumbprint: 'x', current: true }]) },
      limits,
    );
    const slow = await openRaw(port, client);
    slow.pause();
    slow.write(ASK);
    await sleep(150);
    expect((await send({ port, tls: client }, { path: '/v1/openapi.json' })).status).toBe(429);
    await sleep(600);
    expect((await send({ port, tls: client }, { path: '/v1/openapi.json' })).status).toBe(200);
    slow.destroy();
  });
});

it('requests in a pipeline are bounded, and end the connection beyond that', async () => {
  const { port } = await open({ status: () => new Promise(() => undefined) }, { maxRequestsPerCaller: 4 });
  const socket = await openRaw(port, client);
  const answers = readText(socket);
  socket.write('GET /v1/berichten/0193a5f0-0000-7000-8000-000000000001 HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
  // All but the first would wait behind it, unanswered.
  expect(await answers).toBe('');
});
