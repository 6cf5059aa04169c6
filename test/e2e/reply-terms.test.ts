import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ParticipantName } from '../../certs-dev/participants.ts';
import { until } from '../support/http-party.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { claimsOf, openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

let bed: Testbed;

beforeAll(async () => {
  bed = await openTestbed({
    editRules: (name, text) =>
      name === 'verzendmatrix'
        ? text.replace(/(bronnen: \[C8\]\n)/, '$1    antwoord: { typen: [Bv01Bericht], termijn: direct }\n')
        : text,
  });
});
afterAll(() => bed.close());

const vto = (): SignedBericht =>
  signedDetached(freshExample('vtoDi01', 'minimaal.xml'), bed.pki.participant('gemeente-arnhem').signing, 'xml');

/** The Raad's confirmation, on the bericht with this kenmerk. */
function confirmation(of: string): SignedBericht {
  const kenmerk = randomUUID();
  const text = readFileSync('schemas/berichten/Bv01Bericht/3.01/voorbeelden/geldig/bevestiging.xml', 'utf8')
    .replace(/(<StUF:referentienummer>)[^<]*/, `$1${kenmerk}`)
    .replace(/(<StUF:crossRefnummer>)[^<]*/, `$1${of}`);
  return signedDetached({ text, kenmerk }, bed.pki.participant('rvdk').signing, 'xml');
}

/** Takes the party's notices of a bericht, of both kinds, until one is of the kind asked for; its claims. */
async function notice(name: ParticipantName, kind: 'eindbericht' | 'termijnbericht'): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = await bed.get(name, '/v1/bevestigingen?wacht=20');
    expect(answer.status).toBe(200);
    const body = answer.json();
    expect((await bed.post(name, `/v1/bevestigingen/${String(body['id'])}/ontvangen`)).status).toBe(204);
    if (body[kind] !== undefined) return claimsOf(body[kind]);
  }
}

const statusOf = async (id: string, wait = 20): Promise<Record<string, unknown>> =>
  (await bed.get('gemeente-arnhem', `/v1/berichten/${id}?wacht=${String(wait)}`)).json();

describe('a bericht that must be answered at once', () => {
  it('has a term from its delivery on, told to both parties, and stopped by the Bv01Bericht that names it', async () => {
    const question = vto();
    const accepted = (await bed.submit('gemeente-arnhem', question)).json();
    const id = String(accepted['berichtId']);
    const status = await statusOf(id);
    expect(status).toMatchObject({ status: 'afgeleverd', antwoord: { typen: ['Bv01Bericht'], beantwoordOp: null } });
    const { uiterlijk } = status['antwoord'] as Record<string, unknown>;
    expect(Date.parse(String(uiterlijk)) - Date.parse(String(status['eindtijd']))).toBe(3_600_000);

    expect(await notice('gemeente-arnhem', 'eindbericht')).toMatchObject({ berichtId: id, toestand: 'afgeleverd' });
    for (const party of ['gemeente-arnhem', 'rvdk'] as const)
      expect(await notice(party, 'termijnbericht')).toMatchObject({
        ...{ berichtId: id, soort: 'herinnering', verwacht: ['Bv01Bericht'], termijn: 'direct', uiterlijk },
        afgeleverdOp: status['eindtijd'],
      });

    const answer = confirmation(question.kenmerk);
    expect((await bed.submit('rvdk', answer)).status).toBe(202);
    const pulled = await bed.get('gemeente-arnhem', '/v1/postbus?aansluitpunt=arnhem-notificaties&wacht=20');
    expect([pulled.status, pulled.headers['berichttype']]).toEqual([200, 'Bv01Bericht']);
    expect(pulled.body.equals(answer.body)).toBe(true);
    const taken = await bed.post('gemeente-arnhem', `/v1/postbus/${String(pulled.headers['bericht-id'])}/bevestiging`);
    expect(taken.status).toBe(204);
    await until(
      async () => ((await statusOf(id, 0))['antwoord'] as Record<string, unknown>)['beantwoordOp'] !== null,
      10_000,
      'the answer on the status',
    );
    expect(await notice('rvdk', 'eindbericht')).toMatchObject({ toestand: 'afgeleverd' });
  });

  it('is not answered by what names another kenmerk', async () => {
    const refused = await bed.submit('rvdk', confirmation(randomUUID()));
    expect([refused.status, refused.json()['code']]).toEqual([422, 'ERR_REPLY_UNKNOWN']);
  });
});
