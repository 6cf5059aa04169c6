import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { runCli } from '../support/cli-process.ts';
import type { CliResult } from '../support/cli-process.ts';
import { prepareGateway } from '../support/gateway-process.ts';
import { call, until } from '../support/http-party.ts';
import type { WireAnswer } from '../support/http-party.ts';
import { createTestPki } from '../support/pki.ts';
import { freshExample, signedDetached } from '../support/signed.ts';

const pki = createTestPki();
const gateway = prepareGateway({
  pki,
  config: {
    regelondertekening: {
      personen: [
        { naam: 'A. Jansen', certificaten: ['jansen.pem'] },
        { naam: 'B. de Vries', certificaten: ['devries.pem'] },
      ],
    },
  },
});
const rules = join(gateway.folder, 'regels');
const at = (name: string): string => join(gateway.folder, name);

beforeAll(() => {
  for (const name of ['jansen', 'devries']) {
    const who = { organisation: 'Beheer', commonName: name, oins: [] };
    const issued = pki.authority.issue({ ...who, usage: 'signing', keyKind: 'ec-p256' });
    writeFileSync(at(`${name}.pem`), issued.chainPem);
    writeFileSync(at(`${name}.key`), issued.privateKeyPem);
  }
});
afterAll(async () => {
  await gateway.kill('SIGKILL');
  rmSync(gateway.folder, { recursive: true, force: true });
});

const keys = (name: string): string[] => ['--certificaat', at(`${name}.pem`), '--sleutel', at(`${name}.key`)];
const sign = (name: string): Promise<CliResult> =>
  runCli('rules', 'sign', rules, '--omgeving', 'ontwikkeling', ...keys(name));
const load = (name: string): Promise<CliResult> => runCli('rules', 'load', rules, ...keys(name));

async function signBoth(): Promise<void> {
  expect((await sign('jansen')).code).toBe(0);
  expect((await load('devries')).code).toBe(0);
}

/** Asks for a reload; resolves to what the gateway said of it and to its log since. */
async function reload(): Promise<{ readonly said: string; readonly log: string }> {
  const before = gateway.output().length;
  process.kill(Number(gateway.pid()), 'SIGHUP');
  const said = /doorgeefluik: de (?:nieuwe )?regels [^\n]*/;
  const log = (): string => gateway.output().slice(before);
  await until(() => said.test(log()) && /"Rules(?:Loaded|Refused)"/.test(log()), 60_000, 'what came of the reload');
  return { said: String(said.exec(log())?.[0]), log: log() };
}

function edit(name: string, change: (text: string) => string): void {
  const path = join(rules, `${name}.yaml`);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

function submit(): Promise<WireAnswer> {
  const { tls, signing } = pki.participant('gemeente-arnhem');
  const { body, headers } = signedDetached(freshExample('vtoDi01', 'minimaal.xml'), signing, 'xml');
  const party = { tls, ca: pki.authority.rootPem + pki.authority.intermediatePem };
  return call(party, { port: gateway.port(), method: 'POST', path: '/v1/berichten', headers, body });
}

const KEPT = /de oude blijven gelden/;

describe('rules that two persons must sign', () => {
  it('keep the gateway from starting without signatures', async () => {
    await expect(gateway.start()).rejects.toThrow(/niet door twee personen ondertekend: opgesteld\.jws ontbreekt/);
  });

  it('keep the gateway from starting with one person’s', async () => {
    await sign('jansen');
    await expect(gateway.start()).rejects.toThrow(/ondertekend: geladen\.jws ontbreekt/);
  });

  it('are taken with both, of two persons', async () => {
    expect((await load('jansen')).errors).toMatch(/laat een ander dit doen/);
    expect((await load('devries')).code).toBe(0);
    cpSync(rules, at('eerste'), { recursive: true });
    await gateway.start();
    expect((await submit()).status).toBe(202);
  });

  it('stay in force when others come without signatures, with the alarm', async () => {
    edit('verzendmatrix', (text) => text.replace('[GEMEENTE, GI, JEUGD', '[GI, JEUGD'));
    const { said, log } = await reload();
    expect(said).toMatch(KEPT);
    expect(log).toMatch(/"level":"error"[^\n]*"RulesRefused"[^\n]*opgesteld\.jws hoort bij andere regels/);
    expect((await submit()).status).toBe(202);
  });

  it('give way to others when both have signed', async () => {
    await signBoth();
    expect((await reload()).said).toBe('doorgeefluik: de nieuwe regels gelden');
    expect((await submit()).json()['code']).toBe('ERR_ROUTE_NONE');
    const shown = await runCli('audit', 'show', at('register'));
    expect(shown.out).toMatch(/regels geladen +regelset [0-9a-f]{12}, opgesteld met \S{12}, geladen met \S{12}/);
  });

  it('can’t be put back by one person, not by a restart either', async () => {
    rmSync(rules, { recursive: true });
    cpSync(at('eerste'), rules, { recursive: true });
    const { said, log } = await reload();
    expect([said, log]).toEqual([
      expect.stringMatching(KEPT),
      expect.stringMatching(/eerder opgesteld dan die nu gelden/),
    ]);
    expect((await load('devries')).code).toBe(0);
    expect((await reload()).said).toMatch(KEPT);
    await gateway.kill('SIGTERM');
    await expect(gateway.start()).rejects.toThrow(/eerder opgesteld dan die nu gelden/);
    await signBoth();
    await gateway.start();
    expect((await submit()).status).toBe(202);
  });

  it('let one person stop a type at once, and go on again', async () => {
    edit('noodstop', () => 'deelnemers: []\nberichttypen: [vtoDi01]\n');
    expect((await reload()).said).toBe('doorgeefluik: de nieuwe regels gelden');
    const stopped = await submit();
    expect([stopped.status, stopped.json()['code'], stopped.headers['retry-after']]).toEqual([
      503,
      'ERR_EMERGENCY_STOP',
      '3600',
    ]);
    edit('noodstop', () => 'deelnemers: []\nberichttypen: []\n');
    await reload();
    expect((await submit()).status).toBe(202);
  });
});
