import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { takeBrokerFiles } from '../support/broker-files.ts';
import { createCanaryFinder, textCanary } from '../support/find-canary.ts';
import type { Canary, CanaryFinder } from '../support/find-canary.ts';
import { call, confirmPush } from '../support/http-party.ts';
import type { WireAnswer } from '../support/http-party.ts';
import { startOwnRabbitmq } from '../support/own-rabbitmq.ts';
import type { OwnRabbitmq } from '../support/own-rabbitmq.ts';
import { freshExample, signedDetached, signedEnveloped } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { claimsOf, openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

/** Letters that nothing else writes; a text cut off halfway still holds one of the three. */
const [ONE, TWO, THREE] = [randomWord(), randomWord(), randomWord()];
const CANARY = `${ONE} & "${TWO}" é <${THREE}>`;
const WORDS = [ONE, TWO, THREE].map((word) => textCanary(`canary ${word}`, word));

let rabbitmq: OwnRabbitmq;
beforeAll(async () => {
  rabbitmq = await startOwnRabbitmq();
});
afterAll(() => rabbitmq.stop());

function randomWord(): string {
  return Array.from({ length: 14 }, () => String.fromCharCode(randomInt(97, 123))).join('');
}

/** A kenmerk as text and as the 128 bits it stands for, and the digest of the octets it came with. */
function traceOf(kenmerk: string, digest: Uint8Array): readonly Canary[] {
  return [
    textCanary(`kenmerk ${kenmerk}`, kenmerk),
    { name: `kenmerk ${kenmerk} in bits`, bytes: Buffer.from(kenmerk.replaceAll('-', ''), 'hex') },
    { name: `digest with kenmerk ${kenmerk}`, bytes: digest },
  ];
}

/** Looks through everything the broker wrote; what is `known` to stand there must be found, or the search proves nothing. */
function expectNothingInBroker(finder: CanaryFinder, known: readonly string[]): void {
  const files = takeBrokerFiles(rabbitmq);
  try {
    const readable = createCanaryFinder(known.map((id) => textCanary(id, id))).inFolder(files.folder);
    expect(new Set(readable.finds.map(({ canary }) => canary))).toEqual(new Set(known));
    expect(finder.inFolder(files.folder).finds).toEqual([]);
  } finally {
    files.release();
  }
}

describe('after the demonstration on RabbitMQ, with a canary in every bericht', () => {
  const home = mkdtempSync(join(tmpdir(), 'canary-demo-'));
  const folder = join(home, 'demo');
  const receipts = join(folder, 'bevestigingen');
  let output = '';

  beforeAll(async () => {
    mkdirSync(join(home, 'tmp'));
    const args = ['--once', '--amqp', rabbitmq.url, '--canary', CANARY, '--folder', folder];
    const demo = spawn(process.execPath, ['dist/cli/demo/main.js', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: home, TMPDIR: join(home, 'tmp') },
    });
    for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    const code = await new Promise((resolve) => demo.once('exit', resolve));
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/\ndemo: [1-9]\d* verstuurd, [1-9]\d* afgeleverd, 0 verloren\n$/),
    ]);
  });
  afterAll(() => {
    rmSync(home, { recursive: true });
  });

  function receiptClaims(): readonly Record<string, unknown>[] {
    const names = readdirSync(receipts).filter((name) => name.endsWith('-ontvangst.jws'));
    return names.map((name) => claimsOf(readFileSync(join(receipts, name), 'utf8')));
  }

  function traces(): readonly Canary[] {
    return receiptClaims().flatMap(({ kenmerk, digest }) =>
      traceOf(String(kenmerk), Buffer.from(String(digest), 'base64')),
    );
  }

  it('nothing of it stands in the broker', () => {
    const [, prefix] = /voorvoegsel: (\S+)/.exec(readFileSync(join(folder, 'gateway.yaml'), 'utf8')) ?? [];
    expect(receiptClaims().length).toBeGreaterThan(8);
    expectNothingInBroker(createCanaryFinder([...WORDS, ...traces()]), [`${String(prefix)}rvdk-verzoeken`]);
  });

  it('C1: nothing of it stands in register, log, rules, configuration, receipts or temporary files', () => {
    const { finds, files } = createCanaryFinder(WORDS).inFolder(home);
    expect(finds).toEqual([]);
    expect(files).toBeGreaterThan(30);
  });

  it('nothing of it is shown', () => {
    expect(output.length).toBeGreaterThan(1_000);
    expect(createCanaryFinder(WORDS).inBytes('output', Buffer.from(output))).toEqual([]);
  });

  it('kenmerken and digests stand only in the receipts that the senders themselves keep', () => {
    const finder = createCanaryFinder(traces());
    const isOfSenders = (path: string): boolean => join(home, path).startsWith(receipts);
    expect(finder.inFolder(home, isOfSenders).finds).toEqual([]);
    expect(finder.inFolder(receipts).finds).not.toEqual([]);
  });
});

