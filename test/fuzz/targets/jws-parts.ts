import { constants, verify, X509Certificate } from 'node:crypto';
import { findDoubleName } from './json-scanner.ts';

/** A JWS as another reader sees it, by RFC 7515 and nothing of the product. */
export interface PlainJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: string;
  /** The first two parts as they were sent. */
  readonly input: string;
  readonly signature: Buffer;
}

/** Takes a JWS of three parts apart; undefined where a part isn't the one spelling of its octets, or a name stands twice. */
export function takeApart(text: string): PlainJws | undefined {
  const parts = text.split('.');
  const [first, second, third] = parts;
  if (parts.length !== 3 || first === undefined || second === undefined || third === undefined) return undefined;
  if ([first, second, third].some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part))
    return undefined;
  const [headerText, payload] = [first, second].map((part) => Buffer.from(part, 'base64url').toString('utf8'));
  if (headerText === undefined || payload === undefined || findDoubleName(headerText) !== undefined) return undefined;
  return {
    header: JSON.parse(headerText) as Record<string, unknown>,
    payload,
    input: `${first}.${second}`,
    signature: Buffer.from(third, 'base64url'),
  };
}

/** Whether the octets are signed with the key of the certificate by the algorithm (RFC 7518). */
export function isSigned(
  octets: Buffer,
  signature: Buffer,
  by: { readonly algorithm: unknown; readonly der: Buffer },
): boolean {
  const key = new X509Certificate(by.der).publicKey;
  if (by.algorithm === 'ES256')
    return signature.length === 64 && verify('sha256', octets, { key, dsaEncoding: 'ieee-p1363' }, signature);
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return by.algorithm === 'PS256' && verify('sha256', octets, { key, ...pss }, signature);
}
