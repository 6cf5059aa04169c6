import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { issueGateway } from '../../certs-dev/identities.ts';
import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { craft, rsaKey } from '../support/craft-certificate.ts';
import { prepareGateway } from '../support/gateway-process.ts';
import { until } from '../support/http-party.ts';
import { openConnection } from '../support/open-connection.ts';
import type { KeptAnswer, OpenConnection } from '../support/open-connection.ts';
import { listPem } from '../support/revocation.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';

/** Promise B8: how long after it is known. */
const WITHIN_MS = 10_000;
const DAY_MS = 86_400_000;

let bed: Testbed;
let good: GoodConnection;
const opened: OpenConnection[] = [];
const measured: string[] = [];

beforeAll(async () => {
  bed = await openTestbed();
  good = keepAsking(open('politie'));
});
afterAll(async () => {
  await good.stop();
  for (const connection of opened) connection.close();
  await bed.close();
  process.stderr.write(`live trust: ${measured.join(', ')}\n`);
});

const now = (): number => performance.timeOrigin + performance.now();
const file = (name: string): string => join(bed.gateway.folder, name);

function open(name: ParticipantName, tls: IssuedCertificate = bed.pki.participant(name).tls): OpenConnection {
  const connection = openConnection({ ...bed.party(name), tls }, () => bed.gateway.port());
  opened.push(connection);
  return connection;
}

interface GoodConnection {
  readonly answers: readonly KeptAnswer[];
  readonly stop: () => Promise<void>;
}

/** A connection on which nothing is wrong, asked five times a second. */
function keepAsking(connection: OpenConnection): GoodConnection {
  const answers: KeptAnswer[] = [];
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      answers.push(await connection.get('/v1/sleutels'));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    answers,
    stop: () => {
      stopping.abort();
      return loop;
    },
  };
}

const revoked: string[] = [];
let number = 1;

/** Publishes the list of the intermediate, with one certificate more on it. */
function revoke(...certificates: readonly IssuedCertificate[]): void {
  revoked.push(...certificates.map(({ certificatePem }) => certificatePem));
  publish(30 * DAY_MS);
}

function publish(validMs: number): void {
  number += 1;
  const lists = { now: now(), validMs, number, revoked: { intermediate: revoked } };
  writeFileSync(file('intermediate.crl.pem'), listPem(bed.pki.authority, 'intermediate', lists));
}

