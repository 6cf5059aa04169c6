import { afterEach, describe, expect, it } from '@jest/globals';
import { childElement, hasSignatureElsewhere, NS, openXml, textOf } from '../../gateway/codec/xml-document.ts';
import { readEnvelopedSignature, verifyEnvelopedSignature } from '../../gateway/codec/xml-signature.ts';
import { createMessages, createSigner, signMessage } from '../support/signed-xml.ts';
import {
  CONTENT,
  fillTemplate,
  objectOf,
  PROPERTIES_REFERENCE,
  REFERENCE,
  signatureOf,
  URI,
  wrap,
} from '../support/xml-signer.ts';

const victim = createSigner('rsa-2048');
const attacker = createSigner('rsa-2048');
const curve = createSigner('ec-p256');
const { open, dispose } = createMessages();
afterEach(dispose);

const SIGNED = signMessage(victim);
const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/.exec(SIGNED)?.[0] ?? '';
const FORGED = CONTENT.replace('0001', '6666');
const PROPERTIES = objectOf('<xades:SigningTime>2026-11-22T10:15:30Z</xades:SigningTime>');
const COPY = PROPERTIES.replace('<ds:Object>', `<ds:Object xmlns:ds="${URI.ds}">`);

/** The kenmerk that would be acted upon, or why nothing is. */
function verdictOn(text: string, signer = victim): string {
  const scanned = openXml(Buffer.from(text));
  if (!scanned.ok) return scanned.error.code;
  scanned.value.dispose();
  const message = open(text);
  const read = readEnvelopedSignature(message);
  if (!read.ok) return read.error.code;
  if (read.value === undefined) return 'unsigned';
  if (!verifyEnvelopedSignature(read.value, signer.certificate)) return 'ERR_SIGNATURE_INVALID';
  const control = childElement(message.document.root, NS.bericht, 'stuurgegevens');
  const kenmerk = control === undefined ? undefined : childElement(control, NS.bericht, 'kenmerk');
  return kenmerk === undefined ? 'no kenmerk' : textOf(kenmerk);
}

const edited = (from: string | RegExp, to: string): string => {
  const text = SIGNED.replace(from, () => to);
  if (text === SIGNED) throw new Error('nothing was edited');
  return text;
};

