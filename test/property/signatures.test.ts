import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestHeaderOf } from '../../gateway/codec/detached-signature.ts';
import type { Rejection } from '../../gateway/domain/rejection.ts';
import type { Result } from '../../gateway/domain/result.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import type { JudgedMessage } from '../../gateway/pipeline/judge.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import { freshBericht, NOW, withHeaders } from '../support/berichten.ts';
import { openWorkshop, opdracht } from '../support/workshop.ts';

const shop = openWorkshop();
const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
const judged = (incoming: Incoming): Result<JudgedMessage, Rejection> => judge(incoming, { ...shop.plain, now: NOW });

const detached: readonly (readonly [string, Incoming])[] = [
  ['JSON signed with ES256', shop.sendAs(opdracht())],
  ['XML signed with ES256', shop.sendAs(wrapped)],
  ['StUF signed with PS256', shop.sendAs(freshBericht('vtoDi01'))],
];

describe.each(detached)('one bit of %s, detached', (_name, incoming) => {
  const { body } = incoming;
  const [signature = ''] = incoming.headers.get('payload-signature') ?? [];
  const [digest = ''] = incoming.headers.get('digest') ?? [];

  it('is accepted when none is flipped', () => {
    expect(judged(incoming).ok).toBe(true);
  });

  it('is never accepted when it is flipped in the body, whether or not the Digest is made to fit', () => {
    fc.assert(
      fc.property(bitOf(body), (bit) => {
        const flipped = { ...incoming, body: flip(body, bit) };
        const refitted = withHeaders(flipped, { digest: [digestHeaderOf(flipped.body)] });
        return !judged(flipped).ok && !judged(refitted).ok;
      }),
      { numRuns: 400 },
    );
  });

  it('is never accepted when it is flipped in the signature', () => {
    fc.assert(
      fc.property(bitOf(Buffer.from(signature)), (bit) => {
        const flipped = flip(Buffer.from(signature), bit).toString('latin1');
        return !judged(withHeaders(incoming, { 'payload-signature': [flipped] })).ok;
      }),
      { numRuns: 1500 },
    );
  });

  it('is never accepted when any is flipped in the Digest', () => {
    const octets = Buffer.from(digest);
    for (let bit = 0; bit < octets.length * 8; bit += 1) {
      expect(judged(withHeaders(incoming, { digest: [flip(octets, bit).toString('latin1')] })).ok).toBe(false);
    }
  });
});

describe('one bit of XML, enveloped', () => {
  const incoming = shop.sendAs(wrapped, { form: 'enveloped' });
  const { body } = incoming;
  const original = judged(incoming);
  const text = Buffer.from(body).toString('latin1');
  const root = text.indexOf('<b:bericht');
  const signature = text.indexOf('<ds:Signature');

  it('is never accepted when it is flipped in what is signed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: root * 8, max: signature * 8 - 1 }),
        (bit) => !judged({ ...incoming, body: flip(body, bit) }).ok,
      ),
      { numRuns: 1500 },
    );
  });

  it('leaves sender, signer, octets and route as they are wherever it is accepted at all', () => {
    expect(original.ok).toBe(true);
    fc.assert(
      fc.property(bitOf(body), (bit) => {
        const outcome = judged({ ...incoming, body: flip(body, bit) });
        return !outcome.ok || !original.ok || isSame(outcome.value, original.value);
      }),
      { numRuns: 1500 },
    );
  });
});

function bitOf(octets: Uint8Array): fc.Arbitrary<number> {
  return fc.nat(octets.length * 8 - 1);
}

function flip(octets: Uint8Array, bit: number): Buffer {
  const flipped = Buffer.from(octets);
  flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return flipped;
}

function isSame(one: JudgedMessage, other: JudgedMessage): boolean {
  const tell = ({ facts, repeatKey, kenmerk }: JudgedMessage): string => JSON.stringify([facts, repeatKey, kenmerk]);
  return tell(one) === tell(other);
}
