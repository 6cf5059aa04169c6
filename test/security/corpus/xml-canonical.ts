import { bringXml, edited, signedXml } from '../../support/hostile-bench.ts';
import type { Bench, HostileCase } from '../../support/hostile-bench.ts';

type Row = readonly [string, HostileCase['expected'], (signed: string, bench: Bench) => string];

const place =
  (from: string | RegExp, to: string): Row[2] =>
  (signed) =>
    edited(signed, from, to);

const NOTES =
  'Comments are not signed (XMLDSIG 4.4.3.3) and split a value for many readers: none inside a value, none inside a signature.';

const notes: readonly Row[] = [
  ['a comment in DigestValue', 'ERR_SIGNATURE_MALFORMED', place('</ds:DigestValue>', '<!-- --></ds:DigestValue>')],
  [
    'a comment in front of DigestValue',
    'ERR_SIGNATURE_MALFORMED',
    place('<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->'),
  ],
  [
    'a comment in SignatureValue',
    'ERR_SIGNATURE_MALFORMED',
    place('</ds:SignatureValue>', '<!-- --></ds:SignatureValue>'),
  ],
  [
    'a comment in an X509Certificate',
    'ERR_SIGNATURE_MALFORMED',
    place('<ds:X509Certificate>', '<ds:X509Certificate><!-- -->'),
  ],
  [
    'a comment between the parts of the signature',
    'ERR_SIGNATURE_MALFORMED',
    place('<ds:SignatureValue>', '<!-- --><ds:SignatureValue>'),
  ],
  ['an instruction in DigestValue', 'ERR_SIGNATURE_MALFORMED', place('</ds:DigestValue>', '<?x?></ds:DigestValue>')],
  [
    'an instruction in the signature',
    'ERR_SIGNATURE_MALFORMED',
    place('<ds:SignatureValue>', '<?x?><ds:SignatureValue>'),
  ],
  [
    'a comment in the OIN of the sender',
    'ERR_SIGNATURE_MALFORMED',
    place('<b:oin>00000002003214436001', '<b:oin>0000000200<!-- -->3214436001'),
  ],
  [
    'a comment behind the OIN of the sender',
    'ERR_SIGNATURE_MALFORMED',
    place('<b:oin>00000002003214436001', '<b:oin>00000002003214436001<!-- 00000001001825112000 -->'),
  ],
  [
    'a comment in the OIN of the recipient',
    'ERR_SIGNATURE_MALFORMED',
    place('<b:oin>00000001802611266000', '<b:oin><!-- -->00000001802611266000'),
  ],
  [
    'an instruction in the OIN',
    'ERR_SIGNATURE_MALFORMED',
    place('<b:oin>00000002003214436001', '<b:oin>0000000200<?x?>3214436001'),
  ],
  [
    'a comment in the name of a person',
    'ERR_SIGNATURE_MALFORMED',
    (signed, bench) => edited(signed, '</t:geslachtsnaam>', `<!--${bench.word()}--></t:geslachtsnaam>`),
  ],
];

const COVERED = 'Exclusive canonical form carries it, so it changes the digest.';

