import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate, createHash, createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority, restoreAuthority } from '../../../certs-dev/authority.ts';
import type { CertificateRequest, IssuedCertificate, KeyKind } from '../../../certs-dev/authority.ts';
import { PARTICIPANTS } from '../../../certs-dev/participants.ts';
import { createTestPki } from '../../support/pki.ts';

const NOW = new Date(performance.timeOrigin + performance.now());
const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const ARNHEM = '00000001001825112000';
const NIJMEGEN = '00000001001479179000';

const pki = createTestPki(NOW);
const intermediate = new X509Certificate(pki.authority.intermediatePem);
const root = new X509Certificate(pki.authority.rootPem);

const REQUEST: CertificateRequest = {
  organisation: 'Justitiële Test',
  commonName: 'test',
  oins: ['00000099000000002000'],
  usage: 'tls-client',
  keyKind: 'ec-p256',
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-pki-'));
  writeFileSync(join(folder, 'root.pem'), pki.authority.rootPem);
  writeFileSync(join(folder, 'intermediate.pem'), pki.authority.intermediatePem);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const read = (issued: IssuedCertificate): X509Certificate => new X509Certificate(issued.certificatePem);

const openssl = (args: readonly string[], input: string): string =>
  execFileSync('openssl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });

const describeCertificate = (issued: IssuedCertificate, ...extensions: readonly string[]): string =>
  openssl(['x509', '-noout', '-ext', extensions.join(',')], issued.certificatePem)
    .replace(/\s+/g, ' ')
    .trim();

/** What `openssl verify` says of the certificate: OK, or its reason. */
function verdictOf(issued: IssuedCertificate, purpose: string): string {
  const trust = ['-CAfile', join(folder, 'root.pem'), '-untrusted', join(folder, 'intermediate.pem')];
  const { status, stderr } = spawnSync('openssl', ['verify', '-x509_strict', ...trust, '-purpose', purpose], {
    input: issued.certificatePem,
    encoding: 'utf8',
  });
  return status === 0 ? 'OK' : (/lookup: (.*)/.exec(stderr)?.[1] ?? stderr);
}

interface Good {
  readonly title: string;
  readonly issued: () => IssuedCertificate;
  readonly purpose: string;
  readonly oin: string;
}

const GATEWAY_OIN = '00000004000000002000';

const GOOD: readonly Good[] = [
  { title: 'gateway server', issued: () => pki.gateway.server, purpose: 'sslserver', oin: GATEWAY_OIN },
  { title: 'gateway client', issued: () => pki.gateway.client, purpose: 'sslclient', oin: GATEWAY_OIN },
  { title: 'gateway signing', issued: () => pki.gateway.signing, purpose: 'any', oin: GATEWAY_OIN },
  { title: 'gateway checkpoint', issued: () => pki.gateway.checkpoint, purpose: 'any', oin: GATEWAY_OIN },
  ...PARTICIPANTS.flatMap(({ name, oin }) => [
    { title: `${name} tls as a client`, issued: () => pki.participant(name).tls, purpose: 'sslclient', oin },
    { title: `${name} tls as a server`, issued: () => pki.participant(name).tls, purpose: 'sslserver', oin },
    { title: `${name} signing`, issued: () => pki.participant(name).signing, purpose: 'any', oin },
  ]),
];

describe('the authority', () => {
  it('has a self-signed root and an intermediate below it that can issue end entities only', () => {
    expect(root.verify(root.publicKey)).toBe(true);
    expect(intermediate.verify(root.publicKey)).toBe(true);
    expect(intermediate.checkIssued(root)).toBe(true);
    expect([root.ca, intermediate.ca]).toEqual([true, true]);
    expect(openssl(['x509', '-noout', '-ext', 'basicConstraints,keyUsage'], pki.authority.rootPem)).toMatch(
      /critical\s+CA:TRUE, pathlen:1\s[^]*critical\s+Certificate Sign, CRL Sign/,
    );
    expect(openssl(['x509', '-noout', '-ext', 'basicConstraints,keyUsage'], pki.authority.intermediatePem)).toMatch(
      /critical\s+CA:TRUE, pathlen:0\s[^]*critical\s+Certificate Sign, CRL Sign/,
    );
  });

  it('says Ontwikkeling in the common name of its root', () => {
    expect(root.subject.split('\n')).toContain('CN=Doorgeefluik Ontwikkeling Root CA');
  });

  it('is another authority each time, also under the same name', () => {
    const again = createAuthority({ name: 'Doorgeefluik Ontwikkeling', now: NOW });
    const issued = read(again.issue(REQUEST));
    expect(issued.issuer).toBe(intermediate.subject);
    expect(issued.verify(intermediate.publicKey)).toBe(false);
  });

  it('issues more after it was kept and restored', () => {
    const kept = createAuthority({ name: 'Bewaard Ontwikkeling', now: NOW });
    const issued = restoreAuthority(kept, { now: NOW }).issue(REQUEST);
    const above = new X509Certificate(kept.intermediatePem);
    expect(read(issued).verify(above.publicKey)).toBe(true);
    expect(read(issued).checkIssued(above)).toBe(true);
    expect(issued.chainPem).toBe(issued.certificatePem + kept.intermediatePem);
  });

  it('is not restored with the key of another', () => {
    const [kept, strange] = [createAuthority({ name: 'A', now: NOW }), createAuthority({ name: 'B', now: NOW })];
    const mixed = { ...kept, intermediateKeyPem: strange.intermediateKeyPem };
    expect(() => restoreAuthority(mixed, { now: NOW })).toThrow(RangeError);
  });
});

describe('a good certificate', () => {
  it.each(GOOD)('$title chains to the root for node and for openssl', ({ issued, purpose }) => {
    const certificate = read(issued());
    expect(certificate.verify(intermediate.publicKey)).toBe(true);
    expect(certificate.checkIssued(intermediate)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(verdictOf(issued(), purpose)).toBe('OK');
  });

  it.each(GOOD)('$title names its OIN once, between organisation and common name', ({ issued, oin }) => {
    const certificate = read(issued());
    expect(certificate.toLegacyObject().subject).toHaveProperty('serialNumber', oin);
    expect(certificate.subject.split('\n').map((line) => line.split('=')[0])).toEqual(['C', 'O', 'serialNumber', 'CN']);
  });

  it.each(GOOD)('$title comes with its own key in PKCS#8, and with its chain', ({ issued }) => {
    const { certificatePem, chainPem, privateKeyPem } = issued();
    expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(read(issued()).checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
    expect(chainPem).toBe(certificatePem + pki.authority.intermediatePem);
  });

  it.each(GOOD)('$title is valid from an hour ago for two years', ({ issued }) => {
    const { validFrom, validTo } = read(issued());
    const second = Math.floor((NOW.getTime() - HOUR) / 1000) * 1000;
    expect(Date.parse(validFrom)).toBe(second);
    expect(Date.parse(validTo)).toBe(second + 2 * YEAR);
  });

  it('has a positive serial number of 16 octets that no other has', () => {
    const serials = Array.from({ length: 50 }, () => read(pki.authority.issue(REQUEST)).serialNumber);
    expect(new Set(serials).size).toBe(50);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('lets a TLS server be called by the loopback names and its own', () => {
    const certificate = read(pki.participant('rvdk').tls);
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, DNS:rvdk.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    );
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('::1')).toBe('::1');
  });

  it('writes every form of IP address', () => {
    const ipAddresses = ['10.1.2.3', 'fe80::1:2', '2001:db8::', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8'];
    const names = read(pki.authority.issue({ ...REQUEST, ipAddresses }));
    for (const address of ipAddresses) expect(names.checkIP(address)).toBe(address);
    expect(() => pki.authority.issue({ ...REQUEST, ipAddresses: ['10.1.2'] })).toThrow(RangeError);
  });

  it('for signing signs and does not repudiate, and has no extended usage', () => {
    const text = describeCertificate(pki.participant('cjib').signing, 'keyUsage', 'extendedKeyUsage');
    expect(text).toBe('X509v3 Key Usage: critical Digital Signature, Non Repudiation');
  });

  it.each([
    ['tls-client', 'TLS Web Client Authentication'],
    ['tls-server', 'TLS Web Server Authentication'],
    ['tls-client-server', 'TLS Web Client Authentication, TLS Web Server Authentication'],
  ] as const)('for %s has that extended usage and no more', (usage, purposes) => {
    const text = describeCertificate(pki.authority.issue({ ...REQUEST, usage }), 'keyUsage', 'extendedKeyUsage');
    expect(text).toBe(`X509v3 Key Usage: critical Digital Signature X509v3 Extended Key Usage: ${purposes}`);
  });

  it('tells its own key and that of its issuer by their identifiers', () => {
    const issued = pki.participant('rvdk').tls;
    const identify = (certificate: X509Certificate): string =>
      createHash('sha256')
        .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
        .digest('hex')
        .slice(0, 40)
        .toUpperCase();
    const text = describeCertificate(issued, 'subjectKeyIdentifier', 'authorityKeyIdentifier').replaceAll(':', '');
    expect(text).toContain(`Subject Key Identifier ${identify(read(issued))}`);
    expect(text).toContain(`Authority Key Identifier ${identify(intermediate)}`);
  });

  it('writes names in UTF-8 and the OIN as PrintableString', () => {
    const text = openssl(['asn1parse'], pki.authority.issue(REQUEST).certificatePem);
    expect(text).toMatch(/:serialNumber\s.*PRINTABLESTRING\s*:00000099000000002000/);
    expect(text).toMatch(/:commonName\s.*UTF8STRING\s*:test/);
    expect(read(pki.authority.issue(REQUEST)).toLegacyObject().subject.O).toBe('Justitiële Test');
  });

  it('refuses a name longer than the standard allows, and an OIN that is no PrintableString', () => {
    expect(() => pki.authority.issue({ ...REQUEST, commonName: 'x'.repeat(65) })).toThrow(RangeError);
    expect(() => pki.authority.issue({ ...REQUEST, organisation: '' })).toThrow(RangeError);
    expect(() => pki.authority.issue({ ...REQUEST, oins: ['é'] })).toThrow(RangeError);
  });

  it('can outlive 2049, where the notation of time changes', () => {
    const notAfter = new Date('2051-02-03T04:05:06Z');
    const certificate = read(pki.authority.issue({ ...REQUEST, notAfter }));
    expect(Date.parse(certificate.validTo)).toBe(notAfter.getTime());
  });

  it('can be made for a key that exists', () => {
    const first = pki.authority.issue(REQUEST);
    const second = pki.authority.issue({ ...REQUEST, privateKeyPem: first.privateKeyPem });
    expect(second.privateKeyPem).toBe(first.privateKeyPem);
    expect(read(second).checkPrivateKey(createPrivateKey(first.privateKeyPem))).toBe(true);
    expect(read(second).serialNumber).not.toBe(read(first).serialNumber);
  });
});

describe('each kind of key', () => {
  it.each([
    ['ec-p256', 'prime256v1', 'ecdsa-with-SHA256'],
    ['ec-p384', 'secp384r1', 'ecdsa-with-SHA384'],
    ['rsa-2048', 2048, 'sha256WithRSAEncryption'],
    ['rsa-3072', 3072, 'sha256WithRSAEncryption'],
  ] as const)('%s is certified, and certifies', (keyKind: KeyKind, size, algorithm) => {
    const authority = createAuthority({ name: 'Sleutels Ontwikkeling', now: NOW, keyKind });
    const issued = authority.issue({ ...REQUEST, keyKind: 'ec-p256' });
    const above = new X509Certificate(authority.intermediatePem);
    const { namedCurve, modulusLength } = above.publicKey.asymmetricKeyDetails ?? {};
    expect(namedCurve ?? modulusLength).toBe(size);
    expect(read(issued).verify(above.publicKey)).toBe(true);
    const text = openssl(['x509', '-noout', '-text'], issued.certificatePem);
    expect(text.match(/Signature Algorithm: .*/g)).toEqual(Array(2).fill(`Signature Algorithm: ${algorithm}`));
  });

  it('is used for signing by the participant it belongs to', () => {
    const kinds = PARTICIPANTS.map(({ name }) => read(pki.participant(name).signing).publicKey.asymmetricKeyType);
    expect(kinds).toEqual(PARTICIPANTS.map(({ signingKeyKind }) => signingKeyKind.split('-')[0]));
    expect(new Set(kinds)).toEqual(new Set(['rsa', 'ec']));
  });
});

describe('a bad certificate', () => {
  const oinOf = (issued: IssuedCertificate): unknown => ({ ...read(issued).toLegacyObject().subject })['serialNumber'];

  describe.each(['tls', 'signing'] as const)('for %s', (use) => {
    const purpose = use === 'tls' ? 'sslclient' : 'any';

    it.each([
      ['verlopen', 'certificate has expired', ARNHEM],
      ['nog-niet-geldig', 'certificate is not yet valid', ARNHEM],
      ['andere-ca', 'unable to get local issuer certificate', ARNHEM],
      ['zonder-oin', 'OK', undefined],
      ['twee-oins', 'OK', [ARNHEM, NIJMEGEN]],
      ['oin-19', 'OK', ARNHEM.slice(0, 19)],
      ['oin-21', 'OK', `${ARNHEM}0`],
      ['zelfde-naam-andere-sleutel', 'OK', ARNHEM],
    ] as const)('%s is bad in that alone', (name, verdict, oin) => {
      const issued = pki.bad(name)[use];
      expect(verdictOf(issued, purpose)).toBe(verdict);
      expect(oinOf(issued)).toEqual(oin);
      expect(read(issued).checkPrivateKey(createPrivateKey(issued.privateKeyPem))).toBe(true);
    });

    it('twee-oins-in-een-rdn holds both in one name', () => {
      const issued = pki.bad('twee-oins-in-een-rdn')[use];
      expect(verdictOf(issued, purpose)).toBe('OK');
      expect(read(issued).subject).toContain(`serialNumber=${NIJMEGEN} + serialNumber=${ARNHEM}`);
      expect(read(pki.bad('twee-oins')[use]).subject).toContain(`serialNumber=${ARNHEM}\nserialNumber=${NIJMEGEN}`);
    });

    it('verkeerd-gebruik is for mail only', () => {
      const issued = pki.bad('verkeerd-gebruik')[use];
      expect(verdictOf(issued, 'any')).toBe('OK');
      expect(verdictOf(issued, 'sslclient')).toMatch(/purpose/);
      expect(verdictOf(issued, 'sslserver')).toMatch(/purpose/);
      expect(describeCertificate(issued, 'keyUsage', 'extendedKeyUsage')).toBe(
        'X509v3 Key Usage: critical Key Encipherment X509v3 Extended Key Usage: E-mail Protection',
      );
      expect(oinOf(issued)).toBe(ARNHEM);
    });

    it.each(['andere-ca', 'zelfde-naam-andere-sleutel'] as const)('%s has the name of the real one', (name) => {
      const real = read(pki.participant('gemeente-arnhem')[use]);
      const bad = read(pki.bad(name)[use]);
      expect(bad.subject).toBe(real.subject);
      expect(bad.publicKey.equals(real.publicKey)).toBe(false);
    });
  });

  it('orders the OINs of one name as DER asks, however they were given', () => {
    const subjectOf = (...oins: readonly string[]): string =>
      read(pki.authority.issue({ ...REQUEST, oins, multiValuedRdn: true })).subject;
    expect(subjectOf(ARNHEM, NIJMEGEN)).toBe(subjectOf(NIJMEGEN, ARNHEM));
  });

  it('of the other authority is right by its own root', () => {
    const above = new X509Certificate(pki.other.intermediatePem);
    expect(read(pki.bad('andere-ca').tls).verify(above.publicKey)).toBe(true);
    expect(new X509Certificate(pki.other.rootPem).publicKey.equals(root.publicKey)).toBe(false);
  });
});
