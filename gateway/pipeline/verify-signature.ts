import { verifyCertificate } from '../codec/certificate.ts';
import type { Certificate, CertificateProblem } from '../codec/certificate.ts';
import { digestHeaderOf, parseDetachedSignature, verifyDetachedSignature } from '../codec/detached-signature.ts';
import { openXml } from '../codec/xml-document.ts';
import type { XmlMessage } from '../codec/xml-document.ts';
import { readEnvelopedSignature, verifyEnvelopedSignature } from '../codec/xml-signature.ts';
import type { Instant, SignatureForm } from '../domain/message.ts';
import type { Oin } from '../domain/oin.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, RejectionCode } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { AuthenticatedMessage } from './authenticate.ts';
import type { StageContext } from './context.ts';

const proof: unique symbol = Symbol('signature-verified');

/** A bericht whose bytes carry a valid signature of an identified party. Made only by `verifySignature`. */
export interface VerifiedMessage {
  readonly authenticated: AuthenticatedMessage;
  readonly form: SignatureForm;
  /** S: whose certificate signed. */
  readonly signer: Oin;
  readonly signerCertificate: Certificate;
  /** The signing time inside the signature; absent when an enveloped signature names none. */
  readonly signedAt: Instant | undefined;
  /** SHA-256 (base64) of what the signature covers; equal for a repeat, whatever its signature. */
  readonly octets: string;
  /** SHA-256 (base64) of the body. */
  readonly digest: string;
  /** The document the signature was verified on; later stages read this one and no other. */
  readonly document: XmlMessage | undefined;
  readonly [proof]: true;
}

/** Verifies the one signature of the bericht, detached or enveloped, and who made it. */
export function verifySignature(message: AuthenticatedMessage, ctx: StageContext): Result<VerifiedMessage, Rejection> {
  const { body, digest } = message.received;
  const actual = digestHeaderOf(body);
  // Also where the signature doesn't rest on it: the recipient is given the digest of what came, not of what was announced.
  if (digest !== undefined && digest !== actual) return err(rejection('ERR_SIGNATURE_DIGEST'));
  const evidence = findEvidence(message, ctx);
  return evidence.ok ? identify(message, { ...evidence.value, digest: bareDigest(actual) }, ctx) : evidence;
}

/** A signature that verifies, and with which certificate; who that is isn't settled yet. */
interface Evidence {
  readonly form: SignatureForm;
  readonly certificate: Certificate;
  readonly offered: readonly Certificate[];
  readonly signedAt: Instant | undefined;
  readonly octets: string;
  readonly document: XmlMessage | undefined;
}

function findEvidence(message: AuthenticatedMessage, ctx: StageContext): Result<Evidence, Rejection> {
  const { payloadSignature, format } = message.received;
  if (payloadSignature !== undefined) return verifyDetached(message, payloadSignature);
  return format === 'xml' ? verifyEnveloped(message, ctx) : err(rejection('ERR_SIGNATURE_MISSING'));
}

function verifyDetached(message: AuthenticatedMessage, payloadSignature: string): Result<Evidence, Rejection> {
  const { digest } = message.received;
  if (digest === undefined) return err(rejection('ERR_SIGNATURE_DIGEST'));
  const parsed = parseDetachedSignature(payloadSignature);
  if (!parsed.ok) return parsed;
  const signature = parsed.value;
  const { offered, signedAt, thumbprint } = signature;
  const candidates = [...offered, message.transport.certificate];
  const certificate = candidates.find((candidate) => candidate.thumbprint === thumbprint);
  if (certificate === undefined) return err(rejection('ERR_SIGNER_UNTRUSTED'));
  if (!verifyDetachedSignature(signature, digest, certificate)) return err(rejection('ERR_SIGNATURE_INVALID'));
  const octets = bareDigest(digest);
  return ok({ form: 'detached', certificate, offered, signedAt, octets, document: undefined });
}

function verifyEnveloped(message: AuthenticatedMessage, ctx: StageContext): Result<Evidence, Rejection> {
  const opened = openXml(message.received.body);
  if (!opened.ok) return opened;
  const document = opened.value;
  ctx.own(document);
  const read = readEnvelopedSignature(document);
  if (!read.ok) return read;
  const signature = read.value;
  if (signature === undefined) return err(rejection('ERR_SIGNATURE_MISSING'));
  const { offered, signedAt, octetsDigest } = signature;
  // RFC 3275 4.4: KeyInfo is a hint. Whichever candidate verifies is then judged as any certificate is.
  const candidates = [...offered, message.transport.certificate];
  const certificate = candidates.find((candidate) => verifyEnvelopedSignature(signature, candidate));
  if (certificate === undefined) return err(rejection('ERR_SIGNATURE_INVALID'));
  return ok({ form: 'enveloped', certificate, offered, signedAt, octets: octetsDigest, document });
}

function identify(
  authenticated: AuthenticatedMessage,
  evidence: Evidence & { readonly digest: string },
  ctx: StageContext,
): Result<VerifiedMessage, Rejection> {
  const { certificate, offered, ...rest } = evidence;
  const verified = verifyCertificate(certificate, { usage: 'signing', trust: ctx.trust, now: ctx.now, offered });
  if (!verified.ok) return err(rejection(SIGNER_CODES[verified.error]));
  return ok({ authenticated, ...rest, signer: verified.value, signerCertificate: certificate, [proof]: true });
}

function bareDigest(header: string): string {
  return header.slice('SHA-256='.length);
}

const SIGNER_CODES: Readonly<Record<CertificateProblem, RejectionCode>> = {
  untrusted: 'ERR_SIGNER_UNTRUSTED',
  expired: 'ERR_SIGNER_EXPIRED',
  'not-yet-valid': 'ERR_SIGNER_NOT_YET_VALID',
  usage: 'ERR_SIGNER_USAGE',
  'oin-missing': 'ERR_SIGNER_OIN',
  'oin-ambiguous': 'ERR_SIGNER_OIN',
  'oin-invalid': 'ERR_SIGNER_OIN',
  environment: 'ERR_SIGNER_UNTRUSTED',
  revoked: 'ERR_SIGNER_REVOKED',
  'revocation-unknown': 'ERR_SIGNER_STATUS_UNKNOWN',
};