const covered: readonly Row[] = [
  ['another OIN of the recipient', 'ERR_SIGNATURE_DIGEST', place('00000001802611266000', '00000001001825112000')],
  [
    'white space in the OIN',
    'ERR_SIGNATURE_DIGEST',
    place('<b:oin>00000002003214436001', '<b:oin>00000002003214436001 '),
  ],
  ['white space between elements', 'ERR_SIGNATURE_DIGEST', place('<b:kenmerk>', ' <b:kenmerk>')],
  ['a carriage return by reference', 'ERR_SIGNATURE_DIGEST', place('</b:kenmerk>\n', '</b:kenmerk>&#13;\n')],
  [
    'an attribute',
    'ERR_SIGNATURE_DIGEST',
    (signed, bench) => edited(signed, '<b:inhoud>', `<b:inhoud ${bench.word()}="x">`),
  ],
  ['xml:id', 'ERR_SIGNATURE_DIGEST', place('<b:inhoud>', '<b:inhoud xml:id="s">')],
  ['xml:lang', 'ERR_SIGNATURE_DIGEST', place('<b:inhoud>', '<b:inhoud xml:lang="nl">')],
  ['xml:space', 'ERR_SIGNATURE_DIGEST', place('<b:inhoud>', '<b:inhoud xml:space="preserve">')],
  ['xml:base', 'ERR_SIGNATURE_DIGEST', place('<b:inhoud>', '<b:inhoud xml:base="http://127.0.0.1/">')],
  [
    'xsi:type',
    'ERR_SIGNATURE_DIGEST',
    place('<b:inhoud>', '<b:inhoud xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="b:Oin">'),
  ],
  [
    'xsi:schemaLocation',
    'ERR_SIGNATURE_DIGEST',
    place(
      '<b:inhoud>',
      '<b:inhoud xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a http://127.0.0.1/a.xsd">',
    ),
  ],
  [
    'another namespace under the same prefix',
    'ERR_SIGNATURE_DIGEST',
    place('urn:doorgeefluik:opdrachtTb:1.0', 'urn:doorgeefluik:opdrachtTb:2.0'),
  ],
  ['a prefix declared anew inside', 'ERR_SIGNATURE_DIGEST', place('<b:inhoud>', '<b:inhoud xmlns:b="urn:kwaad">')],
  [
    'a prefix renamed',
    'ERR_SIGNATURE_DIGEST',
    (signed) => signed.replaceAll('<t:', '<u:').replaceAll('</t:', '</u:').replace('xmlns:t=', 'xmlns:u='),
  ],
  ['an instruction before the document', 'ERR_SIGNATURE_DIGEST', place('<b:bericht', '<?stuur om?><b:bericht')],
  [
    'a style sheet before the document',
    'ERR_SIGNATURE_DIGEST',
    place('<b:bericht', '<?xml-stylesheet href="http://127.0.0.1/x.xsl" type="text/xsl"?><b:bericht'),
  ],
  ['an instruction after the document', 'ERR_SIGNATURE_DIGEST', (signed) => `${signed.trimEnd()}<?einde?>`],
  ['an instruction between elements', 'ERR_SIGNATURE_DIGEST', place('<b:inhoud>', '<?x y?><b:inhoud>')],
  ['a composed letter for a combined one', 'ERR_SIGNATURE_DIGEST', place('Proefplein', 'Proefplei\u0301n')],
  ['a small letter', 'ERR_SIGNATURE_DIGEST', place('Proefplein', 'proefplein')],
  ['a space that is none', 'ERR_SIGNATURE_DIGEST', place('Proefplein', 'Proef\u200bplein')],
  ['a CDATA section with more in it', 'ERR_SIGNATURE_DIGEST', place('Proefplein', 'Proef<![CDATA[ ]]>plein')],
  [
    'an emptied SignedInfo',
    'ERR_SIGNATURE_MALFORMED',
    place(/<ds:SignedInfo>[^]*<\/ds:SignedInfo>/, '<ds:SignedInfo/>'),
  ],
];

const KEPT = 'Both forms have one canonical form and one meaning, and the recipient gets the octets as they came (B4).';

const kept: readonly Row[] = [
  ['as it was signed', 'accepted', (signed) => signed],
  [
    'a comment between elements',
    'accepted',
    (signed, bench) => edited(signed, '<b:inhoud>', `<!-- ${bench.word()} --><b:inhoud>`),
  ],
  [
    'a comment before the document',
    'accepted',
    (signed, bench) => edited(signed, '<b:bericht', `<!-- ${bench.word()} --><b:bericht`),
  ],
  ['a value in CDATA', 'accepted', place('Proefplein', '<![CDATA[Proef]]>plein')],
  [
    'an OIN in character references',
    'accepted',
    place('<b:oin>00000002003214436001', '<b:oin>&#48;000000200321443600&#x31;'),
  ],
  [
    'a namespace that nothing uses',
    'accepted',
    (signed, bench) => edited(signed, '<b:inhoud>', `<b:inhoud xmlns:x="urn:${bench.word()}">`),
  ],
  ['line ends of Windows', 'accepted', (signed) => signed.replaceAll('\n', '\r\n')],
  ['apostrophes for quotation marks', 'accepted', (signed) => signed.replace(/xmlns:t="([^"]*)"/, "xmlns:t='$1'")],
  ['white space inside tags', 'accepted', (signed) => signed.replaceAll('</b:oin>', '</b:oin  >')],
  ['no XML declaration', 'accepted', place(/^<\?xml[^>]*>/, '')],
  ['white space around SignatureValue', 'accepted', place(/<ds:SignatureValue>/, '<ds:SignatureValue>\n  ')],
  [
    'SignatureValue in lines',
    'accepted',
    (signed) => signed.replace(/<ds:SignatureValue>([^<]{64})/, '<ds:SignatureValue>$1\n'),
  ],
];

const toCase =
  (prefix: string, why: string) =>
  ([name, expected, change]: Row): HostileCase => ({
    name: `${prefix}: ${name}`,
    expected,
    why,
    build: (bench) => bringXml(bench, change(signedXml(bench), bench)),
  });

/** Changes after signing: what the canonical form carries, what it leaves out, and what it makes equal. */
export const XML_CANONICAL: readonly HostileCase[] = [
  ...notes.map(toCase('inside a value', NOTES)),
  ...covered.map(toCase('changed after signing', COVERED)),
  ...kept.map(toCase('written otherwise', KEPT)),
  {
    name: 'a relative namespace name, for which no canonical form is defined',
    expected: 'ERR_SIGNATURE_DIGEST',
    why: 'C14N 1.3: a document with a relative namespace name has no canonical form, so nothing can have been signed.',
    build: (bench) => bringXml(bench, edited(signedXml(bench), '<b:inhoud>', '<b:inhoud xmlns:x="relatief">')),
  },
];
