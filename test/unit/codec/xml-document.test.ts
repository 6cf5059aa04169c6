import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import {
  childElement,
  childElements,
  findSignatures,
  hasSignatureElsewhere,
  isElement,
  isNamed,
  NS,
  openXml,
  textOf,
} from '../../../gateway/codec/xml-document.ts';
import type { XmlMessage } from '../../../gateway/codec/xml-document.ts';

const opened: XmlMessage[] = [];
afterEach(() => {
  for (const message of opened.splice(0)) message.dispose();
  jest.restoreAllMocks();
});

function open(text: string): XmlMessage {
  const message = openXml(Buffer.from(text));
  if (!message.ok) throw new Error(message.error.code);
  opened.push(message.value);
  return message.value;
}

const codeOf = (text: string): string => {
  const message = openXml(Buffer.from(text));
  if (message.ok) opened.push(message.value);
  return message.ok ? 'accepted' : message.error.code;
};

describe('openXml', () => {
  it('names the root by namespace and local name', () => {
    expect(open('<b:bericht xmlns:b="urn:doorgeefluik:bericht:1"/>')).toMatchObject({
      rootName: 'bericht',
      rootNamespace: NS.bericht,
      facts: { hasComment: false },
    });
    expect(open('<r/>')).toMatchObject({ rootName: 'r', rootNamespace: '' });
  });

  it.each([
    '<r>&x;</r>',
    '<r a="&x;"/>',
    '<r></s>',
    '<x:r/>',
    '<r a="1" a="2"/>',
    '<r>\u0001</r>',
    '<r>&#0;</r>',
    '<r>]]></r>',
    '<r xmlns:a="u" xmlns:b="u" a:x="1" b:x="2"/>',
    '<r><!-- -- --></r>',
    '<r><?XML?></r>',
    '<r a="1"b="2"/>',
    '<r>&lt</r>',
  ])('refuses %j as malformed', (text) => {
    expect(codeOf(text)).toBe('ERR_XML_MALFORMED');
  });

  it('refuses with a code alone, without a word of the library', () => {
    expect(openXml(Buffer.from('<r>geheim</s>'))).toEqual({
      ok: false,
      error: { code: 'ERR_XML_MALFORMED', violations: [] },
    });
  });

  it('refuses what the scan refuses before the parser sees it', () => {
    const parse = jest.spyOn(XmlDocument, 'fromBuffer');
    expect(codeOf('<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>')).toBe('ERR_XML_DOCTYPE');
    expect(codeOf('<a>'.repeat(65) + '</a>'.repeat(65))).toBe('ERR_XML_LIMIT');
    expect(parse).not.toHaveBeenCalled();
  });

  it('reads the octets as UTF-8', () => {
    expect(textOf(open('<?xml version="1.0" encoding="utf-8"?><r>Zoë</r>').document.root)).toBe('Zoë');
  });

  it('parses texts over ten million octets', () => {
    const large = 'QUJD'.repeat(3_000_000);
    expect(textOf(open(`<r><a>${large}</a></r>`).document.root)).toHaveLength(12_000_000);
    expect(textOf(open(`<r><a>${large.slice(0, 9_000_000)}</a></r>`).document.root)).toHaveLength(9_000_000);
  });

  it('lets a fault of the library through instead of blaming the sender', () => {
    jest.spyOn(XmlDocument, 'fromBuffer').mockImplementation(() => {
      throw new RangeError('out of memory');
    });
    expect(() => openXml(Buffer.from('<r/>'))).toThrow(RangeError);
  });

  it('detaches an element with all within it, and disposes of everything at once', () => {
    const message = open('<r xmlns="urn:r" xmlns:p="urn:p"><a/><p:b><c>1</c></p:b><d/></r>');
    const element = childElements(message.document.root)[1];
    if (element === undefined) throw new Error('no element');
    const part = message.detach(element);
    expect(part.root.isSameNode(element)).toBe(true);
    expect(part.root.namespaceUri).toBe('urn:p');
    expect(childElements(message.document.root).map((child) => child.name)).toEqual(['a', 'd']);
    message.dispose();
    message.dispose();
    expect(() => message.document.root.name).toThrow();
    expect(() => part.root.name).toThrow();
  });
});

describe('elements', () => {
  it('finds child elements, also after an instruction or a comment', () => {
    const { root } = open(
      '<r xmlns="urn:r">x<a/><?p i?><b/><!-- c --><b n="2"/><x:b xmlns:x="urn:x"/><c><d/></c></r>',
    ).document;
    expect(childElements(root).map((child) => child.name)).toEqual(['a', 'b', 'b', 'b', 'c']);
    expect(childElement(root, 'urn:x', 'b')?.prefix).toBe('x');
    expect(childElement(root, 'urn:r', 'b')?.attr('n')).toBeNull();
    expect(childElement(root, 'urn:r', 'd')).toBeUndefined();
    expect(childElement(root, '', 'a')).toBeUndefined();
  });

  it('compares names with their namespace', () => {
    const { root } = open('<r xmlns="urn:r"/>').document;
    expect(isNamed(root, 'urn:r', 'r')).toBe(true);
    expect(isNamed(root, 'urn:r', 's')).toBe(false);
    expect(isNamed(root, '', 'r')).toBe(false);
  });

  it.each([
    ['12<!-- x -->34', '1234'],
    ['12<?x y?>34', '1234'],
    ['1<![CDATA[2]]>3<![CDATA[4]]>', '1234'],
    ['&#49;2&#x33;4', '1234'],
    [' 1 ', ' 1 '],
    ['', ''],
    ['&amp;&lt;<![CDATA[&lt;]]>', '&<&lt;'],
  ])('reads %j whole', (content, text) => {
    expect(textOf(open(`<r>${content}</r>`).document.root)).toBe(text);
  });

  it('tells elements from other nodes', () => {
    const { root } = open('<r a="1">x</r>').document;
    expect(isElement(root)).toBe(true);
    expect(root.firstChild).not.toBeInstanceOf(XmlElement);
    expect(root.firstChild === null || isElement(root.firstChild)).toBe(false);
  });
});

describe('hasSignatureElsewhere', () => {
  const SIGNATURE = `<s:Signature xmlns:s="${NS.ds}"/>`;

  it('finds a ds:Signature at any depth but the allowed one', () => {
    const message = open(`<r><a>${SIGNATURE}</a>${SIGNATURE}</r>`);
    const [first, second] = findSignatures(message);
    expect(hasSignatureElsewhere(message, undefined)).toBe(true);
    expect(hasSignatureElsewhere(message, second)).toBe(true);
    first?.remove();
    expect(hasSignatureElsewhere(message, second)).toBe(false);
  });

  it('takes the namespace for what counts, not the prefix', () => {
    expect(hasSignatureElsewhere(open('<r><ds:Signature xmlns:ds="urn:x"/></r>'), undefined)).toBe(false);
    expect(hasSignatureElsewhere(open(`<Signature xmlns="${NS.ds}"/>`), undefined)).toBe(true);
  });
});
