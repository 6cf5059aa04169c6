import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  addHeaders,
  base64Of,
  bringJson,
  bringSigned,
  edited,
  editHeader,
  jsonMessage,
  signOctets,
} from '../../support/hostile-bench.ts';
import type { Bench, Forgery, HostileCase } from '../../support/hostile-bench.ts';

type Row = readonly [string, HostileCase['expected'], (bench: Bench) => Forgery];

const members =
  (changes: Readonly<Record<string, unknown>>): Row[2] =>
  () => ({ members: changes });
const text =
  (change: (text: string) => string): Row[2] =>
  () => ({ headerText: change });
const value =
  (change: (value: string) => string): Row[2] =>
  () => ({ value: change });
const publicPem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
const hmacWith =
  (secretOf: (key: KeyObject, bench: Bench) => string | Buffer): Row[2] =>
  (bench) => ({
    members: { alg: 'HS256' },
    signWith: (input, key) => createHmac('sha256', secretOf(key, bench)).update(input).digest(),
  });

const LIST = 'RFC 8725 3.1: PS256 and ES256 are the only algorithms, looked up before a key is touched.';
const algorithms: readonly Row[] = [
  ...[
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    'HS256',
    'HS384',
    'RS256',
    'RS1',
    'ES256K',
    'ES384',
    'PS512',
    'EdDSA',
    'ps256',
    'PS256 ',
    'dir',
  ].map((alg): Row => [`alg ${JSON.stringify(alg)}`, 'ERR_SIGNATURE_ALGORITHM', members({ alg })]),
  [
    'alg none without a signature',
    'ERR_SIGNATURE_MALFORMED',
    () => ({ members: { alg: 'none' }, value: (v) => v.slice(0, v.indexOf('..') + 2) }),
  ],
  ['an HMAC with the public key as its secret', 'ERR_SIGNATURE_ALGORITHM', hmacWith((key) => publicPem(key))],
  [
    'an HMAC with the certificate as its secret',
    'ERR_SIGNATURE_ALGORITHM',
    hmacWith((_key, bench) => Buffer.from(base64Of(bench.pki.participant('rvdk').signing.certificatePem), 'base64')),
  ],
  ['an HMAC with an empty secret', 'ERR_SIGNATURE_ALGORITHM', hmacWith(() => '')],
  ['no alg', 'ERR_SIGNATURE_MALFORMED', members({ alg: undefined })],
  ['alg null', 'ERR_SIGNATURE_MALFORMED', members({ alg: null })],
  ['alg a list', 'ERR_SIGNATURE_MALFORMED', members({ alg: ['ES256'] })],
  ['alg a number', 'ERR_SIGNATURE_MALFORMED', members({ alg: 256 })],
];

const CONFUSION =
  'RFC 8725 3.1: an algorithm takes its own kind of key, so a value made for one is nothing for another.';
