import { connect as connectTcp } from 'node:net';
import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { err, ok } from '../../gateway/domain/result.ts';
import { rejection } from '../../gateway/domain/rejection.ts';
import type { Wait } from '../../gateway/ports/gateway-api.ts';
import {
  MESSAGE_ID,
  buildEntry,
  createIngressOpener,
  keepSubmissions,
  openRaw,
  readText,
  send,
} from '../support/ingress.ts';

const { open, client, pki } = createIngressOpener();

afterEach(() => open.closeAll());

const XML = { 'Content-Type': 'application/xml' };
const POST = ['POST /v1/berichten HTTP/1.1', 'Host: x'];
const POST_XML = [...POST, 'Content-Type: application/xml'];

/** Writes a head (and what follows) by hand; resolves with all that came back once the connection is closed. */
async function ask(port: number, head: readonly string[], rest: string | Buffer = ''): Promise<string> {
  const socket = await openRaw(port, client);
  const answer = readText(socket);
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(rest);
  return answer;
}

describe('the size of a bericht', () => {
  it('over 35 MB is refused by its Content-Length, before a byte of it is sent', async () => {
    const { all, api } = keepSubmissions();
    const { port, events } = await open(api);
    const startedAt = performance.now();
    const answer = await ask(port, [...POST_XML, 'Content-Length: 36700161']);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('Connection: close');
    expect(answer).toContain('"code":"ERR_BODY_TOO_LARGE"');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(all).toEqual([]);
    expect(events.all).toEqual([{ name: 'MessageRejected', code: 'ERR_BODY_TOO_LARGE', stage: 'receive' }]);
  });

  it('over the limit reaches a client that sends without looking, as an answer and not as a reset', async () => {
    const { port } = await open();
    const body = Buffer.alloc(3_000_000, 'x');
    const headers = { ...XML, 'Content-Length': '36700161' };
    const answer = await new Promise<string>((resolve, reject) => {
      openRaw(port, client).then((socket) => {
        socket.write(`${[...POST_XML, `Content-Length: ${headers['Content-Length']}`].join('\r\n')}\r\n\r\n`);
        socket.write(body);
        readText(socket).then(resolve, reject);
      }, reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('in chunks is refused at the first byte too many', async () => {
    const { all, api } = keepSubmissions();
    const { port } = await open(api, { maxMessageBytes: 10 });
    const chunked = [...POST_XML, 'Transfer-Encoding: chunked'];
    expect(await ask(port, chunked, 'b\r\n01234567890\r\n')).toMatch(/^HTTP\/1\.1 413 /);
    expect(await ask(port, [...chunked, 'Connection: close'], 'a\r\n0123456789\r\n0\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 202 /,
    );
    expect(all.map(({ body }) => Buffer.from(body).toString())).toEqual(['0123456789']);
  });

  it('of exactly 35 MB is taken whole', async () => {
    const { all, api } = keepSubmissions();
    const { port } = await open(api);
    const body = Buffer.alloc(36_700_160, 'x');
    const answer = await send({ port, tls: client }, { method: 'POST', path: '/v1/berichten', headers: XML, body });
    expect(answer.status).toBe(202);
    expect(all[0]?.body).toHaveLength(36_700_160);
  });

  it.each([
    ['with Content-Length 0', [...POST_XML, 'Content-Length: 0'], ''],
    ['without a length', POST_XML, ''],
    ['in no chunks', [...POST_XML, 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
  ])('of nothing is refused: %s', async (_how, head, rest) => {
    const { port } = await open();
    const answer = await ask(port, [...head, 'Connection: close'], rest);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"ERR_BODY_EMPTY"');
  });
});

describe('the room for bodies', () => {
  it('is shared: what does not fit is answered 503 with Retry-After, and what was held is given back', async () => {
    const { api } = keepSubmissions();
    const { port } = await open(api, {
      maxBytesInFlight: 1_000,
      maxBytesInFlightPerCaller: 1_000,
      bodyIdleTimeoutMs: 400,
    });
    const holder = await openRaw(port, client);
    const slow = readText(holder);
    holder.write(`${[...POST_XML, 'Content-Length: 900'].join('\r\n')}\r\n\r\nx`);
    await sleep(100);
    const ask200 = { method: 'POST', path: '/v1/berichten', headers: XML, body: 'x'.repeat(200) };
    const refused = await send({ port, tls: client }, ask200);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.body).toContain('ERR_GATEWAY_BUSY');
    expect(await slow).toContain('"code":"ERR_REQUEST_TOO_SLOW"');
    await sleep(50);
    expect((await send({ port, tls: client }, ask200)).status).toBe(202);
  });

  it('is bounded for each certificate, so that one caller leaves room for another', async () => {
    const { api } = keepSubmissions();
    const { port } = await open(api, { maxBytesInFlight: 1_000, maxBytesInFlightPerCaller: 500 });
    const holder = await openRaw(port, client);
    holder.write(`${[...POST_XML, 'Content-Length: 400'].join('\r\n')}\r\n\r\nx`);
    await sleep(100);
    const ask200 = { method: 'POST', path: '/v1/berichten', headers: XML, body: 'x'.repeat(200) };
    const { tls } = pki.participant('rvdk');
    const other = { cert: tls.chainPem, key: tls.privateKeyPem, ca: client.ca ?? '' };
    expect((await send({ port, tls: client }, ask200)).status).toBe(503);
    expect((await send({ port, tls: other }, ask200)).status).toBe(202);
    holder.destroy();
  });

  it('also bounds the requests one certificate has open', async () => {
    const { port } = await open({ nextMessage: waiting }, { maxRequestsPerCaller: 1 });
    const first = send({ port, tls: client }, { path: '/v1/postbus?wacht=1' });
    await sleep(100);
    const second = await send({ port, tls: client }, { path: '/v1/sleutels' });
    expect(second.status).toBe(429);
    expect(second.headers['retry-after']).toBe('5');
    expect((await first).status).toBe(204);
  });
});

describe('the head of a request', () => {
  it.each([
    ['no type', [] as string[], 'ERR_CONTENT_TYPE'],
    ['text/xml', ['Content-Type: text/xml'], 'ERR_CONTENT_TYPE'],
    ['a multipart', ['Content-Type: multipart/form-data; boundary=x'], 'ERR_CONTENT_TYPE'],
    ['another charset', ['Content-Type: application/xml; charset=iso-8859-1'], 'ERR_CONTENT_TYPE'],
    ['another parameter', ['Content-Type: application/json; profile=x'], 'ERR_CONTENT_TYPE'],
    ['two types', ['Content-Type: application/xml', 'Content-Type: application/xml'], 'ERR_CONTENT_TYPE'],
    ['gzip', ['Content-Type: application/xml', 'Content-Encoding: gzip'], 'ERR_CONTENT_ENCODING'],
    ['identity', ['Content-Type: application/xml', 'Content-Encoding: identity'], 'ERR_CONTENT_ENCODING'],
  ])('with %s is refused with 415', async (_what, lines, code) => {
    const { all, api } = keepSubmissions();
    const { port } = await open(api);
    const answer = await ask(port, [...POST, ...lines, 'Content-Length: 1'], 'x');
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expect(answer).toContain(`"code":"${code}"`);
    expect(all).toEqual([]);
  });

  it.each(['application/xml', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"'])(
    'with %s is taken',
    async (type) => {
      const { port } = await open(keepSubmissions().api);
      const head = [...POST, `Content-Type: ${type}`, 'Content-Length: 1', 'Connection: close'];
      expect(await ask(port, head, 'x')).toMatch(/^HTTP\/1\.1 202 /);
    },
  );

  it.each([
    ['two lengths', [...POST_XML, 'Content-Length: 1', 'Content-Length: 2'], 'xx'],
    ['a length and chunks', [...POST_XML, 'Content-Length: 1', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['an unknown coding', [...POST_XML, 'Transfer-Encoding: gzip, chunked, x'], ''],
    ['a bare line feed', ['POST /v1/berichten HTTP/1.1\nHost: x'], ''],
    ['a space before the colon', [...POST, 'Content-Type : application/xml'], ''],
    ['a folded line', [...POST, 'X: a\r\n b'], ''],
    ['a control character', [...POST, 'X: a\u0000b'], ''],
    ['more bytes than allowed', [...POST, `X: ${'x'.repeat(20_000)}`], ''],
    [
      'more lines than allowed',
      [...POST, 'Connection: close', ...Array.from({ length: 70 }, (_, index) => `X${String(index)}: 1`)],
      '',
    ],
    ['no host', ['GET /v1/sleutels HTTP/1.1'], ''],
    ['an expectation nobody knows', [...POST_XML, 'Expect: 200-ok', 'Content-Length: 1'], ''],
  ])('with %s is refused with 400 and the connection ends', async (_what, head, rest) => {
    const { all, api } = keepSubmissions();
    const { port } = await open(api);
    const answer = await ask(port, [...head], rest);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 \d{3} /g)).toHaveLength(1);
    expect(all).toEqual([]);
  });

  it('gets its 100 Continue only when it will do', async () => {
    const { port } = await open(keepSubmissions().api);
    const expecting = [...POST, 'Expect: 100-continue', 'Connection: close'];
    const refused = await ask(port, [...expecting, 'Content-Type: text/plain', 'Content-Length: 1']);
    expect(refused).toMatch(/^HTTP\/1\.1 415 /);
    const socket = await openRaw(port, client);
    const head = [...expecting, 'Content-Type: application/xml', 'Content-Length: 1'];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    expect(await readText(socket, '\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    const rest = readText(socket);
    socket.write('x');
    expect(await rest).toMatch(/^HTTP\/1\.1 202 /);
  });

  it.each(['GET /v1/sleutels', `POST /v1/bevestigingen/${MESSAGE_ID}/ontvangen`])(
    'of %s announces no body',
    async (line) => {
      const { port } = await open({ receiptKeys: () => ok([]), takeNotice: async () => ok(undefined) });
      const answer = await ask(port, [`${line} HTTP/1.1`, 'Host: x', 'Content-Length: 5'], 'GET /');
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer.match(/HTTP\/1\.1 \d{3} /g)).toHaveLength(1);
    },
  );

  it('asking for an upgrade or a tunnel gets neither', async () => {
    const { port } = await open({ receiptKeys: () => ok([]) });
    const upgrade = ['GET /v1/sleutels HTTP/1.1', 'Host: x', 'Connection: Upgrade, close', 'Upgrade: h2c'];
    expect(await ask(port, upgrade)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask(port, ['CONNECT elders:443 HTTP/1.1', 'Host: elders'])).toBe('');
  });
});

describe('slowness', () => {
  it('of the head is bounded', async () => {
    const { port } = await open({}, { headersTimeoutMs: 200 });
    const socket = await openRaw(port, client);
    const answer = readText(socket);
    socket.write('GET /v1/sleu');
    expect(await answer).toContain('"code":"ERR_REQUEST_TOO_SLOW"');
  });

  it('of the body is bounded, between its pieces and as a whole', async () => {
    const { port, events } = await open({}, { bodyIdleTimeoutMs: 150 });
    const idle = await ask(port, [...POST_XML, 'Content-Length: 100'], 'x');
    expect(idle).toContain('"code":"ERR_REQUEST_TOO_SLOW"');
    expect(events.all).toEqual([{ name: 'MessageRejected', code: 'ERR_REQUEST_TOO_SLOW', stage: 'receive' }]);
    const dripped = await open({}, { bodyTimeoutMs: 300, bodyIdleTimeoutMs: 200 });
    const socket = await openRaw(dripped.port, client);
    const answer = readText(socket);
    socket.write(`${[...POST_XML, 'Content-Length: 100'].join('\r\n')}\r\n\r\n`);
    const drip = setInterval(() => socket.write('x'), 50);
    expect(await answer).toContain('"code":"ERR_REQUEST_TOO_SLOW"');
    clearInterval(drip);
  });

  it('of the handshake is bounded', async () => {
    const { port, events } = await open({}, { handshakeTimeoutMs: 150 });
    const socket = connectTcp(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('close', resolve).resume());
    expect(events.all).toEqual([{ name: 'HandshakeFailed', code: 'ERR_TLS_TIMEOUT' }]);
  });
});

async function waiting(
  _caller: unknown,
  _what: unknown,
  { waitMs, signal }: Wait,
): Promise<{ ok: true; value: undefined }> {
  await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  return { ok: true, value: undefined };
}

describe('connections', () => {
  it('carry one request after another', async () => {
    const { port } = await open({ receiptKeys: () => ok([]) });
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ...client });
    const sockets = new Set<unknown>();
    agent.on('free', (socket) => sockets.add(socket));
    for (let count = 0; count < 3; count += 1) {
      expect((await send({ port, tls: client, agent }, { path: '/v1/sleutels' })).status).toBe(200);
    }
    agent.destroy();
    expect(sockets.size).toBe(1);
  });

  it('answer pipelined requests in their order', async () => {
    const { port } = await open({ receiptKeys: () => ok([]), nextMessage: waiting });
    const one = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const socket = await openRaw(port, client);
    const text = readText(socket);
    socket.write(one('/v1/postbus?wacht=1') + one('/v1/sleutels') + one('/v1/niets', 'Connection: close\r\n'));
    expect((await text).match(/HTTP\/1\.1 \d{3}(?= )/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 200', 'HTTP/1.1 404']);
  });

  it('that the client leaves end its wait', async () => {
    let ended = 0;
    const { port } = await open({
      nextMessage: async (caller, point, wait) => {
        await waiting(caller, point, wait);
        ended += 1;
        return ok(undefined);
      },
    });
    const socket = await openRaw(port, client);
    socket.write('GET /v1/postbus?wacht=60 HTTP/1.1\r\nHost: x\r\n\r\n');
    await sleep(100);
    expect(ended).toBe(0);
    socket.destroy();
    await sleep(100);
    expect(ended).toBe(1);
  });

  it('that the client leaves halfway a bericht hand nothing to the gateway', async () => {
    const { all, api } = keepSubmissions();
    const { port, events } = await open(api);
    const socket = await openRaw(port, client);
    socket.write(`${[...POST_XML, 'Content-Length: 100'].join('\r\n')}\r\n\r\nhalf`);
    await sleep(50);
    socket.destroy();
    await sleep(100);
    expect(all).toEqual([]);
    expect(events.all).toEqual([]);
  });

  it('with a chunk that is no chunk hand nothing to the gateway and are closed', async () => {
    const { all, api } = keepSubmissions();
    const { port } = await open(api);
    const answer = await ask(port, [...POST_XML, 'Transfer-Encoding: chunked'], '5\r\nhello\r\nXX\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(all).toEqual([]);
  });
});

describe('closing', () => {
  it('ends waits, lets a running call answer, and takes no new connection', async () => {
    let finish = (): void => undefined;
    const running = new Promise<void>((resolve) => (finish = resolve));
    const { ingress, port } = await open({
      nextMessage: waiting,
      status: async () => {
        await running;
        return ok({ entry: buildEntry(), notice: undefined });
      },
    });
    const pulled = send({ port, tls: client }, { path: '/v1/postbus?wacht=60' });
    const shown = send({ port, tls: client }, { path: `/v1/berichten/${MESSAGE_ID}` });
    await sleep(150);
    const closed = ingress.close();
    expect((await pulled).status).toBe(204);
    await expect(openRaw(port, client)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    finish();
    const answer = await shown;
    expect(answer.status).toBe(200);
    expect(answer.headers.connection).toBe('close');
    await closed;
  });

  it('cuts off what is not done in time', async () => {
    const { ingress, port } = await open({ status: () => new Promise(() => undefined) }, { drainMs: 150 });
    const shown = send({ port, tls: client }, { path: `/v1/berichten/${MESSAGE_ID}` });
    const failed = expect(shown).rejects.toMatchObject({ code: 'ECONNRESET' });
    await sleep(100);
    const startedAt = performance.now();
    await ingress.close();
    await failed;
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

it('a refusal for a caller without rights says the same of a bericht of another as of none', async () => {
  const { port } = await open({ status: async () => err(rejection('ERR_NOT_FOUND')) });
  const of = async (id: string): Promise<string> =>
    (await send({ port, tls: client }, { path: `/v1/berichten/${id}` })).body;
  expect(await of(MESSAGE_ID)).toBe(await of('geen-id'));
});
