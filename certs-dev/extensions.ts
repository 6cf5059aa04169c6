import { isIP } from 'node:net';
import { bitString, boolean, explicit, implicit, integer, octetString, oid, sequence, toDer } from './der.ts';
import type { Node } from './der.ts';

/** The bits of keyUsage by their position (RFC 5280 §4.2.1.3). */
export const KEY_USAGE_BITS = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

/** A name of one bit of keyUsage. */
export type KeyUsageBit = keyof typeof KEY_USAGE_BITS;

/** The purposes of extKeyUsage used here (RFC 5280 §4.2.1.12). */
export const PURPOSES = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
} as const;

/** A name of one purpose of extKeyUsage. */
export type Purpose = keyof typeof PURPOSES;

/** basicConstraints; a path length makes it a CA, its absence an end entity. */
export function buildBasicConstraints(pathLength: number | undefined): Node {
  // DER leaves out a value equal to its default, and `cA` is FALSE by default.
  const members = pathLength === undefined ? [] : [boolean(true), integer(Uint8Array.of(pathLength))];
  return extension({ id: '2.5.29.19', critical: true, value: sequence(...members) });
}

/** keyUsage, critical, with the bits given; throws a RangeError on none. */
export function buildKeyUsage(usages: readonly KeyUsageBit[]): Node {
  const bits = usages.map((usage) => KEY_USAGE_BITS[usage]);
  if (bits.length === 0) throw new RangeError('keyUsage without a bit');
  const octet = bits.reduce<number>((sum, bit) => sum | (0x80 >> bit), 0);
  // A named bit list ends at its last one bit (X.690 §11.2.2).
  const value = bitString(Uint8Array.of(octet), 7 - Math.max(...bits));
  return extension({ id: '2.5.29.15', critical: true, value });
}

/** extKeyUsage with the purposes given. */
export const buildExtendedKeyUsage = (purposes: readonly Purpose[]): Node =>
  extension({ id: '2.5.29.37', value: sequence(...purposes.map((purpose) => oid(PURPOSES[purpose]))) });

/** subjectKeyIdentifier. */
export const buildSubjectKeyIdentifier = (identifier: Uint8Array): Node =>
  extension({ id: '2.5.29.14', value: octetString(identifier) });

/** authorityKeyIdentifier by key identifier alone. */
export const buildAuthorityKeyIdentifier = (identifier: Uint8Array): Node =>
  extension({ id: '2.5.29.35', value: sequence(implicit(0, identifier)) });

/** subjectAltName with DNS names and IP addresses; throws a RangeError on an address that is none. */
export function buildSubjectAltName(names: {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}): Node {
  const dns = names.dnsNames.map((name) => implicit(2, Buffer.from(name, 'latin1')));
  const ip = names.ipAddresses.map((address) => implicit(7, toAddressOctets(address)));
  return extension({ id: '2.5.29.17', value: sequence(...dns, ...ip) });
}

/** Wraps the extensions in the tag they have in a TBSCertificate. */
export const buildExtensions = (extensions: readonly Node[]): Node => explicit(3, sequence(...extensions));

function extension(parts: { readonly id: string; readonly critical?: boolean; readonly value: Node }): Node {
  const critical = parts.critical === true ? [boolean(true)] : [];
  return sequence(oid(parts.id), ...critical, octetString(toDer(parts.value)));
}

function toAddressOctets(address: string): Uint8Array {
  switch (isIP(address)) {
    case 4:
      return Uint8Array.from(address.split('.'), Number);
    case 6:
      return toIpv6Octets(address);
    default:
      throw new RangeError('not an IP address');
  }
}

function toIpv6Octets(address: string): Buffer {
  // The URL parser writes an embedded IPv4 tail as two hexadecimal groups.
  const [head = '', tail] = new URL(`https://[${address}]`).hostname.slice(1, -1).split('::');
  const left = toGroups(head);
  const right = toGroups(tail ?? '');
  const zeros = new Array<string>(8 - left.length - right.length).fill('0000');
  return Buffer.from([...left, ...zeros, ...right].join(''), 'hex');
}

const toGroups = (text: string): string[] =>
  text === '' ? [] : text.split(':').map((group) => group.padStart(4, '0'));
