import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AgentOptions } from 'node:https';
import { Agent } from 'node:https';
import { fileURLToPath } from 'node:url';
import { openHttpsIngress } from '../../adapters/https-ingress/index.ts';
import type { HttpsIngress, IngressLimits, IngressOptions } from '../../adapters/https-ingress/index.ts';
import { rejection } from '../../gateway/domain/rejection.ts';
import { err, ok } from '../../gateway/domain/result.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { RegisterEntry } from '../../gateway/domain/register-entry.ts';
import type { SubmissionReceipt } from '../../gateway/domain/receipt.ts';
import type { GatewayApi, Submission } from '../../gateway/ports/gateway-api.ts';
import type { Events, GatewayEvent } from '../../gateway/ports/events.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import { createTestPki } from './pki.ts';
import type { TestParticipant, TestPki } from './pki.ts';

/** An ingress under test. */
export interface OpenedIngress {
  readonly ingress: HttpsIngress;
  readonly port: number;
  readonly events: EventList;
}

/** Opens an ingress before a fake gateway. */
export interface IngressOpener {
  (api?: Partial<GatewayApi>, limits?: Partial<IngressLimits>, more?: Partial<IngressOptions>): Promise<OpenedIngress>;
  closeAll(): Promise<void>;
}

/** A PKI, a client of gemeente Arnhem, and the means to open ingresses under it. */
export function createIngressOpener(): {
  readonly pki: TestPki;
  readonly arnhem: TestParticipant;
  readonly client: ClientTls;
  readonly issuers: readonly string[];
  readonly open: IngressOpener;
} {
  const pki = createTestPki();
  const issuers = [pki.authority.rootPem, pki.authority.intermediatePem];
  const arnhem = pki.participant('gemeente-arnhem');
  const client = { cert: arnhem.tls.chainPem, key: arnhem.tls.privateKeyPem, ca: issuers };
  const { chainPem, privateKeyPem } = pki.gateway.server;
  const tls = { certPem: chainPem, keyPem: privateKeyPem, caPem: issuers };
  const opened: HttpsIngress[] = [];
  const open = async (
    api: Partial<GatewayApi> = {},
    limits: Partial<IngressLimits> = {},
    more: Partial<IngressOptions> = {},
  ): Promise<OpenedIngress> => {
    const events = createEventList();
    const config = {
      host: '127.0.0.1',
      port: 0,
      tls,
      schemasFolder: fileURLToPath(new URL('../../schemas', import.meta.url)),
      limits: { drainMs: 500, lingerMs: 300, ...limits },
    };
    const ingress = await openHttpsIngress({ api: createFakeApi(api), events, clock: STILL_CLOCK, config, ...more });
    opened.push(ingress);
    return { ingress, port: ingress.port, events };
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((ingress) => ingress.close()));
  };
  return { pki, arnhem, client, issuers, open: Object.assign(open, { closeAll }) };
}

/** A gateway that accepts every bericht and keeps it. */
export function keepSubmissions(): { readonly all: Submission[]; readonly api: Partial<GatewayApi> } {
  const all: Submission[] = [];
  return {
    all,
    api: {
      submit: async (submission) => {
        all.push(submission);
        return ok({
          repeat: false,
          receiptForm: 'jws',
          receipt: buildReceipt(),
          signed: 'kop.inhoud.zegel',
          entry: buildEntry(),
        });
      },
    },
  };
}

/** Events kept in a list. */
export type EventList = Events & { readonly all: GatewayEvent[] };

/** Makes an empty list of events. */
export function createEventList(): EventList {
  const all: GatewayEvent[] = [];
  return { all, emit: (event) => void all.push(event) };
}

/** A clock that stands still at a known instant. */
export const STILL_CLOCK: Clock = {
  now: () => Date.UTC(2026, 10, 22, 10, 15, 30, 123),
  sleep: () => Promise.resolve(),
};

