import { createHmac, sign } from 'node:crypto';
import type { IssuedCertificate } from '../../../certs-dev/authority.ts';
import { base64Of, bringXml, edited, keyInfoOf, signedXml } from '../../support/hostile-bench.ts';
import type { Bench, HostileCase } from '../../support/hostile-bench.ts';
import { canonicalOf, URI } from '../../support/xml-signer.ts';
import type { Filling } from '../../support/xml-signer.ts';

const RSA = `${URI.more}rsa-sha256`;
const ECDSA = `${URI.more}ecdsa-sha256`;

/** The text of the value replaced, after all else was signed. */
const withValue = (text: string, value: string): string =>
  edited(text, /<ds:SignatureValue>[^<]*/, `<ds:SignatureValue>${value}`);

const signedInfoOf = (text: string): Buffer => {
  const found = /<ds:SignedInfo>[^]*<\/ds:SignedInfo>/.exec(text)?.[0] ?? '<none/>';
  return canonicalOf(found.replace('<ds:SignedInfo', `<ds:SignedInfo xmlns:ds="${URI.ds}"`));
};

/** A signature by name only: the value is a hash under what anyone can read. */
const hmac = (bench: Bench, algorithm: string, secretOf: (pem: string) => string | Buffer): string => {
  const text = signedXml(bench, { algorithm });
  const secret = secretOf(bench.signer('rsa-2048').certificatePem);
  return withValue(text, createHmac('sha256', secret).update(signedInfoOf(text)).digest('base64'));
};

const OUTSIDE = [
  `${URI.more}hmac-sha256`,
  `${URI.ds}hmac-sha1`,
  `${URI.ds}rsa-sha1`,
  `${URI.ds}dsa-sha1`,
  `${URI.more}ecdsa-sha1`,
  `${URI.more}rsa-md5`,
  `${URI.more}rsa-ripemd160`,
  `${URI.more}rsa-sha224`,
  `${URI.more}ecdsa-sha224`,
  'http://www.w3.org/2009/xmldsig11#dsa-sha256',
  'http://www.w3.org/2007/05/xmldsig-more#rsa-pss',
  'http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1',
  'http://www.w3.org/2007/05/xmldsig-more#sha224-rsa-MGF1',
  'http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1',
  'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519',
  'none',
  '',
  RSA.toUpperCase(),
  `${RSA} `,
  `${RSA}#`,
  'RS256',
];

const outside = OUTSIDE.map((algorithm): HostileCase => ({
  name: `the signature algorithm ${JSON.stringify(algorithm)}`,
  expected: 'ERR_SIGNATURE_ALGORITHM',
  why: 'The algorithm is looked up in a closed list by its whole identifier, before any key is touched.',
  build: (bench) => bringXml(bench, signedXml(bench, { algorithm })),
}));

const DIGESTS = [
  `${URI.ds}sha1`,
  `${URI.more}md5`,
  `${URI.more}sha224`,
  'http://www.w3.org/2007/05/xmldsig-more#sha3-256',
  'http://www.w3.org/2001/04/xmlenc#ripemd160',
  'sha256',
  '',
];

const digests = DIGESTS.map((algorithm): HostileCase => ({
  name: `the digest algorithm ${JSON.stringify(algorithm)}`,
  expected: 'ERR_SIGNATURE_ALGORITHM',
  why: 'SHA-256, SHA-384 and SHA-512 only; SHA-1 and MD5 are broken.',
  build: (bench) =>
    bringXml(
      bench,
      signedXml(bench, {
        edit: (template) =>
          edited(template, `DigestMethod Algorithm="${URI.sha256}"`, `DigestMethod Algorithm="${algorithm}"`),
      }),
    ),
}));

const signedBy = (
  bench: Bench,
  { certificatePem, privateKeyPem }: IssuedCertificate,
  method: { readonly algorithm: string } & Pick<Filling, 'options'>,
): string =>
  signedXml(bench, {
    algorithm: method.algorithm,
    keyInfo: keyInfoOf(certificatePem),
    filling: { privateKeyPem, ...method },
  });

const NOT_THE_KEY =
  'A key is taken for an algorithm only if it is of its kind, and RSA from 2048 bits, EC on P-256 or P-384.';

