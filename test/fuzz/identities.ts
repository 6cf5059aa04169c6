import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import type { Certificate, TrustStore } from '../../gateway/codec/certificate.ts';
import type { ReceiptIssuer } from '../../gateway/codec/receipts.ts';
import { issuerOf } from '../support/receipts.ts';
import { createTestPki } from '../support/pki.ts';

/** The instant at which every target judges. */
export const NOW = Date.UTC(2026, 10, 23, 12);

/** The parties whose signatures stand in the seeds; their keys are fresh in every process. */
export const pki = createTestPki(new Date(NOW));

/** What the readers trust. */
export const trust: TrustStore = {
  environment: 'ontwikkeling',
  roots: parseCertificatesPem(pki.authority.rootPem),
  intermediates: parseCertificatesPem(pki.authority.intermediatePem),
};

/** Signing certificates of a gemeente and of the Raad, and one of an authority that isn't trusted. */
export const arnhem = pki.participant('gemeente-arnhem').signing;
export const rvdk = pki.participant('rvdk').signing;
export const stranger = pki.bad('andere-ca').signing;

/** DER of the first certificate in a PEM text. */
export const derOf = ({ certificatePem }: IssuedCertificate): Buffer => new X509Certificate(certificatePem).raw;

/** The certificate as the product reads it. */
export function certificateOf({ certificatePem }: IssuedCertificate): Certificate {
  const [certificate] = parseCertificatesPem(certificatePem);
  if (certificate === undefined) throw new RangeError('no certificate');
  return certificate;
}

/** Who signs receipts with this certificate. */
export const issuer = (signing: IssuedCertificate): ReceiptIssuer => issuerOf(signing);

/** The private key. */
export const keyOf = ({ privateKeyPem }: IssuedCertificate): ReturnType<typeof createPrivateKey> =>
  createPrivateKey(privateKeyPem);