describe('a signature that is moved, copied or wrapped', () => {
  it('is accepted where it was made, which shows that the cases below fail for their own reason', () => {
    expect(verdictOn(SIGNED)).toBe('0001');
  });

  it.each<[string, string, string]>([
    [
      'the signed bericht inside a forged one, the signature with it',
      wrap(FORGED.replace('</b:inhoud>', `${SIGNED}</b:inhoud>`)),
      'ERR_SIGNATURE_MISPLACED',
    ],
    [
      'the signed bericht inside a forged one, the signature outside',
      wrap(FORGED.replace('</b:inhoud>', `${wrap(CONTENT)}</b:inhoud>`) + SIGNATURE),
      'ERR_SIGNATURE_DIGEST',
    ],
    [
      'the signed content in an Object of the signature',
      wrap(FORGED + SIGNATURE.replace('</ds:Signature>', `<ds:Object>${wrap(CONTENT)}</ds:Object></ds:Signature>`)),
      'ERR_SIGNATURE_MALFORMED',
    ],
    [
      'the signed content in KeyInfo',
      wrap(FORGED + SIGNATURE.replace('</ds:Signature>', `<ds:KeyInfo>${wrap(CONTENT)}</ds:KeyInfo></ds:Signature>`)),
      'ERR_SIGNATURE_MALFORMED',
    ],
    [
      'the signed content in SignatureValue',
      wrap(FORGED + SIGNATURE.replace('</ds:SignatureValue>', `${wrap(CONTENT)}</ds:SignatureValue>`)),
      'ERR_SIGNATURE_MALFORMED',
    ],
    ['forged routing data before the signed', wrap(FORGED + CONTENT + SIGNATURE), 'ERR_SIGNATURE_DIGEST'],
    ['forged routing data after the signed', wrap(CONTENT + FORGED + SIGNATURE), 'ERR_SIGNATURE_DIGEST'],
    ['forged content after the signature', wrap(CONTENT + SIGNATURE + FORGED), 'ERR_SIGNATURE_MISPLACED'],
    ['the signature as first child', wrap(SIGNATURE + CONTENT), 'ERR_SIGNATURE_MISPLACED'],
    [
      'the signature inside inhoud',
      wrap(CONTENT.replace('</b:inhoud>', `${SIGNATURE}</b:inhoud>`)),
      'ERR_SIGNATURE_MISPLACED',
    ],
    [
      'the signature as root',
      SIGNATURE.replace('</ds:Signature>', `<ds:Object>${wrap(CONTENT)}</ds:Object></ds:Signature>`),
      'ERR_SIGNATURE_MISPLACED',
    ],
    ['the signature twice', wrap(CONTENT + SIGNATURE + SIGNATURE), 'ERR_SIGNATURE_MULTIPLE'],
    [
      'a second signature inside inhoud',
      wrap(CONTENT.replace('</b:inhoud>', `${SIGNATURE}</b:inhoud>`) + SIGNATURE),
      'ERR_SIGNATURE_MULTIPLE',
    ],
    [
      'a signature inside the signature',
      wrap(CONTENT + SIGNATURE.replace('</ds:Signature>', `<ds:Object>${SIGNATURE}</ds:Object></ds:Signature>`)),
      'ERR_SIGNATURE_MULTIPLE',
    ],
    [
      'the signature under a root of another namespace',
      edited('urn:doorgeefluik:bericht:1', 'urn:doorgeefluik:bericht:2'),
      'ERR_SIGNATURE_MISPLACED',
    ],
    [
      'the signature under a root of another name',
      SIGNED.replaceAll('b:bericht', 'b:berichten'),
      'ERR_SIGNATURE_MISPLACED',
    ],
    ['the signature of another bericht', wrap(FORGED + SIGNATURE), 'ERR_SIGNATURE_DIGEST'],
    ['a second document after the first', SIGNED + SIGNED, 'ERR_XML_MALFORMED'],
  ])('%s is refused', (_name, text, code) => {
    expect(verdictOn(text)).toBe(code);
  });

  it('that stands in a bericht without one of its own is seen by those who expect none', () => {
    expect(
      hasSignatureElsewhere(open(wrap(CONTENT.replace('</b:inhoud>', `${SIGNATURE}</b:inhoud>`))), undefined),
    ).toBe(true);
    expect(hasSignatureElsewhere(open(wrap(CONTENT)), undefined)).toBe(false);
  });
});

describe('a Reference that leads elsewhere', () => {
  it.each<[string, string]>([
    [
      'by ID to the signed part, in a forged bericht',
      wrap(
        FORGED.replace('<b:inhoud>', '<b:inhoud Id="echt">') +
          signatureOf({ references: REFERENCE.replace('URI=""', 'URI="#echt"') }),
      ),
    ],
    [
      'by ID, the document besides',
      wrap(FORGED + signatureOf({ references: REFERENCE + REFERENCE.replace('URI=""', 'URI="#echt"') })),
    ],
    [
      'to properties that stand in the content',
      wrap(
        CONTENT.replace('</b:inhoud>', `${COPY}</b:inhoud>`) +
          signatureOf({ references: REFERENCE + PROPERTIES_REFERENCE }),
      ),
    ],
    [
      'to properties of which the content holds a copy',
      wrap(
        CONTENT.replace('</b:inhoud>', `${COPY}</b:inhoud>`) +
          signatureOf({ references: REFERENCE + PROPERTIES_REFERENCE, object: PROPERTIES }),
      ),
    ],
    [
      'to a Manifest',
      wrap(
        CONTENT +
          signatureOf({
            references: REFERENCE + PROPERTIES_REFERENCE.replace(URI.properties, `${URI.ds}Manifest`),
            object: PROPERTIES,
          }),
      ),
    ],
  ])('%s is refused, though its signature is right', (_name, template) => {
    expect(verdictOn(fillTemplate(template, victim))).toBe('ERR_SIGNATURE_MALFORMED');
  });
});

