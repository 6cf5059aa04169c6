import { expect, it } from '@jest/globals';
import { toDeliveryHeaders } from '../../../gateway/codec/delivery-headers.ts';
import { collectHeaders } from '../../../gateway/codec/http-headers.ts';
import { MESSAGE_ID, buildEntry } from '../../support/ingress.ts';

it('a bericht travels with exactly the headers of the contract', () => {
  const { facts } = buildEntry();
  const delivery = { facts, contentType: 'application/xml', digest: 'ZA==', repeat: false };
  const headers = {
    'Content-Type': 'application/xml',
    Digest: 'SHA-256=ZA==',
    'Bericht-Id': MESSAGE_ID,
    Berichttype: 'opdrachtTb',
    'Afzender-Oin': '00000001001825112000',
    'Ontvanger-Oin': '00000002003214436001',
    Aansluitpunt: 'rvdk-landelijk',
    Herhaling: 'false',
  };
  expect(toDeliveryHeaders({ ...delivery, payloadSignature: undefined })).toEqual(headers);
  expect(toDeliveryHeaders({ ...delivery, payloadSignature: 'a..b' })).toEqual({
    ...headers,
    'Payload-Signature': 'a..b',
  });
});

it('every occurrence of a header is kept, in order, under its lower-case name', () => {
  const headers = collectHeaders(['Digest', 'a', 'X', '1', 'DIGEST', 'b']);
  expect([...headers]).toEqual([
    ['digest', ['a', 'b']],
    ['x', ['1']],
  ]);
});
