import { X509Certificate } from 'node:crypto';
import { parseCertificate, verifyCertificate } from '../../../gateway/codec/certificate.ts';
import type { Certificate, CertificateUse } from '../../../gateway/codec/certificate.ts';
import { craft, craftAuthority, rsaKey } from '../../support/craft-certificate.ts';
import { arnhem, derOf, NOW, pki, stranger, trust } from '../identities.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateDer } from '../mutate/der.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';
import { signedPart } from './der-parts.ts';

const USES: readonly CertificateUse[] = ['tls-client', 'tls-server', 'signing'];
const rvdkTls = pki.participant('rvdk').tls;
const authority = new X509Certificate(pki.authority.intermediatePem).raw;
const root = new X509Certificate(pki.authority.rootPem).raw;
const seeds = [
  ...[derOf(arnhem), derOf(rvdkTls), derOf(stranger), authority, root],
  ...[craft({}).der, craft({ signing: 'pss-sha256', key: rsaKey() }).der, craftAuthority('fuzz').der],
  ...(['twee-oins', 'zonder-oin', 'oin-21'] as const).map((name) => derOf(pki.bad(name).tls)),
];
const ISSUED: ReadonlySet<string | undefined> = new Set(seeds.map(signedPart));

const target: FuzzTarget = {
  invariant:
    'never throws; what is read is what node:crypto reads; whoever is trusted has a certificate that the authority signed',
  seeds,
  mutators: [mutateDer, mutateDer, mutateBytes(['-----BEGIN CERTIFICATE-----'])],
  maxBytes: 20_000,
  run: (input) => {
    const certificate = parseCertificate(input);
    if (certificate === undefined) return;
    judgeFields(certificate, input);
    for (const usage of USES) {
      const verified = verifyCertificate(certificate, { usage, trust, now: NOW, offered: [certificate] });
      if (!verified.ok) continue;
      must(ISSUED.has(signedPart(input)), 'trusts a certificate that nobody issued');
      must(/^\d{20}$/.test(verified.value), 'names an OIN that is none');
    }
  },
};

function judgeFields(certificate: Certificate, input: Buffer): void {
  const x509 = new X509Certificate(input);
  must(x509.raw.equals(input), 'reads a certificate with octets after it');
  must(certificate.notAfter === Date.parse(x509.validTo), 'reads another end');
  must(certificate.notBefore === Date.parse(x509.validFrom), 'reads another begin');
  // OpenSSL asks for a fitting key usage as well before it calls a certificate an authority.
  if (x509.ca) must(certificate.pathLength !== undefined, 'takes an authority for a leaf');
  const isNegative = x509.serialNumber.startsWith('-');
  if (!isNegative)
    must(BigInt(`0x${certificate.serial}`) === BigInt(`0x${x509.serialNumber}`), 'reads another serial number');
  // Without any name in it, node:crypto gives none, whatever its declaration says.
  const subject = x509.subject as string | undefined;
  const numbers = (subject ?? '').split('\n').filter((line) => line.includes('serialNumber=')).length;
  must(certificate.subjectOins.length >= numbers, 'misses a subject serial number');
}

export default target;
