import { constants, createHash, createPrivateKey, sign, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { GATEWAY } from '../../certs-dev/participants.ts';
import { writeIdentity } from '../../certs-dev/store.ts';
import { digestHeaderOf, signDetached } from '../../gateway/codec/detached-signature.ts';
import { readFences } from '../support/page.ts';
import { runSteps } from '../support/shell-session.ts';
import type { SessionResult, ShellSession } from '../support/shell-session.ts';
import { freshExample } from '../support/signed.ts';
import type { SignedBericht } from '../support/signed.ts';
import { claimsOf, openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';
import { needTools } from '../support/tools.ts';

const PAGE = 'docs/aansluiten.md';
const FENCES = readFences(PAGE);
const BLOCKS = FENCES.filter(({ language }) => language === 'sh').map(({ text }) => text);
const STEP = {
  prepare: blockWith('> vto.xml'),
  route: blockWith('/v1/routering'),
  sign: blockWith('SIGNATURE='),
  submit: blockWith('@vto.xml'),
  verify: blockWith('verify_receipt()'),
  status: blockWith('> eindbericht.jws'),
  link: blockWith('BIJ='),
  enveloped: blockWith('xmlsec1 --sign'),
  pull: blockWith('/v1/postbus?'),
  pulled: blockWith('de bytes kloppen'),
  confirm: blockWith('/bevestiging"'),
  offline: blockWith('receipt verify'),
  input: blockWith('> voorbeeld.txt'),
  example: blockWith('HANDTEKENING='),
} as const;

// What comes before makes a bericht of its own each time.
const FIRST = STEP.prepare + 1;

let bed: Testbed;

beforeAll(async () => {
  needTools(['bash', 'curl', 'openssl', 'xmlsec1']);
  bed = await openTestbed();
});
afterAll(() => bed.close());

describe(PAGE, () => {
  it('has only blocks that are run and blocks that hold no command', () => {
    expect(new Set(FENCES.map(({ language }) => language))).toEqual(new Set(['sh', 'text']));
    const illustrations = FENCES.filter(({ language }) => language !== 'sh').map(({ text }) => text);
    expect(illustrations.filter((text) => COMMAND.test(text))).toEqual([]);
    // Four spaces would be a block as well, without a fence to find it by.
    expect(readFileSync(PAGE, 'utf8').replace(/^```[^]*?^```$/gm, '')).not.toMatch(/^(?: {4}|\t)/m);
  });
});

describe.each(['bash', 'sh'])('docs/aansluiten.md, followed in %s', (shell) => {
  let session: ShellSession;
  let pulled: SignedBericht;
  let pulledId: string;
  let before: { readonly rvdk: number; readonly gi: number };
  let done: SessionResult;

  beforeAll(async () => {
    session = openSession(shell);
    pulled = notificatie();
    pulledId = String((await bed.submit('rvdk', pulled)).json()['berichtId']);
    before = { rvdk: bed.rvdk.received.length, gi: bed.gi.received.length };
    done = await runSteps(session, BLOCKS);
  });
  afterAll(() => {
    rmSync(session.folder, { recursive: true });
  });

  const step = (name: keyof typeof STEP): string => String(done.steps[STEP[name]]?.output);
  const file = (name: string): Buffer => readFileSync(join(session.folder, name));

  it('runs every command without an error or a complaint', () => {
    expect(done.steps.map(({ status }) => status)).toEqual(BLOCKS.map(() => 0));
    expect(done.errors).toBe('');
  });

  it('asks what may be sent and where it would go', () => {
    expect(JSON.parse(step('route'))).toMatchObject({
      toegestaan: true,
      ontvanger: { oin: bed.pki.participant('rvdk').oin },
      stuf: { applicatie: 'RvdK-applicatie' },
    });
  });

  it('submits both berichten, and each reaches its recipient byte for byte', async () => {
    expect(step('submit')).toBe('202');
    expect(step('enveloped')).toMatch(/^202\n/);
    await bed.gi.waitFor(before.gi + 1);
    expect(bed.rvdk.received.slice(before.rvdk).map(({ body }) => body)).toEqual([file('vto.xml')]);
    expect(bed.gi.received.slice(before.gi).map(({ body }) => body)).toEqual([file('ondertekend.xml')]);
  });

  it.each(['verify', 'status', 'enveloped'] as const)('lets openssl verify chain, OIN and signature (%s)', (name) => {
    const [line] = /^keten\.pem: OK\n +serialNumber += (\d{20})\nVerified OK\n\{/m.exec(step(name)) ?? [];
    expect(line).toContain(GATEWAY.oin);
  });

  it('signs so that a recipient needs nothing but the root', async () => {
    const [push] = bed.rvdk.received.slice(before.rvdk);
    const [header = '', , signature = ''] = String(push?.headers['payload-signature']).split('.');
    const { publicKey } = leafVerified(header, bed.pki.participant('gemeente-arnhem').oin);
    const pss = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const input = Buffer.from(`${header}.digest: ${String(push?.headers['digest'])}`);
    expect(verify('sha256', input, pss, Buffer.from(signature, 'base64url'))).toBe(true);
    const { steps } = await runSteps(session, ['xmlsec1 --verify --trusted-pem "$CA" ondertekend.xml 2>&1']);
    expect(steps[0]).toMatchObject({ status: 0, output: expect.stringMatching(/^OK$/m) });
  });

  it('ends with receipts that hold and belong together', () => {
    const receipt = claimsVerified(file('bevestiging.jws'));
    const notice = claimsVerified(file('eindbericht.jws'));
    const sent = file('vto.xml');
    expect(receipt).toMatchObject({
      afzenderOin: bed.pki.participant('gemeente-arnhem').oin,
      ontvangerOin: bed.pki.participant('rvdk').oin,
      digest: `SHA-256=${createHash('sha256').update(sent).digest('base64')}`,
    });
    expect(notice).toMatchObject({
      berichtId: receipt['berichtId'],
      toestand: 'afgeleverd',
      bij: [createHash('sha256').update(file('bevestiging.jws').toString().trim()).digest('base64url')],
    });
    expect(step('verify')).toMatch(/\nde bevestiging gaat over dit bericht$/);
    expect(step('link')).toBe('het eindbericht hoort bij deze bevestiging');
    expect(JSON.parse(file('eindbericht.json').toString())).toEqual(notice);
  });

  it('pulls a bericht byte for byte, verifies its sender and confirms it', async () => {
    expect(file('bericht.bin').equals(pulled.body)).toBe(true);
    const { oin } = bed.pki.participant('rvdk');
    expect(step('pull')).toBe('200');
    expect(step('pulled')).toMatch(
      new RegExp(`^de bytes kloppen\nketen\\.pem: OK\n +serialNumber += ${oin}\nVerified OK$`),
    );
    expect(step('confirm')).toBe('204');
    const status = (await bed.get('rvdk', `/v1/berichten/${pulledId}?wacht=10`)).json();
    expect(status['status']).toBe('afgeleverd');
  });

  it('verifies the kept receipts with the command', () => {
    expect(step('offline')).toContain('✓ Ontvangstbevestiging');
    expect(step('offline')).toContain('✓ Eindbericht');
    expect(step('offline')).not.toContain('✗');
  });

  it('makes the signing input of the worked example, and verifies its signature', () => {
    const [shown] = FENCES.filter(({ language }) => language === 'text');
    expect(`${step('input')}\n`).toBe(shown?.text);
    const x5t = /"x5t#S256":"([^"]+)"/.exec(String(BLOCKS[STEP.input]))?.[1];
    expect(step('example')).toBe(`${String(x5t)}\nVerified OK`);
  });

  it('answers the same submission again with 200 and the same facts', async () => {
    const again = await runSteps(session, [...BLOCKS.slice(FIRST, STEP.verify), 'cat antwoord.json']);
    expect(again.steps[STEP.submit - FIRST]?.output).toBe('200');
    const { berichtId } = claimsOf(file('bevestiging.jws'));
    expect(JSON.parse(String(again.steps.at(-1)?.output))).toMatchObject({ berichtId });
    expect(bed.rvdk.received.length).toBe(before.rvdk + 1);
  });

  it('offers every certificate whole, also when its base64 spells END', async () => {
    const other = openSession(shell);
    const chain = spellsEnd();
    writeFileSync(join(String(other.variables['IK']), 'signing.pem'), chain.pem);
    const { steps } = await runSteps(other, [...BLOCKS.slice(0, STEP.submit), `printf '[%s]' "$X5C"`]);
    rmSync(other.folder, { recursive: true });
    expect(JSON.parse(String(steps.at(-1)?.output))).toEqual(chain.x5c);
  });

  it('is refused with ERR_SIGNATURE_DIGEST when one byte changes after signing', async () => {
    const other = openSession(shell);
    const { steps } = await runSteps(other, [
      ...BLOCKS.slice(0, STEP.submit),
      'sed s/Felsen/Felser/ vto.xml > veranderd.xml && ! cmp -s vto.xml veranderd.xml && mv veranderd.xml vto.xml',
      ...BLOCKS.slice(STEP.submit, STEP.submit + 1),
      'cat antwoord.json',
    ]);
    rmSync(other.folder, { recursive: true });
    expect(steps.at(-2)?.output).toBe('422');
    expect(JSON.parse(String(steps.at(-1)?.output))).toMatchObject({ code: 'ERR_SIGNATURE_DIGEST' });
    expect(bed.rvdk.received.length).toBe(before.rvdk + 1);
  });

  it.each<[string, (receipt: string, notice: string) => { readonly receipt: string; readonly root?: string }]>([
    ['a letter of its content changed', (receipt) => ({ receipt: changeLetter(receipt, 1) })],
    ['a letter of its signature changed', (receipt) => ({ receipt: changeLetter(receipt, 2) })],
    ['the header of another receipt', (receipt, notice) => ({ receipt: withPart(receipt, 0, notice) })],
    ['another kind of receipt', (_receipt, notice) => ({ receipt: notice })],
    ['an empty signature', (receipt) => ({ receipt: receipt.slice(0, receipt.lastIndexOf('.') + 1) })],
    ['another root', (receipt) => ({ receipt, root: bed.pki.other.rootPem })],
    [
      'the same content signed by a participant',
      (receipt) => ({ receipt: forge(receipt, bed.pki.participant('rvdk').signing) }),
    ],
    ['nothing at all', () => ({ receipt: '' })],
  ])('does not take a receipt with %s', async (_name, tamper) => {
    const good = file('bevestiging.jws').toString().trim();
    const bad = tamper(good, file('eindbericht.jws').toString().trim());
    const root = join(session.folder, 'wortel.pem');
    writeFileSync(root, bad.root ?? bed.pki.authority.rootPem);
    const check = (receipt: string): string =>
      `rm -f ontvangstbevestiging.json; verify_receipt ontvangstbevestiging '${receipt}'`;

    const variables = { ...session.variables, CA: root };
    const { steps } = await runSteps({ ...session, variables }, [
      String(BLOCKS[STEP.sign]),
      String(BLOCKS[STEP.verify]),
      check(bad.receipt),
      `CA='${String(session.variables['CA'])}'; ${check(good)}`,
    ]);

    const [verdict, control] = steps.slice(-2);
    expect(verdict?.status).not.toBe(0);
    expect(verdict?.output).not.toContain('{');
    // The same words do take the receipt as it was given.
    expect(control).toMatchObject({ status: 0, output: expect.stringContaining('Verified OK') });
  });

  it('does not take a receipt under a root that only the system trusts', async () => {
    const stranger = bed.pki.other.issue({
      ...GATEWAY,
      commonName: 'doorgeefluik',
      oins: [GATEWAY.oin],
      ...FOR_SIGNING,
    });
    const forged = forge(file('bevestiging.jws').toString(), stranger);
    writeFileSync(join(session.folder, 'vreemd.pem'), stranger.chainPem);
    writeFileSync(join(session.folder, 'vreemde-wortel.pem'), bed.pki.other.rootPem);
    const { steps } = await runSteps(session, [
      'mkdir systeem && cp vreemde-wortel.pem "systeem/$(openssl x509 -in vreemde-wortel.pem -noout -hash).0"',
      'export SSL_CERT_DIR="$PWD/systeem"; openssl verify -CAfile "$CA" -untrusted vreemd.pem vreemd.pem',
      String(BLOCKS[STEP.sign]),
      String(BLOCKS[STEP.verify]),
      `verify_receipt ontvangstbevestiging '${forged}' 2>&1`,
    ]);
    // The system does trust it: what refuses is the page.
    expect(steps[1]).toEqual({ status: 0, output: 'vreemd.pem: OK' });
    expect(steps.at(-1)?.status).not.toBe(0);
    expect(steps.at(-1)?.output).toContain('verification failed');
  });
});

function blockWith(words: string): number {
  const found = BLOCKS.flatMap((text, index) => (text.includes(words) ? [index] : []));
  const [index] = found;
  if (index === undefined || found.length > 1) throw new Error(`not exactly one block of ${PAGE} has ${words}`);
  return index;
}

let endSpelled: { readonly pem: string; readonly x5c: readonly string[] } | undefined;

/** A chain in which a certificate has END in its base64, and what belongs in `x5c`; one in a hundred or so does. */
function spellsEnd(): { readonly pem: string; readonly x5c: readonly string[] } {
  const { privateKeyPem } = bed.pki.participant('gemeente-arnhem').signing;
  while (endSpelled === undefined) {
    const pem = bed.pki.authority.issue({
      ...GATEWAY,
      ...FOR_SIGNING,
      commonName: 'x',
      oins: [],
      privateKeyPem,
    }).chainPem;
    const blocks = pem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? [];
    const lines = blocks.map((block) => block.split('\n').slice(1, -1));
    if (lines.flat().some((line) => line.includes('END'))) endSpelled = { pem, x5c: lines.map((one) => one.join('')) };
  }
  return endSpelled;
}

/** A fresh folder with the two berichten, certificates in the folders that certs-dev makes, and the variables of the page. */
function openSession(shell: string): ShellSession {
  const folder = mkdtempSync(join(tmpdir(), 'aansluiten-'));
  const certificates = mkdtempSync(join(folder, 'certificaten-'));
  for (const name of ['gemeente-arnhem', 'rvdk'] as const) {
    const { tls, signing } = bed.pki.participant(name);
    writeIdentity(certificates, name, { tls, signing });
  }
  writeFileSync(join(certificates, 'root.pem'), bed.pki.authority.rootPem);
  return {
    shell,
    folder,
    variables: {
      KOPIE: process.cwd(),
      URL: `https://localhost:${String(bed.gateway.port())}`,
      DOORGEEFLUIK: GATEWAY.oin,
      CA: join(certificates, 'root.pem'),
      IK: join(certificates, 'gemeente-arnhem'),
      RVDK: join(certificates, 'rvdk'),
    },
  };
}

/** The claims of a receipt, verified by node:crypto up to the root. */
function claimsVerified(jws: Buffer): Record<string, unknown> {
  const [header = '', payload = '', signature = ''] = jws.toString().trim().split('.');
  const key = { key: leafVerified(header, GATEWAY.oin).publicKey, dsaEncoding: 'ieee-p1363' } as const;
  expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  return claimsOf(jws.toString());
}

/** The first certificate in a JWS header: of this OIN, under the root through the others in it. */
function leafVerified(header: string, oin: string): X509Certificate {
  const { x5c } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly x5c: readonly [string] };
  const chain = x5c.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
  const issuers = [...chain.slice(1), new X509Certificate(bed.pki.authority.rootPem)];
  expect(chain.map((one, index) => one.verify(issuers[index]!.publicKey))).toEqual(chain.map(() => true));
  const leaf = chain[0]!;
  expect(leaf.subject.split('\n')).toContain(`serialNumber=${oin}`);
  return leaf;
}