describe('a change that the signature does not cover', () => {
  it.each<[string, string, string]>([
    ['a comment inside a value', edited('0001', '00<!-- -->01'), 'ERR_SIGNATURE_MALFORMED'],
    ['a comment before a value', edited('0001', '<!-- -->0001'), 'ERR_SIGNATURE_MALFORMED'],
    [
      'a comment inside the signature',
      edited('<ds:SignatureValue>', '<!-- --><ds:SignatureValue>'),
      'ERR_SIGNATURE_MALFORMED',
    ],
    [
      'a document type with default attributes',
      `<!DOCTYPE b:bericht [<!ATTLIST b:inhoud a CDATA "1">]>${SIGNED}`,
      'ERR_XML_DOCTYPE',
    ],
    [
      'a document type with an entity',
      `<!DOCTYPE b:bericht [<!ENTITY k "6666">]>${edited('0001', '&k;')}`,
      'ERR_XML_DOCTYPE',
    ],
    ['an instruction before the document', `<?stuur om?>${SIGNED}`, 'ERR_SIGNATURE_DIGEST'],
    ['an instruction inside a value', edited('0001', '00<?x?>01'), 'ERR_SIGNATURE_MALFORMED'],
    ['white space in a value', edited('0001', '0001 '), 'ERR_SIGNATURE_DIGEST'],
    ['an attribute', edited('<b:kenmerk>', '<b:kenmerk a="1">'), 'ERR_SIGNATURE_DIGEST'],
    [
      'another namespace for a used prefix',
      edited('urn:example:opdracht', 'urn:example:ander'),
      'ERR_SIGNATURE_DIGEST',
    ],
    [
      'a default namespace for names without one',
      signMessage(victim, {}, (t) => t.replace('<o:naam>', '<leeg/><o:naam>')).replace(
        '<b:inhoud>',
        '<b:inhoud xmlns="urn:kwaad">',
      ),
      'ERR_SIGNATURE_DIGEST',
    ],
  ])('%s is refused', (_name, text, code) => {
    expect(verdictOn(text)).toBe(code);
  });

  it.each<[string, string]>([
    ['a value cut up in CDATA sections', edited('0001', '0<![CDATA[00]]>1')],
    ['a value in character references', edited('0001', '&#48;00&#x31;')],
    ['a comment between elements', edited('<b:inhoud>', '<!-- <b:kenmerk>6666</b:kenmerk> --><b:inhoud>')],
    ['a namespace that nothing uses', edited('<b:inhoud>', '<b:inhoud xmlns:kwaad="urn:kwaad">')],
  ])('%s reads as what was signed', (_name, text) => {
    expect(verdictOn(text)).toBe('0001');
  });

  it('leaves the digest that tells a repeat the same, however the signature is written', () => {
    const digestOf = (text: string): string | undefined => {
      const read = readEnvelopedSignature(open(text));
      return read.ok ? read.value?.octetsDigest : undefined;
    };
    const parts = { algorithm: `${URI.more}ecdsa-sha256` };
    const [first, second] = [signMessage(curve, parts), signMessage(curve, parts)];
    expect(first).not.toBe(second);
    expect(
      new Set([SIGNED, edited('</ds:SignatureValue>', '\n</ds:SignatureValue>'), first, second].map(digestOf)).size,
    ).toBe(1);
  });
});

describe("a key that is not the signer's", () => {
  const offer = (text: string, base64: string): string =>
    text.replace(
      '</ds:Signature>',
      `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`,
    );

  it("offered in KeyInfo changes nothing: the signature verifies with the signer's alone", () => {
    const text = offer(SIGNED, attacker.base64);
    expect(verdictOn(text)).toBe('0001');
    expect(verdictOn(text, attacker)).toBe('ERR_SIGNATURE_INVALID');
  });

  it('signs in vain beside the certificate of the victim', () => {
    const text = offer(
      signMessage(attacker, {}, (template) => template.replace('0001', '6666')),
      victim.base64,
    );
    expect(verdictOn(text)).toBe('ERR_SIGNATURE_INVALID');
  });

  it('can not be the certificate itself, as the secret of an HMAC', () => {
    expect(verdictOn(edited(`${URI.more}rsa-sha256`, `${URI.more}hmac-sha256`))).toBe('ERR_SIGNATURE_ALGORITHM');
  });

  it('is not found by the algorithm alone: another algorithm name makes the signature invalid', () => {
    expect(verdictOn(edited(`${URI.more}rsa-sha256`, `${URI.more}rsa-sha512`))).toBe('ERR_SIGNATURE_INVALID');
    expect(verdictOn(edited(`${URI.more}rsa-sha256`, `${URI.more}ecdsa-sha256`))).toBe('ERR_SIGNATURE_INVALID');
  });
});
