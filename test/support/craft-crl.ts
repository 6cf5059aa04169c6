import { Buffer } from 'node:buffer';
import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { bitString, explicit, integer, oid, sequence, time, toDer } from '../../certs-dev/der.ts';
import type { Node } from '../../certs-dev/der.ts';
import { extension, NOW } from './craft-certificate.ts';
import type { Crafted } from './craft-certificate.ts';

/** What deviates from a good list of an EC authority. */
export interface CrlCraft {
  readonly key?: KeyObject;
  readonly version?: readonly Node[];
  readonly times?: readonly Node[];
  readonly entries?: readonly Node[] | undefined;
  readonly extensions?: readonly Node[];
  readonly tail?: readonly Node[];
  readonly algorithm?: Node;
  readonly outerAlgorithm?: Node;
  readonly digest?: string;
  readonly options?: { readonly padding?: number; readonly saltLength?: number };
  readonly unusedBits?: number;
  readonly after?: readonly Node[];
}

/** Makes any list, also one no authority would sign; DER. */
export function craftCrl(issuer: Pick<Crafted, 'key' | 'name'>, parts: CrlCraft = {}): Buffer {
  const { key, version, times, entries, algorithm, digest, options, unusedBits, after } = {
    ...{ key: issuer.key, version: [integer(Uint8Array.of(1))], times: [at(-HOUR), at(HOUR)], entries: undefined },
    ...{ algorithm: ECDSA, digest: 'sha256', options: {}, unusedBits: 0, after: [] },
    ...parts,
  };
  const signed = sequence(
    ...version,
    algorithm,
    issuer.name,
    ...times,
    ...(entries === undefined ? [] : [sequence(...entries)]),
    ...tailOf(parts),
  );
  const signature = bitString(sign(digest, toDer(signed), { key, ...options }), unusedBits);
  return toDer(sequence(signed, parts.outerAlgorithm ?? algorithm, signature, ...after));
}

function tailOf({ tail, extensions = [crlNumber(1)] }: CrlCraft): readonly Node[] {
  return tail ?? (extensions.length > 0 ? [explicit(0, sequence(...extensions))] : []);
}

/** A time so many milliseconds from `NOW`. */
export const at = (ms: number): Node => time(new Date(NOW + ms));

/** An entry of a list, by the octets of the serial number in hex. */
export const entry = (serial: string, ...extensions: readonly Node[]): Node =>
  sequence(integer(Buffer.from(serial, 'hex')), at(-HOUR), ...(extensions.length > 0 ? [sequence(...extensions)] : []));

/** The extension `cRLNumber`. */
export const crlNumber = (...octets: readonly number[]): Node =>
  extension('2.5.29.20', integer(Uint8Array.from(octets)));

const HOUR = 3_600_000;
const ECDSA = sequence(oid('1.2.840.10045.4.3.2'));
