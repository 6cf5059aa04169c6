import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { SignedXml } from 'xml-crypto';
import { canonicalize } from '../../../gateway/codec/xml-canonical.ts';
import { readEnvelopedSignature, verifyEnvelopedSignature } from '../../../gateway/codec/xml-signature.ts';
import { readSignatureStructure } from '../../../gateway/codec/xml-signature-structure.ts';
import { createMessages, createSigner, signMessage, toCertificate } from '../../support/signed-xml.ts';
import {
  canonicalOf,
  CONTENT,
  fillTemplate,
  PROPERTIES_REFERENCE,
  REFERENCE,
  signatureOf,
  URI,
  wrap,
} from '../../support/xml-signer.ts';
import type { Filling, SignatureParts } from '../../support/xml-signer.ts';

const rsa = createSigner('rsa-2048');
const p256 = createSigner('ec-p256');
const p384 = createSigner('ec-p384');
const { open, read, accepted, dispose } = createMessages();
afterEach(dispose);

const sign = (parts: SignatureParts = {}, filling: Filling = rsa): string => signMessage(filling, parts);

/** The refusal, or whether it verifies, of a document that is edited before it is signed. */
const outcomeOf = (edit: (template: string) => string, parts: SignatureParts = {}): string | boolean | undefined => {
  const signature = read(signMessage(rsa, parts, edit));
  return typeof signature === 'object' ? verifyEnvelopedSignature(signature, rsa.certificate) : signature;
};

const VECTORS = new URL('../../vectors/xmldsig/', import.meta.url);

