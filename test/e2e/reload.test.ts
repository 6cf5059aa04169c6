import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { until } from '../support/http-party.ts';
import type { ReceivedPush } from '../support/http-party.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

let bed: Testbed;
const texts = new Map<string, string>();

beforeAll(async () => {
  bed = await openTestbed({ amqpUrl: String(process.env['AMQP_URL']), queuePrefix: `reload-${String(process.pid)}.` });
  for (const name of ['deelnemers', 'aansluitpunten', 'verzendmatrix'] as const) {
    texts.set(name, readFileSync(ruleFile(name), 'utf8'));
  }
});
afterAll(() => bed.close());

const ruleFile = (name: string): string => join(bed.gateway.folder, 'regels', `${name}.yaml`);

/** Changes the text of a rule file as it was at first, asks for a reload and waits until the gateway says what came of it. */
async function reload(name: string, edit: (text: string) => string): Promise<string> {
  const before = bed.gateway.output().length;
  writeFileSync(ruleFile(name), edit(String(texts.get(name))));
  process.kill(Number(bed.gateway.pid()), 'SIGHUP');
  const said = /doorgeefluik: de (?:nieuwe )?regels [^\n]*/;
  await until(() => said.test(bed.gateway.output().slice(before)), 60_000, 'what came of the reload');
  return String(said.exec(bed.gateway.output().slice(before))?.[0]);
}

const same = (text: string): string => text;
const vto = (): SignedBericht =>
  signedDetached(freshExample('vtoDi01', 'minimaal.xml'), bed.pki.participant('gemeente-arnhem').signing, 'xml');

/** Submits and waits for the push: at which point did the RvdK get it? */
async function pointOf(bericht: SignedBericht): Promise<unknown> {
  const { berichtId } = (await bed.submit('gemeente-arnhem', bericht)).json();
  const push = (): ReceivedPush | undefined =>
    bed.rvdk.received.find(({ headers }) => headers['bericht-id'] === berichtId);
  await until(() => push() !== undefined, 60_000, 'the push');
  return push()?.headers['aansluitpunt'];
}

/** Waits until what was accepted before has been pushed. */
async function quiet(): Promise<void> {
  const status = (await bed.submit('gemeente-arnhem', vto())).json();
  await bed.get('gemeente-arnhem', `/v1/berichten/${String(status['berichtId'])}?wacht=20`);
}

describe('SIGHUP', () => {
  it('takes a changed set into force, and the one before again', async () => {
    expect((await bed.submit('gemeente-arnhem', vto())).status).toBe(202);

    const without = await reload('verzendmatrix', (text) => text.replace('[GEMEENTE, GI, JEUGD', '[GI, JEUGD'));
    expect(without).toBe('doorgeefluik: de nieuwe regels gelden');
    const refused = await bed.submit('gemeente-arnhem', vto());
    expect([refused.status, refused.json()['code']]).toEqual([403, 'ERR_ROUTE_NONE']);

    await reload('verzendmatrix', same);
    expect((await bed.submit('gemeente-arnhem', vto())).status).toBe(202);
    expect(await reload('verzendmatrix', same)).toBe('doorgeefluik: de regels zijn dezelfde gebleven');
  });

  it('keeps the old set when the new one has a mistake, and raises the alarm', async () => {
    const before = bed.gateway.output().length;
    expect(await reload('verzendmatrix', (text) => text.replace('ontvanger: RVDK', 'ontvanger: rvdk'))).toMatch(
      /de regels kloppen niet; de oude blijven gelden/,
    );
    const alarm = /"RulesRefused"[^\n]*verzendmatrix\.yaml/;
    await until(() => alarm.test(bed.gateway.output().slice(before)), 60_000, 'the alarm');
    expect((await bed.submit('gemeente-arnhem', vto())).status).toBe(202);
    await reload('verzendmatrix', same);
  });

  it('ends a participant on connections that are open', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await sendOn(agent, vto())).toBe(202);
    await reload('deelnemers', (text) => text.replace(/(naam: Gemeente Arnhem\n)/, `$1    tot: 2026-01-02\n`));
    expect(await sendOn(agent, vto())).toBe(403);
    await reload('deelnemers', same);
    expect(await sendOn(agent, vto())).toBe(202);
    agent.destroy();
  });

  it('delivers to a point of another name, and judges large berichten by the new set too', async () => {
    await reload('aansluitpunten', (text) => text.replace('id: rvdk-verzoeken', 'id: rvdk-nieuw'));
    expect(await pointOf(vto())).toBe('rvdk-nieuw');

    const large = (): SignedBericht => {
      const { text, kenmerk } = freshExample('vtoDi01', 'uitgebreid.xml');
      const padded = text.replace(/\?>\n/, `?>\n<!--${' '.repeat(300_000)}-->\n`);
      return signedDetached({ text: padded, kenmerk }, bed.pki.participant('gemeente-arnhem').signing, 'xml');
    };
    expect(await pointOf(large())).toBe('rvdk-nieuw');
    await reload('aansluitpunten', same);
  });

  it('drops no request while it happens', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    await quiet();
    const before = bed.rvdk.received.length;
    let reloading = true;
    const statuses: number[] = [];
    const senders = Array.from({ length: 8 }, async () => {
      while (reloading) statuses.push(await sendOn(agent, vto()));
    });
    for (let round = 0; round < 5; round += 1) {
      await reload('deelnemers', (text) => `# ronde ${String(round)}\n${text}`);
    }
    reloading = false;
    await Promise.all(senders);
    agent.destroy();

    expect(statuses.length).toBeGreaterThan(50);
    expect(statuses.filter((status) => status !== 202)).toEqual([]);
    await bed.rvdk.waitFor(before + statuses.length);
  });
});

/** Submits for gemeente Arnhem over the connections of an agent; resolves to the status. */
function sendOn(agent: Agent, { body, headers }: SignedBericht): Promise<number> {
  const { tls, ca } = bed.party('gemeente-arnhem');
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port: bed.gateway.port(), servername: 'localhost', agent, headers: { ...headers } },
        ...{ method: 'POST', path: '/v1/berichten', cert: tls.chainPem, key: tls.privateKeyPem, ca },
      },
      (answer) =>
        answer.resume().once('end', () => {
          resolve(answer.statusCode ?? 0);
        }),
    );
    sent.once('error', reject).end(body);
  });
}
