import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { rejection } from '../../gateway/domain/rejection.ts';
import { err, ok } from '../../gateway/domain/result.ts';
import { RegisterFault } from '../../gateway/ports/faults.ts';
import type { LeasedMessage } from '../../gateway/ports/gateway-api.ts';
import {
  MESSAGE_ID,
  STILL_CLOCK,
  buildEntry,
  buildReceipt,
  createIngressOpener,
  keepSubmissions,
  openRaw,
  readText,
  send,
} from '../support/ingress.ts';

const { open, client, arnhem } = createIngressOpener();

afterEach(() => open.closeAll());

const XML = { 'Content-Type': 'application/xml' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

function codeOf(answer: { readonly body: string }): string {
  return (JSON.parse(answer.body) as { code: string }).code;
}

/** Sends a head by hand and reads the whole answer. */
async function ask(port: number, head: readonly string[]): Promise<string> {
  const socket = await openRaw(port, client);
  const answer = readText(socket);
  socket.write([...head, 'Host: doorgeefluik', '', ''].join('\r\n'));
  return answer;
}

describe('the calls', () => {
  it('answers an accepted bericht with 202, its place and the signed receipt', async () => {
    const { all, api } = keepSubmissions();
    const { port } = await open(api);
    const body = Buffer.from('<a>\u00e9</a>', 'utf8');
    const answer = await send({ port, tls: client }, { method: 'POST', path: '/v1/berichten', headers: XML, body });
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({
      location: `/v1/berichten/${MESSAGE_ID}`,
      'content-type': 'application/json',
      'api-version': '1.0.0',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(JSON.parse(answer.body)).toEqual({
      berichtId: MESSAGE_ID,
      kenmerk: '7f1de8f6-8d0e-4a4f-a6f9-6b1f6b7e9a10',
      status: 'geaccepteerd',
      ontvangenOp: '2026-11-22T10:15:30.123Z',
      uiterlijk: '2026-11-24T10:15:30.123Z',
      digest: 'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      bevestiging: 'kop.inhoud.zegel',
    });
    expect(Buffer.from(all[0]!.body)).toEqual(body);
    expect(all[0]!.receivedAt).toBe(STILL_CLOCK.now());
  });

  it('hands the gateway the certificate of the connection and every occurrence of a header', async () => {
    const { all, api } = keepSubmissions();
    const { port } = await open(api);
    const headers = { ...XML, Digest: ['SHA-256=a', 'SHA-256=b'] };
    await send({ port, tls: client }, { method: 'POST', path: '/v1/berichten', headers, body: '<a/>' });
    expect(all[0]!.headers.get('digest')).toEqual(['SHA-256=a', 'SHA-256=b']);
    const pem = Buffer.from(all[0]!.caller.certificate).toString('base64');
    expect(arnhem.tls.certificatePem.replaceAll('\n', '')).toContain(pem);
  });

  it('answers a repeat with 200', async () => {
    const { port } = await open({
      submit: async () =>
        ok({ repeat: true, receiptForm: 'jws', receipt: buildReceipt(), signed: 'a.b.c', entry: buildEntry() }),
    });
    const answer = await send(
      { port, tls: client },
      { method: 'POST', path: '/v1/berichten', headers: XML, body: 'x' },
    );
    expect(answer.status).toBe(200);
  });

  it('hands a pulled bericht out with exactly the headers of the contract and its bytes unchanged', async () => {
    const body = Buffer.from([0, 1, 2, 253, 254, 255]);
    const asked: unknown[] = [];
    const leased: LeasedMessage = {
      entry: buildEntry(),
      body,
      contentType: 'application/json',
      digest: 'ZGlnZXN0',
      payloadSignature: 'kop..zegel',
      repeat: true,
    };
    const { port } = await open({
      nextMessage: async (_caller, point, wait) => {
        asked.push(point, wait.waitMs);
        return ok(leased);
      },
    });
    const socket = await openRaw(port, client);
    const text = readText(socket);
    socket.write(
      'GET /v1/postbus?aansluitpunt=rvdk-landelijk&wacht=30 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    const [head = '', content = ''] = (await text).split('\r\n\r\n');
    expect(Buffer.from(content, 'latin1')).toEqual(body);
    expect(asked).toEqual(['rvdk-landelijk', 30_000]);
    expect(head.split('\r\n').filter((line) => !/^(?:Date|Connection|Keep-Alive):/.test(line))).toEqual([
      'HTTP/1.1 200 OK',
      'API-Version: 1.0.0',
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Content-Type: application/json',
      'Digest: SHA-256=ZGlnZXN0',
      'Payload-Signature: kop..zegel',
      `Bericht-Id: ${MESSAGE_ID}`,
      'Berichttype: opdrachtTb',
      'Afzender-Oin: 00000001001825112000',
      'Ontvanger-Oin: 00000002003214436001',
      'Aansluitpunt: rvdk-landelijk',
      'Herhaling: true',
      'Content-Length: 6',
    ]);
  });

  it.each(['/v1/postbus', '/v1/bevestigingen?wacht=0'])(
    'answers 204 without a body when %s has nothing',
    async (path) => {
      const { port } = await open({ nextMessage: async () => ok(undefined), nextNotice: async () => ok(undefined) });
      const answer = await send({ port, tls: client }, { path });
      expect(answer).toMatchObject({ status: 204, body: '' });
      expect(answer.headers['content-length']).toBeUndefined();
    },
  );

  it('passes a signed receipt on as text, and none when the body is empty', async () => {
    const receipts: unknown[] = [];
    const { port } = await open({
      confirm: async (_caller, id, receipt) => {
        receipts.push(id, receipt);
        return ok(undefined);
      },
    });
    const path = `/v1/postbus/${MESSAGE_ID}/bevestiging`;
    const jose = { 'Content-Type': 'application/jose' };
    const signed = await send({ port, tls: client }, { method: 'POST', path, headers: jose, body: 'a.b.c\n' });
    const bare = await send({ port, tls: client }, { method: 'POST', path });
    expect([signed.status, bare.status]).toEqual([204, 204]);
    expect(receipts).toEqual([MESSAGE_ID, 'a.b.c', MESSAGE_ID, undefined]);
  });

  it('passes the body of a refusal on as it is', async () => {
    const bodies: string[] = [];
    const { port } = await open({
      refuse: async (_caller, _id, body) => {
        bodies.push(Buffer.from(body).toString());
        return ok(undefined);
      },
    });
    const body = '{"code":"NIET_VOOR_ONS"}';
    const path = `/v1/postbus/${MESSAGE_ID}/weigering`;
    expect((await send({ port, tls: client }, { method: 'POST', path, headers: JSON_TYPE, body })).status).toBe(204);
    expect(bodies).toEqual([body]);
  });

  it('shows a status, a notice, advice, keys and the OpenAPI document', async () => {
    const { port } = await open({
      status: async () => ok({ entry: buildEntry(), notice: undefined }),
      nextNotice: async () =>
        ok({
          kind: 'end',
          signed: 'x.y.z',
          notice: {
            issuer: buildReceipt().issuer,
            environment: 'ontwikkeling',
            id: 'n-1',
            messageId: MESSAGE_ID,
            receipts: [],
            state: 'delivered',
            reason: undefined,
            endedAt: 0,
            attempts: 1,
            possiblyReceived: false,
            proof: 'connection',
            recipientReceipt: undefined,
          },
        }),
      takeNotice: async () => ok(undefined),
      receiptKeys: () => ok([{ certificatePem: 'PEM', thumbprint: 'dA', current: true }]),
    });
    const show = async (path: string): Promise<unknown> =>
      JSON.parse((await send({ port, tls: client }, { path })).body) as unknown;
    expect(await show(`/v1/berichten/${MESSAGE_ID}?wacht=60`)).toMatchObject({
      status: 'geaccepteerd',
      eindbericht: null,
    });
    expect(await show('/v1/bevestigingen')).toEqual({ id: 'n-1', berichtId: MESSAGE_ID, eindbericht: 'x.y.z' });
    expect(await show('/v1/sleutels')).toEqual({
      sleutels: [{ certificaat: 'PEM', vingerafdruk: 'dA', actueel: true }],
    });
    expect(await show('/v1/openapi.json')).toMatchObject({ info: { version: '1.0.0' } });
    const path = `/v1/bevestigingen/${MESSAGE_ID}/ontvangen`;
    expect((await send({ port, tls: client }, { method: 'POST', path })).status).toBe(204);
  });

  it('asks for receipts as XML for who accepts that, and gives them as they are', async () => {
    const { api, all } = keepSubmissions();
    const { port } = await open({
      ...api,
      submit: async (submission) => {
        const accepted = await api.submit?.(submission);
        if (accepted?.ok !== true) throw new Error('not accepted');
        return ok({ ...accepted.value, receiptForm: submission.receiptForm, signed: '<bevestiging/>' });
      },
    });
    const headers = { ...XML, Accept: 'application/xml' };
    const answer = await send({ port, tls: client }, { method: 'POST', path: '/v1/berichten', headers, body: 'x' });
    expect(answer).toMatchObject({ status: 202, body: '<bevestiging/>' });
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(all.map(({ receiptForm }) => receiptForm)).toEqual(['xml']);
  });

  it('gives a refusal of the gateway as problem, with Retry-After when it may be tried again', async () => {
    const { port } = await open({
      submit: async () => err({ ...rejection('ERR_EMERGENCY_STOP'), retryAfterSeconds: 60 }),
    });
    const answer = await send(
      { port, tls: client },
      { method: 'POST', path: '/v1/berichten', headers: XML, body: 'x' },
    );
    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'retry-after': '60' });
    expect(codeOf(answer)).toBe('ERR_EMERGENCY_STOP');
  });

  it.each([
    ['of the register', new RegisterFault('ERR_REGISTER_WRITE'), 'ERR_REGISTER_WRITE'],
    ['of any kind', new Error('geheim uit het bericht'), 'ERR_UNEXPECTED'],
  ])('says 503 and reports the code alone after a fault %s', async (_what, fault, code) => {
    const { port, events } = await open({ submit: () => Promise.reject(fault) });
    const answer = await send(
      { port, tls: client },
      { method: 'POST', path: '/v1/berichten', headers: XML, body: 'x' },
    );
    expect(answer.status).toBe(503);
    expect(codeOf(answer)).toBe('ERR_GATEWAY_BUSY');
    expect(answer.headers['retry-after']).toBe('5');
    expect(events.all).toEqual([{ name: 'FaultOccurred', where: 'https-ingress', fault: code }]);
    expect(answer.body).not.toContain('geheim');
  });
});

describe('paths, methods and queries', () => {
  let port = 0;
  let reached = 0;
  beforeAll(() => {
    reached = 0;
  });

  async function openCounting(): Promise<void> {
    const count = async (): Promise<never> => {
      reached += 1;
      throw new Error('reached');
    };
    ({ port } = await open({
      status: count,
      nextMessage: count,
      nextNotice: count,
      takeNotice: count,
      confirm: count,
    }));
  }

  it.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/berichten/',
    '//v1/berichten',
    '/v1//postbus',
    '/v1/./postbus',
    '/v1/sleutels/../postbus',
    '/v1/post%62us',
    '/v1/postbus/',
    '/v1/postbus;x=1',
    '/V1/postbus',
    '/v1/postbus%00',
    '/v1/openapixjson',
    '/v2/postbus',
    `/v1/berichten/${MESSAGE_ID.toUpperCase()}`,
    `/v1/berichten/${MESSAGE_ID}x`,
    '/v1/berichten/000000000000000000000000000000000000',
    'https://127.0.0.1/v1/postbus',
    '*',
  ])('knows no path %s', async (path) => {
    await openCounting();
    const text = await ask(port, [`GET ${path} HTTP/1.1`, 'Connection: close']);
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
    expect(text).toContain('"code":"ERR_NOT_FOUND"');
    expect(reached).toBe(0);
  });

  it.each(['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'POST'])(
    'refuses %s on a path of GET, naming GET',
    async (method) => {
      await openCounting();
      const text = await ask(port, [`${method} /v1/postbus HTTP/1.1`, 'Connection: close', 'Content-Length: 0']);
      expect(text).toMatch(/^HTTP\/1\.1 404 /);
      expect(text).toContain('Allow: GET\r\n');
      expect(text.endsWith('\r\n\r\n')).toBe(method === 'HEAD');
      expect(reached).toBe(0);
    },
  );

  it.each([
    '/v1/postbus?wacht=61',
    '/v1/postbus?wacht=-1',
    '/v1/postbus?wacht=1e1',
    '/v1/postbus?wacht=',
    '/v1/postbus?wacht=1&wacht=2',
    '/v1/postbus?Wacht=1',
    '/v1/postbus?aansluitpunt=a%00b',
    '/v1/postbus?onbekend',
    '/v1/bevestigingen?afzender=1',
    '/v1/openapi.json?x=1',
    '/v1/routering?rol=RVDK&oin=00000002003214436001',
    '/v1/routering?berichttype=vtoDi01',
    '/v1/routering?berichttype=vtoDi01&oin=00000002003214436001&gemeentecode=0202',
  ])('refuses the query of %s', async (path) => {
    await openCounting();
    const answer = await send({ port, tls: client }, { path });
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('ERR_REQUEST_INVALID');
    expect(reached).toBe(0);
  });
});
