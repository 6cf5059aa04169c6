import {
  bringSigned,
  bringStuf,
  bringXml,
  edited,
  signedXml,
  stufMessage,
  xmlMessage,
} from '../../support/hostile-bench.ts';
import type { Bench, HostileCase } from '../../support/hostile-bench.ts';

type Row = readonly [string, HostileCase['expected'], (bench: Bench) => string | Uint8Array];

const body = (text: string): string => text.slice(text.indexOf('?>') + 2).trimStart();
/** The bericht behind a document type that replaces the name of a person by an entity. */
const withType =
  (subset: string, entity = '&e;'): Row[2] =>
  (bench) =>
    `<!DOCTYPE b ${subset}>${edited(body(xmlMessage(bench)), 'Proefplein', entity)}`;

const bomb = (count: number, times: number): string =>
  Array.from(
    { length: count },
    (_, level) => `<!ENTITY e${String(level)} "${level === 0 ? 'kaboem' : `&e${String(level - 1)};`.repeat(times)}">`,
  ).join('');

const TYPE = 'No document type is accepted, so there is no entity, no default attribute and nothing to fetch.';
const types: readonly Row[] = [
  ['an entity', 'ERR_XML_DOCTYPE', withType('[<!ENTITY e "x">]')],
  ['an entity of a file', 'ERR_XML_DOCTYPE', withType('[<!ENTITY e SYSTEM "file:///etc/passwd">]')],
  [
    'an entity of a host',
    'ERR_XML_DOCTYPE',
    withType('[<!ENTITY e SYSTEM "http://169.254.169.254/latest/meta-data/">]'),
  ],
  [
    'an entity of the gateway itself',
    'ERR_XML_DOCTYPE',
    withType('[<!ENTITY e SYSTEM "https://127.0.0.1:8443/v1/sleutels">]'),
  ],
  ['an entity by a public name', 'ERR_XML_DOCTYPE', withType('[<!ENTITY e PUBLIC "-//X//Y" "http://127.0.0.1:1/">]')],
  [
    'a parameter entity that fetches another',
    'ERR_XML_DOCTYPE',
    withType('[<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]', 'x'),
  ],
  ['a document type elsewhere', 'ERR_XML_DOCTYPE', withType('SYSTEM "http://127.0.0.1:1/x.dtd"', 'x')],
  [
    'a public document type',
    'ERR_XML_DOCTYPE',
    withType('PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"', 'x'),
  ],
  ['a billion laughs', 'ERR_XML_DOCTYPE', withType(`[${bomb(10, 10)}]`, '&e9;')],
  ['a quadratic blow-up', 'ERR_XML_DOCTYPE', withType(`[<!ENTITY e "${'a'.repeat(50_000)}">]`, '&e;'.repeat(10_000))],
  ['an entity that holds itself', 'ERR_XML_DOCTYPE', withType('[<!ENTITY e "&f;"><!ENTITY f "&e;">]')],
  ['a default attribute', 'ERR_XML_DOCTYPE', withType('[<!ATTLIST b:inhoud Id ID "s">]', 'x')],
  ['an attribute list that makes an ID', 'ERR_XML_DOCTYPE', withType('[<!ATTLIST b:kenmerk a ID #IMPLIED>]', 'x')],
  ['a notation', 'ERR_XML_DOCTYPE', withType('[<!NOTATION n SYSTEM "/bin/sh">]', 'x')],
  ['an empty subset', 'ERR_XML_DOCTYPE', withType('[]', 'x')],
  ['one that is never closed', 'ERR_XML_DOCTYPE', (bench) => `<!DOCTYPE b [<!ENTITY ${bench.word()} "`],
  [
    'one behind a comment',
    'ERR_XML_DOCTYPE',
    (bench) => `<!-- ${bench.word()} --><!DOCTYPE b>${body(xmlMessage(bench))}`,
  ],
  ['one in small letters', 'ERR_XML_DOCTYPE', (bench) => `<!doctype b>${body(xmlMessage(bench))}`],
  [
    'one inside the bericht',
    'ERR_XML_DOCTYPE',
    (bench) => edited(xmlMessage(bench), '<b:inhoud>', '<b:inhoud><!DOCTYPE b>'),
  ],
  [
    'an entity declared without document type',
    'ERR_XML_DOCTYPE',
    (bench) => edited(xmlMessage(bench), '<b:inhoud>', '<b:inhoud><!ENTITY e "x">'),
  ],
  [
    'a conditional section',
    'ERR_XML_DOCTYPE',
    (bench) => edited(xmlMessage(bench), '<b:inhoud>', '<b:inhoud><![INCLUDE[x]]>'),
  ],
];

const BOUND =
  'One pass over the octets counts depth, elements, attributes, names and namespaces before any parser reads them.';
