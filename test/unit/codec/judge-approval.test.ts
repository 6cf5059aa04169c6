import { describe, expect, it } from '@jest/globals';

import type { CertificateRequest, IssuedCertificate } from '../../../certs-dev/authority.ts';
import { judgeApproval } from '../../../gateway/codec/judge-approval.ts';
import type { ApprovalDemand } from '../../../gateway/codec/judge-approval.ts';
import { draftDigestOf, readRuleSignature, signedHashOf, signRules } from '../../../gateway/codec/rule-signatures.ts';
import { signCompact } from '../../../gateway/codec/compact-jws.ts';
import { hashOf } from '../../../gateway/codec/rule-set.ts';
import type { RuleFiles } from '../../../gateway/codec/rule-set.ts';
import type { RuleApproval } from '../../../gateway/domain/rule-approval.ts';
import { DAY, NOW } from '../../support/register.ts';
import { createTestPki } from '../../support/pki.ts';
import { keysOf, signerOf, signSet } from '../../support/rule-signing.ts';

const { authority } = createTestPki(new Date(NOW));

function person(name: string, change: Partial<CertificateRequest> = {}): IssuedCertificate {
  const who = { organisation: 'Beheer', commonName: name, oins: [] };
  return authority.issue({ ...who, usage: 'signing', keyKind: 'ec-p256', ...change });
}

const JANSEN = person('A. Jansen');
const RENEWED = person('A. Jansen', { keyKind: 'rsa-2048' });
const DE_VRIES = person('B. de Vries', { keyKind: 'rsa-2048' });
const STRANGER = person('C. Vreemd');
const SIGNERS = [signerOf('Jansen', JANSEN, RENEWED), signerOf('De Vries', DE_VRIES)];

const SET: RuleFiles = new Map([
  ['deelnemers.yaml', 'deelnemers: []\n'],
  ['noodstop.yaml', 'deelnemers: []\nberichttypen: []\n'],
  ['schemas/noodstop.schema.json', '{}'],
]);
const AT = NOW - 60_000;
const both = { drafter: JANSEN, loader: DE_VRIES, at: AT };

function judge(files: RuleFiles, change: Partial<ApprovalDemand> = {}): RuleApproval | string {
  const demand = { signers: SIGNERS, environment: 'ontwikkeling', now: NOW, inForce: undefined, ...change } as const;
  const judged = judgeApproval(files, demand);
  return judged.ok ? judged.value : judged.error;
}

const without = (files: RuleFiles, name: string): RuleFiles => new Map([...files].filter(([path]) => path !== name));
const put = (files: RuleFiles, name: string, text: string): RuleFiles => new Map([...files, [name, text]]);

/** The drafter's signature with another time, under what was signed. */
function tamper(signed: RuleFiles): string {
  const [header, claims, signature] = String(signed.get('opgesteld.jws')).trim().split('.');
  const text = Buffer.from(String(claims), 'base64url').toString().replace('2026', '2027');
  return `${String(header)}.${Buffer.from(text).toString('base64url')}.${String(signature)}`;
}

describe('a set that two persons signed', () => {
  it('is approved, in whatever order they stand in the configuration', () => {
    const approval = judge(signSet(SET, both));
    expect(approval).toEqual({
      signedHash: signedHashOf(SET),
      draftedBy: keysOf(JANSEN).chain[0]?.thumbprint,
      draftedAt: AT,
      loadedBy: keysOf(DE_VRIES).chain[0]?.thumbprint,
      loadedAt: AT,
    });
    expect(judge(signSet(SET, both), { signers: SIGNERS.toReversed() })).toEqual(approval);
    expect(judge(signSet(SET, { ...both, drafter: DE_VRIES, loader: RENEWED }))).toMatchObject({ draftedAt: AT });
  });

  it('takes an emergency stop without signing again, and lies in its folder with anything that is no rule', () => {
    const signed = signSet(SET, both);
    expect(judge(put(signed, 'noodstop.yaml', 'deelnemers: ["00000001001825112000"]\n'))).toMatchObject({
      draftedAt: AT,
    });
    expect(judge(put(signed, 'LEESMIJ.txt', 'x'))).toMatchObject({ draftedAt: AT });
    expect(hashOf(signed)).toBe(hashOf(SET));
  });
});

