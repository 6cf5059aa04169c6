import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { GATEWAY } from '../../certs-dev/participants.ts';
import type { PushReply, ReceivedPush } from '../support/http-party.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';

/** What a party keeps, by file name. */
const KEPT = ['bevestiging.jws', 'eindbericht.jws', 'vto.xml'] as const;
type Kept = (typeof KEPT)[number];

let folder: string;
let gatewayPort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bewijs-'));
  const bed = await openTestbed();
  const rvdk = bed.pki.participant('rvdk');
  bed.rvdk.answerWith((push) => answerSigned(push, rvdk.signing, rvdk.oin));
  const { signing } = bed.pki.participant('gemeente-arnhem');
  const bericht = signedDetached(freshExample('vtoDi01', 'minimaal.xml'), signing, 'xml');
  const submitted = (await bed.submit('gemeente-arnhem', bericht)).json();
  const ended = await bed.get('gemeente-arnhem', `/v1/berichten/${String(submitted['berichtId'])}?wacht=30`);
  keep('bevestiging.jws', `${String(submitted['bevestiging'])}\n`);
  keep('eindbericht.jws', `${String(ended.json()['eindbericht'])}\n`);
  keep('vto.xml', bericht.body);
  keep('root.pem', bed.pki.authority.rootPem);
  keep('andere-root.pem', bed.pki.other.rootPem);
  gatewayPort = bed.gateway.port();
  await bed.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('receipts in files, with the gateway switched off', () => {
  it('hold by the root, the receipts and the bericht alone', async () => {
    await expect(reach(gatewayPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const verdict = verifyKept();
    expect([verdict.status, verdict.titles, failing(verdict)]).toEqual([
      0,
      ['Ontvangstbevestiging', 'Eindbericht'],
      [],
    ]);
    expect(verdict.checks.map(({ controle }) => controle)).toEqual(
      expect.arrayContaining([
        'handtekening',
        'certificaat',
        'afgever',
        'bericht',
        'kenmerk',
        'bij',
        'ontvanger: bericht',
      ]),
    );
  });

  it.each<[string, Change]>([
    ['a byte of the bericht', { file: 'vto.xml', to: (xml) => xml.replace('>Felsen<', '>Felsem<'), fails: 'bericht' }],
    ['its XML', { file: 'vto.xml', to: (xml) => xml.replace('<JZ:object ', '<JZ;object '), fails: 'bericht' }],
    ['its kenmerk', { file: 'vto.xml', to: (xml) => xml.replace(/(nummer>)./, '$1x'), fails: 'kenmerk' }],
    ['what the receipt says', { file: 'bevestiging.jws', to: (jws) => swapLetter(jws, 1), fails: 'handtekening' }],
    ['its signature', { file: 'bevestiging.jws', to: (jws) => swapLetter(jws, 2), fails: 'handtekening' }],
    ['what the end notice says', { file: 'eindbericht.jws', to: (jws) => swapLetter(jws, 1), fails: 'handtekening' }],
    ['the signature of that', { file: 'eindbericht.jws', to: (jws) => swapLetter(jws, 2), fails: 'handtekening' }],
  ])('say what fails when somebody changes %s', (_name, { file, to, fails }) => {
    const changed = verifyWith(file, (bytes) => Buffer.from(to(bytes.toString())));
    expect([changed.status, failing(changed)]).toEqual([1, expect.arrayContaining([fails])]);
  });

  it.each(KEPT)('never hold with one bit changed anywhere in %s', (file) => {
    const { length } = readFileSync(join(folder, file));
    const places = Array.from({ length: PLACES }, (_one, index) => Math.floor((index * (length - 1)) / PLACES));
    for (const [index, place] of places.entries()) {
      const { status, said } = verifyWith(file, (bytes) => {
        bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << (index % 8)), place);
        return bytes;
      });
      expect([place, status, said]).toEqual([place, 1, expect.stringMatching(/"geslaagd":false/)]);
    }
  });

  it('do not hold under another root, or from another gateway than the one named', () => {
    const stranger = verifyKept(['--root', 'andere-root.pem']);
    expect(stranger.status).toBe(1);
    expect(failing(stranger)).toContain('certificaat');
    const other = verifyKept(['--root', 'root.pem', '--oin', '00000002003214436001']);
    expect(other.status).toBe(1);
    expect(failing(other)).toContain('afgever');
    expect(verifyKept(['--root', 'root.pem', '--oin', GATEWAY.oin]).status).toBe(0);
  });
});

/** One byte of a kept file becomes another; `fails` is the check that must notice. */
interface Change {
  readonly file: Kept;
  readonly to: (text: string) => string;
  readonly fails: string;
}

interface Verdict {
  readonly status: number | null;
  readonly said: string;
  readonly titles: readonly string[];
  readonly checks: readonly { readonly controle: string; readonly geslaagd: boolean }[];
}

/** Runs the command in the folder, with no environment but a path. */
function verifyKept(trust: readonly string[] = ['--root', 'root.pem']): Verdict {
  const [receipt, notice, bericht] = KEPT;
  const args = ['receipt', 'verify', receipt, notice, '--bericht', bericht, ...trust, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('dist/cli/main.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  const { bevestigingen } = JSON.parse(stdout === '' ? '{"bevestigingen":[]}' : stdout) as {
    readonly bevestigingen: readonly { readonly soort: string; readonly controles: Verdict['checks'] }[];
  };
  return {
    status,
    said: stdout.replace(/\s+/g, '') + stderr,
    titles: bevestigingen.map(({ soort }) => soort),
    checks: bevestigingen.flatMap(({ controles }) => controles),
  };
}

/** The verdict while one of the files is another. */
function verifyWith(file: Kept, change: (bytes: Buffer) => Buffer): Verdict {
  const good = readFileSync(join(folder, file));
  const bad = change(Buffer.from(good));
  expect(bad.equals(good)).toBe(false);
  keep(file, bad);
  try {
    return verifyKept();
  } finally {
    keep(file, good);
  }
}

function failing({ checks }: Verdict): readonly string[] {
  return checks.filter(({ geslaagd }) => !geslaagd).map(({ controle }) => controle);
}

function keep(name: string, content: string | Buffer): void {
  writeFileSync(join(folder, name), content);
}

/** One letter in the middle of a part becomes another of the same alphabet. */
function swapLetter(jws: string, part: number): string {
  const parts = jws.split('.');
  const text = String(parts[part]);
  const at = Math.floor(text.length / 2);
  parts[part] = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  return parts.join('.');
}

/** A recipient's signed receipt, made without the product. */
function answerSigned(push: ReceivedPush, signing: IssuedCertificate, oin: string): PushReply {
  const x5c = signing.chainPem
    .match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)
    ?.map((pem) => new X509Certificate(pem).raw.toString('base64'));
  const claims = {
    berichtId: push.headers['bericht-id'],
    digest: `SHA-256=${createHash('sha256').update(push.body).digest('base64')}`,
    ontvangerOin: oin,
    ontvangenOp: new Date().toISOString(),
  };
  const input = [{ alg: 'ES256', typ: 'ontvangerbevestiging+jwt', x5c }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = { key: createPrivateKey(signing.privateKeyPem), dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', Buffer.from(input), key).toString('base64url');
  return { status: 200, headers: { 'Content-Type': 'application/jose' }, body: `${input}.${signature}` };
}

function reach(port: number): Promise<void> {
  return new Promise((settle, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      settle();
    });
    socket.once('error', reject);
  });
}

const PLACES = 8;
