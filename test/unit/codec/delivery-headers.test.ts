import { describe, expect, it } from '@jest/globals';
import { toDeliveryHeaders } from '../../../gateway/codec/delivery-headers.ts';
import { buildEntry } from '../../support/ingress.ts';

const { facts } = buildEntry();
const delivery = { facts, contentType: 'application/xml', digest: 'abc=', payloadSignature: 'a..b', repeat: false };

describe('toDeliveryHeaders', () => {
  it('are those of the contract, in its words', () => {
    expect(toDeliveryHeaders(delivery)).toEqual({
      'Content-Type': 'application/xml',
      Digest: 'SHA-256=abc=',
      'Payload-Signature': 'a..b',
      'Bericht-Id': facts.messageId,
      Berichttype: facts.messageType,
      'Afzender-Oin': facts.sender,
      'Ontvanger-Oin': facts.recipient,
      Aansluitpunt: facts.connectionPoint,
      Herhaling: 'false',
    });
  });

  it('have no Payload-Signature when the sender gave none, and mark a repeat', () => {
    const headers = toDeliveryHeaders({ ...delivery, payloadSignature: undefined, repeat: true });
    expect(headers).not.toHaveProperty('Payload-Signature');
    expect(headers['Herhaling']).toBe('true');
  });
});