describe('a set is refused', () => {
  const signed = signSet(SET, both);
  const other = signSet(put(SET, 'deelnemers.yaml', 'deelnemers: [] # anders\n'), both);
  const sign = (change: Partial<Parameters<typeof signSet>[1]>): RuleFiles => signSet(SET, { ...both, ...change });
  const at = (name: string, days: readonly [number, number]): IssuedCertificate =>
    person(name, { notBefore: new Date(NOW + days[0] * DAY), notAfter: new Date(NOW + days[1] * DAY) });

  it.each<[string, RuleFiles, RegExp]>([
    ['without any signature', SET, /^opgesteld\.jws ontbreekt: .*rules sign$/],
    [
      'with that of its drafter alone',
      without(signed, 'geladen.jws'),
      /^geladen\.jws ontbreekt: een ander doet .*rules load$/,
    ],
    ['with that of its loader alone', without(signed, 'opgesteld.jws'), /^opgesteld\.jws ontbreekt/],
    ['when one person signed twice', sign({ loader: JANSEN }), /^Jansen heeft deze regels opgesteld en geladen/],
    [
      'when one person signed with two certificates',
      sign({ loader: RENEWED }),
      /^Jansen heeft deze regels opgesteld en/,
    ],
    [
      'when it was changed after signing',
      put(signed, 'deelnemers.yaml', 'deelnemers: [1]\n'),
      /^opgesteld\.jws hoort bij andere/,
    ],
    [
      'when a file was added after signing',
      put(signed, 'opvolging.yaml', 'x'),
      /^opgesteld\.jws hoort bij andere regels/,
    ],
    [
      'when a schema was changed',
      put(signed, 'schemas/noodstop.schema.json', '{ }'),
      /^opgesteld\.jws hoort bij andere/,
    ],
    [
      'with the signature of another set',
      put(signed, 'geladen.jws', String(other.get('geladen.jws'))),
      /^geladen\.jws hoort bij andere regels/,
    ],
    [
      'with its signatures exchanged',
      put(signed, 'geladen.jws', String(signed.get('opgesteld.jws'))),
      /^geladen\.jws is een ander soort handtekening$/,
    ],
    [
      'when its drafter is not known',
      sign({ drafter: STRANGER }),
      /^opgesteld\.jws is van iemand die niet bij regelondertekening staat$/,
    ],
    ['when its loader is not known', sign({ loader: STRANGER }), /^geladen\.jws is van iemand/],
    [
      'when it was signed for another omgeving',
      sign({ environment: 'acceptatie' }),
      /^opgesteld\.jws is gezet voor acceptatie, niet voor ontwikkeling$/,
    ],
    ['when it was signed in the future', sign({ at: NOW + 5 * 60_000 + 1 }), /^opgesteld\.jws is in de toekomst gezet/],
    ['when it was loaded in the future', sign({ loadedAt: NOW + DAY }), /^geladen\.jws is in de toekomst gezet/],
    [
      'when a signature is none',
      put(signed, 'opgesteld.jws', 'x'),
      /^opgesteld\.jws is geen handtekening onder regels$/,
    ],
    [
      'when a signature was changed',
      put(signed, 'opgesteld.jws', tamper(signed)),
      /^opgesteld\.jws is niet gezet met het certificaat/,
    ],
  ])('%s', (_what, files, problem) => {
    expect(judge(files)).toMatch(problem);
  });

  it.each<[string, IssuedCertificate, RegExp]>([
    ['has expired', at('verlopen', [-9, -1]), /^het certificaat van geladen\.jws is verlopen$/],
    ['is not valid yet', at('later', [1, 9]), /^het certificaat van geladen\.jws geldt nog niet$/],
    ['was not valid when it signed', at('nieuw', [-1 / DAY, 9]), /^het certificaat van geladen\.jws geldt nog niet$/],
    [
      'is for something else',
      person('fout', { usage: 'wrong' }),
      /^het certificaat van geladen\.jws is niet om mee te/,
    ],
  ])('when a certificate %s', (_what, loader, problem) => {
    expect(judge(sign({ loader }), { signers: [...SIGNERS, signerOf('Nog een', loader)] })).toMatch(problem);
  });

  it('when its draft is another than what was loaded', () => {
    const again = signSet(SET, { ...both, at: AT + 1 });
    expect(judge(put(signed, 'opgesteld.jws', String(again.get('opgesteld.jws'))))).toBe(
      'geladen.jws hoort bij een andere opgesteld.jws: laad opnieuw',
    );
  });

  it('when it is older than the one in force, until two persons sign it anew', () => {
    const approval = judge(other) as RuleApproval;
    const inForce = { ruleSetHash: hashOf(other), approval };
    expect(judge(sign({ at: AT - 1, loadedAt: NOW }), { inForce })).toMatch(
      /^deze regels zijn eerder opgesteld dan die nu gelden/,
    );
    expect(judge(sign({ at: AT + 1 }), { inForce })).toMatchObject({ draftedAt: AT + 1 });
    expect(judge(sign({ at: AT - 1 }), { inForce: { ruleSetHash: 'x' } })).toMatchObject({
      signedHash: signedHashOf(SET),
    });
  });
});

