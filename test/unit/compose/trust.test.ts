import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import type { RevocationFile } from '../../../gateway/codec/gateway-config.ts';
import { loadConfig, loadIssuer, loadTrustSource } from '../../../gateway/compose-config.ts';
import { createReceipts } from '../../../gateway/compose-receipts.ts';
import { composeTrust } from '../../../gateway/compose-standing.ts';
import { loadAuthorities } from '../../../gateway/compose-trust.ts';
import { ConfigurationFault } from '../../../gateway/ports/faults.ts';
import type { WatchedAuthority } from '../../../gateway/services/watch-revocation.ts';
import { prepareGateway } from '../../support/gateway-process.ts';
import { createTestPki } from '../../support/pki.ts';
import { revocationOf } from '../../support/revocation.ts';
import { createTestClock } from '../../support/test-clock.ts';

const pki = createTestPki();
const now = performance.timeOrigin + performance.now();
const folders = [mkdtempSync(join(tmpdir(), 'trust-'))];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function load(environment: string, intrekking?: readonly RevocationFile[]): readonly WatchedAuthority[] {
  const vertrouwen = {
    ...{ wortels: ['root.pem'], tussencertificaten: ['intermediate.pem'] },
    ...(intrekking === undefined ? {} : { intrekking }),
  };
  const { folder, configPath } = prepareGateway({ pki, environment, config: { vertrouwen } });
  folders.push(folder);
  writeFileSync(join(folder, 'two.pem'), pki.authority.rootPem + pki.authority.intermediatePem);
  writeFileSync(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const config = loadConfig(configPath);
  return loadAuthorities(config, composeTrust(loadTrustSource(config)));
}

const row = (level: string): RevocationFile => ({ uitgever: `${level}.pem`, bron: `${level}.crl.pem` });

function explain(work: () => unknown): string {
  try {
    work();
    return 'nothing';
  } catch (fault) {
    return fault instanceof ConfigurationFault ? fault.explanation : String(fault);
  }
}

describe('the authorities whose lists are kept fresh', () => {
  it('are those of the configuration, with its times or ours', () => {
    const [root, intermediate] = load('ontwikkeling', [
      row('root'),
      { uitgever: 'intermediate.pem', bron: 'http://127.0.0.1/crl', verversen: 60, alarm: 30, respijt: 5 },
    ]);
    expect(root).toMatchObject({ refreshMs: 3_600_000, alarmMs: 21_600_000, graceMs: 0, source: { isLocal: true } });
    expect(intermediate).toMatchObject({
      refreshMs: 60_000,
      alarmMs: 30_000,
      graceMs: 5_000,
      source: { isLocal: false },
    });
  });

  it('may be none outside productie, and are all of them in productie', () => {
    expect(load('ontwikkeling')).toEqual([]);
    expect(load('productie', [row('root'), row('intermediate')])).toHaveLength(2);
    const without = explain(() => load('productie', [row('root')]));
    expect(without).toContain('geen intrekkingslijst van Doorgeefluik Ontwikkeling Intermediate CA.');
    expect(explain(() => load('productie'))).toContain('Root CA, Doorgeefluik Ontwikkeling Intermediate CA.');
  });

  it.each([
    ['two authorities in one file', [{ ...row('root'), uitgever: 'two.pem' }], /bevat niet precies één certificaat/],
    ['no certificate', [{ ...row('root'), uitgever: 'root.crl.pem' }], /bevat niet precies één certificaat/],
    ['an unreadable certificate', [{ ...row('root'), uitgever: 'broken.pem' }], /geen certificaat/],
    ['an authority twice', [row('root'), row('root')], /twee keer/],
  ])('refuse %s with a sentence', (_what, rows, sentence) => {
    expect(explain(() => load('ontwikkeling', rows))).toMatch(sentence);
  });
});

describe('the certificate of the receipts', () => {
  const { configPath, folder } = prepareGateway({ pki });
  folders.push(folder);
  const config = loadConfig(configPath);
  const trust = composeTrust(loadTrustSource(config));
  const clock = createTestClock(now);
  const under = (lists: Omit<Parameters<typeof revocationOf>[1], 'now'>) => ({
    ...trust,
    revocation: revocationOf(pki.authority, { now, ...lists }),
  });

  it('may be used while no list says anything of it, and not when it is revoked', () => {
    expect(loadIssuer(config, under({ without: ['intermediate'] }), clock).oin).toMatch(/^\d{20}$/);
    const revoked = under({ revoked: { intermediate: [pki.gateway.signing.certificatePem] } });
    expect(explain(() => loadIssuer(config, revoked, clock))).toContain(
      'bevestigingen.certificaat is niet bruikbaar: revoked',
    );
  });

  it('is shown with those before it, and never becomes another gateway’s', () => {
    const issuer = loadIssuer(config, trust, clock);
    const [old] = parseCertificatesPem(pki.gateway.checkpoint.certificatePem);
    const receipts = createReceipts(issuer, [old!]);
    expect(receipts.keys().map(({ current }) => current)).toEqual([true, false]);
    receipts.prepare({ ...issuer, chain: [old!] }, [])();
    expect(receipts.keys().map(({ thumbprint, current }) => [thumbprint, current])).toEqual([
      [old!.thumbprint, true],
      [issuer.chain[0]!.thumbprint, false],
    ]);
    const other = { ...issuer, oin: '00000001001825112000' as typeof issuer.oin };
    expect(
      explain(() => {
        receipts.prepare(other, []);
      }),
    ).toContain('een ander OIN');
  });
});