/** A bericht for gemeente Arnhem, signed with the whole chain in `x5c`: verified with the root alone. */
function notificatie(): SignedBericht {
  const { text, kenmerk } = freshExample('notificatieDi01', 'intake-afgerond.xml');
  const body = Buffer.from(text);
  const { privateKeyPem, chainPem } = bed.pki.participant('rvdk').signing;
  const digest = createHash('sha256').update(body).digest('base64');
  const signature = signDetached({ digest, privateKeyPem, chainPem, signedAt: Date.now() });
  const headers = { 'Content-Type': 'application/xml', Digest: digestHeaderOf(body), 'Payload-Signature': signature };
  return { body, kenmerk, headers };
}

/** The receipt with one letter in the middle of a part replaced. */
function changeLetter(receipt: string, part: number): string {
  const text = String(receipt.split('.')[part]);
  const at = Math.floor(text.length / 2);
  return withPart(receipt, part, `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`);
}

/** The receipt with a part replaced by the same part of another, or by this text. */
function withPart(receipt: string, part: number, by: string): string {
  const parts = receipt.split('.');
  parts[part] = by.includes('.') ? String(by.split('.')[part]) : by;
  return parts.join('.');
}

/** What the receipt says, truly signed, with another certificate than the gateway's. */
function forge(receipt: string, { privateKeyPem, chainPem }: IssuedCertificate): string {
  const x5c = chainPem
    .match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)
    ?.map((pem) => new X509Certificate(pem).raw.toString('base64'));
  const header = JSON.stringify({ alg: 'ES256', typ: 'ontvangstbevestiging+jwt', x5c });
  const input = `${Buffer.from(header).toString('base64url')}.${String(receipt.split('.')[1])}`;
  const key = { key: createPrivateKey(privateKeyPem), dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

const COMMAND = /^\s*(?:\$ |(?:curl|openssl|xmlsec1|doorgeefluik|npm|node|printf|call)\b|[A-Z_]+=)/m;
const FOR_SIGNING = { usage: 'signing', keyKind: 'ec-p256' } as const;
