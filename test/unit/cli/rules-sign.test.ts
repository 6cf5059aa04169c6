import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createOutput } from '../../../cli/output.ts';
import { createProgram } from '../../../cli/program.ts';
import { judgeApproval } from '../../../gateway/codec/judge-approval.ts';
import { createTestPki } from '../../support/pki.ts';
import { signerOf } from '../../support/rule-signing.ts';

const NOW = Date.UTC(2026, 10, 25, 9, 30);
const pki = createTestPki(new Date(NOW));
const folder = mkdtempSync(join(tmpdir(), 'rules-sign-'));
const rules = join(folder, 'regels');

const issued = Object.fromEntries(
  ['jansen', 'devries'].map((name) => [
    name,
    pki.authority.issue({ organisation: 'Beheer', commonName: name, oins: [], usage: 'signing', keyKind: 'ec-p256' }),
  ]),
);

beforeAll(() => {
  for (const [name, { chainPem, privateKeyPem }] of Object.entries(issued)) {
    writeFileSync(join(folder, `${name}.pem`), chainPem);
    writeFileSync(join(folder, `${name}.key`), privateKeyPem);
  }
  writeFileSync(join(folder, 'geen.pem'), 'geen pem');
});
beforeEach(() => {
  rmSync(rules, { recursive: true, force: true });
  cpSync('routing-rules', rules, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly out: string;
  readonly code: number | undefined;
  readonly sentence: string | undefined;
}

async function run(...args: string[]): Promise<Ran> {
  const ran: { out: string; code: number | undefined } = { out: '', code: undefined };
  const sink = { colours: false, write: (text: string) => (ran.out += text) };
  const program = createProgram({
    output: createOutput(sink, sink),
    root: '.',
    signal: new AbortController().signal,
    onReload: () => undefined,
    now: () => NOW,
    exit: (code) => (ran.code = code),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return { ...ran, sentence: undefined };
  } catch (error) {
    return { ...ran, sentence: error instanceof Error ? error.message : 'no error' };
  }
}

const keys = (cert: string, key = cert): string[] => [
  ...['--certificaat', join(folder, `${cert}.pem`)],
  ...['--sleutel', join(folder, `${key}.key`)],
];
const sign = (name = 'jansen', key = name): Promise<Ran> =>
  run('rules', 'sign', rules, '--omgeving', 'productie', ...keys(name, key));
const load = (name = 'devries'): Promise<Ran> => run('rules', 'load', rules, ...keys(name));
const change = (): void => {
  const path = join(rules, 'opvolging.yaml');
  writeFileSync(path, `# gewijzigd\n${readFileSync(path, 'utf8')}`);
};

describe('rules sign and rules load', () => {
  it('make a set that a gateway takes', async () => {
    const signed = await sign();
    expect([signed.code, signed.out]).toEqual([0, expect.stringMatching(/opgesteld\.jws: ondertekend door jansen \(/)]);
    const loaded = await load();
    expect(loaded.out).toMatch(/opgesteld door jansen \(.*25 november 2026.*voor productie/);
    expect([loaded.code, loaded.out]).toEqual([0, expect.stringMatching(/geladen\.jws: ondertekend door devries \(/)]);
    const files = new Map(
      ['opgesteld.jws', 'geladen.jws', ...ruleNames()].map((path) => [path, readFileSync(join(rules, path), 'utf8')]),
    );
    const signers = [signerOf('J', issued['jansen']!), signerOf('V', issued['devries']!)];
    const demand = { signers, environment: 'productie', now: NOW + 1, inForce: undefined } as const;
    expect(judgeApproval(files, demand)).toMatchObject({ ok: true, value: { draftedAt: NOW, loadedAt: NOW } });
    expect(statSync(join(rules, 'geladen.jws')).mode & 0o777).toBe(0o644);
  });

  it('are shown by rules check, which finds what was changed since', async () => {
    await sign();
    await load();
    const good = await run('rules', 'check', rules);
    expect(good.code).toBe(0);
    expect(good.out).toMatch(
      /✓ opgesteld\.jws {2}opgesteld door jansen \(.*voor productie\n.*✓ geladen\.jws {2}geladen door devries/,
    );
    writeFileSync(join(rules, 'noodstop.yaml'), 'deelnemers: []\nberichttypen: [vtoDi01]\n');
    expect((await run('rules', 'check', rules)).code).toBe(0);
    change();
    const bad = await run('rules', 'check', rules);
    expect([bad.code, bad.out]).toEqual([1, expect.stringMatching(/✗ geladen\.jws .*hoort bij andere regels/)]);
    const json = await run('rules', 'check', rules, '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      geldig: true,
      ondertekening: [
        {
          soort: 'opgesteld',
          geldig: false,
          door: 'jansen',
          omgeving: 'productie',
          tijdstip: '2026-11-25T09:30:00.000Z',
        },
        { soort: 'geladen', geldig: false, door: 'devries' },
      ],
    });
    await sign();
    expect((await run('rules', 'check', rules)).out).not.toContain('geladen.jws');
  });

  it('show a load of another draft, and what is no signature', async () => {
    await sign();
    await load();
    const kept = readFileSync(join(rules, 'geladen.jws'));
    await sign('devries');
    writeFileSync(join(rules, 'geladen.jws'), kept);
    expect((await run('rules', 'check', rules)).out).toMatch(/✗ geladen\.jws .*hoort bij een andere opgesteld\.jws/);
    writeFileSync(join(rules, 'geladen.jws'), 'x');
    const json = await run('rules', 'check', rules, '--json');
    expect(json.out).toContain('is geen handtekening onder regels');
    expect((await run('rules', 'check', rules)).out).toMatch(/✗ geladen\.jws {2}is geen handtekening onder regels/);
  });

  it.each<[string, () => Promise<Ran>, RegExp]>([
    ['loading before signing', () => load(), /is niet ondertekend: laat wie de regels opstelde/],
    [
      'loading by the one who signed',
      async () => (await sign(), load('jansen')),
      /kan ze niet ook laden: laat een ander/,
    ],
    [
      'loading what was changed since',
      async () => (await sign(), change(), load()),
      /gewijzigd nadat zij ondertekend zijn/,
    ],
    ['a key of another certificate', () => sign('jansen', 'devries'), /horen niet bij elkaar/],
    ['a certificate that is none', () => sign('geen', 'jansen'), /geen\.pem is geen PEM/],
    ['a key that is none', () => run('rules', 'load', rules, '--certificaat', 'x'), /--sleutel <pem>/],
    [
      'an omgeving that is none',
      () => run('rules', 'sign', rules, '--omgeving', 'proef', ...keys('jansen')),
      /productie, acceptatie/,
    ],
  ])('refuse %s', async (_what, attempt, sentence) => {
    expect((await attempt()).sentence).toMatch(sentence);
  });

  it('refuse a key with a password, a signature that is none and rules that are not right', async () => {
    writeFileSync(join(folder, 'kapot.key'), 'x');
    expect((await sign('jansen', 'kapot')).sentence).toMatch(/kapot\.key is geen PEM zonder wachtwoord/);
    writeFileSync(join(rules, 'opgesteld.jws'), 'x');
    expect((await load()).sentence).toBe('opgesteld.jws is geen handtekening onder regels.');
    writeFileSync(join(rules, 'deelnemers.yaml'), 'deelnemers: 1\n');
    expect((await sign()).sentence).toMatch(/kloppen niet \(1 keer\): zie doorgeefluik rules check/);
  });
});

function ruleNames(): readonly string[] {
  const names = ['deelnemers', 'aansluitpunten', 'machtigingen', 'berichttypen', 'verzendmatrix', 'doelbinding'];
  const all = [...names, 'opvolging', 'noodstop'];
  return all.flatMap((name) => [`${name}.yaml`, `schemas/${name}.schema.json`]);
}
