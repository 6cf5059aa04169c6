import { describe, expect, it } from '@jest/globals';
import { diag } from 'libxml2-wasm';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import { readEnvelopedSignature } from '../../../gateway/codec/xml-signature.ts';
import { compileWrapperXsd, compileXsd } from '../../../gateway/codec/xsd.ts';
import { createSigner, signMessage } from '../../support/signed-xml.ts';
import { objectOf, PROPERTIES_REFERENCE, REFERENCE, URI } from '../../support/xml-signer.ts';

const SCHEMA = Buffer.from(
  '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:doorgeefluik:bericht:1" elementFormDefault="qualified">' +
    '<xs:element name="bericht"><xs:complexType><xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence></xs:complexType></xs:element></xs:schema>',
);
const FILES = new Map([
  ['bericht.xsd', SCHEMA],
  ['anders.xsd', Buffer.from(SCHEMA.toString().replaceAll('bericht', 'anders'))],
  ['kapot.xsd', Buffer.from(SCHEMA.toString().replace('xs:any', 'xs:geen'))],
]);

const signer = createSigner('ec-p256');
const parts = {
  algorithm: `${URI.more}ecdsa-sha256`,
  references: REFERENCE + PROPERTIES_REFERENCE,
  object: objectOf('<xades:SigningTime>2026-11-22T10:15:30Z</xades:SigningTime>'),
};
const accepted = signMessage(signer, parts);
const DOCUMENTS = [
  accepted,
  accepted.replace('0001', '0002'),
  accepted.replace('<xades:SigningTime>2', '<xades:SigningTime>3'),
  accepted.replace('<ds:SignatureValue>', '<ds:SignatureValue>*'),
  accepted.replace('<b:inhoud>', '<b:inhoud xmlns:r="relatief">'),
  accepted.replaceAll('b:bericht', 'b:onbekend'),
  accepted.replace('</b:bericht>', ''),
  accepted.replace('</b:kenmerk>', '</b:kenmark>'),
].map((text) => Buffer.from(text));

describe('memory of libxml2', () => {
  it('holds nothing after any way a bericht can end, and does not grow over 20,000 of them', () => {
    const schema = compileXsd(FILES, 'bericht.xsd');
    const cycle = (bytes: Uint8Array): void => {
      const message = openXml(bytes);
      if (!message.ok) return;
      readEnvelopedSignature(message.value);
      schema.validate(message.value);
      message.value.dispose();
    };
    diag.configure({ enabled: true });
    for (const bytes of DOCUMENTS) cycle(bytes);
    expect(diag.report()).toEqual({});
    diag.configure({ enabled: false });
    const run = (count: number): void => {
      for (let index = 0; index < count; index += 1) cycle(DOCUMENTS[index % DOCUMENTS.length] ?? Buffer.of());
    };
    run(5_000);
    const before = process.memoryUsage();
    run(20_000);
    const after = process.memoryUsage();
    // A leak of one small document a cycle would be over 200 MB; WebAssembly memory counts as external.
    expect(after.external - before.external).toBeLessThan(40_000_000);
    expect(after.rss - before.rss).toBeLessThan(150_000_000);
    schema.dispose();
  }, 120_000);

  it('holds nothing of schemas that were disposed of or did not compile', () => {
    diag.configure({ enabled: true });
    compileXsd(FILES, 'bericht.xsd').dispose();
    compileWrapperXsd(FILES, 'bericht.xsd', 'anders.xsd').dispose();
    for (const entry of ['kapot.xsd', 'weg.xsd']) expect(() => compileXsd(FILES, entry)).toThrow();
    expect(diag.report()).toEqual({});
    diag.configure({ enabled: false });
  });
});
