import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import { openSeal, seal } from '../../gateway/pipeline/seal.ts';
import type { SealBinding, SealedContent } from '../../gateway/pipeline/seal.ts';

const binding: fc.Arbitrary<SealBinding> = fc.record({
  environment: fc.constantFrom(...ENVIRONMENTS),
  messageId: fc.uuid().map((id) => id as MessageId),
  connectionPoint: fc.string(),
  recipient: fc.string(),
  messageType: fc.string(),
});
const content: fc.Arbitrary<SealedContent> = fc.record({
  contentType: fc.string(),
  payloadSignature: fc.option(fc.string(), { nil: undefined }),
  digest: fc.string(),
  body: fc.uint8Array({ maxLength: 2000 }),
});
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('a seal', () => {
  it('opens to what was sealed under the same key and binding', () => {
    fc.assert(
      fc.property(content, binding, key, (given, bound, secret) => {
        const opened = openSeal(seal(given, bound, secret), bound, secret);
        expect({ ...opened, body: Uint8Array.from(opened?.body ?? []) }).toEqual(given);
      }),
    );
  });

  it('opens under no other key or binding, also where the parts of both join to the same text', () => {
    fc.assert(
      fc.property(content, binding, key, binding, key, (...[given, bound, secret, other, otherSecret]) => {
        const sealed = seal(given, bound, secret);
        const moved = { ...bound, recipient: bound.recipient + bound.messageType, messageType: '' };
        fc.pre(Buffer.compare(secret, otherSecret) !== 0 && JSON.stringify(bound) !== JSON.stringify(other));
        fc.pre(bound.messageType !== '');
        const attempts = [
          openSeal(sealed, other, secret),
          openSeal(sealed, bound, otherSecret),
          openSeal(sealed, moved, secret),
        ];
        expect(attempts).toEqual([undefined, undefined, undefined]);
      }),
    );
  });

  it('opens to nothing for octets that nobody sealed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        binding,
        key,
        (octets, bound, secret) => openSeal(octets, bound, secret) === undefined,
      ),
    );
  });
});
