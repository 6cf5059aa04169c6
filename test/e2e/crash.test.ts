import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it } from '@jest/globals';

import { until } from '../support/http-party.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { claimsOf, openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

const run = promisify(execFile);
const amqpUrl = process.env['AMQP_URL'];
let bed: Testbed;

afterEach(() => bed.close());

function verzoek(): SignedBericht {
  return signedDetached(freshExample('vtoDi01', 'minimaal.xml'), bed.pki.participant('gemeente-arnhem').signing, 'xml');
}

describe('a gateway killed right after its 202', () => {
  it('delivers that bericht once after a restart, with RabbitMQ and file keys', async () => {
    if (amqpUrl === undefined) throw new Error('AMQP_URL is not set: run this by npm test');
    bed = await openTestbed({ amqpUrl, fileKeys: true, queuePrefix: `crash-${String(process.pid)}.` });
    // Held back until the restart: what was pushed before the kill gets no answer from a recipient that is away.
    bed.rvdk.answerWith(() => ({ status: 503 }));
    const bericht = verzoek();
    const accepted = await bed.submit('gemeente-arnhem', bericht);
    expect(accepted.status).toBe(202);
    await bed.gateway.kill('SIGKILL');
    const taken: string[] = [];
    bed.rvdk.answerWith((push) => {
      taken.push(push.body.toString());
      return {
        status: 200,
        headers: { 'Bericht-Id': String(push.headers['bericht-id']), Digest: String(push.headers['digest']) },
      };
    });

    await bed.gateway.start();

    const { berichtId } = accepted.json();
    const status = (await bed.get('gemeente-arnhem', `/v1/berichten/${String(berichtId)}?wacht=30`)).json();
    expect(status).toMatchObject({ status: 'afgeleverd' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(taken).toEqual([bericht.body.toString()]);
    expect(claimsOf(status['eindbericht'])).toMatchObject({ berichtId, toestand: 'afgeleverd' });
  });

  it('tells its sender `verlopen` with the embedded defaults, and delivers the repeat', async () => {
    bed = await openTestbed();
    bed.rvdk.answerWith(() => ({ status: 503 }));
    const bericht = verzoek();
    const accepted = (await bed.submit('gemeente-arnhem', bericht)).json();
    await bed.gateway.kill('SIGKILL');

    await bed.gateway.start();

    const notice = (await bed.get('gemeente-arnhem', '/v1/bevestigingen?wacht=10')).json();
    expect(claimsOf(notice['eindbericht'])).toMatchObject({
      berichtId: accepted['berichtId'],
      toestand: 'verlopen',
      reden: 'OPNIEUW_AANBIEDEN',
    });
    bed.rvdk.answerWith((push) => ({
      status: 200,
      headers: { 'Bericht-Id': String(push.headers['bericht-id']), Digest: String(push.headers['digest']) },
    }));
    const repeat = await bed.submit('gemeente-arnhem', bericht);
    expect(repeat.status).toBe(202);
    expect(claimsOf(repeat.json()['bevestiging'])['eerder']).toBe(accepted['berichtId']);
    const status = (
      await bed.get('gemeente-arnhem', `/v1/berichten/${String(repeat.json()['berichtId'])}?wacht=10`)
    ).json();
    expect(status).toMatchObject({ status: 'afgeleverd' });
  });
});

describe('doorgeefluik audit verify', () => {
  it('finds the log of a real run whole, and names the record when one byte was changed', async () => {
    bed = await openTestbed();
    await bed.submit('gemeente-arnhem', verzoek());
    await bed.rvdk.waitFor(1);
    await bed.gateway.kill('SIGTERM');
    const folder = join(bed.gateway.folder, 'register');
    const root = join(bed.gateway.folder, 'root.pem');

    const good = await run(process.execPath, ['dist/cli/main.js', 'audit', 'verify', folder, '--root', root]);

    expect(good.stdout).toMatch(/^✓ Het auditlog is volledig en onveranderd$/m);
    const changed = mkdtempSync(join(tmpdir(), 'audit-'));
    const [segment] = readdirSync(folder).filter((name) => name.startsWith('audit-'));
    for (const name of readdirSync(folder))
      if (name.startsWith('audit-')) copyFileSync(join(folder, name), join(changed, name));
    const text = readFileSync(join(folder, String(segment)), 'utf8');
    const lines = text.split('\n');
    const line = lines.findIndex((one) => one.includes('"kind":"received"'));
    lines[line] = String(lines[line]).replace('vtoDi01', 'vtoDi02');
    writeFileSync(join(changed, String(segment)), lines.join('\n'));
    const bad = await run(process.execPath, ['dist/cli/main.js', 'audit', 'verify', changed, '--root', root]).catch(
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect('code' in bad && bad.code).toBe(1);
    expect(bad.stdout + bad.stderr).toContain(String(line + 1));
  });
});

describe('a broker that goes away', () => {
  it('makes the gateway say 503 with Retry-After, and all goes on when it is back', async () => {
    if (amqpUrl === undefined) throw new Error('AMQP_URL is not set: run this by npm test');
    const { openTcpProxy } = await import('../support/tcp-proxy.ts');
    const target = new URL(amqpUrl);
    const proxy = await openTcpProxy({ host: target.hostname, port: Number(target.port === '' ? 5672 : target.port) });
    const url = new URL(amqpUrl);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    bed = await openTestbed({ amqpUrl: url.href, fileKeys: true, queuePrefix: `away-${String(process.pid)}.` });
    const bericht = verzoek();
    proxy.refuse();
    proxy.cut();
    await until(() => bed.gateway.output().includes('BrokerLost'), 60_000, 'BrokerLost');

    const refused = await bed.submit('gemeente-arnhem', bericht);

    expect([refused.status, refused.json()['code']]).toEqual([503, 'ERR_BROKER_UNAVAILABLE']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(bed.pushes()).toBe(0);
    proxy.accept();
    let accepted = await bed.submit('gemeente-arnhem', bericht);
    await until(
      async () => {
        if (accepted.status === 503) accepted = await bed.submit('gemeente-arnhem', bericht);
        return accepted.status === 202;
      },
      60_000,
      'the broker is back',
    );
    const status = (
      await bed.get('gemeente-arnhem', `/v1/berichten/${String(accepted.json()['berichtId'])}?wacht=20`)
    ).json();
    expect(status).toMatchObject({ status: 'afgeleverd' });
    expect(bed.rvdk.received.length).toBe(1);
    await proxy.close();
  });
});
