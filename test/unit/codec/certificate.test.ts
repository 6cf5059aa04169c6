import { describe, expect, it } from '@jest/globals';

import { printableString, sequence, time } from '../../../certs-dev/der.ts';
import { buildBasicConstraints, buildExtendedKeyUsage, buildKeyUsage } from '../../../certs-dev/extensions.ts';
import { CERTIFICATE_PROBLEMS, parseCertificatesPem, verifyCertificate } from '../../../gateway/codec/certificate.ts';
import type { Certificate, CertificateUse } from '../../../gateway/codec/certificate.ts';
import type { Environment } from '../../../gateway/domain/message.ts';
import { craft, craftAuthority, NOW, OIN, read } from '../../support/craft-certificate.ts';
import type { Craft, Crafted } from '../../support/craft-certificate.ts';
import { createTestPki } from '../../support/pki.ts';

const root = craftAuthority('Doorgeefluik Root');
const intermediate = craftAuthority('Doorgeefluik Tussen', { issuer: root });
const pki = createTestPki(new Date(NOW));

interface Asked {
  readonly usage?: CertificateUse;
  readonly environment?: Environment;
  readonly now?: number;
  readonly root?: Crafted;
}

function verify(leaf: Certificate, asked: Asked = {}): string {
  const result = verifyCertificate(leaf, {
    usage: asked.usage ?? 'signing',
    trust: {
      environment: asked.environment ?? 'acceptatie',
      roots: [read(asked.root ?? root)],
      intermediates: [read(intermediate)],
    },
    now: asked.now ?? NOW,
  });
  return result.ok ? result.value : result.error;
}

function verifyCraft(parts: Craft, asked: Asked = {}): string {
  return verify(read(craft({ issuer: intermediate, ...parts })), asked);
}

function verifyIssued(pem: string, usage: CertificateUse): string {
  const [leaf] = parseCertificatesPem(pem);
  const result = verifyCertificate(leaf!, {
    usage,
    trust: {
      environment: 'ontwikkeling',
      roots: parseCertificatesPem(pki.authority.rootPem),
      intermediates: parseCertificatesPem(pki.authority.intermediatePem),
    },
    now: NOW,
  });
  return result.ok ? result.value : result.error;
}

const usage = (...purposes: Parameters<typeof buildExtendedKeyUsage>[0]): Craft => ({
  extensions: [buildBasicConstraints(undefined), buildKeyUsage(['digitalSignature']), buildExtendedKeyUsage(purposes)],
});

describe('verifyCertificate on the development PKI', () => {
  it('names the party of a TLS certificate for both ends of a connection', () => {
    const { tls, oin } = pki.participant('gemeente-arnhem');
    expect(verifyIssued(tls.certificatePem, 'tls-client')).toBe(oin);
    expect(verifyIssued(tls.certificatePem, 'tls-server')).toBe(oin);
  });

  it('names the party of a signing certificate', () => {
    const { signing, oin } = pki.participant('gemeente-arnhem');
    expect(verifyIssued(signing.certificatePem, 'signing')).toBe(oin);
  });

  it.each([
    ['verlopen', 'expired'],
    ['nog-niet-geldig', 'not-yet-valid'],
    ['andere-ca', 'untrusted'],
    ['zonder-oin', 'oin-missing'],
    ['twee-oins', 'oin-ambiguous'],
    ['twee-oins-in-een-rdn', 'oin-ambiguous'],
    ['oin-19', 'oin-invalid'],
    ['oin-21', 'oin-invalid'],
    ['verkeerd-gebruik', 'usage'],
  ] as const)('refuses the bad identity %s as %s, for a connection and for a signature', (name, problem) => {
    const { tls, signing } = pki.bad(name);
    expect(CERTIFICATE_PROBLEMS).toContain(problem);
    expect(verifyIssued(tls.certificatePem, 'tls-client')).toBe(problem);
    expect(verifyIssued(signing.certificatePem, 'signing')).toBe(problem);
  });
});

describe('verifyCertificate on validity', () => {
  it('takes a certificate at its first and last instant', () => {
    const longRoot = craftAuthority('Lange Root', { validity: sequence(time(new Date(0)), time(new Date(NOW * 2))) });
    const leaf = read(craft({ issuer: longRoot }));
    expect(verify(leaf, { now: leaf.notBefore, root: longRoot })).toBe(OIN);
    expect(verify(leaf, { now: leaf.notBefore - 1, root: longRoot })).toBe('not-yet-valid');
    expect(verify(leaf, { now: leaf.notAfter, root: longRoot })).toBe(OIN);
    expect(verify(leaf, { now: leaf.notAfter + 1, root: longRoot })).toBe('expired');
  });

  it('asks the time anew on each call, whatever it answered before', () => {
    const leaf = read(
      craft({ issuer: intermediate, validity: sequence(time(new Date(NOW - 5000)), time(new Date(NOW + 5000))) }),
    );
    expect(['now', 'later', 'now'].map((when) => verify(leaf, { now: when === 'now' ? NOW : NOW + 5001 }))).toEqual([
      OIN,
      'expired',
      OIN,
    ]);
  });
});