const keys: readonly HostileCase[] = [
  {
    name: 'an RSA key of 1024 bits, certified by an authority that is trusted',
    expected: 'ERR_SIGNATURE_INVALID',
    why: NOT_THE_KEY,
    build: (bench) => bringXml(bench, signedBy(bench, bench.signer('rsa-1024'), { algorithm: RSA })),
  },
  {
    name: 'a key on P-521',
    expected: 'ERR_SIGNATURE_INVALID',
    why: NOT_THE_KEY,
    build: (bench) => bringXml(bench, signedBy(bench, bench.signer('ec-p521'), { algorithm: ECDSA })),
  },
  {
    name: 'a key on secp256k1, whose signatures are as long as those of P-256',
    expected: 'ERR_SIGNATURE_INVALID',
    why: NOT_THE_KEY,
    build: (bench) => bringXml(bench, signedBy(bench, bench.signer('ec-secp256k1'), { algorithm: ECDSA })),
  },
  {
    name: 'an RSA signature under the name of ECDSA',
    expected: 'ERR_SIGNATURE_INVALID',
    why: NOT_THE_KEY,
    build: (bench) => bringXml(bench, signedBy(bench, bench.signer('rsa-2048'), { algorithm: ECDSA })),
  },
  {
    name: 'an ECDSA signature under the name of RSA',
    expected: 'ERR_SIGNATURE_INVALID',
    why: NOT_THE_KEY,
    build: (bench) => bringXml(bench, signedBy(bench, bench.signer('ec-p256'), { algorithm: RSA })),
  },
  {
    name: 'PKCS#1 v1.5 under the name of PSS',
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'The padding follows from the algorithm that is signed, never from the value.',
    build: (bench) =>
      bringXml(bench, signedBy(bench, bench.signer('rsa-2048'), { algorithm: `${URI.more2007}sha256-rsa-MGF1` })),
  },
  {
    name: 'PSS with a salt of 20 octets',
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'RFC 6931 2.3.10: the salt is as long as the digest.',
    build: (bench) =>
      bringXml(
        bench,
        signedBy(bench, bench.signer('rsa-2048'), {
          algorithm: `${URI.more2007}sha256-rsa-MGF1`,
          options: { padding: 6, saltLength: 20 },
        }),
      ),
  },
  {
    name: 'PSS without salt',
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'RFC 6931 2.3.10: the salt is as long as the digest.',
    build: (bench) =>
      bringXml(
        bench,
        signedBy(bench, bench.signer('rsa-2048'), {
          algorithm: `${URI.more2007}sha256-rsa-MGF1`,
          options: { padding: 6, saltLength: 0 },
        }),
      ),
  },
  {
    name: 'ECDSA in DER',
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'RFC 4051 2.3.6: r and s side by side; a second form of one signature would be a second message.',
    build: (bench) =>
      bringXml(
        bench,
        signedBy(bench, bench.signer('ec-p256'), {
          algorithm: ECDSA,
          options: { dsaEncoding: 'der' },
        }),
      ),
  },
  {
    name: 'ECDSA of SHA-1 under the name of SHA-256',
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'The digest follows from the algorithm that is named.',
    build: (bench) => {
      const signer = bench.signer('ec-p256');
      const text = signedBy(bench, signer, { algorithm: ECDSA });
      const value = sign('sha1', signedInfoOf(text), { key: signer.privateKeyPem, dsaEncoding: 'ieee-p1363' });
      return bringXml(bench, withValue(text, value.toString('base64')));
    },
  },
  ...(['ec-p256', 'rsa-2048'] as const).flatMap((kind): HostileCase[] => {
    const algorithm = kind === 'rsa-2048' ? RSA : ECDSA;
    const length = kind === 'rsa-2048' ? 256 : 64;
    const values: readonly (readonly [string, Buffer])[] = [
      ['all zero', Buffer.alloc(length)],
      ['all ones', Buffer.alloc(length, 0xff)],
      ['of one octet', Buffer.of(1)],
      ['of a megabyte', Buffer.alloc(1_000_000, 7)],
    ];
    return values.map(([name, value]) => ({
      name: `a value ${name} for ${kind}`,
      expected: 'ERR_SIGNATURE_INVALID',
      why: 'CVE-2022-21449 and its like: the value is verified by OpenSSL, after its length was checked.',
      build: (bench) =>
        bringXml(bench, withValue(signedBy(bench, bench.signer(kind), { algorithm }), value.toString('base64'))),
    }));
  }),
  {
    name: 'a good value with a zero octet before it',
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'A value has one length; padded, it would be another message with the same meaning.',
    build: (bench) => {
      const text = signedBy(bench, bench.signer('rsa-2048'), { algorithm: RSA });
      const value = Buffer.from(/<ds:SignatureValue>([^<]*)/.exec(text)?.[1] ?? '', 'base64');
      return bringXml(bench, withValue(text, Buffer.concat([Buffer.of(0), value]).toString('base64')));
    },
  },
];