/** Asks until the answer is another than before; how long that took is measured and held against the promise. */
async function refusedAfter(what: string, since: number, ask: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
  for (;;) {
    const answer = await ask();
    const tookMs = Math.round(now() - since);
    expect(tookMs).toBeLessThan(WITHIN_MS);
    if (answer.status >= 400) {
      measured.push(`${what} ${String(tookMs)} ms`);
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Changes the text of a rule file and has the gateway read its rules; resolves to when it has them. */
async function reload(name: string, edit: (text: string) => string): Promise<number> {
  const path = file(join('regels', `${name}.yaml`));
  const text = readFileSync(path, 'utf8');
  const changed = edit(text);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
  const before = bed.gateway.output().length;
  signal();
  // The set is there when it was read whole, in a thread that may have to start for it.
  await until(() => saw(before, /"RulesLoaded"/), 60_000, 'the rules');
  return now();
}

function signal(): void {
  process.kill(Number(bed.gateway.pid()), 'SIGHUP');
}

const saw = (since: number, pattern: RegExp): boolean => pattern.test(bed.gateway.output().slice(since));

const vto = (signer: ParticipantName = 'gemeente-arnhem'): SignedBericht =>
  signedDetached(freshExample('vtoDi01', 'minimaal.xml'), bed.pki.participant(signer).signing, 'xml');
const opdracht = (): SignedBericht =>
  signedDetached(freshExample('opdrachtTb', 'opdracht.json'), bed.pki.participant('rvdk').signing, 'json');

describe('a revoked certificate', () => {
  it('has its next request refused on an open connection, which closes, and its wait ended', async () => {
    const [connection, waiting] = [open('gemeente-arnhem'), open('gemeente-arnhem')];
    expect((await connection.submit(vto())).status).toBe(202);
    const waited = waiting.get('/v1/postbus?wacht=60');
    const since = now();
    revoke(bed.pki.participant('gemeente-arnhem').tls);
    const refused = await refusedAfter('revoked', since, () => connection.submit(vto()));
    expect(refused).toMatchObject({ status: 403, code: 'ERR_CERTIFICATE_REVOKED', reused: true, closes: true });
    expect(await waited).toMatchObject({ status: 403, code: 'ERR_CERTIFICATE_REVOKED', closes: true });
    expect(now() - since).toBeLessThan(WITHIN_MS);
  });

  it('gets no bericht any more, also one that was queued or goes over a connection that is open', async () => {
    const sender = open('rvdk');
    const sent = await sender.submit(opdracht());
    expect(sent.status).toBe(202);
    await bed.gi.waitFor(1, 15_000);
    const before = bed.gateway.output().length;
    revoke(bed.pki.participant('gi-jeugdbescherming-gelderland').tls);
    await until(() => saw(before, /"CrlLoaded"/), WITHIN_MS, 'the list');
    // A judgement of the connection holds a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const received = bed.gi.received.length;
    expect((await sender.submit(opdracht())).status).toBe(202);
    await until(() => saw(before, /"AttemptFailed"[^\n]*"peer-oin"/), 15_000, 'the fault');
    expect(bed.gi.received).toHaveLength(received);
  });

  it('signs nothing any more, whoever brings it', async () => {
    const connection = open('rvdk');
    expect((await connection.submit(opdracht())).status).toBe(202);
    const since = now();
    revoke(bed.pki.participant('rvdk').signing);
    const refused = await refusedAfter('signer revoked', since, () => connection.submit(opdracht()));
    expect(refused).toMatchObject({ status: 403, code: 'ERR_SIGNER_REVOKED', reused: true, closes: false });
  });
});

describe('what ends while a connection is open', () => {
  it('is refused when the certificate expires', async () => {
    const participant = bed.pki.participant('gemeente-nijmegen');
    const notAfter = Math.ceil((now() + 4_000) / 1000) * 1000;
    const short = bed.pki.authority.issue({
      ...{ organisation: 'Gemeente Nijmegen', commonName: 'kort', oins: [participant.oin] },
      ...{ usage: 'tls-client', keyKind: 'ec-p256', notAfter: new Date(notAfter) },
    });
    const connection = open('gemeente-nijmegen', short);
    expect((await connection.get('/v1/sleutels')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, notAfter - now()));
    const refused = await refusedAfter('expired', notAfter, () => connection.get('/v1/sleutels'));
    expect(refused).toMatchObject({ status: 403, code: 'ERR_CERTIFICATE_EXPIRED', reused: true, closes: true });
  });

  it('is refused when a mandate ends', async () => {
    const supplier = open('leverancier');
    const bring = (): Promise<KeptAnswer> => supplier.submit(vto());
    expect((await bring()).status).toBe(202);
    const since = await reload('machtigingen', (text) =>
      text.replace(/(typen: \[vtoDi01\]\n)/, '$1    tot: 2026-01-02\n'),
    );
    const refused = await refusedAfter('mandate ended', since, bring);
    expect(refused).toMatchObject({ status: 403, code: 'ERR_MANDATE_SUBMIT_MISSING', reused: true, closes: false });
  });

  it('is refused when a participant ends', async () => {
    const connection = open('veilig-thuis-gelderland-midden');
    expect((await connection.get('/v1/sleutels')).status).toBe(200);
    const since = await reload('deelnemers', (text) =>
      text.replace(/(naam: Veilig Thuis Gelderland-Midden\n)/, '$1    tot: 2026-01-02\n'),
    );
    const refused = await refusedAfter('participant ended', since, () => connection.get('/v1/sleutels'));
    expect(refused).toMatchObject({ status: 403, code: 'ERR_PARTICIPANT_ENDED', reused: true, closes: true });
  });
});

describe('certificates of the gateway itself', () => {
  const served = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const { tls, ca } = bed.party('rvdk');
      const socket = connect(
        {
          host: '127.0.0.1',
          port: bed.gateway.port(),
          servername: 'localhost',
          ca,
          cert: tls.chainPem,
          key: tls.privateKeyPem,
        },
        () => {
          resolve(String(socket.getPeerX509Certificate()?.fingerprint256));
          socket.destroy();
        },
      );
      socket.once('error', reject);
    });
  const write = (name: string, { chainPem, privateKeyPem }: IssuedCertificate): void => {
    writeFileSync(file(`${name}.pem`), chainPem);
    writeFileSync(file(`${name}.key`), privateKeyPem);
  };
  const fingerprint = ({ certificatePem }: IssuedCertificate): string =>
    new X509Certificate(certificatePem).fingerprint256;

  it('are replaced without dropping a connection, and listed with those before', async () => {
    const next = issueGateway(bed.pki.authority);
    write('server', next.server);
    write('client', next.client);
    write('signing', next.signing);
    const before = bed.gateway.output().length;
    signal();
    await until(() => saw(before, /"CertificatesLoaded"/), WITHIN_MS, 'the certificates');
    expect(await served()).toBe(fingerprint(next.server));
    const { json } = await open('rvdk').get('/v1/sleutels');
    const keys = json['sleutels'] as readonly { readonly certificaat: string; readonly actueel: boolean }[];
    const shown = keys.map(({ certificaat, actueel }) => [new X509Certificate(certificaat).fingerprint256, actueel]);
    expect(shown).toEqual([
      [fingerprint(next.signing), true],
      [fingerprint(bed.pki.gateway.signing), false],
    ]);
  });

  it('stay when a file is wrong, and the alarm is raised', async () => {
    const before = await served();
    const other = issueGateway(bed.pki.authority);
    writeFileSync(file('server.pem'), other.server.chainPem);
    const from = bed.gateway.output().length;
    signal();
    await until(() => saw(from, /"CertificatesRefused"[^\n]*tls\.server/), WITHIN_MS, 'the alarm');
    expect(await served()).toBe(before);
    write('server', other.server);
  });

  it.each([
    [
      'holds something that is no certificate',
      () => ({ pem: `${readFileSync(file('client.pem'), 'utf8')}${NO_CERTIFICATE}` }),
    ],
    ['has a key so short that OpenSSL alone refuses it', weakPair],
  ])('stay, all of them, when the last that is read %s', async (_what, make) => {
    const before = await served();
    const names = ['server.pem', 'server.key', 'client.pem', 'client.key'];
    const texts = names.map((name) => [name, readFileSync(file(name), 'utf8')] as const);
    const { pem, key }: { readonly pem: string; readonly key?: string } = make();
    write('server', issueGateway(bed.pki.authority).server);
    writeFileSync(file('client.pem'), pem);
    if (key !== undefined) writeFileSync(file('client.key'), key);
    const from = bed.gateway.output().length;
    signal();
    await until(() => saw(from, /"CertificatesRefused"/), WITHIN_MS, 'the alarm');
    expect(await served()).toBe(before);
    for (const [name, text] of texts) writeFileSync(file(name), text);
  });
});

const NO_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

function weakPair(): { readonly pem: string; readonly key: string } {
  const { der, key } = craft({ key: rsaKey(512), signing: 'rsa-sha256' });
  return { pem: new X509Certificate(der).toString(), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

describe('a connection on which nothing is wrong', () => {
  it('went on over all of this, without being made anew', async () => {
    await good.stop();
    expect(good.answers.length).toBeGreaterThan(20);
    expect(good.answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(good.answers.slice(1).filter(({ reused }) => !reused)).toEqual([]);
  });
});

describe('a list that grows stale', () => {
  it('raises the alarm first, then closes, and opens with the next list', async () => {
    const connection = open('rvdk');
    const before = bed.gateway.output().length;
    publish(12_000);
    const nextUpdate = now() + 12_000;
    await until(() => saw(before, /"CrlStale"[^\n]*"near-end"/), WITHIN_MS, 'the alarm');
    expect((await connection.get('/v1/sleutels')).status).toBe(200);
    expect(saw(before, /"CrlExpired"/)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, nextUpdate - now()));
    const refused = await refusedAfter('list too old', nextUpdate, () => connection.get('/v1/sleutels'));
    expect(refused).toMatchObject({ status: 503, code: 'ERR_CERTIFICATE_STATUS_UNKNOWN', reused: true, closes: true });
    await until(() => saw(before, /"CrlExpired"/), WITHIN_MS, 'the end');
    publish(30 * DAY_MS);
    await until(async () => (await open('rvdk').get('/v1/sleutels')).status === 200, WITHIN_MS, 'the next list');
  });
});

describe('SIGHUP before the gateway listens', () => {
  it('doesn’t end the process, and is followed once it does', async () => {
    const gateway = prepareGateway({ pki: bed.pki });
    const started = gateway.start();
    await until(() => gateway.output().includes('"GatewayStarted"'), 30_000, 'the start');
    process.kill(Number(gateway.pid()), 'SIGHUP');
    await started;
    await until(() => gateway.output().includes('zijn opnieuw gelezen'), 30_000, 'the reload');
    expect(gateway.output().indexOf('"GatewayReady"')).toBeLessThan(gateway.output().indexOf('zijn opnieuw gelezen'));
    await gateway.kill('SIGKILL');
  });
});
