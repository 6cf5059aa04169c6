import { afterAll, describe, expect, it } from '@jest/globals';
import { isAcceptedBy, openTypeXsd, readTypeFolders } from '../../support/schema-folder.ts';

const type = readTypeFolders().find((folder) => folder.definition.berichttype === 'opdrachtTb');
const example = type?.valid.find((candidate) => candidate.name === 'opdracht.xml');
if (type === undefined || example === undefined) throw new Error('the example opdracht.xml is missing');
const xml = example.bytes.toString('utf8');
const xsd = openTypeXsd(type);
afterAll(() => {
  xsd.dispose();
});

const SIGNATURE = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>';
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"';

function accepts(text: string): boolean {
  expect(text).not.toBe(xml);
  return isAcceptedBy(xsd, Buffer.from(text));
}

describe('the XML wrapper', () => {
  it('accepts one ds:Signature as last child', () => {
    expect(accepts(xml.replace('</b:bericht>', `${SIGNATURE}</b:bericht>`))).toBe(true);
  });

  it('refuses a ds:Signature anywhere else', () => {
    expect(accepts(xml.replace('</b:bericht>', `${SIGNATURE}${SIGNATURE}</b:bericht>`))).toBe(false);
    expect(accepts(xml.replace('<b:inhoud>', `${SIGNATURE}<b:inhoud>`))).toBe(false);
    expect(accepts(xml.replace('</b:inhoud>', `${SIGNATURE}</b:inhoud>`))).toBe(false);
    expect(accepts(xml.replace('</b:stuurgegevens>', `${SIGNATURE}</b:stuurgegevens>`))).toBe(false);
  });

  it('refuses any other element after the inhoud', () => {
    expect(accepts(xml.replace('</b:bericht>', '<b:bijlage/></b:bericht>'))).toBe(false);
    // Also of the namespace of the signature: whatever it holds would go along unread.
    const beside = '<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><dossier>x</dossier></ds:Object>';
    expect(accepts(xml.replace('</b:bericht>', `${beside}</b:bericht>`))).toBe(false);
    expect(accepts(xml.replace('</b:bericht>', `${beside}${SIGNATURE}</b:bericht>`))).toBe(false);
  });

  it('refuses an empty inhoud, text in it and an inhoud of another namespace', () => {
    expect(accepts(xml.replace(/<b:inhoud>[^]*<\/b:inhoud>/, '<b:inhoud/>'))).toBe(false);
    expect(accepts(xml.replace('<b:inhoud>', '<b:inhoud>tekst'))).toBe(false);
    expect(accepts(xml.replace(/<b:inhoud>[^]*<\/b:inhoud>/, '<b:inhoud><x xmlns="urn:x"/></b:inhoud>'))).toBe(false);
  });

  it('lets no xsi:type put another type in the place of a declared one', () => {
    expect(accepts(xml.replace('<b:afzender>', `<b:afzender ${XSI} xsi:type="xs:anyType">`))).toBe(false);
    expect(accepts(xml.replace('<b:omgeving>', `<b:omgeving ${XSI} xsi:type="xs:string">`))).toBe(false);
  });

  it('takes each of the three ways to name the recipient', () => {
    const recipient = /<b:ontvanger>[^]*<\/b:ontvanger>/;
    const named = (inner: string): string => xml.replace(recipient, `<b:ontvanger>${inner}</b:ontvanger>`);
    expect(accepts(named('<b:gemeentecode>0202</b:gemeentecode><b:rol>GEMEENTE</b:rol>'))).toBe(true);
    expect(accepts(named('<b:instantiecode>AST095</b:instantiecode>'))).toBe(true);
    expect(accepts(named('<b:oin>00000001802611266000</b:oin><b:rol>GI_JR</b:rol>'))).toBe(true);
    expect(accepts(named('<b:instantiecode>AST095</b:instantiecode><b:rol>GI</b:rol>'))).toBe(false);
    expect(accepts(named('<b:oin>00000001802611266000</b:oin>'))).toBe(false);
  });
});
