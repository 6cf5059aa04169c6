import { describe, expect, it } from '@jest/globals';
import { createPinoEvents } from '../../../../adapters/pino-events/index.ts';
import type { PinoEventsConfig } from '../../../../adapters/pino-events/index.ts';
import type { GatewayEvent } from '../../../../gateway/ports/events.ts';

function write(events: readonly GatewayEvent[], level: PinoEventsConfig['level'] = 'debug'): Record<string, unknown>[] {
  const lines: string[] = [];
  const sink = createPinoEvents({ level, destination: { write: (line) => void lines.push(line) } });
  for (const event of events) sink.emit(event);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** One of every event, with a value of its own in every field. */
const EVERY: readonly GatewayEvent[] = [
  { name: 'GatewayStarted', software: '1', environment: '2', node: '3' },
  { name: 'GatewayReady', port: 1 },
  { name: 'GatewayStopped' },
  { name: 'RuntimeOutdated', node: '1' },
  { name: 'RuntimeRevealing', settings: '1' },
  { name: 'KeysShared', keys: '1' },
  { name: 'HandshakeFailed', code: '1' },
  { name: 'MessageRejected', code: '1', stage: '2', rule: '3', messageType: '4' },
  { name: 'MessageAccepted', messageId: '1', messageType: '2', repeat: true },
  { name: 'MessageAttempted', messageId: '1', connectionPoint: '2', attempt: 3 },
  { name: 'AttemptFailed', messageId: '1', connectionPoint: '2', fault: '3' },
  { name: 'MessageEnded', messageId: '1', state: '2' },
  { name: 'MessageDropped', messageId: '1', connectionPoint: '2', why: '3' },
  { name: 'PointPaused', connectionPoint: '1', retryInMs: 2 },
  { name: 'PointUnreachable', connectionPoint: '1' },
  { name: 'PointResumed', connectionPoint: '1' },
  { name: 'ReplyReminded', messageId: '1', messageType: '2' },
  { name: 'ReplyMissed', messageId: '1', messageType: '2' },
  { name: 'NoticePushed', messageId: '1' },
  { name: 'NoticeFailed', messageId: '1', fault: '2' },
  { name: 'BrokerConnected', version: '1' },
  { name: 'BrokerLost' },
  { name: 'RulesLoaded', ruleSetHash: '1' },
  { name: 'RulesRefused', problem: '1' },
  { name: 'FaultOccurred', where: '1', fault: '2' },
];

describe('a log line', () => {
  it.each(EVERY.map((event) => [event.name, event] as const))(
    'of %s has its fields and nothing of the machine',
    (_name, event) => {
      const [line] = write([event]);
      const { level, time, msg, event: name, ...fields } = line!;
      expect({ name, ...fields }).toEqual(event);
      expect(level).toMatch(/^(debug|info|warn|error)$/);
      expect(msg).toMatch(/^[A-Z][A-Za-z ,]+$/);
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    },
  );

  it('leaves out every field that was not selected for its event', () => {
    const event = {
      name: 'MessageEnded',
      messageId: 'm',
      state: 'delivered',
      body: 'geheim',
      kenmerk: 'k',
    } as GatewayEvent;
    expect(JSON.stringify(write([event]))).not.toMatch(/geheim|kenmerk/);
  });

  it('is bounded, and holds no objects', () => {
    const long = { name: 'RulesRefused', problem: 'x'.repeat(5_000) } as const;
    expect(String(write([long])[0]!['problem'])).toHaveLength(200);
    const object = { name: 'FaultOccurred', where: 'w', fault: new Error('geheim') } as unknown as GatewayEvent;
    expect(JSON.stringify(write([object]))).not.toContain('geheim');
  });

  it('stays out below the level', () => {
    expect(write(EVERY, 'error').map(({ event }) => event)).toEqual([
      'MessageDropped',
      'BrokerLost',
      'RulesRefused',
      'FaultOccurred',
    ]);
    expect(write(EVERY, 'silent')).toEqual([]);
  });
});

it('an event that cannot be written throws nothing', () => {
  const events = createPinoEvents({
    level: 'info',
    destination: {
      write: () => {
        throw new Error('disk full');
      },
    },
  });
  expect(() => {
    events.emit({ name: 'BrokerLost' });
    events.emit({ name: 'Unknown' } as unknown as GatewayEvent);
  }).not.toThrow();
});