const secrets: readonly HostileCase[] = [
  {
    name: 'an HMAC with the certificate of the sender as its secret',
    expected: 'ERR_SIGNATURE_ALGORITHM',
    why: 'No HMAC is in the list, so what is public can never be a secret.',
    build: (bench) =>
      bringXml(
        bench,
        hmac(bench, `${URI.more}hmac-sha256`, (pem) => pem),
      ),
  },
  {
    name: 'an HMAC with the DER of the certificate as its secret',
    expected: 'ERR_SIGNATURE_ALGORITHM',
    why: 'No HMAC is in the list, so what is public can never be a secret.',
    build: (bench) =>
      bringXml(
        bench,
        hmac(bench, `${URI.more}hmac-sha256`, (pem) => Buffer.from(base64Of(pem), 'base64')),
      ),
  },
  {
    name: 'an HMAC with an empty secret',
    expected: 'ERR_SIGNATURE_ALGORITHM',
    why: 'No HMAC is in the list.',
    build: (bench) =>
      bringXml(
        bench,
        hmac(bench, `${URI.more}hmac-sha512`, () => ''),
      ),
  },
  {
    name: 'an HMAC cut to no bits',
    expected: 'ERR_SIGNATURE_MALFORMED',
    why: 'CVE-2009-0217: a method takes no parameter here, HMACOutputLength or other.',
    build: (bench) =>
      bringXml(
        bench,
        signedXml(bench, {
          edit: (template) =>
            edited(
              template,
              `<ds:SignatureMethod Algorithm="${RSA}"/>`,
              `<ds:SignatureMethod Algorithm="${URI.more}hmac-sha256"><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>`,
            ),
        }),
      ),
  },
  {
    name: 'PSS with parameters of its own',
    expected: 'ERR_SIGNATURE_MALFORMED',
    why: 'A method takes no parameter here; salt and mask follow from its name.',
    build: (bench) =>
      bringXml(
        bench,
        signedXml(bench, {
          edit: (template) =>
            edited(
              template,
              `<ds:SignatureMethod Algorithm="${RSA}"/>`,
              `<ds:SignatureMethod Algorithm="${URI.more2007}rsa-pss"><p:RSAPSSParams xmlns:p="${URI.more2007}"><p:SaltLength>0</p:SaltLength></p:RSAPSSParams></ds:SignatureMethod>`,
            ),
        }),
      ),
  },
];

const offered = (bench: Bench, keyInfo: string, { privateKeyPem }: IssuedCertificate): string =>
  signedXml(bench, { algorithm: RSA, keyInfo, filling: { privateKeyPem } });
const HINT = 'KeyInfo only offers candidates: whichever verifies is judged by chain, OIN, usage and revocation.';

