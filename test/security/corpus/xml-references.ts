import { bringXml, edited, signedXml } from '../../support/hostile-bench.ts';
import type { Bench, HostileCase } from '../../support/hostile-bench.ts';
import { objectOf, PROPERTIES_REFERENCE, REFERENCE, URI } from '../../support/xml-signer.ts';

type Edit = (template: string, bench: Bench) => string;
type Row = readonly [string, HostileCase['expected'], Edit];

const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116';
const XSLT = 'http://www.w3.org/TR/1999/REC-xslt-19991116';
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const LAST = `<ds:Transform Algorithm="${URI.exc}"/></ds:Transforms>`;
const uri =
  (value: string): Edit =>
  (template) =>
    edited(template, 'URI=""', `URI="${value}"`);
const lastTransform =
  (transform: string): Edit =>
  (template) =>
    edited(template, LAST, `${transform}</ds:Transforms>`);
const addTransform =
  (transform: string): Edit =>
  (template) =>
    edited(template, LAST, `${transform}${LAST}`);
const bare = (algorithm: string): string => `<ds:Transform Algorithm="${algorithm}"/>`;
const filled = (algorithm: string, content: string): string =>
  `<ds:Transform Algorithm="${algorithm}">${content}</ds:Transform>`;
const secondReference =
  (reference: string): Edit =>
  (template) =>
    edited(template, '</ds:SignedInfo>', `${reference}</ds:SignedInfo>`);

// Each is signed rightly: the Reference alone is wrong.
const leading: readonly Row[] = [
  ['by ID', 'ERR_SIGNATURE_MALFORMED', uri('#echt')],
  ['by XPointer to the document', 'ERR_SIGNATURE_MALFORMED', uri('#xpointer(/)')],
  ['by XPointer to an ID', 'ERR_SIGNATURE_MALFORMED', uri("#xpointer(id('echt'))")],
  ['to an empty fragment', 'ERR_SIGNATURE_MALFORMED', uri('#')],
  ['to a file of the gateway', 'ERR_SIGNATURE_MALFORMED', uri('file:///etc/passwd')],
  ['to a host inside the network', 'ERR_SIGNATURE_MALFORMED', uri('http://169.254.169.254/latest/meta-data/')],
  ['to a listener on the gateway itself', 'ERR_SIGNATURE_MALFORMED', uri('https://127.0.0.1:8443/v1/sleutels')],
  ['to a share', 'ERR_SIGNATURE_MALFORMED', uri('\\\\aanvaller\\deel')],
  ['to an attachment', 'ERR_SIGNATURE_MALFORMED', uri('cid:bijlage')],
  ['to data in itself', 'ERR_SIGNATURE_MALFORMED', uri('data:text/xml,%3Ca/%3E')],
  ['to a relative place', 'ERR_SIGNATURE_MALFORMED', uri('./bericht.xml')],
  ['to white space', 'ERR_SIGNATURE_MALFORMED', uri(' ')],
  ['to a name of its own', 'ERR_SIGNATURE_MALFORMED', (t, bench) => uri(`#${bench.word()}`)(t, bench)],
  ['to nothing', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, ' URI=""', '')],
  ['in another namespace', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, ' URI=""', ' ds:URI=""')],
  ['with a Type', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, 'URI=""', `URI="" Type="${URI.ds}Manifest"`)],
  ['to no place at all', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, REFERENCE, '')],
  ['to the document twice', 'ERR_SIGNATURE_MALFORMED', secondReference(REFERENCE)],
  [
    'to the document, and to a place outside',
    'ERR_SIGNATURE_MALFORMED',
    secondReference(REFERENCE.replace('URI=""', 'URI="http://127.0.0.1/"')),
  ],
  [
    'to the document, and to properties that are not there',
    'ERR_SIGNATURE_MALFORMED',
    secondReference(PROPERTIES_REFERENCE),
  ],
  ['to three places', 'ERR_SIGNATURE_MALFORMED', secondReference(REFERENCE + REFERENCE)],
];

