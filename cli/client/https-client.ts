import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { codeOf, CommandFault } from '../fault.ts';

/** With what a party connects: its certificate (PEM, leaf first) and key, and the roots it trusts the other side by. */
export interface TlsIdentity {
  readonly certPem: string;
  readonly keyPem: string;
  readonly rootsPem: string;
}

/** One call. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** How long the other side may take to answer; 30 seconds unless given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A whole answer. Header values by lower-case name; one given twice is joined with commas. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Calls one server over mutual TLS, on connections that stay open. */
export interface HttpsClient {
  readonly url: string;
  /** Rejects with CommandFault when there is no whole answer. */
  call(call: HttpCall): Promise<HttpAnswer>;
  close(): void;
}

/** Makes a client of one address, `https://host:port`. */
export function createHttpsClient(url: string, identity: TlsIdentity): HttpsClient {
  const base = parseBase(url);
  const { certPem, keyPem, rootsPem } = identity;
  const agent = new Agent({ keepAlive: true, cert: certPem, key: keyPem, ca: rootsPem, minVersion: 'TLSv1.2' });
  return {
    url: base.origin,
    call: (call) => send(base, agent, call),
    close: () => {
      agent.destroy();
    },
  };
}

function parseBase(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined;
  if (base?.protocol !== 'https:' || base.pathname !== '/' || base.search !== '' || base.username !== '') {
    throw new CommandFault('Het adres moet de vorm https://naam:poort hebben, zonder pad: verbeter --url.');
  }
  return base;
}

function send(base: URL, agent: Agent, call: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      reject(call.signal?.aborted === true ? new CommandFault('Afgebroken.', { cause }) : toFault(cause, base.origin));
    };
    try {
      const { method, headers, body, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = call;
      const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const request = httpsRequest(new URL(call.path, base), {
        agent,
        method,
        headers: { ...headers, ...length },
        ...(signal === undefined ? {} : { signal }),
      });
      request.setTimeout(timeoutMs, () =>
        request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
      );
      request.once('error', fail);
      request.once('response', (response) => {
        readAnswer(response).then(resolve, fail);
      });
      request.end(body);
    } catch (cause) {
      // Node reads key and certificate when it first connects.
      fail(cause);
    }
  });
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      response.destroy();
      throw new CommandFault('Het antwoord is groter dan 40 MB en is niet gelezen.');
    }
    chunks.push(chunk);
  }
  const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return { status: response.statusCode ?? 0, headers: new Map(headers), body: Buffer.concat(chunks) };
}

function toFault(cause: unknown, origin: string): CommandFault {
  if (cause instanceof CommandFault) return cause;
  const code = codeOf(cause);
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1] ?? 'controleer adres, certificaten en netwerk';
  return new CommandFault(`Geen antwoord van ${origin} (${code === '' ? 'onbekende fout' : code}): ${advice}.`, {
    cause,
  });
}

const DEFAULT_TIMEOUT_MS = 30_000;
// A bericht is at most 35 MB.
const MAX_ANSWER_BYTES = 40_000_000;

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'daar luistert niets; controleer --url en of het doorgeefluik draait'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'die naam is niet te vinden; controleer --url'],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'het duurde te lang; controleer het netwerk en de firewall'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'het certificaat daar staat op een andere naam; controleer --url'],
  [
    /^(SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|CERT_|ERR_SSL_CERTIFICATE_VERIFY)/,
    'het certificaat daar is niet uitgegeven onder de root van --ca; controleer --ca',
  ],
  [
    /^ERR_SSL.*(ALERT|HANDSHAKE)/,
    'het TLS-certificaat van deze kant is niet geaccepteerd; controleer --tls-cert: geldig, juiste omgeving, met OIN',
  ],
  [
    /^(ERR_OSSL|ERR_SSL|ERR_CRYPTO)/,
    'TLS-certificaat en sleutel zijn niet bruikbaar; controleer of beide PEM zijn en bij elkaar horen',
  ],
  [
    /^(ECONNRESET|EPIPE)$/,
    'de verbinding is verbroken; controleer of het TLS-certificaat van deze kant daar bekend is',
  ],
];
