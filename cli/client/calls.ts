import type { KeysBody, NoticeBody, RoutingBody, StatusBody, SubmitBody } from '../../gateway/codec/status-json.ts';
import type { ProblemBody } from '../../gateway/codec/problem.ts';
import { CommandFault } from '../fault.ts';
import type { HttpAnswer, HttpsClient } from './https-client.ts';

/** What the gateway answered: what was asked for, or its refusal. */
export type Answered<T> =
  | { readonly ok: true; readonly status: number; readonly value: T }
  | { readonly ok: false; readonly problem: ProblemBody };

/** A bericht as it goes over the line: its bytes, and the headers that belong to them. */
export interface OutgoingMessage {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The question where a bericht would go. */
export interface RoutingAsk {
  readonly type: string;
  /** Who would send it, and in which role; this party, in any of its roles, when absent. */
  readonly sender?: string | undefined;
  readonly senderRole?: string | undefined;
  readonly role?: string | undefined;
  readonly oin?: string | undefined;
  readonly municipality?: string | undefined;
  readonly institution?: string | undefined;
}

/** The calls of the API as a participant makes them. Each rejects with CommandFault when there is no usable answer. */
export interface GatewayCalls {
  submit(message: OutgoingMessage): Promise<Answered<SubmitBody>>;
  /** Waits at most so many seconds (60 at most) for the end. */
  status(messageId: string, waitSeconds: number, signal?: AbortSignal): Promise<Answered<StatusBody>>;
  /** The next bericht with its headers; undefined when none came in time. */
  pull(ask: PullAsk): Promise<Answered<HttpAnswer | undefined>>;
  confirm(messageId: string, receipt: string | undefined): Promise<Answered<undefined>>;
  refuse(messageId: string, code: string): Promise<Answered<undefined>>;
  nextNotice(waitSeconds: number, signal?: AbortSignal): Promise<Answered<NoticeBody | undefined>>;
  takeNotice(noticeId: string): Promise<Answered<undefined>>;
  routing(ask: RoutingAsk): Promise<Answered<RoutingBody>>;
  keys(): Promise<Answered<KeysBody>>;
}

/** From which point to pull (all of this party when absent) and how long to wait, at most 60 seconds. */
export interface PullAsk {
  readonly point?: string | undefined;
  readonly waitSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** Puts the calls on a client. */
export function createCalls(client: HttpsClient): GatewayCalls {
  const get = (path: string, seconds = 0, signal?: AbortSignal): Promise<HttpAnswer> =>
    client.call({ method: 'GET', path, timeoutMs: (seconds + ANSWER_SECONDS) * 1_000, signal });
  const post = (path: string, body?: OutgoingMessage): Promise<HttpAnswer> =>
    client.call({ method: 'POST', path, timeoutMs: POST_TIMEOUT_MS, ...body });
  return {
    submit: async (message) => read(await post('/v1/berichten', message), isSubmitBody),
    status: async (id, seconds, signal) =>
      read(await get(`/v1/berichten/${id}?wacht=${String(seconds)}`, seconds, signal), isStatusBody),
    pull: async ({ point, waitSeconds, signal }) => {
      const query = new URLSearchParams({ wacht: String(waitSeconds) });
      if (point !== undefined) query.set('aansluitpunt', point);
      return readMessage(await get(`/v1/postbus?${query.toString()}`, waitSeconds, signal));
    },
    confirm: async (id, receipt) => readEmpty(await post(`/v1/postbus/${id}/bevestiging`, receiptBody(receipt))),
    refuse: async (id, code) => readEmpty(await post(`/v1/postbus/${id}/weigering`, jsonBody({ code }))),
    nextNotice: async (seconds, signal) => {
      const answer = await get(`/v1/bevestigingen?wacht=${String(seconds)}`, seconds, signal);
      return answer.status === 204 ? { ok: true, status: 204, value: undefined } : read(answer, isNoticeBody);
    },
    takeNotice: async (id) => readEmpty(await post(`/v1/bevestigingen/${id}/ontvangen`)),
    routing: async (ask) => read(await get(`/v1/routering?${routingQuery(ask)}`), isRoutingBody),
    keys: async () => read(await get('/v1/sleutels'), isKeysBody),
  };
}

function routingQuery(ask: RoutingAsk): string {
  const query = new URLSearchParams({ berichttype: ask.type });
  const names = {
    afzender: ask.sender,
    afzenderrol: ask.senderRole,
    rol: ask.role,
    oin: ask.oin,
    gemeentecode: ask.municipality,
    instantiecode: ask.institution,
  };
  for (const [name, value] of Object.entries(names)) if (value !== undefined) query.set(name, value);
  return query.toString();
}

function receiptBody(receipt: string | undefined): OutgoingMessage | undefined {
  if (receipt === undefined) return undefined;
  return { headers: { 'Content-Type': 'application/jose' }, body: Buffer.from(receipt) };
}

function jsonBody(value: object): OutgoingMessage {
  return { headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

function read<T>(answer: HttpAnswer, isWhole: (value: unknown) => value is T): Answered<T> {
  const { status } = answer;
  if (status >= 300) return { ok: false, problem: readProblem(answer) };
  const value = parse(answer);
  if (!isWhole(value)) throw unreadable(status);
  return { ok: true, status, value };
}

function readEmpty(answer: HttpAnswer): Answered<undefined> {
  if (answer.status >= 300) return { ok: false, problem: readProblem(answer) };
  return { ok: true, status: answer.status, value: undefined };
}

function readMessage(answer: HttpAnswer): Answered<HttpAnswer | undefined> {
  if (answer.status >= 300) return { ok: false, problem: readProblem(answer) };
  return { ok: true, status: answer.status, value: answer.status === 204 ? undefined : answer };
}

function readProblem(answer: HttpAnswer): ProblemBody {
  const value = parse(answer);
  if (!isProblemBody(value)) throw unreadable(answer.status);
  return value;
}

function unreadable(status: number): CommandFault {
  return new CommandFault(
    `Er kwam een antwoord (status ${String(status)}) dat niet van een doorgeefluik is: controleer --url en wat ertussen staat.`,
  );
}

function parse(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

type Shape = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'object'>>;

function has(value: unknown, shape: Shape): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.entries(shape).every(([name, type]) => typeof members.get(name) === type);
}

const isSubmitBody = (value: unknown): value is SubmitBody =>
  has(value, { berichtId: 'string', kenmerk: 'string', status: 'string', uiterlijk: 'string', bevestiging: 'string' });
const isStatusBody = (value: unknown): value is StatusBody =>
  has(value, { berichtId: 'string', status: 'string', pogingen: 'number' });
const isNoticeBody = (value: unknown): value is NoticeBody =>
  has(value, { id: 'string', eindbericht: 'string' }) || has(value, { id: 'string', termijnbericht: 'string' });
const isRoutingBody = (value: unknown): value is RoutingBody =>
  has(value, { toegestaan: 'boolean', formaten: 'object', handtekeningen: 'object', voorbehoud: 'string' });
const isKeysBody = (value: unknown): value is KeysBody => has(value, { sleutels: 'object' });
const isProblemBody = (value: unknown): value is ProblemBody =>
  has(value, { code: 'string', omschrijving: 'string', fouten: 'object' });

// The gateway itself answers within seconds; a large bericht takes its time over a slow line.
const ANSWER_SECONDS = 15;
const POST_TIMEOUT_MS = 120_000;
