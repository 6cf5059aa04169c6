import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { readFileSync } from 'node:fs';

import type { IssuedCertificate } from '../../../certs-dev/authority.ts';
import { createApprover } from '../../../gateway/compose-approval.ts';
import type { Approver } from '../../../gateway/compose-approval.ts';
import { loadConfig } from '../../../gateway/compose-config.ts';
import { prepareGateway } from '../../support/gateway-process.ts';
import { createTestPki } from '../../support/pki.ts';
import { signSet } from '../../support/rule-signing.ts';
import { readRuleFiles } from '../../support/standing.ts';

const pki = createTestPki();
const gateway = prepareGateway({ pki });
const config = parse(readFileSync(gateway.configPath, 'utf8')) as Record<string, unknown>;
const person = (commonName: string): IssuedCertificate =>
  pki.authority.issue({ organisation: 'Beheer', commonName, oins: [], usage: 'signing', keyKind: 'ec-p256' });
const [jansen, deVries] = [person('A. Jansen'), person('B. de Vries')];
const now = performance.timeOrigin + performance.now();
const clock = { now: () => now, sleep: () => Promise.resolve() };

beforeAll(() => {
  write('jansen.pem', jansen.chainPem);
  write('devries.pem', deVries.chainPem);
  write('leeg.pem', '');
  write('kapot.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
});
afterAll(() => {
  rmSync(gateway.folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(gateway.folder, path)), { recursive: true });
  writeFileSync(join(gateway.folder, path), text);
}

/** The approver of a gateway with these persons, in this omgeving. */
function approver(omgeving: string, personen?: readonly (readonly [string, ...string[]])[]): Approver {
  const regelondertekening = personen && {
    personen: personen.map(([naam, ...certificaten]) => ({ naam, certificaten })),
  };
  const path = join(gateway.folder, 'twee.yaml');
  writeFileSync(path, stringify({ ...config, omgeving, ...(regelondertekening && { regelondertekening }) }));
  return createApprover(loadConfig(path), clock);
}

const PERSONS = [
  ['Jansen', 'jansen.pem'],
  ['De Vries', 'devries.pem'],
] as const;
const toBytes = (files: ReadonlyMap<string, string>): ReadonlyMap<string, Uint8Array> =>
  new Map([...files].map(([path, text]) => [path, Buffer.from(text)]));
const plain = toBytes(readRuleFiles());
const signedFor = (environment: 'productie' | 'acceptatie'): ReadonlyMap<string, Uint8Array> =>
  toBytes(signSet(readRuleFiles(), { drafter: jansen, loader: deVries, at: now - 1000, environment }));

describe('rules in productie', () => {
  it('need persons in the configuration, and say so', () => {
    expect(() => approver('productie')).toThrow(
      expect.objectContaining({
        code: 'ERR_RULES_SIGNERS_MISSING',
        explanation: expect.stringMatching(
          /^In productie gelden alleen regels die de een opstelde en een ander laadde/,
        ),
      }),
    );
  });

  it('are taken with two signatures, and refused without', () => {
    const approve = approver('productie', PERSONS);
    expect(approve(signedFor('productie'), undefined)).toMatchObject({ draftedAt: Math.trunc(now - 1000) });
    for (const files of [plain, signedFor('acceptatie')]) {
      expect(() => approve(files, undefined)).toThrow(
        expect.objectContaining({
          code: 'ERR_RULES_UNSIGNED',
          explanation: expect.stringMatching(/^De regels zijn niet door twee personen ondertekend: opgesteld\.jws /),
        }),
      );
    }
  });
});

describe('rules elsewhere', () => {
  it('need no signature, and are held to them where persons are named', () => {
    expect(approver('ontwikkeling')(plain, undefined)).toBeUndefined();
    const approve = approver('acceptatie', PERSONS);
    expect(approve(signedFor('acceptatie'), undefined)).toBeDefined();
    expect(() => approve(plain, undefined)).toThrow(expect.objectContaining({ code: 'ERR_RULES_UNSIGNED' }));
  });
});

describe('who may sign rules', () => {
  it.each<[string, readonly (readonly [string, ...string[]])[], RegExp]>([
    [
      'two persons of one key',
      [
        ['A', 'jansen.pem'],
        ['B', 'devries.pem', 'jansen.pem'],
      ],
      /dezelfde sleutel/,
    ],
    [
      'two persons of one name',
      [
        ['Jansen', 'jansen.pem'],
        ['jansen', 'devries.pem'],
      ],
      /dezelfde naam/,
    ],
    [
      'a file without a certificate',
      [
        ['A', 'jansen.pem'],
        ['B', 'leeg.pem'],
      ],
      /in leeg\.pem staat geen certificaat/,
    ],
    [
      'a file with a broken one',
      [
        ['A', 'jansen.pem'],
        ['B', 'kapot.pem'],
      ],
      /in kapot\.pem staat geen certificaat/,
    ],
    [
      'a file that is not there',
      [
        ['A', 'jansen.pem'],
        ['B', 'weg.pem'],
      ],
      /weg\.pem kan niet gelezen worden/,
    ],
    ['one person', [['A', 'jansen.pem']], /regelondertekening/],
  ])('can’t be %s', (_what, persons, explanation) => {
    expect(() => approver('ontwikkeling', persons)).toThrow(
      expect.objectContaining({ explanation: expect.stringMatching(explanation) }),
    );
  });
});
