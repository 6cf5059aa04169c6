import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { MessageId } from '../../../gateway/domain/message.ts';
import { openSeal, seal } from '../../../gateway/pipeline/seal.ts';
import type { SealBinding, SealedContent } from '../../../gateway/pipeline/seal.ts';

const key = randomBytes(32);
const binding: SealBinding = {
  environment: 'ontwikkeling',
  messageId: '0193a5f0-0000-7000-8000-000000000001' as MessageId,
  connectionPoint: 'rvdk-verzoeken',
  recipient: '00000002003214436001',
  messageType: 'vtoDi01',
};
const content: SealedContent = {
  contentType: 'application/xml',
  payloadSignature: 'eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl',
  digest: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  body: Buffer.from('<bericht>Jan en zijn zusje, één adres</bericht>\r\n'),
};

describe('a sealed bericht', () => {
  it('opens under its own binding, octet for octet', () => {
    expect(openSeal(seal(content, binding, key), binding, key)).toEqual(content);
    const unsigned = { ...content, payloadSignature: undefined, body: new Uint8Array() };
    const opened = openSeal(seal(unsigned, binding, key), binding, key);
    expect(opened).toMatchObject({ payloadSignature: undefined, contentType: 'application/xml' });
    expect(opened?.body).toHaveLength(0);
  });

  it.each<[keyof SealBinding, Partial<SealBinding>]>([
    ['environment', { environment: 'productie' }],
    ['messageId', { messageId: '0193a5f0-0000-7000-8000-000000000002' as MessageId }],
    ['connectionPoint', { connectionPoint: 'gi-gelderland' }],
    ['recipient', { recipient: '00000001802611266000' }],
    ['messageType', { messageType: 'opdrachtTb' }],
  ])('does not open under another %s', (_name, other) => {
    expect(openSeal(seal(content, binding, key), { ...binding, ...other }, key)).toBeUndefined();
  });

  it('does not open under another key', () => {
    expect(openSeal(seal(content, binding, key), binding, randomBytes(32))).toBeUndefined();
  });

  it('does not open when any one octet was changed, or some are missing', () => {
    const sealed = Buffer.from(seal(content, binding, key));
    for (let at = 0; at < sealed.byteLength; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(openSeal(changed, binding, key)).toBeUndefined();
      expect(openSeal(sealed.subarray(0, at), binding, key)).toBeUndefined();
    }
  });

  it('shows nothing of what it holds, not even that two hold the same', () => {
    const sealed = seal(content, binding, key);
    const again = seal(content, binding, key);
    const plain = Buffer.concat([Buffer.from(content.contentType + content.digest), content.body]);
    for (let at = 0; at + 4 <= plain.byteLength; at += 1) {
      expect(Buffer.from(sealed).includes(plain.subarray(at, at + 4))).toBe(false);
    }
    expect(Buffer.from(again).includes(Buffer.from(sealed).subarray(12, 28))).toBe(false);
  });
});