describe('while berichten wait for recipients that fail, with RabbitMQ and file keys', () => {
  const queuePrefix = `canary-${String(process.pid)}.`;
  const traces: Canary[] = [];
  const ids: string[] = [];
  let bed: Testbed;

  beforeAll(async () => {
    bed = await openTestbed({ amqpUrl: rabbitmq.url, fileKeys: true, queuePrefix });
    // A recipient that fails may well send back what it got.
    for (const recipient of [bed.rvdk, bed.gi, bed.veiligThuis]) {
      recipient.answerWith(({ body, headers }) => ({
        status: 503,
        headers: { 'X-Fout': ONE, 'Bericht-Id': String(headers['bericht-id']) },
        body: body.toString('latin1'),
      }));
    }
  });
  afterAll(() => bed.close());

  /** The example with the canary as its surname. */
  function filled(type: string, file: string): { readonly text: string; readonly kenmerk: string } {
    const { text, kenmerk } = freshExample(type, file);
    const xml = CANARY.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const withCanary = file.endsWith('.json')
      ? text.replace(/("geslachtsnaam":\s*)"[^"]*"/, (_all, name: string) => name + JSON.stringify(CANARY))
      : text.replace(/(<[\w.-]+:geslachtsnaam>)[^<]*/, (_all, tag: string) => tag + xml);
    expect(withCanary).toContain(ONE);
    return { text: withCanary, kenmerk };
  }

  function trace({ kenmerk, body }: SignedBericht): void {
    traces.push(...traceOf(kenmerk, createHash('sha256').update(body).digest()));
  }

  function detached(type: string, file: string, sender: Parameters<Testbed['submit']>[0]): SignedBericht {
    const format = file.endsWith('.json') ? 'json' : 'xml';
    return signedDetached(filled(type, file), bed.pki.participant(sender).signing, format);
  }

  function enveloped(): SignedBericht {
    const signing = bed.pki.authority.issue({
      organisation: 'Raad voor de Kinderbescherming',
      commonName: 'RvdK ondertekening RSA',
      oins: [bed.pki.participant('rvdk').oin],
      usage: 'signing',
      keyKind: 'rsa-2048',
    });
    return signedEnveloped(filled('opdrachtTb', 'opdracht.xml'), signing);
  }

  async function accept(sender: Parameters<Testbed['submit']>[0], bericht: SignedBericht): Promise<void> {
    trace(bericht);
    const answer = await bed.submit(sender, bericht);
    expect([answer.status, answer.body.toString()]).toEqual([202, expect.stringContaining('berichtId')]);
    ids.push(String(answer.json()['berichtId']));
  }

  function expectNothingAnywhere(inFlight: readonly string[]): void {
    const finder = createCanaryFinder([...WORDS, ...traces]);
    // Of a bericht that waits the Bericht-Id is on the broker's disk, and beside it the ciphertext.
    expectNothingInBroker(finder, [`${queuePrefix}rvdk-verzoeken`, ...inFlight]);
    const { finds, files } = finder.inFolder(bed.gateway.folder);
    expect(finds).toEqual([]);
    expect(files).toBeGreaterThan(20);
    expect(finder.inBytes('output', Buffer.from(bed.gateway.output()))).toEqual([]);
    expect(bed.gateway.output()).toContain(ids[0]);
  }

  it('nothing of them stands anywhere but in the memory of those who handle them', async () => {
    await accept('gemeente-arnhem', detached('vtoDi01', 'minimaal.xml', 'gemeente-arnhem'));
    await accept('politie', detached('vtMeldingDi01', 'melding-politie.xml', 'politie'));
    await accept('rvdk', detached('opdrachtTb', 'opdracht.json', 'rvdk'));
    await accept('rvdk', enveloped());
    // Nobody fetches this one, and the next is fetched and kept without a word.
    await accept('cjib', detached('notificatiejrDi01', 'start-toezicht.xml', 'cjib'));
    await accept('rvdk', detached('notificatieDi01', 'maatregel-opgelegd.xml', 'rvdk'));
    expect((await bed.get('gemeente-arnhem', '/v1/postbus?wacht=5')).status).toBe(200);
    await bed.rvdk.waitFor(2);
    await bed.gi.waitFor(2);
    await bed.veiligThuis.waitFor(2);
    expect(bed.rvdk.received[0]?.body.toString()).toContain(ONE);

    expectNothingAnywhere(ids);
    expect(readFileSync(join(bed.gateway.folder, 'sleutels', 'transit-keys.log'), 'utf8')).toContain(ids[0]);
  });

  it('nothing of what was refused is kept, logged or told back', async () => {
    const plain = filled('opdrachtTb', 'opdracht.json');
    const { signing } = bed.pki.participant('rvdk');
    const sign = (text: string): SignedBericht => signedDetached({ ...plain, text }, signing, 'json');
    const good = sign(plain.text);
    const xml = detached('vtoDi01', 'minimaal.xml', 'gemeente-arnhem');
    const refused: readonly (readonly [number, Parameters<Testbed['submit']>[0], SignedBericht])[] = [
      [422, 'rvdk', sign(plain.text.replace('"inhoud": {', `"inhoud": { ${JSON.stringify(ONE)}: 1,`))],
      [422, 'rvdk', sign(plain.text.replace('"urgent": "nee"', `"urgent": "${TWO}"`))],
      [400, 'rvdk', sign(`${plain.text}${CANARY}`)],
      [422, 'rvdk', { ...good, body: Buffer.from(`${plain.text} `) }],
      [422, 'rvdk', { ...good, headers: { ...good.headers, 'Payload-Signature': `${ONE}..${TWO}` } }],
      [400, 'rvdk', { ...good, headers: { ...good.headers, Digest: `SHA-256=${ONE}` } }],
      [
        400,
        'gemeente-arnhem',
        signedDetached(
          { ...xml, text: `${xml.body.toString()}<${ONE}>` },
          bed.pki.participant('gemeente-arnhem').signing,
          'xml',
        ),
      ],
      [403, 'politie', good],
    ];
    const answers: WireAnswer[] = [];
    for (const [status, sender, bericht] of refused) {
      trace(bericht);
      const answer = await bed.submit(sender, bericht);
      expect([answer.status, answer.json()]).toEqual([status, expect.objectContaining({ fouten: expect.anything() })]);
      answers.push(answer);
    }
    const port = bed.gateway.port();
    const rvdk = bed.party('rvdk');
    answers.push(
      await bed.get('rvdk', `/v1/berichten/${ONE}?${TWO}=${THREE}`),
      await bed.get('rvdk', `/v1/routering?berichttype=${ONE}&oin=${TWO}&rol=${THREE}`),
      await call(rvdk, {
        port,
        path: '/v1/sleutels',
        headers: { 'X-Naam': ONE, Cookie: TWO, Authorization: THREE },
      }),
      await call(rvdk, { port, method: ONE.toUpperCase(), path: '/v1/berichten' }),
      await bed.post('rvdk', `/v1/postbus/${String(ids[0])}/weigering`, {
        type: 'application/json',
        text: JSON.stringify({ code: CANARY }),
      }),
    );

    const finder = createCanaryFinder([...WORDS, ...traces]);
    for (const { headers, body } of answers) {
      expect(finder.inBytes('answer', Buffer.concat([Buffer.from(JSON.stringify(headers)), body]))).toEqual([]);
    }
    expectNothingAnywhere(ids);
  });

  it('nothing of them is left by a crash, nor by their end', async () => {
    await bed.gateway.kill('SIGKILL');
    expectNothingAnywhere(ids);
    for (const recipient of [bed.rvdk, bed.veiligThuis]) recipient.answerWith(confirmPush);
    bed.gi.answerWith(({ headers }) => ({
      status: 422,
      headers: { 'Content-Type': 'application/problem+json', 'Bericht-Id': String(headers['bericht-id']) },
      body: JSON.stringify({ code: 'ZAAK_ONBEKEND', detail: CANARY, naam: ONE }),
    }));

    await bed.gateway.start();

    const [vto, melding, ...opdrachten] = ids;
    const statusOf = async (sender: Parameters<Testbed['submit']>[0], id?: string): Promise<unknown> =>
      (await bed.get(sender, `/v1/berichten/${String(id)}?wacht=30`)).json()['status'];
    expect(await statusOf('gemeente-arnhem', vto)).toBe('afgeleverd');
    expect(await statusOf('politie', melding)).toBe('afgeleverd');
    expect(await statusOf('rvdk', opdrachten[0])).toBe('geweigerd');
    expect(await statusOf('rvdk', opdrachten[1])).toBe('geweigerd');
    expectNothingAnywhere(ids.slice(4));
    await bed.gateway.kill('SIGTERM');
    expectNothingAnywhere(ids.slice(4));
    const keys = readFileSync(join(bed.gateway.folder, 'sleutels', 'transit-keys.log'), 'utf8');
    expect(ids.filter((id) => keys.includes(id))).toEqual(ids.slice(4));
  });
});
