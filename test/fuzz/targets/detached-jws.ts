import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  parseDetachedSignature,
  readDigestHeader,
  verifyDetachedSignature,
} from '../../../gateway/codec/detached-signature.ts';
import { signedDetached } from '../../support/signed.ts';
import { arnhem, certificateOf, derOf, rvdk } from '../identities.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateJws } from '../mutate/jws.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';
import { isSigned, takeApart } from './jws-parts.ts';

const SIGNERS = [arnhem, rvdk];
const known = SIGNERS.map(certificateOf);
const made = SIGNERS.flatMap((signing) =>
  ['{"a":1}', '<a/>'].map((text) => signedDetached({ text, kenmerk: '' }, signing, 'json').headers),
);
const valueOf = (headers: Readonly<Record<string, string>>): string =>
  `${String(headers['Digest'])}\n${String(headers['Payload-Signature'])}`;
const OURS: ReadonlySet<string> = new Set(made.map(valueOf));

// An input is a Digest and a Payload-Signature, on a line each.
const target: FuzzTarget = {
  invariant:
    'a signature that is accepted has exactly the header of the profile, verifies by other code over this Digest, and was made by its signer',
  seeds: [...OURS].map((text) => Buffer.from(text)),
  mutators: [
    mutateJws(['"crit"', '"b64"', '"sigT"', '"sigD"', '"x5c"', '"x5t#S256"', '"jku"', '"pars"']),
    mutateBytes(['.', '..', '\n', 'SHA-256=', 'sha-256=']),
  ],
  run: (input) => {
    const text = input.toString('latin1');
    const [digest = '', value = ''] = text.split('\n');
    const read = parseDetachedSignature(value);
    if (!read.ok) {
      must(read.error.code.startsWith('ERR_SIGNATURE_'), `refuses with ${read.error.code}`);
      return;
    }
    const plain = takeApart(value);
    must(plain?.payload === '', 'reads a JWS that another reader refuses');
    judgeHeader(plain.header);
    if (readDigestHeader(digest) === undefined) return;
    for (const [index, certificate] of known.entries()) {
      if (!verifyDetachedSignature(read.value, digest, certificate)) continue;
      const der = derOf(SIGNERS[index] ?? arnhem);
      const octets = Buffer.from(`${value.slice(0, value.indexOf('.'))}.digest: ${digest}`);
      must(isSigned(octets, plain.signature, { algorithm: plain.header['alg'], der }), 'accepts what nobody signed');
      must(plain.header['x5t#S256'] === createHash('sha256').update(der).digest('base64url'), 'takes another signer');
      must(OURS.has(`${digest}\n${value}`), 'accepts a signature that was never made');
    }
  },
};

function judgeHeader(header: Readonly<Record<string, unknown>>): void {
  const { x5c, ...others } = header;
  must(
    isDeepStrictEqual(Object.keys(others).sort(), ['alg', 'b64', 'crit', 'sigD', 'sigT', 'x5t#S256']),
    'accepts another header',
  );
  must(
    others['b64'] === false && ['PS256', 'ES256'].includes(String(others['alg'])),
    'accepts another form or algorithm',
  );
  must(
    isDeepStrictEqual([...(others['crit'] as readonly string[])].sort(), ['b64', 'sigD', 'sigT']),
    'accepts another crit',
  );
  const sigD = others['sigD'] as Readonly<Record<string, unknown>>;
  must(
    isDeepStrictEqual({ ...sigD }, { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] }),
    'accepts another sigD',
  );
  must(!Number.isNaN(Date.parse(String(others['sigT']))), 'accepts a time that is none');
  if (x5c !== undefined) must(Array.isArray(x5c) && x5c.length >= 1 && x5c.length <= 4, 'accepts another x5c');
}

export default target;
