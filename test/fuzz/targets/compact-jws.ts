import { isDeepStrictEqual } from 'node:util';
import { readCompact, signCompact } from '../../../gateway/codec/compact-jws.ts';
import { arnhem, issuer, rvdk, stranger } from '../identities.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateJws } from '../mutate/jws.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';
import { isSigned, takeApart } from './jws-parts.ts';

const TYP = 'proef+jwt';
const CLAIMS = [
  { iss: '00000004000000001000', berichtId: '0193a5f0-0000-7000-8000-00000000000e', aantal: 3 },
  { bij: ['a', 'b'], waar: true, niets: null, diep: { a: { b: 'c' } } },
];

const SIGNED = [arnhem, rvdk, stranger].flatMap((signing) =>
  CLAIMS.map((claims) => signCompact({ typ: TYP, claims, ...issuer(signing) })),
);
const OURS: ReadonlySet<string> = new Set(SIGNED);

const target: FuzzTarget = {
  invariant:
    'what is accepted has the exact header of the profile, verifies by other code, and is one of those that were signed',
  seeds: SIGNED.map((text) => Buffer.from(text)),
  mutators: [
    mutateJws(['"crit"', '"jku"', '"kid"', '"b64"', '"typ"', '"alg"', '"x5c"']),
    mutateBytes(['.', '=', 'eyJ']),
  ],
  run: (input) => {
    const text = input.toString('latin1');
    const read = readCompact(text, TYP, ['ES256', 'PS256']);
    if (!read.ok) return;
    const plain = takeApart(text);
    must(plain !== undefined, 'accepts a JWS that another reader refuses');
    const { header, payload, signature } = plain;
    must(
      isDeepStrictEqual(Object.keys(header).sort(), ['alg', 'typ', 'x5c']) && header['typ'] === TYP,
      'accepts another header',
    );
    const [leaf] = header['x5c'] as readonly string[];
    const der = Buffer.from(String(leaf), 'base64');
    must(read.value.chain[0].x509.raw.equals(der), 'names another signer');
    must(
      isSigned(Buffer.from(plain.input), signature, { algorithm: header['alg'], der }),
      'accepts what nobody signed',
    );
    must(isDeepStrictEqual(JSON.parse(JSON.stringify(read.value.claims)), JSON.parse(payload)), 'reads other claims');
    must(OURS.has(text), 'accepts a JWS that was never made');
  },
};

export default target;