const confusion: readonly Row[] = [
  ['PS256 named for a key on P-256', 'ERR_SIGNATURE_INVALID', members({ alg: 'PS256' })],
  [
    'ES256 named for an RSA key',
    'ERR_SIGNATURE_INVALID',
    (bench) => ({ signer: bench.signer('rsa-2048'), members: { alg: 'ES256' } }),
  ],
  [
    'PKCS#1 v1.5 under the name of PS256',
    'ERR_SIGNATURE_INVALID',
    (bench) => ({
      signer: bench.signer('rsa-2048'),
      signWith: (input, key) => sign('sha256', input, { key, padding: 1 }),
    }),
  ],
  [
    'PS256 with a salt of 20 octets',
    'ERR_SIGNATURE_INVALID',
    (bench) => ({
      signer: bench.signer('rsa-2048'),
      signWith: (input, key) => signOctets(input, key, { saltLength: 20 }),
    }),
  ],
  [
    'PS256 over SHA-512',
    'ERR_SIGNATURE_INVALID',
    (bench) => ({
      signer: bench.signer('rsa-2048'),
      signWith: (input, key) => sign('sha512', input, { key, padding: 6, saltLength: 32 }),
    }),
  ],
  [
    'ES256 in DER',
    'ERR_SIGNATURE_INVALID',
    () => ({ signWith: (input, key) => signOctets(input, key, { dsaEncoding: 'der' }) }),
  ],
  [
    'ES256 over SHA-1',
    'ERR_SIGNATURE_INVALID',
    () => ({ signWith: (input, key) => sign('sha1', input, { key, dsaEncoding: 'ieee-p1363' }) }),
  ],
  ['an RSA key of 1024 bits', 'ERR_SIGNATURE_INVALID', (bench) => ({ signer: bench.signer('rsa-1024') })],
  ['a key on P-521', 'ERR_SIGNATURE_INVALID', (bench) => ({ signer: bench.signer('ec-p521') })],
  ['a key on P-384', 'ERR_SIGNATURE_INVALID', (bench) => ({ signer: bench.signer('ec-p384') })],
  ['a key on secp256k1', 'ERR_SIGNATURE_INVALID', (bench) => ({ signer: bench.signer('ec-secp256k1') })],
  [
    'a key of Ed25519',
    'ERR_SIGNATURE_INVALID',
    (bench) => ({ signer: bench.signer('ed25519'), signWith: (input, key) => sign(null, input, key) }),
  ],
  ['a signature of zeros', 'ERR_SIGNATURE_INVALID', () => ({ signWith: () => Buffer.alloc(64) })],
  ['a signature of ones', 'ERR_SIGNATURE_INVALID', () => ({ signWith: () => Buffer.alloc(64, 0xff) })],
  ['a signature of one octet', 'ERR_SIGNATURE_INVALID', () => ({ signWith: () => Buffer.of(1) })],
  ['a signature of 3 kB', 'ERR_SIGNATURE_INVALID', () => ({ signWith: () => Buffer.alloc(3_000, 1) })],
  [
    'a signature with a zero octet before it',
    'ERR_SIGNATURE_INVALID',
    () => ({ signWith: (input, key) => Buffer.concat([Buffer.of(0), signOctets(input, key)]) }),
  ],
];

const CRIT = 'RFC 7515 4.1.11: crit names exactly b64, sigT and sigD; what it should say is compared, not skipped.';
const critical: readonly Row[] = [
  ['no crit', 'ERR_SIGNATURE_MALFORMED', members({ crit: undefined })],
  ['an empty crit', 'ERR_SIGNATURE_MALFORMED', members({ crit: [] })],
  ['crit without b64', 'ERR_SIGNATURE_MALFORMED', members({ crit: ['sigT', 'sigD'] })],
  ['crit without sigD', 'ERR_SIGNATURE_MALFORMED', members({ crit: ['b64', 'sigT'] })],
  ['crit with a name twice', 'ERR_SIGNATURE_MALFORMED', members({ crit: ['b64', 'b64', 'sigD'] })],
  ['crit with one more', 'ERR_SIGNATURE_MALFORMED', members({ crit: ['b64', 'sigT', 'sigD', 'exp'], exp: 1 })],
  ['crit with alg', 'ERR_SIGNATURE_MALFORMED', members({ crit: ['b64', 'sigT', 'sigD', 'alg'] })],
  [
    'crit with a name of its own',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => {
      const name = bench.word();
      return { members: { crit: ['b64', 'sigT', 'sigD', name], [name]: true } };
    },
  ],
  ['crit as text', 'ERR_SIGNATURE_MALFORMED', members({ crit: 'b64,sigT,sigD' })],
  ['crit in capitals', 'ERR_SIGNATURE_MALFORMED', members({ crit: ['B64', 'sigT', 'sigD'] })],
  ['crit with lists inside', 'ERR_SIGNATURE_MALFORMED', members({ crit: [['b64'], 'sigT', 'sigD'] })],
  ['b64 true', 'ERR_SIGNATURE_MALFORMED', members({ b64: true })],
  ['b64 as text', 'ERR_SIGNATURE_MALFORMED', members({ b64: 'false' })],
  ['b64 null', 'ERR_SIGNATURE_MALFORMED', members({ b64: null })],
  ['b64 zero', 'ERR_SIGNATURE_MALFORMED', members({ b64: 0 })],
  ['no b64', 'ERR_SIGNATURE_MALFORMED', members({ b64: undefined })],
];