const nest = (depth: number, bench: Bench): string => {
  const name = bench.word();
  return edited(xmlMessage(bench), '<b:inhoud>', `<b:inhoud>${`<${name}>`.repeat(depth)}${`</${name}>`.repeat(depth)}`);
};
const inside = (bench: Bench, content: string): string =>
  edited(xmlMessage(bench), '<b:inhoud>', `<b:inhoud>${content}`);
const numbered = (count: number, each: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => each(at)).join('');

const bounds: readonly Row[] = [
  ['a depth of 65', 'ERR_XML_LIMIT', (bench) => nest(63, bench)],
  ['a depth of 1,000', 'ERR_XML_LIMIT', (bench) => nest(1_000, bench)],
  ['a depth of 20,000', 'ERR_XML_LIMIT', (bench) => nest(20_000, bench)],
  ['a depth of 100,000 that is never closed', 'ERR_XML_LIMIT', () => '<a>'.repeat(100_000)],
  [
    '65 attributes on one element',
    'ERR_XML_LIMIT',
    (bench) => inside(bench, `<x ${numbered(65, (at) => `${bench.word()}${String(at)}="" `)}/>`),
  ],
  [
    'a hundred thousand attributes on one element',
    'ERR_XML_LIMIT',
    (bench) => inside(bench, `<x ${numbered(100_000, (at) => `a${String(at)}="" `)}/>`),
  ],
  [
    'a hundred thousand attributes of one name',
    'ERR_XML_LIMIT',
    (bench) => inside(bench, `<x ${'a="" '.repeat(100_000)}/>`),
  ],
  ['200,001 elements', 'ERR_XML_LIMIT', (bench) => inside(bench, '<x/>'.repeat(200_001))],
  ['an element name of 257 octets', 'ERR_XML_LIMIT', (bench) => inside(bench, `<${bench.word()}${'n'.repeat(257)}/>`)],
  ['an element name of a megabyte', 'ERR_XML_LIMIT', (bench) => inside(bench, `<${'n'.repeat(1_000_000)}/>`)],
  ['an attribute name of a megabyte', 'ERR_XML_LIMIT', (bench) => inside(bench, `<x ${'n'.repeat(1_000_000)}=""/>`)],
  ['an end tag of a megabyte', 'ERR_XML_LIMIT', (bench) => inside(bench, `<x></x${' '.repeat(1_000_000)}>`)],
  [
    '300 namespaces in force',
    'ERR_XML_LIMIT',
    (bench) =>
      inside(
        bench,
        `${numbered(6, (level) => `<x ${numbered(50, (at) => `xmlns:n${String(level)}-${String(at)}="urn:${String(at)}" `)}>`)}${'</x>'.repeat(6)}`,
      ),
  ],
  [
    '65 namespaces in force above fifty thousand elements, each of which canonicalisation would search',
    'ERR_XML_LIMIT',
    (bench) =>
      inside(
        bench,
        `<x ${numbered(62, (at) => `xmlns:n${String(at)}="urn:${String(at)}" `)}><x xmlns:y="urn:y" xmlns:z="urn:z">${'<x/>'.repeat(50_000)}</x></x>`,
      ),
  ],
  [
    '50,001 namespace declarations',
    'ERR_XML_LIMIT',
    (bench) =>
      inside(
        bench,
        numbered(50_001, (at) => `<x xmlns:n="urn:${String(at)}"/>`),
      ),
  ],
  ['10,001 comments', 'ERR_XML_LIMIT', (bench) => inside(bench, '<!---->'.repeat(10_001))],
  ['10,001 instructions', 'ERR_XML_LIMIT', (bench) => inside(bench, '<?x?>'.repeat(10_001))],
];

const FORMED =
  'The parser runs without recovery: what is not well-formed, or well-formed without namespaces, is no bericht.';
