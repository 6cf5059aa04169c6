import type { Issuer } from './certificate.ts';
import { bitString, explicit, integer, octetString, oid, sequence, time, toDer } from './der.ts';
import type { Node } from './der.ts';
import { buildAuthorityKeyIdentifier } from './extensions.ts';
import { signWith, toKeyIdentifier, toSignatureAlgorithm, toSubjectPublicKeyInfo } from './keys.ts';

/** All that a list says; serial numbers are octets in hex, as a certificate has them. */
export interface CrlTemplate {
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly serials: readonly string[];
}

/** Builds and signs a certificate revocation list (RFC 5280 §5.1) and answers it as PEM. */
export function buildCrl(template: CrlTemplate, issuer: Issuer): string {
  const algorithm = toSignatureAlgorithm(issuer.key);
  const { serials, thisUpdate, nextUpdate } = template;
  const entries = serials.map((serial) => sequence(integer(Buffer.from(serial, 'hex')), time(thisUpdate)));
  const signedPart = sequence(
    integer(Uint8Array.of(1)),
    algorithm,
    issuer.name,
    time(thisUpdate),
    time(nextUpdate),
    // Left out when it would be empty (§5.1.2.6).
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    explicit(0, sequence(buildAuthorityKeyIdentifier(keyIdentifierOf(issuer)), buildNumber(template.number))),
  );
  const signature = signWith(issuer.key, toDer(signedPart));
  return toPem(toDer(sequence(signedPart, algorithm, bitString(signature))));
}

const keyIdentifierOf = (issuer: Issuer): Buffer => toKeyIdentifier(toSubjectPublicKeyInfo(issuer.key));

// cRLNumber (§5.2.3), four octets: a development list won't have more.
function buildNumber(number: number): Node {
  const octets = Buffer.alloc(4);
  octets.writeInt32BE(number);
  const zeros = octets.findIndex((octet, index) => index === 3 || octet !== 0 || octets.readUInt8(index + 1) >= 0x80);
  return sequence(oid('2.5.29.20'), octetString(toDer(integer(octets.subarray(zeros)))));
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN X509 CRL-----', ...lines, '-----END X509 CRL-----', ''].join('\n');
}