const KEYS =
  'No member names a key from elsewhere: x5t#S256 says which certificate, x5c only offers it, all others are refused.';
const lookups: readonly Row[] = [
  ...(
    [
      ['kid with a path', { kid: '../../../../dev/null' }],
      ['kid with SQL', { kid: "x' UNION SELECT 'geheim" }],
      ['kid with a command', { kid: 'x|/bin/sh -c id' }],
      ['jku', { jku: 'http://127.0.0.1:1/jwks.json' }],
      ['jku on the metadata of a cloud', { jku: 'http://169.254.169.254/latest/meta-data/' }],
      ['x5u', { x5u: 'http://127.0.0.1:1/cert.pem' }],
      ['x5u to a file', { x5u: 'file:///etc/ssl/cert.pem' }],
      ['jwk', { jwk: { kty: 'oct', k: 'AA' } }],
      ['x5t of SHA-1', { x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
      ['zip', { zip: 'DEF' }],
      ['enc', { enc: 'A256GCM' }],
      ['typ', { typ: 'JOSE' }],
      ['cty', { cty: 'json' }],
      ['url', { url: 'https://localhost/v1/berichten' }],
      ['nonce', { nonce: 'AA' }],
      ['an empty name', { '': 1 }],
      ['constructor', { constructor: 1 }],
    ] as const
  ).map(([name, changes]): Row => [name, 'ERR_SIGNATURE_MALFORMED', members(changes)]),
  ['a member of its own', 'ERR_SIGNATURE_MALFORMED', (bench) => ({ members: { [bench.word()]: bench.word() } })],
  [
    'a jwk whose key signed',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => {
      const { privateKeyPem } = bench.pki.participant('politie').signing;
      return { members: { jwk: createPublicKey(createPrivateKey(privateKeyPem)).export({ format: 'jwk' }) } };
    },
  ],
  [
    'x5c with a chain of five',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({
      members: { x5c: Array.from({ length: 5 }, () => base64Of(bench.pki.participant('rvdk').signing.certificatePem)) },
    }),
  ],
  ['an empty x5c', 'ERR_SIGNATURE_MALFORMED', members({ x5c: [] })],
  [
    'x5c in base64url',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({
      members: {
        x5c: [`${base64Of(bench.pki.participant('rvdk').signing.certificatePem).slice(0, -4)}-_-_`],
      },
    }),
  ],
  [
    'x5c in PEM',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({ members: { x5c: [bench.pki.participant('rvdk').signing.certificatePem] } }),
  ],
  [
    'x5c with text that is no certificate',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({ members: { x5c: [Buffer.from(bench.word()).toString('base64')] } }),
  ],
  [
    'x5c as text',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({ members: { x5c: base64Of(bench.pki.participant('rvdk').signing.certificatePem) } }),
  ],
  [
    'x5c whose first is not the one that x5t#S256 names',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({ members: { x5c: [base64Of(bench.pki.participant('politie').signing.certificatePem)] } }),
  ],
  [
    'the thumbprint of another certificate, and no x5c',
    'ERR_SIGNER_UNTRUSTED',
    members({ x5c: undefined, 'x5t#S256': 'A'.repeat(43) }),
  ],
  ['a thumbprint with padding', 'ERR_SIGNATURE_MALFORMED', members({ 'x5t#S256': `${'A'.repeat(43)}=` })],
  ['a thumbprint of 20 octets', 'ERR_SIGNATURE_MALFORMED', members({ 'x5t#S256': 'A'.repeat(27) })],
];

const MID = 'http://uri.etsi.org/19182/HttpHeaders';

const SIGNED = 'JAdES 5.2.8: sigD is of the HTTP headers and names digest alone; sigT is an instant in UTC.';
const signedData: readonly Row[] = [
  ['no sigD', 'ERR_SIGNATURE_MALFORMED', members({ sigD: undefined })],
  ['sigD null', 'ERR_SIGNATURE_MALFORMED', members({ sigD: null })],
  [
    'sigD by URI',
    'ERR_SIGNATURE_MALFORMED',
    members({ sigD: { mId: 'http://uri.etsi.org/19182/ObjectIdByURI', pars: ['http://127.0.0.1/'] } }),
  ],
  [
    'sigD by URI with hashes',
    'ERR_SIGNATURE_MALFORMED',
    members({ sigD: { mId: 'http://uri.etsi.org/19182/ObjectIdByURIHash', pars: ['a'], hashM: 'S256', hashV: ['A'] } }),
  ],
  ['sigD of no header', 'ERR_SIGNATURE_MALFORMED', members({ sigD: { mId: MID, pars: [] } })],
  ['sigD of another header', 'ERR_SIGNATURE_MALFORMED', members({ sigD: { mId: MID, pars: ['host'] } })],
  ['sigD of one header more', 'ERR_SIGNATURE_MALFORMED', members({ sigD: { mId: MID, pars: ['digest', 'host'] } })],
  ['sigD with digest twice', 'ERR_SIGNATURE_MALFORMED', members({ sigD: { mId: MID, pars: ['digest', 'digest'] } })],
  ['sigD with Digest in capitals', 'ERR_SIGNATURE_MALFORMED', members({ sigD: { mId: MID, pars: ['Digest'] } })],
  [
    'sigD with the request target',
    'ERR_SIGNATURE_MALFORMED',
    members({ sigD: { mId: MID, pars: ['(request-target)', 'digest'] } }),
  ],
  [
    'sigD with a name of its own',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({ members: { sigD: { mId: MID, pars: ['digest'], [bench.word()]: 1 } } }),
  ],
  [
    'sigD with a prototype',
    'ERR_SIGNATURE_MALFORMED',
    text((t) => t.replace('"mId"', '"__proto__":{"pars":["digest"]},"mId"')),
  ],
  ['no sigT', 'ERR_SIGNATURE_MALFORMED', members({ sigT: undefined })],
  ['sigT with an offset', 'ERR_SIGNATURE_MALFORMED', members({ sigT: '2026-11-22T10:15:30+01:00' })],
  ['sigT as a number', 'ERR_SIGNATURE_MALFORMED', members({ sigT: 1_795_000_000 })],
  ['sigT on a day that is none', 'ERR_SIGNATURE_MALFORMED', members({ sigT: '2026-02-30T10:15:30Z' })],
  [
    'sigT a week and a minute ago',
    'ERR_SIGNATURE_TIME_OLD',
    (bench) => ({ members: { sigT: new Date(bench.now - 7 * 86_400_000 - 600_000).toISOString() } }),
  ],
  ['sigT of 1970', 'ERR_SIGNATURE_TIME_OLD', members({ sigT: '1970-01-01T00:00:00Z' })],
  [
    'sigT ten minutes ahead',
    'ERR_SIGNATURE_TIME_FUTURE',
    (bench) => ({ members: { sigT: new Date(bench.now + 600_000).toISOString() } }),
  ],
  ['sigT of the year 9999', 'ERR_SIGNATURE_TIME_FUTURE', members({ sigT: '9999-12-31T23:59:59Z' })],
];

const FORM = 'One way to write it: three parts, the second empty, canonical base64url, strict JSON of at most 16 kB.';
const form: readonly Row[] = [
  [
    'a payload inside',
    'ERR_SIGNATURE_MALFORMED',
    (bench) => ({ value: (v) => v.replace('..', `.${Buffer.from(bench.word()).toString('base64url')}.`) }),
  ],
  ['a fourth part', 'ERR_SIGNATURE_MALFORMED', value((v) => `${v}.`)],
  ['one part', 'ERR_SIGNATURE_MALFORMED', value((v) => v.slice(0, v.indexOf('.')))],
  ['two signatures', 'ERR_SIGNATURE_MALFORMED', value((v) => `${v},${v}`)],
  [
    'the JSON serialisation',
    'ERR_SIGNATURE_MALFORMED',
    value((v) => `{"protected":"${v.split('..')[0] ?? ''}","signature":"${v.split('..')[1] ?? ''}"}`),
  ],
  ['padding behind the signature', 'ERR_SIGNATURE_MALFORMED', value((v) => `${v}==`)],
  [
    'stray bits in the signature',
    'ERR_SIGNATURE_MALFORMED',
    value((v) => v.slice(0, -1) + String.fromCharCode(v.charCodeAt(v.length - 1) + 1)),
  ],
  ['base64 for base64url', 'ERR_SIGNATURE_MALFORMED', value((v) => `${v.slice(0, -4)}+/+/`)],
  ['a character outside the alphabet', 'ERR_SIGNATURE_MALFORMED', value((v) => `${v.slice(0, -4)}*${v.slice(-4)}`)],
  ['white space inside', 'ERR_SIGNATURE_MALFORMED', value((v) => v.replace('..', '. .'))],
  ['padding in the header, signed with it', 'ERR_SIGNATURE_MALFORMED', () => ({ encodedHeader: (h) => `${h}=` })],
  ['a header with alg twice', 'ERR_SIGNATURE_MALFORMED', text((t) => t.replace('{', '{"alg":"none",'))],
  [
    'a header with alg twice, once escaped',
    'ERR_SIGNATURE_MALFORMED',
    text((t) => t.replace('{', '{"\\u0061lg":"none",')),
  ],
  ['a header with crit twice', 'ERR_SIGNATURE_MALFORMED', text((t) => t.replace('{', '{"crit":[],'))],
  ['a header with __proto__', 'ERR_SIGNATURE_MALFORMED', text((t) => t.replace('{', '{"__proto__":{"alg":"none"},'))],
  ['a header that is a list', 'ERR_SIGNATURE_MALFORMED', text((t) => `[${t}]`)],
  ['a header that is null', 'ERR_SIGNATURE_MALFORMED', text(() => 'null')],
  ['a header that is text', 'ERR_SIGNATURE_MALFORMED', text((t) => JSON.stringify(t))],
  ['a header that is no JSON', 'ERR_SIGNATURE_MALFORMED', (bench) => ({ headerText: () => bench.word() })],
  ['a header with a byte order mark', 'ERR_SIGNATURE_MALFORMED', text((t) => `\ufeff${t}`)],
  ['a header with something behind it', 'ERR_SIGNATURE_MALFORMED', text((t) => `${t}{}`)],
  [
    'a header of depth 1,000',
    'ERR_SIGNATURE_MALFORMED',
    text((t) => t.replace('{', `{"x":${'['.repeat(1_000)}${']'.repeat(1_000)},`)),
  ],
  ['an empty value', 'ERR_SIGNATURE_MALFORMED', value(() => '..')],
];

const ELSE = 'What was signed is the header and the Digest line, octet for octet (API-mod-signing, RFC 7797 3).';
const otherInput: readonly Row[] = [
  [
    'over the body instead of its digest',
    'ERR_SIGNATURE_INVALID',
    () => ({ input: (i) => `${i.slice(0, i.indexOf('.'))}.{}` }),
  ],
  [
    'over the digest as base64url',
    'ERR_SIGNATURE_INVALID',
    () => ({
      input: (i) => `${i.slice(0, i.indexOf('.'))}.${Buffer.from(i.slice(i.indexOf('.') + 1)).toString('base64url')}`,
    }),
  ],
  ['with Digest in capitals', 'ERR_SIGNATURE_INVALID', () => ({ input: (i) => i.replace('.digest:', '.Digest:') })],
  ['without the space', 'ERR_SIGNATURE_INVALID', () => ({ input: (i) => i.replace('digest: ', 'digest:') })],
  ['with a line end', 'ERR_SIGNATURE_INVALID', () => ({ input: (i) => `${i}\n` })],
  ['over another header', 'ERR_SIGNATURE_INVALID', () => ({ input: (i) => `e30${i.slice(i.indexOf('.'))}` })],
  ['over the digest of another body', 'ERR_SIGNATURE_INVALID', () => ({ input: (i) => `${i.slice(0, -5)}AAAA=` })],
];

const toCase =
  (prefix: string, why: string) =>
  ([name, expected, forgery]: Row): HostileCase => ({
    name: `${prefix}: ${name}`,
    expected,
    why,
    build: (bench) => bringSigned(bench, { format: 'json', text: jsonMessage(bench) }, forgery(bench)),
  });

const signers: readonly HostileCase[] = [
  {
    name: 'another participant that signs for the Raad',
    expected: 'ERR_MANDATE_SIGN_MISSING',
    why: 'The signer must be the sender or have its mandate; that its certificate is good is not enough.',
    build: (bench) =>
      bringSigned(
        bench,
        { format: 'json', text: jsonMessage(bench) },
        { signer: bench.pki.participant('politie').signing },
      ),
  },
  {
    name: 'a certificate of another authority that says it is the Raad',
    expected: 'ERR_SIGNER_UNTRUSTED',
    why: 'The x5c only offers a candidate; the chain must end at a root of this environment.',
    build: (bench) => {
      const signer = bench.pki.other.issue({
        organisation: 'Raad',
        commonName: 'rvdk',
        oins: [bench.pki.participant('rvdk').oin],
        usage: 'signing',
        keyKind: 'ec-p256',
      });
      return bringSigned(bench, { format: 'json', text: jsonMessage(bench) }, { signer });
    },
  },
  {
    name: 'the signature of another bericht of the same sender',
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'The signature covers the digest of these very octets.',
    build: (bench) => {
      const other = bringJson(bench, jsonMessage(bench)).headers.at(-1) ?? '';
      return editHeader(bringJson(bench, jsonMessage(bench)), 'Payload-Signature', () => other);
    },
  },
  {
    name: 'the body changed after signing',
    expected: 'ERR_SIGNATURE_DIGEST',
    why: 'The digest is computed anew from the octets that came.',
    build: (bench) => {
      const request = bringJson(bench, jsonMessage(bench));
      return {
        ...request,
        body: Buffer.from(edited(Buffer.from(request.body).toString(), 'Proefplein', 'Proefpleim')),
      };
    },
  },
  {
    name: 'a bericht of another sender, brought and signed by the Raad',
    expected: 'ERR_SENDER_UNKNOWN',
    why: 'The sender inside the signed octets decides, and must be a participant with that role.',
    build: (bench) => bringJson(bench, edited(jsonMessage(bench), '"00000002003214436001"', '"00000001816076790000"')),
  },
  {
    name: 'a header of 17 kB',
    expected: 'ERR_SIGNATURE_MALFORMED',
    onWire: 'ERR_HEADER_INVALID',
    why: 'A JWS header has at most 16 kB, and all headers of a request together as many.',
    build: (bench) =>
      bringSigned(
        bench,
        { format: 'json', text: jsonMessage(bench) },
        { headerText: (t) => t.replace('{', `{${' '.repeat(17_000)}`) },
      ),
  },
  {
    name: 'as the profile has it',
    expected: 'accepted',
    why: 'The cases beside it differ from this one in one point each.',
    build: (bench) => bringJson(bench, jsonMessage(bench)),
  },
  {
    name: 'as the profile has it, by RSA',
    expected: 'accepted',
    why: 'The cases beside it differ from this one in one point each.',
    build: (bench) =>
      bringSigned(bench, { format: 'json', text: jsonMessage(bench) }, { signer: bench.signer('rsa-2048') }),
  },
  {
    name: 'with headers that say who signed and brought it',
    expected: 'accepted',
    why: 'Only the connection and the signed octets say who that is; such headers are of no meaning.',
    build: (bench) =>
      addHeaders(
        bringJson(bench, jsonMessage(bench)),
        'X-Forwarded-Client-Cert',
        `Subject="serialNumber=00000001001825112000 ${bench.word()}"`,
        'X-SSL-Client-Verify',
        'SUCCESS',
        'X-OIN',
        '00000001001825112000',
      ),
  },
];

/** Detached JWS: what the header says, what it is signed with, and how it is written. */
export const JWS: readonly HostileCase[] = [
  ...algorithms.map(toCase('algorithm', LIST)),
  ...confusion.map(toCase('key confusion', CONFUSION)),
  ...critical.map(toCase('crit and b64', CRIT)),
  ...lookups.map(toCase('where the key is', KEYS)),
  ...signedData.map(toCase('sigD and sigT', SIGNED)),
  ...form.map(toCase('form', FORM)),
  ...otherInput.map(toCase('signed', ELSE)),
  ...signers,
];
