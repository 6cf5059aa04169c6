import { parseCertificate, verifyCertificate } from '../codec/certificate.ts';
import type { Certificate, CertificateProblem } from '../codec/certificate.ts';
import type { Oin } from '../domain/oin.ts';
import { isInForce } from '../domain/participants.ts';
import type { Participant } from '../domain/participants.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, RejectionCode } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { StageContext } from './context.ts';
import type { ReceivedMessage } from './receive.ts';

/** T: the party at the other end of the connection. */
export interface Transport {
  readonly oin: Oin;
  readonly participant: Participant;
  readonly certificate: Certificate;
}

const proof: unique symbol = Symbol('authenticated');

/** A bericht whose connection belongs to a connected party. Made only by `authenticate`. */
export interface AuthenticatedMessage {
  readonly received: ReceivedMessage;
  readonly transport: Transport;
  readonly [proof]: true;
}

/** Judges the connection's certificate for this very bericht, so trust that ended stops an open connection too (B8). */
export function authenticate(received: ReceivedMessage, ctx: StageContext): Result<AuthenticatedMessage, Rejection> {
  const transport = authenticateCertificate(received.callerCertificate, ctx);
  return transport.ok ? ok({ received, transport: transport.value, [proof]: true }) : transport;
}

/** Who the holder of a client certificate is, now. */
export function authenticateCertificate(
  der: Uint8Array,
  ctx: Pick<StageContext, 'now' | 'rules' | 'trust'>,
): Result<Transport, Rejection> {
  const certificate = parseCertificate(der);
  if (certificate === undefined) return err(rejection('ERR_CERTIFICATE_UNTRUSTED'));
  const verified = verifyCertificate(certificate, { usage: 'tls-client', trust: ctx.trust, now: ctx.now });
  if (!verified.ok) return err(rejection(CERTIFICATE_CODES[verified.error]));
  const oin = verified.value;
  const participant = ctx.rules.participants.get(oin);
  if (participant === undefined) return err(rejection('ERR_PARTICIPANT_UNKNOWN'));
  if (!isInForce(participant, ctx.now)) return err(rejection('ERR_PARTICIPANT_ENDED'));
  if (!isPinned(participant.pins, certificate)) return err(rejection('ERR_CERTIFICATE_UNTRUSTED'));
  return ok({ oin, participant, certificate });
}

/** Whether the certificate is one of the party's pins, or it has none. */
export function isPinned(pins: readonly string[], certificate: Certificate): boolean {
  return pins.length === 0 || pins.includes(certificate.fingerprint);
}

const CERTIFICATE_CODES: Readonly<Record<CertificateProblem, RejectionCode>> = {
  untrusted: 'ERR_CERTIFICATE_UNTRUSTED',
  expired: 'ERR_CERTIFICATE_EXPIRED',
  'not-yet-valid': 'ERR_CERTIFICATE_NOT_YET_VALID',
  usage: 'ERR_CERTIFICATE_USAGE',
  'oin-missing': 'ERR_CERTIFICATE_OIN_MISSING',
  'oin-ambiguous': 'ERR_CERTIFICATE_OIN_AMBIGUOUS',
  'oin-invalid': 'ERR_CERTIFICATE_OIN_INVALID',
  environment: 'ERR_CERTIFICATE_ENVIRONMENT',
  revoked: 'ERR_CERTIFICATE_REVOKED',
  'revocation-unknown': 'ERR_CERTIFICATE_STATUS_UNKNOWN',
};
