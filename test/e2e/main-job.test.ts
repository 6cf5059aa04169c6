import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ParticipantName } from '../../certs-dev/participants.ts';
import { freshExample, signedDetached, signedEnveloped } from '../support/signed.ts';
import { claimsOf, openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

type PushCase = [type: string, file: string, sender: ParticipantName, recipient: 'rvdk' | 'gi' | 'veiligThuis'];

const amqpUrl = process.env['AMQP_URL'];

describe.each([
  ['embedded defaults', {}],
  [
    'RabbitMQ and file keys',
    { amqpUrl: String(amqpUrl), fileKeys: true, queuePrefix: `main-job-${String(process.pid)}.` },
  ],
])('the main job on %s', (_name, setup) => {
  let bed: Testbed;

  beforeAll(async () => {
    if (amqpUrl === undefined) throw new Error('AMQP_URL is not set: run this by npm test');
    bed = await openTestbed(setup);
  });
  afterAll(() => bed.close());

  it.each<PushCase>([
    ['vtoDi01', 'minimaal.xml', 'gemeente-arnhem', 'rvdk'],
    ['vtoDi01', 'uitgebreid.xml', 'gemeente-arnhem', 'rvdk'],
    ['vtMeldingDi01', 'melding-politie.xml', 'politie', 'veiligThuis'],
    ['opdrachtTb', 'opdracht.json', 'rvdk', 'gi'],
    ['opdrachtTb', 'opdracht.xml', 'rvdk', 'gi'],
    ['meldingStartTb', 'melding-start.json', 'gi-jeugdbescherming-gelderland', 'rvdk'],
  ])('pushes %s (%s) unchanged and tells %s so', async (...[type, file, sender, recipientName]: PushCase) => {
    const format = file.endsWith('json') ? 'json' : 'xml';
    const bericht = signedDetached(freshExample(type, file), bed.pki.participant(sender).signing, format);
    const recipient = bed[recipientName];
    const before = recipient.received.length;

    const accepted = await bed.submit(sender, bericht);

    expect([accepted.status, accepted.body.toString()]).toEqual([202, expect.stringContaining('berichtId')]);
    const { berichtId, bevestiging } = accepted.json();
    expect(claimsOf(bevestiging)).toMatchObject({
      berichtId,
      kenmerk: bericht.kenmerk,
      digest: bericht.headers['Digest'],
    });
    await recipient.waitFor(before + 1);
    const push = recipient.received[before];
    expect(push?.body.equals(bericht.body)).toBe(true);
    expect(push?.headers).toMatchObject({
      'bericht-id': berichtId,
      digest: bericht.headers['Digest'],
      'payload-signature': bericht.headers['Payload-Signature'],
      berichttype: type,
      herhaling: 'false',
    });
    const status = (await bed.get(sender, `/v1/berichten/${String(berichtId)}?wacht=20`)).json();
    expect(status).toMatchObject({ status: 'afgeleverd', mogelijkOntvangen: false, pogingen: 1 });
    expect(claimsOf(status['eindbericht'])).toMatchObject({
      berichtId,
      toestand: 'afgeleverd',
      bewijs: 'verbinding',
      bij: [createHash('sha256').update(String(bevestiging)).digest('base64url')],
    });
  });

  it.each<[string, string, ParticipantName]>([
    ['notificatieDi01', 'maatregel-opgelegd.xml', 'rvdk'],
    ['notificatiejrDi01', 'start-toezicht.xml', 'cjib'],
  ])('lets gemeente Arnhem pull %s (%s) and confirm it', async (type, file, sender) => {
    const bericht = signedDetached(freshExample(type, file), bed.pki.participant(sender).signing, 'xml');
    const accepted = await bed.submit(sender, bericht);
    expect(accepted.status).toBe(202);

    const pulled = await bed.get('gemeente-arnhem', '/v1/postbus?wacht=20');

    expect(pulled.status).toBe(200);
    expect(pulled.body.equals(bericht.body)).toBe(true);
    const { berichtId } = accepted.json();
    expect(pulled.headers).toMatchObject({
      'bericht-id': berichtId,
      aansluitpunt: 'arnhem-notificaties',
      herhaling: 'false',
    });
    const confirmed = await bed.post('gemeente-arnhem', `/v1/postbus/${String(berichtId)}/bevestiging`);
    expect(confirmed.status).toBe(204);
    const status = (await bed.get(sender, `/v1/berichten/${String(berichtId)}?wacht=20`)).json();
    expect(status).toMatchObject({ status: 'afgeleverd' });
  });

  it('carries an enveloped XML signature made by another library, unchanged', async () => {
    const before = bed.gi.received.length;
    // xml-crypto signs with RSA only, so the RvdK gets a second signing certificate here.
    const signing = bed.pki.authority.issue({
      organisation: 'Raad voor de Kinderbescherming',
      commonName: 'RvdK ondertekening RSA',
      oins: [bed.pki.participant('rvdk').oin],
      usage: 'signing',
      keyKind: 'rsa-2048',
    });
    const bericht = signedEnveloped(freshExample('opdrachtTb', 'opdracht.xml'), signing);

    const accepted = await bed.submit('rvdk', bericht);

    expect(accepted.status).toBe(202);
    await bed.gi.waitFor(before + 1);
    expect(bed.gi.received[before]?.body.equals(bericht.body)).toBe(true);
    expect(bed.gi.received[before]?.headers['payload-signature']).toBeUndefined();
  });

  it('answers a repeat with the same facts and delivers nothing twice', async () => {
    const bericht = signedDetached(
      freshExample('vtoDi01', 'minimaal.xml'),
      bed.pki.participant('gemeente-arnhem').signing,
      'xml',
    );
    const before = bed.rvdk.received.length;
    const first = (await bed.submit('gemeente-arnhem', bericht)).json();
    await bed.rvdk.waitFor(before + 1);

    const repeat = await bed.submit('gemeente-arnhem', bericht);

    expect(repeat.status).toBe(200);
    expect(repeat.json()['berichtId']).toBe(first['berichtId']);
    expect(claimsOf(repeat.json()['bevestiging'])).toMatchObject({
      kenmerk: bericht.kenmerk,
      ontvangenOp: claimsOf(first['bevestiging'])['ontvangenOp'],
      geaccepteerdOp: claimsOf(first['bevestiging'])['geaccepteerdOp'],
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(bed.rvdk.received.length).toBe(before + 1);
  });

  it('refuses other bytes under the same kenmerk', async () => {
    const example = freshExample('vtoDi01', 'minimaal.xml');
    const { signing } = bed.pki.participant('gemeente-arnhem');
    await bed.submit('gemeente-arnhem', signedDetached(example, signing, 'xml'));
    const other = {
      ...example,
      text: example.text.replace('<BG:geslachtsaanduiding>V<', '<BG:geslachtsaanduiding>M<'),
    };
    expect(other.text).not.toBe(example.text);

    const refused = await bed.submit('gemeente-arnhem', signedDetached(other, signing, 'xml'));

    expect([refused.status, refused.json()['code'], refused.json()['stuf']]).toEqual([
      409,
      'ERR_KENMERK_REUSED',
      'StUF016',
    ]);
  });

  it('gives the sender its end notices in order, until it says it has them', async () => {
    const first = await bed.get('politie', '/v1/bevestigingen?wacht=10');
    expect(first.status).toBe(200);
    const { id, eindbericht } = first.json();
    expect(claimsOf(eindbericht)['jti']).toBe(id);
    expect((await bed.post('politie', `/v1/bevestigingen/${String(id)}/ontvangen`)).status).toBe(204);
    const next = await bed.get('politie', '/v1/bevestigingen');
    expect(next.status === 204 || next.json()['id'] !== id).toBe(true);
  });

  it('shows a bericht to nobody but its sender', async () => {
    const bericht = signedDetached(
      freshExample('vtoDi01', 'minimaal.xml'),
      bed.pki.participant('gemeente-arnhem').signing,
      'xml',
    );
    const { berichtId } = (await bed.submit('gemeente-arnhem', bericht)).json();
    expect((await bed.get('rvdk', `/v1/berichten/${String(berichtId)}`)).status).toBe(404);
    expect((await bed.get('politie', `/v1/berichten/${String(berichtId)}`)).status).toBe(404);
  });
});
