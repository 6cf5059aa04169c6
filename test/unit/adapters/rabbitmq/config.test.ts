import { describe, expect, it } from '@jest/globals';
import { resolveRabbitmqConfig, type RabbitmqConfig } from '../../../../adapters/rabbitmq/config.ts';
import { ConfigurationFault } from '../../../../gateway/ports/faults.ts';

const url = 'amqps://user:s%40cret@broker.example:5999/v%2Fh';

describe('the configuration of the rabbitmq adapter', () => {
  it('takes the address apart', () => {
    const { address, vhost } = resolveRabbitmqConfig({ url });
    expect(vhost).toBe('v/h');
    expect(address).toEqual({
      protocol: 'amqps',
      hostname: 'broker.example',
      port: 5999,
      username: 'user',
      password: 's@cret',
    });
  });

  it('knows the defaults of the protocol', () => {
    const { address, vhost } = resolveRabbitmqConfig({ url: 'amqp://[::1]' });
    expect(vhost).toBe('/');
    expect(address).toEqual({ protocol: 'amqp', hostname: '::1', port: 5672, username: 'guest', password: 'guest' });
    expect(resolveRabbitmqConfig({ url: 'amqps://broker.example/' }).address.port).toBe(5671);
  });

  it('lets the key vhost win over the path', () => {
    expect(resolveRabbitmqConfig({ url, vhost: 'other' }).vhost).toBe('other');
  });

  const wrong: readonly [string, Partial<RabbitmqConfig>][] = [
    ['url', { url: 'https://user:s%40cret@broker.example' }],
    ['url', { url: 's@cret' }],
    ['url', { url: 'amqp://' }],
    ['url', { url: 'amqp://user:s%E0%A4@broker.example' }],
    ['url', { url: 'amqp://broker.example?heartbeat=0' }],
    ['vhost', { vhost: '' }],
    ['tls', { url: 'amqp://broker.example', tls: {} }],
    ['queuePrefix', { queuePrefix: '' }],
    ['queuePrefix', { queuePrefix: 'x'.repeat(65) }],
    ['queueKind', { queueKind: 'stream' as 'classic' }],
    ['limitProbe', { limitProbe: 'sometimes' as 'never' }],
    ['heartbeatSeconds', { heartbeatSeconds: 0 }],
    ['maxMessageBytes', { maxMessageBytes: 1.5 }],
    ['messageTtlMs', { messageTtlMs: -1 }],
    ['messageTtlMs', { messageTtlMs: 2 ** 32 }],
    ['retryMinMs', { retryMinMs: 100, retryMaxMs: 99 }],
  ];

  it.each(wrong)('refuses a wrong %s by its name, and shows nothing of the url (%#)', (key, part) => {
    let fault: unknown;
    try {
      resolveRabbitmqConfig({ url, ...part });
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(ConfigurationFault);
    const { code, explanation } = fault as ConfigurationFault;
    expect(code).toBe('ERR_BROKER_CONFIG');
    expect(explanation).toMatch(new RegExp(`^broker\\.${key} `));
    expect(explanation).not.toMatch(/cret|user|example/);
  });
});
