import { describe, expect, it } from '@jest/globals';
import { buildPublish } from '../../../../adapters/rabbitmq/build-publish.ts';
import { sealed } from '../../../contract/broker-contract.ts';

describe('buildPublish', () => {
  const topology = { queuePrefix: 'dg.' };

  it('addresses the queue of the connection point', () => {
    expect(buildPublish(sealed('rvdk-1'), topology).routingKey).toBe('dg.rvdk-1');
  });

  it('is mandatory, persistent and readable by the Bericht-Id alone', () => {
    const message = sealed('p');
    const { options, messageId } = buildPublish(message, topology);
    expect(options).toStrictEqual({ mandatory: true, persistent: true, messageId: message.messageId });
    expect(messageId).toBe(message.messageId);
  });

  it('takes the view on the ciphertext, without a copy', () => {
    const whole = new Uint8Array([1, 2, 3, 4]);
    const { content } = buildPublish({ ...sealed('p'), ciphertext: whole.subarray(1, 3) }, topology);
    expect([...content]).toEqual([2, 3]);
    expect(content.buffer).toBe(whole.buffer);
  });
});
