import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { confirmPush, openRecipient } from '../support/http-party.ts';
import type { PushReply, ReceivedPush } from '../support/http-party.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import { claimsOf, openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

let bed: Testbed;

beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(async () => {
  // A test below puts another in its place, which the bed doesn't know of.
  await bed.rvdk.close();
  await bed.close();
});

async function submitVerzoek(): Promise<string> {
  const bericht = signedDetached(
    freshExample('vtoDi01', 'minimaal.xml'),
    bed.pki.participant('gemeente-arnhem').signing,
    'xml',
  );
  const accepted = await bed.submit('gemeente-arnhem', bericht);
  expect(accepted.status).toBe(202);
  return String(accepted.json()['berichtId']);
}

async function statusOf(berichtId: string, waitSeconds = 0): Promise<Record<string, unknown>> {
  return (await bed.get('gemeente-arnhem', `/v1/berichten/${berichtId}?wacht=${String(waitSeconds)}`)).json();
}

describe('an answer that is a fault and no end', () => {
  it.each<[string, (push: ReceivedPush) => PushReply]>([
    ['403', () => ({ status: 403 })],
    ['404', () => ({ status: 404 })],
    ['413', () => ({ status: 413 })],
    ['500', () => ({ status: 500 })],
    [
      '200 with a web page',
      () => ({ status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html><body>Welkom</body></html>' }),
    ],
    ['200 without the id', (push) => ({ status: 200, headers: { Digest: String(push.headers['digest']) } })],
    [
      '200 with another digest',
      (push) => ({
        status: 200,
        headers: { 'Bericht-Id': String(push.headers['bericht-id']), Digest: `SHA-256=${'A'.repeat(43)}=` },
      }),
    ],
    ['a redirect', () => ({ status: 307, headers: { Location: 'https://localhost:1/elders' } })],
    [
      'a refusal without the id',
      () => ({
        status: 422,
        headers: { 'Content-Type': 'application/problem+json' },
        body: '{"code":"ZAAK_ONBEKEND"}',
      }),
    ],
    [
      'a refusal with a code of its own',
      (push) => ({
        status: 422,
        headers: { 'Content-Type': 'application/problem+json', 'Bericht-Id': String(push.headers['bericht-id']) },
        body: '{"code":"GEEN_ZIN"}',
      }),
    ],
  ])('%s: tried again with Herhaling, delivered when the recipient recovers', async (_name, reply) => {
    const before = bed.rvdk.received.length;
    bed.rvdk.answerWith(reply);
    const berichtId = await submitVerzoek();
    await bed.rvdk.waitFor(before + 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await statusOf(berichtId)).toMatchObject({ status: 'geaccepteerd', eindbericht: null });

    bed.rvdk.answerWith(confirmPush);

    expect(await statusOf(berichtId, 20)).toMatchObject({ status: 'afgeleverd' });
    const again = bed.rvdk.received.at(-1);
    expect(again?.headers).toMatchObject({ 'bericht-id': berichtId, herhaling: 'true' });
  });
});

describe('C11: a recipient with the wrong certificate', () => {
  it.each(['gemeente-nijmegen', 'politie'] as const)('%s on that address gets no byte', async (imposter) => {
    const { port } = bed.rvdk;
    await bed.rvdk.close();
    const other = await openRecipient(bed.party(imposter), port);
    const berichtId = await submitVerzoek();
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(other.connections()).toBeGreaterThan(0);
    expect(other.received).toEqual([]);
    expect(await statusOf(berichtId)).toMatchObject({ status: 'geaccepteerd' });
    await other.close();
    const right = await openRecipient(bed.party('rvdk'), port);
    expect(await statusOf(berichtId, 20)).toMatchObject({ status: 'afgeleverd' });
    await right.close();
    Object.assign(bed, { rvdk: await openRecipient(bed.party('rvdk'), port) });
  });
});

describe('a refusal by the recipient', () => {
  it('ends the bericht and tells the sender the code, with a sentence of ours', async () => {
    bed.rvdk.answerWith((push) => ({
      status: 422,
      headers: { 'Content-Type': 'application/problem+json', 'Bericht-Id': String(push.headers['bericht-id']) },
      body: '{"code":"ZAAK_ONBEKEND","title":"<script>"}',
    }));
    const berichtId = await submitVerzoek();
    const status = await statusOf(berichtId, 20);
    expect(status).toMatchObject({ status: 'geweigerd', reden: 'ZAAK_ONBEKEND' });
    expect(claimsOf(status['eindbericht'])).toMatchObject({ toestand: 'geweigerd', reden: 'ZAAK_ONBEKEND' });
    expect(JSON.stringify(status)).not.toContain('script');
    bed.rvdk.answerWith(confirmPush);
  });
});

describe('an attempt that is never answered', () => {
  it('makes the end say mogelijkOntvangen', async () => {
    let answered = 0;
    bed.rvdk.answerWith((push) => {
      answered += 1;
      return answered === 1 ? { status: 502 } : confirmPush(push);
    });
    const berichtId = await submitVerzoek();
    expect(await statusOf(berichtId, 20)).toMatchObject({ status: 'afgeleverd', mogelijkOntvangen: true, pogingen: 2 });
  });
});
