import type { GatewayEvent } from '../../gateway/ports/events.ts';

/** One log line: its level, its fixed English sentence, and the fields selected for this event. */
export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Builds the line of an event by selection: a field that isn't named here can't be logged. */
export function buildLine(event: GatewayEvent): Line {
  const { level, message, fields } = LINES[event.name];
  const given = new Map<string, unknown>(Object.entries(event));
  const selected = fields.flatMap((name) => {
    const value = toPlain(given.get(name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return { level, message, fields: { event: event.name, ...Object.fromEntries(selected) } };
}

// Bounded whatever a caller passes, so that no text from outside can fill a log.
function toPlain(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT_LENGTH);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

const MAX_TEXT_LENGTH = 200;

type Name = GatewayEvent['name'];

type FieldOf<N extends Name> = Exclude<keyof Extract<GatewayEvent, { readonly name: N }>, 'name'>;

type Lines = {
  readonly [N in Name]: Pick<Line, 'level' | 'message'> & { readonly fields: readonly FieldOf<N>[] };
};

const point = 'connectionPoint' as const;

// prettier-ignore
const LINES: Lines = {
  GatewayStarted: { level: 'info', message: 'Gateway started', fields: ['software', 'environment', 'node'] },
  GatewayReady: { level: 'info', message: 'Gateway ready', fields: ['port'] },
  GatewayStopped: { level: 'info', message: 'Gateway stopped', fields: [] },
  RuntimeOutdated: { level: 'warn', message: 'Node version past its end of life', fields: ['node'] },
  RuntimeRevealing: { level: 'warn', message: 'Memory or connections of this process can be seen', fields: ['settings'] },
  KeysShared: { level: 'warn', message: 'One key serves several uses', fields: ['keys'] },
  HandshakeFailed: { level: 'warn', message: 'TLS handshake failed', fields: ['code'] },
  MessageRejected: { level: 'info', message: 'Message rejected', fields: ['code', 'stage', 'rule', 'messageType'] },
  MessageAccepted: { level: 'info', message: 'Message accepted', fields: ['messageId', 'messageType', 'repeat'] },
  MessageAttempted: { level: 'debug', message: 'Delivery attempted', fields: ['messageId', point, 'attempt'] },
  AttemptFailed: { level: 'warn', message: 'Delivery attempt failed', fields: ['messageId', point, 'fault'] },
  MessageEnded: { level: 'info', message: 'Message ended', fields: ['messageId', 'state'] },
  MessageDropped: { level: 'error', message: 'Message dropped', fields: ['messageId', point, 'why'] },
  PointPaused: { level: 'info', message: 'Connection point paused', fields: [point, 'retryInMs'] },
  PointUnreachable: { level: 'warn', message: 'Connection point unreachable', fields: [point] },
  PointResumed: { level: 'info', message: 'Connection point resumed', fields: [point] },
  ReplyReminded: { level: 'info', message: 'Reminded of an answer', fields: ['messageId', 'messageType'] },
  ReplyMissed: { level: 'info', message: 'No answer within its term', fields: ['messageId', 'messageType'] },
  NoticePushed: { level: 'debug', message: 'Notice pushed', fields: ['messageId'] },
  NoticeFailed: { level: 'warn', message: 'Notice not pushed', fields: ['messageId', 'fault'] },
  BrokerConnected: { level: 'info', message: 'Broker connected', fields: ['version'] },
  BrokerLost: { level: 'error', message: 'Broker connection lost', fields: [] },
  RulesLoaded: { level: 'info', message: 'Routing rules loaded', fields: ['ruleSetHash'] },
  RulesRefused: { level: 'error', message: 'Routing rules refused, old set kept', fields: ['problem'] },
  CrlLoaded: { level: 'info', message: 'Revocation list loaded', fields: ['authority', 'revoked', 'nextUpdate'] },
  CrlRefused: { level: 'error', message: 'Revocation list refused, old one kept', fields: ['authority', 'problem'] },
  CrlStale: { level: 'error', message: 'Revocation list grows stale', fields: ['authority', 'why', 'nextUpdate'] },
  CrlExpired: { level: 'error', message: 'No valid revocation list, certificates refused', fields: ['authority'] },
  CertificatesLoaded: { level: 'info', message: 'Certificates loaded', fields: [] },
  CertificatesRefused: { level: 'error', message: 'Certificates refused, old ones kept', fields: ['problem'] },
  FaultOccurred: { level: 'error', message: 'Fault occurred', fields: ['where', 'fault'] },
};