const malformed: readonly Row[] = [
  ['a tag that is not closed', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), '</b:bericht>', '')],
  ['tags closed crosswise', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<x><y></x></y>')],
  [
    'a name closed in other letters',
    'ERR_XML_MALFORMED',
    (bench) => edited(xmlMessage(bench), '</b:inhoud>', '</b:Inhoud>'),
  ],
  ['an attribute twice', 'ERR_XML_MALFORMED', (bench) => inside(bench, `<x a="1" a="${bench.word()}"/>`)],
  [
    'an attribute twice by two prefixes',
    'ERR_XML_MALFORMED',
    (bench) => inside(bench, '<x xmlns:p="urn:a" xmlns:q="urn:a" p:a="1" q:a="2"/>'),
  ],
  ['a prefix that is not declared', 'ERR_XML_MALFORMED', (bench) => inside(bench, `<${bench.word()}:x/>`)],
  ['the prefix xmlns declared', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<x xmlns:xmlns="urn:a"/>')],
  ['the prefix xml bound elsewhere', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<x xmlns:xml="urn:a"/>')],
  ['a prefix bound to nothing', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<x xmlns:p=""/>')],
  ['a name with two colons', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<b:x:y/>')],
  ['an attribute without quotation marks', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<x a=1/>')],
  ['an attribute without value', 'ERR_XML_MALFORMED', (bench) => inside(bench, `<x ${bench.word()}/>`)],
  ['a < in an attribute', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<x a="<b:oin>"/>')],
  [
    'an entity nobody declared',
    'ERR_XML_MALFORMED',
    (bench) => edited(xmlMessage(bench), 'Proefplein', `&${bench.word()};`),
  ],
  ['an ampersand alone', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'Proefplein', 'a & b')],
  [
    'a reference to the zero character',
    'ERR_XML_MALFORMED',
    (bench) => edited(xmlMessage(bench), 'Proefplein', '&#0;'),
  ],
  [
    'a reference to a control character',
    'ERR_XML_MALFORMED',
    (bench) => edited(xmlMessage(bench), 'Proefplein', '&#x1b;[2J'),
  ],
  ['a reference to half a pair', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'Proefplein', '&#xD800;')],
  ['a reference beyond Unicode', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'Proefplein', '&#x110000;')],
  [
    'a reference of a thousand digits',
    'ERR_XML_MALFORMED',
    (bench) => edited(xmlMessage(bench), 'Proefplein', `&#${'9'.repeat(1_000)};`),
  ],
  ['a zero octet', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'Proefplein', 'Proef\0plein')],
  ['a control character', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'Proefplein', 'Proef\x08plein')],
  ['the end of CDATA in text', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'Proefplein', ']]>')],
  [
    'a CDATA section that is not closed',
    'ERR_XML_MALFORMED',
    (bench) => edited(xmlMessage(bench), 'Proefplein', '<![CDATA['),
  ],
  ['two hyphens in a comment', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<!-- a -- b -->')],
  ['a comment that is not closed', 'ERR_XML_MALFORMED', (bench) => inside(bench, `<!-- ${bench.word()}`)],
  ['an instruction that is not closed', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<?x ')],
  ['a second XML declaration', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<?xml version="1.0"?>')],
  ['an XML declaration behind a space', 'ERR_XML_MALFORMED', (bench) => ` ${xmlMessage(bench)}`],
  ['version 1.1', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'version="1.0"', 'version="1.1"')],
  ['version 2.0', 'ERR_XML_MALFORMED', (bench) => edited(xmlMessage(bench), 'version="1.0"', 'version="2.0"')],
  [
    'an XML declaration of its own',
    'ERR_XML_MALFORMED',
    (bench) => edited(xmlMessage(bench), 'encoding=', `${bench.word()}="x" encoding=`),
  ],
  ['text behind the document', 'ERR_XML_MALFORMED', (bench) => xmlMessage(bench) + bench.word()],
  ['text before the document', 'ERR_XML_MALFORMED', (bench) => bench.word() + body(xmlMessage(bench))],
  ['two documents', 'ERR_XML_MALFORMED', (bench) => body(xmlMessage(bench)).repeat(2)],
  ['white space alone', 'ERR_XML_MALFORMED', () => ' \n\t'],
  ['a comment alone', 'ERR_XML_MALFORMED', (bench) => `<!-- ${bench.word()} -->`],
  ['a JSON bericht', 'ERR_XML_MALFORMED', () => '{"stuurgegevens":{}}'],
  ['HTML', 'ERR_XML_DOCTYPE', () => '<!DOCTYPE html><html><body><br></body></html>'],
  ['a name that begins with a digit', 'ERR_XML_MALFORMED', (bench) => inside(bench, '<1x/>')],
  ['a zip', 'ERR_ENCODING_NOT_UTF8', () => Buffer.from('504b0304140000000800ffff', 'hex')],
];

const UNKNOWN = 'The schema takes what it names and nothing else; a name that it does not know is shown as *.';
const unknown: readonly Row[] = [
  [
    'XInclude',
    'ERR_SCHEMA_INVALID',
    (bench) =>
      inside(bench, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'),
  ],
  [
    'an element of its own',
    'ERR_SCHEMA_INVALID',
    (bench) =>
      inside(bench, `<${bench.word()}>${bench.word()}</${bench.word()}>`.replace(/<(\w+)>(\w+)<\/\w+>/, '<$1>$2</$1>')),
  ],
  [
    'an attribute of its own',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(xmlMessage(bench), '<b:inhoud>', `<b:inhoud ${bench.word()}="${bench.word()}">`),
  ],
  [
    'an element of its own in a namespace of its own',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(xmlMessage(bench), '<t:skn>', `<q:x xmlns:q="urn:${bench.word()}">${bench.word()}</q:x><t:skn>`),
  ],
  [
    'xsi:nil',
    'ERR_SCHEMA_INVALID',
    (bench) =>
      edited(
        xmlMessage(bench),
        '<t:skn>',
        '<t:skn xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">',
      ),
  ],
  [
    'xsi:type of another type',
    'ERR_SCHEMA_INVALID',
    (bench) =>
      edited(
        xmlMessage(bench),
        '<t:skn>',
        '<t:skn xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:anyType">',
      ),
  ],
  [
    'xsi:type of a type of its own',
    'ERR_SCHEMA_INVALID',
    (bench) =>
      edited(
        xmlMessage(bench),
        '<t:skn>',
        `<t:skn xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${bench.word()}">`,
      ),
  ],
  [
    'a schema of its own',
    'ERR_SCHEMA_INVALID',
    (bench) =>
      edited(
        xmlMessage(bench),
        '<t:skn>',
        '<t:skn xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a http://127.0.0.1:1/a.xsd"><x xmlns="urn:a"/>',
      ),
  ],
  [
    'a document element twice in inhoud',
    'ERR_SCHEMA_INVALID',
    (bench) => {
      const text = xmlMessage(bench);
      const inner = /<t:opdrachtTb [^]*<\/t:opdrachtTb>/.exec(text)?.[0] ?? '';
      return edited(text, inner, inner + inner);
    },
  ],
  [
    'two kenmerken',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(xmlMessage(bench), '<b:kenmerk>', `<b:kenmerk>${bench.kenmerk()}</b:kenmerk><b:kenmerk>`),
  ],
  [
    'two recipients',
    'ERR_SCHEMA_INVALID',
    (bench) =>
      edited(
        xmlMessage(bench),
        '<b:ontvanger>',
        '<b:ontvanger><b:oin>00000001001825112000</b:oin><b:rol>GEMEENTE</b:rol></b:ontvanger><b:ontvanger>',
      ),
  ],
  [
    'a recipient by three names at once',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(xmlMessage(bench), '<b:rol>GI', '<b:gemeentecode>0202</b:gemeentecode><b:rol>GI'),
  ],
  [
    'a text that a schema facet would take long for',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(xmlMessage(bench), 'TB-2026-000123', `A${'-'.repeat(200_000)}!`),
  ],
  [
    'a document element of its own',
    'ERR_MESSAGE_TYPE_UNKNOWN',
    (bench) => {
      const name = bench.word();
      return `<${name} xmlns="urn:${bench.word()}"/>`;
    },
  ],
  [
    'SOAP around it',
    'ERR_MESSAGE_TYPE_UNKNOWN',
    (bench) =>
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body(xmlMessage(bench))}</s:Body></s:Envelope>`,
  ],
];

const toCase =
  (prefix: string, why: string) =>
  ([name, expected, text]: Row): HostileCase => ({
    name: `${prefix}: ${name}`,
    expected,
    why,
    build: (bench) => bringSigned(bench, { format: 'xml', text: text(bench) }),
  });

const stuf: readonly HostileCase[] = [
  {
    name: 'StUF: an element of its own in the object',
    expected: 'ERR_SCHEMA_INVALID',
    why: UNKNOWN,
    build: (bench) =>
      bringStuf(bench, edited(stufMessage(bench), '<ZKN:startdatum>', `<ZKN:${bench.word()}/><ZKN:startdatum>`)),
  },
  {
    name: 'StUF: a value where a code belongs',
    expected: 'ERR_SCHEMA_INVALID',
    why: UNKNOWN,
    build: (bench) => bringStuf(bench, edited(stufMessage(bench), '>V<', `>${bench.word()}<`)),
  },
  {
    name: 'StUF: a document type',
    expected: 'ERR_XML_DOCTYPE',
    why: TYPE,
    build: (bench) =>
      bringStuf(bench, `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${body(stufMessage(bench))}`),
  },
  {
    name: 'StUF: as it should be',
    expected: 'accepted',
    why: 'The cases beside it differ from this one in one point each.',
    build: (bench) => bringStuf(bench, stufMessage(bench)),
  },
  {
    name: 'a document type before a bericht that holds its signature',
    expected: 'ERR_XML_DOCTYPE',
    why: TYPE,
    build: (bench) => bringXml(bench, `<!DOCTYPE b [<!ATTLIST b:inhoud Id ID "s">]>${body(signedXml(bench))}`),
  },
];

/** What XML can ask of a parser, signed rightly unless said otherwise. */
export const XML_PARSER: readonly HostileCase[] = [
  ...types.map(toCase('document type', TYPE)),
  ...bounds.map(toCase('bounds', BOUND)),
  ...malformed.map(toCase('not well-formed', FORMED)),
  ...unknown.map(toCase('not in the schema', UNKNOWN)),
  ...stuf,
];
