import { Buffer } from 'node:buffer';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject, SigningOptions } from 'node:crypto';

import {
  bitString,
  boolean,
  explicit,
  fromDer,
  integer,
  nothing,
  octetString,
  oid,
  printableString,
  sequence,
  setOf,
  time,
  toDer,
  utf8String,
} from '../../certs-dev/der.ts';
import type { Node } from '../../certs-dev/der.ts';
import { buildBasicConstraints, buildExtensions, buildKeyUsage } from '../../certs-dev/extensions.ts';
import { parseCertificate } from '../../gateway/codec/certificate.ts';
import type { Certificate } from '../../gateway/codec/certificate.ts';

/** A certificate made to measure, with what it takes to issue others. */
export interface Crafted {
  readonly der: Buffer;
  readonly key: KeyObject;
  readonly name: Node;
}

/** How a certificate is signed. */
export type Signing = 'ecdsa-sha256' | 'rsa-sha1' | 'rsa-sha256' | 'pss-sha256' | 'pss-default';

/** What deviates from a good EC leaf; without issuer it is self-signed. */
export interface Craft {
  readonly commonName?: string;
  readonly organisation?: string;
  readonly oins?: readonly Node[];
  readonly key?: KeyObject;
  readonly issuer?: Pick<Crafted, 'key' | 'name'>;
  readonly signing?: Signing;
  readonly validity?: Node;
  readonly extensions?: readonly Node[];
  readonly isVersion1?: boolean;
}

/** The instant around which crafted certificates are valid. */
export const NOW = Date.UTC(2026, 10, 23, 12);

/** The OIN a crafted leaf names unless said otherwise. */
export const OIN = '00000001802611266000';

/** Makes any certificate, also one no authority would issue. */
export function craft(parts: Craft): Crafted {
  const { key = ecKey() } = parts;
  const { signing, isVersion1, validity, extensions } = { ...GOOD, ...parts };
  const name = nameOf(parts);
  const { issuer = { key, name } } = parts;
  const { algorithm, digest, options } = SIGNINGS[signing];
  serial += 1;
  const signed = sequence(
    ...(isVersion1 ? [] : [explicit(0, integer(Uint8Array.of(2)))]),
    integer(Uint8Array.of(1, serial >> 8, serial & 0xff)),
    algorithm,
    issuer.name,
    validity,
    name,
    fromDer(createPublicKey(key).export({ type: 'spki', format: 'der' })),
    ...(extensions.length > 0 ? [buildExtensions(extensions)] : []),
  );
  const signature = sign(digest, toDer(signed), { key: issuer.key, ...options });
  return { der: toDer(sequence(signed, algorithm, bitString(signature))), key, name };
}

/** A CA that may stand above `pathLength` others. */
export function craftAuthority(commonName: string, parts: Craft & { readonly pathLength?: number } = {}): Crafted {
  const { pathLength = 5, ...others } = parts;
  const extensions = [buildBasicConstraints(pathLength), buildKeyUsage(['keyCertSign', 'cRLSign'])];
  return craft({ commonName, oins: [], extensions, ...others });
}

/** The crafted certificate as the product reads it; throws when it can't. */
export function read(crafted: Crafted): Certificate {
  const certificate = parseCertificate(crafted.der);
  if (certificate === undefined) throw new Error('not read');
  return certificate;
}

/** An extension of any content. */
export function extension(id: string, value: Node, isCritical = false): Node {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(toDer(value)));
}

/** A fresh EC P-256 key. */
export function ecKey(namedCurve = 'prime256v1'): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

/** A fresh RSA key; 2048 bits takes a tenth of a second. */
export function rsaKey(modulusLength = 2048): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey;
}

function nameOf({ commonName = 'blad', organisation = 'Gemeente', oins = [printableString(OIN)] }: Craft): Node {
  const attribute = (type: string, value: Node): Node => sequence(oid(type), value);
  return sequence(
    setOf(attribute('2.5.4.10', utf8String(organisation))),
    ...oins.map((value) => setOf(attribute('2.5.4.5', value))),
    setOf(attribute('2.5.4.3', utf8String(commonName))),
  );
}

/** A value in the context-specific tag 1. */
function explicit1(inner: Node): Node {
  const content = toDer(inner);
  return fromDer(Buffer.concat([Buffer.of(0xa1, content.length), content]));
}

let serial = 0;
const DAY = 86_400_000;
const GOOD = {
  signing: 'ecdsa-sha256',
  isVersion1: false,
  validity: sequence(time(new Date(NOW - DAY)), time(new Date(NOW + DAY))),
  extensions: [buildBasicConstraints(undefined), buildKeyUsage(['digitalSignature'])],
} as const;

interface Algorithm {
  readonly algorithm: Node;
  readonly digest: string;
  readonly options: SigningOptions;
}

const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing());
const PSS = '1.2.840.113549.1.1.10';
const RSA_PKCS1_PSS_PADDING = 6;

const SIGNINGS: Readonly<Record<Signing, Algorithm>> = {
  'ecdsa-sha256': { algorithm: sequence(oid('1.2.840.10045.4.3.2')), digest: 'sha256', options: {} },
  'rsa-sha1': { algorithm: sequence(oid('1.2.840.113549.1.1.5'), nothing()), digest: 'sha1', options: {} },
  'rsa-sha256': { algorithm: sequence(oid('1.2.840.113549.1.1.11'), nothing()), digest: 'sha256', options: {} },
  'pss-sha256': {
    algorithm: sequence(
      oid(PSS),
      sequence(
        explicit(0, SHA256),
        explicit1(sequence(oid('1.2.840.113549.1.1.8'), SHA256)),
        explicit(2, integer(Uint8Array.of(32))),
      ),
    ),
    digest: 'sha256',
    options: { padding: RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  },
  // RFC 4055 section 3.1: without parameters, SHA-1 with a salt of 20.
  'pss-default': {
    algorithm: sequence(oid(PSS), sequence()),
    digest: 'sha1',
    options: { padding: RSA_PKCS1_PSS_PADDING, saltLength: 20 },
  },
};
