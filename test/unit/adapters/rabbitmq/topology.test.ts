import { describe, expect, it } from '@jest/globals';
import { buildQueueDeclaration, QUEUE_KINDS } from '../../../../adapters/rabbitmq/topology.ts';

describe('the declaration of a queue', () => {
  const options = { queuePrefix: 'dg.', queueKind: 'classic', messageTtlMs: 0 } as const;

  it('of a classic queue is exactly this', () => {
    expect(buildQueueDeclaration('rvdk', options)).toStrictEqual({
      name: 'dg.rvdk',
      options: {
        durable: true,
        exclusive: false,
        autoDelete: false,
        arguments: { 'x-queue-type': 'classic', 'x-queue-version': 2, 'x-overflow': 'reject-publish' },
      },
    });
  });

  it('of a quorum queue sets the delivery limit out of reach', () => {
    const declaration = buildQueueDeclaration('rvdk', { ...options, queueKind: 'quorum' });
    expect(declaration.options.arguments).toStrictEqual({
      'x-queue-type': 'quorum',
      'x-delivery-limit': 2_147_483_647,
      'x-overflow': 'reject-publish',
    });
  });

  it('carries a TTL only when one is asked for', () => {
    const declaration = buildQueueDeclaration('rvdk', { ...options, messageTtlMs: 86_400_000 });
    expect(declaration.options.arguments['x-message-ttl']).toBe(86_400_000);
  });

  it.each(QUEUE_KINDS)('of kind %s names no dead letter, no length limit and no expiry of the queue', (queueKind) => {
    const { arguments: names } = buildQueueDeclaration('rvdk', { ...options, queueKind, messageTtlMs: 1 }).options;
    expect(Object.keys(names).filter((name) => /dead-letter|max-|expires/.test(name))).toEqual([]);
  });
});