const transforms: readonly Row[] = [
  [
    'an XPath filter that leaves everything out',
    'ERR_SIGNATURE_MALFORMED',
    addTransform(filled(XPATH, '<ds:XPath>false()</ds:XPath>')),
  ],
  [
    'an XPath filter that never ends',
    'ERR_SIGNATURE_MALFORMED',
    addTransform(filled(XPATH, `<ds:XPath>count(${'//*'.repeat(20)})</ds:XPath>`)),
  ],
  ['an XPath filter without its expression', 'ERR_SIGNATURE_ALGORITHM', addTransform(bare(XPATH))],
  [
    'an XPath filter 2.0',
    'ERR_SIGNATURE_MALFORMED',
    addTransform(
      filled(
        'http://www.w3.org/2002/06/xmldsig-filter2',
        '<XPath xmlns="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">//*</XPath>',
      ),
    ),
  ],
  [
    'an XSLT that writes another document',
    'ERR_SIGNATURE_MALFORMED',
    addTransform(
      filled(
        XSLT,
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><a/></xsl:template></xsl:stylesheet>',
      ),
    ),
  ],
  [
    'an XSLT that reads a file',
    'ERR_SIGNATURE_MALFORMED',
    addTransform(
      filled(
        XSLT,
        `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><xsl:copy-of select="document('file:///etc/passwd')"/></xsl:template></xsl:stylesheet>`,
      ),
    ),
  ],
  ['an XSLT without its stylesheet', 'ERR_SIGNATURE_ALGORITHM', addTransform(bare(XSLT))],
  ['base64', 'ERR_SIGNATURE_ALGORITHM', addTransform(bare(`${URI.ds}base64`))],
  ['decryption', 'ERR_SIGNATURE_ALGORITHM', addTransform(bare('http://www.w3.org/2002/07/decrypt#XML'))],
  [
    'the STR transform of WS-Security',
    'ERR_SIGNATURE_ALGORITHM',
    addTransform(
      bare('http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform'),
    ),
  ],
  [
    'one of a name of its own',
    'ERR_SIGNATURE_ALGORITHM',
    (t, bench) => addTransform(bare(`urn:${bench.word()}`))(t, bench),
  ],
  [
    'enveloped alone',
    'ERR_SIGNATURE_ALGORITHM',
    (t) => edited(t, bare(URI.exc) + '</ds:Transforms>', '</ds:Transforms>'),
  ],
  ['canonicalisation alone', 'ERR_SIGNATURE_ALGORITHM', (t) => edited(t, bare(URI.enveloped), '')],
  ['none', 'ERR_SIGNATURE_ALGORITHM', (t) => edited(t, bare(URI.enveloped) + bare(URI.exc), '')],
  ['no Transforms', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, /<ds:Transforms>.*<\/ds:Transforms>/, '')],
  ['two Transforms', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, '<ds:Transforms>', '<ds:Transforms/><ds:Transforms>')],
  [
    'the other way round',
    'ERR_SIGNATURE_ALGORITHM',
    (t) => edited(t, bare(URI.enveloped) + bare(URI.exc), bare(URI.exc) + bare(URI.enveloped)),
  ],
  ['enveloped twice', 'ERR_SIGNATURE_ALGORITHM', addTransform(bare(URI.enveloped))],
  ['two hundred of them', 'ERR_SIGNATURE_ALGORITHM', addTransform(bare(URI.exc).repeat(200))],
  ['inclusive canonicalisation', 'ERR_SIGNATURE_ALGORITHM', lastTransform(bare(INCLUSIVE))],
  ['canonical XML 1.1', 'ERR_SIGNATURE_ALGORITHM', lastTransform(bare('http://www.w3.org/2006/12/xml-c14n11'))],
  ['canonicalisation with comments', 'ERR_SIGNATURE_ALGORITHM', lastTransform(bare(`${URI.exc}WithComments`))],
  [
    'inclusive namespaces',
    'ERR_SIGNATURE_MALFORMED',
    lastTransform(filled(URI.exc, `<e:InclusiveNamespaces xmlns:e="${URI.exc}" PrefixList="b"/>`)),
  ],
  [
    'a transform of another namespace',
    'ERR_SIGNATURE_MALFORMED',
    (t) => t.replaceAll('<ds:Transform ', '<b:Transform xmlns:b="urn:doorgeefluik:bericht:1" '),
  ],
  [
    'a text in a transform',
    'ERR_SIGNATURE_MALFORMED',
    (t, bench) => lastTransform(filled(URI.exc, bench.word()))(t, bench),
  ],
  ['an Algorithm with white space around it', 'ERR_SIGNATURE_ALGORITHM', lastTransform(bare(` ${URI.exc} `))],
];