describe('verifyCertificate on usage', () => {
  it('refuses for TLS a certificate without extended key usage', () => {
    expect(verifyCraft({}, { usage: 'tls-client' })).toBe('usage');
    expect(verifyCraft({}, { usage: 'tls-server' })).toBe('usage');
  });

  it('refuses for one end of a connection what is for the other end only', () => {
    expect(verifyCraft(usage('clientAuth'), { usage: 'tls-client' })).toBe(OIN);
    expect(verifyCraft(usage('clientAuth'), { usage: 'tls-server' })).toBe('usage');
    expect(verifyCraft(usage('serverAuth'), { usage: 'tls-server' })).toBe(OIN);
    expect(verifyCraft(usage('serverAuth'), { usage: 'tls-client' })).toBe('usage');
  });

  it('takes for TLS a certificate without key usage, and refuses it for signing', () => {
    const extensions = [buildExtendedKeyUsage(['clientAuth'])];
    expect(verifyCraft({ extensions }, { usage: 'tls-client' })).toBe(OIN);
    expect(verifyCraft({ extensions }, { usage: 'signing' })).toBe('usage');
  });

  it('refuses for TLS a key usage that forbids signing the handshake', () => {
    const extensions = [buildKeyUsage(['keyEncipherment']), buildExtendedKeyUsage(['clientAuth'])];
    expect(verifyCraft({ extensions }, { usage: 'tls-client' })).toBe('usage');
  });

  it('refuses for signing a certificate that is for nonRepudiation only', () => {
    expect(verifyCraft({ extensions: [buildKeyUsage(['nonRepudiation'])] })).toBe('usage');
  });

  it('takes for signing a certificate that is for TLS as well', () => {
    expect(verifyCraft(usage('clientAuth', 'serverAuth'))).toBe(OIN);
  });

  it('refuses a CA as a party', () => {
    const extensions = [buildBasicConstraints(0), buildKeyUsage(['digitalSignature', 'keyCertSign'])];
    expect(verifyCraft({ extensions })).toBe('usage');
  });
});

describe('verifyCertificate on the OIN', () => {
  it.each([
    ['none', [], 'oin-missing'],
    ['two', [OIN, OIN], 'oin-ambiguous'],
    ['an unknown prefix', ['00000077802611266000'], 'oin-invalid'],
    ['an empty value', [''], 'oin-invalid'],
  ])('refuses %s', (_name, oins, problem) => {
    expect(verifyCraft({ oins: oins.map(printableString) })).toBe(problem);
  });
});

describe('verifyCertificate on the environment', () => {
  const testOin = { oins: [printableString('00000099000000001000')] };
  const privateRoot = { organisation: 'Staat der Nederlanden' };

  function under(rootName: string, organisation = 'Ergens'): Record<Environment, string> {
    const other = craftAuthority(rootName, { organisation });
    const leaf = read(craft({ issuer: other }));
    const ask = (environment: Environment): string => verify(leaf, { root: other, environment });
    return { productie: ask('productie'), acceptatie: ask('acceptatie'), ontwikkeling: ask('ontwikkeling') };
  }

  it('refuses a test OIN in productie only', () => {
    expect(verifyCraft(testOin, { environment: 'productie' })).toBe('environment');
    expect(verifyCraft(testOin, { environment: 'acceptatie' })).toBe('00000099000000001000');
    expect(verifyCraft({}, { environment: 'productie' })).toBe(OIN);
  });

  it.each(['TRIAL PKIoverheid Private Root CA - G1', 'Doorgeefluik Ontwikkeling Root CA'])(
    'refuses a chain under %s in productie only',
    (name) => {
      expect(under(name, privateRoot.organisation)).toEqual({
        productie: 'environment',
        acceptatie: OIN,
        ontwikkeling: OIN,
      });
    },
  );

  it.each(['Staat der Nederlanden Private Root CA - G1', 'Staat der Nederlanden - G4 Root Priv G-Other - 2024'])(
    'refuses a chain under %s everywhere but in productie',
    (name) => {
      expect(under(name, privateRoot.organisation)).toEqual({
        productie: OIN,
        acceptatie: 'environment',
        ontwikkeling: 'environment',
      });
    },
  );

  it.each([
    ['a Private Root of another organisation', 'Private Root CA', 'Ergens'],
    ['another root of the state', 'Staat der Nederlanden Root CA - G3', 'Staat der Nederlanden'],
    ['an organisation called INDUSTRIAL', 'Root', 'INDUSTRIAL'],
  ])('takes %s everywhere', (_name, rootName, organisation) => {
    expect(under(rootName, organisation)).toEqual({ productie: OIN, acceptatie: OIN, ontwikkeling: OIN });
  });

  it('refuses TRIAL anywhere in the chain in productie', () => {
    const trial = craftAuthority('Tussen', { issuer: root, organisation: 'TRIAL CA' });
    const result = verifyCertificate(read(craft({ issuer: trial })), {
      usage: 'signing',
      trust: { environment: 'productie', roots: [read(root)], intermediates: [read(trial)] },
      now: NOW,
    });
    expect(result).toEqual({ ok: false, error: 'environment' });
    expect(verifyCraft({ commonName: 'TRIAL blad' }, { environment: 'productie' })).toBe('environment');
  });
});

describe('verifyCertificate on the order of problems', () => {
  const wrongInAll = {
    validity: sequence(time(new Date(NOW - 9000)), time(new Date(NOW - 1000))),
    oins: [],
    extensions: [buildKeyUsage(['keyEncipherment'])],
  };

  it('says untrusted before anything else', () => {
    expect(verify(read(craft(wrongInAll)))).toBe('untrusted');
  });

  it('says expired of an old leaf in a good chain, then usage, then the OIN', () => {
    expect(verifyCraft(wrongInAll)).toBe('expired');
    expect(verifyCraft(wrongInAll, { now: NOW - 2000 })).toBe('usage');
    expect(verifyCraft({ oins: [], commonName: 'TRIAL' }, { environment: 'productie' })).toBe('oin-missing');
  });
});
