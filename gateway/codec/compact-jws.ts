import type { KeyObject } from 'node:crypto';

import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { decodeBase64Url } from './base64.ts';
import {
  decodeJsonObject,
  encodeJson,
  isJwsAlgorithm,
  isObjectOf,
  openSigner,
  readChain,
  signJws,
  verifyJws,
  writeChain,
} from './jws.ts';
import type { JwsAlgorithm } from './jws.ts';
import type { Certificate } from './parse-certificate.ts';
import type { JsonObject } from './strict-json.ts';

/** What a compact JWS says, and the certificates that came with it, of which the first verified it. None is trusted yet. */
export interface CompactJws {
  readonly claims: JsonObject;
  readonly chain: readonly [Certificate, ...Certificate[]];
}

/** Why a compact JWS isn't taken. */
export type CompactJwsProblem = 'malformed' | 'typ' | 'algorithm' | 'signature';

/**
 * Signs claims as compact JWS with `x5c` in its header, ES256 or PS256 by the kind of key. Throws
 * RangeError when the key is of neither kind or not that of the first certificate.
 */
export function signCompact(request: {
  readonly typ: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly privateKey: KeyObject;
  readonly chain: readonly Certificate[];
}): string {
  const { typ, claims, privateKey, chain } = request;
  const { algorithm } = openSigner(privateKey, chain);
  const header = encodeJson({ alg: algorithm, typ, x5c: writeChain(chain) });
  const input = `${header}.${encodeJson(claims)}`;
  return `${input}.${signJws(input, privateKey, algorithm)}`;
}

/** Reads a compact JWS of one `typ` whose header is exactly {alg, typ, x5c}, and verifies it with its first certificate. */
export function readCompact(
  text: string,
  typ: string,
  algorithms: readonly JwsAlgorithm[] = ['ES256'],
): Result<CompactJws, CompactJwsProblem> {
  const parts = splitParts(text);
  if (parts === undefined) return err('malformed');
  const header = decodeJsonObject(parts.header);
  // RFC 7515 sections 4.1.2 to 4.1.5 and 4.1.11: no jku, jwk, kid, x5u or crit, for nothing but x5c offers a key.
  if (!isObjectOf(header, ['alg', 'typ', 'x5c'])) return err('malformed');
  // RFC 8725 section 3.11: a typ of its own for each kind, so that none can be taken for another.
  if (header['typ'] !== typ) return err('typ');
  // RFC 8725 section 3.1.
  const algorithm = header['alg'];
  if (!isJwsAlgorithm(algorithm) || !algorithms.includes(algorithm)) return err('algorithm');
  const chain = readChain(header['x5c']);
  const claims = decodeJsonObject(parts.claims);
  if (chain === undefined || claims === undefined) return err('malformed');
  const { input, signature } = parts;
  return verifyJws({ algorithm, input, signature }, chain[0].publicKey) ? ok({ claims, chain }) : err('signature');
}

interface Parts {
  readonly header: string;
  readonly claims: string;
  readonly input: string;
  readonly signature: Uint8Array;
}

// RFC 7515 section 7.1.
function splitParts(text: string): Parts | undefined {
  const first = text.indexOf('.');
  if (first < 0 || text.length > MAX_LENGTH) return undefined;
  const last = text.lastIndexOf('.');
  const signature = decodeBase64Url(text.slice(last + 1));
  // A point too many stays in the claims, where it is no base64url.
  return (
    signature && {
      header: text.slice(0, first),
      claims: text.slice(first + 1, last),
      input: text.slice(0, last),
      signature,
    }
  );
}

// Four certificates and an end notice with the recipient's own receipt inside stay far below this.
const MAX_LENGTH = 65_536;