/** A gateway that refuses everything but what the test gives. */
export function createFakeApi(given: Partial<GatewayApi> = {}): GatewayApi {
  const refused = err(rejection('ERR_NOT_FOUND'));
  return {
    submit: async () => refused,
    status: async () => refused,
    nextMessage: async () => refused,
    confirm: async () => refused,
    refuse: async () => refused,
    nextNotice: async () => refused,
    takeNotice: async () => refused,
    routing: () => refused,
    receiptKeys: () => refused,
    ...given,
  };
}

export const MESSAGE_ID = '0193a5f0-0000-7000-8000-000000000001' as MessageId;

const SENDER = '00000001001825112000' as Oin;
const RECIPIENT = '00000002003214436001' as Oin;

/** A bericht as the register knows it: accepted, not yet delivered. */
export function buildEntry(given: Partial<RegisterEntry> = {}): RegisterEntry {
  return {
    facts: {
      messageId: MESSAGE_ID,
      environment: 'ontwikkeling',
      messageType: 'opdrachtTb',
      version: '1.0',
      sender: SENDER,
      senderRole: 'RVDK',
      submittedBy: SENDER,
      signedBy: SENDER,
      signer: 'c2lnbmVy',
      addressed: 'oin:00000002003214436001/RVDK',
      recipient: RECIPIENT,
      recipientRole: 'RVDK',
      connectionPoint: 'rvdk-landelijk',
      ruleId: 'regel-1',
      ruleSetHash: 'ab'.repeat(32),
      sizeKb: 10,
      receivedAt: Date.UTC(2026, 10, 22, 10, 15, 30, 123),
      deadline: Date.UTC(2026, 10, 24, 10, 15, 30, 123),
    },
    state: 'accepted',
    previous: undefined,
    acceptedAt: Date.UTC(2026, 10, 22, 10, 15, 30, 456),
    receipts: ['cmVjZWlwdA'],
    attempts: 0,
    unanswered: false,
    end: undefined,
    noticeTaken: false,
    history: [{ at: Date.UTC(2026, 10, 22, 10, 15, 30, 123), event: 'received' }],
    ...given,
  };
}

/** The submission receipt that belongs to `buildEntry`. */
export function buildReceipt(given: Partial<SubmissionReceipt> = {}): SubmissionReceipt {
  const { facts } = buildEntry();
  return {
    issuer: '00000004000000002000' as Oin,
    environment: facts.environment,
    id: '0193a5f0-0000-7000-8000-0000000000aa',
    messageId: facts.messageId,
    previous: undefined,
    sender: facts.sender,
    submittedBy: facts.submittedBy,
    signer: facts.signer,
    addressed: facts.addressed,
    recipient: facts.recipient,
    messageType: facts.messageType,
    version: facts.version,
    kenmerk: '7f1de8f6-8d0e-4a4f-a6f9-6b1f6b7e9a10',
    digest: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    receivedAt: facts.receivedAt,
    acceptedAt: Date.UTC(2026, 10, 22, 10, 15, 30, 456),
    deadline: facts.deadline,
    ...given,
  };
}

/** What a client holds: its certificate and key, and the issuers it trusts. */
export type ClientTls = Pick<AgentOptions, 'cert' | 'key' | 'ca'>;

/** An answer read whole. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. */
export function send(
  to: { readonly port: number; readonly tls: ClientTls; readonly agent?: Agent },
  ask: {
    readonly method?: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string | string[]>>;
    readonly body?: string | Buffer;
  },
): Promise<ReadAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: to.port,
        method: ask.method ?? 'GET',
        path: ask.path,
        headers: ask.headers ?? {},
        agent: to.agent ?? new Agent({ keepAlive: false, maxCachedSessions: 0, ...to.tls }),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(ask.body);
  });
}

/** A TLS connection to write HTTP on by hand; resolves once the handshake is done. */
export function openRaw(port: number, tls: ClientTls & ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ...tls }, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** All that comes until the other side closes, or until the text holds `until`. */
export function readText(socket: TLSSocket, until?: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until !== undefined && text.includes(until)) resolve(text);
    });
    socket.once('close', () => {
      resolve(text);
    });
  });
}