describe('a set that is in force', () => {
  const short = person('A. Jansen', { notAfter: new Date(NOW + DAY) });
  const signers = [signerOf('Jansen', short), signerOf('De Vries', DE_VRIES)];
  const signed = signSet(SET, { ...both, drafter: short });
  const approval = judge(signed, { signers }) as RuleApproval;
  const later = { signers, now: NOW + 2 * DAY };

  it('stays good when a certificate expires, also for an emergency stop', () => {
    const inForce = { ruleSetHash: hashOf(SET), approval };
    expect(judge(signed, { ...later, inForce })).toEqual(approval);
    expect(judge(put(signed, 'noodstop.yaml', 'x'), { ...later, inForce })).toEqual(approval);
  });

  it.each<[keyof RuleApproval, string | number]>([
    ['signedHash', 'x'],
    ['draftedBy', 'x'],
    ['draftedAt', AT - 1],
    ['loadedBy', 'x'],
    ['loadedAt', AT - 1],
  ])('is another when its %s differs, and then judged as new', (field, value) => {
    const inForce = { ruleSetHash: hashOf(SET), approval: { ...approval, [field]: value } };
    expect(judge(signed, { ...later, inForce })).toBe('het certificaat van opgesteld.jws is verlopen');
  });

  it('is no longer good when a signer was taken out of the configuration', () => {
    const inForce = { ruleSetHash: hashOf(SET), approval };
    expect(judge(signed, { signers: SIGNERS, inForce })).toMatch(/iemand die niet bij regelondertekening staat/);
  });
});

describe('a signature under rules', () => {
  const facts = { signedHash: signedHashOf(SET), environment: 'productie', at: NOW, draft: undefined } as const;
  const read = (jws: string): unknown => {
    const signature = readRuleSignature('drafted', jws);
    return signature.ok ? { ...signature.value, certificate: signature.value.certificate.thumbprint } : signature.error;
  };
  /** Signs claims as they are, past what `signRules` writes. */
  const craft = (change: Record<string, unknown>): string => {
    const jws = signRules('drafted', facts, keysOf(JANSEN));
    const claims = JSON.parse(Buffer.from(String(jws.split('.')[1]), 'base64url').toString()) as Record<
      string,
      unknown
    >;
    return signCompact({ typ: 'regels-opgesteld+jwt', claims: { ...claims, ...change }, ...keysOf(JANSEN) });
  };

  it.each([JANSEN, DE_VRIES])('is read as it was written', (issued) => {
    const certificate = keysOf(issued).chain[0]?.thumbprint;
    expect(read(` ${signRules('drafted', facts, keysOf(issued))}\n`)).toEqual({ ...facts, certificate });
  });

  it.each([
    ['an omgeving that is none', { omgeving: 'proef' }],
    ['a time that is none', { tijdstip: 'gisteren' }],
    ['a time that is no text', { tijdstip: 1 }],
    ['another certificate than its own', { ondertekenaar: 'x' }],
    ['a claim too many', { nog: 'iets' }],
    ['what it should not say of a draft', { opgesteld: draftDigestOf('x') }],
  ])('is refused with %s', (_what, change) => {
    expect(read(craft(change))).toBe('is geen handtekening onder regels');
  });

  it('is refused when its algorithm is none of ours', () => {
    const [, claims, signature] = signRules('drafted', facts, keysOf(JANSEN)).split('.');
    const x5c = keysOf(JANSEN).chain.map(({ der }) => Buffer.from(der).toString('base64'));
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'regels-opgesteld+jwt', x5c })).toString('base64url');
    expect(read(`${header}.${String(claims)}.${String(signature)}`)).toMatch(/algoritme dat niet mag/);
  });
});
