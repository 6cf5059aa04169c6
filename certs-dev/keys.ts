import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { nothing, oid, sequence } from './der.ts';
import type { Node } from './der.ts';

/** The kinds of key the development PKI can make. */
export type KeyKind = 'ec-p256' | 'ec-p384' | 'rsa-2048' | 'rsa-3072';

/** Makes a private key of the kind; RSA takes some hundreds of milliseconds, EC under one. */
export function generatePrivateKey(kind: KeyKind): KeyObject {
  switch (kind) {
    case 'ec-p256':
      return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    case 'ec-p384':
      return generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
    case 'rsa-2048':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    case 'rsa-3072':
      return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
  }
}

/** Reads a private key in PEM; throws node's error when it is none. */
export const parsePrivateKey = (pem: string): KeyObject => createPrivateKey(pem);

export const toPrivateKeyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The DER of the SubjectPublicKeyInfo that belongs to the private key. */
export const toSubjectPublicKeyInfo = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ type: 'spki', format: 'der' });

/** The key identifier: SHA-256 of the SubjectPublicKeyInfo cut to 160 bits, the length readers of RFC 5280 §4.2.1.2 expect. */
export const toKeyIdentifier = (subjectPublicKeyInfo: Uint8Array): Buffer =>
  createHash('sha256').update(subjectPublicKeyInfo).digest().subarray(0, 20);

/** The AlgorithmIdentifier of signatures made with `signWith` and this key. */
export function toSignatureAlgorithm(key: KeyObject): Node {
  // RFC 5758 §3.2: no parameters for ECDSA; RFC 4055 §5: NULL for RSA with PKCS#1 v1.5.
  if (key.asymmetricKeyType === 'rsa') return sequence(oid('1.2.840.113549.1.1.11'), nothing());
  return sequence(oid(isP384(key) ? '1.2.840.10045.4.3.3' : '1.2.840.10045.4.3.2'));
}

/** Signs with SHA-256, or SHA-384 on the curve that is as strong. */
export const signWith = (key: KeyObject, octets: Uint8Array): Buffer =>
  sign(isP384(key) ? 'sha384' : 'sha256', octets, key);

const isP384 = (key: KeyObject): boolean => key.asymmetricKeyDetails?.namedCurve === 'secp384r1';
