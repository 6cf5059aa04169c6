import { verifyCertificate } from '../../gateway/codec/certificate.ts';
import type { Certificate, TrustStore } from '../../gateway/codec/certificate.ts';
import {
  digestHeaderOf,
  parseDetachedSignature,
  verifyDetachedSignature,
} from '../../gateway/codec/detached-signature.ts';
import { openXml } from '../../gateway/codec/xml-document.ts';
import { readEnvelopedSignature, verifyEnvelopedSignature } from '../../gateway/codec/xml-signature.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import { err, ok } from '../../gateway/domain/result.ts';
import type { Result } from '../../gateway/domain/result.ts';
import { CERTIFICATE_PROBLEMS } from './open-receipt.ts';

/** A bericht as a recipient gets it. */
export interface ArrivedMessage {
  readonly body: Uint8Array;
  readonly digest: string;
  /** The detached signature, when it has one. */
  readonly payloadSignature: string | undefined;
}

/** By what a recipient judges a sender. */
export interface SenderTrust {
  readonly trust: TrustStore;
  readonly now: Instant;
}

/**
 * Verifies that the bericht arrived unchanged under its sender's own signature. The OIN of the signer, or a Dutch
 * sentence that says what is wrong.
 */
export function verifySender(message: ArrivedMessage, by: SenderTrust): Result<string, string> {
  if (digestHeaderOf(message.body) !== message.digest) return err('de bytes horen niet bij de Digest');
  const { payloadSignature } = message;
  return payloadSignature === undefined
    ? verifyEnveloped(message.body, by)
    : verifyDetached(message, payloadSignature, by);
}

function verifyDetached(message: ArrivedMessage, header: string, by: SenderTrust): Result<string, string> {
  const parsed = parseDetachedSignature(header);
  if (!parsed.ok) return err(`de losstaande handtekening is niet te lezen (${parsed.error.code})`);
  const { offered, thumbprint } = parsed.value;
  const certificate = offered.find((one) => one.thumbprint === thumbprint);
  if (certificate === undefined) return err('het certificaat van de ondertekenaar reist niet mee');
  if (!verifyDetachedSignature(parsed.value, message.digest, certificate)) return err('de handtekening klopt niet');
  return judgeCertificate(certificate, offered, by);
}

function verifyEnveloped(body: Uint8Array, by: SenderTrust): Result<string, string> {
  const opened = openXml(body);
  if (!opened.ok) return err('het bericht draagt geen handtekening');
  try {
    const read = readEnvelopedSignature(opened.value);
    if (!read.ok) return err(`de ingesloten handtekening klopt niet (${read.error.code})`);
    const signature = read.value;
    if (signature === undefined) return err('het bericht draagt geen handtekening');
    const certificate = signature.offered.find((one) => verifyEnvelopedSignature(signature, one));
    return certificate === undefined
      ? err('de handtekening klopt niet')
      : judgeCertificate(certificate, signature.offered, by);
  } finally {
    opened.value.dispose();
  }
}

function judgeCertificate(
  certificate: Certificate,
  offered: readonly Certificate[],
  { trust, now }: SenderTrust,
): Result<string, string> {
  const verified = verifyCertificate(certificate, { usage: 'signing', trust, now, offered });
  return verified.ok
    ? ok(verified.value)
    : err(`het certificaat van de ondertekenaar: ${CERTIFICATE_PROBLEMS[verified.error]}`);
}