describe('an enveloped signature of another maker', () => {
  const names = readdirSync(VECTORS).filter((name) => name.endsWith('.xml'));

  it.each(names)('%s of xmlsec1 verifies with its certificate and no other', (name) => {
    const signature = accepted(readFileSync(new URL(name, VECTORS)));
    const certificate = toCertificate(readFileSync(new URL(name.replace('.xml', '.pem'), VECTORS), 'utf8'));
    expect(signature.offered.map(({ x509 }) => x509.fingerprint256)).toEqual([certificate.x509.fingerprint256]);
    expect(verifyEnvelopedSignature(signature, certificate)).toBe(true);
    expect([rsa, p256, p384].map((other) => verifyEnvelopedSignature(signature, other.certificate))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each(names)('%s of xmlsec1 is refused after any change of what it covers', (name) => {
    const text = readFileSync(new URL(name, VECTORS), 'utf8');
    const changes: readonly [string, string][] = [
      ['<b:kenmerk>3', '<b:kenmerk>4'],
      ['<leeg/>', '<leeg>x</leeg>'],
      ['z:b="2"', 'z:b="3"'],
      ['blijft staan', 'blijft'],
      ['<b:terug/>', ''],
    ];
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      expect(read(text.replace(from, to))).toBe('ERR_SIGNATURE_DIGEST');
    }
  });

  it.each([`${URI.more}rsa-sha256`, `${URI.more}rsa-sha512`])(
    'verifies when xml-crypto made it with %s',
    (algorithm) => {
      const signer = new SignedXml({
        privateKey: rsa.privateKeyPem,
        publicCert: rsa.certificate.x509.toString(),
        signatureAlgorithm: algorithm,
        canonicalizationAlgorithm: URI.exc,
      });
      signer.addReference({
        xpath: '/*',
        isEmptyUri: true,
        transforms: [URI.enveloped, URI.exc],
        digestAlgorithm: URI.sha512,
      });
      signer.computeSignature(wrap(CONTENT));
      const signature = accepted(signer.getSignedXml());
      expect(verifyEnvelopedSignature(signature, rsa.certificate)).toBe(true);
    },
  );
});

describe('readEnvelopedSignature', () => {
  it('finds none where there is none', () => {
    expect(read(wrap(CONTENT))).toBeUndefined();
  });

  it('says what was signed: the digest of the canonical octets, whatever the signature', () => {
    const expected = createHash('sha256')
      .update(canonicalOf(wrap(CONTENT)))
      .digest('base64');
    expect(accepted(sign()).octetsDigest).toBe(expected);
    const sha384 = sign(
      { references: REFERENCE.replace(URI.sha256, URI.sha384), algorithm: `${URI.more}ecdsa-sha384` },
      { ...p384, hash: 'sha384' },
    );
    expect(accepted(sha384)).toMatchObject({
      octetsDigest: expected,
      algorithm: `${URI.more}ecdsa-sha384`,
      signedAt: undefined,
    });
  });

  it('takes the signature out of the document and leaves what it covers', () => {
    const message = open(sign());
    expect(readEnvelopedSignature(message).ok).toBe(true);
    expect(message.document.find('//*[local-name() = "Signature"]')).toEqual([]);
    expect(message.document.canonicalizeToString()).toBe(canonicalOf(wrap(CONTENT)).toString());
  });

  it('refuses a second signature, another place, and a comment that splits a value', () => {
    expect(read(sign().replace('</b:inhoud>', `${signatureOf()}</b:inhoud>`))).toBe('ERR_SIGNATURE_MULTIPLE');
    expect(read(wrap(signatureOf() + CONTENT))).toBe('ERR_SIGNATURE_MISPLACED');
    expect(read(sign().replace('0001', '00<!-- -->01'))).toBe('ERR_SIGNATURE_MALFORMED');
  });

  it('answers the same again', () => {
    const message = open(sign());
    expect(readEnvelopedSignature(message)).toBe(readEnvelopedSignature(message));
    const broken = open(sign().replace('0001', '0002'));
    expect(readEnvelopedSignature(broken)).toMatchObject({
      ok: false,
      error: { code: 'ERR_SIGNATURE_DIGEST', violations: [] },
    });
    expect(readEnvelopedSignature(broken)).toMatchObject({ ok: false });
  });

  it('takes another root that may hold a signature as parameter', () => {
    expect(read(sign(), { namespace: 'urn:doorgeefluik:bevestiging:1', name: 'bevestiging' })).toBe(
      'ERR_SIGNATURE_MISPLACED',
    );
    const receipt = fillTemplate(
      `<v:bevestiging xmlns:v="urn:doorgeefluik:bevestiging:1"><v:a/>${signatureOf()}</v:bevestiging>`,
      rsa,
    );
    expect(read(receipt, { namespace: 'urn:doorgeefluik:bevestiging:1', name: 'bevestiging' })).toMatchObject({
      offered: [],
    });
    expect(read(receipt)).toBe('ERR_SIGNATURE_MISPLACED');
  });

  it('accepts white space, attributes Id, and text around the signature', () => {
    const edit = (template: string): string =>
      template
        .replaceAll('><', '>\n  <')
        .replace('{digest}', '\n{digest} \t')
        .replace('{value}', '\r\n{value}')
        .replace('<ds:SignedInfo', '<ds:SignedInfo Id="i"')
        .replace('<ds:SignatureValue', '<ds:SignatureValue Id="v"')
        .replace('<ds:Reference ', '<ds:Reference Id="r" ');
    expect(outcomeOf(edit)).toBe(true);
    expect(
      outcomeOf(
        (template) => `<!-- voor --><?stuur?>${template.replace('<b:inhoud>', '<!-- x --><b:inhoud>')}<!-- na -->`,
      ),
    ).toBe(true);
  });

  it('offers the certificates of KeyInfo in their order, as candidates', () => {
    const x509 = (one: { readonly base64: string }): string => `<ds:X509Certificate>${one.base64}</ds:X509Certificate>`;
    const keyInfo =
      `<ds:KeyInfo Id="k"><ds:KeyName>naam</ds:KeyName><ds:X509Data>${x509(rsa)}` +
      `<ds:X509SubjectName>CN=x</ds:X509SubjectName></ds:X509Data><ds:X509Data>${x509(p256)}</ds:X509Data></ds:KeyInfo>`;
    const signature = accepted(sign({ keyInfo }));
    expect(signature.offered.map((one) => one.x509.fingerprint256)).toEqual(
      [rsa, p256].map(({ certificate }) => certificate.x509.fingerprint256),
    );
    expect(signature.offered.map((one) => verifyEnvelopedSignature(signature, one))).toEqual([true, false]);
  });

  it('keeps reading certificates after it has seen a thousand', () => {
    const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${rsa.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
    const text = sign({ keyInfo });
    const der = Buffer.from(rsa.base64, 'base64');
    for (let serial = 0; serial <= 1000; serial += 1) {
      der.writeUInt32BE(serial, der.length - 4);
      expect(accepted(text.replace(rsa.base64, der.toString('base64'))).offered).toHaveLength(1);
    }
    expect(accepted(text).offered).toHaveLength(1);
  });

  it.each<[string, string | boolean | undefined, (template: string) => string]>([
    [
      'a digest of SHA-1',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace(URI.sha256, 'http://www.w3.org/2000/09/xmldsig#sha1'),
    ],
    [
      'a signature with SHA-1',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace(`${URI.more}rsa-sha256`, 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'),
    ],
    ['an HMAC', 'ERR_SIGNATURE_ALGORITHM', (t) => t.replace('rsa-sha256', 'hmac-sha256')],
    [
      'SignedInfo in inclusive canonical form',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace(URI.exc, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'),
    ],
    [
      'SignedInfo canonical with comments',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace(URI.exc, `${URI.exc}WithComments`),
    ],
    ['one transform only', 'ERR_SIGNATURE_ALGORITHM', (t) => t.replace(`<ds:Transform Algorithm="${URI.exc}"/>`, '')],
    [
      'transforms in another order',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace(/(<ds:Transform A[^>]*>)(<ds:Transform A[^>]*>)/, '$2$1'),
    ],
    [
      'a third transform',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace('</ds:Transforms>', `<ds:Transform Algorithm="${URI.exc}"/></ds:Transforms>`),
    ],
    [
      'an XSLT transform',
      'ERR_SIGNATURE_ALGORITHM',
      (t) => t.replace(URI.enveloped, 'http://www.w3.org/TR/1999/REC-xslt-19991116'),
    ],
    [
      'an XPath transform with its parameter',
      'ERR_SIGNATURE_MALFORMED',
      (t) =>
        t.replace(
          `Algorithm="${URI.exc}"/></ds:Transforms>`,
          'Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>true()</ds:XPath></ds:Transform></ds:Transforms>',
        ),
    ],
    [
      'InclusiveNamespaces',
      'ERR_SIGNATURE_MALFORMED',
      (t) =>
        t.replace(
          `Algorithm="${URI.exc}"/>`,
          `Algorithm="${URI.exc}"><e:InclusiveNamespaces xmlns:e="${URI.exc}" PrefixList="b"/></ds:CanonicalizationMethod>`,
        ),
    ],
    [
      'a text in a method',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace(`rsa-sha256"/>`, 'rsa-sha256">20</ds:SignatureMethod>'),
    ],
    ['a method without algorithm', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(/ Algorithm="[^"]*rsa-sha256"/, '')],
    ['no Reference', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(/<ds:Reference.*<\/ds:Reference>/, '')],
    ['no SignatureValue', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(/<ds:SignatureValue.*<\/ds:SignatureValue>/, '')],
    ['an empty SignatureValue', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('{value}', '')],
    ['a SignatureValue that is no base64', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('{value}', '{value}=')],
    ['an element in SignatureValue', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('{value}', '{value}<ds:X/>')],
    [
      'an attribute on DigestValue',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('<ds:DigestValue>', '<ds:DigestValue Id="x">'),
    ],
    [
      'an attribute in a namespace',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('<ds:SignedInfo>', '<ds:SignedInfo ds:Id="x">'),
    ],
    [
      'parts in another order',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace(/(<ds:SignatureMethod[^>]*>)(<ds:Reference.*<\/ds:Reference>)/, '$2$1'),
    ],
    [
      'an unknown child',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:Signature>', '<ds:Onbekend/></ds:Signature>'),
    ],
    [
      'a child in another namespace',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:SignedInfo>', '<Reference/></ds:SignedInfo>'),
    ],
    [
      'a Transforms that holds something else',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace(/<ds:Transform A/g, '<b:Transform xmlns:b="urn:b" A'),
    ],
    [
      'an attribute on Transforms',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('<ds:Transforms>', '<ds:Transforms a="1">'),
    ],
    [
      'a Type on the Reference',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('URI=""', `URI="" Type="${URI.properties}"`),
    ],
    ['a Reference without URI', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace(' URI=""', '')],
    ['a Reference to an ID', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('URI=""', 'URI="#x"')],
    ['a Reference by XPointer', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('URI=""', 'URI="#xpointer(/)"')],
    ['a Reference to another place', 'ERR_SIGNATURE_MALFORMED', (t) => t.replace('URI=""', 'URI="http://127.0.0.1/"')],
    [
      'two References to the document',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:SignedInfo>', `${REFERENCE}</ds:SignedInfo>`),
    ],
    [
      'a second Reference without URI',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:SignedInfo>', `${PROPERTIES_REFERENCE.replace(' URI="#p"', '')}</ds:SignedInfo>`),
    ],
    [
      'a text between the parts',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('<ds:SignatureMethod', 'x<ds:SignatureMethod'),
    ],
    [
      'a comment inside',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('<ds:SignatureMethod', '<!-- x --><ds:SignatureMethod'),
    ],
    [
      'an instruction inside',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('<ds:SignatureMethod', '<?x?><ds:SignatureMethod'),
    ],
    [
      'KeyInfo with another way to a key',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:Signature>', '<ds:KeyInfo><ds:RetrievalMethod URI="#k"/></ds:KeyInfo></ds:Signature>'),
    ],
    [
      'KeyInfo of another namespace',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:Signature>', '<ds:KeyInfo><b:KeyName/></ds:KeyInfo></ds:Signature>'),
    ],
    [
      'an attribute on KeyInfo',
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:Signature>', '<ds:KeyInfo URI="x"/></ds:Signature>'),
    ],
    [
      'X509Data with something else',
      'ERR_SIGNATURE_MALFORMED',
      (t) =>
        t.replace(
          '</ds:Signature>',
          '<ds:KeyInfo><ds:X509Data><ds:X509CRL/></ds:X509Data></ds:KeyInfo></ds:Signature>',
        ),
    ],
    [
      'X509Data of another namespace',
      'ERR_SIGNATURE_MALFORMED',
      (t) =>
        t.replace(
          '</ds:Signature>',
          '<ds:KeyInfo><ds:X509Data><b:X509Certificate/></ds:X509Data></ds:KeyInfo></ds:Signature>',
        ),
    ],
    [
      'a certificate that is none',
      'ERR_SIGNATURE_MALFORMED',
      (t) =>
        t.replace(
          '</ds:Signature>',
          '<ds:KeyInfo><ds:X509Data><ds:X509Certificate>QUJD</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>',
        ),
    ],
    [
      'nine certificates',
      'ERR_SIGNATURE_MALFORMED',
      (t) =>
        t.replace(
          '</ds:Signature>',
          `<ds:KeyInfo><ds:X509Data>${`<ds:X509Certificate>${p256.base64}</ds:X509Certificate>`.repeat(9)}</ds:X509Data></ds:KeyInfo></ds:Signature>`,
        ),
    ],
    [
      "an Object that isn't XAdES",
      'ERR_SIGNATURE_MALFORMED',
      (t) => t.replace('</ds:Signature>', '<ds:Object>x</ds:Object></ds:Signature>'),
    ],
  ])('answers to %s with %s', (_name, code, edit) => {
    expect(outcomeOf(edit)).toBe(code);
  });

  it('refuses a document whose canonical form is not defined', () => {
    const text = sign().replace('<b:inhoud>', '<b:inhoud xmlns:r="relatief">');
    expect(read(text)).toBe('ERR_SIGNATURE_DIGEST');
    expect(read(sign().replace('<ds:SignedInfo', '<ds:SignedInfo xmlns:r="relatief"'))).toBe('ERR_SIGNATURE_MALFORMED');
    const keyInfo = `<ds:KeyInfo xmlns:r="relatief"><ds:KeyName>x</ds:KeyName></ds:KeyInfo>`;
    expect(read(sign({ keyInfo }))).toBe('ERR_SIGNATURE_MALFORMED');
    expect(outcomeOf((template) => template, { keyInfo: keyInfo.replace('relatief', 'urn:r') })).toBe(true);
  });

  it('refuses CDATA inside the signature, where another reader stops at its border, and only there', () => {
    const inDigest = sign().replace(/<ds:DigestValue>([^<]+)/, '<ds:DigestValue><![CDATA[$1]]>');
    expect(read(inDigest)).toBe('ERR_SIGNATURE_MALFORMED');
    expect(outcomeOf((template) => template.replace('Zoë', '<![CDATA[Zoë]]>'))).toBe(true);
  });

  it('lets a fault of the library through instead of blaming the sender', () => {
    const fail = (): never => {
      throw new RangeError('out of memory');
    };
    expect(() => canonicalize({ canonicalize: fail } as unknown as XmlDocument)).toThrow(RangeError);
    expect(() => readSignatureStructure({ find: fail } as unknown as XmlElement)).toThrow(RangeError);
  });
});
