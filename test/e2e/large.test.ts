import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { freshExample, signedDetached } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

let bed: Testbed;

beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

function withDocument(bytes: number): { readonly text: string; readonly kenmerk: string } {
  const example = freshExample('vtoDi01', 'minimaal.xml');
  const document = Buffer.alloc(bytes, 'verslag ').toString('base64');
  const text = example.text.replace(/(<ZKN:inhoud[^>]*>)[^<]*/, `$1${document}`);
  expect(text.length).toBeGreaterThan(bytes);
  return { ...example, text };
}

describe('a verzoek with a large document', () => {
  it.each([
    ['300 kB, judged in a thread of its own', 300_000],
    ['12 MB, one text beyond what libxml2 takes by default', 12_000_000],
  ])('of %s arrives unchanged, while others are served', async (_name, bytes) => {
    const before = bed.rvdk.received.length;
    const large = signedDetached(withDocument(bytes), bed.pki.participant('gemeente-arnhem').signing, 'xml');
    const small = signedDetached(
      freshExample('vtoDi01', 'minimaal.xml'),
      bed.pki.participant('gemeente-arnhem').signing,
      'xml',
    );

    const [accepted, other] = await Promise.all([
      bed.submit('gemeente-arnhem', large),
      bed.submit('gemeente-arnhem', small),
    ]);

    expect([accepted.status, other.status]).toEqual([202, 202]);
    await bed.rvdk.waitFor(before + 2);
    expect(bed.rvdk.received.some(({ body }) => body.equals(large.body))).toBe(true);
  });

  it('that breaks its schema is refused with the place, from the thread as well', async () => {
    const { text, kenmerk } = withDocument(300_000);
    const broken = { kenmerk, text: text.replace(/<BG:geboortedatum>[^<]*/, '<BG:geboortedatum>morgen') };
    const refused = await bed.submit(
      'gemeente-arnhem',
      signedDetached(broken, bed.pki.participant('gemeente-arnhem').signing, 'xml'),
    );
    expect([refused.status, refused.json()['code']]).toEqual([422, 'ERR_SCHEMA_INVALID']);
    expect(JSON.stringify(refused.json()['fouten'])).toContain('geboortedatum');
    expect(refused.body.toString()).not.toContain('morgen');
  });
});
