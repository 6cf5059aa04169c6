import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import { QUEUE_KINDS, type QueueKind } from './topology.ts';

/** TLS of an `amqps` connection; PEM texts. The broker's certificate is always verified. */
export interface RabbitmqTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name the broker's certificate must carry, when it isn't the host of the URL. */
  readonly servername?: string;
}

/** When the body limit of the broker is tried out with a body of full size. */
export const LIMIT_PROBES = ['above-default', 'always', 'never'] as const;

/** How the gateway reaches RabbitMQ. Absent members have the value of `DEFAULTS`. */
export interface RabbitmqConfig {
  /** amqp:// or amqps://, with user and password. */
  readonly url: string;
  /** Overrides the path of the URL. */
  readonly vhost?: string;
  readonly tls?: RabbitmqTls;
  readonly heartbeatSeconds?: number;
  readonly queuePrefix?: string;
  readonly queueKind?: QueueKind;
  /** Largest body of a bericht; the ciphertext may be `SEAL_OVERHEAD_BYTES` larger. */
  readonly maxMessageBytes?: number;
  readonly limitProbe?: (typeof LIMIT_PROBES)[number];
  /** Safety net only: must be well over the longest deadline. 0 = none. Changing it needs new queues. */
  readonly messageTtlMs?: number;
  readonly connectTimeoutMs?: number;
  readonly startWaitMs?: number;
  readonly drainMs?: number;
  /** A consumer whose channel ended while the connection stands tries again after this. */
  readonly reattachMs?: number;
  readonly retryMinMs?: number;
  readonly retryMaxMs?: number;
}

/** The configuration with nothing left open. */
export type ResolvedRabbitmqConfig = Required<Omit<RabbitmqConfig, 'url' | 'tls'>> & {
  readonly address: BrokerAddress;
  readonly tls: RabbitmqTls;
};

/** Where the broker is and who asks. */
export interface BrokerAddress {
  readonly protocol: 'amqp' | 'amqps';
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** What sealing may add to a body: nonce and tag, and the headers sealed with it. */
export const SEAL_OVERHEAD_BYTES = 64 * 1024;

const DEFAULTS = {
  // A silent peer is noticed after two of these; RabbitMQ's own 60 s would stall senders for two minutes.
  heartbeatSeconds: 10,
  queuePrefix: 'doorgeefluik.',
  // The one kind that RabbitMQ confirms only after it reached the disk: docs/adr/0001-queue-kind-and-layout.md
  queueKind: 'quorum',
  maxMessageBytes: 35 * 1024 * 1024,
  // No RabbitMQ up to 4 has a default limit below 16 MiB, so only larger bodies can meet one that nobody set.
  limitProbe: 'above-default',
  messageTtlMs: 0,
  connectTimeoutMs: 10_000,
  // A start waits this long for the broker before it goes on unhealthy.
  startWaitMs: 5_000,
  // Handlers that run at a close get this long to settle; what is left is handed out again by the broker.
  drainMs: 30_000,
  reattachMs: 1_000,
  retryMinMs: 200,
  retryMaxMs: 15_000,
} as const satisfies Partial<RabbitmqConfig>;

const LONGEST_PREFIX = 64;
const HIGHEST_TTL_MS = 0xffff_ffff;

/** Fills in defaults and checks every value; throws ConfigurationFault that names the key, never the URL. */
export function resolveRabbitmqConfig(config: RabbitmqConfig): ResolvedRabbitmqConfig {
  const { url: text, ...given } = config;
  const url = parseUrl(text);
  const resolved = { vhost: vhostOf(url), tls: {}, ...DEFAULTS, ...given, address: addressOf(url) };
  demand(resolved.vhost.length > 0, 'vhost', 'must not be empty');
  demand(resolved.address.protocol === 'amqps' || config.tls === undefined, 'tls', 'needs an amqps:// url');
  demand(
    resolved.queuePrefix.length > 0 && resolved.queuePrefix.length <= LONGEST_PREFIX,
    'queuePrefix',
    `must have 1 to ${LONGEST_PREFIX.toString()} characters`,
  );
  demand(QUEUE_KINDS.includes(resolved.queueKind), 'queueKind', `must be one of ${QUEUE_KINDS.join(', ')}`);
  demand(LIMIT_PROBES.includes(resolved.limitProbe), 'limitProbe', `must be one of ${LIMIT_PROBES.join(', ')}`);
  demand(resolved.messageTtlMs <= HIGHEST_TTL_MS, 'messageTtlMs', `must be at most ${HIGHEST_TTL_MS.toString()}`);
  demand(isWhole(resolved.messageTtlMs, 0), 'messageTtlMs', 'must be a whole number of milliseconds');
  for (const key of POSITIVE) demand(isWhole(resolved[key], 1), key, 'must be a whole number above 0');
  demand(resolved.retryMinMs <= resolved.retryMaxMs, 'retryMinMs', 'must not be above retryMaxMs');
  return Object.freeze(resolved);
}

const POSITIVE = [
  'heartbeatSeconds',
  'maxMessageBytes',
  'connectTimeoutMs',
  'startWaitMs',
  'drainMs',
  'reattachMs',
  'retryMinMs',
  'retryMaxMs',
] as const;

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAmqp = url?.protocol === 'amqp:' || url?.protocol === 'amqps:';
  if (url === undefined || !isAmqp || url.hostname === '') throw refusal('url', 'must be amqp://… or amqps://…');
  demand(url.search === '' && url.hash === '', 'url', 'must have no query and no fragment; use the other keys');
  return url;
}

function addressOf(url: URL): BrokerAddress {
  const isTls = url.protocol === 'amqps:';
  const isAnonymous = url.username === '' && url.password === '';
  return {
    protocol: isTls ? 'amqps' : 'amqp',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORTS[isTls ? 'amqps' : 'amqp'] : Number(url.port),
    username: isAnonymous ? 'guest' : decoded(url.username),
    password: isAnonymous ? 'guest' : decoded(url.password),
  };
}

const DEFAULT_PORTS = { amqp: 5672, amqps: 5671 } as const;

function vhostOf(url: URL): string {
  return url.pathname.length > 1 ? decoded(url.pathname.slice(1)) : '/';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal('url', 'has a part that is not percent-encoded well');
  }
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function demand(holds: boolean, key: string, what: string): void {
  if (!holds) throw refusal(key, what);
}

function refusal(key: string, what: string): ConfigurationFault {
  return new ConfigurationFault('ERR_BROKER_CONFIG', `broker.${key} ${what}`);
}
