import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCompact } from '../../gateway/codec/compact-jws.ts';
import { parseDetachedSignature } from '../../gateway/codec/detached-signature.ts';
import { isJwsAlgorithm } from '../../gateway/codec/jws.ts';
import { parseStrictJson } from '../../gateway/codec/strict-json.ts';
import { refusedByPolicy } from '../hostile/json-policy.ts';
import { jwsVectors } from '../support/jws-vectors.ts';
import { REFERENCE_DATA } from '../support/normative.ts';

const JWS = path.join(REFERENCE_DATA, 'vectors', 'jws');
const JSON_CASES = path.join(REFERENCE_DATA, 'vectors', 'json', 'test_parsing');

const ALGORITHM = 'RFC 8725 section 3.1: PS256 and ES256 are the only algorithms.';
const SECRET = 'RFC 8725 section 3.1: no algorithm with a shared secret, for a receipt must convince others too.';
const UNSIGNED = 'RFC 7515 section 4.1.1: alg stands in the protected header or the signature is refused.';

/** Every signature of RFC 7520 section 4 and RFC 7797 section 4, the algorithm its header names, and the policy that refuses it. */
const EXPECTED: readonly (readonly [name: string, alg: string | undefined, policy: string])[] = [
  ['jws/4_1.rsa_v15_signature', 'RS256', ALGORITHM],
  ['jws/4_2.rsa-pss_signature', 'PS384', ALGORITHM],
  ['jws/4_3.ecdsa_signature', 'ES512', ALGORITHM],
  ['jws/4_4.hmac-sha2_integrity_protection', 'HS256', SECRET],
  ['jws/4_5.signature_with_detached_content', 'HS256', SECRET],
  ['jws/4_6.protecting_specific_header_fields', 'HS256', SECRET],
  ['jws/4_7.protecting_content_only', undefined, UNSIGNED],
  ['jws/4_8.multiple_signatures 1', 'RS256', ALGORITHM],
  ['jws/4_8.multiple_signatures 2', undefined, UNSIGNED],
  ['jws/4_8.multiple_signatures 3', 'HS256', SECRET],
  ['rfc7797/4.2.hmac-sha2_b64_false', 'HS256', SECRET],
  ['rfc7797/hmac-sha2_b64_false', 'HS256', SECRET],
];

describe('the vectors of RFC 7520 and RFC 7797', () => {
  if (!existsSync(JWS)) {
    it('reference data absent: the vectors are left out', () => {
      process.stderr.write(`No reference data at ${JWS}: the JWS vectors were left out.\n`);
      expect(existsSync(JWS)).toBe(false);
    });
    return;
  }
  const vectors = jwsVectors(JWS);

  it('are all in the table', () => {
    expect(vectors.map(({ name, header }) => [name, header['alg']])).toEqual(
      EXPECTED.map(([name, alg]) => [name, alg]),
    );
  });

  it.each(EXPECTED)('%s, of %p, is refused: %s', (name, alg) => {
    const vector = vectors.find((one) => one.name === name);
    expect(isJwsAlgorithm(alg)).toBe(false);
    // Both readers take one form of header each, and look no further where it is another.
    expect(readCompact(String(vector?.compact), 'JOSE')).toEqual({ ok: false, error: 'malformed' });
    expect(parseDetachedSignature(String(vector?.detached))).toMatchObject({
      ok: false,
      error: { code: 'ERR_SIGNATURE_MALFORMED' },
    });
  });
});

describe('the cases of JSONTestSuite', () => {
  if (!existsSync(JSON_CASES)) {
    it('reference data absent: the cases are left out', () => {
      process.stderr.write(`No reference data at ${JSON_CASES}: the JSON cases were left out.\n`);
      expect(existsSync(JSON_CASES)).toBe(false);
    });
    return;
  }

  it('are refused where they must be, and taken where they must be unless a policy says why not', () => {
    const names = readdirSync(JSON_CASES);
    const wrong = names.filter((name) => {
      const { ok } = parseStrictJson(readFileSync(path.join(JSON_CASES, name)));
      const due = name.startsWith('y_') && refusedByPolicy(name) === undefined;
      return !name.startsWith('i_') && ok !== due;
    });
    expect(wrong).toEqual([]);
    expect(names.length).toBeGreaterThan(300);
  });
});
