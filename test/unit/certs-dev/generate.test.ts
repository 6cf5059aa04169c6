import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BAD_NAMES } from '../../../certs-dev/bad-identities.ts';
import { hasCurrentPki, readAuthority, revoke, writeDevelopmentPki } from '../../../certs-dev/generate.ts';
import { PARTICIPANTS } from '../../../certs-dev/participants.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const LATER = new Date('2029-01-01T00:00:00Z');

let base = '';
let out = '';
const lines: string[] = [];
let elapsed = 0;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'doorgeefluik-certs-'));
  out = join(base, 'out');
  const start = process.cpuUsage();
  writeDevelopmentPki(out, { now: NOW, includeBad: true, report: (line) => lines.push(line) });
  const { user, system } = process.cpuUsage(start);
  elapsed = (user + system) / 1000;
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());

const PAIRS = [
  ...['root', 'intermediate'].map((use) => `ca/${use}`),
  ...['server', 'client', 'signing', 'checkpoint'].map((use) => `gateway/${use}`),
  ...[...PARTICIPANTS.map(({ name }) => name), ...BAD_NAMES.map((name) => `slecht/${name}`)].flatMap((name) => [
    `${name}/tls`,
    `${name}/signing`,
  ]),
].flatMap((path) => [`${path}.key`, `${path}.pem`]);
const EXPECTED = [...PAIRS, 'ca/root.crl.pem', 'ca/intermediate.crl.pem'];

describe('the development PKI', () => {
  it('has exactly the files that are promised, and says what it made', () => {
    expect(filesOf(out).sort()).toEqual([...EXPECTED].sort());
    expect(lines).toHaveLength(2 + PARTICIPANTS.length + BAD_NAMES.length);
  });

  it('shows its keys to the owner alone', () => {
    for (const path of filesOf(out)) expect([path, modeOf(join(out, path))]).toEqual([path, modeFor(path)]);
    for (const folder of [out, join(out, 'ca'), join(out, 'gateway'), join(out, 'slecht', 'verlopen')]) {
      expect(modeOf(folder)).toBe(0o700);
    }
  });

  it('takes well under five seconds of work to make', () => {
    expect(elapsed).toBeLessThan(5000);
  });

  it('leaves out the bad ones unless asked', () => {
    const folder = join(base, 'good');
    writeDevelopmentPki(folder, { now: NOW });
    expect(existsSync(join(folder, 'slecht'))).toBe(false);
    expect(hasCurrentPki(folder, { now: NOW })).toBe(true);
    expect(hasCurrentPki(folder, { now: NOW, includeBad: true })).toBe(false);
  });

  it('lets more be issued by its own authority', () => {
    const issued = readAuthority(out, { now: NOW }).issue({
      organisation: 'Nieuw',
      commonName: 'nieuw',
      oins: ['00000099000000003000'],
      usage: 'tls-client',
      keyKind: 'ec-p256',
    });
    const intermediate = new X509Certificate(readFileSync(join(out, 'ca', 'intermediate.pem')));
    expect(new X509Certificate(issued.certificatePem).verify(intermediate.publicKey)).toBe(true);
  });
});

describe('revoke', () => {
  const revoked = (folder: string, level: string): string =>
    execFileSync('openssl', ['crl', '-noout', '-text', '-in', join(folder, 'ca', `${level}.crl.pem`)]).toString();
  const certificate = (folder: string, name: string): X509Certificate =>
    new X509Certificate(readFileSync(join(folder, `${name}.pem`)));

  it('puts a certificate on the list of its authority, once, and keeps the others there', () => {
    const folder = join(base, 'revoked');
    writeDevelopmentPki(folder, { now: NOW });
    const [tls, signing] = ['rvdk/tls', 'cjib/signing'].map((name) => certificate(folder, name));
    const intermediate = certificate(folder, 'ca/intermediate');
    for (const one of [tls, signing, intermediate]) expect(revoke(folder, String(one), { now: NOW })).toBe('revoked');
    expect(revoke(folder, String(tls), { now: NOW })).toBe('already');
    expect(revoked(folder, 'intermediate')).toContain(`Serial Number: ${String(tls?.serialNumber)}`);
    expect(revoked(folder, 'intermediate')).toContain(`Serial Number: ${String(signing?.serialNumber)}`);
    expect(revoked(folder, 'intermediate')).toMatch(/CRL Number: \n\s+3\n/);
    expect(revoked(folder, 'root')).toContain(`Serial Number: ${intermediate.serialNumber}`);
    expect(hasCurrentPki(folder, { now: NOW })).toBe(true);
  });

  it('knows what another authority issued', () => {
    const theirs = readFileSync(join(out, 'slecht', 'andere-ca', 'tls.pem'), 'utf8');
    expect(revoke(out, theirs, { now: NOW })).toBe('other-authority');
    expect(revoke(out, '', { now: NOW })).toBe('other-authority');
  });
});

describe('a written set', () => {
  it('is current while its certificates are valid', () => {
    expect(hasCurrentPki(out, { now: NOW, includeBad: true })).toBe(true);
    expect(hasCurrentPki(out, { now: LATER, includeBad: true })).toBe(false);
    expect(hasCurrentPki(out, { now: new Date('2026-11-22T08:00:00Z') })).toBe(false);
    expect(hasCurrentPki(join(base, 'nothing'), { now: NOW })).toBe(false);
  });

  it.each([
    'ca/root.pem',
    'ca/intermediate.pem',
    'ca/intermediate.crl.pem',
    'gateway/signing.key',
    'rvdk/tls.pem',
    'cjib/signing.key',
  ])('is not current with another %s', (path) => {
    const [mine, theirs] = [join(out, path), join(base, 'theirs')];
    if (!existsSync(theirs)) writeDevelopmentPki(theirs, { now: NOW });
    const kept = readFileSync(mine);
    writeFileSync(mine, readFileSync(join(theirs, path)));
    const current = hasCurrentPki(out, { now: NOW });
    writeFileSync(mine, kept);
    expect([current, hasCurrentPki(out, { now: NOW })]).toEqual([false, true]);
  });

  it('is replaced whole, and wide modes with it', () => {
    const folder = join(base, 'again');
    writeDevelopmentPki(folder, { now: NOW });
    const key = join(folder, 'rvdk', 'tls.key');
    const before = readFileSync(key, 'utf8');
    chmodSync(key, 0o644);
    chmodSync(join(folder, 'rvdk'), 0o755);
    writeDevelopmentPki(folder, { now: LATER });
    expect(readFileSync(key, 'utf8')).not.toBe(before);
    expect([modeOf(key), modeOf(join(folder, 'rvdk'))]).toEqual([0o600, 0o700]);
    expect(hasCurrentPki(folder, { now: LATER })).toBe(true);
  });
});

const modeFor = (path: string): number => (path.endsWith('.key') ? 0o600 : 0o644);