const keyInfos: readonly HostileCase[] = [
  {
    name: 'a certificate of another authority that says it is the Raad',
    expected: 'ERR_SIGNER_UNTRUSTED',
    why: HINT,
    build: (bench) => {
      const attacker = bench.pki.other.issue({
        organisation: 'Raad',
        commonName: 'rvdk',
        oins: [bench.pki.participant('rvdk').oin],
        usage: 'signing',
        keyKind: 'ec-p256',
      });
      return bringXml(bench, signedBy(bench, attacker, { algorithm: ECDSA }));
    },
  },
  {
    name: 'the certificate of the Raad in front of the one that signed',
    expected: 'ERR_MANDATE_SIGN_MISSING',
    why: HINT,
    build: (bench) => {
      const attacker = bench.pki.participant('politie').signing;
      return bringXml(
        bench,
        offered(bench, keyInfoOf(bench.signer('rsa-2048').certificatePem, attacker.certificatePem), attacker),
      );
    },
  },
  {
    name: 'another participant that signs for the Raad',
    expected: 'ERR_MANDATE_SIGN_MISSING',
    why: 'The signer must be the sender or have its mandate; that its certificate is good is not enough.',
    build: (bench) => bringXml(bench, signedBy(bench, bench.pki.participant('politie').signing, { algorithm: RSA })),
  },
  {
    name: "the certificate of the Raad beside a signature of another's key",
    expected: 'ERR_SIGNATURE_INVALID',
    why: 'A certificate that is offered must be the one whose key verifies.',
    build: (bench) =>
      bringXml(
        bench,
        offered(bench, keyInfoOf(bench.signer('rsa-2048').certificatePem), bench.pki.participant('politie').signing),
      ),
  },
  {
    name: 'a TLS certificate used to sign',
    expected: 'ERR_SIGNER_USAGE',
    why: 'A certificate signs only if its usage says so (RFC 5280 4.2.1.3).',
    build: (bench) => {
      const wrong = bench.pki.authority.issue({
        organisation: 'Raad',
        commonName: 'rvdk',
        oins: [bench.pki.participant('rvdk').oin],
        usage: 'wrong',
        keyKind: 'ec-p256',
      });
      return bringXml(bench, signedBy(bench, wrong, { algorithm: ECDSA }));
    },
  },
  ...(
    [
      [
        'a key value alone',
        '<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
      [
        'a key name alone',
        '<ds:KeyInfo><ds:KeyName>../../sleutels/rvdk</ds:KeyName></ds:KeyInfo>',
        'ERR_SIGNATURE_INVALID',
      ],
      [
        'a RetrievalMethod to a file',
        '<ds:KeyInfo><ds:RetrievalMethod URI="file:///etc/ssl/cert.pem"/></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
      [
        'a RetrievalMethod to a host',
        '<ds:KeyInfo><ds:RetrievalMethod URI="http://127.0.0.1:1/"/></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
      [
        'a KeyInfoReference',
        '<ds:KeyInfo><dsig11:KeyInfoReference xmlns:dsig11="http://www.w3.org/2009/xmldsig11#" URI="#k"/></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
      [
        'an encrypted key',
        '<ds:KeyInfo><xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"/></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
      [
        'a token of WS-Security',
        '<ds:KeyInfo><w:SecurityTokenReference xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
      ['PGP data', '<ds:KeyInfo><ds:PGPData/></ds:KeyInfo>', 'ERR_SIGNATURE_MALFORMED'],
      [
        'a revocation list of its own',
        '<ds:KeyInfo><ds:X509Data><ds:X509CRL>AAAA</ds:X509CRL></ds:X509Data></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
      [
        'a certificate that is none',
        '<ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo>',
        'ERR_SIGNATURE_MALFORMED',
      ],
    ] as const
  ).map(([name, keyInfo, expected]): HostileCase => ({
    name: `KeyInfo with ${name}`,
    expected,
    why: 'Nothing in KeyInfo is followed; only X.509 certificates offer candidates (XMLDSIG 4.5).',
    build: (bench) => bringXml(bench, offered(bench, keyInfo, bench.signer('rsa-2048'))),
  })),
  {
    name: 'KeyInfo with nine certificates',
    expected: 'ERR_SIGNATURE_MALFORMED',
    why: 'Eight at most: each costs a verification.',
    build: (bench) =>
      bringXml(
        bench,
        offered(
          bench,
          keyInfoOf(...Array.from({ length: 9 }, () => bench.signer('rsa-2048').certificatePem)),
          bench.signer('rsa-2048'),
        ),
      ),
  },
];

/** Algorithms, keys and what names them in an XML signature. */
export const XML_ALGORITHMS: readonly HostileCase[] = [...outside, ...digests, ...keys, ...secrets, ...keyInfos];