const canonicalization: readonly Row[] = [
  [
    'inclusive',
    'ERR_SIGNATURE_ALGORITHM',
    (t) =>
      edited(t, `CanonicalizationMethod Algorithm="${URI.exc}"`, `CanonicalizationMethod Algorithm="${INCLUSIVE}"`),
  ],
  [
    'with comments',
    'ERR_SIGNATURE_ALGORITHM',
    (t) =>
      edited(
        t,
        `CanonicalizationMethod Algorithm="${URI.exc}"`,
        `CanonicalizationMethod Algorithm="${URI.exc}WithComments"`,
      ),
  ],
  [
    'of no name',
    'ERR_SIGNATURE_ALGORITHM',
    (t) => edited(t, `CanonicalizationMethod Algorithm="${URI.exc}"`, 'CanonicalizationMethod Algorithm=""'),
  ],
  [
    'an XSLT',
    'ERR_SIGNATURE_ALGORITHM',
    (t) => edited(t, `CanonicalizationMethod Algorithm="${URI.exc}"`, `CanonicalizationMethod Algorithm="${XSLT}"`),
  ],
  [
    'with inclusive namespaces',
    'ERR_SIGNATURE_MALFORMED',
    (t) =>
      edited(
        t,
        `<ds:CanonicalizationMethod Algorithm="${URI.exc}"/>`,
        `<ds:CanonicalizationMethod Algorithm="${URI.exc}"><e:InclusiveNamespaces xmlns:e="${URI.exc}" PrefixList="#default"/></ds:CanonicalizationMethod>`,
      ),
  ],
];

const properties: readonly Row[] = [
  [
    'a Manifest instead of signed properties',
    'ERR_SIGNATURE_MALFORMED',
    (t) => t.replace(URI.properties, `${URI.ds}Manifest`),
  ],
  ['signed properties that no Reference covers', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, PROPERTIES_REFERENCE, '')],
  ['properties of another signature', 'ERR_SIGNATURE_MALFORMED', (t) => edited(t, 'Target="#s"', 'Target="#ander"')],
  [
    'properties with a target outside',
    'ERR_SIGNATURE_MALFORMED',
    (t) => edited(t, 'Target="#s"', 'Target="http://127.0.0.1/"'),
  ],
  [
    'two signing times',
    'ERR_SIGNATURE_MALFORMED',
    (t) => edited(t, '<xades:SigningTime>', `${TIME}<xades:SigningTime>`),
  ],
  [
    'a signing time that is none',
    'ERR_SIGNATURE_MALFORMED',
    (t, bench) => edited(t, TIME, `<xades:SigningTime>${bench.word()}</xades:SigningTime>`),
  ],
  [
    'a signing time without offset',
    'ERR_SIGNATURE_MALFORMED',
    (t) => edited(t, 'Z</xades:SigningTime>', '</xades:SigningTime>'),
  ],
  [
    'unsigned properties beside the signed',
    'ERR_SIGNATURE_MALFORMED',
    (t) => edited(t, '</xades:QualifyingProperties>', '<xades:UnsignedProperties/></xades:QualifyingProperties>'),
  ],
];

const TIME = '<xades:SigningTime>2026-11-22T10:15:30Z</xades:SigningTime>';
const withProperties = { references: REFERENCE + PROPERTIES_REFERENCE, object: objectOf(TIME) };

const toCase =
  (prefix: string, why: string, parts = {}) =>
  ([name, expected, edit]: Row): HostileCase => ({
    name: `${prefix}: ${name}`,
    expected,
    why,
    build: (bench) => bringXml(bench, signedXml(bench, { ...parts, edit: (template) => edit(template, bench) })),
  });

/** References, transforms and canonicalisation of a signature that is right but for them. */
export const XML_REFERENCES: readonly HostileCase[] = [
  ...leading.map(
    toCase('a Reference that leads', 'The one Reference is URI="" (XMLDSIG 4.4.3.3); no URI is ever fetched.'),
  ),
  ...transforms.map(
    toCase('transforms', 'Exactly enveloped-signature and exclusive canonicalisation, in this order (XMLDSIG 6.6).'),
  ),
  ...canonicalization.map(
    toCase(
      'SignedInfo in a canonical form',
      'Exclusive without comments and without a prefix list, so it depends on nothing around it.',
    ),
  ),
  ...properties.map(
    toCase(
      'signed properties',
      'ETSI EN 319 132-1: one set, of this signature, covered by its own Reference.',
      withProperties,
    ),
  ),
];
